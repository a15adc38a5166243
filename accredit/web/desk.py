"""The desk's screen: one field takes everything, one card is open, one key does the next step.

What a reader typed travels in the page and in forms, never in an address, and is kept nowhere. The steps stand in
`desk_steps`, documents that are typed by hand in `desk_typing`, photos in `desk_photo`, slips and hours in `desk_supervisor`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from accredit.db.session import reading
from accredit.domain.permissions import Permission, allowed
from accredit.services.case_attachments import photo_of
from accredit.services.context import Context
from accredit.services.desk_card import Card, Next, card_of
from accredit.services.desk_documents import TypedDocument, read_typed
from accredit.services.desk_search import Found, find, have_photo, is_zone
from accredit.services.desk_undo import undoable
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.queue_clock import queue_clock
from accredit.services.references import find_application
from accredit.services.slips import count_open
from accredit.web.desk_sentences import zone_said
from accredit.web.desk_texts import CAUSES, LINES, cause, reasons_for, reprint_reason
from accredit.web.errors import stop
from accredit.web.parts import parts
from accredit.web.telling import said

LONGEST_TYPED = 2000

blueprint = Blueprint("desk", __name__, url_prefix="/desk")


def who() -> Context:
    """The use of the house by whoever is logged in."""
    return parts().context(current_user.actor)


def loaded(session: Session) -> LoadedEvent:
    """The event that this service shows; ends the request where there is none."""
    found = find_event(session, parts().event_key)
    if found is None:
        stop(503, "not_ready", _("No event is loaded yet: an administrator loads it first."))
    return found


def is_supervisor() -> bool:
    """Whether whoever is logged in may give the supervisor's word."""
    return allowed(current_user.actor.roles, Permission.PICKUP_OVERRIDE)


@blueprint.get("")
def show() -> str:
    """The empty field: the next person."""
    slip = request.args.get("slip", "")
    with reading(parts().engine) as session:
        return screen(session, loaded(session), slip=slip if slip.isdecimal() else "")


@blueprint.post("/find")
def find_person() -> ResponseReturnValue:
    """Whoever fits what was scanned or typed: one card, or a list to choose from."""
    typed = request.form.get("typed", "")[:LONGEST_TYPED]
    chosen, opened = request.form.get("chosen", ""), request.form.get("open", "")
    if not typed.strip() and not chosen:
        return show()
    with reading(parts().engine) as session:
        event = loaded(session)
        if chosen or (opened and is_zone(typed)):
            return card_page(session, event, chosen or opened, request.form.get("document", "") if chosen else typed)
        found = find(session, who(), event, typed)
        if len(found.people) == 1:
            document = typed if found.zone is not None else ""
            return card_page(session, event, found.people[0].reference, document)
        return screen(session, event, found=found, document=typed if found.zone is not None else "")


@blueprint.get("/card/<reference>")
def card(reference: str) -> ResponseReturnValue:
    """The card of one person, before a document was read or after the pick-up."""
    with reading(parts().engine) as session:
        return card_page(session, loaded(session), reference, "")


def card_page(
    session: Session, event: LoadedEvent, reference: str, document: str, *, refusal: str = ""
) -> ResponseReturnValue:
    """The screen with the card of this person, and the document that was shown."""
    application = find_application(session, event, reference)
    if application is None:
        stop(404, "not_found", _("There is no application of this reference."))
    through = request.form.get("through", "").strip()[:200]
    shown = document_in(document, event)
    opened = card_of(session, who(), event, application, shown, through=through)
    page = screen(session, event, card=opened, document=document, through=through, refusal=refusal)
    return (page, 409) if refusal else page


def document_in(text: str, event: LoadedEvent) -> str | TypedDocument | None:
    """The document that a form carries: a zone as it was read, or JSON of what was typed by hand."""
    if not text.lstrip().startswith("{"):
        return text if text.strip() else None
    try:
        told = json.loads(text)
    except ValueError:
        return None
    if not isinstance(told, Mapping):
        return None
    today = parts().clock().astimezone(event.event.zone).date()
    read = read_typed({str(name): str(value) for name, value in told.items()}, event.event, today)
    return read if isinstance(read, TypedDocument) else None


def screen(
    session: Session,
    event: LoadedEvent,
    *,
    card: Card | None = None,
    found: Found | None = None,
    document: str = "",
    through: str = "",
    refusal: str = "",
    slip: str = "",
) -> str:
    """The whole screen."""
    context = who()
    people = found.people if found is not None else (card.application,) if card is not None else ()
    codes = [finding.code.value for finding in card.findings if finding.colour.value != "green"] if card else []
    return render_template(
        "staff/desk/desk.html",
        event=event.event,
        card=card,
        found=found,
        document=document,
        through=through,
        refusal=refusal,
        slip=slip,
        next=Next,
        lines=LINES,
        causes=CAUSES,
        cause=cause,
        said=said,
        zone_said=zone_said,
        reasons=reasons_for(codes, at_my_word=card is not None and card.next is Next.AT_MY_WORD),
        reprint_reason=reprint_reason(),
        printed=sum(1 + badge.reprints for badge in card.held.badges)
        if card is not None and card.held is not None
        else 0,
        with_photo=have_photo(session, people),
        print_now=card is not None and card.next is Next.PRINT and request.args.get("print") == "now",
        # Before a person stands there; with a card open, the officer looks at the card.
        undoable=undoable(session, context, event) if card is None else (),
        clock=queue_clock(session, event, context.now()) if card is None else None,
        waiting=count_open(session, event) if is_supervisor() else 0,
        is_supervisor=is_supervisor(),
    )


@blueprint.get("/clock")
def clock() -> str:
    """The clock of the queue alone; the page's script asks for it while nobody is there."""
    with reading(parts().engine) as session:
        event = loaded(session)
        told = queue_clock(session, event, parts().clock())
    return render_template("staff/desk/clock.html", clock=told, event=event.event)


@blueprint.get("/photo/<reference>.jpg")
def photo(reference: str) -> Response:
    """The photo on the card."""
    with reading(parts().engine) as session:
        picture = photo_of(session, loaded(session), reference)
    if picture is None:
        stop(404, "not_found", _("There is no photo."))
    answer = Response(picture, mimetype="image/jpeg")
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@blueprint.get("/help")
def help_page() -> str:
    """What to do when: keys, and the cases that come up."""
    return render_template("staff/desk/help.html")
