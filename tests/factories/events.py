"""The event of 2017 as its shipped file tells it, changed where a test says so."""

from __future__ import annotations

import copy
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from accredit.domain.event_files import parse_event
from accredit.domain.events import Event
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent, load_event

_FILE = Path(__file__).resolve().parents[2] / "accredit" / "data" / "events" / "gcm-hearing-2017.toml"


@cache
def _shipped() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def event_table(**changes: Any) -> dict[str, Any]:
    """The table of the shipped file with top-level keys replaced; a copy that a test may change further."""
    return {**copy.deepcopy(_shipped()), **changes}


@cache
def _unchanged() -> Event:
    return parse_event(event_table())


def make_event(**changes: Any) -> Event:
    """The event as the rules know it."""
    return parse_event(event_table(**changes)) if changes else _unchanged()


def loaded_event(session: Session, context: Context, **changes: Any) -> LoadedEvent:
    """The event in the database."""
    return load_event(session, context, event_table(**changes)).loaded
