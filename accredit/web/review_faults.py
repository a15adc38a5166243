"""Why nothing was decided, as a reviewer reads it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from accredit.services.reviewing import ReviewFault, ReviewRefused

FAULTS: dict[ReviewFault, LazyString] = {
    ReviewFault.UNKNOWN_REFERENCE: _("There is no application of this reference."),
    ReviewFault.WRONG_STATE: _(
        "The application does not stand where this can be done; reopen it first, or read it again."
    ),
    ReviewFault.REASON_MISSING: _(
        "A reason is missing: choose a ready one, or write one, for the applicant and for the staff."
    ),
    ReviewFault.REASON_TOO_LONG: _("A text is longer than 2,000 characters; please shorten it."),
    ReviewFault.NEEDS_WAIVER: _(
        "A finding speaks against it. Propose an exception that sets it aside, with a reason, or refuse."
    ),
    ReviewFault.SECOND_PERSON: _("You proposed this yourself: another senior reviewer confirms it."),
    ReviewFault.UNKNOWN_ENTRY: _(
        "Choose the body that is meant among the candidates; this number is on no list any more."
    ),
    ReviewFault.COLLECTED: _("The pass was collected already; revoke the pass instead."),
    ReviewFault.REPLACED: _("Another person took this place; refuse or withdraw that application first."),
    ReviewFault.OTHER_PLACE: _("Only the same place can be taken: the same category, and the same body."),
    ReviewFault.NOT_IN_BULK: _("Late by less than a day: decide it alone."),
    ReviewFault.ON_HOLD: _("Nobody takes this place like this: ask the supervisor."),
    ReviewFault.BAD_ROW: _("This row cannot be read."),
    ReviewFault.CHANGED: _("It was changed since the list was shown: look at it alone."),
}


def fault(refused: ReviewRefused) -> str:
    """The sentence with the cure."""
    return str(FAULTS[refused.code])
