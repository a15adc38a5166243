"""Refusals of the page's own requests: one shape, RFC 9457, with a sentence in the language of the session."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, g

from scanner.kiosk.texts import text


def problem(status: int, code: str, key: str, *, field: str | None = None, **values: Any) -> Response:
    """The answer for a request that was not taken; `key` names the sentence."""
    return problem_of(status, code, text(key, g.get("language", "en"), **values), field)


def problem_of(status: int, code: str, sentence: str, field: str | None = None) -> Response:
    """The same, with a sentence of another room's."""
    told: dict[str, Any] = {"status": status, "code": code, "detail": sentence}
    if field is not None:
        told["field"] = field
    return Response(json.dumps(told, ensure_ascii=False), status, content_type="application/problem+json")
