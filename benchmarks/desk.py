"""How long does the desk wait for its server? `python -m benchmarks.desk --database postgresql --json`.

Made by rule: a hundred thousand approved people with the words of their names; some of them have prepared passes and photos.
`search` are the desk's questions by zone, by reference, by the beginning of names, whole names, and one given name alone that
a thousand people have. `pickup` is the wall time inside of the process of all requests of one pick-up together, as the page
makes them: zone, photo, hand over, card, photo, badge as a PDF, whether it came, in the hand, the next page. CPU time is that
of this process alone (with SQLite, database included).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from accredit.credential.keysets import KeyEntry, KeyRole, KeySet, KeyStatus
from accredit.credential.signing import SigningKey, sign_keyset
from accredit.db.models.accounts import Account
from accredit.db.models.applications import Application, Photo
from accredit.db.models.desk import PersonWord
from accredit.db.session import make_engine, reading, writing
from accredit.db.types import Sealer
from accredit.db.upgrade import upgrade
from accredit.domain.applications import AffiliationSource, ApplicationState
from accredit.domain.events import Event
from accredit.domain.permissions import Role
from accredit.identity.specimens import Specimen, build_td3
from accredit.rendering.photos import stand_in_portrait
from accredit.services.context import Actor, Context, KeyRing, Secrets
from accredit.services.desk_search import find
from accredit.services.desk_words import word_rows
from accredit.services.event_loading import LoadedEvent, event_of_id, load_event
from accredit.services.issuing import prepare
from accredit.services.person_names import person_hashes
from accredit.web.app import create_app
from accredit.web.parts import Parts
from benchmarks.databases import a_database
from benchmarks.screening import PROJECT

_NOW = datetime(2017, 10, 11, 7, 0, tzinfo=UTC)
_PASSWORD = "seven grey herons at dawn"
_CHUNK = 5000
_WARM = 5
_SOUNDS = ("ba", "ce", "di", "fo", "gu", "ha", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "ye")
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--applications", type=int, default=100_000, help="people to search among")
    parser.add_argument("--pickups", type=int, default=40, help="people who pick up their pass")
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines of text")
    asked = parser.parse_args(arguments)
    told = measure(asked.database, asked.applications, asked.pickups)
    print(json.dumps(told) if asked.json else "\n".join(f"{key} {value}" for key, value in told.items()))
    return 0


def measure(kind: str, applications: int, pickups: int) -> dict[str, object]:
    """Both figures on a fresh database of this kind."""
    with tempfile.TemporaryDirectory() as folder, a_database(kind) as database:
        engine = make_engine(database.address or f"sqlite:///{folder}/made.db", Sealer(bytes(32)))
        upgrade(engine, PROJECT / "migrations")
        made = _made(engine, applications, pickups + _WARM)
        told = {"database": kind, "applications": applications, "search": _searched(made), "pickup": _picked_up(made)}
        engine.dispose()
    return told


@dataclass
class _Made:
    """A desk over made people; `waiting` have a prepared pass."""

    engine: Engine
    context: Context
    event_id: UUID
    people: list[Application]
    waiting: list[Application]
    draw: Random


def _made(engine: Engine, applications: int, waiting: int) -> _Made:
    draw = Random(2017)
    with writing(engine) as session:
        context, event = _house(session, draw)
        given = ["".join(draw.choices(_SOUNDS, k=draw.randint(2, 4))).title() for _ in range(100)]
        people = [_person(draw, event, context, given, at) for at in range(applications)]
        for at in range(0, applications, _CHUNK):
            some = people[at : at + _CHUNK]
            session.execute(insert(Application), [_row(one) for one in some])
            session.execute(insert(PersonWord), [row for one in some for row in word_rows(one)])
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    chosen = draw.sample(people, waiting)
    with writing(engine) as session:
        for one in chosen:
            held = session.get_one(Application, one.id)
            picture = stand_in_portrait(len(one.surname))
            session.add(Photo(application_id=held.id, etag=bytes(8), data=picture))
            prepare(session, context, event_of_id(session, event.record.id), held)
        session.commit()
    return _Made(engine, context, event.record.id, people, chosen, draw)


def _house(session: Session, draw: Random) -> tuple[Context, LoadedEvent]:
    context = Context(Actor("benchmark", frozenset(Role)), lambda: _NOW, draw.randbytes, Secrets(*[b"k" * 32] * 3))
    file = PROJECT / "accredit" / "data" / "events" / "gcm-hearing-2017.toml"
    event = load_event(session, context, tomllib.loads(file.read_text("utf-8"))).loaded
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(_PASSWORD)
    session.add(Account(id=uuid4(), name="dana", password_hash=weak, roles=[Role.DESK.value], created_at=_NOW))
    return replace(context, keyring=_keyring(event.event, draw)), event


def _keyring(event: Event, draw: Random) -> KeyRing:
    kinds = (KeyRole.ROOT, KeyRole.PASS, KeyRole.LIST)
    root, pass_key, list_key = (SigningKey.generate(kid, kind, draw.randbytes) for kid, kind in enumerate(kinds))
    begins, ends = event.valid_from - timedelta(days=30), event.valid_until + timedelta(days=30)
    entries = tuple(
        KeyEntry(key.kid, key.role, key.public_bytes, KeyStatus.ACTIVE, begins, ends) for key in (pass_key, list_key)
    )
    keyset = KeySet(1, begins, ends, event.number, False, entries)
    return KeyRing(root.public_bytes, keyset, sign_keyset(keyset, root), pass_key, list_key, (pass_key, list_key))


def _person(draw: Random, event: LoadedEvent, context: Context, given: Sequence[str], at: int) -> Application:
    made = Application(
        id=uuid4(),
        event_id=event.record.id,
        reference=f"{at // 10_000:04}-{at % 10_000:04}".translate(str.maketrans("01", "ZY")),
        state=ApplicationState.APPROVED,
        version=1,
        category="ngo",
        surname="".join(draw.choices(_SOUNDS, k=draw.randint(2, 4))).upper(),
        given_names=f"{draw.choice(given)} {draw.choice(given)}",
        latin_surname="",
        latin_given_names="",
        birth_date=date(1950, 1, 1) + timedelta(days=draw.randrange(20_000)),
        nationality=draw.choice(("KEN", "CHE", "FRA", "PHL")),
        email="person@example.org",
        organisation="Alpine Migrants Forum",
        organisation_country="CHE",
        affiliation_source=AffiliationSource.IMPORT,
        grounds_pass=False,
        language="en",
        link_version=1,
        received_at=_NOW,
        recorded_at=_NOW,
    )
    hashes = person_hashes(context.secrets.pepper, event.event.number, made)
    made.person_hash, made.person_hash_native = hashes
    return made


def _row(one: Application) -> dict[str, Any]:
    return {column.key: getattr(one, column.key) for column in Application.__table__.columns if column.key in vars(one)}


def _zone(one: Application) -> str:
    number = one.reference.replace("-", "")[:9]
    return build_td3(Specimen(one.surname, one.given_names, one.birth_date, one.nationality, number, date(2024, 1, 31)))


def _searched(made: _Made) -> dict[str, object]:
    kinds: dict[str, Callable[[Application], str]] = {
        "zone": _zone,
        "reference": lambda one: one.reference,
        "beginning": lambda one: one.surname[:4],
        "both_parts": lambda one: f"{one.given_names.split()[0][:3]} {one.surname[:5]}",
        "whole_name": lambda one: f"{one.surname} {one.given_names}",
        "given_name": lambda one: one.given_names.split()[0],
    }
    told: dict[str, object] = {}
    everything: list[float] = []
    for kind, typed in kinds.items():
        took = [_asked(made, typed(one)) for one in made.draw.sample(made.people, 60 + _WARM)][_WARM:]
        told[kind] = _figures(took)
        everything += took
    return {"all": _figures(everything), **told}


def _asked(made: _Made, typed: str) -> float:
    with reading(made.engine) as session:
        event = event_of_id(session, made.event_id)
        began = time.perf_counter()
        found = find(session, made.context, event, typed)
        took = time.perf_counter() - began
    if not found.people:
        raise RuntimeError("nobody was found")
    return took * 1000


def _picked_up(made: _Made) -> dict[str, object]:
    client, token = _officer(made)
    took, cpu = [], []
    for one in made.waiting:
        spent = time.process_time()
        took.append(sum(_pickup(client, token, one)))
        cpu.append((time.process_time() - spent) * 1000)
    return {"pickups": len(took) - _WARM, **_figures(took[_WARM:]), "cpu_p50_ms": _figures(cpu[_WARM:])["p50_ms"]}


def _officer(made: _Made) -> tuple[FlaskClient, str]:
    given = Parts(
        engine=made.engine,
        context=lambda actor: replace(made.context, actor=actor),
        clock=lambda: _NOW,
        session_key=bytes(32),
        event_key="",
        base_url="http://localhost",
        is_demo=False,
        wants_second_step=False,
        templates=PROJECT / "badge_templates",
    )
    client = create_app(given).test_client()
    token = _CSRF.findall(client.get("/log-in").text)[0]
    client.post("/log-in", data={"name": "dana", "password": _PASSWORD, "csrf_token": token})
    return client, _CSRF.findall(client.get("/desk").text)[0]


def _pickup(client: FlaskClient, token: str, one: Application) -> Iterator[float]:
    """The milliseconds of each request."""
    zone, reference = _zone(one), one.reference
    steps: tuple[tuple[str, dict[str, str] | None, int], ...] = (
        ("/desk/find", {"typed": zone}, 200),
        (f"/desk/photo/{reference}.jpg", None, 200),
        ("/desk/collect", {"reference": reference, "document": zone}, 303),
        (f"/desk/card/{reference}?print=now", None, 200),
        (f"/desk/photo/{reference}.jpg", None, 200),
        (f"/desk/badge/{reference}", {}, 200),
        (f"/desk/printings/{reference}", None, 200),
        (f"/desk/in-hand/{reference}", {}, 303),
        ("/desk", None, 200),
    )
    for address, sent, status in steps:
        began = time.perf_counter()
        answer = client.get(address) if sent is None else client.post(address, data={**sent, "csrf_token": token})
        took = time.perf_counter() - began
        if answer.status_code != status:
            raise RuntimeError(f"{address} was answered with {answer.status_code}")
        yield took * 1000


def _figures(took: Sequence[float]) -> dict[str, float]:
    ordered = sorted(took)
    return {
        "p50_ms": round(ordered[len(ordered) // 2], 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
        "worst_ms": round(ordered[-1], 1),
    }


if __name__ == "__main__":
    sys.exit(main())
