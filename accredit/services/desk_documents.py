"""What a person shows at the desk: the zone that a reader typed, or a document without one, typed by hand with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from accredit.db.models.applications import Application
from accredit.domain.events import Event
from accredit.domain.submissions import FieldProblem
from accredit.identity import states
from accredit.identity.documents import AppliedPerson, DocumentType, document_type_of
from accredit.identity.mrz import BirthDate, Mrz, MrzFormat, MrzRejected, parse_mrz
from accredit.identity.transliteration import to_mrz_spelling

_LONGEST_NUMBER = 30
_LONGEST_NAME = 120
_LONGEST_REASON = 200

# The code that a zone of such a document would carry; those without one are checked like a card issued to a foreigner.
_CODES = {
    DocumentType.PASSPORT: (MrzFormat.TD3, "P"),
    DocumentType.IDENTITY_CARD: (MrzFormat.TD1, "I"),
    DocumentType.TRAVEL_DOCUMENT: (MrzFormat.TD3, "PT"),
    DocumentType.LAISSEZ_PASSER: (MrzFormat.TD3, "PL"),
    DocumentType.LEGITIMATION_CARD: (MrzFormat.TD1, "AC"),
}
_OTHERS = (MrzFormat.TD1, "IR")


@dataclass(frozen=True, slots=True)
class TypedDocument:
    """A document without a zone, as the officer read it. `reason`: why nothing was scanned."""

    kind: DocumentType
    issuing_state: str
    number: str = field(repr=False)
    surname: str = field(repr=False)
    given_names: str = field(repr=False)
    birth_date: date = field(repr=False)
    nationality: str
    expires_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document as the check takes it. `typed_for`: why it was typed by hand; empty where a zone was read."""

    mrz: Mrz
    kind: str
    typed_for: str = ""


def read_document(document: str | TypedDocument, today: date) -> ShownDocument | MrzRejected:
    """The document, or what is wrong with its zone."""
    if isinstance(document, TypedDocument):
        return ShownDocument(_as_zone(document), document.kind.value, document.reason)
    mrz = parse_mrz(document, today=today)
    return mrz if isinstance(mrz, MrzRejected) else ShownDocument(mrz, document_type_of(mrz).value)


def _as_zone(typed: TypedDocument) -> Mrz:
    layout, code = _CODES.get(typed.kind, _OTHERS)
    return Mrz(
        format=layout,
        document_code=code,
        issuing_state=typed.issuing_state,
        document_number=typed.number,
        birth_date=BirthDate(typed.birth_date.year, typed.birth_date.month, typed.birth_date.day),
        sex="",
        expires_on=typed.expires_on,
        nationality=typed.nationality,
        surname=_spelled(typed.surname),
        given_names=tuple(_spelled(typed.given_names).split()),
        name_truncated=False,
        optional_data="",
    )


def _spelled(name: str) -> str:
    return to_mrz_spelling(name).replace("<", " ").strip()


def read_typed(fields: Mapping[str, str], event: Event, today: date) -> TypedDocument | tuple[FieldProblem, ...]:
    """The document in these fields, or every problem with its cure: kind, issuing_state, number, surname, given_names,
    birth_date, nationality, expires_on and reason. Dates as 1980-05-31. The number is kept as a zone would write it.
    """
    told = {name: fields.get(name, "").strip() for name in _FIELDS}
    told["number"] = "".join(filter(str.isalnum, told["number"].upper()))
    told["issuing_state"], told["nationality"] = told["issuing_state"].upper(), told["nationality"].upper()
    problems = tuple(_problems(told, event, today))
    if problems:
        return problems
    return TypedDocument(
        kind=DocumentType(told["kind"]),
        issuing_state=told["issuing_state"],
        number=told["number"],
        surname=told["surname"],
        given_names=told["given_names"],
        birth_date=date.fromisoformat(told["birth_date"]),
        nationality=told["nationality"],
        expires_on=date.fromisoformat(told["expires_on"]) if told["expires_on"] else None,
        reason=told["reason"],
    )


_FIELDS = (
    "kind",
    "issuing_state",
    "number",
    "surname",
    "given_names",
    "birth_date",
    "nationality",
    "expires_on",
    "reason",
)


def _problems(told: Mapping[str, str], event: Event, today: date) -> Iterator[FieldProblem]:
    policy = event.documents
    if told["kind"] not in set(DocumentType) or told["kind"] not in policy.accepted | policy.with_supervisor:
        yield FieldProblem("kind", "document_kind", "Document: choose one that counts for this event.")
    for name, label in (("issuing_state", "Issuing State"), ("nationality", "Nationality")):
        if not states.is_known(told[name]):
            yield FieldProblem(name, "unknown_state", f"{label}: write the three letters, such as CHE, KEN or D.")
    if not told["number"].isascii() or not 1 <= len(told["number"]) <= _LONGEST_NUMBER:
        yield FieldProblem("number", "bad_number", "Number: copy the letters and digits of the document.")
    if not (told["surname"] or told["given_names"]):
        yield FieldProblem("surname", "missing", "Surname: copy the name of the document, in Latin letters.")
    yield from _name_problems(told)
    yield from _date_problems(told, today)
    if not 1 <= len(told["reason"]) <= _LONGEST_REASON:
        words = f"Reason: say in a few words why nothing could be scanned, at most {_LONGEST_REASON} characters."
        yield FieldProblem("reason", "missing", words)


def _name_problems(told: Mapping[str, str]) -> Iterator[FieldProblem]:
    for name, label in (("surname", "Surname"), ("given_names", "Given names")):
        if len(told[name]) > _LONGEST_NAME:
            yield FieldProblem(name, "too_long", f"{label}: at most {_LONGEST_NAME} characters.")
        elif told[name] and not _spelled(told[name]):
            yield FieldProblem(name, "not_latin", f"{label}: copy it in the Latin letters of the document.")


def _date_problems(told: Mapping[str, str], today: date) -> Iterator[FieldProblem]:
    born, expires = _day(told["birth_date"]), _day(told["expires_on"])
    if born is None or not date(1900, 1, 1) <= born <= today:
        yield FieldProblem("birth_date", "bad_date", "Date of birth: write it as year-month-day, such as 1980-05-31.")
    if told["expires_on"] and expires is None:
        yield FieldProblem("expires_on", "bad_date", "Valid until: write it as year-month-day, or leave it empty.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def applied_person(application: Application) -> AppliedPerson:
    """The application as the document check takes it."""
    return AppliedPerson(
        surname=application.surname,
        given_names=application.given_names,
        birth_date=application.birth_date,
        nationality=application.nationality,
        latin_surname=application.latin_surname or None,
        latin_given_names=application.latin_given_names or None,
    )
