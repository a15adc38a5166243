"""The pages: the event for everybody; figures and applications for the staff."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from accredit.db.session import reading
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.web.errors import stop
from accredit.web.parts import parts

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    """What the event is, when and where the pass is picked up."""
    with reading(parts().engine) as session:
        loaded = find_event(session, parts().event_key)
    return render_template(
        "home.html",
        event=loaded.event if loaded else None,
        apply_at=_served("apply.begin"),
        status_at=_served("status.begin"),
    )


def _served(endpoint: str) -> str:
    """The endpoint, where this service has it."""
    return endpoint if endpoint in current_app.view_functions else ""


def _event(session: Session) -> LoadedEvent:
    """The event that this service shows; ends the request where there is none."""
    loaded = find_event(session, parts().event_key)
    if loaded is None:
        stop(503, "not_ready", "No event is loaded yet: an administrator loads it first.")
    return loaded


@blueprint.get("/applications")
def applications() -> ResponseReturnValue:
    """Where the queue stood before; links to it are in mails and minutes."""
    state, outcome = request.args.get("state") or "all", request.args.get("outcome") or None
    return redirect(url_for("review.show_queue", state=state, outcome=outcome, after=request.args.get("after")))


@blueprint.get("/applications/<reference>")
def application(reference: str) -> ResponseReturnValue:
    """Where one application stood before."""
    return redirect(url_for("review.show", reference=reference))
