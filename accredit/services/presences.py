"""Who is inside which checkpoint: the row of each pass follows the latest scan that admitted it there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accredit.credential.reasons import Direction, Verdict
from accredit.credential.scans import ScanRecord
from accredit.db.models.gate import Presence, Scan
from accredit.db.models.passes import Pass
from accredit.db.upserts import insert_into
from accredit.services.event_loading import LoadedEvent

_Place = tuple[bytes, str]
"""A serial and a checkpoint."""


def follow(session: Session, event: LoadedEvent, device_id: UUID, scans: Sequence[ScanRecord]) -> None:
    """Moves presence on by these new scans of one device; an older scan never overtakes a newer one.

    Where a scan was taken back or corrected, the presence of that pass is told anew from all its scans there.
    """
    latest: dict[_Place, dict[str, Any]] = {}
    for scan in sorted(scans, key=lambda one: one.scanned_at):
        if scan.serial is not None and scan.verdict is Verdict.ADMIT:
            latest[scan.serial, scan.checkpoint] = {
                "checkpoint": scan.checkpoint,
                "inside": scan.direction is Direction.ENTRY,
                "lane": scan.lane,
                "device_id": device_id,
                "scanned_at": scan.scanned_at,
            }
    corrected = _corrected(session, device_id, scans)
    passes = _passes(session, event, {serial for serial, _ in (*latest, *corrected)})
    rows = [{"pass_id": passes[place[0]], **row} for place, row in latest.items() if place[0] in passes]
    _move_on(session, rows)
    for serial, checkpoint in sorted(corrected):
        if serial in passes:
            _tell_anew(session, event, passes[serial], serial, checkpoint)


def _passes(session: Session, event: LoadedEvent, serials: Iterable[bytes]) -> dict[bytes, UUID]:
    wanted = list(serials)
    if not wanted:
        return {}
    of_event = Pass.event_id == event.record.id
    # Held until the commit, in one order: who looks for another gate's scan of a pass must not miss one just written.
    held = select(Pass.serial, Pass.id).where(of_event, Pass.serial.in_(wanted)).order_by(Pass.id)
    rows = session.execute(held.with_for_update(key_share=True))
    return {row.serial: row.id for row in rows}


def _corrected(session: Session, device_id: UUID, scans: Sequence[ScanRecord]) -> set[_Place]:
    """Where scans were taken back or corrected by these."""
    superseded = [scan.supersedes for scan in scans if scan.supersedes is not None]
    if not superseded:
        return set()
    rows = session.execute(
        select(Scan.serial, Scan.checkpoint).where(
            Scan.device_id == device_id, Scan.id.in_(superseded), Scan.serial.is_not(None)
        )
    )
    return {(row.serial, row.checkpoint) for row in rows}


def _move_on(session: Session, rows: list[dict[str, Any]]) -> None:
    """Inserts or moves on, in one order for every upload, or two at once would wait for each other."""
    if not rows:
        return
    rows.sort(key=lambda row: (row["pass_id"], row["checkpoint"]))
    insert = insert_into(session, Presence)
    moved = {name: insert.excluded[name] for name in ("inside", "lane", "device_id", "scanned_at")}
    session.execute(
        insert.on_conflict_do_update(
            index_elements=[Presence.pass_id, Presence.checkpoint],
            set_=moved,
            where=Presence.scanned_at < insert.excluded.scanned_at,
        ),
        rows,
    )


def _tell_anew(session: Session, event: LoadedEvent, pass_id: UUID, serial: bytes, checkpoint: str) -> None:
    scans = session.scalars(
        select(Scan)
        .where(Scan.event_id == event.record.id, Scan.serial == serial, Scan.checkpoint == checkpoint)
        .order_by(Scan.scanned_at)
    ).all()
    superseded = {(scan.device_id, scan.supersedes) for scan in scans}
    admitted = [
        scan
        for scan in scans
        if scan.verdict is Verdict.ADMIT and not scan.clock_suspect and (scan.device_id, scan.id) not in superseded
    ]
    session.execute(delete(Presence).where(Presence.pass_id == pass_id, Presence.checkpoint == checkpoint))
    if admitted:
        last = admitted[-1]
        inside = last.direction is Direction.ENTRY
        row = {"pass_id": pass_id, "checkpoint": checkpoint, "inside": inside, "lane": last.lane}
        _move_on(session, [{**row, "device_id": last.device_id, "scanned_at": last.scanned_at}])
