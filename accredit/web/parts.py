"""What the application is handed by the wiring: database, contexts, and the few settings that pages show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast
from uuid import UUID

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
    enrolment_hours: int = 24
    templates: Path = Path("badge_templates")
    room: Path | None = None
    """The folder of this installation, in which photos lie while a badge is pressed; without it, the system's own."""
    wake: Callable[[UUID], None] = lambda _job: None
    """Wakes a worker for a job, after the commit of its row; without it, a worker finds the job within a minute."""

    def machine_clock(self) -> datetime:
        """The time that telephones show: the clock of a demonstration does not move it."""
        return (self.machine_time or self.clock)()


def keep(extensions: dict[str, object], parts: Parts) -> None:
    """Hangs the parts on the application."""
    extensions[_KEY] = parts


def parts() -> Parts:
    """The parts of the application that serves this request."""
    return cast("Parts", current_app.extensions[_KEY])
