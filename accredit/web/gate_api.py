"""What scanners talk to: enrol, poll the bundle, upload scans, fetch photos.

The bodies are signed CBOR, so the routes are plain: no forms, no locale. A scanner that is too old or switched off is told
so by a problem with a code.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from accredit import __version__
from accredit.db.session import reading, writing
from accredit.services import bundles, devices, scans
from accredit.services.context import Actor, Context
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.web.errors import problem
from accredit.web.parts import Parts, parts

LARGEST_BATCH = 1024 * 1024

blueprint = Blueprint("gate", __name__, url_prefix="/api/v1/gate", description="For enrolled scanners")


class EnrolmentSchema(Schema):
    """What a scanner sends to enrol."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=64))
    device_public_key = fields.String(required=True, validate=validate.Length(equal=44))
    name = fields.String(load_default="", validate=validate.Length(max=80))
    hardware = fields.String(load_default="", validate=validate.Length(max=80))
    version = fields.String(load_default="", validate=validate.Length(max=40))


class SinceSchema(Schema):
    """What a scanner has already."""

    since = fields.Integer(load_default=0, validate=validate.Range(min=0))


def stamp(moment: datetime) -> str:
    """RFC 3339 with milliseconds."""
    return str(moment.isoformat(timespec="milliseconds")).replace("+00:00", "Z")


def _cbor(here: Parts, data: bytes) -> Response:
    response = Response(data, mimetype="application/cbor")
    response.headers["Server-Time"] = stamp(here.clock())
    return response


@blueprint.route("/enrol")
class Enrolment(MethodView):
    """Enrolment by a one-time code."""

    @blueprint.arguments(EnrolmentSchema)
    @blueprint.doc(summary="Enrol a scanner by its one-time code", responses={"201": {"description": "Enrolled"}})
    def post(self, body: Mapping[str, str]) -> ResponseReturnValue:
        """Enrols the device and answers with everything that it needs to trust us."""
        try:
            public_key = base64.b64decode(body["device_public_key"], validate=True)
        except ValueError:
            return problem(422, "bad_key", "This is no base64.", "device_public_key")
        here = parts()
        context = here.context(Actor("device:enrolling"))
        with writing(here.engine) as session:
            event = find_event(session, here.event_key)
            if event is None or context.keyring is None:
                return problem(503, "not_ready", "The service has no event or no signing keys yet.")
            enrolled = devices.enrol(session, context, event, body["code"], public_key, version=body["version"])
            if isinstance(enrolled, devices.DeviceRefused):
                return problem(409, enrolled.code.value, enrolled.message, "code")
            session.commit()
        return _enrolment(enrolled), 201


def _enrolment(enrolled: devices.Enrolment) -> dict[str, Any]:
    return {
        "device_id": str(enrolled.device.id),
        "name": enrolled.device.name,
        "token": enrolled.token,
        "event": enrolled.event,
        "event_key": enrolled.event_key,
        "checkpoint": enrolled.device.checkpoint,
        "root_public": base64.b64encode(enrolled.root_public).decode(),
        "root_fingerprint": enrolled.root_fingerprint,
        "demo": enrolled.demo,
        "roster_key": base64.b64encode(enrolled.roster_key).decode(),
        "tag_key": base64.b64encode(enrolled.tag_key).decode(),
        "grounds_key": base64.b64encode(enrolled.grounds_key).decode(),
        "checkpoints": list(enrolled.checkpoints),
        "server_time": stamp(enrolled.server_time),
        "server_version": __version__,
        "api_version": enrolled.api_version,
    }


def _device(session: Session) -> devices.KnownDevice | Response:
    """The scanner that asks, or the problem it is told."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = devices.device_of_token(session, token if scheme.lower() == "bearer" else "")
    if isinstance(found, devices.DeviceRefused):
        switched_off = found.code is devices.DeviceObstacle.SWITCHED_OFF
        answer = problem(403 if switched_off else 401, found.code.value, found.message)
        if answer.status_code == 401:
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    return found


def _ready(session: Session, here: Parts, actor: str) -> tuple[LoadedEvent, Context] | Response:
    context = here.context(Actor(actor))
    event = find_event(session, here.event_key)
    if event is None or context.keyring is None:
        return problem(503, "not_ready", "The service has no event or no signing keys yet.")
    return event, context


@blueprint.route("/bundle")
class Bundle(MethodView):
    """The pass list, keys, hours and revocations."""

    @blueprint.arguments(SinceSchema, location="query")
    @blueprint.doc(
        summary="The signed bundle, whole or as a delta",
        responses={
            "200": {"description": "COSE_Sign1 by the list key", "content": {"application/cbor": {}}},
            "204": {"description": "Nothing is newer than `since`"},
        },
    )
    def get(self, query: Mapping[str, int]) -> ResponseReturnValue:
        """The bundle since a number; 204 when nothing is newer."""
        here = parts()
        with reading(here.engine) as session:
            device = _device(session)
            if isinstance(device, Response):
                return device
            opened = _ready(session, here, f"device:{device.id}")
            if isinstance(opened, Response):
                return opened
            event, context = opened
            data = bundles.build(session, context, event, query["since"])
        if data is None:
            empty = Response(status=204)
            empty.headers["Server-Time"] = stamp(here.clock())
            return empty
        return _compressed(_cbor(here, data))


def _compressed(response: Response) -> Response:
    """Compresses for a client that takes it; sealed names do not shrink, everything else does."""
    if not request.accept_encodings["gzip"]:
        return response
    response.set_data(gzip.compress(response.get_data(), compresslevel=6))
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


@blueprint.route("/scans")
class Scans(MethodView):
    """Upload of scans."""

    @blueprint.doc(
        summary="Upload a batch of scans, signed by the device",
        requestBody={
            "required": True,
            "content": {"application/cbor": {"schema": {"type": "string", "format": "binary"}}},
        },
        responses={"200": {"description": "An answer for each scan: taken, known or set_aside"}},
    )
    def post(self) -> ResponseReturnValue:
        """Takes a batch; an answer for each scan. Sending it again changes nothing."""
        here = parts()
        data = request.get_data()
        if len(data) > LARGEST_BATCH:
            return problem(413, "too_large", "At most 500 scans, and 1 MB, in a batch.")
        with writing(here.engine) as session:
            device = _device(session)
            if isinstance(device, Response):
                return device
            opened = _ready(session, here, f"device:{device.id}")
            if isinstance(opened, Response):
                return opened
            event, context = opened
            answer = scans.take_batch(session, context, event, device, data)
            if isinstance(answer, scans.BatchRefused):
                return problem(422, answer.code, answer.message)
            session.commit()
        results = [
            {"id": str(one.id), "result": one.result.value, **({"cause": one.cause} if one.cause else {})}
            for one in answer.results
        ]
        return {"results": results, "server_time": stamp(here.clock())}


@blueprint.route("/photos/<serial>")
class Photo(MethodView):
    """The sealed photo of a pass."""

    @blueprint.doc(
        summary="The sealed photo of the holder",
        responses={"200": {"description": "Sealed bytes", "content": {"application/octet-stream": {}}}},
    )
    def get(self, serial: str) -> ResponseReturnValue:
        """The photo, sealed under the roster key; 404 where there is none."""
        here = parts()
        with reading(here.engine) as session:
            device = _device(session)
            if isinstance(device, Response):
                return device
            opened = _ready(session, here, f"device:{device.id}")
            if isinstance(opened, Response):
                return opened
            event, context = opened
            try:
                wanted = bytes.fromhex(serial)
            except ValueError:
                return problem(404, "not_found", "There is no photo of this serial.")
            sealed = bundles.photo(session, context, event, wanted)
        if sealed is None:
            return problem(404, "not_found", "There is no photo of this serial.")
        return Response(sealed, mimetype="application/octet-stream")
