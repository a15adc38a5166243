"""What scanners ask all day, answered before the framework wakes: a poll that brings nothing new, and a verdict.

Only the plain case is answered here, by the same services as behind the routes. Whatever is not quite so, a refusal, a
fault or a mere doubt about the request, is left to the application: its routes do the whole again and say what is wrong.
A verdict may then be asked for twice; by its id it is the same scan.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from accredit.services import polls
from accredit.services.admitting import Told
from accredit.web.admit_bodies import JSON, LARGEST, Complaint, as_json, read_asked
from accredit.web.gate_admit import decided
from accredit.web.gate_api import stamp, too_old, who_polls
from accredit.web.headers import NOT_KEPT, of_every_answer
from accredit.web.parts import Parts

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_BEARER = re.compile(r"Bearer ([A-Za-z0-9._~+/-]+=*)")
_SINCE = re.compile(r"since=(\d{1,15})")


class _Answer(NamedTuple):
    status: str
    headers: list[tuple[str, str]]
    body: bytes = b""


class HotRoutes:
    """Stands before the application."""

    def __init__(self, application: WSGIApplication, given: Parts) -> None:
        self._application, self._parts = application, given
        self._headers = [*of_every_answer(given.base_url), NOT_KEPT]
        self._routes: dict[tuple[str, str], Callable[[WSGIEnvironment, str], _Answer | None]] = {
            ("GET", "/api/v1/gate/bundle"): self._poll,
            ("POST", "/api/v1/gate/admit"): self._admit,
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers, or hands on."""
        answer = self._answer(environ)
        if answer is None:
            return self._application(environ, start_response)
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _answer(self, environ: WSGIEnvironment) -> _Answer | None:
        route = self._routes.get((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        told = _BEARER.fullmatch(environ.get("HTTP_AUTHORIZATION", "")) if route is not None else None
        if route is None or told is None:
            return None
        try:
            return route(environ, told[1])
        except Exception:
            # What is amiss comes up again behind the route, where it is told and noted.
            return None

    def _poll(self, environ: WSGIEnvironment, token: str) -> _Answer | None:
        asked = _SINCE.fullmatch(environ.get("QUERY_STRING", ""))
        if asked is None or too_old(environ.get("HTTP_USER_AGENT", "")) is not None:
            return None
        since, now = int(asked[1]), self._parts.clock()
        poll = who_polls(self._parts, token)
        if not isinstance(poll, polls.Poll) or poll.roster_number != since or polls.is_news(poll, since, now):
            return None
        return _Answer("204 NO CONTENT", [("Server-Time", stamp(now)), *self._headers])

    def _admit(self, environ: WSGIEnvironment, token: str) -> _Answer | None:
        body = _json_of(environ)
        asked = None if body is None else read_asked(body)
        if asked is None or isinstance(asked, Complaint):
            return None
        told = decided(self._parts, token, asked)
        if not isinstance(told, Told):
            return None
        answer = as_json(told)
        named = [("Content-Type", JSON), ("Content-Length", str(len(answer)))]
        return _Answer("200 OK", [*named, *self._headers], answer)


def _json_of(environ: WSGIEnvironment) -> object:
    """The body as JSON; None where it is not, and whoever comes next may read it again."""
    length = environ.get("CONTENT_LENGTH") or ""
    if environ.get("CONTENT_TYPE") != JSON or not length.isdecimal() or int(length) > LARGEST:
        return None
    data = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(data)
    return json.loads(data)
