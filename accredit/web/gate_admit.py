"""Admission by the server, for scanners of others: one round trip a scan.

A hot route: plain JSON in and out, no form, no locale, no schema library between the reader and the verdict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, jsonify, request
from flask.views import MethodView

from accredit.db.session import writing_bare
from accredit.services.admitting import (
    DIRECTIONS,
    SOURCES,
    AdmitObstacle,
    AdmitRefused,
    Asked,
    Told,
    admit_scan,
)
from accredit.services.context import Actor
from accredit.services.server_gate import GateMemory
from accredit.web.access import bearer_token
from accredit.web.errors import problem, stop
from accredit.web.gate_api import stamp
from accredit.web.openapi import ApiBlueprint
from accredit.web.parts import parts

_LARGEST = 4096
_GATE = Actor("device:third-party")
_LONGEST = {"checkpoint": 40, "lane": 20, "officer": 20, "text": 512}
_STATUS = {
    AdmitObstacle.TOKEN_UNKNOWN: 401,
    AdmitObstacle.SWITCHED_OFF: 403,
    AdmitObstacle.CHECKPOINT_UNKNOWN: 422,
    AdmitObstacle.NO_KEYS: 503,
}
_GOODBYE = {"en": "Goodbye.", "fr": "Au revoir."}
_TEXT = {"type": "string"}
_KNOWN = ("id", "checkpoint", "lane", "officer", "direction", "source", "text")
_BODY = {
    "type": "object",
    "required": ["id", "checkpoint", "lane", "source", "text"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "format": "uuid", "description": "Made by the scanner; sent again, the same answer."},
        "checkpoint": {**_TEXT, "minLength": 1, "maxLength": _LONGEST["checkpoint"]},
        "lane": {**_TEXT, "minLength": 1, "maxLength": _LONGEST["lane"]},
        "officer": {**_TEXT, "maxLength": _LONGEST["officer"]},
        "direction": {**_TEXT, "enum": [one.value for one in DIRECTIONS]},
        "source": {**_TEXT, "enum": [one.value for one in SOURCES]},
        "text": {**_TEXT, "minLength": 1, "maxLength": _LONGEST["text"], "description": "What was read or typed."},
    },
}
_NOBODY_TYPES = re.compile("[\x00-\x1f\ud800-\udfff]")
_Word = TypeVar("_Word", bound=StrEnum)

blueprint = ApiBlueprint("admit", __name__, url_prefix="/api/v1/gate", description="For scanners of others")
memory = GateMemory()


@blueprint.route("/admit")
class Admit(MethodView):
    """One presentation."""

    @blueprint.doc(
        summary="Decide one presentation at a checkpoint, and write it down",
        security=[{"device": []}],
        requestBody={"required": True, "content": {"application/json": {"schema": _BODY}}},
        responses={"200": {"description": "The verdict", "content": {"application/json": {}}}},
    )
    def post(self) -> Response:
        """The verdict, on disk before it is told."""
        here, asked = parts(), _asked()
        with writing_bare(here.engine) as connection:
            told = admit_scan(connection, here.context(_GATE), memory, bearer_token(), asked)
            if isinstance(told, AdmitRefused):
                return _refusal(told)
            if not told.again:
                connection.commit()
        return jsonify(_as_json(told))


def _refusal(refused: AdmitRefused) -> Response:
    field = "checkpoint" if refused.code is AdmitObstacle.CHECKPOINT_UNKNOWN else ""
    told = problem(_STATUS[refused.code], refused.code.value, refused.message, field)
    if refused.code is AdmitObstacle.TOKEN_UNKNOWN:
        told.headers["WWW-Authenticate"] = 'Bearer realm="accredit"'
    return told


def _asked() -> Asked:
    """The body, or a problem that names the field."""
    request.max_content_length = _LARGEST
    body = request.get_json()
    if not isinstance(body, dict):
        stop(422, "invalid", "Send one JSON object.", "body")
    strange = next((name for name in body if name not in _KNOWN), None)
    if strange is not None:
        stop(422, "invalid", f"There is no field “{strange[:40]}” here; please leave it out.", "body")
    return Asked(
        scan_id=_id(body.get("id")),
        checkpoint=_text(body, "checkpoint"),
        lane=_text(body, "lane"),
        officer=_text(body, "officer", required=False),
        direction=_word(body.get("direction", DIRECTIONS[0].value), "direction", DIRECTIONS),
        source=_word(body.get("source"), "source", SOURCES),
        text=_text(body, "text"),
    )


def _id(value: object) -> UUID:
    try:
        if isinstance(value, str) and len(value) == 36:
            return UUID(value)
    except ValueError:
        value = None
    return stop(422, "invalid", "id: make a UUID for each scan, such as 0199a3c2-6f00-7000-8000-000000000001.", "id")


def _text(body: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST[name] or (required and not value):
        stop(422, "invalid", f"{name}: write text of 1 to {_LONGEST[name]} characters.", name)
    if _NOBODY_TYPES.search(value):
        stop(422, "invalid", f"{name}: holds a character that nobody can type.", name)
    return value


def _word(value: object, name: str, known: tuple[_Word, ...]) -> _Word:
    found = next((one for one in known if one.value == value), None)
    if found is None:
        stop(422, "invalid", f"{name}: write one of {', '.join(known)}.", name)
    return found


def _as_json(told: Told) -> dict[str, object]:
    judgement = told.judgement
    return {
        "id": str(told.scan_id),
        "verdict": told.verdict.value,
        "reason": told.reason.value,
        "sentence": _GOODBYE if told.goes_out else {"en": judgement.sentence_en, "fr": judgement.sentence_fr},
        "where": None if told.goes_in else {"en": judgement.where_en, "fr": judgement.where_fr},
        "name": told.name or None,
        "organisation": told.organisation or None,
        "serial": told.serial.hex() if told.serial else None,
        "unchecked": [one.value for one in told.unchecked],
        "warn": [one.value for one in told.warn],
        "last_scan": None if told.last_scan is None else _earlier(told.last_scan),
        "again": told.again,
        "server_time": stamp(told.at),
    }


def _earlier(scan: Any) -> dict[str, str]:
    return {
        "checkpoint": scan.checkpoint,
        "lane": scan.lane,
        "at": stamp(scan.at),
        "verdict": scan.verdict.value,
        "direction": scan.direction.value,
    }
