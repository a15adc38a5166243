"""Somebody who applies on the page: the form as a browser would send it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from factories.lists import usual_lists
from flask.testing import FlaskClient
from web_under_test import WebUnderTest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse

_INPUT = re.compile(r"<input[^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def hidden_fields(page: TestResponse, action: str) -> MultiDict[str, str]:
    """The hidden inputs of the form with this address."""
    [form] = [
        part
        for part in re.findall(r"<form.*?</form>", page.text, re.DOTALL)
        if f'action="{action}"' in part.split(">")[0]
    ][:1]
    inputs = [dict(_ATTRIBUTE.findall(one)) for one in _INPUT.findall(form)]
    return MultiDict(
        (one["name"], unescape(one.get("value", ""))) for one in inputs if one.get("type") == "hidden" and "name" in one
    )


def person(**changes: Any) -> dict[str, Any]:
    """The fields of the page for somebody fictitious, who names a listed body."""
    return {
        "organisation": "Alpine Migrants Forum",
        "organisation_country": "",
        "category": "ngo",
        "surname": "ADEYEMI",
        "given_names": "Amara",
        "birth_day": "31",
        "birth_month": "5",
        "birth_year": "1980",
        "nationality": "CHE",
        "email": "amara@example.org",
        "grounds_pass": "no",
        "consent": "y",
        **changes,
    }


def file(data: bytes, name: str) -> FileStorage:
    """A file in a form."""
    return FileStorage(io.BytesIO(data), name)


def with_lists(web: WebUnderTest) -> WebUnderTest:
    """The same service with the usual lists."""
    with web.changing() as session:
        usual_lists(session, web.office)
    return web


def checked(client: FlaskClient, fields: Mapping[str, Any], **more: Any) -> TestResponse:
    """The answer to the form with these fields, sent from a fresh page."""
    page = client.get("/apply")
    assert page.status_code == 200, page.text
    return posted(client, "/apply", {**hidden_fields(page, "/apply"), **fields, **more})


def posted(client: FlaskClient, address: str, fields: Mapping[str, Any]) -> TestResponse:
    """The answer to a form with files; what the client put on disk for large ones is closed."""
    answer = client.post(address, data=MultiDict(fields), content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()
    return answer


def sent(client: FlaskClient, check: TestResponse) -> TestResponse:
    """The answer to the button of the page that was checked."""
    assert check.status_code == 200, check.text
    return client.post("/apply/send", data=hidden_fields(check, "/apply/send"))
