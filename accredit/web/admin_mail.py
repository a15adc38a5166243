"""Mail and data: how the outbox stands, and whose data is to be erased."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from accredit.db.session import reading, writing
from accredit.domain.messages import RequestKind
from accredit.services import outbox, own_data
from accredit.services.applicant_requests import open_requests
from accredit.services.event_loading import find_event
from accredit.web.admin_home import acting
from accredit.web.errors import stop
from accredit.web.parts import parts

blueprint = Blueprint("admin_mail", __name__, url_prefix="/admin/mail")

STATES = {
    "waiting": lazy_gettext("waits"),
    "sending": lazy_gettext("in hand"),
    "sent": lazy_gettext("sent"),
    "sent_unsure": lazy_gettext("sent, perhaps twice"),
    "failed": lazy_gettext("failed"),
    "overtaken": lazy_gettext("not sent, no longer true"),
}


@blueprint.get("")
def overview() -> str:
    """Messages by state with causes, and the requests for erasure."""
    with reading(parts().engine) as session:
        event = find_event(session, parts().event_key)
        if event is None:
            stop(503, "not_ready", _("No event is loaded yet."))
        counted = outbox.counts(session, event.record.id)
        asked = open_requests(session, event, RequestKind.DELETION)
    return render_template("staff/admin/mail.html", event=event.event, counted=counted, asked=asked, states=STATES)


@blueprint.post("/retry")
def retry() -> ResponseReturnValue:
    """Makes everything that waits or failed due at once."""
    context = acting()
    with writing(parts().engine) as session:
        number = outbox.retry(session, context.now(), failed=True)
        session.commit()
    flash(ngettext("%(num)d message is tried again.", "%(num)d messages are tried again.", number), "done")
    return redirect(url_for("admin_mail.overview"), 303)


@blueprint.post("/<reference>/erase")
def erase(reference: str) -> ResponseReturnValue:
    """Erases the data of somebody who asked for it and whose application is closed."""
    with writing(parts().engine) as session:
        event = find_event(session, parts().event_key)
        if event is None:
            stop(503, "not_ready", _("No event is loaded yet."))
        refused = own_data.erase_asked(session, acting(), event, reference)
        if refused is None:
            session.commit()
            flash(_("The data of %(reference)s is erased.", reference=reference), "done")
        else:
            told = _(
                "%(reference)s is not closed yet: withdraw or refuse it, and revoke its pass first.",
                reference=reference,
            )
            flash(told, "warning")
    return redirect(url_for("admin_mail.overview"), 303)
