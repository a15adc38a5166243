"""The commands of the service: one file a noun, each loaded when it is called, so that `--help` answers at once.

May import services, the domain's types, wiring, jobs and the demo. Commands parse, call one service, commit, and print.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys

_COLLECT_AFTER = 50_000  # new objects


def main() -> None:
    """The entry point `accredit`. Ends with 0, 1 for a refusal or fault that a sentence names, 2 for wrong usage."""
    # Mostly, a command loads modules; the collector would walk over all of them again and again, a fifth of the start.
    gc.set_threshold(_COLLECT_AFTER)
    atexit.register(gc.freeze)  # and once more at the end, for memory that the system takes back anyway
    from accredit.cli.failures import sentence_of

    # What a command writes is for the one who called it: names, codes, keys.
    os.umask(0o077)
    try:
        from accredit.cli.app import app

        app(prog_name="accredit")
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as fault:
        sentence = sentence_of(fault)
        if sentence is None:
            raise
        sys.stderr.write(f"accredit: {sentence}\n")
        raise SystemExit(1) from None
