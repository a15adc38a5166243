"""The own status page: how far an application is, why, and what to do next; and the way in by reference and birth date.

Whoever guesses learns nothing by that way: a wrong birth date, an unknown reference and one of no form get the same answer
after the same work.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

from sqlalchemy import LargeBinary, func, select, type_coerce
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.models.decisions import Decision
from accredit.db.models.passes import Pass
from accredit.db.types import Sealer, sealer_of
from accredit.domain.applications import UNDECIDED, ApplicationState
from accredit.domain.assessments import FindingOutcome
from accredit.domain.events import Meeting
from accredit.domain.messages import MessageState
from accredit.rendering.calendars import calendar_file
from accredit.rendering.mails.catalog import Tongue
from accredit.rendering.mails.letters import meeting_rows, pickup_rows
from accredit.rendering.mails.plain_words import sentence
from accredit.services import outbox
from accredit.services.applicant_requests import RequestShown, requests_of
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.auditing import Action
from accredit.services.context import Context
from accredit.services.desk_hours import hours_to_come, is_open
from accredit.services.event_loading import LoadedEvent
from accredit.services.own_fields import may_change
from accredit.services.pass_finding import latest_pass
from accredit.services.posting import meetings_of
from accredit.services.questions import open_question
from accredit.services.references import find_application, plain_reference

_LATELY = timedelta(minutes=15)
_ROUNDED_TO = 5
_PLACE = "applications.birth_date"
_SPEAKS_UP = (FindingOutcome.REVIEW, FindingOutcome.CANNOT_TELL, FindingOutcome.AGAINST)


class StepKind(StrEnum):
    """One step of an application, as its applicant is told of it."""

    RECEIVED = "received"
    CONFIRMED = "confirmed"
    ASKED = "asked"
    ANSWERED = "answered"
    AMENDED = "amended"
    APPROVED = "approved"
    REFUSED = "refused"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    COLLECTED = "collected"


_STEPS = {
    Action.APPLICATION_ASKED: StepKind.ASKED,
    Action.APPLICATION_ANSWERED: StepKind.ANSWERED,
    Action.APPLICATION_AMENDED: StepKind.AMENDED,
    Action.APPLICATION_APPROVED: StepKind.APPROVED,
    Action.APPLICATION_REFUSED: StepKind.REFUSED,
    Action.APPLICATION_REOPENED: StepKind.REOPENED,
    Action.APPLICATION_WITHDRAWN: StepKind.WITHDRAWN,
}
_CONFIRMED_BY_LINK = ["affiliation"]
_OF_THE_LINK = ["link_version"]


@dataclass(frozen=True, slots=True)
class OwnStatus:
    """What the applicant sees. `reasons`, `bring` and `meetings` are sentences and rows in the reader's language.

    `busy` is how many people were served lately, rounded; None where the desk is closed or nobody was. `pickup_over`: the pass
    is still at the desk, which opens no more. `last_day` is that of the event, once it is over: then nothing is asked any more.
    """

    reference: str
    version: int
    state: ApplicationState
    name: str = field(repr=False)
    organisation: str
    steps: tuple[tuple[datetime, StepKind], ...]
    reasons: tuple[str, ...]
    words: str = field(repr=False)
    question: str = field(repr=False)
    pass_state: PassState | None
    enters_on_grounds_pass: bool
    bring: tuple[tuple[str, str], ...]
    meetings: tuple[tuple[str, str], ...]
    busy: int | None
    requests: tuple[RequestShown, ...]
    may_correct: bool
    may_withdraw: bool
    mail_failed: bool
    last_day: date | None
    pickup_over: bool
    has_calendar: bool


def status_of(
    session: Session, context: Context, event: LoadedEvent, application: Application, language: str
) -> OwnStatus:
    """The status of one application, in one language."""
    tongue, held = Tongue(language), latest_pass(session, application)
    collected = held is not None and PassState.COLLECTED in {held.state, held.suspended_from}
    approved = application.state is ApplicationState.APPROVED
    now, is_over = context.now(), event.event.is_over(context.now())
    asks = application.state in UNDECIDED and not is_over
    question = open_question(session, application) if asks else None
    fetches = approved and not collected and not is_over
    hours = hours_to_come(session, event, now) if fetches else ()
    meetings = meetings_of(event, application) if approved else ()
    return OwnStatus(
        reference=application.reference,
        version=application.version,
        state=application.state,
        name=f"{application.given_names} {application.surname}".strip(),
        organisation=application.organisation,
        steps=_steps(session, application, held),
        reasons=_reasons(session, application, tongue) if asks or application.state not in UNDECIDED else (),
        words=_words(session, application),
        question=question.words if question is not None else "",
        pass_state=held.state if held is not None else None,
        enters_on_grounds_pass=application.grounds_pass and held is None,
        bring=pickup_rows(tongue, event.event, hours) if hours else (),
        meetings=meeting_rows(tongue, event.event, meetings),
        busy=_busy(session, context, event) if fetches else None,
        requests=requests_of(session, application),
        may_correct=may_change(application) and not collected,
        may_withdraw=application.state not in {ApplicationState.WITHDRAWN, ApplicationState.REFUSED} and not collected,
        mail_failed=_mail_failed(session, application) and not is_over,
        last_day=event.event.last_day if is_over else None,
        pickup_over=fetches and not hours,
        has_calendar=_are_to_come(meetings, now),
    )


def calendar_of(context: Context, event: LoadedEvent, application: Application, language: str) -> bytes | None:
    """The calendar file of who was approved, until the last of the meetings ends; None for everybody else."""
    meetings: tuple[Meeting, ...] = ()
    if application.state is ApplicationState.APPROVED:
        meetings = meetings_of(event, application)
    now = context.now()
    return calendar_file(event.event, meetings, language, now=now) if _are_to_come(meetings, now) else None


def _are_to_come(meetings: tuple[Meeting, ...], now: datetime) -> bool:
    return any(one.ends_at > now for one in meetings)


def found_by_birth_date(
    session: Session, context: Context, event: LoadedEvent, reference: str, born_on: date
) -> Application | None:
    """The application of this reference if its person was born on this day; None for everything else."""
    # As it is kept, not as a row of ours: what is not there has to be opened and compared as well.
    wanted = select(type_coerce(Application.birth_date, LargeBinary)).where(
        Application.event_id == event.record.id, Application.reference == plain_reference(reference)
    )
    sealer = sealer_of(session.get_bind().dialect)
    kept = session.scalar(wanted)
    is_known = kept is not None
    opened = sealer.open(kept if kept is not None else _nobodys(sealer), _PLACE)
    same = hmac.compare_digest(_mark(context, opened), _mark(context, born_on.isoformat().encode()))
    return find_application(session, event, reference) if same and is_known else None


@cache
def _nobodys(sealer: Sealer) -> bytes:
    return sealer.seal(b"0000-00-00", _PLACE)


def _mark(context: Context, day: bytes) -> bytes:
    return hmac.digest(context.secrets.session_key, b"accredit birth date " + day, hashlib.sha256)


def _steps(session: Session, application: Application, held: Pass | None) -> tuple[tuple[datetime, StepKind], ...]:
    wanted = select(AuditEntry).where(
        AuditEntry.subject_kind == "application", AuditEntry.subject_id == application.reference
    )
    steps = [(application.received_at, StepKind.RECEIVED)]
    for entry in session.scalars(wanted.order_by(AuditEntry.number)):
        kind = _STEPS.get(Action(entry.action)) if entry.action in set(Action) else None
        if entry.fields == _CONFIRMED_BY_LINK and kind is StepKind.AMENDED:
            kind = StepKind.CONFIRMED
        if kind is not None and entry.fields != _OF_THE_LINK:
            steps.append((entry.at, kind))
    if held is not None and held.collected_at is not None:
        steps.append((held.collected_at, StepKind.COLLECTED))
    return tuple(sorted(steps, key=lambda step: step[0]))  # stable: what the trail has at one moment keeps its order


def _reasons(session: Session, application: Application, tongue: Tongue) -> tuple[str, ...]:
    """Why it waits, or why it was refused; nothing for what is settled well."""
    speaks_up: tuple[FindingOutcome, ...] = _SPEAKS_UP if application.state in UNDECIDED else ()
    if application.state is ApplicationState.REFUSED:
        speaks_up = (FindingOutcome.AGAINST,)
    record = latest_assessment(session, application) if speaks_up else None
    found = [one for one in findings_of(record) if one.outcome in speaks_up] if record is not None else []
    return tuple(dict.fromkeys(sentence(tongue, one.rule, one.code) for one in found))


def _words(session: Session, application: Application) -> str:
    if application.state not in {ApplicationState.APPROVED, ApplicationState.REFUSED}:
        return ""
    told = select(Decision.reason_applicant).where(Decision.application_id == application.id)
    return session.scalar(told.order_by(Decision.decided_at.desc()).limit(1)) or ""


def _busy(session: Session, context: Context, event: LoadedEvent) -> int | None:
    now = context.now()
    if not is_open(session, event, now):
        return None
    wanted = select(func.count()).where(Pass.event_id == event.record.id, Pass.collected_at > now - _LATELY)
    served = session.scalar(wanted) or 0
    return -(-served // _ROUNDED_TO) * _ROUNDED_TO or None


def _mail_failed(session: Session, application: Application) -> bool:
    written = outbox.of_application(session, application)
    return bool(written) and written[-1][1] is MessageState.FAILED
