"""What applicants ask for and a reviewer answers: the change beside what the application says, taken or left."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from accredit.db.session import reading, writing
from accredit.services import amending
from accredit.services.event_loading import find_event
from accredit.services.requested_changes import requested_changes
from accredit.web.errors import stop
from accredit.web.parts import parts
from accredit.web.problem_texts import label_of

blueprint = Blueprint("requests", __name__, url_prefix="/requests")


@blueprint.get("")
def show() -> str:
    """Every change that waits for an answer, the oldest first."""
    with reading(parts().engine) as session:
        event = find_event(session, parts().event_key)
        if event is None:
            stop(503, "not_ready", _("No event is loaded yet."))
        context = parts().context(current_user.actor)
        waiting = requested_changes(session, context, event)
    return render_template("staff/requests.html", event=event.event, waiting=waiting, label_of=label_of)


@blueprint.post("/<reference>/accept")
def accept(reference: str) -> ResponseReturnValue:
    """Makes the change; what was approved is open again."""
    with writing(parts().engine) as session:
        event = find_event(session, parts().event_key)
        if event is None:
            stop(503, "not_ready", _("No event is loaded yet."))
        done = amending.accept(session, parts().context(current_user.actor), event, reference)
        if isinstance(done, amending.AmendRefused):
            flash(
                _("Somebody else has answered %(reference)s, or it is closed by now.", reference=reference), "warning"
            )
            return redirect(url_for("requests.show"), 303)
        session.commit()
    flash(_("%(reference)s is changed, and waits for its decision.", reference=reference), "done")
    return redirect(url_for("requests.show"), 303)


@blueprint.post("/<reference>/decline")
def decline(reference: str) -> ResponseReturnValue:
    """Leaves everything as it is."""
    with writing(parts().engine) as session:
        event = find_event(session, parts().event_key)
        if event is None:
            stop(503, "not_ready", _("No event is loaded yet."))
        refused = amending.decline(session, parts().context(current_user.actor), event, reference)
        if refused is None:
            session.commit()
            flash(_("%(reference)s stays as it is. The applicant reads so.", reference=reference), "done")
        else:
            flash(
                _("Somebody else has answered %(reference)s, or it is closed by now.", reference=reference), "warning"
            )
    return redirect(url_for("requests.show"), 303)
