"""The commands of the service: one file a noun, each loaded when it is called, so that `--help` answers at once.

May import services, the domain's types, wiring, jobs and the demo. Commands parse, call one service, commit, and print.
"""

from __future__ import annotations

import sys

from accredit.cli.app import app
from accredit.cli.failures import sentence_of


def main() -> None:
    """The entry point `accredit`. Ends with 0, 1 for a refusal or fault that a sentence names, 2 for wrong usage."""
    try:
        app()
    except Exception as fault:
        sentence = sentence_of(fault)
        if sentence is None:
            raise
        sys.stderr.write(f"accredit: {sentence}\n")
        raise SystemExit(1) from None
