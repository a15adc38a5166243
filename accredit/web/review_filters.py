"""What the address of a queue page says: the filters, and the same filters as an address again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Outcome
from accredit.domain.events import Event
from accredit.services.review_queue import UNDECIDED, Narrowing

OPEN = "undecided"
ALL = "all"
NO_LIST = "-"
_YES_NO = {"yes": True, "no": False}
_LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """What was chosen, as it stands in the form; what is no choice counts as none."""

    state: str = OPEN
    outcome: str = ""
    category: str = ""
    listed: str = ""
    country: str = ""
    late: str = ""
    flags: str = ""
    q: str = ""

    @property
    def narrowing(self) -> Narrowing:
        """The same for the queue."""
        return Narrowing(
            states=UNDECIDED if self.state == OPEN else () if self.state == ALL else (ApplicationState(self.state),),
            outcome=Outcome(self.outcome) if self.outcome else None,
            category=self.category,
            listed=self.listed,
            country=self.country,
            late=_YES_NO.get(self.late),
            flagged=_YES_NO.get(self.flags),
            words=self.q,
        )

    @property
    def address(self) -> dict[str, Any]:
        """The arguments of an address that shows the same queue; nothing for what is not narrowed."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in named.items() if value and (name, value) != ("state", OPEN)}


def read_filters(event: Event, given: Mapping[str, str] | None = None) -> Filters:
    """The filters in the address of this request."""
    args = request.args if given is None else given
    lists = {key for category in event.categories for key in category.lists} | {NO_LIST}

    def one_of(name: str, known: object) -> str:
        value = args.get(name, "")
        return value if value in known else ""  # type: ignore[operator]

    country = args.get("country", "")
    return Filters(
        state=one_of("state", {OPEN, ALL, *ApplicationState}) or OPEN,
        outcome=one_of("outcome", set(Outcome)),
        category=one_of("category", {category.key for category in event.categories}),
        listed=one_of("listed", lists),
        country=country if country.isalpha() and len(country) <= 3 else "",
        late=one_of("late", _YES_NO),
        flags=one_of("flags", _YES_NO),
        q=" ".join(args.get("q", "").split())[:_LONGEST_WORDS],
    )
