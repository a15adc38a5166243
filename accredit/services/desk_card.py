"""The card of one person on the desk's screen: who it is, what the document says beside it, and what comes next.

Looking changes nothing. A security hold gives a card that says one sentence to an officer; the supervisor, who can lift it
with his word, sees what it is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.passes import Badge, Pass
from accredit.domain.permissions import Permission, allowed
from accredit.domain.pickup import Colour, PickupAnswer, Step
from accredit.identity import states
from accredit.identity.documents import DocumentFinding, name_agreement
from accredit.identity.mrz import Mrz
from accredit.identity.mrz_facts import MrzProblem
from accredit.identity.names import NamePart
from accredit.services.context import Context
from accredit.services.desk_badges import last_badge
from accredit.services.desk_documents import ShownDocument, TypedDocument, applied_person
from accredit.services.desk_judging import Case, Judged, case_of, judge
from accredit.services.desk_search import people_of_document
from accredit.services.desk_undo import may_be_undone_until
from accredit.services.event_loading import LoadedEvent
from accredit.services.slips import open_slip_of

_HOLD = "hold"
_ANOTHER_PERSON = frozenset({"name_differs", "birth_date_differs", "birth_date_swapped"})


class Next(StrEnum):
    """What the officer does next; each has its key."""

    READ_DOCUMENT = "read_document"
    COLLECT = "collect"
    SETTLE = "settle"
    AT_MY_WORD = "at_my_word"
    PRINT = "print"
    HAND_OVER = "hand_over"
    DONE = "done"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a value, and whether the other side lacks it."""

    text: str = field(repr=False)
    differs: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison: surname, given_names, latin_surname, birth_date, nationality, expires_on."""

    name: str
    applied: tuple[Word, ...]
    document: tuple[Word, ...]

    @property
    def differs(self) -> bool:
        """Whether something of it stands on one side alone."""
        return any(word.differs for word in (*self.applied, *self.document))


@dataclass(frozen=True, slots=True)
class Card:
    """`answer` is for whoever looks; `officer` what an officer is told, where only the supervisor's word lets it pass.

    `is_bare`: nothing but the sentence of the answer may be shown.
    """

    application: Application
    held: Pass | None
    badge: Badge | None
    answer: PickupAnswer
    officer: PickupAnswer
    next: Next
    colour: str
    is_bare: bool
    shown: ShownDocument | None
    lines: tuple[Line, ...]
    findings: tuple[DocumentFinding, ...]
    suggestion: str = field(repr=False)
    problems: tuple[MrzProblem, ...]
    fits: tuple[Application, ...]
    slip: int | None
    undo_until: datetime | None
    others_may_collect: bool

    @property
    def reference(self) -> str:
        """Of the application."""
        return self.application.reference


def card_of(
    session: Session,
    context: Context,
    event: LoadedEvent,
    application: Application,
    document: str | TypedDocument | None = None,
    *,
    through: str = "",
) -> Card:
    """The card of this person, with the document where one was read."""
    context.require(Permission.PASSES_COLLECT)
    case = case_of(session, application, through=through)
    judged = officer = judge(session, context, event, case, document)
    may_override = allowed(context.actor.roles, Permission.PICKUP_OVERRIDE)
    if may_override and officer.answer.step is Step.SUPERVISOR:
        with_word = case_of(session, application, settled="word", supervisor=True, through=through)
        judged = judge(session, context, event, with_word, document)
    badge = last_badge(case.held) if case.held is not None else None
    is_bare = judged.answer.code == _HOLD
    slip = open_slip_of(session, application)
    category = event.event.category(application.category)
    return Card(
        application=application,
        held=case.held,
        badge=badge,
        answer=judged.answer,
        officer=officer.answer,
        next=_next(case, badge, judged.answer, officer.answer),
        colour=_colour(judged, officer),
        is_bare=is_bare,
        shown=judged.shown,
        lines=_lines(application, judged.shown),
        findings=judged.check.findings if judged.check is not None else (),
        suggestion=(judged.rejected.suggestion or "") if judged.rejected is not None else "",
        problems=judged.rejected.problems if judged.rejected is not None else (),
        fits=() if is_bare else _others(session, context, event, application, judged),
        slip=slip.number if slip is not None else None,
        undo_until=may_be_undone_until(case.held) if case.held is not None else None,
        others_may_collect=category is not None and category.others_may_collect,
    )


def _next(case: Case, badge: Badge | None, answer: PickupAnswer, officer: PickupAnswer) -> Next:
    if case.held is not None and case.held.state is PassState.COLLECTED and answer.code != _HOLD:
        if badge is None:
            return Next.PRINT
        return Next.HAND_OVER if badge.in_hand_at is None else Next.DONE
    if answer.step is Step.HAND_OVER:
        return Next.COLLECT if officer.step is Step.HAND_OVER else Next.AT_MY_WORD
    if answer.step is Step.LOOK:
        return Next.SETTLE if answer.code == Colour.AMBER.value else Next.READ_DOCUMENT
    return Next.SUPERVISOR


def _colour(judged: Judged, officer: Judged) -> str:
    """Green, amber or red; empty before a document was read. What stops for another cause than the document is red."""
    if judged.check is None and officer.answer.step in (Step.LOOK, Step.HAND_OVER):
        return ""
    if officer.answer.step in (Step.STOP, Step.SUPERVISOR):
        return Colour.RED.value
    return Colour.GREEN.value if officer.answer.step is Step.HAND_OVER else Colour.AMBER.value


def _others(
    session: Session, context: Context, event: LoadedEvent, application: Application, judged: Judged
) -> tuple[Application, ...]:
    """Whom the document fits, where it is of another person than the one on the card."""
    codes = {finding.code.value for finding in judged.check.findings} if judged.check is not None else set()
    if judged.shown is None or not codes & _ANOTHER_PERSON:
        return ()
    people = people_of_document(session, context, event, judged.shown.mrz)
    return tuple(one for one in people if one.id != application.id)[:3]


def _lines(application: Application, shown: ShownDocument | None) -> tuple[Line, ...]:
    mrz = shown.mrz if shown is not None else None
    left: dict[NamePart, set[str]] = {part: set() for part in NamePart}
    right: dict[NamePart, set[str]] = {part: set() for part in NamePart}
    if mrz is not None:
        for one in name_agreement(applied_person(application), mrz).differences:
            left[one.part] |= set(one.applied.casefold().split())
            right[one.part] |= set(one.document.casefold().split())
    given_names = " ".join(mrz.given_names) if mrz is not None else ""
    surname, given = NamePart.SURNAME, NamePart.GIVEN_NAMES
    lines = [
        Line("surname", _words(application.surname, left[surname]), _words(mrz.surname if mrz else "", right[surname])),
        Line("given_names", _words(application.given_names, left[given]), _words(given_names, right[given])),
        *_latin(application, left),
        _born(application, mrz),
        _nationality(application, mrz),
    ]
    return tuple(lines)


def _latin(application: Application, left: dict[NamePart, set[str]]) -> Iterable[Line]:
    if application.latin_surname:
        yield Line("latin_surname", _words(application.latin_surname, left[NamePart.SURNAME]), ())
    if application.latin_given_names:
        yield Line("latin_given_names", _words(application.latin_given_names, left[NamePart.GIVEN_NAMES]), ())


def _words(name: str, lacking: set[str]) -> tuple[Word, ...]:
    """The name word by word; Jean-Pierre is one word here, of which the comparison may lack a part."""
    return tuple(Word(one, not lacking.isdisjoint(_parts(one))) for one in name.split())


def _parts(word: str) -> set[str]:
    folded = word.casefold()
    return {folded, *"".join(sign if sign.isalnum() else " " for sign in folded).split()}


def _born(application: Application, mrz: Mrz | None) -> Line:
    applied = application.birth_date.isoformat()
    if mrz is None:
        return Line("birth_date", (Word(applied, False),), ())
    birth = mrz.birth_date
    parts = (f"{birth.year:04}", f"{birth.month:02}" if birth.month else "??", f"{birth.day:02}" if birth.day else "??")
    document = "-".join(parts)
    differs = document != applied
    return Line("birth_date", (Word(applied, differs),), (Word(document, differs),))


def _nationality(application: Application, mrz: Mrz | None) -> Line:
    applied = application.nationality
    if mrz is None:
        return Line("nationality", (Word(applied, False),), ())
    differs = not states.same_state(mrz.nationality, applied)
    return Line("nationality", (Word(applied, differs),), (Word(mrz.nationality, differs),))
