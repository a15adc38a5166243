"""What a gate answers: one scan as it stands in the journal, with all that the officer is shown."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from accredit.credential.admission_facts import EarlierScan
from accredit.credential.reasons import Judgement, judge
from accredit.credential.sealing import RosterLine
from scanner.clock import rfc3339
from scanner.journal import Entry


@dataclass(frozen=True, slots=True)
class NotReady:
    """Why this gate cannot decide, and what to do. Switched off is for good; unwritten is a scan that the disk refused.

    `on_paper`: the number under which such a scan goes on paper, from 1 since this gate was started.
    """

    sentence: str
    is_switched_off: bool = False
    is_unwritten: bool = False
    on_paper: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown beside verdict and reason, kept so that an exact retry shows it again. Holds no name.

    `opens_at`, RFC 3339: for who comes too early, the hour from which the pass or the door opens, if there is one.
    """

    list_age_s: int
    is_fresh: bool
    clock_is_right: bool
    unchecked: tuple[str, ...] = ()
    warn: tuple[str, ...] = ()
    last_scan: dict[str, str] | None = None
    opens_at: str | None = None

    @staticmethod
    def of_last(scan: EarlierScan | None) -> dict[str, str] | None:
        """The last scan of the same pass, in plain words."""
        if scan is None:
            return None
        return {
            "at": rfc3339(scan.at),
            "checkpoint": scan.checkpoint,
            "lane": scan.lane,
            "direction": scan.direction.value,
            "verdict": scan.verdict.value,
        }

    def to_text(self) -> str:
        """One line of JSON for the journal."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Shown:
        """What `to_text` wrote."""
        told = json.loads(text)
        return cls(**{**told, "unchecked": tuple(told["unchecked"]), "warn": tuple(told["warn"])})


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one presentation. `who` as far as it is known; `is_repeat`: the answer was given before."""

    entry: Entry
    shown: Shown
    who: RosterLine | None
    is_repeat: bool
    has_photo: bool = False

    @property
    def judgement(self) -> Judgement:
        """The sentences that go with the reason."""
        return judge(self.entry.reason, self.entry.kind, self.shown.is_fresh)
