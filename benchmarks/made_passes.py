"""A service with so many collected passes, for benchmarks: its state folder, its database, and codes to present."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session

from accredit.config import Settings
from accredit.credential.claims import Claims
from accredit.credential.codec import encode_pass
from accredit.credential.device_keys import DeviceKey
from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.passes import Pass
from accredit.db.session import writing
from accredit.demo.stage import Stage
from accredit.domain.applications import ApplicationState
from accredit.services.devices import Enrolment, PreparedDevice, enrol, prepare_device
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.wiring import House
from benchmarks.many_rows import fill

MORNING = datetime(2017, 10, 11, 6, 30, tzinfo=UTC)
_OPENS = datetime(2017, 10, 10, 22, tzinfo=UTC)
_CHUNK = 20_000
_PEOPLE, _PASSES = cast("Table", Application.__table__), cast("Table", Pass.__table__)


@dataclass
class MadeService:
    """The folder and the processes of a service; `serials` are those of its passes, all of one category."""

    stage: Stage
    house: House
    event: LoadedEvent
    serials: list[bytes] = field(repr=False)

    @classmethod
    def make(cls, folder: Path, database: str, passes: int) -> MadeService:
        """Sets everything up; `database` is an empty PostgreSQL database's address, or empty for SQLite."""
        stage = Stage.build(folder / "service", lambda _line: None, database)
        stage.set_clock(MORNING)
        stage.accredit("init", "--demo")
        os.environ |= {"ACCREDIT_DEMO_CLOCK": str(stage.folder / "clock.json")}
        house = House(Settings(state=stage.state, **({"database_url": database} if database else {})))
        with writing(house.engine) as session:
            event = find_event(session, "")
            assert event is not None, "the demonstration's event is loaded"
            serials = list(_insert_passes(session, event, passes))
            session.commit()
        return cls(stage, house, event, serials)

    def code(self, serial: bytes) -> str:
        """The signed text on the badge of this pass."""
        ring = self.house.keyring
        assert ring is not None, "a demonstration has keys"
        claims = Claims(
            serial=serial,
            event=self.event.event.number,
            category=1,
            printed_ahead=False,
            grants=self.grants,
            document_tag=None,
            name="MADE PERSON",
            not_before=_OPENS,
            expires=_OPENS + timedelta(days=3),
        )
        return encode_pass(claims, ring.pass_key)

    @property
    def grants(self) -> int:
        """What every pass here opens."""
        return _all_grants(self.event)

    def scanner(self, name: str) -> tuple[UUID, str, DeviceKey]:
        """An enrolled scanner: its id, token and key."""
        key, context = DeviceKey.generate(os.urandom), self.house.context()
        with writing(self.house.engine) as session:
            ready = prepare_device(session, context, self.event, name, "pregny")
            assert isinstance(ready, PreparedDevice), ready
            enrolled = enrol(session, context, self.event, ready.code, key.public_bytes)
            assert isinstance(enrolled, Enrolment), enrolled
            session.commit()
        return enrolled.device.id, enrolled.token, key

    def serve(self, workers: int) -> subprocess.Popen[str]:
        """The service as it is run."""
        environment = self.stage.environment(ACCREDIT_WEB_WORKERS=str(workers))
        process = self.stage.start("accredit.cli", "serve", environment=environment, log="serve")
        self.stage.wait_until_ready()
        return process

    def close(self) -> None:
        """Ends everything."""
        self.stage.clear()
        self.house.close()


def _all_grants(event: LoadedEvent) -> int:
    return event.event.mask(tuple(one.key for one in event.event.grants))


def _insert_passes(session: Session, event: LoadedEvent, number: int) -> Iterator[bytes]:
    draw, connection = Random(2017), session.connection()
    for begin in range(0, number, _CHUNK):
        some = [_person(draw, at) for at in range(begin, min(begin + _CHUNK, number))]
        fill(connection, _PEOPLE, _shared_by_people(event), [person for person, _ in some])
        fill(connection, _PASSES, _shared_by_passes(event), [held for _, held in some])
        yield from (held["serial"] for _, held in some)
        if number > 100_000:
            print(f"{begin + len(some)} of {number} passes", end="\r", file=sys.stderr)


def _person(draw: Random, at: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """In what one person and the pass differ from all others."""
    person = {
        "id": UUID(int=draw.getrandbits(128)),
        "reference": f"{at:08d}",
        "surname": f"Person {at}",
        "person_hash": draw.randbytes(32),
    }
    held = {
        "id": UUID(int=draw.getrandbits(128)),
        "application_id": person["id"],
        "serial": at.to_bytes(5),
        "document_hash": draw.randbytes(32),
    }
    return person, held


def _shared_by_people(event: LoadedEvent) -> dict[str, Any]:
    return {
        **_defaults(_PEOPLE),
        "event_id": event.record.id,
        "state": ApplicationState.APPROVED,
        "category": event.event.categories[0].key,
        "given_names": "Made",
        "latin_surname": "",
        "latin_given_names": "",
        "birth_date": date(1980, 5, 31),
        "nationality": "KEN",
        "email": "made@example.org",
        "organisation": "A made body",
        "organisation_country": "CHE",
        "grounds_pass": False,
        "language": "en",
        "received_at": MORNING - timedelta(days=40),
        "recorded_at": MORNING - timedelta(days=40),
    }


def _shared_by_passes(event: LoadedEvent) -> dict[str, Any]:
    return {
        **_defaults(_PASSES),
        "event_id": event.record.id,
        "state": PassState.COLLECTED,
        "category_code": 1,
        "grants": _all_grants(event),
        "valid_from": _OPENS,
        "valid_until": _OPENS + timedelta(days=3),
        "state_reason": "",
        "roster_number": 1,
        "created_at": MORNING - timedelta(days=1),
        "collected_at": MORNING - timedelta(hours=8),
        "collected_by": "benchmark",
    }


def _defaults(table: Table) -> dict[str, Any]:
    """What a row holds where nothing is told."""
    told = {column.name: column.default for column in table.c if column.default is not None}
    return {name: one.arg(None) if one.is_callable else one.arg for name, one in told.items()}  # type: ignore[attr-defined]
