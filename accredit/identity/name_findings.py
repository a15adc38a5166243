"""What the officer is told about a name, and how grave it is."""

from __future__ import annotations

from typing import Final

from accredit.identity.names import NameAgreementKind
from accredit.identity.verdicts import Colour, DocumentFinding, DocumentFindingCode

_TOLD: Final = {
    # What the zone cut off may be the very letter that tells twins apart; the printed name on the document has it.
    NameAgreementKind.TRUNCATED: (
        DocumentFindingCode.NAME_TRUNCATED,
        Colour.AMBER,
        "The zone has no room for the whole name; as far as it goes, it agrees. Compare with the printed name.",
    ),
    NameAgreementKind.SHORTENED: (
        DocumentFindingCode.NAME_SHORTENED,
        Colour.AMBER,
        "The document shortens parts of the name for want of room; what is left agrees. Compare with the printed name.",
    ),
    NameAgreementKind.ONE_NAME: (
        DocumentFindingCode.NAME_ONE_ONLY,
        Colour.AMBER,
        "The names agree, but application or document does not part surname and given names.",
    ),
    NameAgreementKind.ORDER: (
        DocumentFindingCode.NAME_ORDER,
        Colour.AMBER,
        "The same names stand in another order, or in the other field.",
    ),
    NameAgreementKind.EXTRA_GIVEN: (
        DocumentFindingCode.NAME_EXTRA_GIVEN,
        Colour.AMBER,
        "The surname agrees; one side has a further given name.",
    ),
    NameAgreementKind.EXTRA_SURNAME: (
        DocumentFindingCode.NAME_EXTRA_SURNAME,
        Colour.AMBER,
        "The given names agree; one side has a further surname.",
    ),
    NameAgreementKind.SPELLING_VARIANT: (
        DocumentFindingCode.NAME_SPELLING,
        Colour.AMBER,
        "The names are alike and spelled differently. Compare letter by letter.",
    ),
    NameAgreementKind.ONE_SPELLING: (
        DocumentFindingCode.NAME_ONE_SPELLING,
        Colour.AMBER,
        "The application spells the name twice: one spelling agrees with the document, the other is another name. "
        "Ask the person which one is right, and compare the printed name.",
    ),
    NameAgreementKind.OTHER_SURNAME: (
        DocumentFindingCode.NAME_OTHER_SURNAME,
        Colour.AMBER,
        "The given names agree, the surname is another one. Ask for the maiden or married name.",
    ),
    NameAgreementKind.NOT_COMPARABLE: (
        DocumentFindingCode.NAME_NOT_COMPARABLE,
        Colour.AMBER,
        "The names cannot be compared: the application has no Latin spelling as in the document. Compare by eye.",
    ),
    NameAgreementKind.DIFFERENT: (
        DocumentFindingCode.NAME_DIFFERS,
        Colour.RED,
        "The document is in another name than the application. Call the supervisor.",
    ),
}


def name_finding(kind: NameAgreementKind) -> DocumentFinding | None:
    """The finding for how two names agree; None where they agree exactly."""
    if kind is NameAgreementKind.EXACT:
        return None
    code, colour, message = _TOLD[kind]
    return DocumentFinding(code, "name", colour, message)
