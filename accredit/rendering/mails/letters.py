"""What each mail says: a subject, paragraphs, a table of facts, at most one link. How it looks is the layouts' matter."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from accredit.domain.assessments import Rule
from accredit.domain.events import Event, Hours, Meeting
from accredit.domain.messages import TO_THE_FOCAL_POINT, Kind
from accredit.rendering.mails.catalog import Tongue
from accredit.rendering.mails.plain_words import sentence

DOCUMENTS = {
    "passport": "passport",
    "identity_card": "national identity card",
    "travel_document": "travel document",
    "laissez_passer": "United Nations laissez-passer",
}
"""The documents that count without a supervisor, as a list names them."""


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What a letter may tell. `link` leads to the own status page, or for a focal point to its one confirmation.

    `words` are those of a reviewer: a question, or what he wrote to the applicant with his decision. `reasons` are rule
    and code of what speaks against; `hours` are those of the registration desk.
    """

    kind: Kind
    language: str
    event: Event
    reference: str
    name: str = field(repr=False)
    organisation: str
    link: str = field(repr=False)
    meetings: tuple[Meeting, ...] = ()
    hours: tuple[Hours, ...] = ()
    enters_on_grounds_pass: bool = False
    words: str = field(default="", repr=False)
    reasons: tuple[tuple[Rule, str], ...] = ()
    link_holds_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it has a shape. `shows_code` asks for the confirmation code, `has_calendar` for the calendar file."""

    tongue: Tongue
    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    quoted: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    after: tuple[str, ...] = ()
    link: str = ""
    link_text: str = ""
    closing: str = ""
    shows_code: bool = False
    has_calendar: bool = False


def letter_of(facts: MailFacts) -> Letter:
    """The letter of this occasion, in the language of whoever reads it."""
    tongue = Tongue(facts.language)
    written = {
        Kind.RECEIVED: _received,
        Kind.QUESTION: _question,
        Kind.APPROVED: _approved,
        Kind.REFUSED: _refused,
        Kind.AMENDED: _amended,
        Kind.WITHDRAWN: _withdrawn,
        Kind.FOCAL_POINT_REQUEST: _focal_point,
        Kind.FOCAL_POINT_REMINDER: _focal_point,
    }[facts.kind]
    return written(tongue, facts)


def _letter(
    tongue: Tongue,
    facts: MailFacts,
    subject: str,
    paragraphs: tuple[str, ...],
    *,
    quoted: str = "",
    rows: tuple[tuple[str, str], ...] = (),
    after: tuple[str, ...] = (),
    shows_code: bool = False,
    has_calendar: bool = False,
) -> Letter:
    for_body = facts.kind in TO_THE_FOCAL_POINT
    return Letter(
        tongue=tongue,
        subject=subject,
        greeting=tongue.say("Dear Sir or Madam,") if for_body else tongue.say("Dear %(name)s,", name=facts.name),
        paragraphs=paragraphs,
        quoted=quoted,
        rows=rows,
        after=after,
        link=facts.link,
        link_text=tongue.say("Confirm this delegate") if for_body else tongue.say("Open my application"),
        closing=tongue.say("This mail was written by a program; an answer to it reaches nobody."),
        shows_code=shows_code,
        has_calendar=has_calendar,
    )


def _received(tongue: Tongue, facts: MailFacts) -> Letter:
    say, event = tongue.say, tongue.of(facts.event.title)
    paragraphs = (
        say("Thank you. We have received your application for “%(event)s”.", event=event),
        say(
            "Please keep your reference: the registration desk finds you by it, or by the square code in this mail. "
            "The code is a confirmation and no pass; it opens no door."
        ),
    )
    after = (
        say("On your own page you see how far your application is. There you can correct or withdraw it."),
        say("Whoever has the link can do the same; please do not pass it on."),
    )
    subject = say("We have your application %(reference)s", reference=facts.reference)
    rows = ((say("Reference"), facts.reference),)
    return _letter(tongue, facts, subject, paragraphs, rows=rows, after=after, shows_code=True)


def _question(tongue: Tongue, facts: MailFacts) -> Letter:
    say = tongue.say
    subject = say("A question about your application %(reference)s", reference=facts.reference)
    asked = say("Before we can decide about your application %(reference)s, we ask you:", reference=facts.reference)
    after = (say("Please answer on your own page. Your application waits until then."),)
    return _letter(tongue, facts, subject, (asked,), quoted=facts.words, after=after)


def _approved(tongue: Tongue, facts: MailFacts) -> Letter:
    say, event = tongue.say, tongue.of(facts.event.title)
    subject = say("Your application %(reference)s was approved", reference=facts.reference)
    paragraphs = (say("Your application for “%(event)s” was approved.", event=event),)
    if facts.enters_on_grounds_pass:
        told = say("Your UN grounds pass opens the meetings below. You need no other pass and no registration desk.")
        rows = meeting_rows(tongue, facts.event, facts.meetings)
    else:
        told = say("Please pick up your special event pass in person, with one of the documents named below.")
        rows = (*pickup_rows(tongue, facts.event, facts.hours), *meeting_rows(tongue, facts.event, facts.meetings))
    after = [say("Most people come in the hour before a meeting begins; please come in good time.")]
    if facts.meetings:
        after.append(say("The meetings are in the calendar file that comes with this mail."))
    return _letter(
        tongue,
        facts,
        subject,
        (*paragraphs, told),
        quoted=facts.words,
        rows=((say("Reference"), facts.reference), *rows),
        after=tuple(after),
        shows_code=not facts.enters_on_grounds_pass,
        has_calendar=bool(facts.meetings),
    )


def _refused(tongue: Tongue, facts: MailFacts) -> Letter:
    say, event = tongue.say, tongue.of(facts.event.title)
    subject = say("Your application %(reference)s was refused", reference=facts.reference)
    paragraphs = (
        say("We are sorry: your application for “%(event)s” was refused.", event=event),
        *(sentence(tongue, rule, code) for rule, code in facts.reasons),
    )
    after = (say("If you think that this is a mistake, please write to the organiser and name your reference."),)
    rows = ((say("Reference"), facts.reference),)
    return _letter(tongue, facts, subject, paragraphs, quoted=facts.words, rows=rows, after=after)


def _amended(tongue: Tongue, facts: MailFacts) -> Letter:
    say = tongue.say
    subject = say("Your application %(reference)s was changed", reference=facts.reference)
    told = say("Your application %(reference)s was changed.", reference=facts.reference)
    return _letter(tongue, facts, subject, (told, _not_you(tongue)))


def _withdrawn(tongue: Tongue, facts: MailFacts) -> Letter:
    say = tongue.say
    subject = say("Your application %(reference)s was withdrawn", reference=facts.reference)
    told = say("Your application %(reference)s was withdrawn.", reference=facts.reference)
    ended = say("If a pass had been prepared for you, it is void.")
    return _letter(tongue, facts, subject, (told, ended, _not_you(tongue)))


def _not_you(tongue: Tongue) -> str:
    return tongue.say("If this was not you, please write to the organiser at once.")


def _focal_point(tongue: Tongue, facts: MailFacts) -> Letter:
    say, event = tongue.say, tongue.of(facts.event.title)
    asked = say(
        "%(name)s has applied for “%(event)s” in the name of your organisation, %(organisation)s.",
        name=facts.name,
        event=event,
        organisation=facts.organisation,
    )
    confirm = say("You are its focal point. If this person speaks for it, please confirm that by the link.")
    again = (say("We have not heard from you yet, and ask you once more."),)
    after = [say("If you do not know this person, please do nothing.")]
    if facts.link_holds_until is not None:
        after.append(say("The link holds until %(day)s.", day=tongue.day(facts.link_holds_until, facts.event.zone)))
    subject = say("Please confirm a delegate of your organisation (%(reference)s)", reference=facts.reference)
    paragraphs = (*(again if facts.kind is Kind.FOCAL_POINT_REMINDER else ()), asked, confirm)
    return _letter(tongue, facts, subject, paragraphs, after=tuple(after))


def pickup_rows(tongue: Tongue, event: Event, hours: tuple[Hours, ...]) -> tuple[tuple[str, str], ...]:
    """What to bring, where, and when the desk is open."""
    documents = (DOCUMENTS[key] for key in DOCUMENTS if key in event.documents.accepted)
    bring = ", ".join(tongue.say(one) for one in documents)
    return (
        (tongue.say("Please bring one of"), bring),
        (tongue.say("Where"), event.pickup_place),
        *((tongue.say("When"), _window(tongue, event, one)) for one in hours),
    )


def _window(tongue: Tongue, event: Event, hours: Hours) -> str:
    day = tongue.day(hours.opens_at, event.zone)
    return f"{day}, {tongue.span(hours.opens_at, hours.closes_at, event.zone)}"


def meeting_rows(tongue: Tongue, event: Event, meetings: tuple[Meeting, ...]) -> tuple[tuple[str, str], ...]:
    """Name, day, hours and room of each meeting."""
    return tuple(
        (
            tongue.of(one.name),
            f"{tongue.day(one.starts_at, event.zone)}, {tongue.span(one.starts_at, one.ends_at, event.zone)}, {one.room}",
        )
        for one in meetings
    )
