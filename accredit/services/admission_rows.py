"""The rows behind one admission, read and written by plain statements over tables: a queue waits for each of them.

They are built once; what differs is bound. The row of the pass is locked before its scans are read, so that of several
presentations at the same moment the second finds the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, Table, bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from accredit.db.models.applications import Application
from accredit.db.models.events import EventRecord
from accredit.db.models.gate import Device, Presence, Scan
from accredit.db.models.passes import GroundsGrant, Pass, RevocationEntry


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


_DEVICES, _EVENTS, _PASSES, _PEOPLE = (_table(model) for model in (Device, EventRecord, Pass, Application))
_SCANS, _PRESENCE, _GRANTS, _REVOKED = (_table(model) for model in (Scan, Presence, GroundsGrant, RevocationEntry))

_OF_TOKEN = (
    select(
        _DEVICES.c.id,
        _DEVICES.c.event_id,
        _DEVICES.c.switched_off_at,
        _EVENTS.c.roster_number,
        _EVENTS.c.settings_number,
        _EVENTS.c.loaded_at,
    )
    .join_from(_DEVICES, _EVENTS, _EVENTS.c.id == _DEVICES.c.event_id)
    .where(_DEVICES.c.token_hash == bindparam("token_hash"))
)
_OF_SERIAL = (
    select(
        _PASSES.c.id,
        _PASSES.c.state,
        _PASSES.c.valid_until,
        _PASSES.c.grants,
        _PASSES.c.category_code,
        _PASSES.c.document_tag,
        _PEOPLE.c.surname,
        _PEOPLE.c.given_names,
        _PEOPLE.c.organisation,
    )
    .join_from(_PASSES, _PEOPLE, _PEOPLE.c.id == _PASSES.c.application_id)
    .where(_PASSES.c.event_id == bindparam("event_id"), _PASSES.c.serial == bindparam("serial"))
    .with_for_update(of=_PASSES)
)
_SCAN = (
    _SCANS.c.device_id,
    _SCANS.c.id,
    _SCANS.c.serial,
    _SCANS.c.digest,
    _SCANS.c.checkpoint,
    _SCANS.c.lane,
    _SCANS.c.direction,
    _SCANS.c.verdict,
    _SCANS.c.reason,
    _SCANS.c.supersedes,
    _SCANS.c.clock_suspect,
    _SCANS.c.scanned_at,
)
_THIS = (_SCANS.c.device_id == bindparam("device_id")) & (_SCANS.c.id == bindparam("scan_id"))
_OF_ID = select(*_SCAN).where(_THIS)
_EARLIER = select(*_SCAN).where(
    or_(
        (_SCANS.c.event_id == bindparam("event_id"))
        & (_SCANS.c.serial == bindparam("serial"))
        & (_SCANS.c.scanned_at >= bindparam("since")),
        _THIS,
    )
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


def _writes(insert: Any) -> tuple[Any, Any]:
    """The two writing statements in one dialect: a scan, unless its id is there; and where the holder went last."""
    added = insert(_SCANS).on_conflict_do_nothing(index_elements=["device_id", "id"]).returning(_SCANS.c.id)
    moved = insert(_PRESENCE)
    changes = {name: moved.excluded[name] for name in ("inside", "lane", "device_id", "scanned_at")}
    is_newer = _PRESENCE.c.scanned_at < moved.excluded.scanned_at
    keys = ["pass_id", "checkpoint"]
    return added, moved.on_conflict_do_update(index_elements=keys, set_=changes, where=is_newer)


_WRITES = {"postgresql": _writes(postgresql.insert), "sqlite": _writes(sqlite.insert)}


class AdmissionRows:
    """The rows that one transaction reads and writes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._added, self._moved = _WRITES[connection.dialect.name]

    def device(self, token_hash: bytes) -> Row[Any] | None:
        """The scanner of this token, with the numbers of its event."""
        return self._one(_OF_TOKEN, {"token_hash": token_hash})

    def lock_pass(self, event_id: UUID, serial: bytes) -> Row[Any] | None:
        """The pass of this serial and its holder; nobody else decides about it until this transaction ends."""
        return self._one(_OF_SERIAL, {"event_id": event_id, "serial": serial})

    def scan(self, device_id: UUID, scan_id: UUID) -> Row[Any] | None:
        """The scan with this id of this device."""
        return self._one(_OF_ID, {"device_id": device_id, "scan_id": scan_id})

    def scans(self, event_id: UUID, serial: bytes, since: datetime, device_id: UUID, scan_id: UUID) -> list[Row[Any]]:
        """The scans of this serial since then, and the one with this id of this device, whatever it was of."""
        told = {"event_id": event_id, "serial": serial, "since": since, "device_id": device_id, "scan_id": scan_id}
        return list(self._connection.execute(_EARLIER, told))

    def inside(self, checkpoint: str, since: datetime) -> int:
        """How many are in there by what is known."""
        told = {"checkpoint": checkpoint, "since": since}
        return int(self._connection.execute(_INSIDE, told).scalar_one())

    def revoked_kids(self, event_id: UUID) -> Sequence[int]:
        """Keys whose passes are all void."""
        return list(self._connection.execute(_KIDS, {"event_id": event_id}).scalars())

    def add_scan(self, row: dict[str, Any]) -> bool:
        """Writes a scan down; False where one of this id is there already."""
        return self._connection.execute(self._added, row).one_or_none() is not None

    def move(self, row: dict[str, Any]) -> None:
        """Moves the holder in or out of a checkpoint."""
        self._connection.execute(self._moved, row)

    def _one(self, wanted: Select[Any], told: dict[str, Any]) -> Row[Any] | None:
        found: Row[Any] | None = self._connection.execute(wanted, told).one_or_none()
        return found
