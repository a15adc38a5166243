"""The pages: the event for everybody; figures and applications for the staff."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from sqlalchemy.orm import Session

from accredit.db.session import reading
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Outcome
from accredit.services.case_files import show
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.review_queue import Narrowing, queue
from accredit.web.errors import stop
from accredit.web.parts import parts

PAGE = 50

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
def applications() -> str:
    """The queue, oldest first, by page."""
    state, outcome, after = (request.args.get(name, "") for name in ("state", "outcome", "after"))
    with reading(parts().engine) as session:
        loaded = _event(session)
        page = queue(
            session,
            loaded,
            Narrowing(
                states=(ApplicationState(state),) if state in set(ApplicationState) else (),
                outcome=Outcome(outcome) if outcome in set(Outcome) else None,
            ),
            after=after or None,
            limit=PAGE,
        )
    return render_template(
        "applications.html",
        event=loaded.event,
        page=page,
        chosen={"state": state, "outcome": outcome},
        states=list(ApplicationState),
        outcomes=list(Outcome),
    )


@blueprint.get("/applications/<reference>")
def application(reference: str) -> str:
    """One application with its findings, decisions and pass."""
    with reading(parts().engine) as session:
        loaded = _event(session)
        shown = show(session, loaded, reference)
    if shown is None:
        stop(404, "not_found", "There is no application of this reference.")
    return render_template("application.html", event=loaded.event, shown=shown)
