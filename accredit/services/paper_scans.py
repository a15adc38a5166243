"""Scans that an officer noted on paper while the disk of a scanner took none, entered afterwards.

A table with one row a scan: `time` (2017-10-11 08:45, in the event's zone), `checkpoint`, `lane`, `officer`, `verdict` (admit or
refuse), and who it was: `code` (the code, or the short code below it) or `class` (a class admitted by sight). `direction` is
entry unless it says exit; `number` is the one under which the scanner said to note it.

What the officer decided is taken as it was, and marked: by the word of the supervisor, by sight, or refused by the officer.
Each row is a transaction of its own. Its id is made of what it says, so that a file can be entered again; people of one
class who came in one minute are told apart by their number, or by their place among equal rows.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.credential.reasons import Direction, Reason, Source, Verdict
from accredit.credential.scans import ScanRecord, new_scan_id
from accredit.credential.serials import parse_short_code
from accredit.credential.trust import TrustBundle
from accredit.credential.verifying import verify
from accredit.db.models.gate import Device
from accredit.db.models.passes import Pass
from accredit.domain.errors import AccreditError
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.keys import keyring_of
from accredit.services.roster import lock
from accredit.services.scans import Result, is_suspect, row_fault, take_noted
from accredit.services.splits import announce

_NEEDED = ("time", "checkpoint", "lane", "officer", "verdict")
_WHO = ("code", "class")
COLUMNS = (*_NEEDED, *_WHO, "direction", "number")
_VERDICTS = {"admit": Verdict.ADMIT, "refuse": Verdict.REFUSE}
_Sessions = Callable[[], AbstractContextManager[Session]]


class Noted(StrEnum):
    """What became of a row."""

    ENTERED = "entered"
    KNOWN = "known"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class NotedRow:
    """One row of the table, by its line in the file; `told` names the column and the cure, and repeats no code."""

    line: int
    noted: Noted
    told: str = ""


class SheetUnusable(AccreditError):
    """The file is no such table, or is of no scanner of this event; the text says what to do."""


@dataclass(frozen=True, slots=True)
class _Who:
    source: Source
    serial: bytes | None = None
    sight_class: str | None = None


def enter_scans(
    open_session: _Sessions, context: Context, event_key: str, scanner: str, text: str
) -> tuple[NotedRow, ...]:
    """Enters the sheet of this scanner row by row, each committed before the next.

    Raises SheetUnusable for a file that is no such table, and for a scanner that was never enrolled for this event.
    """
    context.require(Permission.DEVICES_MANAGE)
    with open_session() as session:
        _scanner(session, _event(session, event_key), scanner)
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), restkey="", strict=True)
    _check_columns(reader.fieldnames or ())
    rows, seen = [], Counter[str]()
    try:
        for row in reader:
            fields = {name: (row.get(name) or "").strip() for name in COLUMNS}
            if any(fields.values()):
                rows.append(_row(open_session, context, event_key, scanner, reader.line_num, fields, seen))
    except csv.Error:
        raise SheetUnusable(f"line {reader.line_num} is no line of a CSV; look at its quotation marks") from None
    return tuple(rows)


def _event(session: Session, key: str) -> LoadedEvent:
    found = find_event(session, key)
    if found is None:
        raise LookupError(f"no event “{key}” is loaded")
    return found


def _scanner(session: Session, event: LoadedEvent, name: str) -> Device:
    wanted = select(Device).where(Device.event_id == event.record.id, Device.enrolled_at.is_not(None))
    held = {one.name: one for one in session.scalars(wanted.order_by(Device.name))}
    if name not in held:
        known = f"choose from {', '.join(held)}" if held else "none is enrolled"
        raise SheetUnusable(f"the event has no enrolled scanner “{name}”; {known}")
    return held[name]


def _check_columns(told: Sequence[str]) -> None:
    missing = next((name for name in _NEEDED if name not in told), None)
    if missing is None and not any(name in told for name in _WHO):
        missing = "code"
    if missing is not None:
        raise SheetUnusable(f"the column {missing} is missing; the first line names the columns: {', '.join(COLUMNS)}")
    if any(name not in COLUMNS for name in told):
        raise SheetUnusable(f"there is a column that nobody reads; choose from {', '.join(COLUMNS)}")


def _row(
    open_session: _Sessions,
    context: Context,
    event_key: str,
    scanner: str,
    line: int,
    fields: Mapping[str, str],
    seen: Counter[str],
) -> NotedRow:
    with open_session() as session:
        event = _event(session, event_key)
        device = _scanner(session, event, scanner)
        scan = _read(session, context, event, device, fields, seen)
        if isinstance(scan, str):
            return NotedRow(line, Noted.BAD, scan)
        # In the order of an import: device, end of the trail, event, and only then the passes.
        session.refresh(device, with_for_update=True)
        lock(session, event.record)
        answer = take_noted(session, event, device, scan, context.now())
        if answer.results[0].result is not Result.TAKEN:
            return NotedRow(line, Noted.KNOWN, "entered before")
        record(session, context, Action.SCAN_ENTERED, Subject("scan", str(scan.id)))
        session.commit()
    if answer.has_alerts:
        # In a transaction of its own, as after an upload: the roster's number is not raised while passes are held.
        with open_session() as session:
            announce(session, _event(session, event_key))
            session.commit()
    return NotedRow(line, Noted.ENTERED)


def _read(
    session: Session,
    context: Context,
    event: LoadedEvent,
    device: Device,
    fields: Mapping[str, str],
    seen: Counter[str],
) -> ScanRecord | str:
    """The scan of one row, or what is wrong with the row."""
    missing = next((name for name in _NEEDED if not fields[name]), None)
    if missing is not None:
        return f"{missing} is missing; add it"
    at = _time(context, event, device, fields["time"])
    if isinstance(at, str):
        return at
    verdict = _VERDICTS.get(fields["verdict"].casefold())
    if verdict is None:
        return "verdict is none; write admit or refuse"
    if fields["direction"].casefold() not in ("", *Direction):
        return "direction is none; write entry or exit, or leave it empty"
    who = _who(session, context, event, fields, at)
    if isinstance(who, str):
        return who
    scan = _scan(device, fields, at, verdict, who, seen)
    fault = row_fault(event.event, scan)
    return f"{fault}; correct it" if fault else scan


def _time(context: Context, event: LoadedEvent, device: Device, told: str) -> datetime | str:
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return "time is none; write it as 2017-10-11 08:45"
    at = (at if at.tzinfo is not None else at.replace(tzinfo=event.event.zone)).astimezone(UTC)
    if at > context.now():
        return "time is in the future; correct the hour or the day"
    if is_suspect(device, at, context.now()):
        return "time is before this scanner was enrolled; correct the hour or the day"
    return at


def _who(session: Session, context: Context, event: LoadedEvent, fields: Mapping[str, str], at: datetime) -> _Who | str:
    code, sight = fields["code"], fields["class"]
    if bool(code) == bool(sight):
        return "who it was is not clear; fill in code or class, one of them"
    if sight:
        classes = [one.key for one in event.event.sight_classes]
        return _Who(Source.SIGHT, sight_class=sight) if sight in classes else f"class is none of {', '.join(classes)}"
    serial, source = parse_short_code(code), Source.SHORT_CODE
    if serial is None:
        trust = TrustBundle(event.event.number, keyring_of(context, event).keyset, None)
        claims, source = verify(code, trust, at).claims, Source.CODE
        serial = claims.serial if claims is not None and claims.event == event.event.number else None
    if serial is None:
        return "code is no code of this event; compare its characters, or write the short code below it"
    known = select(Pass.id).where(Pass.event_id == event.record.id, Pass.serial == serial)
    return _Who(source, serial) if session.scalar(known) is not None else "code is of no pass; compare its characters"


def _scan(
    device: Device, fields: Mapping[str, str], at: datetime, verdict: Verdict, who: _Who, seen: Counter[str]
) -> ScanRecord:
    direction = Direction(fields["direction"].casefold() or Direction.ENTRY)
    told = [at.timestamp(), *(fields[name] for name in ("checkpoint", "lane", "officer", "number")), verdict, direction]
    text = repr([device.id.hex, *told, who.serial, who.sight_class])
    # A pass that is read twice in one minute came once; of one class, many come.
    place = 0 if who.serial else seen[text]
    seen[text] += 1
    digest = hashlib.sha256(f"scan on paper {text} {place}".encode()).digest()
    admitted = Reason.BY_SIGHT if who.source is Source.SIGHT else Reason.BY_SUPERVISOR
    return ScanRecord(
        id=new_scan_id(at, lambda size: digest[:size]),
        checkpoint=fields["checkpoint"],
        lane=fields["lane"],
        officer=fields["officer"],
        direction=direction,
        source=who.source,
        verdict=verdict,
        reason=admitted if verdict is Verdict.ADMIT else Reason.REFUSED_BY_OFFICER,
        serial=who.serial,
        kid=None,
        digest=None,
        scanned_at=at,
        server_offset_ms=0,
        roster_number=0,
        sight_class=who.sight_class,
    )
