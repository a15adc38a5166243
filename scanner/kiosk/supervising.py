"""What needs more than a scan: the supervisor's acts behind the PIN, a head count, and alerts that the lane has seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, current_app, g, jsonify, request

from scanner.gate import LONGEST_OPEN_MIN, MOST_INSIDE
from scanner.kiosk.answers import spoken, told_without_scan
from scanner.kiosk.deciding import Decider
from scanner.kiosk.fields import Field, read_fields, read_id, read_number
from scanner.kiosk.parts import parts_of
from scanner.kiosk.pins import PinHolds
from scanner.kiosk.problems import problem
from scanner.kiosk.sessions import change_post, load_session
from scanner.offers import Supervisor, Unclear, short_word_problem
from scanner.outcomes import NotReady

blueprint = Blueprint("supervising", __name__, url_prefix="/api")
blueprint.before_request(load_session)


@blueprint.post("/supervisor")
def admit() -> Response:
    """The supervisor lets somebody in: the PIN, and a reason that stays on this machine."""
    told = request.get_json(silent=True)
    read, scan_id = read_fields(told, "pin", "reason"), read_id(told)
    if isinstance(read, Field):
        return _fault(read)
    if isinstance(scan_id, Field):
        return _fault(scan_id)
    if short_word_problem("supervisor", read["reason"]) is not None:
        return _fault(Field("reason", "too_long"))
    missing = g.post.missing
    if missing is not None:
        return problem(409, missing, missing)
    kiosk, post = parts_of(current_app).kiosk, g.post
    return wrong_pin(read["pin"]) or jsonify(kiosk.decide((Supervisor(read["reason"]),), post, scan_id))


@blueprint.post("/checkpoint")
def choose_checkpoint() -> Response:
    """Move this lane to another checkpoint, with the supervisor's PIN."""
    read = read_fields(request.get_json(silent=True), "pin", "checkpoint")
    if isinstance(read, Field):
        return _fault(read)
    refused = wrong_pin(read["pin"])
    if refused is not None:
        return refused
    parts, language = parts_of(current_app), g.language
    known = parts.kiosk.watch.do(lambda watcher: watcher.checkpoints(language))
    if read["checkpoint"] not in [each["key"] for each in known]:
        return problem(422, "checkpoint_unknown", "checkpoint_unknown", field="checkpoint")
    return jsonify(parts.kiosk.state(change_post(parts, checkpoint=read["checkpoint"])))


@blueprint.post("/names")
def show_names() -> Response:
    """Open names and photos with the PIN, for all lanes of this machine."""
    read = read_fields(request.get_json(silent=True), "pin")
    if isinstance(read, Field):
        return _fault(read)
    return wrong_pin(read["pin"]) or jsonify(parts_of(current_app).kiosk.state(g.post))


@blueprint.post("/door")
def hold_open() -> Response:
    """Hold this checkpoint open past its hours for some minutes, with the PIN; 0 ends it."""
    told = request.get_json(silent=True)
    read, minutes = read_fields(told, "pin"), read_number(told, "minutes", LONGEST_OPEN_MIN)
    if isinstance(read, Field):
        return _fault(read)
    if isinstance(minutes, Field):
        return _fault(minutes)
    station = g.post.station
    key = "door_open" if minutes else "door_closes"
    return wrong_pin(read["pin"]) or _done(lambda decider: decider.gate.hold_open(minutes, station), key)


@blueprint.post("/head-count")
def set_head_count() -> Response:
    """So many are inside, as somebody counted them; the counting goes on from there."""
    count = read_number(request.get_json(silent=True), "count", MOST_INSIDE)
    if isinstance(count, Field):
        return _fault(count)
    station = g.post.station
    return _done(lambda decider: decider.gate.set_head_count(count, station), "count_set")


@blueprint.get("/inside")
def count_inside() -> Response:
    """In, out and unknown, place by place, and what the count rests on; no names."""
    kiosk, language = parts_of(current_app).kiosk, g.language
    return jsonify(kiosk.watch.do(lambda watcher: watcher.inside(language)))


@blueprint.post("/inside")
def name_inside() -> Response:
    """Who is on the site by name, for the supervisor alone: asked anew with the PIN each time."""
    read = read_fields(request.get_json(silent=True), "pin")
    if isinstance(read, Field):
        return _fault(read)
    refused, kiosk = wrong_pin(read["pin"]), parts_of(current_app).kiosk
    key = kiosk.names.roster_key
    if refused is not None or key is None:
        return refused or problem(403, "pin_wrong", "pin_wrong", field="pin")
    return jsonify({"names": kiosk.watch.do(lambda watcher: watcher.names_inside(key))})


@blueprint.post("/alerts/<uuid:alert_id>")
def saw_alert(alert_id: UUID) -> Response:
    """The officer of this lane has seen an alert; it is shown here no more."""
    kiosk, post = parts_of(current_app).kiosk, g.post
    try:
        kiosk.gate.do(lambda decider: decider.gate.saw_alert(alert_id, post.station))
    except sqlite3.Error:
        return problem(507, "unwritten", "alert_unwritten")
    return jsonify(kiosk.state(post))


def wrong_pin(pin: str) -> Response | None:
    """The refusal for a wrong PIN; a right one opens the names as well."""
    kiosk = parts_of(current_app).kiosk
    checked = kiosk.pins.check(pin)
    if isinstance(checked, PinHolds):
        if kiosk.names.roster_key is None:
            kiosk.unlock(checked.roster_key)
        return None
    if checked.wait_s:
        return problem(429, "pin_wait", "pin_wait", field="pin", seconds=checked.wait_s)
    return problem(403, "pin_wrong", "pin_wrong", field="pin")


def _done(act: Callable[[Decider], Unclear | NotReady], key: str) -> Response:
    answer = parts_of(current_app).kiosk.gate.do(act)
    return jsonify(told_without_scan(answer, g.language) if isinstance(answer, NotReady) else spoken(key, g.language))


def _fault(field: Field) -> Response:
    return problem(422, "field_wrong", field.key, field=field.name)
