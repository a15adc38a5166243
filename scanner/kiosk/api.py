"""What the page's script asks: an offer in, a verdict out; the officer's shift, and the state.

Each route reads one small JSON object, does one thing, and answers one. An offer carries an id made by the page, so that
the same offer sent again after a lost answer is the same scan.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, current_app, g, jsonify, request

from accredit.credential.reasons import Direction
from scanner.kiosk.fields import Decidable, Field, offered, read_fields
from scanner.kiosk.parts import parts_of
from scanner.kiosk.problems import problem
from scanner.kiosk.sessions import change_post, load_session
from scanner.kiosk.texts import LANGUAGES
from scanner.offers import short_word_problem

blueprint = Blueprint("api", __name__, url_prefix="/api")
blueprint.before_request(load_session)

_PATIENCE_S = 20.0


@blueprint.post("/offers")
def offer() -> Response:
    """One offer to the gate: the way of every scan."""
    read = offered(request.get_json(silent=True))
    if isinstance(read, Field):
        return problem(422, "field_wrong", read.key, field=read.name)
    return _decided(read.offers, read.scan_id)


@blueprint.post("/shift")
def begin_shift() -> Response:
    """The officer's number, from now on in every scan of this lane."""
    read = read_fields(request.get_json(silent=True), "officer")
    if isinstance(read, Field):
        return problem(422, "field_wrong", read.key, field=read.name)
    if short_word_problem("officer", read["officer"]) is not None:
        return problem(422, "field_wrong", "too_long", field="officer")
    change_post(parts_of(current_app), officer=read["officer"])
    return _state()


@blueprint.post("/direction")
def turn() -> Response:
    """The next people walk the other way."""
    read = read_fields(request.get_json(silent=True), "direction")
    if isinstance(read, Field) or read["direction"] not in set(Direction):
        return problem(422, "field_wrong", "field_wrong", field="direction")
    change_post(parts_of(current_app), direction=Direction(read["direction"]))
    return _state()


@blueprint.post("/language")
def speak() -> Response:
    """The page speaks another language."""
    read = read_fields(request.get_json(silent=True), "language")
    if isinstance(read, Field) or read["language"] not in LANGUAGES:
        return problem(422, "field_wrong", "field_wrong", field="language")
    change_post(parts_of(current_app), language=read["language"])
    return _state()


@blueprint.get("/state")
def state() -> Response:
    """The strip, the counters and the last scans of this lane."""
    return _state()


@blueprint.get("/answers")
def answers() -> Response:
    """What serial readers read since, as soon as there is something."""
    channel = parts_of(current_app).kiosk.channel
    if g.post.lane != channel.lane:
        return problem(404, "no_readers", "no_readers")
    heard = channel.take(request.args.get("after", 0, int), g.token, _PATIENCE_S)
    return jsonify({"answers": heard.answers, "after": heard.after})


@blueprint.get("/photos/<uuid:scan_id>")
def photo(scan_id: UUID) -> Response:
    """The photo that goes with one of the last scans of this lane; the address names the scan, never the person."""
    kiosk, post = parts_of(current_app).kiosk, g.post
    key = kiosk.names.roster_key
    found = None if key is None else kiosk.watch.do(lambda watcher: watcher.photo(scan_id, post, key))
    if found is None:
        return problem(404, "photo_none", "photo_none")
    return Response(found, content_type="image/jpeg")


def _decided(offers: tuple[Decidable, ...], scan_id: UUID | None) -> Response:
    parts, post = parts_of(current_app), g.post
    missing = post.missing
    if missing is not None:
        return problem(409, missing, missing)
    return jsonify(parts.kiosk.decide(offers, post, scan_id))


def _state() -> Response:
    parts, post = parts_of(current_app), g.post
    return jsonify(parts.kiosk.state(post))
