"""From which hour a person who comes too early may come in, so that the officer can say it."""

from __future__ import annotations

from datetime import datetime, timedelta

from accredit.credential.admission_facts import Checkpoint, Presentation
from accredit.credential.reasons import Reason


def next_hour(reason: Reason, presentation: Presentation, here: Checkpoint) -> datetime | None:
    """The start of the pass that is not valid yet, or when the closed checkpoint lets people in next; None for any other
    reason, and where the checkpoint opens no more.
    """
    if reason is Reason.NOT_YET_VALID:
        return None if presentation.claims is None else presentation.claims.not_before
    if reason is not Reason.CLOSED_NOW:
        return None
    early = timedelta(seconds=here.early_admission_s)
    return min((start - early for start, _ in here.opens if start - early > presentation.at), default=None)
