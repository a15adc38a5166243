"""What an applicant may change of the own application, by where it stands.

Before the decision everything, and the same rules look at it again; from the end of the deadline on only what does not make it
another application. After the approval only what no pass is made for, and one slip in the spelling of the name. Whatever else
is wanted goes to a person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import OSA

from accredit.db.models.applications import Application
from accredit.domain.applications import UNDECIDED, ApplicationState
from accredit.domain.deadline_rule import is_late
from accredit.domain.submissions import Submission
from accredit.services.assessing import category_of
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent

NAMES = ("surname", "given_names", "latin_surname", "latin_given_names")
OF_THE_PERSON = frozenset({*NAMES, "birth_date"})
OF_THE_PLACE = frozenset({"organisation", "category"})
CHANGEABLE = (
    *NAMES,
    "birth_date",
    "nationality",
    "guardian_name",
    "guardian_contact",
    "email",
    "organisation",
    "organisation_country",
    "category",
    "grounds_pass",
    "grounds_pass_number",
    "language",
    "meetings",
    "accessibility",
)
"""Everything on the page; the time of receipt, the letter and the consent stay as they are."""

_ALWAYS = frozenset({"email", "language", "meetings", "accessibility", "guardian_name", "guardian_contact"})


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of the fields that are changed at once, and of those that a person is asked about."""

    now: frozenset[str]
    asked: frozenset[str]


def fields_of(application: Application) -> dict[str, str]:
    """The application as its fields would be typed. The number of a grounds pass is not known: empty leaves it as it is."""
    return {
        **{name: getattr(application, name) or "" for name in CHANGEABLE if name not in _OTHERWISE},
        "birth_date": application.birth_date.isoformat(),
        "grounds_pass": "yes" if application.grounds_pass else "no",
        "grounds_pass_number": "",
        "meetings": " ".join(application.meetings or ()),
    }


_OTHERWISE = frozenset({"birth_date", "grounds_pass", "grounds_pass_number", "meetings"})


def changed_fields(application: Application, wanted: Submission) -> frozenset[str]:
    """The names of the fields that are to be another way."""
    now = {name: _plain(getattr(application, name)) for name in CHANGEABLE if name != "grounds_pass_number"}
    differ = {name for name, value in now.items() if _plain(getattr(wanted, name)) != value}
    return frozenset(differ | ({"grounds_pass_number"} if wanted.grounds_pass_number else set()))


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, (list, tuple)) else value or ""


def divide(
    context: Context, event: LoadedEvent, application: Application, wanted: Submission, *, may_respell: bool
) -> Changes:
    """Which of the wanted changes are made at once. `may_respell`: the name was not changed since the approval."""
    changed = changed_fields(application, wanted)
    names = changed & frozenset(NAMES)
    small = names if is_slip(application, wanted) else frozenset[str]()
    if application.state in UNDECIDED:
        closed = category_of(event.event, application.category).deadline and is_late(event.event, context.now())
        asked = (changed & (OF_THE_PERSON | OF_THE_PLACE)) - small if closed else frozenset[str]()
        return Changes(changed - asked, asked)
    free = changed & _ALWAYS | (small if may_respell else frozenset())
    return Changes(free, changed - free)


def may_change(application: Application) -> bool:
    """Whether anything can be changed at all."""
    return application.state in UNDECIDED or application.state is ApplicationState.APPROVED


def is_slip(application: Application, wanted: Submission) -> bool:
    """Whether the names differ by a letter or two, or by accents and capitals alone: the same person, spelt better."""
    return all(_is_near(getattr(application, name), getattr(wanted, name)) for name in NAMES)


def _is_near(before: str, after: str) -> bool:
    one, other = _folded(before), _folded(after)
    if one == other:
        return True
    shorter = min(len(one), len(other))
    allowed = 0 if shorter <= 3 else 1 if shorter <= 6 else 2
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed


def _folded(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in apart if letter.isalnum())


def as_text(wanted: Submission, names: frozenset[str]) -> dict[str, str]:
    """These fields of a valid submission as they would be typed."""
    told: Mapping[str, Any] = {name: getattr(wanted, name) for name in sorted(names)}
    return {name: _typed(value) for name, value in told.items()}


def _typed(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return " ".join(value)
        case _:
            return str(value)
