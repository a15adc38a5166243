"""One application with everything that was found and decided: what a reviewer reads before deciding."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application, Photo
from accredit.db.models.decisions import Decision
from accredit.db.models.lists import Entry
from accredit.db.models.passes import GroundsGrant, Pass
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Finding, Outcome
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.event_loading import LoadedEvent
from accredit.services.references import find_application


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """One decision."""

    verdict: str
    actor: str
    automatic: bool
    decided_at: datetime
    reason_applicant: str
    reason_staff: str
    waived: tuple[str, ...]
    legal_basis: str


@dataclass(frozen=True, slots=True)
class PassShown:
    """One pass of the application."""

    state: PassState
    state_reason: str
    created_at: datetime
    collected_at: datetime | None


@dataclass(frozen=True, slots=True)
class SubmittedShown:
    """What the applicant submitted."""

    category: str
    surname: str = field(repr=False)
    given_names: str = field(repr=False)
    latin_surname: str = field(repr=False)
    latin_given_names: str = field(repr=False)
    birth_date: date = field(repr=False)
    nationality: str = field(repr=False)
    email: str = field(repr=False)
    organisation: str
    organisation_country: str
    affiliation: str
    grounds_pass: bool
    language: str
    received_at: datetime
    has_photo: bool
    guardian_name: str = field(default="", repr=False)
    guardian_contact: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AssessmentShown:
    """The latest assessment; `listed` is the name of the body or person on the list that it settled on."""

    outcome: Outcome
    is_clear: bool
    findings: tuple[Finding, ...]
    listed: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class CaseFile:
    """An application with everything that a reviewer needs to decide. `version` goes back with the decision."""

    reference: str
    version: int
    state: ApplicationState
    security_hold: bool
    submitted: SubmittedShown
    assessment: AssessmentShown | None
    decisions: tuple[DecisionShown, ...]
    passes: tuple[PassShown, ...]
    grounds_granted: bool
    replaces: str | None
    replaced_by: tuple[str, ...]


def show(session: Session, event: LoadedEvent, reference: str) -> CaseFile | None:
    """One application; None where there is none of this reference."""
    application = find_application(session, event, reference)
    if application is None:
        return None
    return CaseFile(
        reference=application.reference,
        version=application.version,
        state=application.state,
        security_hold=application.security_hold,
        submitted=_submitted(session, application),
        assessment=_assessment(session, application),
        decisions=_decisions(session, application),
        passes=_passes(session, application),
        grounds_granted=_grounds_granted(session, application),
        replaces=_reference_of(session, application.replaces_id),
        replaced_by=_replaced_by(session, application),
    )


def _submitted(session: Session, application: Application) -> SubmittedShown:
    return SubmittedShown(
        category=application.category,
        surname=application.surname,
        given_names=application.given_names,
        latin_surname=application.latin_surname,
        latin_given_names=application.latin_given_names,
        birth_date=application.birth_date,
        nationality=application.nationality,
        email=application.email,
        organisation=application.organisation,
        organisation_country=application.organisation_country,
        affiliation=application.affiliation.value if application.affiliation is not None else "",
        grounds_pass=application.grounds_pass,
        language=application.language,
        received_at=application.received_at,
        has_photo=session.scalar(select(Photo.etag).where(Photo.application_id == application.id)) is not None,
        guardian_name=application.guardian_name or "",
        guardian_contact=application.guardian_contact or "",
    )


def _assessment(session: Session, application: Application) -> AssessmentShown | None:
    latest = latest_assessment(session, application)
    if latest is None:
        return None
    listed = session.scalar(select(Entry.name).where(Entry.id == latest.entry_id)) if latest.entry_id else None
    return AssessmentShown(latest.outcome, latest.is_clear, findings_of(latest), listed or "", latest.made_at)


def _decisions(session: Session, application: Application) -> tuple[DecisionShown, ...]:
    wanted = select(Decision).where(Decision.application_id == application.id).order_by(Decision.decided_at)
    return tuple(
        DecisionShown(
            verdict=one.verdict.value,
            actor=one.actor,
            automatic=one.automatic,
            decided_at=one.decided_at,
            reason_applicant=one.reason_applicant,
            reason_staff=one.reason_staff,
            waived=tuple(one.waived),
            legal_basis=one.legal_basis,
        )
        for one in session.scalars(wanted)
    )


def _passes(session: Session, application: Application) -> tuple[PassShown, ...]:
    wanted = select(Pass).where(Pass.application_id == application.id).order_by(Pass.created_at, Pass.roster_number)
    return tuple(
        PassShown(one.state, one.state_reason, one.created_at, one.collected_at) for one in session.scalars(wanted)
    )


def _grounds_granted(session: Session, application: Application) -> bool:
    wanted = select(GroundsGrant.id).where(
        GroundsGrant.application_id == application.id, GroundsGrant.withdrawn_at.is_(None)
    )
    return session.scalar(wanted) is not None


def _reference_of(session: Session, application_id: UUID | None) -> str | None:
    if application_id is None:
        return None
    return session.scalar(select(Application.reference).where(Application.id == application_id))


def _replaced_by(session: Session, application: Application) -> tuple[str, ...]:
    wanted = select(Application.reference).where(Application.replaces_id == application.id)
    return tuple(session.scalars(wanted.order_by(Application.recorded_at)))
