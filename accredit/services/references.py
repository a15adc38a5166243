"""References: what an applicant quotes. Random, in signs that nobody mixes up when they are read aloud or copied."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.services.event_loading import LoadedEvent

# Without 0 and O, 1, I and L, and without U, which makes words.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8
_FAIR_BELOW = 256 - 256 % len(SIGNS)
_CONFIRMATION = "SEC1:"
_BY_REFERENCE = (
    select(Application)
    .where(Application.event_id == bindparam("event_id"), Application.reference == bindparam("reference"))
    .execution_options(populate_existing=True)
)
_TO_CHANGE = _BY_REFERENCE.with_for_update()


def new_reference(entropy: Callable[[int], bytes]) -> str:
    """A reference such as K7QF-3M9P; one of 656 thousand million."""
    drawn = ""
    while len(drawn) < _LENGTH:
        # A byte beyond the last whole round of signs would favour the first ones.
        drawn += "".join(SIGNS[byte % len(SIGNS)] for byte in entropy(_LENGTH * 2) if byte < _FAIR_BELOW)
    return f"{drawn[:4]}-{drawn[4:_LENGTH]}"


def plain_reference(typed: str) -> str:
    """A reference as it is kept, from however it was typed or scanned: case, spaces, dashes and SEC1: are of no account."""
    signs = "".join(filter(str.isalnum, typed.strip().upper().removeprefix(_CONFIRMATION)))
    return f"{signs[:4]}-{signs[4:]}" if len(signs) == _LENGTH else signs


def find_application(
    session: Session, event: LoadedEvent, reference: str, *, to_change: bool = False
) -> Application | None:
    """The application with this reference, read afresh; with `to_change` its row stays locked until the commit."""
    wanted = _TO_CHANGE if to_change else _BY_REFERENCE
    return session.scalar(wanted, {"event_id": event.record.id, "reference": plain_reference(reference)})


def lock_applications(session: Session, event: LoadedEvent, references: Iterable[str]) -> dict[str, Application]:
    """Many at once, in one order, so that two who change many never wait for each other."""
    plain = {plain_reference(one) for one in references}
    wanted = (
        select(Application)
        .where(Application.event_id == event.record.id, Application.reference.in_(plain))
        .order_by(Application.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {one.reference: one for one in session.scalars(wanted)}
