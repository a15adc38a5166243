"""After a split: two scanners admitted one pass while they did not know of each other. One alert, with both scans.

Which two readings of a pass do not fit together is what the gates themselves ask about (`presence`), seen from behind:
each reading against what the other scanners had admitted before it. An alert is written with the upload that brings the
second scan. Scanners hear of it with their next list, for which the roster's number is raised in a transaction of its
own: an upload holds rows that whoever changes the roster asks for later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Select, bindparam, select, update
from sqlalchemy.orm import Session, aliased

from accredit.credential.admission_facts import Checkpoint, EarlierScan, History, Policy, Presentation
from accredit.credential.presence import admitted_elsewhere, is_inside
from accredit.credential.reasons import CheckpointKind, Direction, Source, Verdict
from accredit.credential.scans import ScanRecord
from accredit.credential.split_alerts import ApartScan, SplitAlert
from accredit.db.models.gate import Device, Scan, SplitAlertRecord
from accredit.db.upserts import insert_into
from accredit.domain.events import Event
from accredit.services.event_loading import LoadedEvent
from accredit.services.gate_facts import policy_of
from accredit.services.roster import next_number

SHOWN_FOR = timedelta(hours=24)
_MOST_SHOWN = 50  # they travel whole in every bundle
_DAY = timedelta(hours=24)
_CLOCKS_DIFFER_BY = timedelta(hours=1)
_COLUMNS = (
    Scan.device_id,
    Scan.id,
    Scan.serial,
    Scan.checkpoint,
    Scan.lane,
    Scan.direction,
    Scan.verdict,
    Scan.reason,
    Scan.scanned_at,
    Scan.server_offset_ms,
)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One standing scan that let somebody pass; `seen` on the server's clock, its lane made unlike any other device's."""

    device_id: UUID
    id: UUID
    seen: EarlierScan


def notice(session: Session, event: LoadedEvent, device_id: UUID, fresh: Sequence[ScanRecord], now: datetime) -> bool:
    """Writes down which of these new scans, together with another scanner's, admitted a pass apart.

    Whether scanners must be told of one. The caller holds the passes (`presences.follow`), so that of two uploads at once
    the second sees the first. An upload without a new entry may be the retry of one whose alert was never announced.
    """
    entries = [one for one in fresh if one.verdict is Verdict.ADMIT and one.direction is Direction.ENTRY and one.serial]
    if not entries:
        return _is_untold(session, event)
    policy = policy_of(event.event)
    span = _span(entries, policy)
    shared = _also_elsewhere(session, event, device_id, entries, policy)
    if not shared:
        return False
    new = {one.id for one in entries}
    rows: list[dict[str, Any]] = []
    for serial, readings in _readings(session, event, shared, span).items():
        pairs = _apart(readings, policy)
        rows += [_row(event, serial, pair, now) for pair in pairs if not new.isdisjoint((pair[0].id, pair[1].id))]
    return bool(rows) and _add(session, rows)


def announce(session: Session, event: LoadedEvent) -> None:
    """Raises the roster's number, so that scanners fetch the alerts that they were not told yet."""
    if not _is_untold(session, event):
        return
    number = next_number(session, event.record)
    told = update(SplitAlertRecord).where(*_untold(event)).values(roster_number=number)
    session.execute(told.execution_options(synchronize_session=False))


def _untold(event: LoadedEvent) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return SplitAlertRecord.event_id == event.record.id, SplitAlertRecord.roster_number.is_(None)


def _is_untold(session: Session, event: LoadedEvent) -> bool:
    return session.scalar(select(SplitAlertRecord.id).where(*_untold(event)).limit(1)) is not None


@cache
def _statement_of_open() -> Select[SplitAlertRecord, Scan, Scan, str, str]:
    """Made once: it goes with every bundle."""
    first, second, one, other = aliased(Scan), aliased(Scan), aliased(Device), aliased(Device)
    record = SplitAlertRecord
    return (
        select(record, first, second, one.name, other.name)
        .join(first, (first.device_id == record.first_device_id) & (first.id == record.first_scan_id))
        .join(second, (second.device_id == record.second_device_id) & (second.id == record.second_scan_id))
        .join(one, one.id == first.device_id)
        .join(other, other.id == second.device_id)
        .where(
            record.event_id == bindparam("event_id"),
            record.raised_at > bindparam("after"),
            record.settled_at.is_(None),
        )
        .order_by(record.raised_at.desc(), record.id)
        .limit(_MOST_SHOWN)
    )


def open_alerts(session: Session, event: LoadedEvent, now: datetime) -> tuple[SplitAlert, ...]:
    """The alerts of the last day, latest first, without those that somebody settled, or whose scan was taken back since."""
    rows = session.execute(_statement_of_open(), {"event_id": event.record.id, "after": now - SHOWN_FOR}).all()
    gone = _corrected(session, event, [row[0].serial for row in rows])
    return tuple(
        SplitAlert(row[0].id, row[0].serial, _told(row[1], row[3]), _told(row[2], row[4]))
        for row in rows
        if gone.isdisjoint(((row[1].device_id, row[1].id), (row[2].device_id, row[2].id)))
    )


def _corrected(session: Session, event: LoadedEvent, serials: Iterable[bytes]) -> set[tuple[UUID, UUID]]:
    """Scans of these passes that a later one corrected or took back; by serial, since nothing finds them faster."""
    wanted = list(serials)
    if not wanted:
        return set()
    later = select(Scan.device_id, Scan.supersedes).where(
        Scan.event_id == event.record.id, Scan.serial.in_(wanted), Scan.supersedes.is_not(None)
    )
    return {(row.device_id, row.supersedes) for row in session.execute(later)}


def _told(scan: Scan, device: str) -> ApartScan:
    return ApartScan(scan.device_id, device, scan.id, scan.checkpoint, scan.lane, _true_time(scan))


def _span(entries: Sequence[ScanRecord], policy: Policy) -> tuple[datetime, datetime]:
    """The times, by the devices' clocks, within which something may not fit together with these."""
    reach = _DAY if policy.exits_scanned else timedelta(seconds=policy.elsewhere_s) + _CLOCKS_DIFFER_BY
    times = [one.scanned_at for one in entries]
    return min(times) - reach, max(times) + reach


def _also_elsewhere(
    session: Session, event: LoadedEvent, device_id: UUID, entries: Sequence[ScanRecord], policy: Policy
) -> list[bytes]:
    """Passes that another scanner admitted near one of these entries; at most gates, most were read elsewhere long ago."""
    times: dict[bytes, list[datetime]] = defaultdict(list)
    for one in entries:
        if one.serial is not None:
            times[one.serial].append(_true_time(one))
    wanted = select(Scan.serial, Scan.scanned_at, Scan.server_offset_ms).where(
        Scan.event_id == event.record.id,
        Scan.serial.in_(sorted(times)),
        Scan.device_id != device_id,
        Scan.verdict == Verdict.ADMIT,
        Scan.direction == Direction.ENTRY,
        Scan.scanned_at.between(*_span(entries, policy)),
    )
    near = timedelta(seconds=policy.elsewhere_s)
    found = {
        row.serial
        for row in session.execute(wanted)
        if policy.exits_scanned or any(abs(_true_time(row) - at) <= near for at in times[row.serial])
    }
    return sorted(found)


def _readings(
    session: Session, event: LoadedEvent, serials: list[bytes], span: tuple[datetime, datetime]
) -> dict[bytes, list[_Reading]]:
    """What stands of these passes, each in the order in which it happened."""
    wanted = select(*_COLUMNS).where(
        Scan.event_id == event.record.id,
        Scan.serial.in_(serials),
        Scan.verdict == Verdict.ADMIT,
        Scan.scanned_at.between(*span),
        ~Scan.clock_suspect,
    )
    gone = _corrected(session, event, serials)
    found: dict[bytes, list[_Reading]] = defaultdict(list)
    for row in session.execute(wanted):
        if (row.device_id, row.id) not in gone:
            found[row.serial].append(_reading(row, event.event))
    return {serial: sorted(each, key=lambda one: (one.seen.at, one.id)) for serial, each in found.items()}


def _reading(row: Any, event: Event) -> _Reading:
    held = event.checkpoint(row.checkpoint)
    kind = held.kind if held is not None else CheckpointKind.SITE
    lane = f"{row.device_id}/{row.lane}"
    seen = EarlierScan(row.checkpoint, kind, lane, _true_time(row), row.verdict, row.direction, row.reason)
    return _Reading(row.device_id, row.id, seen)


def _true_time(row: Any) -> datetime:
    at: datetime = row.scanned_at
    return at - timedelta(milliseconds=row.server_offset_ms or 0)


def _apart(readings: Sequence[_Reading], policy: Policy) -> Iterable[tuple[_Reading, _Reading]]:
    """Each entry with the latest of another device before it that it does not fit together with."""
    for number, later in enumerate(readings):
        if later.seen.direction is not Direction.ENTRY:
            continue
        before = [
            one for one in readings[:number] if one.device_id != later.device_id or one.seen.direction is Direction.EXIT
        ]
        earlier = _contradicted(before, later, policy)
        if earlier is not None:
            yield earlier, later


def _contradicted(before: Sequence[_Reading], later: _Reading, policy: Policy) -> _Reading | None:
    seen = later.seen
    here = Checkpoint(seen.checkpoint, seen.kind, 0)
    history = History(tuple(one.seen for one in before))
    asked = Presentation(Source.CODE, Direction.ENTRY, seen.lane, seen.at)
    found = admitted_elsewhere(history, asked, here, policy)
    if found is None and policy.exits_scanned and is_inside(history, here):
        entered = [one.seen for one in before if one.seen.direction is Direction.ENTRY and one.seen.kind is seen.kind]
        found = entered[-1] if entered else None
    return next((one for one in reversed(before) if one.seen is found), None)


def _row(event: LoadedEvent, serial: bytes, pair: tuple[_Reading, _Reading], now: datetime) -> dict[str, Any]:
    first, second = pair
    return {
        # Made of both scans, so that whoever finds the same two gives the alert the same name.
        "id": uuid5(first.id, f"{first.device_id} {second.device_id} {second.id}"),
        "event_id": event.record.id,
        "serial": serial,
        "first_device_id": first.device_id,
        "first_scan_id": first.id,
        "second_device_id": second.device_id,
        "second_scan_id": second.id,
        "raised_at": now,
        "roster_number": None,
        "settled_by": "",
        "settled_for": "",
    }


def _add(session: Session, rows: list[dict[str, Any]]) -> bool:
    insert = insert_into(session, SplitAlertRecord)
    added = insert.values(rows).on_conflict_do_nothing().returning(SplitAlertRecord.id)
    return session.execute(added).first() is not None
