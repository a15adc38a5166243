"""The demonstration as a user starts it, and what it left in its folder."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from accredit.credential.keysets import KeySet, open_keyset
from accredit.credential.trust import TrustBundle
from accredit.services.key_folder import KeyFolder

SCANNERS = ("gate", "xix", "xx")
HEARING = datetime(2017, 10, 11, 10, 0, tzinfo=UTC)
_LONGEST_S = 600


def accredit(*words: str, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """One command of the service to its end, with nothing of the tester's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ACCREDIT_")}
    return subprocess.run(
        [sys.executable, "-m", "accredit.cli", *words],
        cwd=cwd,
        env={**kept, **(env or {})},
        capture_output=True,
        text=True,
        timeout=_LONGEST_S,
    )


def play(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The demonstration in `folder`, without the pages at its end."""
    return accredit("demo", "--folder", str(folder), "--no-serve", "--json", *words, cwd=folder.parent)


@dataclass(frozen=True)
class DemoRun:
    """One run: its folder and everything it printed."""

    folder: Path
    output: str

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The JSON on the last line."""
        told: dict[str, Any] = json.loads(self.output.splitlines()[-1])
        return told

    @property
    def environment(self) -> dict[str, str]:
        """What later commands on this state folder are told."""
        return {
            "ACCREDIT_STATE": str(self.folder / "state"),
            "ACCREDIT_DEMO_CLOCK": str(self.folder / "clock.json"),
        }

    @property
    def badges(self) -> Path:
        """The PDF with a page a badge."""
        return self.folder / "badges.pdf"

    def on_server(self, statement: str) -> list[Any]:
        """The rows of a reading statement on the service's database."""
        return rows_of(self.folder / "state" / "accredit.db", statement)

    def journal(self, scanner: str) -> list[Any]:
        """Id, verdict and upload of every scan in a scanner's journal."""
        return rows_of(self.folder / "scanners" / scanner / "journal.db", "SELECT id, verdict, upload FROM scans")

    def applicants(self) -> list[dict[str, str]]:
        """The rows that were imported."""
        with (self.folder / "applications.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def trust(self) -> TrustBundle:
        """The key set of this run, opened with its root."""
        keys = KeyFolder(self.folder / "state" / "keys")
        root, data = keys.root_public(), keys.keyset_bytes()
        assert root is not None
        assert data is not None
        keyset = open_keyset(data, root)
        assert isinstance(keyset, KeySet), keyset
        return TrustBundle(keyset.event, keyset)


def rows_of(database: Path, statement: str) -> list[Any]:
    """What a reading statement finds in a SQLite file."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(statement).fetchall()
