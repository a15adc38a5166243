"""Sentences of the rules in the reader's language: their pattern from the catalog, their values as pages write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import gettext, ngettext

from accredit.domain.events import Hours
from accredit.domain.sentences import Code, Told
from accredit.web.shown import day, hour, local_time, words
from accredit.web.states import state_name


def set_up(app: Flask) -> None:
    """Gives every template the sentences in its reader's language."""
    app.add_template_filter(said, "said")


def said(sentence: str) -> str:
    """The sentence for the page; one that the catalogs do not know stays as it is."""
    if isinstance(sentence, Told):
        return str(gettext(sentence.pattern, **_places(sentence.values)))
    return str(gettext(sentence)) if sentence else ""


def _places(values: Mapping[str, object]) -> dict[str, str]:
    """What stands in the places of a pattern. Beside the code of a country, its name is the reader's."""
    shown = {name: _shown(name, value) for name, value in values.items()}
    codes = {name: str(values[f"{name}_code"]) for name in values if f"{name}_code" in values}
    return shown | {name: state_name(code) for name, code in codes.items()}


def _shown(name: str, value: object) -> str:
    match value:
        case Told():
            told = said(value)
        case Code():
            told = _within(words(value))
        case datetime(tzinfo=ZoneInfo() as zone):
            told = local_time(value, zone)
        case date():
            told = day(value)
        case timedelta():
            told = _span(value)
        case tuple():
            told = ", ".join(_shown(name, one) for one in value)
        case Hours():
            told = f"{day(value.opens_at)}, {hour(value.opens_at)}–{hour(value.closes_at)}"
        case _:
            told = words(str(value)) if name == "state" else str(value)
    return told


def _within(text: str) -> str:
    """Words of a list as they stand within a sentence."""
    return text[:1].lower() + text[1:]


def _span(span: timedelta) -> str:
    """Days and the time beyond them, 6 days, 1:02:03."""
    rest = str(timedelta(seconds=span.seconds))
    return f"{ngettext('%(num)d day', '%(num)d days', span.days)}, {rest}" if span.days else rest
