"""Jobs in the background: how far they are, why they failed; stopped and tried again."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from accredit.db.session import reading, writing
from accredit.services import job_control
from accredit.services.event_loading import find_event
from accredit.web.admin_home import acting
from accredit.web.errors import stop
from accredit.web.parts import parts

blueprint = Blueprint("admin_jobs", __name__, url_prefix="/admin/jobs")

KINDS = {
    "print": lazy_gettext("Print badges"),
    "send": lazy_gettext("Send to a printer"),
    "outlook": lazy_gettext("Whose outcome would change"),
}
STATES = {
    "waiting": lazy_gettext("waits"),
    "running": lazy_gettext("runs"),
    "done": lazy_gettext("done"),
    "failed": lazy_gettext("failed"),
    "cancelled": lazy_gettext("stopped"),
}


@blueprint.get("")
def overview() -> str:
    """The newest jobs."""
    return render_template("staff/admin/jobs.html", **_all())


@blueprint.get("/pieces")
def pieces() -> str:
    """What of that page changes with time; its script asks for it."""
    return render_template("staff/admin/jobs_pieces.html", **_all())


def _all() -> dict[str, object]:
    with reading(parts().engine) as session:
        event = find_event(session, parts().event_key)
        lines = job_control.job_lines(session, acting())
    return {"lines": lines, "kinds": KINDS, "states": STATES, "zone": event.event.zone if event is not None else None}


@blueprint.get("/<uuid:job_id>")
def one(job_id: UUID) -> str:
    """One job with what it found."""
    return render_template("staff/admin/job.html", **_one(job_id))


@blueprint.get("/<uuid:job_id>/pieces")
def pieces_of_one(job_id: UUID) -> str:
    """What of that page changes with time."""
    return render_template("staff/admin/job_pieces.html", **_one(job_id))


def _one(job_id: UUID) -> dict[str, object]:
    with reading(parts().engine) as session:
        event = find_event(session, parts().event_key)
        line = job_control.job_line(session, acting(), job_id)
    if line is None:
        stop(404, "not_found", _("There is no such job."))
    return {"job": line, "kinds": KINDS, "states": STATES, "zone": event.event.zone if event is not None else None}


@blueprint.post("/<uuid:job_id>/stop")
def cancel(job_id: UUID) -> ResponseReturnValue:
    """Stops a job."""
    with writing(parts().engine) as session:
        stopped = job_control.cancel(session, acting(), job_id)
        session.commit()
    told = _("The job is stopped.") if stopped else _("The job was over already.")
    flash(told, "done" if stopped else "note")
    return redirect(url_for("admin_jobs.one", job_id=job_id))


@blueprint.post("/<uuid:job_id>/retry")
def retry(job_id: UUID) -> ResponseReturnValue:
    """Has a job begin anew."""
    with writing(parts().engine) as session:
        again = job_control.retry(session, acting(), job_id)
        session.commit()
    if again:
        parts().wake(job_id)
    told = _("The job begins anew.") if again else _("The job goes on, or is done already.")
    flash(told, "done" if again else "note")
    return redirect(url_for("admin_jobs.one", job_id=job_id))
