"""A site for browsers: the web service on a real port, over a state folder and a database of the test's own."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import uuid4

from argon2 import PasswordHasher
from factories.commands import Commands
from flask import Flask, got_request_exception
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session
from werkzeug.serving import BaseWSGIServer, make_server

from accredit.config import Settings, load_settings
from accredit.db.models.accounts import Account
from accredit.db.session import writing
from accredit.domain.permissions import Role
from accredit.services.context import Actor, Context
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.web.app import create_app
from accredit.wiring import House
from accredit.wsgi import parts_of

PASSWORD = "seven grey herons at dawn"
# The strength of the hash is the test of the accounts; here it would only cost time.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def set_up_state(folder: Path, now: datetime) -> None:
    """Makes a state folder with secrets, database, the event of 2017, its signing keys, and an account for each role."""
    commands = Commands(folder)
    commands.set_clock(now)
    commands.well("init", "--demo")
    house = _house(folder, {})
    with writing(house.engine) as session:
        for role in Role:
            session.add(Account(id=uuid4(), name=role.value, password_hash=_HASH, roles=[role.value], created_at=now))
        session.commit()
    house.close()


def _house(folder: Path, settings: dict[str, str]) -> House:
    """The house over the folder; the clock is the file of the folder."""
    told = Commands(folder, {"ACCREDIT_STATE": str(folder / "accredit-state")}).environment
    clock = {"ACCREDIT_DEMO_CLOCK": str(folder / "clock.json")}
    with mock.patch.dict(os.environ, told | clock | settings, clear=True):
        loaded = load_settings()
        assert isinstance(loaded, Settings), loaded
        house = House(loaded)
        assert house.clock() is not None  # built now, while the environment names the file
    return house


@dataclass
class LiveSite:
    """The service as a browser sees it, and the house behind it as a test may use it."""

    folder: Path
    house: House
    app: Flask
    server: BaseWSGIServer
    faults: list[BaseException] = field(default_factory=list)
    thread: threading.Thread = field(init=False)

    @classmethod
    def open(cls, folder: Path, **settings: str) -> LiveSite:
        """Serves the state folder on a free port; settings are variables, such as ACCREDIT_SMTP_URL="…"."""
        server = make_server("127.0.0.1", 0, lambda _environ, _start: [], threaded=True)
        house = _house(folder, {"ACCREDIT_BASE_URL": f"http://127.0.0.1:{server.port}"} | settings)
        app = create_app(parts_of(house))
        app.logger.disabled = True
        server.app = app
        site = cls(folder, house, app, server)
        got_request_exception.connect(site._note, app)
        site.thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        site.thread.start()
        return site

    def _note(self, _app: Flask, exception: BaseException, **_more: Any) -> None:
        """A request that ended in a defect; the test fails with it at its end."""
        self.faults.append(exception)

    def close(self) -> None:
        """Ends the server and gives the connections back; raises the first defect that a request met."""
        self.server.shutdown()
        self.thread.join(30)
        self.server.server_close()
        self.house.close()
        for fault in self.faults:
            raise fault

    @property
    def address(self) -> str:
        """Where the pages are, without a slash at the end."""
        return f"http://127.0.0.1:{self.server.port}"

    def at(self, path: str) -> str:
        """The whole address of a path."""
        return self.address + path

    def set_clock(self, moment: datetime) -> None:
        """Sets the time that the service shows; it goes on from there."""
        fresh = self.folder / "clock.new"
        fresh.write_text(json.dumps({"shows": moment.isoformat(), "set_at": time.time()}), "utf-8")
        fresh.replace(self.folder / "clock.json")

    def context(self, *roles: Role, actor: str = "test:office") -> Context:
        """What a service is handed when a test acts by itself; without a role, all of them."""
        return self.house.context(Actor(actor, frozenset(roles or Role)))

    @contextmanager
    def changing(self) -> Iterator[Session]:
        """A writing session that is committed at the end."""
        with writing(self.house.engine) as session:
            yield session
            session.commit()

    def event(self, session: Session) -> LoadedEvent:
        """The event of 2017 as this session knows it."""
        found = find_event(session, "")
        assert found is not None
        return found

    def log_in(self, page: Page, role: Role, to: str = "/overview") -> None:
        """Logs in as the account of this role (named like it), and waits for the page that was asked for."""
        page.goto(self.at(f"/log-in?to={to}"))
        page.locator("input[name=name]").fill(role.value)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit], main form input[type=submit]").first.click()
        expect(page).to_have_url(self.at(to))
