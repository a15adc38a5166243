"""Where somebody new, or somebody who forgot it, chooses a password by a link that an administrator made. It works once."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from accredit.db.session import reading, writing
from accredit.services import account_changes
from accredit.services.accounts import AccountObstacle
from accredit.services.context import Actor
from accredit.web.account_texts import FAULTS
from accredit.web.admin_users import opened
from accredit.web.parts import parts

blueprint = Blueprint("choose_password", __name__)


class NewPasswordForm(FlaskForm):
    """A password, twice."""

    new = PasswordField(
        lazy_gettext("New password"), validators=[InputRequired(lazy_gettext("Please type a password."))]
    )
    again = PasswordField(
        lazy_gettext("The new password once more"),
        validators=[EqualTo("new", lazy_gettext("The password reads differently the second time. Type it again."))],
    )


@blueprint.route("/choose-password/<link>", methods=["GET", "POST"])
def choose(link: str) -> ResponseReturnValue:
    """The form; afterwards the link is used up."""
    form, told = NewPasswordForm(), opened(link)
    with reading(parts().engine) as session:
        name = account_changes.waits_for_password(session, *told) if told is not None else None
    if told is None or name is None:
        return render_template("staff/choose_password.html", form=None, name=""), 410
    if form.validate_on_submit():
        with writing(parts().engine) as session:
            context = parts().context(Actor(f"user:{name}"))
            refused = account_changes.choose_password(session, context, *told, str(form.new.data))
            if refused is None:
                session.commit()
                flash(_("Your password is chosen. Log in with it now."), "done")
                return redirect(url_for("staff.log_in"))
        if refused.code is AccountObstacle.LINK_USED:
            return render_template("staff/choose_password.html", form=None, name=""), 410
        form.new.errors = [str(FAULTS[refused.code])]
    return render_template("staff/choose_password.html", form=form, name=name), 400 if form.is_submitted() else 200
