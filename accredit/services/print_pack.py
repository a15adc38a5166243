"""What lies at the desk for the hour without server: who may collect, in the order of the Latin names, made anew each hour."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.passes import Pass
from accredit.domain.events import Event
from accredit.domain.permissions import Permission
from accredit.rendering.fonts import FontBook
from accredit.rendering.print_pack import PackRow, render_pack
from accredit.services.badge_contents import spelled_name
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.neighbours import hashes_of, held_people
from accredit.services.printing import latin_order

_RULE = (
    "Look at the document, compare name and birth year, write down document, time and officer; the person signs. "
    "Afterwards: accredit desk late-entry."
)
_ASK = "please ask the supervisor"


def rows_of(session: Session, context: Context, event: LoadedEvent) -> tuple[PackRow, ...]:
    """One row for each pass that is prepared, collected or suspended."""
    context.require(Permission.PASSES_COLLECT)
    states = (PassState.PREPARED, PassState.COLLECTED, PassState.SUSPENDED)
    wanted = select(Pass).where(Pass.event_id == event.record.id, Pass.state.in_(states))
    passes = session.scalars(wanted.options(joinedload(Pass.application), selectinload(Pass.badges)))
    held = sorted(passes.unique(), key=lambda one: (latin_order(one.application).upper(), one.application.reference))
    on_hold = held_people(session, event.record.id)
    return tuple(_row(event, one, not on_hold.isdisjoint(hashes_of(one.application))) for one in held)


def press_pack(context: Context, event: Event, rows: Sequence[PackRow], fonts: FontBook, *, room: Path | None) -> bytes:
    """The PDF of these rows; touches no database, because thousands of people take seconds."""
    at = context.now().astimezone(event.zone)
    made = f"{len(rows)} people, as of {at:%d %B %Y, %H:%M}"
    return render_pack(rows, fonts, title=event.title.en, made=made, rule=_RULE, room=room)


def _row(event: LoadedEvent, held: Pass, is_stopped: bool) -> PackRow:
    application = held.application
    slot = next((str(badge.slot) for badge in reversed(held.badges) if badge.slot is not None), "")
    return PackRow(
        reference=application.reference,
        name=", ".join(part for part in (application.surname, application.given_names) if part),
        latin=_latin(application),
        organisation=application.organisation,
        born=str(application.birth_date.year),
        slot=slot,
        note=_note(event, held, is_stopped),
    )


def _latin(application: Application) -> str:
    latin = spelled_name(application)
    as_written = f"{application.surname} {application.given_names}".casefold().split()
    return "" if latin.casefold().split() == as_written else latin


def _note(event: LoadedEvent, held: Pass, is_stopped: bool) -> str:
    if is_stopped or held.state is PassState.SUSPENDED:
        return _ASK
    if held.state is not PassState.COLLECTED or held.collected_at is None:
        return ""
    return f"handed over on {held.collected_at.astimezone(event.event.zone):%d %B at %H:%M}"
