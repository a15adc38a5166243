"""The printers of the desks: listed, set up, taken away; and whether this machine can print at all."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from accredit.db.session import reading, writing
from accredit.services.print_queue import QueueObstacle, QueueRefused, printers, put_printer, remove_printer
from accredit.services.print_server import is_installed
from accredit.web.admin_home import acting
from accredit.web.parts import parts

blueprint = Blueprint("admin_printers", __name__, url_prefix="/admin/printers")

_FAULTS = {
    QueueObstacle.BAD_NAME: (
        "name",
        lazy_gettext("The names of printer and desk are at most 40 characters, all of them visible."),
    ),
    QueueObstacle.BAD_QUEUE: (
        "queue",
        lazy_gettext("The queue is its name at the print server: letters, digits, dot, dash and underline."),
    ),
}


class PrinterForm(FlaskForm):
    """A printer to set up, or to change by its name."""

    name = StringField(
        lazy_gettext("Name of the printer"),
        validators=[InputRequired(lazy_gettext("Give the printer a name, such as hall left."))],
    )
    queue = StringField(
        lazy_gettext("Queue"), validators=[InputRequired(lazy_gettext("Name its queue at the print server."))]
    )
    desk = StringField(lazy_gettext("Desk"))


@blueprint.route("", methods=["GET", "POST"])
def overview() -> ResponseReturnValue:
    """All printers, and the form for one more; a printer of the same name is changed."""
    form = PrinterForm()
    if form.validate_on_submit() and _put(form):
        flash(_("The printer is set up. A desk of this name prints there."), "done")
        return redirect(url_for("admin_printers.overview"), 303)
    with reading(parts().engine) as session:
        found = printers(session)
    page = render_template("staff/admin/printers.html", form=form, printers=found, can_print=is_installed())
    return page, 400 if form.is_submitted() else 200


def _put(form: PrinterForm) -> bool:
    """Whether it is set up; else the form says why not."""
    name, queue, desk = ((field.data or "").strip() for field in (form.name, form.queue, form.desk))
    with writing(parts().engine) as session:
        put = put_printer(session, acting(), name, queue, desk)
        if not isinstance(put, QueueRefused):
            session.commit()
            return True
    field, text = _FAULTS[put.code]
    form[field].errors = [str(text)]
    return False


@blueprint.post("/<name>/remove")
def remove(name: str) -> ResponseReturnValue:
    """Takes a printer away; what waits for it fails with that cause, and another one can take over."""
    with writing(parts().engine) as session:
        refused = remove_printer(session, acting(), name)
        if refused is None:
            session.commit()
    if refused is None:
        flash(_("The printer is taken away."), "done")
    else:
        flash(_("There is no printer of this name any more. Compare the list."), "fault")
    return redirect(url_for("admin_printers.overview"), 303)
