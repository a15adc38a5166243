"""In which language a page speaks: chosen by the reader, else asked for by the browser, else English.

The texts stand in `translations/LANGUAGE/LC_MESSAGES/applicant.po` and `staff.po`. They are read as they are, once a process;
no compiled file lies beside them that could tell something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlencode

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request, session, url_for
from flask_babel import Babel, Domain, get_locale
from werkzeug.utils import cached_property

from accredit.domain.permissions import Permission
from accredit.web.access import ROUTES, Access

ENGLISH = "en"
NAMES = {"en": "English", "fr": "Français", "es": "Español", "ru": "Русский", "ar": "العربية", "zh": "中文"}
"""The languages of the applicants' pages, each by its own name."""
OF_THE_STAFF = ("en", "fr")
DRAFTS = frozenset(NAMES) - {ENGLISH}
"""Languages whose texts no native reader has signed yet; their pages say so."""
RIGHT_TO_LEFT = frozenset({"ar"})
CATALOGS = ("applicant", "staff")

_ACCESS_OF_STAFF = {Access.LOGGED_IN, Access.HALFWAY}
_STAFF_AT_THE_DOOR = {"staff.log_in", "staff.log_out", "choose_password.choose"}
_FOLDER = Path(__file__).resolve().parent / "translations"
_CHOICE = "lang"
_WITHOUT_WORDS = ("/api/", "/static/", "/bootstrap/static/", "/health", "/ready")
# Dates of English pages are those of the United Nations: 4 September 2017.
_FORMATS = {ENGLISH: "en_GB"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One language in the switcher: where the same page speaks it, and whether it does now."""

    key: str
    name: str
    address: str
    is_spoken: bool


class _OurCatalogs(Domain):
    """Hands the texts of the reader's language to every gettext call of a request."""

    def get_translations(self) -> NullTranslations:
        return catalog(language())


class _OurBabel(Babel):
    @cached_property
    def domain_instance(self) -> Domain:
        return _OurCatalogs()


def set_up(app: Flask) -> None:
    """Gives every page its language, its direction and the switcher."""
    _OurBabel(app, default_locale=ENGLISH, locale_selector=_select)
    app.before_request(_remember)
    app.context_processor(_for_templates)


def clear_session() -> None:
    """Empties the session of everything but the reader's choice of a language."""
    chosen = session.get(_CHOICE)
    session.clear()
    if chosen is not None:
        session[_CHOICE] = chosen


def language() -> str:
    """The language of this request, as it stands in `lang`; English outside of one."""
    locale = get_locale()
    return locale.language if locale is not None else ENGLISH


def format_locale() -> Locale:
    """How this request writes dates and numbers."""
    spoken = language()
    return _locale(_FORMATS.get(spoken, spoken))


@cache
def _locale(name: str) -> Locale:
    """Read once: the library looks for its files each time, and a page has a hundred dates."""
    return Locale.parse(name)


@cache
def catalog(spoken: str) -> NullTranslations:
    """All texts of a language; English is what stands in the code."""
    if spoken == ENGLISH or spoken not in NAMES:
        return NullTranslations()
    together = Catalog(locale=spoken)
    for path in filter(Path.is_file, (path_of(spoken, name) for name in CATALOGS)):
        with path.open("rb") as file:
            for message in read_po(file, locale=spoken, ignore_obsolete=True):
                if message.id and message.string:
                    together[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, together)
    return Translations(BytesIO(compiled.getvalue()))


def path_of(spoken: str, name: str) -> Path:
    """The file with the texts of one catalog in one language."""
    return _FOLDER / spoken / "LC_MESSAGES" / f"{name}.po"


def offered() -> tuple[str, ...]:
    """The languages in which this address speaks: two for the staff, six for everybody else."""
    needed = ROUTES.get(request.endpoint or "")
    of_staff = isinstance(needed, Permission) or needed in _ACCESS_OF_STAFF or request.endpoint in _STAFF_AT_THE_DOOR
    return OF_THE_STAFF if of_staff else tuple(NAMES)


def _select() -> str:
    """The reader's choice, as far as the page speaks it; then what the browser asks for."""
    if not request or request.path.startswith(_WITHOUT_WORDS):
        return ENGLISH
    languages = offered()
    chosen = session.get(_CHOICE)
    if chosen in languages:
        return str(chosen)
    return request.accept_languages.best_match(languages) or ENGLISH


def _remember() -> None:
    """`?lang=fr` in an address chooses for this session."""
    if request.path.startswith(_WITHOUT_WORDS):
        return  # before anything is read: a scanner's poll is not to wait for it
    asked = request.args.get(_CHOICE, "")
    if asked in NAMES:
        session[_CHOICE] = asked


def _for_templates() -> dict[str, object]:
    spoken = language()
    return {
        "language": spoken,
        "direction": "rtl" if spoken in RIGHT_TO_LEFT else "ltr",
        "is_draft": spoken in DRAFTS,
        "languages": _choices,
    }


def _choices() -> list[Choice]:
    """The switcher's entries: the same page in each language, or the first page where this one answers a form alone."""
    spoken = language()
    return [Choice(key, NAMES[key], _address_in(key), key == spoken) for key in offered()]


def _address_in(key: str) -> str:
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()):
        return url_for("pages.home", lang=key)
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != _CHOICE]
    return f"{quote(request.script_root + request.path)}?{urlencode([*kept, (_CHOICE, key)])}"
