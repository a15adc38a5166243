"""One's own account: name, roles, password, second step."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user, login_user
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from accredit.db.session import reading, writing
from accredit.services import log_ins, passwords, second_step
from accredit.services.accounts import AccountObstacle, AccountRefused
from accredit.web.parts import parts
from accredit.web.staff import StaffUser, note_failure, too_often

blueprint = Blueprint("account", __name__)

_FAULTS = {
    AccountObstacle.SHORT_PASSWORD: lazy_gettext(
        "Choose a new password of 12 to 200 characters; a sentence is easy to keep in mind."
    ),
    AccountObstacle.WEAK_PASSWORD: lazy_gettext(
        "This new password is easily guessed: it holds your name, or few different characters. Choose another."
    ),
}


class PasswordForm(FlaskForm):
    """The password until now, and the new one twice."""

    current = PasswordField(
        lazy_gettext("Your password until now"),
        validators=[InputRequired(lazy_gettext("Please type your password until now.")), Length(max=200)],
    )
    new = PasswordField(
        lazy_gettext("New password"), validators=[InputRequired(lazy_gettext("Please type a new password."))]
    )
    again = PasswordField(
        lazy_gettext("The new password once more"),
        validators=[EqualTo("new", lazy_gettext("The new password reads differently the second time. Type it again."))],
    )


@blueprint.get("/account")
def show() -> str:
    """Who one is here, and what one may change."""
    with reading(parts().engine) as database:
        left = second_step.codes_left(database, current_user.known.id)
    return render_template("staff/account.html", known=current_user.known, codes_left=left)


@blueprint.route("/account/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Another password; sessions in other browsers end with it."""
    form = PasswordForm()
    if form.validate_on_submit() and _changed(form):
        flash(_("Your password is changed. Other browsers in which you were logged in have to log in again."), "done")
        return redirect(url_for("account.show"))
    return render_template("staff/password.html", form=form), 400 if form.is_submitted() else 200


def _changed(form: PasswordForm) -> bool:
    """Whether the password was changed; if not, the form says why."""
    here, known = parts(), current_user.known
    context = here.context(known.actor)
    with reading(here.engine) as database:
        shown = log_ins.first_step(database, context, known.name, str(form.current.data))
    if shown is None:
        note_failure(known.name)
        form.current.errors = [_("This is not your password. Please type it again.")]
        return False
    if isinstance(shown, log_ins.Closed):
        form.current.errors = [too_often(shown)]
        return False
    with writing(here.engine) as database:
        refused = passwords.change(database, context, known.id, str(form.new.data))
        renewed = log_ins.find(database, known.id)
        database.commit()
    if isinstance(refused, AccountRefused):
        form.new.errors = [str(_FAULTS.get(refused.code, refused.message))]
        return False
    if renewed is not None:
        login_user(StaffUser(renewed))
    return True
