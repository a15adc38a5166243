"""The pick-up: a person, a document, a pass handed over.

The zone of the document is read, compared with the application, held against the event's policy and hours, and only then is
the pass collected. Of the document are kept: its type, issuing State and expiry, the keyed hash of its number, and the
number's last two characters. The zone itself and the number are never kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accredit.credential.document_tags import document_hash, document_tag
from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.passes import Pass
from accredit.domain.passes import move
from accredit.domain.permissions import Permission
from accredit.domain.pickup import Colour, PickupAnswer, PickupFacts, Step, judge_pickup
from accredit.identity.documents import AppliedPerson, DocumentCheck, check_document, document_type_of
from accredit.identity.mrz import Mrz, MrzRejected, parse_mrz
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.neighbours import is_held
from accredit.services.pass_finding import application_of, latest_pass
from accredit.services.roster import lock, next_number

_TAIL = 2
_LONGEST_SETTLEMENT = 400
_KEPT = ("state", "document_hash", "document_type", "document_state", "document_expires_on", "document_tail")


@dataclass(frozen=True, slots=True)
class Collected:
    """The pass was handed over; `check` is what the document showed."""

    issued: Pass
    answer: PickupAnswer
    check: DocumentCheck


@dataclass(frozen=True, slots=True)
class NotCollected:
    """What comes next instead. `check` where a document was compared, `rejected` where its zone could not be read."""

    answer: PickupAnswer
    check: DocumentCheck | None = None
    rejected: MrzRejected | None = None


def collect(
    session: Session,
    context: Context,
    event: LoadedEvent,
    named: str,
    mrz_text: str,
    *,
    settled: str = "",
    supervisor: bool = False,
) -> Collected | NotCollected:
    """Hands over the pass of this person to the bearer of this document, or says what comes next.

    `named` is the reference, the confirmation code or the short code. `settled` is the officer's reason where the
    comparison is amber; `supervisor` is a supervisor's word, which needs his permission. Of two desks at once one hands
    over, the other is told by whom and when. Stops are audited with their code.
    """
    context.require(Permission.PASSES_COLLECT)
    if supervisor:
        context.require(Permission.PICKUP_OVERRIDE)
    lock(session, event.record)
    application = application_of(session, event, named)
    if application is None:
        # What was typed may be a name: it does not go into the trail.
        return _stopped(session, context, "unknown", NotCollected(_UNKNOWN))
    on_hold = is_held(session, application)
    person = _Person(application, latest_pass(session, application), on_hold, settled.strip(), supervisor)
    outcome = _before_the_document(event, person, context.now()) or _with_document(
        session, context, event, person, mrz_text
    )
    if isinstance(outcome, NotCollected):
        return _stopped(session, context, application.reference, outcome)
    return outcome


@dataclass(frozen=True, slots=True)
class _Person:
    application: Application
    held: Pass | None
    on_hold: bool
    settled: str
    supervisor: bool

    def facts(self, document_type: str, check: DocumentCheck | None) -> PickupFacts:
        """As the rule takes them; without a check, as if the document were the best one."""
        return PickupFacts(
            application=self.application.state,
            pass_state=self.held.state if self.held is not None else None,
            has_grounds_pass=self.application.grounds_pass,
            document_type=document_type,
            colour=Colour(check.colour.value) if check is not None else Colour.GREEN,
            differences=_differences(check),
            security_hold=self.on_hold,
            settled=self.settled,
            supervisor=self.supervisor,
        )


def _differences(check: DocumentCheck | None) -> tuple[str, ...]:
    findings = check.findings if check is not None else ()
    return tuple(finding.message for finding in findings if finding.colour.value != Colour.GREEN.value)


_UNKNOWN = PickupAnswer(
    Step.STOP, "unknown_reference", ("No application has this reference. Look for the person by name or document.",)
)


def _before_the_document(event: LoadedEvent, person: _Person, now: datetime) -> NotCollected | None:
    """What no document can cure: asked first, so that nobody unfolds a passport for nothing."""
    if len(person.settled) > _LONGEST_SETTLEMENT:
        words = f"The reason is longer than {_LONGEST_SETTLEMENT} characters; shorten it."
        return NotCollected(PickupAnswer(Step.LOOK, "long_reason", (words,)))
    best = min(event.event.documents.accepted)
    answer = judge_pickup(event.event, person.facts(best, None), now)
    if answer.step is Step.HAND_OVER:
        return None
    if person.held is not None and answer.code == f"pass_{PassState.COLLECTED.value}":
        answer = PickupAnswer(answer.step, answer.code, (*answer.sentences, _by_whom(event, person.held)))
    return NotCollected(answer)


def _with_document(
    session: Session, context: Context, event: LoadedEvent, person: _Person, mrz_text: str
) -> Collected | NotCollected:
    now = context.now()
    today = now.astimezone(event.event.zone).date()
    mrz = parse_mrz(mrz_text, today=today)
    if isinstance(mrz, MrzRejected):
        words = tuple(problem.message for problem in mrz.problems)
        return NotCollected(PickupAnswer(Step.LOOK, "mrz_unreadable", words), rejected=mrz)
    check = check_document(applied_person(person.application), mrz, on=today)
    answer = judge_pickup(event.event, person.facts(document_type_of(mrz).value, check), now)
    if answer.step is not Step.HAND_OVER or person.held is None:
        return NotCollected(answer, check)
    stopped = _hand_over(session, context, event, person, mrz)
    return NotCollected(stopped, check) if stopped is not None else Collected(person.held, answer, check)


def applied_person(application: Application) -> AppliedPerson:
    """The application as the document check takes it."""
    return AppliedPerson(
        surname=application.surname,
        given_names=application.given_names,
        birth_date=application.birth_date,
        nationality=application.nationality,
        latin_surname=application.latin_surname or None,
        latin_given_names=application.latin_given_names or None,
    )


def _hand_over(
    session: Session, context: Context, event: LoadedEvent, person: _Person, mrz: Mrz
) -> PickupAnswer | None:
    """Makes the pass collected; an answer where this document has collected another pass."""
    held = person.held
    assert held is not None
    pepper, number = context.secrets.pepper, event.event.number
    hashed = document_hash(pepper, number, mrz.issuing_state, mrz.document_number)
    other = _other_pass(session, held, hashed)
    if other is not None:
        return _document_in_use(event, other)
    if _was_revoked(session, held, hashed):
        if not person.supervisor:
            return _REVOKED_DOCUMENT
        subject = Subject("pass", person.application.reference)
        record(session, context, Action.PICKUP_OVERRIDDEN, subject, (_REVOKED_DOCUMENT.code,))
    raised = next_number(session, event.record)
    try:
        with session.begin_nested():
            held.state = move(person.application.reference, held.state, PassState.COLLECTED)
            held.document_hash = hashed
            held.document_tag = document_tag(pepper, number, mrz.issuing_state, mrz.document_number)
            held.document_type = document_type_of(mrz).value
            held.document_state = mrz.issuing_state
            held.document_expires_on = mrz.expires_on
            held.document_tail = mrz.document_number[-_TAIL:]
            held.collected_at = context.now()
            held.collected_by = context.actor.name
            held.state_reason = person.settled
            held.roster_number = raised
    except IntegrityError:
        # The database's own guard, for a desk that came in without the lock.
        return _document_in_use(event, _other_pass(session, held, hashed))
    record(session, context, Action.PASS_COLLECTED, Subject("pass", person.application.reference), _KEPT)
    return None


def _other_pass(session: Session, held: Pass, hashed: bytes) -> Pass | None:
    """Another pass that this document collected; a suspended one counts, or a second application would undo the suspension."""
    states = (PassState.COLLECTED, PassState.SUSPENDED)
    wanted = select(Pass).where(
        Pass.event_id == held.event_id, Pass.document_hash == hashed, Pass.state.in_(states), Pass.id != held.id
    )
    return session.scalar(wanted.execution_options(populate_existing=True))


def _was_revoked(session: Session, held: Pass, hashed: bytes) -> bool:
    """Whether a pass that this document collected was revoked, of whichever application; a replaced one was not."""
    wanted = select(Pass.id).where(
        Pass.event_id == held.event_id, Pass.document_hash == hashed, Pass.state == PassState.REVOKED
    )
    return session.scalar(wanted.limit(1)) is not None


_REVOKED_DOCUMENT = PickupAnswer(
    Step.SUPERVISOR, "document_of_a_revoked_pass", ("A pass of this document was revoked. Please ask the supervisor.",)
)


def _document_in_use(event: LoadedEvent, other: Pass | None) -> PickupAnswer:
    words = "This document already collected a pass. Call the supervisor."
    told = (words,) if other is None else (words, _by_whom(event, other))
    return PickupAnswer(Step.STOP, "document_in_use", told)


def _by_whom(event: LoadedEvent, other: Pass) -> str:
    if other.collected_at is None:
        return "Nobody wrote down when."
    at = other.collected_at.astimezone(event.event.zone)
    return f"It was handed over by {other.collected_by} on {at:%d %B at %H:%M}."


def _stopped(session: Session, context: Context, reference: str, outcome: NotCollected) -> NotCollected:
    # An amber that the officer settles with his next key is no stop; a zone that cannot be true is one.
    if outcome.answer.step is not Step.LOOK or outcome.rejected is not None:
        record(session, context, Action.PICKUP_STOPPED, Subject("pass", reference), (outcome.answer.code,))
    return outcome
