"""The event's settings: what is loaded, and a new file, which is looked at before it is loaded."""

from __future__ import annotations

import tomllib
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from accredit.db.session import reading, writing
from accredit.domain.errors import EventInvalid, EventProblem
from accredit.domain.events import CategoryRule, Event
from accredit.services.event_loading import LoadedEvent, find_event, load_event
from accredit.services.event_previews import Concern, Effect, preview_event
from accredit.services.staging import Purpose, stage, staged, take
from accredit.web.admin_home import acting
from accredit.web.errors import stop
from accredit.web.parts import parts
from accredit.web.shown import category_name

LARGEST_FILE = 1024 * 1024

RULES = {
    CategoryRule.STATUS: lazy_gettext("listed, and in force"),
    CategoryRule.GRADED: lazy_gettext("the grade on the list"),
    CategoryRule.REPRESENTED: lazy_gettext("listed; never refused by the rule alone"),
    CategoryRule.INVITED: lazy_gettext("on the list of invitations"),
}

blueprint = Blueprint("admin_event", __name__, url_prefix="/admin/event")


class EventFileForm(FlaskForm):
    """An event file."""

    file = FileField(
        lazy_gettext("Event file (TOML)"), validators=[FileRequired(lazy_gettext("Choose the event file to look at."))]
    )


class LoadForm(FlaskForm):
    """The yes to a preview; `seen` is the state of the event that the preview was made against."""

    seen = HiddenField()


@blueprint.route("", methods=["GET", "POST"])
def overview() -> ResponseReturnValue:
    """What is loaded; a file that was chosen is read, and kept for its preview."""
    form, problems = EventFileForm(), tuple[EventProblem, ...]()
    if form.validate_on_submit():
        read = _read(form.file.data)
        if isinstance(read, dict):
            return redirect(url_for("admin_event.preview", file_id=_kept(form.file.data.filename, read)))
        problems = read
    with reading(parts().engine) as session:
        loaded = find_event(session, parts().event_key)
    event = loaded.event if loaded is not None else None
    told = {"form": form, "problems": problems, "loaded": loaded, "event": event, "rules": RULES}
    return render_template("staff/admin/event.html", **told), 400 if form.is_submitted() else 200


def _read(file: Any) -> dict[str, Any] | tuple[EventProblem, ...]:
    """The table of the file, tried out; or every problem that keeps it from being loaded."""
    with file.stream:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        return (EventProblem(_("the file"), _("is larger than 1 MB; an event file is much smaller, choose another")),)
    table = _table(data)
    if not isinstance(table, dict):
        return table
    with writing(parts().engine) as session:  # never committed: the file is tried out
        refused = _another_event(find_event(session, parts().event_key), table)
        if refused:
            return refused
        try:
            preview_event(session, acting(), table)
        except EventInvalid as invalid:
            return invalid.problems
    return {"data": data}


def _table(data: bytes) -> dict[str, Any] | tuple[EventProblem, ...]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return (EventProblem(_("the file"), _("is no text in UTF-8; save it as such")),)
    except (tomllib.TOMLDecodeError, RecursionError) as broken:
        return (EventProblem(_("the file"), _("is no TOML; mend this place: %(place)s", place=str(broken)[:200])),)


def _another_event(loaded: LoadedEvent | None, table: dict[str, Any]) -> tuple[EventProblem, ...]:
    """This service shows one event; a second one would need a setting to choose between them."""
    key = loaded.event.key if loaded is not None else parts().event_key
    if not key or table.get("key") == key:
        return ()
    words = _(
        "this service shows the event “%(key)s”; write that key, or load another event on the server with"
        " “accredit events load” and name it in ACCREDIT_EVENT",
        key=key,
    )
    return (EventProblem("key", words),)


def _kept(name: str | None, read: dict[str, Any]) -> UUID:
    with writing(parts().engine) as session:
        file = stage(session, acting(), Purpose.EVENT, name or "event.toml", read["data"], {})
        session.commit()
        return file.id


@blueprint.get("/staged/<uuid:file_id>")
def preview(file_id: UUID) -> ResponseReturnValue:
    """What the file would change."""
    with writing(parts().engine) as session:  # never committed: the file is tried out
        file = staged(session, acting(), Purpose.EVENT, file_id)
        if file is None:
            return _gone()
        seen = _state(find_event(session, parts().event_key))
        try:
            told = preview_event(session, acting(), _table_of(file.data))
        except EventInvalid as invalid:
            # It was good when it came; what is loaded, or was issued, changed since.
            flash(_("This file cannot be loaded any more: %(why)s", why=str(invalid.problems[0])), "fault")
            return redirect(url_for("admin_event.overview"))
    form = LoadForm(seen=seen)
    effects = [_effect(one, told.event) for one in told.effects]
    return render_template("staff/admin/event_preview.html", file=file, told=told, effects=effects, form=form)


@blueprint.post("/staged/<uuid:file_id>/load")
def load(file_id: UUID) -> ResponseReturnValue:
    """Loads the file that was looked at."""
    form = LoadForm()
    with writing(parts().engine) as session:
        file = take(session, acting(), Purpose.EVENT, file_id)
        if file is None:
            return _gone()
        if form.seen.data != _state(find_event(session, parts().event_key)):
            flash(_("Somebody else loaded an event file meanwhile. Look at what yours changes now."), "warning")
            return redirect(url_for("admin_event.preview", file_id=file_id))
        try:
            load_event(session, acting(), _table_of(file.data))
        except EventInvalid as invalid:
            flash(_("This file cannot be loaded: %(why)s", why=str(invalid.problems[0])), "fault")
            return redirect(url_for("admin_event.overview"))
        session.commit()
    flash(_("The event file is loaded. Scanners learn of it with their next list."), "done")
    return redirect(url_for("admin_event.overview"))


@blueprint.post("/staged/<uuid:file_id>/discard")
def discard(file_id: UUID) -> ResponseReturnValue:
    """Throws the file away."""
    with writing(parts().engine) as session:
        take(session, acting(), Purpose.EVENT, file_id)
        session.commit()
    flash(_("The file was thrown away; nothing was changed."), "note")
    return redirect(url_for("admin_event.overview"))


def _gone() -> ResponseReturnValue:
    flash(_("This file was loaded or thrown away already, or is older than two days."), "note")
    return redirect(url_for("admin_event.overview"))


def _table_of(data: bytes) -> dict[str, Any]:
    table = _table(data)
    if not isinstance(table, dict):
        stop(409, "conflict", str(table[0]))
    return table


def _state(loaded: LoadedEvent | None) -> str:
    """Another text when another file was loaded."""
    return str(loaded.record.settings_number) if loaded is not None else "none"


def _effect(one: Effect, event: Event) -> str:
    category = category_name(one.category, event) if one.category else ""
    texts = {
        Concern.IN_TIME_NOW: ngettext(
            "%(num)d application that is late would be in time.",
            "%(num)d applications that are late would be in time.",
            one.count,
        ),
        Concern.LATE_NOW: ngettext(
            "%(num)d application that is in time would be late.",
            "%(num)d applications that are in time would be late.",
            one.count,
        ),
        Concern.UNDECIDED_IN_CATEGORY: ngettext(
            "%(category)s: %(num)d undecided application is judged by the new rule when it is assessed anew.",
            "%(category)s: %(num)d undecided applications are judged by the new rule when they are assessed anew.",
            one.count,
            category=category,
        ),
        Concern.PASSES_KEEP_GRANTS: ngettext(
            "%(category)s: %(num)d pass that was issued keeps what it opens.",
            "%(category)s: %(num)d passes that were issued keep what they open.",
            one.count,
            category=category,
        ),
        Concern.SCANNERS_LEARN: ngettext(
            "%(num)d scanner gets a whole new list.", "%(num)d scanners get a whole new list.", one.count
        ),
    }
    return str(texts[one.concern])
