"""Talking to the service: one keep-alive connection, bounded answers, and every failure as a value with a sentence.

What comes back is believed only as far as its signature goes; that is `trust_store.receive`'s work. Times, problems and
the word on each scan are taken from the service that the connection was made to, so it must be HTTPS, or this machine.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from accredit import __version__
from accredit.credential.bundle import MAX_BUNDLE_BYTES
from scanner.clock import aware
from scanner.journal import Settled, Upload
from scanner.pacing import LONGEST_CONNECT_S

CLIENT = f"accredit-scanner {__version__}"
SWITCHED_OFF = "device_switched_off"
_API = "/api/v1/gate"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# The signature and its frame around the payload.
_MAX_BUNDLE_ANSWER = MAX_BUNDLE_BYTES + 1024
_MAX_ANSWER = 2 * 1024 * 1024
_LONGEST_SENTENCE = 300
_PATIENCE_S = 30.0
"""Until the first byte, and between any two: an answer that keeps coming may take as long as it likes."""
_SHORT_PATIENCE_S = 8.0  # changes are there at once; and until a question that a dead network swallowed is asked again
_FULL_LIST_PATIENCE_S = 300.0  # a million passes are read, sealed, signed and compressed before the first byte


@dataclass(frozen=True, slots=True)
class Problem:
    """The service said no: its status, the code of its problem document, its sentence, and the seconds it asks us to wait."""

    status: int
    code: str
    sentence: str
    asked_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The service could not be asked (`is_cut_off`; `is_stalled`: it was, and no answer came), or gave one that is none."""

    sentence: str
    is_cut_off: bool = False
    is_stalled: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer: its body, and the service's time where it told one."""

    status: int
    body: bytes
    server_at: datetime | None


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The service's word on the scans of one batch."""

    settled: tuple[Settled, ...]
    server_at: datetime | None


Failure = Problem | Unreachable


def address_problem(url: str) -> str | None:
    """Why a scanner does not talk to this address, or None."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return f"{url} is no address. Write it like https://accredit.example.org."
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        return f"{url} is no address of a service. Write it like https://accredit.example.org."
    if parts.scheme == "http" and not _is_loopback(host):
        return f"{url} would send this scanner's keys over the network in the clear. Use https."
    return None


class Server:
    """One connection to the service. `transport` is there for tests."""

    def __init__(self, url: str, token: str = "", transport: httpx.BaseTransport | None = None) -> None:
        headers = {"User-Agent": CLIENT.replace(" ", "/"), "Accept-Encoding": "gzip"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._client = httpx.Client(
            base_url=url.rstrip("/") + _API,
            headers=headers,
            timeout=_patience(_PATIENCE_S),
            transport=transport,
            # A proxy of the surroundings has no business between two programs of one machine.
            trust_env=not _is_loopback(urlsplit(url).hostname or ""),
        )
        self._for_changes_s = _SHORT_PATIENCE_S

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def enrol(self, request: Mapping[str, str]) -> dict[str, Any] | Failure:
        """Hand in the one-time code; the enrolment as the service tells it, not yet looked at."""
        answer = self._ask("POST", "/enrol", body=json.dumps(request).encode(), content_type="application/json")
        if not isinstance(answer, Answer):
            return answer
        told = _json(answer.body)
        return told if told is not None else Unreachable("The server's answer to the enrolment cannot be read.")

    def bundle(self, since: int) -> Answer | Failure:
        """The signed bundle newer than `since` (0: a full one); status 204 and no body where there is none.

        A full one may also come where changes were asked for, after the event's file was changed. We cannot know before, so
        where no answer came in time, the next question waits four times as long.
        """
        patience_s = self._for_changes_s if since else _FULL_LIST_PATIENCE_S
        answer = self._ask("GET", f"/bundle?since={since}", cap=_MAX_BUNDLE_ANSWER, patience_s=patience_s)
        stalled = isinstance(answer, Unreachable) and answer.is_stalled
        self._for_changes_s = min(patience_s * 4, _FULL_LIST_PATIENCE_S) if stalled else _SHORT_PATIENCE_S
        return answer

    def upload(self, signed: bytes) -> Uploaded | Failure:
        """Hand in a signed batch of scans."""
        answer = self._ask("POST", "/scans", body=signed, content_type="application/cbor")
        if not isinstance(answer, Answer):
            return answer
        told = _json(answer.body)
        if told is None or not isinstance(told.get("results"), list):
            return Unreachable("The server's answer to the upload cannot be read; the scans will be sent again.")
        settled = tuple(each for each in map(_settled, told["results"]) if each is not None)
        return Uploaded(settled, _time(told.get("server_time")) or answer.server_at)

    def photo(self, serial: bytes) -> Answer | Failure:
        """The sealed photo of one pass."""
        return self._ask("GET", f"/photos/{serial.hex()}")

    def inside(self) -> Answer | Failure:
        """Who is inside by all gates together, as JSON."""
        return self._ask("GET", "/inside")

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        content_type: str = "",
        cap: int = _MAX_ANSWER,
        patience_s: float = _PATIENCE_S,
    ) -> Answer | Failure:
        headers = {"Content-Type": content_type} if content_type else {}
        try:
            waits = _patience(patience_s)
            with self._client.stream(method, path, content=body, headers=headers, timeout=waits) as response:
                received = _bounded(response, cap)
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            sentence = f"The server cannot be reached ({type(fault).__name__})."
            return Unreachable(sentence, isinstance(fault, httpx.TransportError), isinstance(fault, httpx.ReadTimeout))
        if received is None:
            return Unreachable("The server's answer is larger than it may be.")
        if response.status_code in (200, 201, 204):
            return Answer(response.status_code, received, _time(response.headers.get("Server-Time")))
        return _problem(response.status_code, received, _seconds(response.headers.get("Retry-After", "")))


def _patience(seconds: float) -> httpx.Timeout:
    return httpx.Timeout(seconds, connect=LONGEST_CONNECT_S)


def _bounded(response: httpx.Response, cap: int) -> bytes | None:
    received = bytearray()
    for chunk in response.iter_bytes():
        received += chunk
        if len(received) > cap:
            return None
    return bytes(received)


def _seconds(told: str) -> float:
    """The seconds of a Retry-After (RFC 9110, 10.2.3); its other form, a date, is left to the usual pause."""
    return float(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0.0


def _problem(status: int, body: bytes, asked_s: float) -> Problem:
    told = _json(body) or {}
    sentence = told.get("detail") or told.get("title") or f"The server answered with status {status}."
    plain = "".join(character if character.isprintable() else " " for character in str(sentence))
    return Problem(status, str(told.get("code") or ""), plain[:_LONGEST_SENTENCE], asked_s)


def _settled(told: object) -> Settled | None:
    match told:
        case {"id": str() as name, "result": "taken" | "known" | "set_aside" as result, **rest}:
            try:
                return Settled(UUID(name), Upload(result), str(rest.get("cause") or "") or None)
            except ValueError:
                return None
    return None


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _time(text: object) -> datetime | None:
    try:
        return aware(str(text)) if text else None
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    return host in _LOOPBACK or host.startswith("127.")


def key_in(told: Mapping[str, Any], name: str, length: int = 32) -> bytes | None:
    """The key under this name in an answer, as base64 of so many bytes; None where there is none."""
    try:
        found = base64.b64decode(str(told.get(name, "")), validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == length else None
