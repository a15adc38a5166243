"""Many decisions after one look: the clear ones are approved, the clearly late are refused. The list comes first."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accredit.db.session import reading, writing
from accredit.services.clear_approvals import MOST_AT_ONCE, approve_clear_ones, clear_ones
from accredit.services.late_refusals import clearly_late, refuse_late
from accredit.services.reviewing import ReviewRefused
from accredit.web.parts import parts
from accredit.web.review import loaded, who
from accredit.web.review_faults import fault

blueprint = Blueprint("review_bulk", __name__, url_prefix="/review")


@blueprint.get("/clear")
def clear() -> str:
    """Who can be approved at once."""
    with reading(parts().engine) as session:
        event = loaded(session)
        listed = clear_ones(session, event)
    return render_template("staff/review/clear.html", event=event.event, listed=listed, left=())


@blueprint.post("/clear")
def approve_clear() -> ResponseReturnValue:
    """Approves those of the list that was shown, as they were shown."""
    with writing(parts().engine) as session:
        event = loaded(session)
        report = approve_clear_ones(session, who(), event, _looked_at())
        session.commit()
        listed = clear_ones(session, event)
    done = len(report.approved)
    flash(ngettext("%(num)d application is approved.", "%(num)d applications are approved.", done), "done")
    if not report.left:
        return redirect(url_for("review_bulk.clear") if listed.total else url_for("review.show_queue"))
    return render_template("staff/review/clear.html", event=event.event, listed=listed, left=_told(report.left))


@blueprint.get("/late")
def late() -> str:
    """Who is late by a day or more, and what each is told."""
    with reading(parts().engine) as session:
        event = loaded(session)
        found = clearly_late(session, event)
    return render_template(
        "staff/review/late.html", event=event.event, rows=found[:MOST_AT_ONCE], total=len(found), left=()
    )


@blueprint.post("/late")
def refuse_clearly_late() -> ResponseReturnValue:
    """Refuses those of the list that was shown, each with the words of its own finding."""
    with writing(parts().engine) as session:
        event = loaded(session)
        report = refuse_late(session, who(), event, request.form.getlist("reference")[:MOST_AT_ONCE])
        session.commit()
        found = clearly_late(session, event)
    done = len(report.refused)
    flash(ngettext("%(num)d application is refused.", "%(num)d applications are refused.", done), "done")
    if not report.left:
        return redirect(url_for("review_bulk.late") if found else url_for("review.show_queue"))
    return render_template(
        "staff/review/late.html",
        event=event.event,
        rows=found[:MOST_AT_ONCE],
        total=len(found),
        left=_told(report.left),
    )


def _looked_at() -> dict[str, int]:
    """Reference → version of each row that was sent; a row that was tampered with has version 0, which nobody has."""
    pairs = (value.rpartition("/") for value in request.form.getlist("shown")[:MOST_AT_ONCE])
    return {
        reference: int(version) if version.isdecimal() and len(version) < 9 else 0
        for reference, _slash, version in pairs
    }


def _told(left: tuple[tuple[str, ReviewRefused], ...]) -> list[tuple[str, str]]:
    return [(reference or _("unreadable"), fault(why)) for reference, why in left]
