"""Badges on paper: planned, pressed, written down.

Pressing takes seconds for hundreds of badges, and nobody may hold the database for so long: a large job plans in one
transaction, presses outside any, and writes down in another one (`plan`, `press`, `write_down`). What changed in between
spoils the job, and the paper with it. `print_badges` does all three at once, for the few.

A *reprint* (the spoiled sheet destroyed) is the same code again, with a reason, counted. A lost pass is replaced instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.passes import Badge, Pass
from accredit.domain.permissions import Permission
from accredit.rendering.badges import render
from accredit.rendering.facts import BadgeFacts, BadgeNote, NoteCode
from accredit.rendering.fonts import FontBook
from accredit.rendering.templates import Template
from accredit.services.auditing import Action, Subject, record
from accredit.services.badge_contents import code_of, facts_of, new_badge
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
) -> PrintPlan | PrintRefused:
    """What would be printed, signed already; changes nothing. Raises `KeysNotSigned` without a pass key."""
    context.require(Permission.PASSES_PRINT)
    if size not in template.sizes:
        words = f"The template has no size “{size}”; choose one of {', '.join(template.sizes)}."
        return PrintRefused(PrintObstacle.UNKNOWN_SIZE, words)
    keyring = keyring_of(context, event)
    passes = choose(session, event, keyring, which, references, reason)
    if isinstance(passes, PrintRefused):
        return passes
    withdrawn = withdrawn_kids(session, event)
    planned = [_planned(context, event, held, keyring, template.key, withdrawn) for held in passes]
    return PrintPlan(tuple(sorted(planned, key=_ORDERS[sort])), template, size, reason.strip())


def press(planned: PrintPlan, fonts: FontBook) -> PrintReport:
    """The PDF, one page a badge in the plan's order. Touches no database."""
    rendered = render(planned.template, [one.facts for one in planned.badges], size=planned.size, fonts=fonts)
    reprints = {one.facts.reference for one in planned.badges if one.is_reprint} & set(rendered.references)
    return PrintReport(rendered.document, rendered.references, rendered.notes, len(reprints))


def write_down(
    session: Session, context: Context, event: LoadedEvent, planned: PrintPlan, report: PrintReport
) -> PrintReport | PrintRefused:
    """Keeps what was printed, unless a pass changed or was printed elsewhere since the plan: then nothing is kept."""
    context.require(Permission.PASSES_PRINT)
    lock(session, event.record)
    printed = [one for one in planned.badges if one.facts.reference in set(report.references)]
    changed = _changed(session, printed)
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
    context: Context, event: LoadedEvent, held: Pass, keyring: KeyRing, template: str, withdrawn: frozenset[int]
) -> PlannedBadge:
    is_new = not held.badges or is_void(keyring, withdrawn, held.badges[-1])
    badge = new_badge(context, held, keyring.pass_key, template) if is_new else held.badges[-1]
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


_ORDERS: dict[Sort, Callable[[PlannedBadge], tuple[str, ...]]] = {
    Sort.NAME: lambda one: (one.facts.latin_name or one.facts.surname.casefold(), one.facts.reference),
    Sort.ORGANISATION: lambda one: (one.facts.organisation.casefold(), one.facts.latin_name, one.facts.reference),
    Sort.REFERENCE: lambda one: (one.facts.reference,),
}
