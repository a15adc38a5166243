"""A message of the outbox as a mail: its facts are read from the application at the moment of sending.

What is no longer true is not told: a message that was overtaken by a later decision has become none, and the later
decision has a message of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord, Decision
from accredit.db.models.outbox import Message
from accredit.db.models.review import Question
from accredit.domain.applications import AffiliationSource
from accredit.domain.assessments import FindingOutcome, Rule
from accredit.domain.events import Meeting
from accredit.domain.messages import HOLDS_IN, TO_THE_FOCAL_POINT, Kind, MessageState
from accredit.rendering.calendars import FILE_NAME, calendar_file, meetings_opened
from accredit.rendering.codes import qr_png
from accredit.rendering.mails.letters import Letter, MailFacts, letter_of
from accredit.rendering.mails.sheets import CODE_ID, as_html, as_text
from accredit.services import focal_points, status_links
from accredit.services.assessing import category_of, findings_of
from accredit.services.context import Context
from accredit.services.desk_hours import all_hours
from accredit.services.event_loading import LoadedEvent, event_of_id
from accredit.services.mail_server import MailServer

_CODE_DOTS = 6
_UNSAFE = frozenset('<>()[],;:\\"')


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail ready to be handed over, and for whom."""

    message: EmailMessage = field(repr=False)
    recipient: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotWritten:
    """No mail came of this message: how it ends, and why."""

    state: MessageState
    cause: str


def write(
    session: Session, context: Context, server: MailServer, base_url: str, message_id: UUID
) -> Envelope | NotWritten:
    """The mail of this message as of now."""
    row = session.get_one(Message, message_id)
    application = session.get_one(Application, row.application_id)
    event = event_of_id(session, application.event_id)
    if event.event.is_over(context.now()):
        return NotWritten(MessageState.OVERTAKEN, "the event is over")
    if application.state not in HOLDS_IN.get(row.kind, {application.state}):
        return NotWritten(MessageState.OVERTAKEN, f"the application is {application.state.value} by now")
    facts = _facts(session, context, event, application, row, base_url)
    if isinstance(facts, NotWritten):
        return facts
    recipient = _ascii_domain(row.recipient or application.email)
    if recipient is None:
        return NotWritten(MessageState.FAILED, "the address cannot be written to; ask the applicant for another one")
    return Envelope(_mail(context, event, server, row, facts, recipient), recipient)


def meetings_of(event: LoadedEvent, application: Application) -> tuple[Meeting, ...]:
    """The meetings that the category opens; of these the ones that the person wants, where some were chosen."""
    opened = meetings_opened(event.event, category_of(event.event, application.category).grants)
    wanted = set(application.meetings or ())
    return tuple(one for one in opened if not wanted or one.key in wanted)


def against(session: Session, application: Application) -> tuple[tuple[Rule, str], ...]:
    """What the assessment that the last decision cites found against it."""
    cited = select(Decision.assessment_id).where(Decision.application_id == application.id)
    latest = cited.order_by(Decision.decided_at.desc()).limit(1).scalar_subquery()
    record = session.scalar(select(AssessmentRecord).where(AssessmentRecord.id == latest))
    found = findings_of(record) if record is not None else ()
    return tuple((one.rule, one.code) for one in found if one.outcome is FindingOutcome.AGAINST)


def _facts(
    session: Session, context: Context, event: LoadedEvent, application: Application, row: Message, base_url: str
) -> MailFacts | NotWritten:
    path = status_links.link_for(context, event, application)
    if row.kind in TO_THE_FOCAL_POINT:
        token = focal_points.token_for(session, context, event, application.reference)
        if isinstance(token, focal_points.LinkRefused):
            return NotWritten(MessageState.OVERTAKEN, "no focal point is asked any more")
        if application.affiliation_source is AffiliationSource.FOCAL_POINT:
            return NotWritten(MessageState.OVERTAKEN, "the focal point has confirmed it")
        path = focal_points.path_of(token)
    words = _words(session, application, row.kind)
    if row.kind is Kind.QUESTION and not words:
        return NotWritten(MessageState.OVERTAKEN, "the question was answered")
    return MailFacts(
        kind=row.kind,
        language=row.language,
        event=event.event,
        reference=application.reference,
        name=f"{application.given_names} {application.surname}".strip(),
        organisation=application.organisation,
        link=f"{base_url}{path}?lang={row.language}",  # the page speaks as the mail does
        meetings=meetings_of(event, application),
        hours=all_hours(session, event) if row.kind is Kind.APPROVED else (),
        enters_on_grounds_pass=application.grounds_pass,
        words=words,
        reasons=against(session, application) if row.kind is Kind.REFUSED else (),
        link_holds_until=context.now() + focal_points.VALID_FOR if row.kind in TO_THE_FOCAL_POINT else None,
    )


def _words(session: Session, application: Application, kind: Kind) -> str:
    """What a reviewer wrote to the applicant: the question that is open, or the reason of the decision."""
    match kind:
        case Kind.QUESTION:
            wanted = select(Question.words).where(
                Question.application_id == application.id, Question.answered_at.is_(None)
            )
            return session.scalar(wanted.order_by(Question.asked_at.desc()).limit(1)) or ""
        case Kind.APPROVED | Kind.REFUSED:
            told = select(Decision.reason_applicant).where(Decision.application_id == application.id)
            return session.scalar(told.order_by(Decision.decided_at.desc()).limit(1)) or ""
        case _:
            return ""


def _ascii_domain(typed: str) -> str | None:
    """The address with its domain as the name service knows it; None where no mail server could take it."""
    local, _, domain = typed.rpartition("@")
    try:
        known = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return f"{local}@{known}" if local and known and not _UNSAFE & {*local, *known} else None


def _mail(
    context: Context, event: LoadedEvent, server: MailServer, row: Message, facts: MailFacts, recipient: str
) -> EmailMessage:
    letter, mail = letter_of(facts), EmailMessage()
    name, address = parseaddr(server.mail_from)
    ours = address.rpartition("@")[2]
    mail["From"] = Address(name, addr_spec=address)
    mail["To"] = Address(username=recipient.rpartition("@")[0], domain=recipient.rpartition("@")[2])
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(context.now())
    # The same for every try, so that a program may drop the second one of a message that came twice.
    mail["Message-ID"] = f"<{row.id}@{ours}>"
    mail["Auto-Submitted"] = "auto-generated"
    _put_content(mail, letter, facts.reference)
    if letter.has_calendar:
        calendar = calendar_file(event.event, facts.meetings, facts.language, now=context.now())
        mail.add_attachment(calendar, maintype="text", subtype="calendar", filename=FILE_NAME)
    mail["Content-Language"] = letter.tongue.language  # last: headers of content go down with the first part
    return mail


def _put_content(mail: EmailMessage, letter: Letter, reference: str) -> None:
    mail.set_content(as_text(letter))
    mail.add_alternative(as_html(letter), subtype="html")
    if letter.shows_code:
        page = mail.get_payload(1)
        assert isinstance(page, EmailMessage)
        code = qr_png(f"SEC1:{reference}", version=1, dots=_CODE_DOTS)
        page.add_related(code, "image", "png", cid=f"<{CODE_ID}>", filename="confirmation.png", disposition="inline")
