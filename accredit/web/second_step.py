"""The second step, set up: a QR code to scan, a first code to show that it works, and the recovery codes."""

from __future__ import annotations

import base64

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user

from accredit.db.session import writing
from accredit.rendering.codes import qr_png
from accredit.services import log_ins, second_step
from accredit.services.log_ins import Known
from accredit.web.menu import first_page
from accredit.web.parts import parts
from accredit.web.staff import CodeForm, StaffUser, begin_session, halfway, note_failure, onward_address

_SMALLEST_QR = 5

blueprint = Blueprint("second_step", __name__)


@blueprint.route("/log-in/second-step", methods=["GET", "POST"])
def set_first() -> ResponseReturnValue:
    """For whoever gave the password and has no second step yet, where the installation wants one of everybody."""
    known = halfway()
    if known is None or known.has_second_step:
        return redirect(url_for("staff.log_in", to=onward_address() or None))
    return _setting(known, onward_address(), at_log_in=True)


@blueprint.route("/account/second-step", methods=["GET", "POST"])
def set_now() -> ResponseReturnValue:
    """For whoever is logged in and has none."""
    if current_user.known.has_second_step:
        return redirect(url_for("account.show"))
    return _setting(current_user.known, url_for("account.show"), at_log_in=False)


def _setting(known: Known, onward: str, *, at_log_in: bool) -> ResponseReturnValue:
    here, form = parts(), CodeForm()
    context = here.context(known.actor)
    if form.validate_on_submit():
        with writing(here.engine) as database:
            codes = second_step.confirm(database, context, known.id, str(form.code.data), at=here.machine_clock())
            renewed = log_ins.find(database, known.id)
            database.commit()
        if codes is not None and renewed is not None:
            _go_on(renewed, at_log_in)
            return render_template("staff/recovery_codes.html", codes=codes, onward=onward or first_page())
        form.code.errors = [
            _("This code does not fit. Wait for the next one on your telephone, and look at its clock.")
        ]
        if at_log_in:
            note_failure(known.name)
    with writing(here.engine) as database:
        offer = second_step.offer(database, context, known.id)
        database.commit()
    picture = base64.b64encode(qr_png(offer.address, version=_SMALLEST_QR)).decode()
    status = 400 if form.is_submitted() else 200
    letters = " ".join(offer.letters[at : at + 4] for at in range(0, len(offer.letters), 4))
    page = render_template("staff/second_step.html", form=form, picture=picture, letters=letters, must=at_log_in)
    return page, status


def _go_on(renewed: Known, at_log_in: bool) -> None:
    """The session goes on; those in other browsers have ended with the change."""
    if at_log_in:
        begin_session(renewed)
    else:
        login_user(StaffUser(renewed))


@blueprint.route("/account/recovery-codes", methods=["GET", "POST"])
def renew_codes() -> ResponseReturnValue:
    """New recovery codes against a code of the telephone."""
    known: Known = current_user.known
    if not known.has_second_step:
        return redirect(url_for("second_step.set_now"))
    here, form = parts(), CodeForm()
    if form.validate_on_submit():
        context = here.context(known.actor)
        with writing(here.engine) as database:
            codes = second_step.renew_codes(database, context, known.id, str(form.code.data), at=here.machine_clock())
            database.commit()
        if codes is not None:
            return render_template("staff/recovery_codes.html", codes=codes, onward=url_for("account.show"))
        form.code.errors = [_("This code does not fit, or was used already. Wait for the next one on your telephone.")]
    return render_template("staff/renew_codes.html", form=form), 400 if form.is_submitted() else 200
