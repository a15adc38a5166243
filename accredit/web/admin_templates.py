"""Badge templates: how each looks with its made-up people, which facts it prints, which fonts are missing."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from accredit.services.template_previews import preview, scripts_without_font, system_fonts, template_lines
from accredit.web.errors import stop
from accredit.web.parts import parts

blueprint = Blueprint("admin_templates", __name__, url_prefix="/admin/templates")


@blueprint.get("")
def overview() -> str:
    """Every template."""
    lines = template_lines(parts().templates, system_fonts())
    return render_template("staff/admin/templates.html", lines=lines, missing=scripts_without_font(system_fonts()))


@blueprint.get("/<key>/<size>/<int:number>.png")
def picture(key: str, size: str, number: int) -> Response:
    """One sample on paper of one size."""
    image = preview(parts().templates, system_fonts(), key, size, number)
    if image is None:
        stop(404, "not_found", _("There is no such sample."))
    return Response(image, mimetype="image/png")
