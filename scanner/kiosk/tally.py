"""What was counted today at one checkpoint, kept in step with the journal by reading only what came since."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, field

from accredit.credential.reasons import Reason, Verdict

_SINCE = (
    "SELECT seq, checkpoint, verdict, reason, supersedes FROM scans WHERE seq > ? AND at_ms >= ? ORDER BY seq LIMIT ?"
)
_MOST_AT_ONCE = 5_000


@dataclass
class Tally:
    """Admitted, asked and refused of the day, by checkpoint, for all lanes of this state folder.

    A scan that another one superseded counts no more; one that was taken back counts nothing.
    """

    day: str = ""
    _seen: int = 0
    _counts: Counter[tuple[str, Verdict]] = field(default_factory=Counter)

    def catch_up(self, journal: sqlite3.Connection, day: str, day_start_ms: int) -> None:
        """Read what was written since; a new day begins at nothing."""
        if day != self.day:
            self.day, self._seen, self._counts = day, _last_before(journal, day_start_ms), Counter()
        while rows := journal.execute(_SINCE, (self._seen, day_start_ms, _MOST_AT_ONCE)).fetchall():
            for seq, checkpoint, verdict, reason, supersedes in rows:
                self._count(journal, checkpoint, Verdict(verdict), reason, supersedes)
                self._seen = seq

    def of(self, checkpoint: str) -> dict[str, int]:
        """The three numbers of one checkpoint."""
        return {verdict.value: self._counts[checkpoint, verdict] for verdict in Verdict}

    def _count(
        self, journal: sqlite3.Connection, checkpoint: str, verdict: Verdict, reason: str, supersedes: bytes | None
    ) -> None:
        if reason != Reason.UNDONE:
            self._counts[checkpoint, verdict] += 1
        earlier = None
        if supersedes is not None:
            earlier = journal.execute("SELECT verdict, reason FROM scans WHERE id = ?", (supersedes,)).fetchone()
        if earlier is not None and earlier[1] != Reason.UNDONE:
            self._counts[checkpoint, Verdict(earlier[0])] -= 1


def _last_before(journal: sqlite3.Connection, day_start_ms: int) -> int:
    """The last row of an earlier day, looked for from the end, since the table only grows."""
    row = journal.execute("SELECT seq FROM scans WHERE at_ms < ? ORDER BY seq DESC LIMIT 1", (day_start_ms,)).fetchone()
    return 0 if row is None else int(row[0])
