"""The life of an application: its states, and the one table of moves between them."""

from __future__ import annotations

from enum import StrEnum

from accredit.domain.errors import IllegalTransition


class ApplicationState(StrEnum):
    """Where an application stands (DESIGN section 2)."""

    SUBMITTED = "submitted"
    ASSESSED = "assessed"
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class AffiliationKind(StrEnum):
    """By what the body says that the person speaks for it."""

    LETTER = "letter"
    NOTE_VERBALE = "note-verbale"
    NOMINATION = "nomination"
    DELEGATE_LIST = "delegate-list"
    FOCAL_POINT = "focal-point"


class AffiliationSource(StrEnum):
    """Who told us so. What the applicant says of himself is a claim; what the staff imports was seen by them; the focal
    point of the body speaks by a signed link."""

    IMPORT = "import"
    APPLICANT = "applicant"
    FOCAL_POINT = "focal-point"


_S = ApplicationState

# A decision may be changed by a second decision (approved ↔ refused), and a reviewer may reopen what is closed; nothing
# returns to submitted, because the assessment that was made stays on record.
MOVES: frozenset[tuple[ApplicationState, ApplicationState]] = frozenset(
    {
        (_S.SUBMITTED, _S.ASSESSED),
        (_S.SUBMITTED, _S.WITHDRAWN),
        (_S.ASSESSED, _S.ASSESSED),
        (_S.ASSESSED, _S.WAITING),
        (_S.ASSESSED, _S.APPROVED),
        (_S.ASSESSED, _S.REFUSED),
        (_S.ASSESSED, _S.WITHDRAWN),
        (_S.WAITING, _S.ASSESSED),
        (_S.WAITING, _S.APPROVED),
        (_S.WAITING, _S.REFUSED),
        (_S.WAITING, _S.WITHDRAWN),
        (_S.APPROVED, _S.REFUSED),
        (_S.APPROVED, _S.WITHDRAWN),
        (_S.APPROVED, _S.ASSESSED),
        (_S.REFUSED, _S.APPROVED),
        (_S.REFUSED, _S.ASSESSED),
        (_S.WITHDRAWN, _S.ASSESSED),
    }
)

UNDECIDED = frozenset({_S.SUBMITTED, _S.ASSESSED, _S.WAITING})


def move(reference: str, current: ApplicationState, wanted: ApplicationState) -> ApplicationState:
    """The state after the move; raises `IllegalTransition` where no arrow leads."""
    if (current, wanted) not in MOVES:
        raise IllegalTransition(f"application {reference}", current, wanted)
    return wanted
