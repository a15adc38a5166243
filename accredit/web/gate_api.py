"""What scanners talk to: enrol, poll the bundle, upload scans, fetch photos.

The bodies are signed CBOR, so the routes are plain: no forms, no locale, no session. A scanner that is too old or switched
off is told so by a problem with a code.
"""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from flask import Response, request
from flask.views import MethodView
from marshmallow import fields, validate
from sqlalchemy.orm import Session

from accredit import __version__
from accredit.db.session import glancing, reading, writing, writing_if_free
from accredit.services import bundles, devices, polls, roster_jumps, scans, splits
from accredit.services.context import Actor, Context
from accredit.services.devices import DeviceObstacle, KnownDevice
from accredit.services.event_loading import LoadedEvent, event_of_id, find_event
from accredit.web.access import bearer_token
from accredit.web.errors import stop, stop_unknown
from accredit.web.openapi import ApiBlueprint, BodySchema, text_field
from accredit.web.parts import Parts, parts

LARGEST_BATCH = 1024 * 1024
LARGEST_ENROLMENT = 16 * 1024
OLDEST_SCANNER = (0, 1)
"""Scanners before this version do not read today's bundle. Other programs, which name themselves otherwise, may try."""

_SCANNER = re.compile(r"\baccredit-scanner/(\d{1,4})\.(\d{1,4})")
_STATUS_OF = {
    DeviceObstacle.CODE_UNKNOWN: HTTPStatus.NOT_FOUND,
    DeviceObstacle.BAD_PUBLIC_KEY: HTTPStatus.UNPROCESSABLE_ENTITY,
    DeviceObstacle.SWITCHED_OFF: HTTPStatus.FORBIDDEN,
    DeviceObstacle.NO_KEYS: HTTPStatus.SERVICE_UNAVAILABLE,
}
_CBOR = {"schema": {"type": "string", "format": "binary"}}
_Asker = TypeVar("_Asker", KnownDevice, polls.Poll)
_BY_DEVICE: list[dict[str, list[str]]] = [{"device": []}]

blueprint = ApiBlueprint("gate", __name__, url_prefix="/api/v1/gate", description="For enrolled scanners")


class EnrolmentSchema(BodySchema):
    """What a scanner sends to enrol."""

    code = text_field(required=True, shortest=1, longest=64)
    device_public_key = text_field(required=True, shortest=44, longest=44)
    name = text_field(longest=80)
    hardware = text_field(longest=80)
    version = text_field(longest=40)


class SinceSchema(BodySchema):
    """What a scanner has already."""

    since = fields.Integer(load_default=0, validate=validate.Range(min=0, max=roster_jumps.LARGEST_CLAIM))


@blueprint.url_value_preprocessor
def take_little(endpoint: str | None, _values: object) -> None:
    """Who enrols is not known yet: no more is read of what he sends than an enrolment needs."""
    if endpoint == "gate.Enrolment":
        request.max_content_length = LARGEST_ENROLMENT


@blueprint.after_request
def tell_the_time(response: Response) -> Response:
    """Every answer carries our time, by which a scanner judges its own clock."""
    response.headers["Server-Time"] = stamp(parts().clock())
    return response


def stamp(moment: datetime) -> str:
    """RFC 3339 with milliseconds."""
    return str(moment.isoformat(timespec="milliseconds")).replace("+00:00", "Z")


@blueprint.route("/enrol")
class Enrolment(MethodView):
    """Enrolment by a one-time code."""

    @blueprint.arguments(EnrolmentSchema)
    @blueprint.doc(
        summary="Enrol a scanner by its one-time code",
        responses={
            "201": {"description": "Enrolled; the token is told this once", "content": {"application/json": {}}}
        },
    )
    def post(self, body: Mapping[str, str]) -> tuple[dict[str, Any], int]:
        """Enrols the device and answers with everything that it needs to trust us."""
        _refuse_too_old()
        here = parts()
        context = here.context(Actor("device:enrolling"))
        public_key = _bytes_of(body["device_public_key"])
        # Whoever tries out codes reads, and keeps nobody waiting who writes.
        with reading(here.engine) as session:
            refused = devices.enrolment_obstacle(session, context, _event(session), body["code"], public_key)
        if refused is not None:
            _refuse(refused)
        with writing(here.engine) as session:
            event = _event(session)
            enrolled = devices.enrol(session, context, event, body["code"], public_key, version=body["version"])
            if isinstance(enrolled, devices.DeviceRefused):
                _refuse(enrolled)
            session.commit()
        return _told(enrolled), 201


def _event(session: Session) -> LoadedEvent:
    event = find_event(session, parts().event_key)
    if event is None:
        stop(503, "not_ready", "The service has no event yet.")
    return event


def _bytes_of(text: str) -> bytes:
    """The bytes behind base64; none where it is not base64, which is refused as any other key of a wrong length."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def _refuse(refused: devices.DeviceRefused) -> NoReturn:
    field = "device_public_key" if refused.code is DeviceObstacle.BAD_PUBLIC_KEY else "code"
    stop(_STATUS_OF.get(refused.code, HTTPStatus.CONFLICT), refused.code.value, refused.message, field)


def _told(enrolled: devices.Enrolment) -> dict[str, Any]:
    keys = {
        name: base64.b64encode(getattr(enrolled, name)).decode()
        for name in ("root_public", "roster_key", "tag_key", "grounds_key")
    }
    return {
        "device_id": str(enrolled.device.id),
        "name": enrolled.device.name,
        "token": enrolled.token,
        "event": enrolled.event,
        "event_key": enrolled.event_key,
        "checkpoint": enrolled.device.checkpoint,
        "root_fingerprint": enrolled.root_fingerprint,
        "demo": enrolled.demo,
        **keys,
        "checkpoints": list(enrolled.checkpoints),
        "server_time": stamp(enrolled.server_time),
        "server_version": __version__,
        "api_version": enrolled.api_version,
    }


def _refuse_too_old() -> None:
    """Ends the request of a scanner that would not understand the answer. Its scans are taken all the same."""
    named = too_old(request.headers.get("User-Agent", ""))
    if named is not None:
        oldest = ".".join(map(str, OLDEST_SCANNER))
        words = f"This scanner is version {named[1]}.{named[2]}; the service needs {oldest} or later. Please update it."
        stop(400, "client_too_old", words)


def too_old(agent: str) -> re.Match[str] | None:
    """The version that a program tells of itself, where it is a scanner of ours that is too old."""
    named = _SCANNER.search(agent)
    return named if named is not None and (int(named[1]), int(named[2])) < OLDEST_SCANNER else None


def _device(session: Session) -> KnownDevice:
    return _let_in(devices.device_of_token(session, bearer_token()))


def _let_in(found: _Asker | devices.DeviceRefused) -> _Asker:
    """The scanner that asks; ends the request where it is not known or switched off."""
    if isinstance(found, devices.DeviceRefused):
        if found.code is DeviceObstacle.SWITCHED_OFF:
            stop(403, found.code.value, found.message)
        stop_unknown(found.code.value, found.message)
    return found


def _context_of(device_id: UUID) -> Context:
    context = parts().context(Actor(f"device:{device_id}"))
    if context.keyring is None:
        stop(503, "not_ready", "The service has no signing keys.")
    return context


@blueprint.route("/bundle")
class Bundle(MethodView):
    """The pass list, keys, hours and revocations."""

    @blueprint.arguments(SinceSchema, location="query")
    @blueprint.doc(
        summary="The signed bundle, whole or as a delta",
        security=_BY_DEVICE,
        responses={
            "200": {"description": "COSE_Sign1 by the list key", "content": {"application/cbor": _CBOR}},
            "204": {"description": "Nothing is newer than `since`"},
            "304": {"description": "Nothing is newer than what `If-None-Match` names"},
        },
    )
    def get(self, query: Mapping[str, int]) -> Response:
        """The bundle since a number; 204 when nothing is newer."""
        _refuse_too_old()
        since = query["since"]
        poll = _let_in(who_polls(parts(), bearer_token()))
        _note_seen(poll, since)
        if since == poll.roster_number:
            return Response(status=204)
        mark = str(poll.roster_number)
        if request.if_none_match.contains_weak(mark):
            return Response(status=304, headers={"ETag": f'W/"{mark}"'})
        if roster_jumps.is_beyond(poll.roster_number, since):
            _outrun(poll, since)
        with reading(parts().engine) as session:
            data = bundles.build(session, _context_of(poll.id), event_of_id(session, poll.event_id), since)
        answer = _compressed(data) if data is not None else Response(status=204)
        # Weak: the same list, signed again, has other bytes. At most too old by a change of this moment, never too new.
        answer.set_etag(mark, weak=True)
        return answer


def who_polls(here: Parts, token: str) -> polls.Poll | devices.DeviceRefused:
    """Who asks, and what is newest."""
    with glancing(here.engine) as connection:
        return polls.who_polls(connection, token)


def _note_seen(poll: polls.Poll, since: int) -> None:
    """Once a minute; a scanner's question never waits for somebody who writes, such as a long import."""
    now = parts().clock()
    if polls.is_news(poll, since, now):
        with writing_if_free(parts().engine) as session:
            devices.note_seen(session, poll.id, since, now)
            session.commit()


def _outrun(poll: polls.Poll, since: int) -> None:
    """This scanner knows a list that came after our backup: the next one gets a number beyond it."""
    context = _context_of(poll.id)
    with writing(parts().engine) as session:
        if roster_jumps.outrun(session, context, poll.event_id, since):
            session.commit()


def _compressed(data: bytes) -> Response:
    """Compressed for a client that takes it; sealed names do not shrink, everything else does."""
    response = Response(data, mimetype="application/cbor")
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(data, compresslevel=6))
        response.content_encoding = "gzip"
    return response


@blueprint.route("/scans")
class Scans(MethodView):
    """Upload of scans."""

    @blueprint.doc(
        summary="Upload a batch of scans, signed by the device",
        security=_BY_DEVICE,
        requestBody={"required": True, "content": {"application/cbor": _CBOR}},
        responses={
            "200": {
                "description": "An answer for each scan: taken, known or set_aside",
                "content": {"application/json": {}},
            }
        },
    )
    def post(self) -> dict[str, Any]:
        """Takes a batch; an answer for each scan. Sending it again changes nothing."""
        here = parts()
        # Who asks is looked up before the body is read and before the writers' lock is taken.
        with reading(here.engine) as session:
            device = _device(session)
            event = devices.event_of(session, device)
        data = _batch()
        with writing(here.engine) as session:
            answer = scans.take_batch(session, _context_of(device.id), event, device, data)
            if isinstance(answer, scans.BatchRefused):
                switched_off = answer.code == DeviceObstacle.SWITCHED_OFF
                stop(403 if switched_off else 422, answer.code, answer.message)
            session.commit()
        if answer.has_alerts:
            with writing(here.engine) as session:
                splits.announce(session, event)
                session.commit()
        return {"results": list(map(_result, answer.results)), "server_time": stamp(answer.server_time)}


def _batch() -> bytes:
    if request.mimetype != "application/cbor":
        stop(415, "unsupported_media_type", "Send the signed batch as application/cbor.")
    request.max_content_length = LARGEST_BATCH
    return request.get_data()


def _result(one: scans.ScanResult) -> dict[str, str]:
    return {"id": one.id, "result": one.result.value, **({"cause": one.cause} if one.cause else {})}


@blueprint.route("/photos/<serial>")
class Photo(MethodView):
    """The sealed photo of a pass."""

    @blueprint.doc(
        summary="The sealed photo of the holder",
        security=_BY_DEVICE,
        responses={
            "200": {"description": "Sealed bytes", "content": {"application/octet-stream": _CBOR}},
            "206": {"description": "The rest of them, as `Range` asks", "content": {"application/octet-stream": _CBOR}},
            "304": {"description": "The photo is the one that `If-None-Match` names"},
            "416": {"description": "`Range` begins behind the end"},
        },
    )
    def get(self, serial: str) -> Response:
        """The photo of the pass with this serial, in hexadecimal digits, sealed under the roster key."""
        with reading(parts().engine) as session:
            device = _device(session)
            event = devices.event_of(session, device)
            wanted = bytes.fromhex(serial) if re.fullmatch("[0-9a-f]{10}", serial) else b""
            sealed = bundles.photo(session, _context_of(device.id), event, wanted)
        if sealed is None:
            stop(404, "not_found", "There is no photo of this serial.")
        answer = Response(sealed, mimetype="application/octet-stream")
        answer.add_etag()  # one photo of one pass is always sealed to the same bytes
        answer.make_conditional(request, accept_ranges=True, complete_length=len(sealed))
        return answer
