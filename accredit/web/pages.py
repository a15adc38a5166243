"""The first page, for everybody; and where pages of the staff stood before."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from accredit.db.session import reading
from accredit.domain.events import Hours
from accredit.services.desk_hours import hours_to_come
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.web.parts import parts

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    """What the event is, when and where the pass is picked up."""
    with reading(parts().engine) as session:
        loaded = find_event(session, parts().event_key)
        hours = _hours(session, loaded) if loaded else []
    return render_template("home.html", event=loaded.event if loaded else None, hours=hours)


def _hours(session: Session, loaded: LoadedEvent) -> list[Hours]:
    """When the desk is open from now on, in the time of the place."""
    zone = loaded.event.zone
    told = hours_to_come(session, loaded, parts().clock())
    return [Hours(one.opens_at.astimezone(zone), one.closes_at.astimezone(zone)) for one in told]


@blueprint.get("/applications")
def applications() -> ResponseReturnValue:
    """Where the queue stood before; links to it are in mails and minutes."""
    state, outcome = request.args.get("state") or "all", request.args.get("outcome") or None
    return redirect(url_for("review.show_queue", state=state, outcome=outcome, after=request.args.get("after")))


@blueprint.get("/applications/<reference>")
def application(reference: str) -> ResponseReturnValue:
    """Where one application stood before."""
    return redirect(url_for("review.show", reference=reference))
