"""The page's API over a scanner of a test's own, asked as the page's script asks it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from scanner_under_test import PIN, ScannerUnderTest
from werkzeug.test import TestResponse

from scanner.kiosk.app import create_app
from scanner.kiosk.channel import Channel
from scanner.kiosk.parts import Kiosk
from scanner.kiosk.serving import local_front, open_kiosk
from scanner.kiosk.stations import Post
from scanner.opening import OpenScanner, opened

PORT = 8765
HERE = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HERE}"
LANE = Post("1", "pregny")


@contextmanager
def folder_of(scanner: ScannerUnderTest) -> Iterator[OpenScanner]:
    """The folder as one thread opens it, by the test's clock."""
    with opened(scanner.state, {}) as found:
        yield replace(found, clock=scanner.clock)


def kiosk_of(scanner: ScannerUnderTest, pin: str | None = PIN) -> Kiosk:
    """The scanner behind the page."""
    channel = Channel("1", is_open=True, seconds=time.monotonic)
    return open_kiosk(lambda: folder_of(scanner), scanner.state, pin, channel, os.urandom)


@dataclass
class Page:
    """One browser with the page open, and what it asks."""

    client: FlaskClient

    @classmethod
    def open(cls, app: Flask, officer: str = "417") -> Page:
        """The page loaded, and the shift begun where an officer is named."""
        page = cls(app.test_client())
        assert page.get("/").status_code == 200
        if officer:
            assert page.post("shift", officer=officer).status_code == 200
        return page

    def get(self, path: str, **headers: str) -> TestResponse:
        """What a GET brings."""
        return self.client.get(path, headers={"Host": HERE, **_named(headers)})

    def post(self, path: str, *, headers: dict[str, str] | None = None, **told: Any) -> TestResponse:
        """What a POST of the page's script brings."""
        return self.client.post(f"/api/{path}", json=told, headers={"Host": HERE, "Origin": ORIGIN, **(headers or {})})

    def offer(self, kind: str, text: str = "", **more: Any) -> dict[str, Any]:
        """The answer to one offer."""
        told = {"readings": [text]} if kind in ("code", "document") else {"text": text}
        answer = self.post("offers", kind=kind, **told, **more)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.get_json()
        return told

    def state(self) -> dict[str, Any]:
        """What stands beside the verdict."""
        told: dict[str, Any] = self.get("/api/state").get_json()
        return told


def app_of(kiosk: Kiosk, post: Post = LANE) -> Flask:
    """The front of this machine."""
    return create_app(kiosk, local_front(post, PORT))


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
