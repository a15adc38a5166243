"""Badges on paper: planned, pressed, written down.

Pressing takes seconds for hundreds of badges, and nobody may hold the database for so long: a large job plans in one
transaction, presses outside any, and writes down in another one (`plan`, `press`, `write_down`). What changed in between
spoils the job, and the paper with it. `print_badges` does all three at once, for the few.

A *reprint* (the spoiled sheet destroyed) is the same code again, with a reason, counted. A lost pass is replaced instead.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.passes import Badge, Pass
from accredit.domain.permissions import Permission
from accredit.rendering.badges import render
from accredit.rendering.facts import BadgeFacts, BadgeNote, NoteCode
from accredit.rendering.fonts import FontBook
from accredit.rendering.sheets import SHEETS
from accredit.rendering.templates import Template
from accredit.services.auditing import Action, Subject, record
from accredit.services.badge_contents import code_of, facts_of, new_badge, spelled_name
from accredit.services.context import Context, KeyRing
from accredit.services.event_loading import LoadedEvent
from accredit.services.keys import keyring_of
from accredit.services.print_choice import PrintObstacle as PrintObstacle
from accredit.services.print_choice import PrintRefused as PrintRefused
from accredit.services.print_choice import Which as Which
from accredit.services.print_choice import choose, is_void
from accredit.services.revocations import withdrawn_kids
from accredit.services.roster import lock


class Sort(StrEnum):
    """In which order the sheets come out."""

    NAME = "name"
    ORGANISATION = "organisation"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class PlannedBadge:
    """One badge to press: the pass and its state as planned, the row, what stands on it, how often it was printed before."""

    pass_id: UUID
    state: PassState
    badge: Badge
    facts: BadgeFacts
    printed: int
    is_new_code: bool

    @property
    def is_reprint(self) -> bool:
        """Whether the same code came out before."""
        return not self.is_new_code


@dataclass(frozen=True, slots=True)
class PrintPlan:
    """A job that nobody has pressed yet."""

    badges: tuple[PlannedBadge, ...]
    template: Template
    size: str
    reason: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class PrintReport:
    """What came off the press. `notes` tell of badges that were left out, too."""

    pdf: bytes
    references: tuple[str, ...]
    notes: tuple[BadgeNote, ...]
    reprints: int = 0

    @property
    def count(self) -> int:
        """How many badges there are in the PDF."""
        return len(self.references)

    @property
    def in_latin_alone(self) -> int:
        """How many of them carry the Latin spelling alone, because no font here writes the name."""
        unwritten = {
            note.reference for note in self.notes if note.code is NoteCode.SCRIPT_WITHOUT_FONT and note.field == "name"
        }
        return len(unwritten.intersection(self.references))


def print_badges(
    session: Session,
    context: Context,
    event: LoadedEvent,
    *,
    template: Template,
    fonts: FontBook,
    size: str = "a6",
    which: Which = Which.READY,
    references: Sequence[str] = (),
    sort: Sort = Sort.NAME,
    reason: str = "",
    sheet: str = "",
) -> PrintReport | PrintRefused:
    """Plans, presses and writes down in one transaction. With `references` these alone are printed, or printed again."""
    planned = plan(
        session,
        context,
        event,
        template=template,
        size=size,
        which=which,
        references=references,
        sort=sort,
        reason=reason,
        sheet=sheet,
    )
    if isinstance(planned, PrintRefused):
        return planned
    return write_down(session, context, event, planned, press(planned, fonts))


def plan(
    session: Session,
    context: Context,
    event: LoadedEvent,
    *,
    template: Template,
    size: str = "a6",
    which: Which = Which.READY,
    references: Sequence[str] = (),
    sort: Sort = Sort.NAME,
    reason: str = "",
    sheet: str = "",
    only: Collection[UUID] | None = None,
) -> PrintPlan | PrintRefused:
    """What would be printed, signed already; changes nothing. Raises `KeysNotSigned` without a pass key.

    `only` narrows to these passes. A pass printed ahead gets the next slot of the box, in the order of the plan.
    """
    context.require(Permission.PASSES_PRINT)
    refused = no_such_paper(template, size, sheet)
    if refused is not None:
        return refused
    keyring = keyring_of(context, event)
    passes = choose(session, event, keyring, which, references, reason, only)
    if isinstance(passes, PrintRefused):
        return passes
    withdrawn, slots = withdrawn_kids(session, event), count(next_slot(session, event))
    ordered = sorted(passes, key=ORDERS[sort])
    planned = tuple(_planned(context, event, held, keyring, template.key, withdrawn, slots) for held in ordered)
    return PrintPlan(planned, template, size, reason.strip(), sheet)


def no_such_paper(template: Template, size: str, sheet: str) -> PrintRefused | None:
    """Why nothing can be printed on this paper, or None where it can."""
    if size not in template.sizes:
        words = f"The template has no size “{size}”; choose one of {', '.join(template.sizes)}."
        return PrintRefused(PrintObstacle.UNKNOWN_SIZE, words)
    if sheet and sheet not in SHEETS:
        words = f"There is no sheet “{sheet}”; choose one of {', '.join(SHEETS)}."
        return PrintRefused(PrintObstacle.UNKNOWN_SIZE, words)
    return None


def press(planned: PrintPlan, fonts: FontBook, *, room: Path | None = None) -> PrintReport:
    """The PDF, one page or one place on a sheet a badge, in the plan's order. Touches no database.

    `room` is the folder in which photos lie meanwhile: one of this installation, which others on the machine cannot fill.
    """
    facts = [one.facts for one in planned.badges]
    rendered = render(planned.template, facts, size=planned.size, fonts=fonts, room=room, sheet=planned.sheet)
    reprints = {one.facts.reference for one in planned.badges if one.is_reprint} & set(rendered.references)
    return PrintReport(rendered.document, rendered.references, rendered.notes, len(reprints))


def write_down(
    session: Session, context: Context, event: LoadedEvent, planned: PrintPlan, report: PrintReport
) -> PrintReport | PrintRefused:
    """Keeps what was printed, unless a pass changed or was printed elsewhere since the plan: then nothing is kept."""
    context.require(Permission.PASSES_PRINT)
    lock(session, event.record)
    printed = [one for one in planned.badges if one.facts.reference in set(report.references)]
    changed = _changed(session, printed) or _slots_taken(session, event, printed)
    if changed:
        words = "These passes changed or were printed elsewhere meanwhile. Destroy what came out, and print again."
        return PrintRefused(PrintObstacle.CHANGED, words, changed)
    for one in printed:
        _keep(session, one, planned.reason)
        action = Action.BADGE_REPRINTED if one.is_reprint else Action.BADGE_PRINTED
        record(session, context, action, Subject("pass", one.facts.reference))
    return report


def _keep(session: Session, one: PlannedBadge, reason: str) -> None:
    if not one.is_reprint:
        session.add(one.badge)
        return
    badge = session.get_one(Badge, one.badge.id, populate_existing=True)
    badge.reprints, badge.reprint_reason = badge.reprints + 1, reason


def _planned(
    context: Context,
    event: LoadedEvent,
    held: Pass,
    keyring: KeyRing,
    template: str,
    withdrawn: frozenset[int],
    slots: Iterator[int],
) -> PlannedBadge:
    is_new = not held.badges or is_void(keyring, withdrawn, held.badges[-1])
    badge = new_badge(context, held, keyring.pass_key, template) if is_new else held.badges[-1]
    if is_new and badge.printed_ahead:
        badge.slot = next(slots)
    key = keyring.pass_key_of(badge.kid)
    assert key is not None, "whether the key is here was asked before"
    facts = facts_of(event.event, held, badge, code_of(event.event, held, badge, key))
    return PlannedBadge(held.id, held.state, badge, facts, len(held.badges), is_new)


def _changed(session: Session, printed: Sequence[PlannedBadge]) -> tuple[str, ...]:
    """The references whose pass is no longer as it was planned."""
    rows = session.execute(
        select(Pass.id, Pass.state, func.count(Badge.id).label("printed"))
        .outerjoin(Badge, Badge.pass_id == Pass.id)
        .where(Pass.id.in_([one.pass_id for one in printed]))
        .group_by(Pass.id, Pass.state)
    )
    now = {row.id: (row.state, row.printed) for row in rows}
    return tuple(one.facts.reference for one in printed if now.get(one.pass_id) != (one.state, one.printed))


def next_slot(session: Session, event: LoadedEvent) -> int:
    """The first free place behind all passes of this event that were printed ahead."""
    last = select(func.max(Badge.slot)).join(Badge.badge_pass).where(Pass.event_id == event.record.id)
    return (session.scalar(last) or 0) + 1


def _slots_taken(session: Session, event: LoadedEvent, printed: Sequence[PlannedBadge]) -> tuple[str, ...]:
    """The references of those whose place in the box somebody else took since the plan."""
    first = next_slot(session, event)
    return tuple(
        one.facts.reference
        for one in printed
        if one.is_new_code and one.badge.slot is not None and one.badge.slot < first
    )


def latin_order(application: Application) -> str:
    """How people are sorted: by the Latin spelling, surname first, else as written."""
    return spelled_name(application) or application.surname.casefold()


ORDERS: dict[Sort, Callable[[Pass], tuple[str, ...]]] = {
    Sort.NAME: lambda held: (latin_order(held.application), held.application.reference),
    Sort.ORGANISATION: lambda held: (
        held.application.organisation.casefold(),
        latin_order(held.application),
        held.application.reference,
    ),
    Sort.REFERENCE: lambda held: (held.application.reference,),
}
