"""The focal point of a body confirms its delegate: a page by the signed link, without log-in.

Mail programs open links by themselves; so the page only asks, and its form confirms. Shown are the body, the category and the
name, and nothing any more once the person was confirmed. What the link carries is in the address and written into no log.
"""

from __future__ import annotations

from typing import NoReturn

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accredit.db.session import reading, writing
from accredit.services.context import Actor
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.focal_points import LinkFault, LinkRefused, confirm_by_focal_point, shown_by_link
from accredit.web.errors import problem, stop
from accredit.web.parts import parts

FOCAL_POINT = Actor("focal point")

_STATUS = {LinkFault.EXPIRED: 410, LinkFault.DECIDED: 410}

blueprint = Blueprint("focal", __name__)


@blueprint.get("/focal/<token>")
def show(token: str) -> str:
    """What would be confirmed; nothing is changed by looking."""
    with reading(parts().engine) as session:
        event = _event(session)
        shown = shown_by_link(session, parts().context(FOCAL_POINT), event, token)
    if isinstance(shown, LinkRefused):
        _stop(shown)
    return render_template("applicant/focal.html", event=event.event, shown=shown, token=token)


@blueprint.post("/focal/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Confirms. A second time changes nothing more."""
    with writing(parts().engine) as session:
        done = confirm_by_focal_point(session, parts().context(FOCAL_POINT), _event(session), token)
        if isinstance(done, LinkRefused):
            _stop(done)
        session.commit()
    if not done.again:
        flash(_("Thank you. The confirmation is noted."), "done")
    return redirect(url_for("focal.show", token=token), 303)


def _event(session: Session) -> LoadedEvent:
    loaded = find_event(session, parts().event_key)
    if loaded is None:
        stop(503, "not_ready", _("No event is open here yet."))
    return loaded


def _stop(refused: LinkRefused) -> NoReturn:
    abort(problem(_STATUS.get(refused.code, 404), refused.code.value, _words(refused.code)))


def _words(code: LinkFault) -> str:
    """Why the link does nothing, and what to do."""
    told = {
        LinkFault.EXPIRED: _("This link is too old. Please ask the organizer of the meeting for a new one."),
        LinkFault.DECIDED: _("This application was decided already. Please write to the organizer of the meeting."),
        LinkFault.NOT_ASKED: _("For this event no focal point is asked. There is nothing to confirm."),
    }
    broken = _("This link is not whole. Please copy it from the letter once more, from its first sign to its last.")
    return str(told.get(code, broken))
