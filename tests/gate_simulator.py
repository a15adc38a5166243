"""A service for scanners, in memory: issues, signs, revokes, enrols, serves bundles and photos, and takes scans.

It speaks the gate API through `httpx.MockTransport`, or on a real port for tests with processes, so that no test of the
scanner needs the service. Its clock is handed in; whatever it should do wrong (be down, forge, go back) is a field.
"""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx

from accredit.credential.admission_facts import Policy
from accredit.credential.bundle import Bundle, CheckpointEntry, encode_bundle
from accredit.credential.claims import Claims
from accredit.credential.codec import encode_pass
from accredit.credential.device_keys import open_batch
from accredit.credential.document_tags import document_tag, grounds_key, grounds_tag, tag_key
from accredit.credential.keysets import KeyEntry, KeyRole, KeySet, KeyStatus
from accredit.credential.pass_list import GroundsEntry, PassEntry
from accredit.credential.reasons import CheckpointKind, PassState
from accredit.credential.revocation import RevocationList, difference
from accredit.credential.scans import ScanRecord, decode_batch
from accredit.credential.sealing import RosterLine, seal_photo, seal_row
from accredit.credential.signing import SigningKey, sign_bundle, sign_keyset, sign_revocations
from accredit.credential.split_alerts import SplitAlert
from accredit.credential.trust import fingerprint

EVENT, EVENT_KEY = 17, "gcm-hearing-2017"
SITE, HEARING, THEMATIC = 1, 2, 4
ALL_GRANTS = SITE | HEARING | THEMATIC
PEPPER = b"pepper of the simulator"
CLASSES = ("delegate", "staff")
CHECKPOINTS = (
    CheckpointEntry("pregny", "Pregny Gate", "Portail de Pregny", CheckpointKind.SITE, SITE, sight_classes=CLASSES),
    CheckpointEntry("door-xix", "Room XIX", "Salle XIX", CheckpointKind.DOOR, HEARING, sight_classes=("staff",)),
    CheckpointEntry("door-xx", "Room XX", "Salle XX", CheckpointKind.DOOR, THEMATIC, capacity=2, sight_classes=CLASSES),
)
_ENDED = (PassState.REVOKED, PassState.REPLACED)


@dataclass(frozen=True)
class IssuedPass:
    """A pass as a test needs it: its serial and the text of its code."""

    serial: bytes
    code: str
    claims: Claims


@dataclass
class Device:
    """An enrolled scanner, as the service knows it."""

    device_id: str
    token: str
    public_key: bytes
    is_off: bool = False
    scans: dict[UUID, ScanRecord] = field(default_factory=dict)
    arrivals: list[UUID] = field(default_factory=list)


@dataclass(frozen=True)
class _Snapshot:
    passes: dict[bytes, PassEntry]
    grounds: dict[bytes, GroundsEntry]
    revoked: frozenset[bytes]
    kids: frozenset[int]


@dataclass(frozen=True)
class Reply:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class GateSimulator:
    """One event, its keys, its passes and its devices."""

    def __init__(self, clock: Callable[[], datetime], *, demo: bool = True, seed: int = 1) -> None:
        self.clock = clock
        self.entropy = random.Random(seed).randbytes
        self.demo = demo
        self.root = SigningKey.generate(0, KeyRole.ROOT, self.entropy, demo=demo)
        self.pass_key = SigningKey.generate(1, KeyRole.PASS, self.entropy)
        self.list_key = SigningKey.generate(2, KeyRole.LIST, self.entropy)
        self.roster_key = self.entropy(32)
        self.keyset = self._keyset()
        self.checkpoints = CHECKPOINTS
        self.policy = Policy()
        self.alerts: tuple[SplitAlert, ...] = ()
        self.inside: bytes | None = None
        self.number = 1
        self.passes: dict[bytes, PassEntry] = {}
        self.grounds: dict[bytes, GroundsEntry] = {}
        self.photos: dict[bytes, bytes] = {}
        self.revoked: frozenset[bytes] = frozenset()
        self.kids: frozenset[int] = frozenset()
        self.snapshots: dict[int, _Snapshot] = {1: _Snapshot({}, {}, frozenset(), frozenset())}
        self.codes: dict[str, bool] = {}
        self.devices: dict[str, Device] = {}
        self.set_aside_if: Callable[[ScanRecord], str | None] = lambda _: None
        self.is_down = False
        self.busy_for_s = 0
        self.loses_answers = 0
        self.server_ahead = timedelta(0)
        self.tamper: Callable[[bytes], bytes] = lambda signed: signed
        self.base_of_delta: Callable[[int], int] = lambda since: since
        self.requests: list[str] = []
        self._lock = threading.Lock()
        self._counter = itertools.count(1)

    # What the registration desk does.

    def issue(
        self,
        name: str = "DOE JANE",
        *,
        state: PassState = PassState.COLLECTED,
        printed_ahead: bool = False,
        grants: int = ALL_GRANTS,
        organisation: str = "Example Organisation",
        document: tuple[str, str] | None = None,
        photo: bytes | None = None,
        on_list: bool = True,
        signer: SigningKey | None = None,
        event: int = EVENT,
    ) -> IssuedPass:
        """Issue one pass; `document` is issuing State and number."""
        serial = self.entropy(5)
        begins = self.clock() - timedelta(days=1)
        claims = Claims(serial, event, 1, printed_ahead, grants, None, name, begins, begins + timedelta(days=4))
        if on_list:
            tags = (document_tag(PEPPER, EVENT, *document),) if document else ()
            sealed = seal_row(self.roster_key, EVENT, serial, RosterLine(name.title(), organisation))
            mark = None
            if photo is not None:
                self.photos[serial], mark = seal_photo(self.roster_key, EVENT, serial, photo), self.entropy(4)
            self.passes[serial] = PassEntry(serial, state, 1, grants, tags, sealed, mark)
            self._changed()
        return IssuedPass(serial, encode_pass(claims, signer or self.pass_key), claims)

    def issue_many(self, count: int) -> list[IssuedPass]:
        """So many passes under one number of the list."""
        before = self.number
        issued = [self.issue(f"PERSON {at:04d}") for at in range(count)]
        self.number = before + 1
        self.snapshots = {number: kept for number, kept in self.snapshots.items() if number <= before}
        self._keep()
        return issued

    def change(self, issued: IssuedPass, state: PassState) -> None:
        """Let a pass live on in another state."""
        self.passes[issued.serial] = replace(self.passes[issued.serial], state=state)
        if state in _ENDED:
            self.revoked |= {issued.serial}
        self._changed()

    def admit_grounds_pass(self, number: str, grants: int) -> None:
        """Approve the holder of a grounds pass."""
        tag = grounds_tag(grounds_key(PEPPER, EVENT), number)
        self.grounds[tag] = GroundsEntry(tag, grants)
        self._changed()

    def remove(self, issued: IssuedPass) -> None:
        """Take a pass off the list without a trace."""
        del self.passes[issued.serial]
        self._changed()

    def new_code(self) -> str:
        """A one-time code for a scanner."""
        code = f"CODE-{next(self._counter)}"
        self.codes[code] = False
        return code

    def switch_off(self) -> None:
        """Switch every scanner off."""
        for device in self.devices.values():
            device.is_off = True

    # What it signs.

    def bundle(self, since: int = 0) -> bytes:
        """The signed bundle: what changed since then, or all of it."""
        base = self.base_of_delta(since) if since in self.snapshots else 0
        old = self.snapshots.get(base, _Snapshot({}, {}, frozenset(), frozenset())) if base else None
        issued = self.clock()
        passes, grounds, removed = self._rows_since(old)
        bundle = Bundle(
            event=EVENT,
            event_key=EVENT_KEY,
            title="Multi-stakeholder hearing on migration",
            number=self.number,
            base=base,
            issued_at=issued,
            next_update=issued + timedelta(hours=1),
            keyset=sign_keyset(self.keyset, self.root),
            revocations=sign_revocations(self._revocations(base, old), self.list_key),
            time_zone="Europe/Zurich",
            checkpoints=self.checkpoints,
            passes=passes,
            grounds=grounds,
            removed=removed,
            policy=self.policy,
            categories={1: "Non-governmental organization"},
            alerts=self.alerts,
        )
        return self.tamper(sign_bundle(encode_bundle(bundle), self.list_key))

    def _rows_since(
        self, old: _Snapshot | None
    ) -> tuple[tuple[PassEntry, ...], tuple[GroundsEntry, ...], tuple[bytes, ...]]:
        if old is None:
            return tuple(self.passes.values()), tuple(self.grounds.values()), ()
        passes = tuple(entry for serial, entry in self.passes.items() if old.passes.get(serial) != entry)
        grounds = tuple(entry for tag, entry in self.grounds.items() if old.grounds.get(tag) != entry)
        return passes, grounds, tuple(old.passes.keys() - self.passes.keys())

    def _revocations(self, base: int, old: _Snapshot | None) -> RevocationList:
        now = self.clock()
        full = RevocationList(
            EVENT, self.number, 0, now, now + timedelta(hours=1), self.revoked, frozenset(), self.kids
        )
        if old is None:
            return full
        return difference(replace(full, number=base, revoked=old.revoked, kids=old.kids), full)

    def _keyset(self) -> KeySet:
        now = self.clock()
        begins, ends = now - timedelta(days=3), now + timedelta(days=30)
        keys = tuple(
            KeyEntry(key.kid, key.role, key.public_bytes, KeyStatus.ACTIVE, begins, ends)
            for key in (self.pass_key, self.list_key)
        )
        return KeySet(1, begins, ends, EVENT, self.demo, keys)

    def _changed(self) -> None:
        self.number += 1
        self._keep()

    def _keep(self) -> None:
        self.snapshots[self.number] = _Snapshot(dict(self.passes), dict(self.grounds), self.revoked, self.kids)

    # What it answers.

    @property
    def taken(self) -> dict[UUID, ScanRecord]:
        """All scans that arrived, from all devices."""
        return {scan_id: record for device in self.devices.values() for scan_id, record in device.scans.items()}

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Reply:
        """One request."""
        with self._lock:
            parts = urlsplit(target)
            path = parts.path.removeprefix("/api/v1/gate")
            self.requests.append(f"{method} {path}")
            if (method, path) == ("POST", "/enrol"):
                return self._enrol(json.loads(body))
            device = self.devices.get(headers.get("authorization", "").removeprefix("Bearer "))
            if device is None:
                return _problem(401, "token_unknown", "This token is unknown.")
            if device.is_off:
                return _problem(403, "device_switched_off", "The server has switched this scanner off.")
            if (method, path) == ("POST", "/scans"):
                return self._take(device, body)
            if path == "/bundle":
                return self._serve_bundle(int(parse_qs(parts.query)["since"][0]))
            photo = self.photos.get(bytes.fromhex(path.rpartition("/")[2])) if path.startswith("/photos/") else None
            found = self.inside if path == "/inside" else photo
            return (
                self._reply(200, found) if found is not None else _problem(404, "not_found", "There is no such thing.")
            )

    def _enrol(self, request: dict[str, Any]) -> Reply:
        used = self.codes.get(request["code"])
        if used is None:
            return _problem(404, "enrolment_code_unknown", "No such enrolment code. Ask for a new one.")
        if used:
            return _problem(409, "enrolment_code_used", "This enrolment code was used already. Ask for a new one.")
        self.codes[request["code"]] = True
        number = next(self._counter)
        device = Device(str(UUID(int=number)), f"token-{number}", base64.b64decode(request["device_public_key"]))
        self.devices[device.token] = device
        keys = {
            "root_public": self.root.public_bytes,
            "roster_key": self.roster_key,
            "tag_key": tag_key(PEPPER, EVENT),
            "grounds_key": grounds_key(PEPPER, EVENT),
        }
        told = {
            "device_id": device.device_id,
            "token": device.token,
            "event": EVENT,
            "event_key": EVENT_KEY,
            "root_fingerprint": fingerprint(self.root.public_bytes),
            "demo": self.demo,
            "checkpoint": "pregny",
            "checkpoints": [entry.key for entry in self.checkpoints],
            "server_time": _time(self._now()),
            "api_version": 1,
            **{name: base64.b64encode(key).decode() for name, key in keys.items()},
        }
        return self._reply(200, json.dumps(told).encode())

    def _serve_bundle(self, since: int) -> Reply:
        if self.busy_for_s:
            busy = _problem(429, "too_many_requests", "Too many questions.")
            return replace(busy, headers={**busy.headers, "Retry-After": str(self.busy_for_s)})
        if since == self.number:
            return self._reply(204)
        return self._reply(200, gzip.compress(self.bundle(since)), {"Content-Encoding": "gzip"})

    def _take(self, device: Device, body: bytes) -> Reply:
        payload = open_batch(body, device.public_key)
        if not isinstance(payload, bytes):
            return _problem(400, "batch_not_signed", "The signature of this batch does not hold.")
        batch = decode_batch(payload)
        assert str(batch.device_id) == device.device_id
        results = [self._take_one(device, record) for record in batch.records]
        if self.loses_answers:
            self.loses_answers -= 1
            return _problem(502, "bad_gateway", "The answer was lost on the way.")
        return self._reply(200, json.dumps({"results": results, "server_time": _time(self._now())}).encode())

    def _take_one(self, device: Device, record: ScanRecord) -> dict[str, str]:
        device.arrivals.append(record.id)
        cause = self.set_aside_if(record)
        if cause is not None:
            return {"id": str(record.id), "result": "set_aside", "cause": cause}
        if record.id in device.scans:
            assert device.scans[record.id] == record
            return {"id": str(record.id), "result": "known"}
        device.scans[record.id] = record
        return {"id": str(record.id), "result": "taken"}

    def _reply(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> Reply:
        return Reply(status, body, {"Server-Time": _time(self._now()), **(headers or {})})

    def _now(self) -> datetime:
        return self.clock() + self.server_ahead

    # How it is reached.

    def transport(self) -> httpx.MockTransport:
        """A transport for an `httpx.Client`, without any network."""

        def handle(request: httpx.Request) -> httpx.Response:
            if self.is_down:
                raise httpx.ConnectError("the simulator is down", request=request)
            target = request.url.raw_path.decode()
            reply = self.answer(request.method, target, dict(request.headers), request.read())
            return httpx.Response(reply.status, content=reply.body, headers=reply.headers)

        return httpx.MockTransport(handle)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """A real port on this machine; gives its address."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def system_now() -> datetime:
    """The time of this machine, for tests with processes."""
    return datetime.now(UTC)


def _problem(status: int, code: str, detail: str) -> Reply:
    body = json.dumps({"type": "about:blank", "title": code, "status": status, "detail": detail, "code": code})
    return Reply(status, body.encode(), {"Content-Type": "application/problem+json"})


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _handler(simulator: GateSimulator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if simulator.is_down:
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = simulator.answer(self.command, self.path, headers, body)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
            """Quiet."""

    return Handler
