"""One alert of a pass that two scanners admitted: both scans, and the word of a person who looked into it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from accredit.db.session import reading, writing
from accredit.services.settled_alerts import (
    LONGEST_REASON,
    AlertNotSettled,
    AlertObstacle,
    open_alert,
    settle_alert,
)
from accredit.web.admin_home import acting, the_event
from accredit.web.errors import stop
from accredit.web.parts import parts

blueprint = Blueprint("split_alerts", __name__, url_prefix="/overview/alerts")

_SAY_WHY = lazy_gettext("Reason: say in a few words what you found.")


class ReasonForm(FlaskForm):
    """What the person who settles the alert found."""

    reason = StringField(
        lazy_gettext("Reason"),
        filters=[lambda typed: typed.strip() if typed else typed],
        validators=[
            DataRequired(_SAY_WHY),
            Length(max=LONGEST_REASON, message=lazy_gettext("Reason: at most 400 characters.")),
        ],
    )


@blueprint.get("/<uuid:alert_id>")
def show(alert_id: UUID) -> ResponseReturnValue:
    """Both scans, and the form."""
    return _page(alert_id, ReasonForm(formdata=None))


@blueprint.post("/<uuid:alert_id>")
def settle(alert_id: UUID) -> ResponseReturnValue:
    """Takes the alert from this page and from the gates."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(alert_id, form, 400)
    with writing(parts().engine) as session:
        outcome = settle_alert(session, acting(), the_event(session), alert_id, form.reason.data or "")
        if isinstance(outcome, AlertNotSettled):
            return _gone(outcome)
        session.commit()
    flash(_("The alert is settled. The gates show it no more after their next list."), "done")
    return redirect(url_for("dashboard.overview"), 303)


def _page(alert_id: UUID, form: ReasonForm, status: int = 200) -> ResponseReturnValue:
    with reading(parts().engine) as session:
        event = the_event(session)
        found = open_alert(session, acting(), event, alert_id)
    if isinstance(found, AlertNotSettled):
        return _gone(found)
    return render_template("staff/split_alert.html", event=event.event, alert=found, form=form), status


def _gone(outcome: AlertNotSettled) -> ResponseReturnValue:
    """Somebody was faster, or it is old: that is news, and no fault."""
    if outcome.code is AlertObstacle.UNKNOWN:
        stop(404, "not_found", _("There is no such alert, or it is more than a day old."))
    by = outcome.settled_by.partition(":")[2] or outcome.settled_by
    flash(_("%(name)s has settled this alert already.", name=by), "warning")
    return redirect(url_for("dashboard.overview"), 303)
