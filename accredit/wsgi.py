"""The entry point of the web service: `gunicorn "accredit.wsgi:application()"`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

import structlog
from flask import Flask, got_request_exception, request
from limits.errors import ConfigurationError

from accredit import logs
from accredit.config import SettingsRefused, load_settings
from accredit.web.app import create_app
from accredit.web.parts import Parts
from accredit.wiring import House, machine_clock, templates_folder


def application() -> Flask:
    """The web service over the settings of the environment. Raises SystemExit naming a wrong setting."""
    settings = load_settings()
    if isinstance(settings, SettingsRefused):
        raise SystemExit("\n".join(settings.sentences))
    logs.set_up(settings.log_level)
    try:
        app = create_app(parts_of(House(settings)))
    except ConfigurationError as fault:
        raise SystemExit(f"ACCREDIT_RATE_LIMIT_STORAGE: {fault}") from None
    # Flask's own line would hold the path, and a path may hold a signed link.
    app.logger.disabled = True
    got_request_exception.connect(_note, app)
    return app


def _note(_app: Flask, exception: BaseException, **_more: Any) -> None:
    """One line for a request that ended in a defect: where it went and what broke, without a word of its content."""
    log = structlog.get_logger("accredit.web")
    log.error("request failed", method=request.method, endpoint=request.endpoint, exc_info=exception)


def parts_of(house: House) -> Parts:
    """What the web service is handed of the house."""
    return Parts(
        engine=house.engine,
        context=house.context,
        clock=house.clock,
        session_key=house.secrets.session_key,
        event_key=house.settings.event,
        base_url=house.settings.base_url,
        is_demo=house.settings.is_demo,
        wants_second_step=not house.settings.is_demo,
        machine_time=machine_clock,
        limits_storage=house.settings.rate_limit_storage,
        proxies=house.settings.proxies,
        enrolment_hours=house.settings.enrolment_hours,
        templates=templates_folder(),
        room=house.settings.state,
        wake=_waker(house),
    )


def _waker(house: House) -> Callable[[UUID], None]:
    """Wakes a worker for a job. The queue is opened with the first job: most processes of the service never start one."""

    @cache
    def waking() -> Callable[[UUID], None]:
        from accredit.jobs import Worker, make_queue  # noqa: PLC0415 - most processes never need it

        return Worker(house, make_queue(house)).wake

    return lambda job: waking()(job)
