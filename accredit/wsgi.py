"""The entry point of the web service: `gunicorn "accredit.wsgi:application()"`."""

from __future__ import annotations

from flask import Flask

from accredit.config import SettingsRefused, load_settings
from accredit.web.app import create_app
from accredit.web.parts import Parts
from accredit.wiring import House


def application() -> Flask:
    """The web service over the settings of the environment. Raises SystemExit naming a wrong setting."""
    settings = load_settings()
    if isinstance(settings, SettingsRefused):
        raise SystemExit("\n".join(settings.sentences))
    return create_app(parts_of(House(settings)))


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
    )
