"""The pages: the event for everybody; figures and applications for the staff."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from accredit.db.session import reading
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Outcome
from accredit.services import accounts, figures
from accredit.services.case_files import show
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.review_queue import queue
from accredit.web.errors import problem
from accredit.web.parts import parts
from accredit.web.staff import StaffUser

blueprint = Blueprint("pages", __name__)


class LogInForm(FlaskForm):
    """Name and password of the staff."""

    name = StringField("Name", validators=[InputRequired("Please type your name."), Length(max=80)])
    password = PasswordField("Password", validators=[InputRequired("Please type your password."), Length(max=200)])
    submit = SubmitField("Log in")


@blueprint.get("/")
def home() -> str:
    """What the event is, when and where the pass is picked up."""
    with reading(parts().engine) as session:
        loaded = find_event(session, parts().event_key)
    return render_template("home.html", event=loaded.event if loaded else None)


@blueprint.route("/log-in", methods=["GET", "POST"])
def log_in() -> ResponseReturnValue:
    """The staff logs in here."""
    form = LogInForm()
    if not form.validate_on_submit():
        return render_template("log_in.html", form=form, wrong=False), 400 if form.is_submitted() else 200
    with reading(parts().engine) as session:
        account = accounts.check_password(session, form.name.data, form.password.data)
    if account is None:
        return render_template("log_in.html", form=form, wrong=True), 401
    login_user(StaffUser(str(account.id), accounts.actor_of(account)))
    return redirect(_within(request.args.get("to", "")) or url_for("pages.overview"))


def _within(address: str) -> str:
    """The address if it is a path of ours; a link in a mail must not send staff elsewhere after they logged in."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else ""


@blueprint.post("/log-out")
def log_out() -> ResponseReturnValue:
    """Ends the session."""
    logout_user()
    return redirect(url_for("pages.home"))


def _loaded() -> LoadedEvent | Response:
    with reading(parts().engine) as session:
        found = find_event(session, parts().event_key)
    return found or problem(503, "not_ready", "No event is loaded yet: an administrator loads it first.")


@blueprint.get("/overview")
def overview() -> ResponseReturnValue:
    """Figures of the event; counts alone, no names."""
    loaded = _loaded()
    if isinstance(loaded, Response):
        return loaded
    with reading(parts().engine) as session:
        counted = figures.figures(session, parts().context(current_user.actor), loaded)
    return render_template("overview.html", event=loaded.event, figures=counted)


@blueprint.get("/applications")
def applications() -> ResponseReturnValue:
    """The queue, oldest first, by page."""
    loaded = _loaded()
    if isinstance(loaded, Response):
        return loaded
    chosen = {name: request.args.get(name, "") for name in ("state", "outcome", "after")}
    with reading(parts().engine) as session:
        page = queue(
            session,
            loaded,
            state=ApplicationState(chosen["state"]) if chosen["state"] in set(ApplicationState) else None,
            outcome=Outcome(chosen["outcome"]) if chosen["outcome"] in set(Outcome) else None,
            after=chosen["after"] or None,
            limit=50,
        )
    return render_template("applications.html", event=loaded.event, page=page, chosen=chosen, user=current_user)


@blueprint.get("/applications/<reference>")
def application(reference: str) -> ResponseReturnValue:
    """One application with its findings, decisions and pass."""
    loaded = _loaded()
    if isinstance(loaded, Response):
        return loaded
    with reading(parts().engine) as session:
        shown = show(session, loaded, reference)
    if shown is None:
        return problem(404, "not_found", "There is no application of this reference.")
    return render_template("application.html", event=loaded.event, shown=shown)
