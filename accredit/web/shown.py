"""How templates show things: times in the event's zone and the reader's language, codes and keys as words."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import gettext, lazy_gettext

from accredit.domain.events import Event, Text
from accredit.web.languages import format_locale, language
from accredit.web.parts import parts
from accredit.web.words import WORDS

DOCUMENTS = {
    "passport": lazy_gettext("passport"),
    "identity_card": lazy_gettext("national identity card"),
    "travel_document": lazy_gettext("travel document for refugees or stateless persons"),
    "laissez_passer": lazy_gettext("United Nations laissez-passer"),
    "residence_permit": lazy_gettext("residence permit"),
    "legitimation_card": lazy_gettext("legitimation card"),
    "loss_report": lazy_gettext("report of the loss to the police"),
    "driving_licence": lazy_gettext("driving licence"),
    "phone_picture": lazy_gettext("picture on a telephone"),
    "visa": lazy_gettext("visa"),
}


def set_up(app: Flask) -> None:
    """Gives every template its filters and the marks of the installation."""
    for shows in (local_time, day, weekday, hour, number, told, words, category_name, checkpoint_name):
        app.add_template_filter(shows, shows.__name__)
    app.context_processor(lambda: {"is_demo": parts().is_demo, "now": parts().clock()})


def local_time(moment: datetime | None, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """A moment as people at the place read it: 4 September 2017, 23:59."""
    if moment is None:
        return "–"
    there = moment.astimezone(zone)
    time = f"{there:%H:%M:%S}" if seconds else f"{there:%H:%M}"
    return str(gettext("%(day)s, %(time)s", day=day(there), time=time))


def day(on: date) -> str:
    """4 September 2017, 4 septembre 2017, 2017年9月4日. An aware time is of the day of its own zone."""
    return format_date(on.date() if isinstance(on, datetime) else on, "long", locale=format_locale())


def weekday(on: date) -> str:
    """Wednesday; in French, mercredi."""
    return format_date(on.date() if isinstance(on, datetime) else on, "EEEE", locale=format_locale())


def hour(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """The time of day, 08:30: of the event's zone where one is given, else of the moment's own."""
    return f"{moment.astimezone(zone) if zone is not None else moment:%H:%M}"


def number(count: float) -> str:
    """12,345 as the reader's language writes it."""
    return format_decimal(count, locale=format_locale())


def told(text: Text) -> str:
    """A name or sentence of the event file: in French where the reader reads French, else in English."""
    return text.fr if language() == "fr" else text.en


def words(code: str) -> str:
    """A code as words: late_by_less_than_a_day becomes Late by less than a day."""
    known = WORDS.get(str(code)) or DOCUMENTS.get(str(code))
    return str(known) if known is not None else str(code).replace("_", " ").replace("-", " ").capitalize()


def category_name(key: str, event: Event) -> str:
    """A category as the event names it."""
    found = event.category(key)
    return told(found.name) if found is not None else words(key)


def checkpoint_name(key: str, event: Event) -> str:
    """A checkpoint as the event names it."""
    found = event.checkpoint(key)
    return told(found.name) if found is not None else words(key)
