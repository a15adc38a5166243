"""How a command opens the house: settings, one transaction, the event that is meant."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from accredit.services.event_loading import LoadedEvent
    from accredit.wiring import House


def refuse(sentence: str, *, code: int = 1) -> NoReturn:
    """Ends the command with a sentence."""
    click.echo(f"accredit: {sentence}", err=True)
    raise SystemExit(code)


def say_if_empty(rows: Sized, sentence: str) -> None:
    """A list of nothing says so, beside the output that a script reads."""
    if not len(rows):
        click.echo(sentence, err=True)


def open_house() -> House:
    """The house of these settings, or a sentence a wrong one."""
    from accredit.config import SettingsRefused, load_settings
    from accredit.wiring import House

    settings = load_settings()
    if isinstance(settings, SettingsRefused):
        for sentence in settings.sentences:
            click.echo(f"accredit: {sentence}", err=True)
        raise SystemExit(1)
    house = House(settings)
    click.get_current_context().call_on_close(house.close)
    return house


@contextmanager
def writing(house: House) -> Iterator[Session]:
    """A session that the command commits once, when its block ends well."""
    from accredit.db.session import writing as open_session

    with open_session(house.engine) as session:
        yield session
        session.commit()


@contextmanager
def reading(house: House) -> Iterator[Session]:
    """A session that only reads."""
    from accredit.db.session import reading as open_session

    with open_session(house.engine) as session:
        yield session


def event_in(session: Session, house: House) -> LoadedEvent:
    """The event of the settings, or the only one that is loaded."""
    from accredit.services.event_loading import find_event

    found = find_event(session, house.settings.event)
    if found is None:
        named = (
            f"the event “{house.settings.event}” is not loaded" if house.settings.event else "no single event is loaded"
        )
        refuse(f"{named}; load one with “accredit events load” or name one in ACCREDIT_EVENT")
    return found
