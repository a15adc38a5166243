"""From what was presented to what the rule is told: the code verified, the record loaded, the document compared.

Reads the list, writes nothing. A document, the supervisor's word or the officer's comes after a scan and takes that
scan's place: its case is the last one once more, with something new.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from accredit.credential.admission_facts import Checkpoint, Presentation
from accredit.credential.document_tags import grounds_tag, tag_under
from accredit.credential.reasons import Reason, Source, Verdict
from accredit.credential.scans import code_digest, digest_key
from accredit.credential.verifying import Verified, verify
from accredit.identity.mrz import MrzRejected, parse_mrz
from scanner.clock import Reading, from_ms
from scanner.journal import Entry
from scanner.offers import Code, Document, Grounds, NoDocument, Presented, ShortCode, Sight, Supervisor, Unclear
from scanner.roster import Roster
from scanner.trust_store import Contact, Held, PassRow, find_grounds, find_pass

JUST_NOW_MS = 60_000


@dataclass(frozen=True, slots=True)
class Keys:
    """What a gate needs to recognise documents and grounds passes, and, once the PIN was given, to read names."""

    tag_key: bytes = field(repr=False)
    grounds_key: bytes = field(repr=False)
    roster_key: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Situation:
    """All that holds for one decision, looked up once. `day` and its start are the gate's day of presence."""

    reading: Reading
    held: Held
    contact: Contact
    checkpoint: Checkpoint
    list_age_s: float
    revocations_age_s: float
    day: str
    day_start_ms: int

    @property
    def is_fresh(self) -> bool:
        """Whether the list is as new as the event asks for."""
        return self.list_age_s <= self.held.head.policy.fresh_s


@dataclass(frozen=True, slots=True)
class Case:
    """What was presented, ready for the rule and for the journal; `supersedes` is the scan whose place it takes."""

    presentation: Presentation
    subject: bytes | None = None
    digest: bytes | None = None
    serial: bytes | None = None
    kid: int | None = None
    row: PassRow | None = None
    note: str | None = None
    supersedes: Entry | None = None


@dataclass(frozen=True, slots=True)
class LastScan:
    """The scan that a word of the officer is about."""

    entry: Entry
    case: Case

    def is_just_now(self, now: Situation) -> bool:
        """Whether it is less than a minute old."""
        return abs((now.reading.at - from_ms(self.entry.at_ms)).total_seconds()) * 1000 <= JUST_NOW_MS


class CaseMaker:
    """Makes cases from the list and the keys of one gate."""

    def __init__(self, roster: Roster, keys: Keys) -> None:
        self._roster = roster
        self._keys = keys
        self._digest_key = digest_key(keys.tag_key)

    def make(self, offer: Presented, blank: Presentation, last: LastScan | None, now: Situation) -> Case | Unclear:
        """The case of `offer`; `blank` has direction, lane and time. Unclear where a scan must come first."""
        match offer:
            case Code(text):
                return self._coded(text, blank, now)
            case ShortCode(text, serial):
                return self._typed(text, serial, blank, now)
            case Grounds(number):
                return self._grounds(number, blank)
            case Sight(sight_class):
                return _by_sight(sight_class, blank, now)
            case Supervisor(reason):
                return self._supervised(reason, blank, last, now)
            case Document() | NoDocument():
                return self._documented(offer, blank, last, now)

    def _coded(self, text: str, blank: Presentation, now: Situation) -> Case:
        found = verify(text, now.held.trust, now.reading.at)
        digest, claims = code_digest(self._digest_key, text), found.claims
        verdict = None if isinstance(found, Verified) else found.reason
        presentation = replace(blank, claims=claims, rejection=verdict)
        if claims is None or claims.event != now.held.trust.event:
            # Known again by its text alone: its serial, if any, is not one of this event.
            return Case(presentation, b"d" + digest, digest, claims.serial if claims else None)
        kid = found.kid if isinstance(found, Verified) else None
        row = find_pass(self._roster.connection, claims.serial)
        return Case(presentation, b"p" + claims.serial, digest, claims.serial, kid, row)

    def _typed(self, text: str, serial: bytes, blank: Presentation, now: Situation) -> Case:
        revocations = now.held.trust.revocations
        is_listed = revocations is not None and serial in revocations.revoked
        presentation = replace(blank, source=Source.SHORT_CODE, serial=serial, on_revocation_list=is_listed)
        row = find_pass(self._roster.connection, serial)
        return Case(presentation, b"p" + serial, code_digest(self._digest_key, text), serial, None, row)

    def _grounds(self, number: str, blank: Presentation) -> Case:
        tag = grounds_tag(self._keys.grounds_key, number)
        row = find_grounds(self._roster.connection, tag)
        return Case(replace(blank, source=Source.GROUNDS, grounds_tag=tag), b"g" + tag, tag, row=row)

    def _supervised(self, reason: str, blank: Presentation, last: LastScan | None, now: Situation) -> Case:
        """About the last scan where that was just made and not admitted; else about a person without a pass."""
        alone = Case(replace(blank, source=Source.SUPERVISOR), note=reason)
        if last is None or last.entry.verdict is Verdict.ADMIT or not last.is_just_now(now):
            return alone
        again = self._after(last, blank, source=Source.SUPERVISOR)
        return alone if isinstance(again, Unclear) else replace(again, note=reason)

    def _documented(
        self, offer: Document | NoDocument, blank: Presentation, last: LastScan | None, now: Situation
    ) -> Case | Unclear:
        if isinstance(offer, NoDocument):
            return self._after(last, blank, no_document=True, document_tag=None)
        read = parse_mrz(offer.zone, today=now.reading.at.date())
        if isinstance(read, MrzRejected):
            return Unclear(" ".join(problem.message for problem in read.problems))
        tag = tag_under(self._keys.tag_key, read.issuing_state, read.document_number)
        return self._after(last, blank, document_tag=tag, no_document=False)

    def _after(self, last: LastScan | None, blank: Presentation, **changes: object) -> Case | Unclear:
        """The last case once more, here and now and by the list in force, with something new."""
        if last is None or last.case.subject is None or last.entry.reason is Reason.CONFIRMATION_NOT_PASS:
            return Unclear("Read the pass first, then the document of its holder.")
        where = {"direction": blank.direction, "lane": blank.lane, "at": blank.at}
        presentation = replace(last.case.presentation, **where, **changes)  # type: ignore[arg-type]
        row = self._row_again(last.case)
        return replace(last.case, presentation=presentation, row=row, supersedes=last.entry, note=None)

    def _row_again(self, case: Case) -> PassRow | None:
        if case.subject is None or case.subject[:1] != b"p" or case.serial is None:
            return case.row
        return find_pass(self._roster.connection, case.serial)


def _by_sight(sight_class: str, blank: Presentation, now: Situation) -> Case | Unclear:
    known = sorted({name for checkpoint in now.held.head.checkpoints for name in checkpoint.sight_classes})
    if sight_class not in known:
        return Unclear(f"No class by sight is called {sight_class!r}. The event has: {', '.join(known) or 'none'}.")
    return Case(replace(blank, source=Source.SIGHT, sight_class=sight_class))
