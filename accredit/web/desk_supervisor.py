"""The supervisor at the desk: who left the line with a number, and the hours of the pick-up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, StringField, TimeField
from wtforms.validators import InputRequired, Length

from accredit.db.session import reading, writing
from accredit.domain.slips import SlipOutcome
from accredit.services.desk_hours import HoursObstacle, HoursRefused, openings, widen
from accredit.services.slips import SlipRefused, open_slips, settle, settled_slips
from accredit.web.desk import loaded, who
from accredit.web.desk_texts import SLIP_ENDS, cause
from accredit.web.parts import parts

LATELY = timedelta(hours=12)
_ENDS = ("back_to_the_desk", "to_a_reviewer", "sent_away")

blueprint = Blueprint("desk_supervisor", __name__, url_prefix="/desk")


class HoursForm(FlaskForm):
    """The hours that are added, in the event's zone."""

    day = DateField(lazy_gettext("Day"), validators=[InputRequired(lazy_gettext("Day: choose one."))])
    opens = TimeField(lazy_gettext("From"), validators=[InputRequired(lazy_gettext("From: write a time, as 17:00."))])
    closes = TimeField(
        lazy_gettext("Until"), validators=[InputRequired(lazy_gettext("Until: write a time, as 19:00."))]
    )
    reason = StringField(
        lazy_gettext("Reason"),
        validators=[
            InputRequired(lazy_gettext("Reason: say in a few words why the desk opens.")),
            Length(max=400, message=lazy_gettext("Reason: at most 400 characters.")),
        ],
    )


_FAULTS = {
    HoursObstacle.NO_REASON: ("reason", lazy_gettext("Reason: say in a few words why the desk opens.")),
    HoursObstacle.BACKWARDS: ("closes", lazy_gettext("Until: write a time after the one at which the desk opens.")),
    HoursObstacle.OVER: ("closes", lazy_gettext("Until: this time is over; write one that is still to come.")),
    HoursObstacle.TOO_LONG: ("closes", lazy_gettext("Until: at most 24 hours at once.")),
}


@blueprint.get("/slips")
def slips() -> str:
    """Who waits, the longest first, and what was settled lately."""
    return _slips_page()


def _slips_page(refusal: str = "", number: int = 0) -> str:
    with reading(parts().engine) as session:
        event = loaded(session)
        now = parts().clock()
        return render_template(
            "staff/desk/slips.html",
            event=event.event,
            waiting=open_slips(session, event),
            settled=settled_slips(session, event, now - LATELY),
            ends={key: SLIP_ENDS[key] for key in _ENDS},
            all_ends=SLIP_ENDS,
            cause=cause,
            refusal=refusal,
            refused_number=number,
        )


@blueprint.post("/slips/<int:number>")
def settle_slip(number: int) -> ResponseReturnValue:
    """Ends a slip otherwise than by handing the pass over."""
    chosen = request.form.get("outcome", "")
    if chosen not in _ENDS:
        return _slips_page(_("Slip %(number)s: choose what came of it.", number=number), number), 400
    with writing(parts().engine) as session:
        reason = request.form.get("reason", "")
        outcome = settle(session, who(), loaded(session), number, SlipOutcome(chosen), reason)
        session.commit()
    if isinstance(outcome, SlipRefused):
        return _slips_page(outcome.message, number), 400
    flash(_("Slip %(number)s is settled.", number=number), "done")
    return redirect(url_for("desk_supervisor.slips"), 303)


@blueprint.get("/hours")
def hours() -> ResponseReturnValue:
    """The hours of the event, those that were added, and the form for more."""
    return _hours_page(HoursForm(formdata=None, day=_today()))


@blueprint.post("/hours")
def add_hours() -> ResponseReturnValue:
    """Adds hours in one act."""
    form = HoursForm()
    if not form.validate_on_submit():
        return _hours_page(form), 400
    with writing(parts().engine) as session:
        event = loaded(session)
        opens_at = datetime.combine(form.day.data or _today(), form.opens.data or time(), event.event.zone)
        closes_at = datetime.combine(opens_at.date(), form.closes.data or time(), event.event.zone)
        outcome = widen(session, who(), event, opens_at, closes_at, form.reason.data or "")
        session.commit()
    if isinstance(outcome, HoursRefused):
        name, words = _FAULTS[outcome.code]
        form[name].errors = [str(words)]
        return _hours_page(form), 400
    flash(_("The desk is open in these hours, too."), "done")
    return redirect(url_for("desk_supervisor.hours"), 303)


def _today() -> date:
    return parts().clock().date()


def _hours_page(form: HoursForm) -> str:
    with reading(parts().engine) as session:
        event = loaded(session)
        added = openings(session, event)
        return render_template("staff/desk/hours.html", event=event.event, form=form, added=added)
