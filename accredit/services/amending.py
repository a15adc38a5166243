"""Corrections by the applicant, and by a reviewer on request: read by the one validation, judged by the same rules.

What was proved of somebody else, or for another body, is proved no more; a hold for security stays with the person, however the
name is spelt from now on; a pass that carries the old spelling is not left in the bundles.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.outbox import ApplicantRequest
from accredit.db.models.passes import Badge, Pass
from accredit.domain.applications import UNDECIDED, AffiliationSource, ApplicationState
from accredit.domain.messages import Kind, RequestKind, RequestState
from accredit.domain.permissions import Permission
from accredit.domain.submissions import FieldProblem, Submission
from accredit.services.applicant_requests import ask, open_request, settle
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.deciding import write_move
from accredit.services.desk_words import note_names
from accredit.services.event_loading import LoadedEvent
from accredit.services.holding import put_hold
from accredit.services.intake import grounds_hash_of, read_fields
from accredit.services.neighbours import is_held
from accredit.services.notifying import tell
from accredit.services.own_fields import (
    CHANGEABLE,
    NAMES,
    OF_THE_PERSON,
    OF_THE_PLACE,
    as_text,
    divide,
    fields_of,
    is_slip,
    may_change,
)
from accredit.services.pass_finding import live_pass
from accredit.services.person_names import person_hashes
from accredit.services.queue_facts import note_organisation
from accredit.services.references import find_application
from accredit.services.roster import lock, next_number
from accredit.services.screening_one import screen
from accredit.services.withdrawing import has_collected


class AmendFault(StrEnum):
    """Why nothing was changed."""

    STALE = "stale"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    COLLECTED = "collected"
    NO_REQUEST = "no_request"


@dataclass(frozen=True, slots=True)
class AmendRefused:
    """Nothing was changed: the cause, and a sentence with the cure."""

    code: AmendFault
    message: str


@dataclass(frozen=True, slots=True)
class Amended:
    """What was changed at once, and what a person is asked about now."""

    now: frozenset[str]
    asked: frozenset[str]
    state: ApplicationState


def amend(
    session: Session,
    context: Context,
    event: LoadedEvent,
    application: Application,
    typed: Mapping[str, str],
    version: int,
) -> Amended | AmendRefused | tuple[FieldProblem, ...]:
    """Changes what the applicant typed anew, as far as that may be done without asking. The caller has locked the row.

    `version` is the one that was on the page: of two pages that are open, the older one changes nothing.
    """
    obstacle = _obstacle(session, application, version)
    if obstacle is not None:
        return obstacle
    wanted = _read(context, event, application, typed)
    if not isinstance(wanted, Submission):
        return wanted
    changes = divide(context, event, application, wanted, may_respell=_may_respell(session, application))
    if not changes.now and not changes.asked:
        return AmendRefused(AmendFault.UNCHANGED, "Nothing was changed: every field is as it was.")
    respells = application.state is ApplicationState.APPROVED and bool(changes.now & frozenset(NAMES))
    if changes.now:
        _change(session, context, event, application, wanted, changes.now)
    if respells:
        ask(session, context, application, RequestKind.RESPELLING, {}, state=RequestState.DONE)
    if changes.asked:
        ask(session, context, application, RequestKind.AMENDMENT, as_text(wanted, changes.asked))
        application.version += 1
    return Amended(changes.now, changes.asked, application.state)


def accept(session: Session, context: Context, event: LoadedEvent, reference: str) -> Amended | AmendRefused:
    """Makes the change that was asked for. What was approved is open again: its pass ends, and somebody decides anew."""
    context.require(Permission.APPLICATIONS_REVIEW)
    found = _asked(session, event, reference)
    if isinstance(found, AmendRefused):
        return found
    application, request = found
    wanted = _read(context, event, application, json.loads(request.wanted))
    if not may_change(application) or not isinstance(wanted, Submission):
        return AmendRefused(AmendFault.CLOSED, f"{application.reference} cannot take this change any more; decline it")
    if has_collected(session, application):
        words = f"the pass of {application.reference} was collected with a verified document; decline it, or revoke the pass"
        return AmendRefused(AmendFault.COLLECTED, words)
    names = frozenset(json.loads(request.wanted))
    reopens = application.state is ApplicationState.APPROVED
    if reopens:
        why = "changed on the applicant's request"
        write_move(session, context, event, application, ApplicationState.ASSESSED, Action.APPLICATION_REOPENED, why)
    _change(session, context, event, application, wanted, names, tells=not reopens)  # the move has told it
    settle(session, context, application.reference, request, RequestState.DONE)
    return Amended(names, frozenset(), application.state)


def decline(session: Session, context: Context, event: LoadedEvent, reference: str) -> AmendRefused | None:
    """Leaves everything as it is; the applicant reads so on the own status page."""
    context.require(Permission.APPLICATIONS_REVIEW)
    found = _asked(session, event, reference)
    if isinstance(found, AmendRefused):
        return found
    settle(session, context, found[0].reference, found[1], RequestState.DECLINED)
    return None


def _asked(session: Session, event: LoadedEvent, reference: str) -> tuple[Application, ApplicantRequest] | AmendRefused:
    application = find_application(session, event, reference, to_change=True)
    request = open_request(session, application, RequestKind.AMENDMENT) if application is not None else None
    if application is None or request is None:
        return AmendRefused(AmendFault.NO_REQUEST, f"{reference} has no request that waits for an answer")
    return application, request


def _obstacle(session: Session, application: Application, version: int) -> AmendRefused | None:
    if application.version != version:
        words = (
            "This was changed in the meantime, perhaps in another window. Please look at it, then change it once more."
        )
        return AmendRefused(AmendFault.STALE, words)
    if not may_change(application):
        words = "This application is closed; nothing can be changed any more. Please write to the organiser."
        return AmendRefused(AmendFault.CLOSED, words)
    if has_collected(session, application):
        return AmendRefused(AmendFault.COLLECTED, "You have your pass already; please ask at the registration desk.")
    return None


def _read(
    context: Context, event: LoadedEvent, application: Application, typed: Mapping[str, str]
) -> Submission | tuple[FieldProblem, ...]:
    told = {name: value for name, value in typed.items() if name in CHANGEABLE}
    return read_fields({**fields_of(application), **told}, event.event, now=context.now(), keeps_receipt=False)


def _may_respell(session: Session, application: Application) -> bool:
    """One slip is mended without a person: no badge shows the old spelling, and the name was not mended before."""
    mended = select(ApplicantRequest.id).where(
        ApplicantRequest.application_id == application.id, ApplicantRequest.kind == RequestKind.RESPELLING
    )
    printed = (
        select(Badge.id).join(Pass, Pass.id == Badge.pass_id).where(Pass.application_id == application.id).limit(1)
    )
    return session.scalar(mended.limit(1)) is None and session.scalar(printed) is None


def _change(
    session: Session,
    context: Context,
    event: LoadedEvent,
    application: Application,
    wanted: Submission,
    names: frozenset[str],
    *,
    tells: bool = True,
) -> None:
    was_held, slip = is_held(session, application), is_slip(application, wanted)
    email = application.email
    _put(context, event, application, wanted, names)
    _forget_proof(application, names, slip=slip)
    application.version += 1
    subject = Subject("application", application.reference)
    record(session, context, Action.APPLICATION_AMENDED, subject, sorted(names))
    session.flush()
    if was_held and not application.security_hold and names & OF_THE_PERSON:
        put_hold(session, context, event, application, True, "held before the name or birth date was changed")
    if "organisation" in names:
        note_organisation(session, application)
    if names & frozenset(NAMES):
        note_names(session, application)
    if application.state in UNDECIDED:
        screen(session, context, event, application, afresh=bool(names & OF_THE_PLACE))
    elif names & {*NAMES, "organisation"}:
        _show_to_scanners(session, event, application)
    if tells:
        tell(session, context, event, application, Kind.AMENDED)
    if "email" in names:
        tell(session, context, event, application, Kind.AMENDED, recipient=email)


def _put(
    context: Context, event: LoadedEvent, application: Application, wanted: Submission, names: frozenset[str]
) -> None:
    for name in names - {"grounds_pass_number", "meetings"}:
        value = getattr(wanted, name)
        nothing = None if name in {"guardian_name", "guardian_contact", "accessibility"} else value
        setattr(application, name, value or nothing)
    if "meetings" in names:
        application.meetings = list(wanted.meetings)
    if "grounds_pass_number" in names:
        application.grounds_hash = grounds_hash_of(context, event, wanted)
    if "grounds_pass" in names and not wanted.grounds_pass:
        application.grounds_hash = None
    if names & OF_THE_PERSON:
        hashes = person_hashes(context.secrets.pepper, event.event.number, application)
        application.person_hash, application.person_hash_native = hashes


def _forget_proof(application: Application, names: frozenset[str], *, slip: bool) -> None:
    """A letter for another body proves nothing; one that names another person is the applicant's own word from now on."""
    if "organisation" in names:
        application.affiliation, application.affiliation_source = None, AffiliationSource.APPLICANT
    elif "birth_date" in names or (names & frozenset(NAMES) and not slip):
        application.affiliation_source = AffiliationSource.APPLICANT


def _show_to_scanners(session: Session, event: LoadedEvent, application: Application) -> None:
    """The bundles carry the name: the next delta brings the new spelling."""
    lock(session, event.record)
    held = live_pass(session, application)
    if held is not None:
        held.roster_number = next_number(session, event.record)
