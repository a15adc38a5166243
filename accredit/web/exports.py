"""Exports: the columns are chosen first, the least personal ones are; the file is streamed while it is read."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from accredit.db.session import reading, writing
from accredit.domain.permissions import Permission, allowed
from accredit.services.export_cells import MOST_ROWS_OF_A_BOOK, as_csv, as_workbook
from accredit.services.exporting import EXPORTS, ExportKind, ExportRefused, Granted, count_of, grant, rows_of
from accredit.web.column_words import column_name
from accredit.web.errors import stop
from accredit.web.parts import parts
from accredit.web.review import loaded, who

_FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

blueprint = Blueprint("exports", __name__, url_prefix="/exports")


@blueprint.get("")
def show() -> str:
    """What can be exported."""
    return _page()


@blueprint.post("/<kind>")
def make(kind: str) -> ResponseReturnValue:
    """Writes into the trail who exports what, then hands the file out."""
    if kind not in set(ExportKind):
        stop(404, "not_found", _("There is no such export."))
    chosen, wanted = ExportKind(kind), request.form.get("format", "csv")
    file_format = wanted if wanted in _FORMATS else "csv"
    with writing(parts().engine) as session:
        event = loaded(session)
        too_long = file_format == "xlsx" and count_of(session, event, chosen) > MOST_ROWS_OF_A_BOOK
        if too_long:
            return _page(_("That is too much for a workbook; please choose CSV.")), 422
        granted = grant(session, who(), chosen, request.form.getlist("column"), file_format)
        if isinstance(granted, ExportRefused):
            return _page(_("Please choose at least one column.")), 422
        session.commit()
    answer = Response(stream_with_context(_file(granted, file_format)), content_type=_FORMATS[file_format])
    day = parts().clock().astimezone(event.event.zone).date().isoformat()
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}-{day}.{file_format}"'
    return answer


def _file(granted: Granted, file_format: str) -> Iterator[bytes]:
    """The database is read in a session of its own, which lasts as long as the stream."""
    with reading(parts().engine) as session:
        rows = rows_of(session, loaded(session), granted)
        if file_format == "xlsx":
            yield from as_workbook(granted.kind.value, granted.header, rows)
        else:
            yield from as_csv(granted.header, rows)


def _page(refusal: str = "") -> str:
    mine = {kind: export for kind, export in EXPORTS.items() if _may(export.needs)}
    return render_template(
        "staff/exports.html",
        exports=mine,
        may_personal=_may(Permission.EXPORTS_PERSONAL),
        refusal=refusal,
        column_name=column_name,
    )


def _may(permission: Permission) -> bool:
    return allowed(current_user.actor.roles, permission)
