"""Errors in one shape: a problem (RFC 9457) with `code` and `field` for programs, a page for people."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from accredit.domain.errors import AccreditError, NotAllowed

_SENTENCES = {
    404: "There is no page at this address.",
    405: "This address does not take that method.",
    413: "That is too much at once: at most 8 MB.",
    500: "Something went wrong on our side. It was noted; nothing was half saved.",
}


def wants_problem() -> bool:
    """Whether a program asks: everything under /api."""
    return request.path.startswith("/api/")


def problem(status: int, code: str, detail: str, field: str = "", **members: object) -> Response:
    """An error for whoever asks: RFC 9457 under /api, a page elsewhere."""
    if not wants_problem():
        page = render_template("error.html", status=status, detail=detail)
        return Response(page, status=status, mimetype="text/html")
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **({"field": field} if field else {}),
        **members,
    }
    return Response(json.dumps(body, ensure_ascii=False), status=status, mimetype="application/problem+json")


def set_up(app: Flask) -> None:
    """One place turns what is raised into an answer."""
    app.register_error_handler(AccreditError, _ours)
    app.register_error_handler(HTTPException, _http)


def keep_problem_shape(app: Flask) -> None:
    """The API extension brings a handler of its own, with another shape and without the Allow header; ours stays."""
    app.register_error_handler(HTTPException, _http)
    for handlers in app.error_handler_spec.values():
        handlers.get(None, {}).pop(HTTPException, None) if None not in handlers else None
    app.error_handler_spec[None][None][HTTPException] = _http


def _ours(error: AccreditError) -> ResponseReturnValue:
    if isinstance(error, NotAllowed):
        return problem(403, "not_allowed", str(error))
    return problem(409, "conflict", str(error))


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    told = getattr(error, "data", None) or {}
    fields = _fields_of(told.get("messages", {}))
    if fields:
        first = fields[0]
        answer = problem(status, "invalid", f"{first['field']}: {first['detail']}", first["field"], errors=fields)
    else:
        detail = _SENTENCES.get(status) or error.description or HTTPStatus(status).phrase
        answer = problem(status, HTTPStatus(status).name.lower(), detail)
    for name, value in error.get_headers(None):
        if name in {"Allow", "Retry-After", "WWW-Authenticate"}:
            answer.headers[name] = value
    return answer


def _fields_of(messages: object) -> list[dict[str, str]]:
    """The schema's complaints, flat: field and sentence."""
    if not isinstance(messages, dict):
        return []
    found = []
    for place in messages.values():
        if isinstance(place, dict):
            found += [{"field": str(field), "detail": _joined(texts)} for field, texts in place.items()]
    return found


def _joined(texts: object) -> str:
    return " ".join(map(str, texts)) if isinstance(texts, list) else str(texts)
