"""The document check at the pick-up: does this document belong to the person who applied?

Green is exact agreement after normalising. Amber is shown to the officer side by side and settled with a reason: a
further given name, a maiden or married name, another order, another nationality. Red stops and goes to the supervisor:
another birth date, another person, an expired document. Messages hold no number and no name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from accredit.identity import states
from accredit.identity.mrz import Mrz, MrzFormat
from accredit.identity.name_findings import name_finding
from accredit.identity.names import NameAgreement, PersonalName, compare_names
from accredit.identity.two_spellings import agreement_of_spellings
from accredit.identity.verdicts import Colour as Colour
from accredit.identity.verdicts import DocumentCheck as DocumentCheck
from accredit.identity.verdicts import DocumentFinding as DocumentFinding
from accredit.identity.verdicts import DocumentFindingCode as DocumentFindingCode
from accredit.identity.verdicts import worst


class DocumentType(StrEnum):
    """What a person may hold out at the desk. Which of them count, and with whom, is the event's data."""

    PASSPORT = "passport"
    IDENTITY_CARD = "identity_card"
    TRAVEL_DOCUMENT = "travel_document"
    LAISSEZ_PASSER = "laissez_passer"
    RESIDENCE_PERMIT = "residence_permit"
    LEGITIMATION_CARD = "legitimation_card"
    LOSS_REPORT = "loss_report"
    DRIVING_LICENCE = "driving_licence"
    PHONE_PICTURE = "phone_picture"
    VISA = "visa"


@dataclass(frozen=True, slots=True)
class AppliedPerson:
    """What the application says of the person: the name in any script, and in Latin letters where it was asked for.

    `nationality` is a code as in a zone (ISO 3166-1 alpha-3, or D).
    """

    surname: str = field(repr=False)
    given_names: str = field(repr=False)
    birth_date: date = field(repr=False)
    nationality: str
    latin_surname: str | None = field(default=None, repr=False)
    latin_given_names: str | None = field(default=None, repr=False)


_VISAS = frozenset({MrzFormat.MRV_A, MrzFormat.MRV_B})

# Second letters of a passport's code that do not make a national passport: refugee, alien, emergency document. China
# printed PT on its travel document before the letters were agreed, to the same effect.
_TRAVEL_CODES = frozenset({"PR", "PT", "PU"})

_NATIONAL_CARDS = frozenset({"I", "ID"})


def document_type_of(mrz: Mrz) -> DocumentType:
    """The kind of document that a zone belongs to (document codes: ICAO Doc 9303-4, -5, -6 and -7, section 4.2.2).

    A card whose holder is not of the issuing State is a residence permit, whatever its code says; a crew member
    certificate (AC) shows an office and counts as a legitimation card. The four kinds without a zone never come out.
    """
    if mrz.format in _VISAS:
        return DocumentType.VISA
    if mrz.issuing_state in states.LAISSEZ_PASSER_ISSUERS or mrz.document_code == "PL":
        return DocumentType.LAISSEZ_PASSER
    if mrz.document_code.startswith("P"):
        is_other = mrz.document_code in _TRAVEL_CODES or mrz.format is MrzFormat.TD2
        is_other = (
            is_other or mrz.nationality in states.WITHOUT_NATIONALITY or mrz.issuing_state in states.ORGANISATIONS
        )
        return DocumentType.TRAVEL_DOCUMENT if is_other else DocumentType.PASSPORT
    if mrz.document_code == "AC":
        return DocumentType.LEGITIMATION_CARD
    is_foreign = not states.same_state(mrz.issuing_state, mrz.nationality)
    is_permit = mrz.document_code in {"IR", "AR", "CR"} or is_foreign
    return DocumentType.RESIDENCE_PERMIT if is_permit else DocumentType.IDENTITY_CARD


def check_document(applied: AppliedPerson, mrz: Mrz, *, on: date) -> DocumentCheck:
    """Compare a document with an application on the day of the pick-up; a document that expires on that day is valid.

    The colour is the worst of the findings, green where there are none. Which types of document the event accepts is
    not judged here.
    """
    findings = (*_document_findings(mrz, on), *_birth_findings(applied, mrz), *_name_findings(applied, mrz))
    findings = (*findings, *_nationality_findings(applied, mrz))
    return DocumentCheck(worst(findings), findings)


def name_agreement(applied: AppliedPerson, mrz: Mrz) -> NameAgreement:
    """How the names agree, with the words that differ for the screen.

    The Latin spelling is compared where there is one, the native one too where ICAO has a table for its script. The
    better agreement counts, but where the other spelling is another name, the officer is told (`one_spelling`).
    """
    document = PersonalName(mrz.surname, " ".join(mrz.given_names))
    given = [PersonalName(applied.surname, applied.given_names)]
    if applied.latin_surname or applied.latin_given_names:
        surname = applied.surname if applied.latin_surname is None else applied.latin_surname
        given_names = applied.given_names if applied.latin_given_names is None else applied.latin_given_names
        given.insert(0, PersonalName(surname, given_names))
    agreements = [compare_names(name, document, truncated=mrz.name_truncated) for name in given]
    return agreement_of_spellings(agreements)


def _name_findings(applied: AppliedPerson, mrz: Mrz) -> Iterator[DocumentFinding]:
    finding = name_finding(name_agreement(applied, mrz).kind)
    if finding is not None:
        yield finding


def _document_findings(mrz: Mrz, on: date) -> Iterator[DocumentFinding]:
    if document_type_of(mrz) is DocumentType.VISA:
        message = "This is a visa. Ask for the passport that it belongs to."
        yield DocumentFinding(DocumentFindingCode.NOT_AN_IDENTITY_DOCUMENT, "document", Colour.RED, message)
    if states.is_specimen(mrz.issuing_state) or states.is_specimen(mrz.nationality):
        message = "This is a specimen of Utopia, a State that does not exist. Call the supervisor."
        yield DocumentFinding(DocumentFindingCode.SPECIMEN, "issuing_state", Colour.RED, message)
    if _is_issued_to_a_foreigner(mrz):
        message = "The State that issued the document is not that of its holder. Compare both codes with the document."
        yield DocumentFinding(DocumentFindingCode.ISSUED_TO_A_FOREIGNER, "issuing_state", Colour.AMBER, message)
    if mrz.expires_on is None:
        message = "The zone gives no expiry date. Look for it on the document, and confirm that it is valid today."
        yield DocumentFinding(DocumentFindingCode.NO_EXPIRY, "expires_on", Colour.AMBER, message)
    elif mrz.expires_on < on:
        message = "The document has expired. Ask for another one; it must be valid on the day of the pick-up."
        yield DocumentFinding(DocumentFindingCode.EXPIRED, "expires_on", Colour.RED, message)


def _is_issued_to_a_foreigner(mrz: Mrz) -> bool:
    """Whether a passport or national card names two States, of which no check digit guards the first.

    Residence permits, laissez-passer and travel documents are issued to foreigners; a card of code I or ID is the
    national one (ICAO Doc 9303-5 section 4.2.2.1). The United Kingdom issues for its other nationalities.
    """
    is_national = document_type_of(mrz) is DocumentType.PASSPORT or mrz.document_code in _NATIONAL_CARDS
    is_exempt = mrz.nationality in states.WITHOUT_NATIONALITY | states.ORGANISATIONS | states.BRITISH_NATIONALITIES
    is_exempt = is_exempt or mrz.issuing_state in states.ORGANISATIONS | states.BRITISH_NATIONALITIES
    return is_national and not is_exempt and not states.same_state(mrz.issuing_state, mrz.nationality)


def _birth_findings(applied: AppliedPerson, mrz: Mrz) -> Iterator[DocumentFinding]:
    born, shown = applied.birth_date, mrz.birth_date
    # The zone has two digits of the year: at 102 a person must not be turned away for looking two years old, and at
    # twelve nobody passes for 112. Only a look at the person tells.
    is_same_year = born.year % 100 == shown.year % 100
    if is_same_year and shown.month in (None, born.month) and shown.day in (None, born.day):
        if born.year != shown.year:
            message = (
                "The application and the document are a hundred years apart in the year of birth. Compare the age."
            )
            yield DocumentFinding(DocumentFindingCode.BIRTH_CENTURY, "birth_date", Colour.AMBER, message)
        if not shown.is_complete:
            message = "The document leaves part of the birth date open; what it gives agrees. Confirm the person."
            yield DocumentFinding(DocumentFindingCode.BIRTH_DATE_INCOMPLETE, "birth_date", Colour.AMBER, message)
        return
    if is_same_year and (shown.month, shown.day) == (born.day, born.month):
        message = "Day and month of the birth date are exchanged between application and document. Call the supervisor."
        yield DocumentFinding(DocumentFindingCode.BIRTH_DATE_SWAPPED, "birth_date", Colour.RED, message)
        return
    message = "The document has another birth date than the application. Call the supervisor."
    yield DocumentFinding(DocumentFindingCode.BIRTH_DATE_DIFFERS, "birth_date", Colour.RED, message)


def _nationality_findings(applied: AppliedPerson, mrz: Mrz) -> Iterator[DocumentFinding]:
    if mrz.nationality in states.LAISSEZ_PASSER_ISSUERS:
        message = "A laissez-passer shows its holder's organisation and no nationality."
        yield DocumentFinding(DocumentFindingCode.NATIONALITY_NOT_SHOWN, "nationality", Colour.GREEN, message)
    elif not states.is_known(applied.nationality):
        message = "The application gives no nationality that can be compared. Confirm it with the person."
        yield DocumentFinding(DocumentFindingCode.NATIONALITY_UNKNOWN, "nationality", Colour.AMBER, message)
    elif not states.same_state(applied.nationality, mrz.nationality):
        message = "The document shows another nationality than the application. A second nationality explains it."
        yield DocumentFinding(DocumentFindingCode.NATIONALITY_DIFFERS, "nationality", Colour.AMBER, message)
