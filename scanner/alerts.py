"""After a split: what this scanner is told of passes that it and another one admitted apart, and which lane has seen it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from accredit.credential.serials import short_code
from accredit.credential.split_alerts import ApartScan, SplitAlert
from scanner.clock import rfc3339, to_ms
from scanner.store import writing

_SENTENCES = {
    "en": "The pass {code} came in twice, at two scanners that did not know of each other: {first}, and {second}. "
    "Call the supervisor.",
    "fr": "Le laissez-passer {code} est entré deux fois, par deux lecteurs qui ne savaient rien l'un de l'autre : {first}, "
    "et {second}. Appelez le responsable.",
}
_WHERE = {
    "en": "{at:%H:%M} at {place}, lane {lane} ({device})",
    "fr": "{at:%H:%M} à {place}, passage {lane} ({device})",
}


def of_this_scanner(connection: sqlite3.Connection, alerts: Iterable[SplitAlert]) -> tuple[SplitAlert, ...]:
    """Those in which one of the two scans was made here; `connection` is that of what was verified."""
    row = connection.execute("SELECT device_id FROM enrolment").fetchone()
    return () if row is None else tuple(alert for alert in alerts if alert.concerns(UUID(row[0])))


def unseen(journal: sqlite3.Connection, alerts: Iterable[SplitAlert], lane: str) -> tuple[SplitAlert, ...]:
    """Those that this lane has not seen yet."""
    seen = {UUID(bytes=row[0]) for row in journal.execute("SELECT alert FROM alerts_seen WHERE lane = ?", (lane,))}
    return tuple(alert for alert in alerts if alert.id not in seen)


def mark_seen(journal: sqlite3.Connection, alert_id: UUID, lane: str, at: datetime) -> None:
    """This lane has seen it; it is not shown there again."""
    with writing(journal):
        journal.execute(
            "INSERT OR IGNORE INTO alerts_seen (alert, lane, at_ms) VALUES (?, ?, ?)", (alert_id.bytes, lane, to_ms(at))
        )


def sentence(alert: SplitAlert, language: str, zone: ZoneInfo) -> str:
    """Both scans in one sentence, by the pass's short code: no name."""
    first, second = (
        _WHERE[language].format(
            at=scan.at.astimezone(zone), place=scan.checkpoint, lane=scan.lane, device=_plain(scan.device)
        )
        for scan in (alert.first, alert.second)
    )
    return _SENTENCES[language].format(code=short_code(alert.serial), first=first, second=second)


def as_facts(alert: SplitAlert) -> dict[str, object]:
    """The same for a program."""
    return {
        "id": str(alert.id),
        "pass": short_code(alert.serial),
        "serial": alert.serial.hex(),
        "first": _scan(alert.first),
        "second": _scan(alert.second),
    }


def told_alerts(facts: object) -> list[str]:
    """Lines for the report, from what `as_facts` gave."""
    assert isinstance(facts, list)
    return [
        f"Alert        {each['pass']} came in twice: {_seen(each['first'])}, and {_seen(each['second'])}"
        for each in facts
    ]


def _seen(scan: dict[str, str]) -> str:
    return f"{scan['at']} at {scan['checkpoint']}, lane {scan['lane']} ({_plain(scan['scanner'])})"


def _scan(scan: ApartScan) -> dict[str, object]:
    return {
        "scanner": scan.device,
        "scan": str(scan.scan_id),
        "checkpoint": scan.checkpoint,
        "lane": scan.lane,
        "at": rfc3339(scan.at),
    }


def _plain(name: str) -> str:
    return "".join(character if character.isprintable() else " " for character in name)
