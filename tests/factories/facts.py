"""Facts for the rules: of an application with nothing to object to, changed where a test says so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from accredit.domain.application_facts import ApplicationFacts, Band, ListedBody, OrganisationAnswer
from accredit.domain.applications import AffiliationKind
from accredit.domain.events import Event


def make_body(**changes: Any) -> ListedBody:
    """A listed body in force on both days."""
    facts: dict[str, Any] = {
        "entry_id": "E1",
        "list_key": "ecosoc",
        "edition_on": date(2017, 9, 4),
        "name": "Alpine Migrants Forum",
        "status": "special",
        "in_force": True,
        "in_force_on_deadline": True,
    }
    return ListedBody(**{**facts, **changes})


def make_facts(
    event: Event, *, category: str = "ngo", body: ListedBody | None = None, **changes: Any
) -> ApplicationFacts:
    """Facts of a clear application; `category` by its key, `body` put into an accepted answer."""
    found = event.category(category)
    assert found is not None
    facts: dict[str, Any] = {
        "category": found,
        "received_at": datetime(2017, 8, 20, 10, tzinfo=UTC),
        "birth_date": date(1980, 5, 31),
        "organisation_typed": "Alpine Migrants Forum",
        "organisation": OrganisationAnswer(Band.ACCEPT, "exact", body or make_body()),
        "affiliation": AffiliationKind.LETTER,
    }
    return ApplicationFacts(**{**facts, **changes})
