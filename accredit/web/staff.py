"""Log-in of the staff: who sits before the screen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Flask, Request, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from accredit.db.session import reading
from accredit.services.accounts import actor_of, check_password, find_account
from accredit.services.context import Actor
from accredit.web.parts import parts

A_SHIFT = timedelta(hours=12)
_ELSEWHERE = re.compile(r"//|.*[\\\x00-\x20]")

_WITHOUT_SESSION = ("/api/", "/static/", "/bootstrap/static/", "/health", "/ready")

blueprint = Blueprint("staff", __name__)


@dataclass(frozen=True, slots=True)
class StaffUser(UserMixin):
    """A member of staff as the log-in library wants it."""

    id: str
    actor: Actor

    @property
    def name(self) -> str:
        """The account's name, without the kind of actor before it."""
        return self.actor.name.partition(":")[2]


class StaffSessions(SecureCookieSessionInterface):
    """Sessions for pages alone: elsewhere a cookie opens nothing, none is read or set, and no answer varies by it."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a page; an empty one that is never saved for everything else."""
        if request.path.startswith(_WITHOUT_SESSION):
            return self.make_null_session(app)
        return super().open_session(app, request)


class LogInForm(FlaskForm):
    """Name and password of the staff."""

    name = StringField("Name", validators=[InputRequired("Please type your name."), Length(max=80)])
    password = PasswordField("Password", validators=[InputRequired("Please type your password."), Length(max=200)])
    submit = SubmitField("Log in")


def set_up(app: Flask) -> None:
    """Loads the member of staff of each request from the session's id."""
    app.session_interface = StaffSessions()
    manager = LoginManager()
    # Its own would look the user up for every page, also for the one that says that there is no database.
    manager.init_app(app, add_context_processor=False)
    app.context_processor(lambda: {"current_user": current_user})
    manager.session_protection = "strong"
    manager.user_loader(_load)


def _load(identity: str) -> StaffUser | None:
    try:
        wanted = UUID(identity)
    except ValueError:
        return None
    with reading(parts().engine) as database:
        account = find_account(database, wanted)
    return StaffUser(identity, actor_of(account)) if account is not None else None


@blueprint.route("/log-in", methods=["GET", "POST"])
def log_in() -> ResponseReturnValue:
    """The staff logs in here."""
    form = LogInForm()
    if not form.validate_on_submit():
        return render_template("log_in.html", form=form, wrong=False), 400 if form.is_submitted() else 200
    with reading(parts().engine) as database:
        account = check_password(database, form.name.data, form.password.data)
    if account is None:
        return render_template("log_in.html", form=form, wrong=True), 401
    session.clear()  # whatever somebody put into this browser before is not taken along
    login_user(StaffUser(str(account.id), actor_of(account)))
    return redirect(within(request.args.get("to", "")) or url_for("pages.overview"))


def within(address: str) -> str:
    """The address if it is a path of ours, else nothing: a link in a mail must not lead staff elsewhere after the log-in.

    Browsers read a backslash as a slash and drop tabs and line ends, so a path with either could name another host.
    """
    return address if address.startswith("/") and not _ELSEWHERE.match(address) else ""


@blueprint.post("/log-out")
def log_out() -> ResponseReturnValue:
    """Ends the session."""
    logout_user()
    session.clear()
    return redirect(url_for("pages.home"))
