"""States by name in the reader's language, for lists to choose from and for what is shown.

The names are those of the Unicode locale data, by the two-letter codes that the three-letter ones of a passport stand for.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from flask_babel import lazy_gettext

from accredit.services.nationalities import OTHERS, SPECIMEN_STATE, STATES
from accredit.web.languages import language
from accredit.web.parts import parts

# The locale data know ISO's codes alone.
_TWO_LETTERS = {"RKS": "XK"}
_NAMED_HERE = {
    "GBD": lazy_gettext("British Overseas Territories citizen"),
    "GBN": lazy_gettext("British National (overseas)"),
    "GBO": lazy_gettext("British Overseas citizen"),
    "GBP": lazy_gettext("British protected person"),
    "GBS": lazy_gettext("British subject"),
    "UNO": lazy_gettext("United Nations laissez-passer"),
    "UNA": lazy_gettext("United Nations specialized agency laissez-passer"),
    "UNK": lazy_gettext("Resident of Kosovo with a United Nations document"),
    "XXA": lazy_gettext("Stateless person (1954 Convention)"),
    "XXB": lazy_gettext("Refugee (1951 Convention)"),
    "XXC": lazy_gettext("Refugee (other)"),
    "XXX": lazy_gettext("Nationality not stated"),
    SPECIMEN_STATE: lazy_gettext("Utopia (specimen)"),
}


def state_name(code: str) -> str:
    """The name of a State by its three letters; the code itself where nobody has named it."""
    named = _NAMED_HERE.get(code)
    return str(named) if named is not None else _names(language()).get(code, code)


def state_choices() -> list[tuple[str, str]]:
    """Codes and names for a list, States by the alphabet of the reader first, then what else stands in a passport."""
    states = sorted(((code, state_name(code)) for code in STATES), key=lambda pair: _sorted_as(pair[1]))
    others = (*OTHERS, SPECIMEN_STATE) if parts().is_demo else OTHERS
    return [*states, *((code, state_name(code)) for code in others)]


def country_choices() -> list[tuple[str, str]]:
    """The same for the seat of a body."""
    states = sorted(((code, state_name(code)) for code in STATES), key=lambda pair: _sorted_as(pair[1]))
    return [*states, (SPECIMEN_STATE, state_name(SPECIMEN_STATE))] if parts().is_demo else states


def _sorted_as(name: str) -> str:
    """Without accents, so that Åland and Égypte stand where people look for them."""
    return "".join(one for one in unicodedata.normalize("NFD", name) if not unicodedata.combining(one)).casefold()


@lru_cache(maxsize=16)
def _names(spoken: str) -> dict[str, str]:
    territories = Locale(spoken).territories
    aliases = get_global("territory_aliases")
    found = {}
    for code in STATES:
        short = _TWO_LETTERS.get(code) or next(iter(aliases.get(code, ())), "")
        if short in territories:
            found[code] = territories[short]
    return found
