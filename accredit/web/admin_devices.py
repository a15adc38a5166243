"""Scanners: enrolled by a QR code that works once, seen, switched off for good."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import count

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from accredit.db.session import reading, writing
from accredit.domain.events import Event
from accredit.rendering.codes import qr_png
from accredit.services.alerts import SILENT_AFTER
from accredit.services.devices import (
    DeviceObstacle,
    DeviceRefused,
    KnownDevice,
    PreparedDevice,
    devices_of,
    prepare_device,
    root_fingerprint,
    switch_off,
)
from accredit.services.event_loading import LoadedEvent
from accredit.web.admin_home import acting, the_event
from accredit.web.parts import parts
from accredit.web.shown import checkpoint_name, told

_SMALLEST_QR = 3
_DRIFT = timedelta(seconds=120)

blueprint = Blueprint("admin_devices", __name__, url_prefix="/admin/scanners")

_FAULTS = {
    DeviceObstacle.NAME_MISSING: ("name", lazy_gettext("Give the scanner a name of at most 80 letters.")),
    DeviceObstacle.NAME_TAKEN: ("name", lazy_gettext("There is a scanner of this name already. Choose another name.")),
    DeviceObstacle.CHECKPOINT_UNKNOWN: ("checkpoint", lazy_gettext("Choose one of the event's gates and doors.")),
}


class DeviceForm(FlaskForm):
    """A scanner to prepare. `mark` names this showing of the form, so that a double click prepares one."""

    mark = HiddenField()
    name = StringField(
        lazy_gettext("Name of the scanner"),
        validators=[
            InputRequired(lazy_gettext("Give the scanner a name, such as gate-1.")),
            Length(max=80, message=lazy_gettext("Give the scanner a name of at most 80 letters.")),
        ],
    )
    checkpoint = SelectField(lazy_gettext("Gate or door"), validate_choice=False)


class State(StrEnum):
    """How a scanner is."""

    WAITS = "waits"
    TOO_LATE = "too_late"
    WELL = "well"
    SILENT = "silent"
    OFF = "off"


STATES = {
    State.WAITS: lazy_gettext("waits for its code"),
    State.TOO_LATE: lazy_gettext("its code is too old"),
    State.WELL: lazy_gettext("heard of"),
    State.SILENT: lazy_gettext("silent"),
    State.OFF: lazy_gettext("switched off"),
}


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One scanner as the page shows it."""

    device: KnownDevice
    place: str
    state: State
    list_is_newest: bool
    drifts: bool


@blueprint.route("", methods=["GET", "POST"])
def overview() -> ResponseReturnValue:
    """All scanners; one that is prepared shows its code."""
    form = DeviceForm()
    with reading(parts().engine) as session:
        event = the_event(session)
        form.checkpoint.choices = _places(event.event)
    if form.validate_on_submit():
        prepared = _prepared(form, event)
        if isinstance(prepared, PreparedDevice):
            return _code_page(prepared, event.event)
    with reading(parts().engine) as session:
        event = the_event(session)
        lines = [_line(one, event) for one in devices_of(session, event)]
    form.mark.data = form.mark.data or secrets.token_hex(16)
    if not form.is_submitted():
        _fill_in(form, [line.device for line in lines], request.args.get("like", ""))
    told_all = {"form": form, "lines": lines, "event": event.event, "states": STATES}
    return render_template("staff/admin/devices.html", **told_all), 400 if form.is_submitted() else 200


def _places(event: Event) -> list[tuple[str, str]]:
    return [(one.key, told(one.name)) for one in event.checkpoints]


def _fill_in(form: DeviceForm, known: list[KnownDevice], like: str) -> None:
    """A name that is free and the same place: for a machine that was switched off and is to be used once more."""
    model = next((one for one in known if one.name == like), None)
    if model is None:
        return
    names = {one.name for one in known}
    form.name.data = next(name for name in (f"{like}-{number}" for number in count(2)) if name not in names)
    form.checkpoint.data = model.checkpoint


def _prepared(form: DeviceForm, event: LoadedEvent) -> PreparedDevice | None:
    """The scanner with its code; None where it cannot be, and the form says why."""
    with writing(parts().engine) as session:
        prepared = prepare_device(
            session,
            acting(),
            event,
            str(form.name.data),
            str(form.checkpoint.data),
            hours=parts().enrolment_hours,
            form=(form.mark.data or "")[:64],
        )
        if isinstance(prepared, PreparedDevice):
            session.commit()
            return prepared
    field, text = _FAULTS[prepared.code]
    form[field].errors = [str(text)]
    form.mark.data = secrets.token_hex(16)
    return None


def _code_page(prepared: PreparedDevice, event: Event) -> str:
    """The code, as a picture and as letters. It is shown this once; the database holds its hash alone."""
    text = enrolment_text(parts().base_url, prepared.code)
    picture = base64.b64encode(qr_png(text, version=_SMALLEST_QR, dots=6)).decode()
    return render_template(
        "staff/admin/device_code.html",
        device=prepared.device,
        code=prepared.code,
        picture=picture,
        place=checkpoint_name(prepared.device.checkpoint, event),
        event=event,
        server=parts().base_url,
        fingerprint=root_fingerprint(acting()),
    )


def enrolment_text(server: str, code: str) -> str:
    """What the QR code of an enrolment says: where to enrol, and by which code."""
    return f"SEN1:{code}@{server}"


@blueprint.post("/<name>/switch-off")
def off(name: str) -> ResponseReturnValue:
    """Switches a scanner off for good; it forgets its list at its next contact."""
    with writing(parts().engine) as session:
        done = switch_off(session, acting(), the_event(session), name)
        if not isinstance(done, DeviceRefused):
            session.commit()
    if isinstance(done, DeviceRefused):
        flash(_("There is no scanner of this name any more. Compare the list."), "fault")
    else:
        flash(_("The scanner is switched off. It forgets its list when it next asks for one."), "done")
    return redirect(url_for("admin_devices.overview"))


def _line(device: KnownDevice, event: LoadedEvent) -> DeviceLine:
    drift = timedelta(milliseconds=device.clock_offset_ms or 0)
    return DeviceLine(
        device,
        checkpoint_name(device.checkpoint, event.event),
        _state(device),
        device.held_number == event.record.roster_number,
        abs(drift) > _DRIFT,
    )


def _state(device: KnownDevice) -> State:
    now = parts().clock()
    if device.switched_off_at is not None:
        return State.OFF
    if device.enrolled_at is None:
        return State.TOO_LATE if now >= device.code_expires_at else State.WAITS
    seen = device.last_seen_at
    return State.WELL if seen is not None and now - seen <= SILENT_AFTER else State.SILENT
