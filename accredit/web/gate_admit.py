"""Admission by the server, for scanners of others: one round trip a scan.

A hot route: plain JSON in and out, no form, no locale, no schema library between the reader and the verdict.
"""

from __future__ import annotations

from flask import Response, request
from flask.views import MethodView

from accredit.db.session import writing_bare
from accredit.services.admitting import AdmitObstacle, AdmitRefused, Asked, Told, admit_scan
from accredit.services.context import Actor
from accredit.services.server_gate import GateMemory
from accredit.web.access import bearer_token
from accredit.web.admit_bodies import JSON, LARGEST, SCHEMA, Complaint, as_json, read_asked
from accredit.web.errors import problem, stop
from accredit.web.openapi import ApiBlueprint
from accredit.web.parts import Parts, parts

_GATE = Actor("device:third-party")
_STATUS = {
    AdmitObstacle.TOKEN_UNKNOWN: 401,
    AdmitObstacle.SWITCHED_OFF: 403,
    AdmitObstacle.CHECKPOINT_UNKNOWN: 422,
    AdmitObstacle.NO_KEYS: 503,
}
_MEMORY = GateMemory()

blueprint = ApiBlueprint("admit", __name__, url_prefix="/api/v1/gate", description="For scanners of others")


@blueprint.route("/admit")
class Admit(MethodView):
    """One presentation."""

    @blueprint.doc(
        summary="Decide one presentation at a checkpoint, and write it down",
        security=[{"device": []}],
        requestBody={"required": True, "content": {"application/json": {"schema": SCHEMA}}},
        responses={"200": {"description": "The verdict", "content": {"application/json": {}}}},
    )
    def post(self) -> Response:
        """The verdict, on disk before it is told."""
        here, asked = parts(), _asked()
        told = decided(here, bearer_token(), asked)
        return _refusal(told) if isinstance(told, AdmitRefused) else Response(as_json(told), mimetype=JSON)


def decided(here: Parts, token: str, asked: Asked) -> Told | AdmitRefused:
    """The answer to one presentation, on disk."""
    with writing_bare(here.engine) as connection:
        told = admit_scan(connection, here.context(_GATE), _MEMORY, token, asked)
        if isinstance(told, Told) and not told.again:
            connection.commit()
    return told


def _refusal(refused: AdmitRefused) -> Response:
    field = "checkpoint" if refused.code is AdmitObstacle.CHECKPOINT_UNKNOWN else ""
    told = problem(_STATUS[refused.code], refused.code.value, refused.message, field)
    if refused.code is AdmitObstacle.TOKEN_UNKNOWN:
        told.headers["WWW-Authenticate"] = 'Bearer realm="accredit"'
    return told


def _asked() -> Asked:
    """The body, or a problem that names the field."""
    request.max_content_length = LARGEST
    read = read_asked(request.get_json())
    if isinstance(read, Complaint):
        stop(422, "invalid", read.sentence, read.field)
    return read
