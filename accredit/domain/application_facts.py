"""What the rules may know of one application: plain facts, copied from rows and from the matcher's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from accredit.domain.aliases import AliasUsed
from accredit.domain.applications import AffiliationKind
from accredit.domain.assessments import Rule
from accredit.domain.events import Category


class Band(StrEnum):
    """How sure the matcher is that a listed body is meant."""

    ACCEPT = "accept"
    REVIEW = "review"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ListedBody:
    """One line of an edition, as the rules see it. None for what was so on the deadline: no edition tells."""

    entry_id: str
    list_key: str
    edition_on: date
    name: str
    status: str
    in_force: bool
    in_force_on_deadline: bool | None = None
    status_on_deadline: str | None = None


@dataclass(frozen=True, slots=True)
class OrganisationAnswer:
    """What the matcher and the lists answered for the organisation that was typed."""

    band: Band
    how: str = ""
    body: ListedBody | None = None
    candidates: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    lists_loaded: bool = True
    alias: AliasUsed | None = None


class OnList(StrEnum):
    """How a person stands on the list of delegates that the body handed in."""

    PERSON = "name and birth date"
    NAME = "name"
    OTHER_BIRTH_DATE = "name with another birth date"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class DelegateAnswer:
    """What the body's list of delegates says of a person, and as of which day it is."""

    on_list: OnList
    as_of: date


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What the rules may know of one application.

    `same_person` holds references of other applications of this person, `same_grounds_pass` those of other people with the
    same grounds pass number. `on_invitation` counts the others who are still in on the same invitation. `held`: this person is
    on hold for security, here or in another application. `spellings_disagree`: the name in its own script and the name in
    Latin letters are two names. `delegate_list` is None where the body handed in no list of its delegates.
    """

    category: Category
    received_at: datetime
    birth_date: date
    organisation_typed: str
    organisation: OrganisationAnswer
    affiliation: AffiliationKind | None
    affiliation_claimed: bool = False
    invited_as: str | None = None
    same_person: tuple[str, ...] = ()
    same_grounds_pass: tuple[str, ...] = ()
    on_invitation: int = 0
    held: bool = False
    delegates_before: int = 0
    guardian_named: bool = False
    spellings_disagree: bool = False
    delegate_list: DelegateAnswer | None = None
    waived: frozenset[Rule] = frozenset()
