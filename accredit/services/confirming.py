"""Which listed body is meant, said by a reviewer before he decides: the findings are made anew, and the list learns the name."""

from __future__ import annotations

from sqlalchemy.orm import Session

from accredit.domain.applications import UNDECIDED, ApplicationState
from accredit.domain.permissions import Permission
from accredit.services.aliases import learn_spelling
from accredit.services.assessing import Settled, applied_of, latest_assessment, says_the_same
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.deciding import Decided
from accredit.services.event_loading import LoadedEvent
from accredit.services.reviewing import ReviewFault, ReviewRefused, opened
from accredit.services.screening_one import add_assessment, assessor_for, note_state
from accredit.services.surroundings import unanswered


def confirm_body(
    session: Session,
    context: Context,
    event: LoadedEvent,
    reference: str,
    entry: str,
    *,
    version: int | None = None,
) -> Decided | ReviewRefused:
    """Settles that this body is meant, by its number on the list or as LIST/NUMBER; decides nothing."""
    context.require(Permission.APPLICATIONS_REVIEW)
    application = opened(session, event, reference, version, ApplicationState.ASSESSED)
    if isinstance(application, ReviewRefused):
        return application
    if application.state not in UNDECIDED:
        words = f"{application.reference} is {application.state.value}; reopen it first"
        return ReviewRefused(ReviewFault.WRONG_STATE, words)
    applied, settled = applied_of(application), Settled(confirmed=entry)
    assessor = assessor_for(session, event, applied, entry)
    if not entry.strip() or assessor.find(applied, settled) is None:
        words = "no list of this category has an entry of this number, or two have it; write it as LIST/NUMBER"
        return ReviewRefused(ReviewFault.UNKNOWN_ENTRY, words)
    assessed, before = assessor.assess(applied, settled), latest_assessment(session, application)
    if before is None or not says_the_same(before, assessed):
        add_assessment(session, context, application, assessed, before)
    if assessed.body is not None:
        learn_spelling(session, context, assessor.registers, application, assessed.body)
    asked = application.id in unanswered(session, [application.id])
    note_state(application, assessed, is_asked=asked)  # its delegation may be full
    record(session, context, Action.BODY_CONFIRMED, Subject("application", application.reference), ("assessment",))
    return Decided(application.reference, application.state, application.version)
