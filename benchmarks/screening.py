"""How fast are applications screened? `python -m benchmarks.screening --json`.

Made by rule: 6,500 listed names and 10,000 applications of different people in a fresh SQLite file. Seven of ten name
their body as it is listed, two misspell it, one names a body of no list. The time is the CPU time of one process for
`screen_all`, the building of the index and the writing of the assessments included.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from types import MappingProxyType

from sqlalchemy import insert
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.session import make_engine, writing
from accredit.db.types import Sealer
from accredit.db.upgrade import upgrade
from accredit.domain.applications import AffiliationKind, AffiliationSource, ApplicationState
from accredit.domain.permissions import Role
from accredit.services.context import Actor, Context, Secrets
from accredit.services.event_loading import LoadedEvent, load_event
from accredit.services.listing import ListReport, import_list
from accredit.services.screening import ScreenReport, screen_all
from accredit.services.tables import Row, Table

PROJECT = Path(__file__).resolve().parent.parent

_NOW = datetime(2017, 9, 20, 9, tzinfo=UTC)
_FIRST = datetime(2017, 8, 1, 8, tzinfo=UTC)
_DAY = date(2017, 9, 4)
_KINDS = ("Association", "Foundation", "Network", "Council", "Institute", "Forum", "Society")
_CAUSES = ("Health", "Education", "Water", "Peace", "Migrants", "Climate", "Justice", "Women", "Youth")
_SOUNDS = ("ba", "ce", "di", "fo", "gu", "ha", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screening", description=__doc__)
    parser.add_argument("--names", type=int, default=6500, help="names on the list")
    parser.add_argument("--applications", type=int, default=10_000, help="applications to screen")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a line of text")
    asked = parser.parse_args(arguments)
    told = measure(asked.names, asked.applications)
    print(json.dumps(told) if asked.json else ", ".join(f"{key} {value}" for key, value in told.items()))
    return 0


def measure(names: int, applications: int) -> dict[str, object]:
    """Screen so many made applications against so many made names."""
    draw = Random(2017)
    listed = list(_listed(draw, names))
    context = Context(Actor("benchmark", frozenset(Role)), lambda: _NOW, draw.randbytes, Secrets(*[b"k" * 32] * 3))
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/made.db", Sealer(bytes(32)))
        upgrade(engine, PROJECT / "migrations")
        with writing(engine) as session:
            event = _prepared(session, context, listed)
            rows = list(_applications(draw, context, event, listed, applications))
            session.execute(insert(Application), rows)
            session.commit()
            began, at = time.process_time(), time.monotonic()
            report = screen_all(session, context, event)
            session.commit()
            spent, waited = time.process_time() - began, time.monotonic() - at
        engine.dispose()
    return _told(names, report, spent, waited)


def _told(names: int, report: ScreenReport, spent: float, waited: float) -> dict[str, object]:
    return {
        "applications": report.screened,
        "names": names,
        "cpu_s": round(spent, 2),
        "wall_s": round(waited, 2),
        "per_s": round(report.screened / spent),
        "clear": report.clear,
    }


def _prepared(session: Session, context: Context, listed: Sequence[str]) -> LoadedEvent:
    """The event of 2017, and the names as its list."""
    file = PROJECT / "accredit" / "data" / "events" / "gcm-hearing-2017.toml"
    event = load_event(session, context, tomllib.loads(file.read_text("utf-8"))).loaded
    columns = ("external_id", "name", "status")
    rows = tuple(
        Row(number, MappingProxyType(dict(zip(columns, (f"N{number}", name, "special"), strict=True))))
        for number, name in enumerate(listed, 2)
    )
    report = import_list(
        session,
        context,
        list_key="ecosoc",
        as_of=_DAY,
        table=Table(columns, rows),
        mapping={},
        source_name="made by rule",
    )
    assert isinstance(report, ListReport), report
    return event


def _listed(draw: Random, count: int) -> Iterator[str]:
    seen: set[str] = set()
    while len(seen) < count:
        place = "".join(draw.choices(_SOUNDS, k=draw.randint(2, 4))).title()
        name = f"{place} {draw.choice(_KINDS)} for {draw.choice(_CAUSES)} and {draw.choice(_CAUSES)}"
        if name not in seen:
            seen.add(name)
            yield name


def _typed(draw: Random, listed: Sequence[str]) -> str:
    """A name as somebody types it: as listed, with a letter lost, or of no list."""
    name, lot = draw.choice(listed), draw.random()
    if lot < 0.7:
        return name
    if lot < 0.9:
        lost = draw.randrange(1, len(name) - 1)
        return name[:lost] + name[lost + 1 :]
    return "Friends of " + "".join(draw.choices(_SOUNDS, k=5)).title()


def _applications(
    draw: Random, context: Context, event: LoadedEvent, listed: Sequence[str], count: int
) -> Iterator[dict[str, object]]:
    """Rows of the table, past the intake: other people each time, in time, with a letter."""
    for number in range(count):
        yield {
            "id": context.new_id(),
            "event_id": event.record.id,
            "reference": f"M{number:07}",
            "state": ApplicationState.SUBMITTED,
            "version": 1,
            "category": "ngo",
            "surname": "".join(draw.choices(_SOUNDS, k=4)).upper(),
            "given_names": "".join(draw.choices(_SOUNDS, k=3)).title(),
            "latin_surname": "",
            "latin_given_names": "",
            "birth_date": date(1980, 5, 31),
            "nationality": "UTO",
            "email": f"person{number}@example.org",
            "organisation": _typed(draw, listed),
            "organisation_country": "",
            "affiliation": AffiliationKind.LETTER,
            "affiliation_source": AffiliationSource.IMPORT,
            "grounds_pass": False,
            "grounds_hash": None,
            "person_hash": draw.randbytes(32),
            "language": "en",
            "security_hold": False,
            "replaces_id": None,
            "received_at": _FIRST + timedelta(seconds=number),
            "recorded_at": _FIRST + timedelta(seconds=number),
        }


if __name__ == "__main__":
    sys.exit(main())
