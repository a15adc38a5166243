"""Log-in of the staff: password, then the second step, then the session of a shift."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Flask, Request, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from accredit.db.session import reading, writing
from accredit.services import log_ins, second_step
from accredit.services.context import Actor
from accredit.services.log_ins import Closed, Known
from accredit.web.languages import clear_session
from accredit.web.menu import first_page
from accredit.web.parts import parts

A_SHIFT = timedelta(hours=12)
HALFWAY = timedelta(minutes=10)
"""How long somebody who gave the password may take for the second step."""

_ELSEWHERE = re.compile(r"//|.*[\\\x00-\x20]")
_WITHOUT_SESSION = ("/api/", "/static/", "/bootstrap/static/", "/health", "/ready")
_HALF = "halfway"

blueprint = Blueprint("staff", __name__)


class StaffUser(UserMixin):
    """A member of staff as the log-in library wants it; `id` names the account and the state of its password."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.id = f"{known.id}.{known.seal}"

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.known.actor

    @property
    def name(self) -> str:
        """The account's name."""
        return self.known.name


class StaffSessions(SecureCookieSessionInterface):
    """Sessions for pages alone: elsewhere a cookie opens nothing, none is read or set, and no answer varies by it."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a page; an empty one that is never saved for everything else."""
        if request.path.startswith(_WITHOUT_SESSION):
            return self.make_null_session(app)
        return super().open_session(app, request)


class LogInForm(FlaskForm):
    """Name and password of the staff."""

    name = StringField(
        lazy_gettext("Name"), validators=[InputRequired(lazy_gettext("Please type your name.")), Length(max=80)]
    )
    password = PasswordField(
        lazy_gettext("Password"),
        validators=[InputRequired(lazy_gettext("Please type your password.")), Length(max=200)],
    )


class CodeForm(FlaskForm):
    """The six digits of the telephone, or a recovery code."""

    code = StringField(
        lazy_gettext("Code"), validators=[InputRequired(lazy_gettext("Please type the code.")), Length(max=40)]
    )


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
    """Whoever this session is of; a session from before the password or the second step changed has ended."""
    try:
        wanted = UUID(identity.partition(".")[0])
    except ValueError:
        return None
    with reading(parts().engine) as database:
        known = log_ins.find(database, wanted)
    user = StaffUser(known) if known is not None else None
    return user if user is not None and user.id == identity else None


@blueprint.route("/log-in", methods=["GET", "POST"])
def log_in() -> ResponseReturnValue:
    """The first step: name and password."""
    form = LogInForm()
    if not form.validate_on_submit():
        return render_template("staff/log_in.html", form=form), 400 if form.is_submitted() else 200
    name = str(form.name.data)
    context = parts().context(log_ins.AT_THE_DOOR)
    with reading(parts().engine) as database:
        known = log_ins.first_step(database, context, name, str(form.password.data))
    if isinstance(known, Known):
        return _after_password(known)
    if known is None:
        note_failure(name)
        wrong = _("Name and password do not fit together. Please try again.")
        return render_template("staff/log_in.html", form=form, wrong=wrong), 401
    return render_template("staff/log_in.html", form=form, wrong=too_often(known)), 429


def _after_password(known: Known) -> ResponseReturnValue:
    onward = onward_address()
    if not known.has_second_step and not parts().wants_second_step:
        begin_session(known)
        return redirect(onward or first_page())
    clear_session()  # whatever somebody put into this browser before is not taken along
    session[_HALF] = [StaffUser(known).id, parts().clock().timestamp()]
    return redirect(url_for("staff.code" if known.has_second_step else "second_step.set_first", to=onward or None))


def halfway() -> Known | None:
    """Whoever gave the right password in this browser a few minutes ago, and still has to do the second step."""
    identity, since = session.get(_HALF) or ("", 0)
    user = _load(identity) if parts().clock().timestamp() - since < HALFWAY.total_seconds() else None
    return user.known if user is not None else None


@blueprint.route("/log-in/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """The second step: a code of the telephone, or a recovery code."""
    known = halfway()
    if known is None or not known.has_second_step:
        return redirect(url_for("staff.log_in", to=onward_address() or None))
    form, wrong, status = CodeForm(), "", 200
    if form.validate_on_submit():
        wrong, status = _checked(known, str(form.code.data))
        if not wrong:
            begin_session(known)
            return redirect(onward_address() or first_page())
    elif form.is_submitted():
        status = 400
    return render_template("staff/code.html", form=form, wrong=wrong), status


def _checked(known: Known, typed: str) -> tuple[str, int]:
    """What is wrong with the code, and the status that says so; nothing when it is right."""
    here = parts()
    context = here.context(known.actor)
    with writing(here.engine) as database:
        closed = log_ins.closed_until(database, context, known.name)
        fits = closed is None and second_step.check(database, context, known.id, typed, at=here.machine_clock())
        database.commit()
    if closed is not None:
        return too_often(closed), 429
    if fits:
        return "", 200
    note_failure(known.name)
    return _("This code does not fit, or was used already. Wait for the next one on your telephone."), 401


def begin_session(known: Known) -> None:
    """The log-in is complete."""
    with writing(parts().engine) as database:
        log_ins.note_success(database, parts().context(known.actor), known)
        database.commit()
    clear_session()
    login_user(StaffUser(known))


def note_failure(name: str) -> None:
    """Writes a failed log-in down."""
    with writing(parts().engine) as database:
        log_ins.note_failure(database, parts().context(log_ins.AT_THE_DOOR), name)
        database.commit()


def too_often(closed: Closed) -> str:
    """What somebody reads who failed too often."""
    left = (closed.until - parts().clock()).total_seconds()
    minutes = max(1, round(left / 60))
    return str(
        ngettext(
            "Too many attempts under this name. Please try again in a minute.",
            "Too many attempts under this name. Please try again in %(num)d minutes.",
            minutes,
        )
    )


def onward_address() -> str:
    """Where the log-in leads to, if the address names a path of ours."""
    return within(request.args.get("to", ""))


def within(address: str) -> str:
    """The address if it is a path of ours, else nothing: a link in a mail must not lead staff elsewhere after the log-in.

    Browsers read a backslash as a slash and drop tabs and line ends, so a path with either could name another host.
    """
    return address if address.startswith("/") and not _ELSEWHERE.match(address) else ""


@blueprint.post("/log-out")
def log_out() -> ResponseReturnValue:
    """Ends the session."""
    if current_user.is_authenticated:
        with writing(parts().engine) as database:
            log_ins.note_end(database, parts().context(current_user.actor), current_user.name)
            database.commit()
    logout_user()
    clear_session()
    return redirect(url_for("pages.home"))
