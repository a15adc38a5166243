"""The web service over a test's database: its event, keys, staff, and a clock that a test may set."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from argon2 import PasswordHasher
from factories.contexts import HEARING_MORNING, make_context
from factories.devices import FakeScanner, make_scanner
from factories.events import loaded_event, make_event
from factories.keys import with_keys
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accredit.credential.scans import ScanRecord
from accredit.db.models.accounts import Account
from accredit.db.session import writing
from accredit.domain.permissions import Role
from accredit.domain.scopes import USUAL, Scope
from accredit.services.accounts import add_token
from accredit.services.context import Actor, Context
from accredit.services.event_loading import LoadedEvent
from accredit.web import parts
from accredit.web.app import create_app
from accredit.web.hot_routes import HotRoutes
from accredit.web.parts import Parts

PASSWORD = "seven grey herons at dawn"
# The strength of the hash is the test of the accounts; here it would only cost time.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class _Compiled(BytecodeCache):
    """The templates, compiled once for all tests of a process: every test has an application of its own."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._codes:
            bucket.bytecode_from_string(self._codes[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def _built(given: Parts) -> Flask:
    app = create_app(given)
    app.jinja_env.bytecode_cache = _COMPILED
    app.testing = False  # what is raised becomes an answer, as it does for users
    return app


_APPLICATIONS: list[Flask] = []


def _shared(given: Parts) -> Flask:
    """One application for all tests of a process, on which each hangs its own parts: its routes take long to build."""
    if not _APPLICATIONS:
        _APPLICATIONS.append(_built(given))
    [app] = _APPLICATIONS
    parts.keep(app.extensions, given)
    hot = app.wsgi_app
    assert isinstance(hot, HotRoutes)
    app.wsgi_app = HotRoutes(hot._application, given)  # type: ignore[method-assign]
    return app


@dataclass
class WebUnderTest:
    """The service with everything that a scanner and the staff need; `now` moves its clock."""

    engine: Engine
    now: datetime = HEARING_MORNING
    app: Flask = field(init=False)
    event: LoadedEvent = field(init=False)

    def __post_init__(self) -> None:
        with writing(self.engine) as session:
            self.event = loaded_event(session, make_context())
            session.commit()
        self.app = _shared(self.parts())
        self.app.logger.disabled = True

    def have_an_own_application(self) -> None:
        """For a test that adds routes."""
        self.app = _built(self.parts())

    def parts(self, **changes: Any) -> Parts:
        """What the application is handed."""
        told: dict[str, Any] = {
            "engine": self.engine,
            "context": self.context,
            "clock": lambda: self.now,
            "session_key": b"s" * 32,
            "event_key": "",
            "base_url": "http://localhost",
            "is_demo": False,
            "wants_second_step": False,
        }
        return Parts(**{**told, **changes})

    def context(self, actor: Actor) -> Context:
        """A context with keys, at the time of this service."""
        keyed = with_keys(make_context(), make_event())
        return replace(keyed, actor=actor, clock=lambda: self.now)

    @property
    def office(self) -> Context:
        """A context with all roles."""
        return self.context(Actor("test:office", frozenset(Role)))

    def client(self) -> FlaskClient:
        """Somebody's browser or program."""
        return self.app.test_client()

    @contextmanager
    def changing(self) -> Iterator[Session]:
        """A transaction of somebody else, committed at its end."""
        with writing(self.engine) as session:
            yield session
            session.commit()

    def account(self, name: str, *roles: Role) -> Account:
        """A member of staff with the password of all tests."""
        with self.changing() as session:
            made = Account(
                id=uuid4(),
                name=name,
                password_hash=_HASH,
                roles=[role.value for role in roles],
                active=True,
                created_at=self.now,
            )
            session.add(made)
        return made

    def token(self, *roles: Role, scopes: Collection[Scope] = USUAL) -> dict[str, str]:
        """The headers of a program whose account has these roles."""
        account = self.account(f"program {uuid4().hex[:8]}", *roles)
        with self.changing() as session:
            token = add_token(session, self.office, account.name, scopes=scopes)
        assert isinstance(token, str)
        return {"Authorization": f"Bearer {token}"}

    def staff(self, *roles: Role) -> FlaskClient:
        """The browser of somebody who logged in with these roles."""
        client = self.client()
        answer = log_in(client, self.account(f"staff {uuid4().hex[:8]}", *roles).name)
        assert answer.status_code == 302, answer.text
        return client

    def scanner(self, name: str = "gate 1") -> FakeScanner:
        """An enrolled scanner."""
        with self.changing() as session:
            return make_scanner(session, self.office, self.event, name)

    def upload(
        self, scanner: FakeScanner, records: Sequence[ScanRecord], *, by: FakeScanner | None = None
    ) -> TestResponse:
        """The answer to scans that `by` signed and `scanner` hands in."""
        data = (by or scanner).batch(records, self.now)
        return self.client().post("/api/v1/gate/scans", data=data, headers=cbor(scanner))


def bearer(scanner: FakeScanner) -> dict[str, str]:
    """The headers of this scanner."""
    return {"Authorization": f"Bearer {scanner.token}", "User-Agent": "accredit-scanner/1.0.0"}


def cbor(scanner: FakeScanner) -> dict[str, str]:
    """The headers of an upload."""
    return {**bearer(scanner), "Content-Type": "application/cbor"}


def csrf_of(page: TestResponse) -> str:
    """The token in the first form of a page."""
    found = _CSRF.search(page.text)
    assert found is not None, page.text
    return found[1]


def log_in(client: FlaskClient, name: str, password: str = PASSWORD, to: str = "") -> TestResponse:
    """What the log-in form answers."""
    address = "/log-in" + (f"?to={to}" if to else "")
    token = csrf_of(client.get("/log-in"))
    return client.post(address, data={"name": name, "password": password, "csrf_token": token})


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The SQL statements that are run meanwhile, without the beginnings and ends of transactions."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def problem_of(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer, with the shape that all of them have (RFC 9457)."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    told: dict[str, Any] = answer.get_json(force=True)
    assert {"type", "title", "status", "code", "detail"} <= told.keys()
    assert (told["type"], told["status"], told["code"]) == ("about:blank", status, code)
    assert told["title"]
    assert told["detail"]
    assert answer.headers.get("Set-Cookie") is None
    assert "Cookie" not in answer.headers.get("Vary", "")
    return told
