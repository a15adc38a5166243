"""Mails to focal points: asked by the office from a file of their addresses, reminded by the worker.

A row in the outbox carries the address; where a body's focal point is reached is kept nowhere else. Each application is asked
about once, again only at another address, or where the mail failed. A reminder goes to the address that was last asked, every
few days, until the focal point has confirmed or enough was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.outbox import Message
from accredit.domain.messages import TO_THE_FOCAL_POINT, Kind, MessageState
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.editions import index_of
from accredit.services.event_loading import LoadedEvent
from accredit.services.focal_points import waiting_for_focal_point
from accredit.services.known_names import last_change, load_known_names
from accredit.services.list_rows import ColumnsRefused, fields_of_columns
from accredit.services.listing import edition_on
from accredit.services.named_bodies import NamedBodies
from accredit.services.notifying import tell
from accredit.services.organisations import BodyKey
from accredit.services.tables import Row, Table

FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("external_id", "org_id", "entry_id"),
    "organisation": ("org_name", "organization", "organisation_name", "organization_name", "body"),
    "email": ("e_mail", "mail", "address"),
}
REMIND_AFTER = timedelta(days=3)
MOST_MAILS = 3
"""To one focal point about one application: the question and two reminders."""

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class FocalMailsReport:
    """How many are asked about now, and how many were before; who waits without an address; what is wrong with rows."""

    asked: int
    before: int
    without: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FocalMailsRefused:
    """Nobody was written to, and why."""

    code: str
    message: str


def ask_focal_points(
    session: Session, context: Context, event: LoadedEvent, *, list_key: str, table: Table, mapping: Mapping[str, str]
) -> FocalMailsReport | FocalMailsRefused:
    """Puts a mail into the outbox for each application that waits for the focal point of a body in this file."""
    context.require(Permission.APPLICATIONS_REVIEW)
    if not event.event.focal_point_confirms:
        return FocalMailsRefused("not_asked", "for this event no focal point is asked; nobody is written to")
    read = _addresses(session, event, list_key, table, mapping)
    if isinstance(read, FocalMailsRefused):
        return read
    addresses, problems = read
    waiting = waiting_for_focal_point(session, event)
    sent = _sent(session, [one.id for one in waiting])
    asked, without = [], []
    for one in waiting:
        address = addresses.get(one.body) if one.body is not None else None
        if address is None:
            without += [] if sent.get(one.id) else [one.reference]
        elif not any(
            mail.recipient == address and mail.state is not MessageState.FAILED for mail in sent.get(one.id, ())
        ):
            tell(
                session,
                context,
                event,
                session.get_one(Application, one.id),
                Kind.FOCAL_POINT_REQUEST,
                recipient=address,
            )
            asked.append(one.reference)
    if asked:
        record(session, context, Action.FOCAL_POINTS_ASKED, Subject("event", event.event.key))
    return FocalMailsReport(len(asked), len(waiting) - len(asked) - len(without), tuple(without), tuple(problems))


def remind_focal_points(session: Session, context: Context, event: LoadedEvent) -> int:
    """Writes once more to those who were asked some days ago and have not confirmed; answers how many."""
    if not event.event.focal_point_confirms:
        return 0
    waiting = waiting_for_focal_point(session, event)
    sent = _sent(session, [one.id for one in waiting])
    reminded = 0
    for one in waiting:
        mails = sent.get(one.id, [])
        if mails and _is_due(context, mails):
            application = session.get_one(Application, one.id)
            tell(session, context, event, application, Kind.FOCAL_POINT_REMINDER, recipient=mails[-1].recipient)
            reminded += 1
    return reminded


def _is_due(context: Context, mails: Sequence[Message]) -> bool:
    last = mails[-1]
    reached = last.state in {MessageState.SENT, MessageState.SENT_UNSURE}
    so_far = sum(one.recipient == last.recipient for one in mails)
    return reached and so_far < MOST_MAILS and context.now() - last.created_at >= REMIND_AFTER


def _sent(session: Session, applications: Sequence[UUID]) -> dict[UUID, list[Message]]:
    """What was written to focal points about these, in its order."""
    wanted = select(Message).where(Message.application_id.in_(applications), Message.kind.in_(TO_THE_FOCAL_POINT))
    found: dict[UUID, list[Message]] = {}
    for mail in session.scalars(wanted.order_by(Message.created_at, Message.id)):
        found.setdefault(mail.application_id, []).append(mail)
    return found


def _addresses(
    session: Session, event: LoadedEvent, list_key: str, table: Table, mapping: Mapping[str, str]
) -> tuple[dict[BodyKey, str], list[str]] | FocalMailsRefused:
    """The address of each body, and what is wrong with rows; messages never repeat a cell."""
    edition = edition_on(session, list_key, event.event.reference_on)
    if edition is None:
        words = f"no edition of “{list_key}” is in force on {event.event.reference_on}; import it first"
        return FocalMailsRefused("no_edition", words)
    columns = fields_of_columns(table.columns, mapping, FIELDS, ("email",))
    if isinstance(columns, ColumnsRefused):
        return FocalMailsRefused(columns.code, columns.message)
    known = load_known_names(session, [list_key], last_change(session))[list_key]
    bodies = NamedBodies(index_of(session, edition), known)
    found: dict[BodyKey, str] = {}
    problems = []
    for row in table.rows:
        cells = {field: " ".join(row.cells.get(column, "").split()) for field, column in columns.items()}
        entry = bodies.find(cells.get("id", ""), cells.get("organisation", ""))
        body = BodyKey(list_key, entry.external_id) if entry is not None else None
        problem = next(_faults(row, cells["email"], body, found), None)
        if problem is not None or body is None:
            problems.append(f"row {row.number}: {problem}")
        else:
            found[body] = cells["email"]
    return found, problems


def _faults(row: Row, address: str, body: BodyKey | None, found: Mapping[BodyKey, str]) -> Iterator[str]:
    if row.fault:
        yield row.fault
    if not _ADDRESS.fullmatch(address) or len(address) > _LONGEST_ADDRESS:
        yield "this is no e-mail address; write one such as name@example.org"
    if body is None:
        yield "no body of the list, or more than one, is meant by this; give its number"
    elif found.get(body, address) != address:
        yield "this body has another address in a row above; leave the one that is right"
