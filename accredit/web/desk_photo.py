"""The photo that is taken at the desk: by the webcam of the machine, or from a file."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accredit.db.session import reading, writing
from accredit.domain.submissions import FieldProblem
from accredit.rendering.photos import MAX_INPUT_BYTES, PhotoRefused
from accredit.services.desk_photos import take_photo
from accredit.services.references import find_application
from accredit.web.desk import loaded, who
from accredit.web.errors import stop
from accredit.web.parts import parts
from accredit.web.problem_texts import sentence

blueprint = Blueprint("desk_photo", __name__, url_prefix="/desk/camera")


@blueprint.get("/<reference>")
def show(reference: str) -> ResponseReturnValue:
    """The picture of the webcam with its frame, and what to mend before it is taken."""
    return _page(reference)


@blueprint.post("/<reference>")
def take(reference: str) -> ResponseReturnValue:
    """Keeps the photo; the server encodes it anew."""
    sent = request.files.get("photo")
    data = sent.stream.read(MAX_INPUT_BYTES + 1) if sent is not None else b""
    with writing(parts().engine) as session:
        outcome = take_photo(session, who(), loaded(session), reference, data)
        session.commit()
    if outcome is None:
        stop(404, "not_found", _("There is no application of this reference."))
    if isinstance(outcome, PhotoRefused):
        return _page(reference, sentence(FieldProblem("photo", outcome.reason.value, outcome.message))), 400
    flash(_("The photo of %(reference)s is kept.", reference=reference), "done")
    return redirect(url_for("desk.card", reference=reference), 303)


def _page(reference: str, refusal: str = "") -> str:
    with reading(parts().engine) as session:
        if find_application(session, loaded(session), reference) is None:
            stop(404, "not_found", _("There is no application of this reference."))
    return render_template("staff/desk/camera.html", reference=reference, refusal=refusal)
