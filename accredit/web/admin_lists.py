"""Status lists and their editions, and the import of a new one: upload, columns, what it changes, yes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from sqlalchemy.orm import Session
from wtforms import DateField, HiddenField, StringField
from wtforms.validators import InputRequired, Regexp

from accredit.db.session import reading, writing
from accredit.domain.permissions import Permission
from accredit.services.event_loading import find_event
from accredit.services.job_control import start_once
from accredit.services.list_overview import lists_of
from accredit.services.list_rows import SYNONYMS
from accredit.services.listing import ListPreview, ListRefused, edition_on, import_list, preview_list
from accredit.services.pdf_lists import is_pdf
from accredit.services.staging import Purpose, Staged, remember, stage, staged, take
from accredit.services.tables import Table, TableRefused, read_table
from accredit.web.admin_home import acting
from accredit.web.errors import stop
from accredit.web.parts import parts

NAMES_SHOWN = 200

blueprint = Blueprint("admin_lists", __name__, url_prefix="/admin/lists")

FIELDS = {
    "external_id": lazy_gettext("Number of the entry on the list"),
    "name": lazy_gettext("Name"),
    "country": lazy_gettext("Country, three letters"),
    "status": lazy_gettext("Status"),
    "in_force": lazy_gettext("In force, yes or no"),
    "aliases": lazy_gettext("Other names"),
    "note": lazy_gettext("Note"),
}


class ListFileForm(FlaskForm):
    """A file that is to become an edition of a list."""

    list_key = StringField(
        lazy_gettext("List"),
        filters=[lambda text: text.strip() if text else text],
        validators=[
            InputRequired(lazy_gettext("Say which list it is, such as ecosoc.")),
            Regexp(
                r"[a-z0-9-]{1,40}\Z", message=lazy_gettext("A list is named with small letters, digits and hyphens.")
            ),
        ],
    )
    as_of = DateField(
        lazy_gettext("As of the day"),
        validators=[InputRequired(lazy_gettext("Say as of which day the list is, as it stands on its first page."))],
    )
    file = FileField(
        lazy_gettext("File (CSV, XLSX or ODS)"), validators=[FileRequired(lazy_gettext("Choose the file of the list."))]
    )


class ImportForm(FlaskForm):
    """The yes to a preview; `seen` is the edition that it was compared with."""

    seen = HiddenField()


@blueprint.route("", methods=["GET", "POST"])
def overview() -> ResponseReturnValue:
    """Every list; a file that was chosen is read, and kept for its preview."""
    form = ListFileForm()
    if form.validate_on_submit():
        kept = _keep(form)
        if kept is not None:
            return redirect(url_for("admin_lists.preview", file_id=kept))
    with reading(parts().engine) as session:
        loaded = find_event(session, parts().event_key)
        lines = lists_of(session, loaded.event if loaded is not None else None)
    told = {"form": form, "lists": lines, "event": loaded.event if loaded is not None else None}
    return render_template("staff/admin/lists.html", **told), 400 if form.is_submitted() else 200


def _keep(form: ListFileForm) -> UUID | None:
    """The id of the file that waits; None where it is no table, and the form says why."""
    name = form.file.data.filename or "list"
    with form.file.data.stream as stream:
        data = stream.read()
    if is_pdf(data):
        words = _(
            "The official PDF takes minutes to read: load it on the server with “accredit lists import”, or choose a table."
        )
        form.file.errors = [words]
        return None
    table = read_table(data, name)
    if isinstance(table, TableRefused):
        form.file.errors = [table.message]
        return None
    facts = {"list_key": form.list_key.data, "as_of": form.as_of.data.isoformat(), "mapping": {}}
    with writing(parts().engine) as session:
        file = stage(session, acting(), Purpose.LIST, name, data, facts)
        session.commit()
        return file.id


@blueprint.get("/<key>")
def one(key: str) -> str:
    """One list with all its editions."""
    with reading(parts().engine) as session:
        loaded = find_event(session, parts().event_key)
        event = loaded.event if loaded is not None else None
        found = next((line for line in lists_of(session, event) if line.key == key), None)
    if found is None:
        stop(404, "not_found", _("There is no list of this name."))
    return render_template("staff/admin/list.html", list=found, event=event)


@blueprint.get("/staged/<uuid:file_id>")
def preview(file_id: UUID) -> ResponseReturnValue:
    """What the file would change, or which columns it has."""
    with reading(parts().engine) as session:
        file = staged(session, acting(), Purpose.LIST, file_id)
        if file is None:
            return _gone()
        table = _table(file)
        told = preview_list(session, acting(), **_arguments(file, table), shown=NAMES_SHOWN)
        seen = _edition(session, file)
    refused = told if isinstance(told, ListRefused) else None
    return render_template(
        "staff/admin/list_preview.html",
        file=file,
        as_of=date.fromisoformat(file.facts["as_of"]),
        table=table,
        told=told if isinstance(told, ListPreview) else None,
        refused=refused,
        wrong=(told.refused if isinstance(told, ListRefused) else told.report.refused)[:NAMES_SHOWN],
        fields=FIELDS,
        chosen=_chosen(file, told),
        form=ImportForm(seen=seen),
    ), (400 if refused is not None else 200)


@blueprint.post("/staged/<uuid:file_id>/columns")
def columns(file_id: UUID) -> ResponseReturnValue:
    """Says which column is which field."""
    with writing(parts().engine) as session:
        file = staged(session, acting(), Purpose.LIST, file_id)
        if file is None:
            return _gone()
        known = set(_table(file).columns)
        mapping: dict[str, list[str]] = {}
        for field in FIELDS:
            column = request.form.get(f"column-{field}", "")
            if column in known:
                mapping.setdefault(column, []).append(field)
        told = {column: ",".join(fields) for column, fields in mapping.items()}
        remember(session, file, {**file.facts, "mapping": told})
        session.commit()
    return redirect(url_for("admin_lists.preview", file_id=file_id))


@blueprint.post("/staged/<uuid:file_id>/import")
def load(file_id: UUID) -> ResponseReturnValue:
    """Makes the file an edition."""
    form = ImportForm()
    with writing(parts().engine) as session:
        file = take(session, acting(), Purpose.LIST, file_id)
        if file is None:
            return _gone()
        if form.seen.data != _edition(session, file):
            flash(_("Somebody else imported this list meanwhile. Look at what your file changes now."), "warning")
            return redirect(url_for("admin_lists.preview", file_id=file_id))
        report = import_list(session, acting(), **_arguments(file, _table(file)), source_name=file.name)
        if isinstance(report, ListRefused):
            return redirect(url_for("admin_lists.preview", file_id=file_id))
        session.commit()
    _tell(report.edition is not None, report.entries)
    return redirect(url_for("admin_lists.one", key=file.facts["list_key"]))


def _tell(is_new: bool, entries: int) -> None:
    if not is_new:
        flash(_("The file says what the edition before it says; no new edition was made."), "note")
        return
    told = ngettext(
        "The new edition with one entry is loaded.", "The new edition with %(num)d entries is loaded.", entries
    )
    flash(told + " " + _("No decision changes by itself: see whose outcome would be another one now."), "done")


@blueprint.post("/staged/<uuid:file_id>/discard")
def discard(file_id: UUID) -> ResponseReturnValue:
    """Throws the file away."""
    with writing(parts().engine) as session:
        take(session, acting(), Purpose.LIST, file_id)
        session.commit()
    flash(_("The file was thrown away; nothing was changed."), "note")
    return redirect(url_for("admin_lists.overview"))


@blueprint.post("/outlook")
def outlook() -> ResponseReturnValue:
    """Starts the job that tells whose outcome would be another one by the lists of now."""
    context = acting()
    context.require(Permission.LISTS_IMPORT)
    with writing(parts().engine) as session:
        job_id = start_once(session, context, "outlook", {})
        session.commit()
    parts().wake(job_id)
    return redirect(url_for("admin_jobs.one", job_id=job_id))


def _gone() -> ResponseReturnValue:
    flash(_("This file was imported or thrown away already, or is older than two days."), "note")
    return redirect(url_for("admin_lists.overview"))


def _table(file: Staged) -> Table:
    table = read_table(file.data, file.name)
    if isinstance(table, TableRefused):
        stop(409, "conflict", table.message)
    return table


def _arguments(file: Staged, table: Table) -> dict[str, Any]:
    return {
        "list_key": file.facts["list_key"],
        "as_of": date.fromisoformat(file.facts["as_of"]),
        "table": table,
        "mapping": file.facts["mapping"],
    }


def _edition(session: Session, file: Staged) -> str:
    """The edition that the file is compared with."""
    held = edition_on(session, file.facts["list_key"], date.fromisoformat(file.facts["as_of"]))
    return str(held.id) if held is not None else "none"


def _chosen(file: Staged, told: ListPreview | ListRefused) -> dict[str, str]:
    """Field → column, as far as it is known."""
    if isinstance(told, ListPreview):
        return dict(told.columns)
    mapping: dict[str, str] = file.facts["mapping"]
    return {field: column for column, fields in mapping.items() for field in fields.split(",") if field in SYNONYMS}
