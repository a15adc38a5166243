"""The front of the other lanes: its page at the door, and what a tablet asks there."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, jsonify, make_response, render_template, request

from scanner.kiosk.front import Front
from scanner.kiosk.lane_texts import lane_text
from scanner.kiosk.lanes import Asked, LaneFault, LaneOpened, LaneRefused, Lanes
from scanner.kiosk.parts import parts_of
from scanner.kiosk.problems import problem_of
from scanner.kiosk.sessions import give_cookie
from scanner.kiosk.texts import LANGUAGES
from scanner.offers import short_word_problem

COOKIE = "__Host-lane"
"""Browsers take a cookie of this prefix over TLS alone, and never from another name of the same machine (RFC 6265bis)."""

_LONGEST_PIN = 64
_STATUS = {
    LaneFault.PIN_WRONG: 403,
    LaneFault.PIN_WAIT: 429,
    LaneFault.TAKEN: 409,
    LaneFault.OWN: 409,
    LaneFault.OFF: 403,
    LaneFault.BUSY: 429,
}


def lane_front(hosts: frozenset[str], language: str) -> Front:
    """The front with TLS: whoever has no session sees the door."""
    return Front(hosts, newcomer=partial(_door, language), scheme="https", cookie=COOKIE)


def add_lanes(app: Flask, lanes: Lanes) -> None:
    """Put the door before an application of the lanes' front."""
    blueprint = Blueprint("lanes", __name__, url_prefix="/api/lanes")
    blueprint.add_url_rule("", "come_in", partial(_come_in, lanes), methods=["POST"])
    blueprint.add_url_rule("/leave", "leave", partial(_leave, lanes), methods=["POST"])
    blueprint.app_context_processor(lambda: {"lane_text": lane_text})
    app.before_request(partial(_send_out, lanes))
    app.register_blueprint(blueprint)


def _send_out(lanes: Lanes) -> None:
    """A session that does not hold any more is none: its page sees the door again."""
    parts = parts_of(current_app)
    token = request.cookies.get(parts.front.cookie)
    post = parts.stations.find(token)
    if token is not None and post is not None and not lanes.is_in(post):
        parts.stations.close(token)


def _door(language: str) -> Response:
    asked = request.args.get("language", language)
    chosen = asked if asked in LANGUAGES else language
    other = next(each for each in LANGUAGES if each != chosen)
    t = partial(lane_text, language=chosen)
    return make_response(render_template("lane.html", t=t, language=chosen, other=other))


def _come_in(lanes: Lanes) -> Response:
    asked = _asked(request.get_json(silent=True))
    if isinstance(asked, Response):
        return asked
    came = lanes.come_in(asked)
    if isinstance(came, LaneOpened):
        return give_cookie(jsonify({"lane": asked.lane}), parts_of(current_app), came.token)
    return _refused(came)


def _asked(told: object) -> Asked | Response:
    """What was typed, or the sentence that names the field."""
    given: dict[str, Any] = told if isinstance(told, dict) else {}
    language = given.get("language")
    g.language = language if language in LANGUAGES else "en"
    pin, lane = given.get("pin"), given.get("lane")
    if not isinstance(lane, str) or not lane.strip() or short_word_problem("lane", lane.strip()) is not None:
        return _fault(422, "lane_missing", "lane")
    if not isinstance(pin, str) or not pin or len(pin) > _LONGEST_PIN:
        return _fault(422, "pin_missing", "pin")
    takes_over = given.get("take_over") is True
    return Asked(pin, lane.strip(), takes_over, g.language, request.remote_addr or "")


def _leave(lanes: Lanes) -> Response:
    parts = parts_of(current_app)
    token = request.cookies.get(parts.front.cookie)
    if token is not None:
        lanes.leave(token)
    answer = jsonify({})
    answer.delete_cookie(parts.front.cookie, path="/", secure=True, httponly=True, samesite="Strict")
    return answer


def _refused(refused: LaneRefused) -> Response:
    is_name = refused.fault in (LaneFault.TAKEN, LaneFault.OWN)
    field = "lane" if is_name else "pin"
    answer = _fault(_STATUS[refused.fault], refused.fault.value, field, seconds=refused.wait_s)
    if refused.wait_s:
        answer.headers["Retry-After"] = str(refused.wait_s)
    return answer


def _fault(status: int, key: str, field: str, **values: Any) -> Response:
    return problem_of(status, key, lane_text(key, g.language, **values), field)
