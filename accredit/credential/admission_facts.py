"""What admission is told and what it answers: plain frozen facts, copied from rows or from the bundle, and nothing that acts.

Both callers of `admission.admit` fill these: the server from its database, the scanner from its own memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accredit.credential.claims import Claims
from accredit.credential.reasons import CheckpointKind, Direction, PassState, Reason, Source, Verdict


class Unchecked(StrEnum):
    """What could not be checked, to be shown beside the verdict."""

    PASS_RECORD = "pass_record"  # noqa: S105 - the list does not know the pass: its signature speaks alone
    RECENT_CHANGES = "recent_changes"  # the list is not fresh: later revocations and collections are unknown
    OTHER_GATES = "other_gates"  # the history is this scanner's own
    DOCUMENT = "document"  # a document was read, but the pass names none to compare it with


@dataclass(frozen=True, slots=True)
class Presentation:
    """One person before one checkpoint.

    A signed code brings what `verifying.verify` answered: `claims`, or a `rejection` with the claims where the signature
    held. A typed short code brings its `serial` (5 bytes), a grounds pass the keyed hash of its number, a supervisor any
    of these or nothing. `on_revocation_list` is the caller's own look-up, due wherever a serial is known: verify stops
    at an expired date, which on a wrong clock is no reason. `document_tag` is the tag (3 bytes) of a document that was
    read, `no_document` that the person has none. `at` is aware; times of one history are compared on one clock.
    """

    source: Source
    direction: Direction
    lane: str
    at: datetime
    claims: Claims | None = None
    rejection: Reason | None = None
    serial: bytes | None = None
    grounds_tag: bytes | None = None
    sight_class: str | None = None
    on_revocation_list: bool = False
    document_tag: bytes | None = None
    no_document: bool = False


@dataclass(frozen=True, slots=True)
class PassRecord:
    """A pass as the database or the bundle knows it. A grounds pass is a collected one with its written grants."""

    state: PassState
    grants: int
    category: int = 0
    document_tags: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierScan:
    """An earlier scan of the same pass as it stands now: an undone or corrected one counts as corrected."""

    checkpoint: str
    kind: CheckpointKind
    lane: str
    at: datetime
    verdict: Verdict
    direction: Direction
    reason: Reason


@dataclass(frozen=True, slots=True)
class History:
    """Earlier scans of this pass in any order, and the head count `inside` of this checkpoint.

    `complete` means the server's own history; a scanner's local one may miss other gates. A presentation that corrects
    a scan (a document read afterwards, an officer's or supervisor's word) gets the history without that scan.
    """

    scans: tuple[EarlierScan, ...] = ()
    inside: int = 0
    complete: bool = False

    @property
    def last(self) -> EarlierScan | None:
        """The latest scan, whatever its verdict."""
        return max(self.scans, key=lambda scan: scan.at, default=None)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A site gate or door: any grant of `grant_mask` opens it, within `opens` (start, end; empty: at all hours)."""

    key: str
    kind: CheckpointKind
    grant_mask: int
    opens: tuple[tuple[datetime, datetime], ...] = ()
    early_admission_s: int = 0
    capacity: int | None = None
    held_open_until: datetime | None = None
    sight_classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """The event's settings, in seconds.

    A list is fresh up to `fresh_s` of age and asked about above `old_s` at the site's gates, above `old_at_doors_s` at
    doors; `elsewhere_s` is how long a pass just admitted
    at another lane is asked about; `same_scan_s` how long a second read is the same scan.
    """

    fresh_s: int = 60
    old_s: int = 43_200
    elsewhere_s: int = 180
    same_scan_s: int = 5
    exits_scanned: bool = False
    old_at_doors_s: int = 43_200

    def old_after_s(self, kind: CheckpointKind) -> int:
        """The age above which a list is asked about at a checkpoint of this kind."""
        return self.old_s if kind is CheckpointKind.SITE else self.old_at_doors_s


@dataclass(frozen=True, slots=True)
class Answer:
    """What the officer sees. `warn` holds reasons that are shown and decide nothing, the weightiest first."""

    verdict: Verdict
    reason: Reason
    unchecked: tuple[Unchecked, ...] = ()
    last_scan: EarlierScan | None = None
    warn: tuple[Reason, ...] = ()
