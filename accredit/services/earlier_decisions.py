"""Who was dealt with before: about such a person the automatic rule says nothing any more.

A decision, an ended pass or withdrawn grants are a person's word, even where the findings are all clear. Only a person
takes that word back.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CompoundSelect, select, union
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.decisions import Decision
from accredit.db.models.passes import GroundsGrant, Pass


def dealt_with(session: Session, event_id: UUID) -> frozenset[UUID]:
    """The applications of the event that were decided before, or whose pass or grants have ended; one statement."""
    return frozenset(session.scalars(dealt_with_query(event_id)))


def dealt_with_query(event_id: UUID) -> CompoundSelect[UUID]:
    """The same as a part of another statement."""
    decided = select(Decision.application_id).join(Application, Application.id == Decision.application_id)
    ended = select(Pass.application_id).where(Pass.event_id == event_id, Pass.state == PassState.REVOKED)
    withdrawn = select(GroundsGrant.application_id).where(
        GroundsGrant.event_id == event_id, GroundsGrant.withdrawn_at.is_not(None)
    )
    return union(decided.where(Application.event_id == event_id), ended, withdrawn)


def had_a_pass_revoked(session: Session, application: Application) -> bool:
    """Whether a pass of this application was revoked; one that was only replaced does not count."""
    revoked = select(Pass.id).where(Pass.application_id == application.id, Pass.state == PassState.REVOKED)
    return session.scalar(revoked.limit(1)) is not None
