"""What is written to people, the states of such a message, and what an applicant may ask for on the own status page."""

from __future__ import annotations

from enum import StrEnum

from accredit.domain.applications import UNDECIDED, ApplicationState

LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
"""The languages of applicants, in the order of a list that one chooses from."""


class Kind(StrEnum):
    """On what occasion somebody is written to."""

    RECEIVED = "received"
    QUESTION = "question"
    APPROVED = "approved"
    REFUSED = "refused"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"
    FOCAL_POINT_REQUEST = "focal_point_request"
    FOCAL_POINT_REMINDER = "focal_point_reminder"


TO_THE_FOCAL_POINT = frozenset({Kind.FOCAL_POINT_REQUEST, Kind.FOCAL_POINT_REMINDER})
"""These go to the body; all others to the applicant."""

_S = ApplicationState

HOLDS_IN: dict[Kind, frozenset[ApplicationState]] = {
    Kind.QUESTION: UNDECIDED,
    Kind.APPROVED: frozenset({_S.APPROVED}),
    Kind.REFUSED: frozenset({_S.REFUSED}),
    Kind.WITHDRAWN: frozenset({_S.WITHDRAWN}),
    Kind.FOCAL_POINT_REQUEST: UNDECIDED,
    Kind.FOCAL_POINT_REMINDER: UNDECIDED,
}
"""In which states what a message tells is still true; a kind that is not named is true in all."""


class MessageState(StrEnum):
    """Where a message stands. `sent_unsure`: sent, and perhaps twice, because whoever sent it died before noting it down.

    `overtaken`: what it tells was no longer true when its turn came; what is true now has a message of its own.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    SENT_UNSURE = "sent_unsure"
    FAILED = "failed"
    OVERTAKEN = "overtaken"


class RequestKind(StrEnum):
    """What an applicant asked for: a change that a person must judge, a small one that was made, or the end of the data."""

    AMENDMENT = "amendment"
    RESPELLING = "respelling"
    DELETION = "deletion"


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
