"""Refusals of the page's own requests: one shape, RFC 9457, with a sentence in the language of the session."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, g

from scanner.kiosk.texts import text


def problem(status: int, code: str, key: str, *, field: str | None = None, **values: Any) -> Response:
    """The answer for a request that was not taken; `key` names the sentence."""
    told = {"status": status, "code": code, "detail": text(key, g.get("language", "en"), **values)}
    if field is not None:
        told["field"] = field
    return Response(json.dumps(told, ensure_ascii=False), status, content_type="application/problem+json")
