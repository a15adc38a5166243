"""What comes next for this person and this document: the same judgement for the card on the screen and for the pick-up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from accredit.credential.document_tags import document_hash
from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.passes import Pass
from accredit.domain.events import Hours
from accredit.domain.pickup import Colour, PickupAnswer, PickupFacts, Step, judge_pickup
from accredit.domain.sentences import Told
from accredit.identity.documents import DocumentCheck, check_document
from accredit.identity.mrz import MrzRejected
from accredit.services.context import Context, name_of
from accredit.services.desk_documents import ShownDocument, TypedDocument, applied_person, read_document
from accredit.services.desk_hours import widened
from accredit.services.event_loading import LoadedEvent
from accredit.services.neighbours import is_held
from accredit.services.pass_finding import latest_pass

LONGEST_SETTLEMENT = 400
_BY_DOCUMENT = (Pass.event_id == bindparam("event_id"), Pass.document_hash == bindparam("hash"))
_OTHER = (
    select(Pass)
    .where(*_BY_DOCUMENT, Pass.state.in_((PassState.COLLECTED, PassState.SUSPENDED)), Pass.id != bindparam("held_id"))
    .execution_options(populate_existing=True)
)
_REVOKED = select(Pass.id).where(*_BY_DOCUMENT, Pass.state == PassState.REVOKED).limit(1)


@dataclass(frozen=True, slots=True)
class Case:
    """Who stands before the desk. `settled` is the officer's reason, `through` who asks for the pass in the holder's place."""

    application: Application
    held: Pass | None
    on_hold: bool
    settled: str = ""
    supervisor: bool = False
    through: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The next step; `check` where a document was compared, `rejected` where its zone could not be read."""

    answer: PickupAnswer
    shown: ShownDocument | None = None
    check: DocumentCheck | None = None
    rejected: MrzRejected | None = None


UNKNOWN = PickupAnswer(
    Step.STOP, "unknown_reference", ("No application has this reference. Look for the person by name or document.",)
)
NEEDS_DOCUMENT = PickupAnswer(Step.LOOK, "needs_document", ("Read the document: put it on the reader.",))
REVOKED_DOCUMENT = PickupAnswer(
    Step.SUPERVISOR, "document_of_a_revoked_pass", ("A pass of this document was revoked. Please ask the supervisor.",)
)


def case_of(
    session: Session, application: Application, *, settled: str = "", supervisor: bool = False, through: str = ""
) -> Case:
    """Everything that the database says of this person; read afresh."""
    on_hold = is_held(session, application)
    return Case(application, latest_pass(session, application), on_hold, settled.strip(), supervisor, through.strip())


def judge(
    session: Session, context: Context, event: LoadedEvent, case: Case, document: str | TypedDocument | None
) -> Judged:
    """The next step; changes nothing. Without a document: what it would be if the document were the best one."""
    now, added = context.now(), widened(session, event)
    before = _before_the_document(event, case, now, added)
    if before is not None:
        return Judged(before)
    if document is None:
        return Judged(NEEDS_DOCUMENT)
    shown = read_document(document, now.astimezone(event.event.zone).date())
    if isinstance(shown, MrzRejected):
        words = tuple(problem.message for problem in shown.problems)
        return Judged(PickupAnswer(Step.LOOK, "mrz_unreadable", words), rejected=shown)
    check, answer = _by_the_document(event, case, shown, now, added)
    if answer.step in (Step.HAND_OVER, Step.LOOK) and case.held is not None:
        answer = _used_before(session, context, event, case, case.held, shown) or answer
    return Judged(answer, shown, check)


def overridden(
    session: Session, context: Context, event: LoadedEvent, case: Case, document: str | TypedDocument
) -> str:
    """The code of what only the supervisor's word lets pass; empty where an officer could have handed over."""
    if not case.supervisor:
        return ""
    answer = judge(session, context, event, replace(case, supervisor=False), document).answer
    return "" if answer.step is Step.HAND_OVER else answer.code


def _facts(event: LoadedEvent, case: Case, kind: str, check: DocumentCheck | None, typed_for: str) -> PickupFacts:
    """As the rule takes them; without a check, as if the document were the best one. What is typed by hand is never green."""
    colour = Colour(check.colour.value) if check is not None else Colour.GREEN
    settled = case.settled
    if typed_for and colour is Colour.GREEN:
        colour, settled = Colour.AMBER, settled or typed_for
    category = event.event.category(case.application.category)
    return PickupFacts(
        application=case.application.state,
        pass_state=case.held.state if case.held is not None else None,
        has_grounds_pass=case.application.grounds_pass,
        document_type=kind,
        colour=colour,
        differences=_differences(check),
        security_hold=case.on_hold,
        settled=settled,
        supervisor=case.supervisor,
        through=case.through,
        others_may_collect=category is not None and category.others_may_collect,
    )


def _differences(check: DocumentCheck | None) -> tuple[str, ...]:
    findings = check.findings if check is not None else ()
    return tuple(finding.message for finding in findings if finding.colour.value != Colour.GREEN.value)


def _before_the_document(
    event: LoadedEvent, case: Case, now: datetime, added: tuple[Hours, ...]
) -> PickupAnswer | None:
    """What no document can cure: asked first, so that nobody unfolds a passport for nothing."""
    if max(len(case.settled), len(case.through)) > LONGEST_SETTLEMENT:
        words = f"The reason is longer than {LONGEST_SETTLEMENT} characters; shorten it."
        return PickupAnswer(Step.LOOK, "long_reason", (words,))
    best = min(event.event.documents.accepted)
    answer = judge_pickup(event.event, _facts(event, case, best, None, ""), now, added)
    if answer.step is Step.HAND_OVER:
        return None
    if case.held is not None and answer.code == f"pass_{PassState.COLLECTED.value}":
        return replace(answer, sentences=(*answer.sentences, by_whom(event, case.held)))
    return answer


def _by_the_document(
    event: LoadedEvent, case: Case, shown: ShownDocument, now: datetime, added: tuple[Hours, ...]
) -> tuple[DocumentCheck, PickupAnswer]:
    today = now.astimezone(event.event.zone).date()
    check = check_document(applied_person(case.application), shown.mrz, on=today)
    facts = _facts(event, case, shown.kind, check, shown.typed_for)
    return check, judge_pickup(event.event, facts, now, added)


def _used_before(
    session: Session, context: Context, event: LoadedEvent, case: Case, held: Pass, shown: ShownDocument
) -> PickupAnswer | None:
    """What this document did before at this event."""
    hashed = hash_of(context, event, shown)
    other = other_pass(session, held, hashed)
    if other is not None:
        return document_in_use(event, other)
    return REVOKED_DOCUMENT if not case.supervisor and was_revoked(session, held, hashed) else None


def hash_of(context: Context, event: LoadedEvent, shown: ShownDocument) -> bytes:
    """The keyed hash by which this document is known again."""
    mrz = shown.mrz
    return document_hash(context.secrets.pepper, event.event.number, mrz.issuing_state, mrz.document_number)


def other_pass(session: Session, held: Pass, hashed: bytes) -> Pass | None:
    """Another pass that this document collected; a suspended one counts, or a second application would undo the suspension."""
    return session.scalar(_OTHER, {"event_id": held.event_id, "hash": hashed, "held_id": held.id})


def was_revoked(session: Session, held: Pass, hashed: bytes) -> bool:
    """Whether a pass that this document collected was revoked, of whichever application; a replaced one was not."""
    return session.scalar(_REVOKED, {"event_id": held.event_id, "hash": hashed}) is not None


def document_in_use(event: LoadedEvent, other: Pass | None) -> PickupAnswer:
    """The answer where this document has collected another pass."""
    words = "This document already collected a pass. Call the supervisor."
    told = (words,) if other is None else (words, by_whom(event, other))
    return PickupAnswer(Step.STOP, "document_in_use", told)


def by_whom(event: LoadedEvent, other: Pass) -> str:
    """Who handed the pass over, and when."""
    if other.collected_at is None:
        return "Nobody wrote down when."
    officer, at = name_of(other.collected_by or ""), other.collected_at.astimezone(event.event.zone)
    return Told("It was handed over by %(officer)s on %(moment)s.", officer=officer, moment=at)
