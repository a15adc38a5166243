"""One's own data: everything that is held, as one table; and its end.

Before the decision, asking for the end withdraws the application and sets the day on which it is erased. Afterwards an
administrator answers, because passes and decisions may be needed until the event is over. Erased is what tells of the person;
that there was an application, and what was decided, stays for the counts and the trail, without a name.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import Decision
from accredit.db.models.desk import PersonWord, Slip
from accredit.db.models.gate import Scan
from accredit.db.models.intake import SubmissionKey
from accredit.db.models.outbox import ApplicantRequest, Message
from accredit.db.models.passes import Pass
from accredit.db.models.review import OrganisationWord, Question
from accredit.domain.applications import UNDECIDED, ApplicationState
from accredit.domain.messages import RequestKind, RequestState
from accredit.domain.permissions import Permission
from accredit.services import outbox
from accredit.services.applicant_requests import ask, open_request, requests_of, settle
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.own_fields import fields_of
from accredit.services.questions import questions_of
from accredit.services.references import find_application
from accredit.services.withdrawing import WithdrawRefused, has_collected, withdraw_own

ERASED_AFTER = timedelta(days=30)
_CLOSED = frozenset({ApplicationState.WITHDRAWN, ApplicationState.REFUSED})
_NOBODY = "–"
_NO_BIRTH_DATE = date(1, 1, 1)


def held_data(session: Session, context: Context, event: LoadedEvent, application: Application) -> dict[str, Any]:
    """Everything that is held of this person under this application. What the staff noted for itself is not told here."""
    record(session, context, Action.DATA_HANDED_OUT, Subject("application", application.reference))
    return {
        "event": event.event.key,
        "reference": application.reference,
        "state": application.state.value,
        "received_at": _moment(application.received_at),
        "consented_at": _moment(application.consented_at),
        "fields": {name: value for name, value in fields_of(application).items() if name != "grounds_pass_number"},
        "grounds_pass_number": "kept as a keyed hash" if application.grounds_hash is not None else "not given",
        "photo": _photo(application),
        "letter": _letter(application),
        "assessment": _assessment(session, application),
        "decisions": _decisions(session, application),
        "questions": [
            {"asked_at": _moment(one.asked_at), "question": one.words, "answer": one.answer}
            for one in questions_of(session, application)
        ],
        "passes": _passes(session, application),
        "scans": _scans(session, application),
        "messages": [
            {"about": kind.value, "state": state.value, "written_at": _moment(at)}
            for kind, state, at in outbox.of_application(session, application)
        ],
        "requests": [
            {"about": one.kind.value, "state": one.state.value, "wanted": dict(one.wanted), "at": _moment(one.made_at)}
            for one in requests_of(session, application)
        ],
    }


def ask_for_deletion(
    session: Session, context: Context, event: LoadedEvent, application: Application, version: int | None
) -> ApplicantRequest | WithdrawRefused:
    """Notes that the data is to go. Undecided, the application is withdrawn at once, and erased when the day has come."""
    due_at = None
    if application.state in UNDECIDED:
        refused = withdraw_own(session, context, event, application, version)
        if refused is not None:
            return refused
    if application.state is ApplicationState.WITHDRAWN:
        due_at = context.now() + ERASED_AFTER
    return ask(session, context, application, RequestKind.DELETION, {}, due_at=due_at)


def erase_due(session: Session, context: Context) -> tuple[str, ...]:
    """Erases those whose day has come and who are still withdrawn; answers their references."""
    wanted = (
        select(Application)
        .join(ApplicantRequest, ApplicantRequest.application_id == Application.id)
        .where(
            ApplicantRequest.kind == RequestKind.DELETION,
            ApplicantRequest.state == RequestState.OPEN,
            ApplicantRequest.due_at <= context.now(),
            Application.state == ApplicationState.WITHDRAWN,
        )
        .order_by(Application.id)
        .with_for_update(of=Application)
    )
    erased = []
    for application in session.scalars(wanted).all():
        erase(session, context, application)
        erased.append(application.reference)
    return tuple(erased)


def erase_asked(session: Session, context: Context, event: LoadedEvent, reference: str) -> str | None:
    """Erases one that asked for it and whose application is closed; else a sentence why not. An administrator's act."""
    context.require(Permission.EVENT_MANAGE)
    application = find_application(session, event, reference, to_change=True)
    if application is None or open_request(session, application, RequestKind.DELETION) is None:
        return f"{reference} has not asked for the end of its data"
    if application.state not in _CLOSED:
        return f"{reference} is {application.state.value}; withdraw or refuse it first"
    if has_collected(session, application):
        return f"the pass of {reference} was collected; revoke it first"
    erase(session, context, application)
    return None


def erase(session: Session, context: Context, application: Application) -> None:
    """Takes everything out of the row that tells of the person. The caller has settled that it may go."""
    empty: Mapping[str, Any] = {
        "surname": _NOBODY,
        **dict.fromkeys(("given_names", "latin_surname", "latin_given_names", "nationality", "email"), ""),
        **dict.fromkeys(("guardian_name", "guardian_contact", "accessibility", "hold_reason"), None),
        "birth_date": _NO_BIRTH_DATE,
        "organisation": _NOBODY,
        "organisation_key": "",
        "grounds_hash": None,
        "person_hash": context.entropy(32),
        "person_hash_native": None,
        "photo": None,
        "letter": None,
        "link_version": application.link_version + 1,
        "version": application.version + 1,
    }
    for name, value in empty.items():
        setattr(application, name, value)
    request = open_request(session, application, RequestKind.DELETION)
    if request is not None:
        settle(session, context, application.reference, request, RequestState.DONE)
    session.flush()
    for kind in (Message, Question, SubmissionKey, OrganisationWord, PersonWord, Slip):
        session.execute(delete(kind).where(kind.application_id == application.id))
    others = ApplicantRequest.kind != RequestKind.DELETION
    session.execute(delete(ApplicantRequest).where(ApplicantRequest.application_id == application.id, others))
    record(session, context, Action.DATA_ERASED, Subject("application", application.reference), sorted(empty))


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds") if at is not None else None


def _photo(application: Application) -> str | None:
    """JPEG in base64."""
    return base64.b64encode(application.photo.data).decode() if application.photo is not None else None


def _letter(application: Application) -> dict[str, Any] | None:
    letter = application.letter
    if letter is None:
        return None
    content = base64.b64encode(letter.data).decode()
    return {"media_type": letter.media_type, "pages": letter.pages, "content": content}


def _assessment(session: Session, application: Application) -> list[dict[str, str]]:
    made = latest_assessment(session, application)
    if made is None:
        return []
    return [{"rule": one.rule.value, "told": one.applicant} for one in findings_of(made)]


def _decisions(session: Session, application: Application) -> list[dict[str, Any]]:
    wanted = select(Decision).where(Decision.application_id == application.id).order_by(Decision.decided_at)
    return [
        {
            "verdict": one.verdict.value,
            "decided_at": _moment(one.decided_at),
            "reason": one.reason_applicant,
            "by_rule_alone": one.automatic,
            "legal_basis": one.legal_basis,
        }
        for one in session.scalars(wanted)
    ]


def _passes(session: Session, application: Application) -> list[dict[str, Any]]:
    wanted = select(Pass).where(Pass.application_id == application.id).order_by(Pass.created_at)
    return [
        {
            "state": one.state.value,
            "prepared_at": _moment(one.created_at),
            "collected_at": _moment(one.collected_at),
            "document_type": one.document_type,
            "document_state": one.document_state,
            "document_expires_on": one.document_expires_on.isoformat() if one.document_expires_on else None,
            "document_last_two_characters": one.document_tail,
        }
        for one in session.scalars(wanted)
    ]


def _scans(session: Session, application: Application) -> list[dict[str, Any]]:
    serials = select(Pass.serial).where(Pass.application_id == application.id)
    wanted = select(Scan).where(Scan.event_id == application.event_id, Scan.serial.in_(serials))
    return [
        {
            "checkpoint": one.checkpoint,
            "direction": one.direction.value,
            "verdict": one.verdict.value,
            "scanned_at": _moment(one.scanned_at),
        }
        for one in session.scalars(wanted.order_by(Scan.scanned_at))
    ]
