"""How long do the pages take that are asked most? `python -m benchmarks.pages --database postgresql --json`.

Made by rule: 6,500 listed names, and applications of different people, assessed. Once with a hundred of them and once with
a hundred thousand, one process answers keystrokes in the field of the organisation (names as they are listed, and some
misspelt), and a reviewer's pages of the queue: whole, narrowed, searched, and further on. Server time is the wall time of
the whole request inside of the process, database included; CPU time is that of the process alone (with SQLite, database
included); statements are those of the dearest request of its kind.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, insert, text

from accredit.db.models.accounts import Account
from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.db.models.review import OrganisationWord
from accredit.db.session import make_engine, writing
from accredit.db.types import Sealer
from accredit.db.upgrade import upgrade
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Outcome
from accredit.domain.permissions import Role
from accredit.services.context import Actor, Context, Secrets
from accredit.services.event_loading import LoadedEvent, event_of_id
from accredit.services.queue_facts import organisation_key, words_of
from accredit.web.app import create_app
from accredit.web.parts import Parts
from benchmarks.databases import a_database
from benchmarks.screening import _NOW, PROJECT, _applications, _listed, _prepared

_PASSWORD = "seven grey herons at dawn"
_CHUNK = 5000
_WARM = 10
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_AFTER = re.compile(r'href="([^"]*[?&;]after=[^"]*)"')


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--names", type=int, default=6500, help="names on the list")
    parser.add_argument("--applications", type=int, default=100_000, help="the larger number of applications")
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines of text")
    asked = parser.parse_args(arguments)
    told = measure(asked.database, asked.names, asked.applications)
    print(json.dumps(told) if asked.json else "\n".join(f"{key} {value}" for key, value in told.items()))
    return 0


def measure(kind: str, names: int, applications: int) -> dict[str, object]:
    """The figures with a hundred applications, and with many."""
    draw = Random(2017)
    told: dict[str, object] = {"database": kind, "names": names}
    with tempfile.TemporaryDirectory() as folder, a_database(kind) as database:
        engine = make_engine(database.address or f"sqlite:///{folder}/made.db", Sealer(bytes(32)))
        upgrade(engine, PROJECT / "migrations")
        house = _make_house(engine, draw, names)
        client = house.reviewer()
        for count in (100, applications):
            took = house.fill(count)
            told[f"{count}"] = {"fill_s": round(took, 1)} | _figures(house, client)
        engine.dispose()
    return told


def _figures(house: MadeHouse, client: FlaskClient) -> dict[str, object]:
    keys = _measured(house.engine, client, list(house.keystrokes()))
    queue = _measured(house.engine, client, list(house.queue_pages(client)))
    return {"type_ahead": keys, "queue": queue}


def _measured(engine: Engine, client: FlaskClient, addresses: Sequence[str]) -> dict[str, object]:
    """The wall time of each request, after a few that are not counted."""
    took, cpu, dearest = [], [], 0
    for at, address in enumerate([*addresses[:_WARM], *addresses]):
        with _statements(engine) as count:
            began, spent = time.perf_counter(), time.process_time()
            answer = client.get(address)
            passed, worked = time.perf_counter() - began, time.process_time() - spent
        if answer.status_code != 200:
            raise RuntimeError(f"{address} was answered with {answer.status_code}")
        if at >= _WARM:
            took.append(passed * 1000)
            cpu.append(worked * 1000)
            dearest = max(dearest, count())
    took.sort()
    cpu.sort()
    return {
        "requests": len(took),
        "p50_ms": round(took[len(took) // 2], 1),
        "p95_ms": round(took[int(len(took) * 0.95)], 1),
        "worst_ms": round(took[-1], 1),
        "cpu_p95_ms": round(cpu[int(len(cpu) * 0.95)], 1),
        "statements": dearest,
    }


@contextmanager
def _statements(engine: Engine) -> Iterator[Callable[[], int]]:
    seen = [0]

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen[0] += not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK"))

    event.listen(engine, "before_cursor_execute", note)
    yield lambda: seen[0]
    event.remove(engine, "before_cursor_execute", note)


@dataclass
class MadeHouse:
    """A service over made data."""

    engine: Engine
    context: Context
    event_id: UUID
    listed: list[str]
    draw: Random
    count: int = 0

    def reviewer(self) -> FlaskClient:
        """The browser of somebody who reviews."""
        app = create_app(
            Parts(
                engine=self.engine,
                context=lambda actor: Context(
                    actor, self.context.clock, self.context.entropy, self.context.secrets, None
                ),
                clock=self.context.clock,
                session_key=bytes(32),
                event_key="",
                base_url="http://localhost",
                is_demo=False,
                wants_second_step=False,
            )
        )
        client = app.test_client()
        token = _CSRF.findall(client.get("/log-in").text)[0]
        form = {"name": "rita", "password": _PASSWORD, "csrf_token": token}
        if client.post("/log-in", data=form).status_code != 302:
            raise RuntimeError("nobody could log in")
        return client

    def fill(self, count: int) -> float:
        """Brings the applications to this number; answers the seconds that it took."""
        began = time.monotonic()
        with writing(self.engine) as session:
            loaded = event_of_id(session, self.event_id)
            rows = []
            for at, row in enumerate(_applications(self.draw, self.context, loaded, self.listed, count)):
                if at >= self.count:
                    rows.append(_assessed(row, at))
                if len(rows) == _CHUNK or at == count - 1:
                    _insert(session, loaded, rows)
                    rows = []
            session.commit()
        self.count = count
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        return time.monotonic() - began

    def keystrokes(self) -> Iterator[str]:
        """What the field asks while somebody types a name; every third one misspells it."""
        for at in range(60):
            name = self.draw.choice(self.listed)
            typed = name[:4] + name[5:] if at % 3 == 0 else name
            for length in range(2, min(len(typed), 16)):
                yield f"/organisations?q={typed[:length].replace(' ', '+')}"

    def queue_pages(self, client: FlaskClient) -> Iterator[str]:
        """The queue as reviewers walk through it."""
        narrowed = ("", "?state=all", "?outcome=review", "?category=ngo", "?late=yes", "?flags=yes")
        for _ in range(5):
            for query in narrowed:
                address = f"/review{query}"
                for _page in range(3):
                    yield address
                    found = _AFTER.search(client.get(address).text)
                    if found is None:
                        break
                    address = found[1].replace("&amp;", "&")
            yield f"/review?q={self.draw.choice(self.listed).split()[0][:6]}"


def _assessed(row: dict[str, Any], at: int) -> dict[str, Any]:
    """The row as it stands after screening; every seventh one goes to a person."""
    review = at % 7 == 0
    plain = row["reference"]
    return row | {
        "reference": f"{plain[:4]}-{plain[4:]}",
        "state": ApplicationState.ASSESSED,
        "link_version": 1,
        "organisation_key": organisation_key(row["organisation"]),
        "organisation_country": ("CHE", "KEN", "FRA", "PHL")[at % 4],
        "outcome": Outcome.REVIEW if review else Outcome.ELIGIBLE,
        "list_key": "" if review else "ecosoc",
        "is_late": at % 50 == 0,
        "is_flagged": review,
    }


def _insert(session: Any, loaded: LoadedEvent, rows: Sequence[dict[str, Any]]) -> None:
    session.execute(insert(Application), list(rows))
    session.execute(
        insert(OrganisationWord),
        [
            {"application_id": row["id"], "word": word, "event_id": loaded.record.id}
            for row in rows
            for word in words_of(row["organisation"])
        ],
    )
    session.execute(insert(AssessmentRecord), [_assessment(row) for row in rows])


def _assessment(row: dict[str, Any]) -> dict[str, Any]:
    finding = {"rule": "organisation", "outcome": "clear", "code": "matched_exact", "applicant": "", "staff": "made"}
    return {
        "id": uuid4(),
        "application_id": row["id"],
        "number": 1,
        "outcome": row["outcome"],
        "is_clear": not row["is_flagged"],
        "rule_version": 1,
        "findings": [finding],
        "editions": [],
        "aliases_number": 0,
        "made_at": row["received_at"],
    }


def _make_house(engine: Engine, draw: Random, names: int) -> MadeHouse:
    """The event, the list and a reviewer."""
    listed = list(_listed(draw, names))
    context = Context(Actor("benchmark", frozenset(Role)), lambda: _NOW, draw.randbytes, Secrets(*[b"k" * 32] * 3))
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(_PASSWORD)
    with writing(engine) as session:
        loaded = _prepared(session, context, listed)
        roles = [Role.REVIEWER.value]
        session.add(Account(id=uuid4(), name="rita", password_hash=weak, roles=roles, created_at=_NOW))
        session.commit()
    return MadeHouse(engine, context, loaded.record.id, listed, draw)


if __name__ == "__main__":
    sys.exit(main())
