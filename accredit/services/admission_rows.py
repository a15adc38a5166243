"""The rows behind one admission, in two statements: what is known, and what is written. A queue waits for each of them.

They are built once; what differs is bound. The first locks the pass and reads its scans as they were when it began; a scan
that somebody else wrote while it waited for the lock is not among them. So the second writes only where there are still as
many scans as were read, and where there are not, both are run again, now behind the lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Connection,
    Insert,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    cast,
    func,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite

from accredit.credential.reasons import Direction, PassState, Reason, Verdict
from accredit.db.models.applications import Application
from accredit.db.models.events import EventRecord
from accredit.db.models.gate import Device, Presence, Scan
from accredit.db.models.passes import Pass, RevocationEntry


class AskingDevice(NamedTuple):
    """A scanner, with the numbers of its event by which what is kept of that event is known to hold."""

    id: UUID
    event_id: UUID
    switched_off_at: datetime | None
    roster_number: int
    settings_number: int
    loaded_at: datetime


class HeldPass(NamedTuple):
    """A pass and its holder."""

    id: UUID
    state: PassState
    valid_until: datetime
    grants: int
    category_code: int
    document_tag: bytes | None
    surname: str
    given_names: str
    organisation: str


class PastScan(NamedTuple):
    """A scan as it was written down."""

    device_id: UUID
    id: UUID
    serial: bytes | None
    digest: bytes | None
    checkpoint: str
    lane: str
    direction: Direction
    verdict: Verdict
    reason: Reason
    supersedes: UUID | None
    clock_suspect: bool
    scanned_at: datetime


class Known(NamedTuple):
    """All that one statement tells: who asks, the pass, its scans of the day, and the scan with the id that was asked about."""

    device: AskingDevice
    held: HeldPass | None
    scans: tuple[PastScan, ...]


class Wanted(NamedTuple):
    """What the statement is asked: the names are those of its parameters."""

    device_id: UUID
    event_id: UUID
    scan_id: UUID
    serial: bytes | None
    since: datetime


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


_DEVICES, _EVENTS, _PASSES, _PEOPLE = (_table(model) for model in (Device, EventRecord, Pass, Application))
_SCANS, _PRESENCE, _REVOKED = (_table(model) for model in (Scan, Presence, RevocationEntry))
_AT_DEVICE, _AT_HELD = len(AskingDevice._fields), len(AskingDevice._fields) + len(HeldPass._fields)


def _columns(kind: type[NamedTuple], *tables: Any) -> list[Any]:
    return [next(table.c[name] for table in tables if name in table.c) for name in kind._fields]


_ASKING = select(*_columns(AskingDevice, _DEVICES, _EVENTS)).join_from(
    _DEVICES, _EVENTS, _EVENTS.c.id == _DEVICES.c.event_id
)
_OF_TOKEN = _ASKING.where(_DEVICES.c.token_hash == bindparam("token_hash"))
_HELD = (
    select(*_columns(HeldPass, _PASSES, _PEOPLE))
    .join_from(_PASSES, _PEOPLE, _PEOPLE.c.id == _PASSES.c.application_id)
    .where(_PASSES.c.event_id == bindparam("event_id"), _PASSES.c.serial == bindparam("serial"))
    .with_for_update(of=_PASSES)
    .cte("held")
)
_OF_THE_DAY = and_(
    _SCANS.c.event_id == bindparam("event_id"),
    _SCANS.c.serial == bindparam("serial"),
    _SCANS.c.scanned_at >= bindparam("since"),
)
_THIS = and_(_SCANS.c.device_id == bindparam("device_id"), _SCANS.c.id == bindparam("scan_id"))
_PAST = _columns(PastScan, _SCANS)
# Two searches, each by its own index: with “or” the whole table would be read while it is small, and by its plan longer.
_SOUGHT = union_all(
    select(*_PAST).where(_OF_THE_DAY), select(*_PAST).where(_THIS, func.coalesce(not_(_OF_THE_DAY), true()))
).subquery("sought")
_KNOWN = (
    select(*_columns(AskingDevice, _DEVICES, _EVENTS), *_HELD.c, *_SOUGHT.c)
    .select_from(
        _DEVICES.join(_EVENTS, _EVENTS.c.id == _DEVICES.c.event_id).outerjoin(_HELD, true()).outerjoin(_SOUGHT, true())
    )
    .where(_DEVICES.c.id == bindparam("device_id"))
)
_INSIDE = (
    select(func.count())
    .select_from(_PRESENCE)
    .where(
        _PRESENCE.c.checkpoint == bindparam("checkpoint"),
        _PRESENCE.c.inside,
        _PRESENCE.c.scanned_at >= bindparam("since"),
    )
)
_KIDS = select(_REVOKED.c.kid).where(_REVOKED.c.event_id == bindparam("event_id"), _REVOKED.c.kid.is_not(None))


def _unless_there(insert: Any) -> Any:
    return insert.on_conflict_do_nothing(index_elements=["device_id", "id"]).returning(_SCANS.c.id)


def _unless_older(insert: Any) -> Any:
    changes = {name: insert.excluded[name] for name in ("inside", "lane", "device_id", "scanned_at")}
    is_newer = _PRESENCE.c.scanned_at < insert.excluded.scanned_at
    return insert.on_conflict_do_update(index_elements=["pass_id", "checkpoint"], set_=changes, where=is_newer)


def _in_one_statement() -> Select[Any]:
    """A scan and where it leaves the holder, for PostgreSQL, where others may have written since the history was read."""
    seen = bindparam("seen", type_=_SCANS.c.roster_number.type)
    as_many = select(func.count()).select_from(_SCANS).where(_OF_THE_DAY).scalar_subquery()
    scan = select(*_given(_SCANS)).where(or_(seen.is_(None), as_many == seen))
    added = _unless_there(postgresql.insert(_SCANS).from_select(_names(_SCANS), scan)).cte("added")
    place = select(*_given(_PRESENCE)).select_from(added).where(_given(_PRESENCE)[0].is_not(None))
    moved = _unless_older(postgresql.insert(_PRESENCE).from_select(_names(_PRESENCE), place)).cte("moved")
    return select(added.c.id).add_cte(moved)


def _given(table: Table) -> list[Any]:
    return [cast(bindparam(column.name, type_=column.type), column.type) for column in table.c]


def _names(table: Table) -> list[str]:
    return [column.name for column in table.c]


_IN_ONE = _in_one_statement()
_ADDED: Insert = _unless_there(sqlite.insert(_SCANS))
_MOVED: Insert = _unless_older(sqlite.insert(_PRESENCE))


class AdmissionRows:
    """The rows that one transaction reads and writes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def device(self, token_hash: bytes) -> AskingDevice | None:
        """The scanner of this token, with the numbers of its event."""
        found = self._connection.execute(_OF_TOKEN, {"token_hash": token_hash}).one_or_none()
        return None if found is None else AskingDevice._make(found)

    def known(self, wanted: Wanted) -> Known:
        """What there is of this device, serial and scan; nobody else decides about the pass until this transaction ends."""
        rows = self._connection.execute(_KNOWN, wanted._asdict()).all()
        first = rows[0]  # a device is never deleted
        held = None if first[_AT_DEVICE] is None else HeldPass._make(first[_AT_DEVICE:_AT_HELD])
        scans = tuple(PastScan._make(row[_AT_HELD:]) for row in rows if row[_AT_HELD] is not None)
        return Known(AskingDevice._make(first[:_AT_DEVICE]), held, scans)

    def inside(self, checkpoint: str, since: datetime) -> int:
        """How many are in there by what is known."""
        told = {"checkpoint": checkpoint, "since": since}
        return int(self._connection.execute(_INSIDE, told).scalar_one())

    def revoked_kids(self, event_id: UUID) -> Sequence[int]:
        """Keys whose passes are all void."""
        return list(self._connection.execute(_KIDS, {"event_id": event_id}).scalars())

    def write(self, scan: dict[str, Any], place: dict[str, Any], since: datetime, seen: int | None) -> bool:
        """Writes a scan down, and where the holder is now, unless `place` is of no pass.

        False, and nothing is written, where a scan of this id is there already, or where other than `seen` scans of this
        serial are there since then (None: that was looked at behind the lock).
        """
        if self._connection.dialect.name == "postgresql":
            told = {**scan, **place, "since": since, "seen": seen}
            return self._connection.execute(_IN_ONE, told).one_or_none() is not None
        # The one writer of SQLite read the history in this transaction: nobody wrote since.
        added: Row[Any] | None = self._connection.execute(_ADDED, scan).one_or_none()
        if added is not None and place["pass_id"] is not None:
            self._connection.execute(_MOVED, place)
        return added is not None
