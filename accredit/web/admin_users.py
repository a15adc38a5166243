"""Accounts of the staff: who there is, with which roles; links to choose a password; tokens of programs."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4, uuid5

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from wtforms import HiddenField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from accredit.db.session import reading, writing
from accredit.domain.permissions import Role
from accredit.domain.scopes import USUAL, Scope
from accredit.services import account_changes
from accredit.services.accounts import AccountObstacle, AccountRefused, add_token
from accredit.web.account_texts import ABOUT_ROLES, FAULTS, ROLES, SCOPES
from accredit.web.admin_home import acting
from accredit.web.errors import stop
from accredit.web.parts import parts

_TOKEN = "token-"  # noqa: S105 - how the fields of its form begin
LINK_HOLDS = timedelta(hours=48)

blueprint = Blueprint("admin_users", __name__, url_prefix="/admin/users")


class PersonForm(FlaskForm):
    """A new account. `form_id` becomes its id, so that the same form sent twice is one account."""

    form_id = HiddenField()
    name = StringField(
        lazy_gettext("Name to log in with"),
        validators=[
            InputRequired(lazy_gettext("Give the account a name, such as j.doe.")),
            Length(max=75, message=lazy_gettext("Give the account a name of at most 75 letters, such as j.doe.")),
        ],
    )
    roles = SelectMultipleField(
        lazy_gettext("Roles"),
        validators=[InputRequired(lazy_gettext("Choose at least one role: an account without one can do nothing."))],
    )


class RolesForm(FlaskForm):
    """Other roles for an account; `seen` are those that it had when the page was shown."""

    seen = HiddenField()
    roles = SelectMultipleField(
        lazy_gettext("Roles"),
        validators=[InputRequired(lazy_gettext("Choose at least one role: an account without one can do nothing."))],
    )


class TokenForm(FlaskForm):
    """A token for a program. `mark` names this showing of the form, so that a double click makes one."""

    mark = HiddenField()
    scopes = SelectMultipleField(
        lazy_gettext("The program may"),
        validators=[InputRequired(lazy_gettext("Choose at least one thing that the program may do."))],
    )


def _scope_choices() -> list[tuple[str, str]]:
    return [(scope.value, str(SCOPES[scope])) for scope in Scope]


def _choices() -> list[tuple[str, str]]:
    return [(role.value, f"{ROLES[role]}: {ABOUT_ROLES[role]}") for role in Role]


@blueprint.get("")
def overview() -> str:
    """All accounts."""
    with reading(parts().engine) as session:
        lines = account_changes.account_lines(session, acting())
    return render_template("staff/admin/users.html", lines=lines, role_names=ROLES)


@blueprint.route("/add", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """A new account; the link to choose its password is made on its own page."""
    form = PersonForm()
    form.roles.choices = _choices()
    if not form.is_submitted():
        form.form_id.data = str(uuid4())
    elif form.validate():
        made = _added(form)
        if made is not None:
            flash(_("The account is there. Make a link now, with which the person chooses a password."), "done")
            return redirect(url_for("admin_users.one", account_id=made))
    return render_template("staff/admin/user_add.html", form=form), 400 if form.is_submitted() else 200


def _added(form: PersonForm) -> UUID | None:
    with writing(parts().engine) as session:
        roles = [Role(one) for one in form.roles.data or ()]
        name = str(form.name.data).strip()
        # The name belongs to it: the same form with another name, after a step back, is another account.
        account_id = uuid5(_uuid(form.form_id.data), name)
        made = account_changes.add_person(session, acting(), account_id, name, roles)
        if isinstance(made, AccountRefused):
            form.name.errors = [str(FAULTS[made.code])]
            return None
        session.commit()
    return made


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return uuid4()


@blueprint.get("/<uuid:account_id>")
def one(account_id: UUID) -> str:
    """One account, with everything that can be changed about it."""
    return _page(account_id)


def _page(account_id: UUID, form: RolesForm | None = None, token_form: TokenForm | None = None, **shown: object) -> str:
    with reading(parts().engine) as session:
        line = account_changes.account_line(session, acting(), account_id)
        if line is None:
            stop(404, "not_found", _("There is no such account."))
        tokens = account_changes.tokens_of(session, acting(), account_id)
    if form is None:
        held = sorted(role.value for role in line.roles)
        form = RolesForm(formdata=None, seen=",".join(held), roles=held)
    form.roles.choices = _choices()
    if token_form is None:
        token_form = TokenForm(
            formdata=None, prefix=_TOKEN, mark=secrets.token_hex(16), scopes=[scope.value for scope in USUAL]
        )
    token_form.scopes.choices = _scope_choices()
    is_own = current_user.actor.name == f"user:{line.name}"
    told = {
        "line": line,
        "tokens": tokens,
        "form": form,
        "token_form": token_form,
        "is_own": is_own,
        "role_names": ROLES,
        "scope_names": {scope.value: text for scope, text in SCOPES.items()},
    }
    return render_template("staff/admin/user.html", **{**told, **shown})


@blueprint.post("/<uuid:account_id>/roles")
def roles(account_id: UUID) -> ResponseReturnValue:
    """Gives the account other roles."""
    form = RolesForm()
    form.roles.choices = _choices()
    if not form.validate():
        return _page(account_id, form), 400
    known = {role.value for role in Role}
    seen = [Role(one) for one in str(form.seen.data).split(",") if one in known]
    chosen = [Role(one) for one in form.roles.data or ()]
    return _changed(
        account_id,
        lambda session: account_changes.change_roles(session, acting(), account_id, chosen, seen=seen),
        _("The roles are changed. They hold from the next page on that the person opens."),
    )


@blueprint.post("/<uuid:account_id>/active")
def active(account_id: UUID) -> ResponseReturnValue:
    """Puts the account out of use, or back into it."""
    wanted = request.form.get("active") == "yes"
    told = _("The account is in use again.") if wanted else _("The account is out of use: nobody can log in with it.")
    return _changed(account_id, lambda session: account_changes.set_active(session, acting(), account_id, wanted), told)


@blueprint.post("/<uuid:account_id>/second-step")
def second_step(account_id: UUID) -> ResponseReturnValue:
    """Forgets a lost telephone."""
    return _changed(
        account_id,
        lambda session: account_changes.reset_second_step(session, acting(), account_id),
        _("The telephone is forgotten. The person sets up another one at the next log-in."),
    )


def _changed(account_id: UUID, change: Callable[[Session], AccountRefused | None], told: str) -> ResponseReturnValue:
    with writing(parts().engine) as session:
        refused = change(session)
        if refused is None:
            session.commit()
    flash(told if refused is None else str(FAULTS[refused.code]), "done" if refused is None else "fault")
    if refused is not None and refused.code is AccountObstacle.UNKNOWN:
        return redirect(url_for("admin_users.overview"))
    return redirect(url_for("admin_users.one", account_id=account_id))


@blueprint.post("/<uuid:account_id>/link")
def link(account_id: UUID) -> ResponseReturnValue:
    """Ends the password and shows, once, the link with which the person chooses a new one."""
    with writing(parts().engine) as session:
        mark = account_changes.forget_password(session, acting(), account_id)
        if isinstance(mark, AccountRefused):
            flash(str(FAULTS[mark.code]), "fault")
            return redirect(url_for("admin_users.one", account_id=account_id))
        session.commit()
    signed = signer().dumps([account_id.hex, mark])
    address = parts().base_url + url_for("choose_password.choose", link=signed)
    return _shown_once(_page(account_id, link=address))


@blueprint.post("/<uuid:account_id>/tokens")
def token(account_id: UUID) -> ResponseReturnValue:
    """Makes a token for a program, and shows it once."""
    form = TokenForm(prefix=_TOKEN)
    form.scopes.choices = _scope_choices()
    if not form.validate():
        return _page(account_id, token_form=form), 400
    scopes = [Scope(one) for one in form.scopes.data or ()]
    with writing(parts().engine) as session:
        line = account_changes.account_line(session, acting(), account_id)
        if line is None:
            stop(404, "not_found", _("There is no such account."))
        made = add_token(session, acting(), line.name, scopes=scopes, form=_mark_of(form))
        if isinstance(made, AccountRefused):
            flash(_("An account that is out of use gets no token. Put it back into use first."), "fault")
            return redirect(url_for("admin_users.one", account_id=account_id))
        session.commit()
    return _shown_once(_page(account_id, token=made))


def _mark_of(form: TokenForm) -> str:
    """The same form with other scopes, after a step back, is another token."""
    mark = (form.mark.data or "")[:64]
    return f"{mark} {' '.join(sorted(form.scopes.data or ()))}" if mark else ""


@blueprint.post("/<uuid:account_id>/tokens/<uuid:token_id>/end")
def end_token(account_id: UUID, token_id: UUID) -> ResponseReturnValue:
    """Ends a token."""
    with writing(parts().engine) as session:
        ended = account_changes.end_token(session, acting(), account_id, token_id)
        session.commit()
    flash(_("The token is ended.") if ended else _("This token was ended already."), "done" if ended else "note")
    return redirect(url_for("admin_users.one", account_id=account_id))


def _shown_once(page: str) -> Response:
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def signer() -> URLSafeTimedSerializer:
    """Signs the links; they hold for two days."""
    return URLSafeTimedSerializer(parts().session_key, salt="choose a password")


def opened(link: str) -> tuple[UUID, str] | None:
    """The account and the mark in a link; None for one that is forged or too old."""
    try:
        account, mark = signer().loads(link, max_age=int(LINK_HOLDS.total_seconds()))
        return UUID(hex=str(account)), str(mark)
    except (BadSignature, ValueError, TypeError):
        return None
