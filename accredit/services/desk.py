"""The pick-up: a person, a document, a pass handed over.

The document is read, compared with the application, held against the event's policy and hours, and only then is the pass
collected. Of the document are kept: its type, issuing State and expiry, the keyed hash of its number, and the number's last
two characters. The zone itself and the number are never kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accredit.credential.document_tags import document_tag
from accredit.credential.reasons import PassState
from accredit.db.models.passes import Pass
from accredit.domain.passes import move
from accredit.domain.permissions import Permission
from accredit.domain.pickup import PickupAnswer, Step
from accredit.identity.documents import DocumentCheck
from accredit.identity.mrz import MrzRejected
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.desk_documents import ShownDocument, TypedDocument
from accredit.services.desk_judging import (
    UNKNOWN,
    Case,
    Judged,
    case_of,
    document_in_use,
    hash_of,
    judge,
    other_pass,
    overridden,
)
from accredit.services.event_loading import LoadedEvent
from accredit.services.pass_finding import application_of
from accredit.services.roster import lock, next_number
from accredit.services.slips import settle_at_the_handover

_TAIL = 2
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
    document: str | TypedDocument,
    *,
    settled: str = "",
    supervisor: bool = False,
    through: str = "",
) -> Collected | NotCollected:
    """Hands over the pass of this person to the bearer of this document, or says what comes next.

    `named` is the reference, the confirmation code or the short code; `document` the zone, or what was typed by hand.
    `settled` is the officer's reason where the comparison is amber; `supervisor` is a supervisor's word, which needs his
    permission; `through` who takes it in the holder's place. Of two desks at once one hands over, the other is told by
    whom and when. Stops are audited with their code.
    """
    context.require(Permission.PASSES_COLLECT)
    if supervisor:
        context.require(Permission.PICKUP_OVERRIDE)
    lock(session, event.record)
    application = application_of(session, event, named)
    if application is None:
        # What was typed may be a name: it does not go into the trail.
        return _stopped(session, context, "unknown", NotCollected(UNKNOWN))
    case = case_of(session, application, settled=settled, supervisor=supervisor, through=through)
    judged = judge(session, context, event, case, document)
    outcome = NotCollected(judged.answer, judged.check, judged.rejected)
    if judged.answer.step is Step.HAND_OVER:
        over_the_desk = overridden(session, context, event, case, document)
        stopped = _hand_over(session, context, event, case, judged)
        if stopped is None:
            return _collected(session, context, case, judged, over_the_desk)
        outcome = NotCollected(stopped, judged.check)
    return _stopped(session, context, application.reference, outcome)


def _hand_over(
    session: Session, context: Context, event: LoadedEvent, case: Case, judged: Judged
) -> PickupAnswer | None:
    """Makes the pass collected; an answer where this document has collected another pass."""
    held, shown = case.held, judged.shown
    assert held is not None
    assert shown is not None
    raised = next_number(session, event.record)
    try:
        with session.begin_nested():
            _keep(context, event, held, case, shown)
            held.roster_number = raised
    except IntegrityError:
        # The database's own guard, for a desk that came in without the lock.
        return document_in_use(event, other_pass(session, held, hash_of(context, event, shown)))
    return None


def _keep(context: Context, event: LoadedEvent, held: Pass, case: Case, shown: ShownDocument) -> None:
    mrz, pepper, number = shown.mrz, context.secrets.pepper, event.event.number
    held.state = move(case.application.reference, held.state, PassState.COLLECTED)
    held.document_hash = hash_of(context, event, shown)
    held.document_tag = document_tag(pepper, number, mrz.issuing_state, mrz.document_number)
    held.document_type = shown.kind
    held.document_state = mrz.issuing_state
    held.document_expires_on = mrz.expires_on
    held.document_tail = mrz.document_number[-_TAIL:]
    held.collected_at = context.now()
    held.collected_by = context.actor.name
    held.collected_through = case.through or None
    held.state_reason = "; ".join(filter(None, (case.settled, shown.typed_for)))


def _collected(session: Session, context: Context, case: Case, judged: Judged, over_the_desk: str) -> Collected:
    assert case.held is not None
    assert judged.check is not None
    subject = Subject("pass", case.application.reference)
    if over_the_desk:
        record(session, context, Action.PICKUP_OVERRIDDEN, subject, (over_the_desk,))
    kept = (*_KEPT, "collected_through") if case.through else _KEPT
    record(session, context, Action.PASS_COLLECTED, subject, kept)
    settle_at_the_handover(session, context, case.application)
    return Collected(case.held, judged.answer, judged.check)


def _stopped(session: Session, context: Context, reference: str, outcome: NotCollected) -> NotCollected:
    # An amber that the officer settles with his next key is no stop; a zone that cannot be true is one.
    if outcome.answer.step is not Step.LOOK or outcome.rejected is not None:
        record(session, context, Action.PICKUP_STOPPED, Subject("pass", reference), (outcome.answer.code,))
    return outcome
