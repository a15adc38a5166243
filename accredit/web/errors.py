"""Errors in one shape: a problem (RFC 9457) with `code` and `field` for programs, a page for people."""

from __future__ import annotations

import json
import sys
from http import HTTPStatus
from typing import NoReturn

from flask import Flask, Response, abort, current_app, got_request_exception, render_template, request
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException

from accredit.domain.errors import AccreditError, NotAllowed

_SENTENCES = {
    400: lazy_gettext("This request cannot be read. Please compare it with the description of the address."),
    404: lazy_gettext("There is no page at this address."),
    405: lazy_gettext("This address does not take that method."),
    413: lazy_gettext("That is too much at once. Please send less."),
    429: lazy_gettext("That was too often in a short time. Please wait a minute, then try again."),
    500: lazy_gettext("Something went wrong on our side. It was noted; nothing was half saved."),
}
_STALE_FORM = lazy_gettext(
    "This form was open for too long. Please go back, load the page again, and send it once more."
)
_NO_DATABASE = lazy_gettext("The database does not answer just now; nothing was saved. Please try again in a moment.")
_NUL = lazy_gettext("There is a character in this that nobody can type (NUL). Please type it anew.")
# Beside the field in which it stands, with all that was typed kept.
_TELL_IT_THEMSELVES = frozenset({"apply", "group_apply"})
_KEPT_HEADERS = frozenset({"Allow", "Retry-After", "WWW-Authenticate"})


def set_up(app: Flask) -> None:
    """One place turns what is raised into an answer."""
    app.register_error_handler(AccreditError, _broken_promise)
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(HTTPException, answer)
    app.before_request(refuse_nul)


def refuse_nul() -> Response | None:
    """Refuses the one character that no database of ours can hold, in an address or a form; JSON has its schema."""
    typed = () if is_program() or request.blueprint in _TELL_IT_THEMSELVES else request.form.values()
    told = (request.path, *request.args.values(), *typed)
    return problem(400, "bad_character", str(_NUL)) if any("\0" in text for text in told) else None


def is_program() -> bool:
    """Whether a program asks: everything under /api."""
    return request.path.startswith("/api/")


def problem(status: int, code: str, detail: str, field: str = "", **members: object) -> Response:
    """An error for whoever asks: RFC 9457 under /api, a page elsewhere."""
    if not is_program():
        return Response(
            render_template("error.html", detail=detail, status=status), status=status, mimetype="text/html"
        )
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **({"field": field} if field else {}),
        **members,
    }
    # What a program sent may come back in a field's name, halves of characters too, which no answer can carry.
    told = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(told, status=status, mimetype="application/problem+json")


def stop(status: int, code: str, detail: str, field: str = "") -> NoReturn:
    """Ends the request with a problem; the transaction that was open is rolled back."""
    abort(problem(status, code, detail, field))


def stop_unknown(code: str, detail: str) -> NoReturn:
    """Ends a program's request that carried no token, or one that nobody has."""
    told = problem(401, code, detail)
    told.www_authenticate = WWWAuthenticate("bearer", {"realm": "accredit"})
    abort(told)


def answer(error: HTTPException) -> Response:
    """The answer for what the libraries refuse, with the headers that belong to it."""
    status = error.code or 500
    fields = _fields_of(error)
    if fields:
        first = fields[0]
        told = problem(status, "invalid", f"{first['field']}: {first['detail']}", first["field"], errors=fields)
    else:
        told = problem(status, HTTPStatus(status).name.lower(), _sentence(error, status))
    for name, value in error.get_headers():
        if name in _KEPT_HEADERS:
            told.headers[name] = value
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        told.headers.setdefault("Retry-After", "60")
    return told


def _sentence(error: HTTPException, status: int) -> str:
    if isinstance(error, CSRFError):
        return str(_STALE_FORM)
    complaint = next(iter(_messages(error).values()), None)
    if complaint is not None:
        return _joined(complaint)
    return str(_SENTENCES.get(status) or error.description or HTTPStatus(status).phrase)


def _fields_of(error: HTTPException) -> list[dict[str, str]]:
    """The schema's complaints, flat: field and sentence. What concerns the body as a whole has the field “body”."""
    found = []
    for place in _messages(error).values():
        if isinstance(place, dict):
            for field, texts in place.items():
                found.append({"field": "body" if field == "_schema" else str(field), "detail": _joined(texts)})
    return found


def _messages(error: HTTPException) -> dict[str, object]:
    """What the parser of arguments left on the error: place (json, query) to what is wrong there."""
    told = getattr(error, "data", None) or {}
    messages = told.get("messages", {})
    return messages if isinstance(messages, dict) else {}


def _joined(texts: object) -> str:
    return " ".join(map(str, texts)) if isinstance(texts, list) else str(texts)


def _broken_promise(error: AccreditError) -> Response:
    if isinstance(error, NotAllowed):
        return problem(403, "not_allowed", gettext("Your account may not do this: %(what)s.", what=str(error)))
    return problem(409, "conflict", f"{str(error)[:1].upper()}{str(error)[1:]}.")


def _no_database(error: OperationalError) -> Response:
    # Whoever listens for defects hears of this one, too, although it has an answer.
    got_request_exception.send(current_app._get_current_object(), exception=error)  # type: ignore[attr-defined]
    current_app.log_exception(sys.exc_info())
    told = problem(503, "no_database", str(_NO_DATABASE))
    told.headers["Retry-After"] = "5"
    return told
