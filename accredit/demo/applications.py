"""About 300 applications: who applies, for which body, when, and with which flaw. The same at every run."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from accredit.demo.people import Cast, Person

ZONE = ZoneInfo("Europe/Zurich")
COLUMNS = (
    "surname",
    "given_names",
    "latin_surname",
    "latin_given_names",
    "birth_date",
    "nationality",
    "email",
    "organisation",
    "organisation_country",
    "category",
    "affiliation",
    "grounds_pass",
    "grounds_pass_number",
    "received_at",
    "language",
    "photo",
    "hold",
)
_FIRST_DAY = datetime(2017, 8, 1, 9, 0, tzinfo=ZONE)
_TOO_LATE = datetime(2017, 9, 5, 0, 0, 0, tzinfo=ZONE)
_STATES_APPLY = datetime(2017, 9, 29, 10, 0, tzinfo=ZONE)


class Kind(StrEnum):
    """Why this application stands in the demonstration."""

    CLEAR = "clear"
    GROUNDS_PASS = "grounds-pass"  # noqa: S105 - a pass is no password
    ALIAS = "alias"
    ACRONYM = "acronym"
    NEAR_MISS = "near-miss"
    UNLISTED = "unlisted"
    LATE_BY_A_SECOND = "late-by-a-second"
    LATE_BY_A_DAY = "late-by-a-day"
    STATE = "state"
    OBSERVER = "observer"
    PARLIAMENT = "parliament"
    NHRI = "nhri"
    NHRI_B = "nhri-b"
    INVITED = "invited"
    IGO = "igo"
    TWICE = "twice"
    NO_PROOF = "no-proof"
    MINOR = "minor"
    SPECIAL = "special-accreditation"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Applicant:
    """One invented applicant: `row` is the line in the import, as a person sees it (the header is row 1)."""

    row: int
    kind: Kind
    person: Person
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A body of a shipped list."""

    name: str
    country: str
    aliases: tuple[str, ...]
    status: str


def read_list(path: Path) -> tuple[Listed, ...]:
    """The bodies of one shipped list."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Listed(
                row["name"],
                row.get("country", ""),
                tuple(filter(None, (alias.strip() for alias in row.get("aliases", "").split("|")))),
                row.get("status", ""),
            )
            for row in csv.DictReader(file)
        )


@dataclass(frozen=True, slots=True)
class Lists:
    """The shipped lists that applicants come from."""

    ecosoc: tuple[Listed, ...]
    special: tuple[Listed, ...]
    states: tuple[Listed, ...]
    observers: tuple[Listed, ...]
    parliaments: tuple[Listed, ...]
    nhris: tuple[Listed, ...]
    igos: tuple[Listed, ...]

    @classmethod
    def of(cls, folder: Path) -> Lists:
        """Read from the folder of shipped lists."""
        names = (
            "ecosoc-2017-09-04",
            "special-accreditation-2017",
            "member-states-2017",
            "observers-2017",
            "parliaments-2017",
            "ganhri-2017",
            "igo-2017",
        )
        return cls(*(read_list(folder / f"{name}.csv") for name in names))


# Bodies of the public programme that stood on no list then, and bodies that are invented.
PANEL_BODIES = (
    ("Migrant Forum in Asia", "PHL"),
    ("Insan Association", "LBN"),
    ("Focus on Labour Exploitation", "GBR"),
    ("Pan-African Network in Defence of Migrant Rights", "KEN"),
    ("Global Initiative against Transnational Organized Crime", "CHE"),
    ("World Employment Confederation", "BEL"),
    ("Fragomen LLC", "USA"),
    ("International Chamber of Shipping", "GBR"),
)
_SIDE_EVENTS = (("Alpenblick Wanderverein Oberhasli", "CHE"), ("Lagos Evening Reading Circle", "NGA"))
_UNLISTED = (
    ("Alpenblick Wanderverein Oberhasli", "CHE"),
    ("Society of Friends of the Blue Heron", "KEN"),
    ("Cercle lémanique de philatélie", "CHE"),
    ("Instituto Imaginario de Fronteras", "MEX"),
    ("Lagos Evening Reading Circle", "NGA"),
    ("Mindoro Coastal Dialogue Group", "PHL"),
)


def invitation_rows(cast: Cast) -> Iterator[tuple[Person, str, str]]:
    """Invented speakers for the bodies of the programme: person, body, country."""
    for body, country in (*PANEL_BODIES, *_SIDE_EVENTS):
        yield cast.draw(), body, country


class Applicants:
    """Makes the rows of the import, one group after the other."""

    def __init__(self, lists: Lists, cast: Cast) -> None:
        self.lists = lists
        self.cast = cast
        self.made: list[Applicant] = []
        self.invited: list[tuple[Person, str, str]] = list(invitation_rows(cast))

    def all(self) -> list[Applicant]:
        """Every applicant, in the order of the file."""
        self._stakeholders()
        self._flawed()
        self._late()
        self._represented()
        return self.made

    def _add(self, kind: Kind, body: tuple[str, str], category: str, **changed: str) -> None:
        other_script = changed.pop("other_script", "") == "yes"
        age = (15, 16) if kind is Kind.MINOR else (22, 74)
        self._add_person(self.cast.draw(other_script=other_script, age=age), kind, body, category, **changed)

    def _add_person(self, person: Person, kind: Kind, body: tuple[str, str], category: str, **changed: str) -> None:
        row = len(self.made) + 2
        minutes = self.cast.lot.randrange(0, 34 * 24 * 60)
        fields = dict.fromkeys(COLUMNS, "") | {
            "surname": person.surname,
            "given_names": person.given_names,
            "latin_surname": person.latin_surname,
            "latin_given_names": person.latin_given_names,
            "birth_date": person.birth_date.isoformat(),
            "nationality": person.nationality,
            "email": f"applicant{row}@example.org",
            "organisation": body[0],
            "organisation_country": body[1],
            "category": category,
            "affiliation": "letter",
            "grounds_pass": "no",
            "received_at": (_FIRST_DAY + timedelta(minutes=minutes)).isoformat(),
            "language": "en",
            "photo": f"{row}.jpg",
        }
        self.made.append(Applicant(row, kind, person, fields | changed))

    def _body(self, bodies: tuple[Listed, ...]) -> tuple[str, str]:
        chosen = self.cast.lot.choice(bodies)
        return chosen.name, chosen.country

    def _stakeholders(self) -> None:
        for number in range(150):
            script = "yes" if number % 4 == 0 else "no"
            self._add(Kind.CLEAR, self._body(self.lists.ecosoc), "ngo", other_script=script)
        for number in range(14):
            number_on_it = f"GVA-{20170 + number}"
            body = self._body(self.lists.ecosoc)
            self._add(Kind.GROUNDS_PASS, body, "ngo", grounds_pass="yes", grounds_pass_number=number_on_it)  # noqa: S106
        for _ in range(14):
            self._add(Kind.SPECIAL, self._body(self.lists.special), "migrant-organisation", affiliation="delegate-list")
        known_otherwise = [one for one in self.lists.ecosoc if one.aliases]
        for one in known_otherwise[:8]:
            kind = Kind.ACRONYM if one.aliases[0].isupper() else Kind.ALIAS
            self._add(kind, (one.aliases[0], one.country), "ngo")

    def _flawed(self) -> None:
        for one in self.lists.ecosoc[:10]:
            self._add(Kind.NEAR_MISS, (misspelt(one.name), one.country), "ngo")
        for number in range(12):
            self._add(Kind.UNLISTED, _UNLISTED[number % len(_UNLISTED)], "diaspora")
        for _ in range(8):
            self._add(Kind.NO_PROOF, self._body(self.lists.ecosoc), "academic", affiliation="")
        self._add(Kind.MINOR, self._body(self.lists.ecosoc), "ngo")
        self._add(Kind.HOLD, self._body(self.lists.ecosoc), "ngo", hold="yes")
        body = self._body(self.lists.ecosoc)
        self._add(Kind.TWICE, body, "ngo")
        twin = self.made[-1].person
        self._add_person(twin, Kind.TWICE, self._body(self.lists.ecosoc), "ngo")

    def _late(self) -> None:
        for seconds in (0, 1, 59):
            moment = (_TOO_LATE + timedelta(seconds=seconds)).isoformat()
            self._add(Kind.LATE_BY_A_SECOND, self._body(self.lists.ecosoc), "ngo", received_at=moment)
        for days in range(1, 8):
            moment = (_TOO_LATE + timedelta(days=days, hours=3)).isoformat()
            self._add(Kind.LATE_BY_A_DAY, self._body(self.lists.ecosoc), "private-sector", received_at=moment)

    def _represented(self) -> None:
        for number in range(36):
            moment = (_STATES_APPLY + timedelta(hours=3 * number)).isoformat()
            state = self.lists.states[(number * 5) % len(self.lists.states)]
            body = (state.name, state.country)
            self._add(Kind.STATE, body, "member-state", affiliation="note-verbale", received_at=moment)
        for one in self.lists.observers[:3]:
            moment = _STATES_APPLY.isoformat()
            self._add(
                Kind.OBSERVER, (one.name, one.country), "observer", affiliation="note-verbale", received_at=moment
            )
        for one in self.lists.parliaments[:10]:
            self._add(Kind.PARLIAMENT, (one.name, one.country), "parliament")
        for grade in ("A", "B"):
            one = next(body for body in self.lists.nhris if body.status == grade)
            self._add(Kind.NHRI if grade == "A" else Kind.NHRI_B, (one.name, one.country), "nhri")
        for number, one in enumerate(self.lists.igos[:3]):
            self._add(
                Kind.IGO,
                (one.name, one.country),
                "igo",
                affiliation="nomination",
                grounds_pass="yes",  # noqa: S106
                grounds_pass_number=f"GVA-{30100 + number}",
            )
        for number, (person, body_name, country) in enumerate(self.invited, 1):
            moment = _STATES_APPLY.isoformat()
            category = "invited" if number <= len(PANEL_BODIES) else "side-event"
            body = (body_name, country)
            self._add_person(person, Kind.INVITED, body, category, affiliation="", received_at=moment)


def misspelt(name: str) -> str:
    """The name as a tired person types it: in its two longest words two letters changed places."""
    for word in sorted(name.split(), key=len)[-2:]:
        middle = len(word) // 2
        slipped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
        name = name.replace(word, slipped if slipped != word else word + word[-1], 1)
    return name


def write_import(path: Path, applicants: list[Applicant]) -> None:
    """The CSV that `accredit applications import` reads."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(one.fields for one in applicants)
