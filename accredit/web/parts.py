"""What the application is handed by the wiring: database, contexts, and the few settings that pages show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app
from sqlalchemy import Engine

from accredit.services.context import Actor, Context

_KEY = "accredit"


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a route may reach for."""

    engine: Engine
    context: Callable[[Actor], Context]
    clock: Callable[[], datetime]
    session_key: bytes
    event_key: str
    base_url: str
    is_demo: bool
    wants_second_step: bool = True
    machine_time: Callable[[], datetime] | None = None
    limits_storage: str = ""
    proxies: int = 0

    def machine_clock(self) -> datetime:
        """The time that telephones show: the clock of a demonstration does not move it."""
        return (self.machine_time or self.clock)()


def keep(extensions: dict[str, object], parts: Parts) -> None:
    """Hangs the parts on the application."""
    extensions[_KEY] = parts


def parts() -> Parts:
    """The parts of the application that serves this request."""
    return cast("Parts", current_app.extensions[_KEY])
