"""What an applicant submits, and the one validation behind the form, the CSV import and the JSON API.

Every field arrives as text; every problem names its field and the cure, all problems at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accredit.domain.applications import AffiliationKind
from accredit.domain.events import Event

FIELDS = (
    "surname",
    "given_names",
    "latin_surname",
    "latin_given_names",
    "birth_date",
    "nationality",
    "guardian_name",
    "guardian_contact",
    "email",
    "organisation",
    "organisation_country",
    "category",
    "affiliation",
    "grounds_pass",
    "grounds_pass_number",
    "received_at",
    "language",
    "meetings",
    "accessibility",
    "consent",
)
"""The columns of an import and the members of the API's body, in the order of the documentation."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_COUNTRY = re.compile(r"[A-Z]{1,3}")
_GROUNDS_PASS = re.compile(r"[A-Z0-9-]{4,20}")
_LATIN = re.compile(r"[A-Za-z' .<-]+")
_YES = {"yes": True, "no": False, "": False, "oui": True, "non": False, "true": True, "false": False}
# Characters without a shape of their own turn a line round or hide in a name (Cf). Two of them are spelling: they join
# and part letters in Persian, Sinhala, Malayalam and other scripts.
_UNWRITABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS = frozenset("\u200c\u200d")
_LONGEST_NAME = 120
_LONGEST_CONTACT = 254
_FEWEST_DIGITS = 6  # of a telephone number
_LONGEST_ORGANISATION = 300
LONGEST_ACCESSIBILITY = 500
_AHEAD = timedelta(minutes=5)
_FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field that cannot be taken, and what would cure it. Never repeats what was typed."""

    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A valid application as submitted. `nationality` and `organisation_country` are ICAO 9303 codes of up to three letters.

    The guardian is the adult who comes with a minor; name and contact are empty where none was named.
    """

    surname: str
    given_names: str
    latin_surname: str
    latin_given_names: str
    birth_date: date
    nationality: str
    email: str
    organisation: str
    organisation_country: str
    category: str
    affiliation: AffiliationKind | None
    grounds_pass: bool
    grounds_pass_number: str
    received_at: datetime
    language: str
    guardian_name: str = ""
    guardian_contact: str = ""
    meetings: tuple[str, ...] = ()
    accessibility: str = ""
    consent: bool = False


def read_submission(
    fields: Mapping[str, str], event: Event, *, now: datetime, keeps_receipt: bool
) -> Submission | tuple[FieldProblem, ...]:
    """The submission in these fields, or every problem.

    `keeps_receipt` is true for imports alone: they bring `received_at` (RFC 3339, with an offset); everybody else's
    application is received `now`.
    """
    reader = _Reader({name: unicodedata.normalize("NFC", value).strip() for name, value in fields.items()})
    reader.refuse_unknown()
    submission = Submission(
        surname=reader.name("surname", required=True),
        given_names=reader.name("given_names", required=False),
        latin_surname=reader.latin("latin_surname"),
        latin_given_names=reader.latin("latin_given_names"),
        birth_date=reader.birth_date(now),
        nationality=reader.country("nationality", required=True),
        guardian_name=reader.name("guardian_name", required=bool(reader.fields.get("guardian_contact"))),
        guardian_contact=reader.guardian_contact(),
        email=reader.email(),
        organisation=reader.organisation(),
        organisation_country=reader.country("organisation_country", required=False),
        category=reader.category(event),
        affiliation=reader.affiliation(),
        grounds_pass=reader.yes_or_no("grounds_pass"),
        grounds_pass_number=reader.grounds_pass_number(),
        received_at=reader.received_at(now) if keeps_receipt else now,
        language=reader.language(),
        meetings=reader.meetings(event),
        accessibility=reader.accessibility(),
        consent=reader.yes_or_no("consent"),
    )
    return tuple(reader.problems) or submission


def _is_unwritable(letter: str) -> bool:
    # U+FFFD stands where a program could not read what was typed: the letter itself is lost.
    return letter == "\ufffd" or (letter not in _JOINERS and unicodedata.category(letter) in _UNWRITABLE)


class _Reader:
    """Reads one field after the other and keeps what is wrong with each."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.problems: list[FieldProblem] = []

    def _wrong(self, field: str, code: str, message: str) -> None:
        self.problems.append(FieldProblem(field, code, message))

    def refuse_unknown(self) -> None:
        for name in sorted(set(self.fields) - set(FIELDS)):
            self._wrong(name, "unknown_field", f"there is no field of this name; the fields are {', '.join(FIELDS)}")

    def _text(self, field: str, longest: int, *, required: bool) -> str:
        value = re.sub(r"\s+", " ", self.fields.get(field, ""))
        if required and not value:
            self._wrong(field, "missing", "this field is empty; please fill it in")
        elif len(value) > longest:
            self._wrong(field, "too_long", f"this is longer than {longest} characters; please shorten it")
        elif any(_is_unwritable(letter) for letter in value):
            self._wrong(field, "bad_character", "this holds characters that cannot be written; please type it anew")
        else:
            return value
        return ""

    def name(self, field: str, *, required: bool) -> str:
        value = self._text(field, _LONGEST_NAME, required=required)
        if value and not any(letter.isalpha() for letter in value):
            self._wrong(field, "no_letters", "this has no letters; please write the name as in the passport")
        return value

    def latin(self, field: str) -> str:
        value = self._text(field, _LONGEST_NAME, required=False)
        if value and not _LATIN.fullmatch(value):
            self._wrong(field, "not_latin", "please write the lowest lines of the passport: letters A to Z only")
        elif value and not any(letter.isalpha() for letter in value):
            self._wrong(field, "no_letters", "this has no letters; please write the lowest lines of the passport")
        return value

    def birth_date(self, now: datetime) -> date:
        value = self.fields.get("birth_date", "")
        try:
            born = date.fromisoformat(value)
        except ValueError:
            self._wrong(
                "birth_date", "bad_date", "please write the date of birth as year-month-day, such as 1980-05-31"
            )
            return date.min
        if not date(now.year - 120, 1, 1) <= born <= now.date():
            self._wrong("birth_date", "impossible_date", "nobody alive was born on this day; please check the year")
        return born

    def country(self, field: str, *, required: bool) -> str:
        value = self.fields.get(field, "").upper()
        if (value or required) and not _COUNTRY.fullmatch(value):
            self._wrong(field, "bad_country", "please give the code in the passport, such as CHE, KEN or D")
            return ""
        return value

    def email(self) -> str:
        value = self._text("email", 254, required=True)
        if value and not _EMAIL.fullmatch(value):
            self._wrong("email", "bad_email", "this is no e-mail address; please write one such as name@example.org")
        return value

    def guardian_contact(self) -> str:
        value = self._text("guardian_contact", _LONGEST_CONTACT, required=bool(self.fields.get("guardian_name")))
        reaches = _EMAIL.fullmatch(value) or sum(letter.isdecimal() for letter in value) >= _FEWEST_DIGITS
        if value and not reaches:
            words = "please write a telephone number with its country code, or an e-mail address"
            self._wrong("guardian_contact", "not_reachable", words)
        return value

    def organisation(self) -> str:
        return self._text("organisation", _LONGEST_ORGANISATION, required=True)

    def category(self, event: Event) -> str:
        value = self.fields.get("category", "")
        if event.category(value) is None:
            known = ", ".join(one.key for one in event.categories)
            self._wrong("category", "unknown_category", f"please choose one of {known}")
        return value

    def affiliation(self) -> AffiliationKind | None:
        value = self.fields.get("affiliation", "")
        if not value:
            return None
        try:
            return AffiliationKind(value)
        except ValueError:
            known = ", ".join(kind.value for kind in AffiliationKind)
            self._wrong("affiliation", "unknown_affiliation", f"please choose one of {known}, or leave it empty")
            return None

    def yes_or_no(self, field: str) -> bool:
        value = self.fields.get(field, "").lower()
        if value not in _YES:
            self._wrong(field, "not_yes_or_no", "please answer yes or no")
        return _YES.get(value, False)

    def grounds_pass_number(self) -> str:
        value = self.fields.get("grounds_pass_number", "").upper().replace(" ", "")
        if value and not _GROUNDS_PASS.fullmatch(value):
            self._wrong(
                "grounds_pass_number", "bad_number", "please copy the number from the front of the grounds pass"
            )
        return value

    def received_at(self, now: datetime) -> datetime:
        value = self.fields.get("received_at", "")
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self._wrong(
                "received_at", "bad_time", "please write date, time and offset, such as 2017-09-04T23:59:59+02:00"
            )
            return now
        if moment.year < _FIRST_YEAR:
            self._wrong(
                "received_at", "impossible_time", f"nothing was received before {_FIRST_YEAR}; please check the year"
            )
        elif moment > now + _AHEAD:
            self._wrong("received_at", "in_future", "this time has not come yet; please check the date and the offset")
        return moment

    def language(self) -> str:
        value = self.fields.get("language", "").lower() or "en"
        if value not in {"en", "fr", "es", "ru", "ar", "zh"}:
            self._wrong("language", "unknown_language", "please choose en, fr, es, ru, ar or zh")
        return value

    def meetings(self, event: Event) -> tuple[str, ...]:
        """Keys of meetings between blanks or commas; none stands for all."""
        value = self.fields.get("meetings", "").replace(",", " ").split()
        known = [one.key for one in event.meetings]
        if set(value) - set(known):
            self._wrong("meetings", "unknown_meeting", f"please choose among {', '.join(known)}, or leave it empty")
            return ()
        return tuple(key for key in known if key in value)

    def accessibility(self) -> str:
        return self._text("accessibility", LONGEST_ACCESSIBILITY, required=False)
