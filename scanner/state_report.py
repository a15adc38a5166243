"""What a scanner says of itself: whose it is, how old its list is, what waits, and what protects it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from scanner import journal
from scanner.alerts import as_facts, of_this_scanner, told_alerts
from scanner.clock import from_ms, read_clock, rfc3339
from scanner.enrolment import Enrolled
from scanner.gate_ca import ca_warning, fingerprint_of, known_certificate
from scanner.journal import Upload
from scanner.replies import span
from scanner.trust_store import Contact, Held, counts, load_contact, load_held

AT_REST = "Names and photos: the PIN alone protects them together with the file device.secret; no key store is used."
_SET_ASIDE_SHOWN = 20


@dataclass(frozen=True, slots=True)
class StateReport:
    """The facts, ready to be shown; ages in seconds, drift in milliseconds, times in UTC."""

    facts: dict[str, object]

    def lines(self) -> list[str]:
        """The same for people."""
        told = self.facts
        lines = [
            f"Scanner      {told['name']} ({told['device_id']}), of {told['server']}",
            f"Event        {told['event_key']}{'  DEMO' if told['demo'] else ''}",
            f"Root         {told['root_fingerprint']}",
            f"List         {_list_line(told)}",
            f"Scans        {told['scans']} on this machine, {told['waiting']} waiting, {_aside(told)} set aside",
            f"Last sync    {told['last_sync_at'] or 'never'}; clock {_drift_line(told['drift_ms'])}",
            f"At rest      {told['at_rest']}",
            f"Lanes        {_ca_line(told)}",
        ]
        if told["switched_off_at"]:
            lines.insert(0, f"SWITCHED OFF by the server, {told['switched_off_at']}: it decides nothing any more.")
        if told["trouble"]:
            lines.append(f"Trouble      {told['trouble']}")
        aside = told["set_aside"]
        assert isinstance(aside, list)
        lines += told_alerts(told["alerts"])
        lines += [f"Set aside    {each['id']}: {each['cause']}" for each in aside]
        return lines


def report(trust: sqlite3.Connection, scans: sqlite3.Connection, enrolled: Enrolled, now: datetime) -> StateReport:
    """Look everything up."""
    facts, contact = enrolled.facts, load_contact(trust)
    return StateReport(
        {
            "device_id": facts.device_id,
            "name": facts.name,
            "server": facts.server,
            "event_key": facts.event_key,
            "demo": facts.is_demo,
            "root_fingerprint": facts.root_fingerprint,
            "enrolled_at": rfc3339(facts.enrolled_at),
            "switched_off_at": rfc3339(facts.switched_off_at) if facts.switched_off_at else None,
            **_list_facts(trust, contact, now),
            "scans": journal.count_all(scans),
            "waiting": journal.count(scans, Upload.WAITING),
            "set_aside_count": journal.count(scans, Upload.SET_ASIDE),
            "set_aside": [
                {"id": str(entry.id), "cause": cause} for entry, cause in journal.set_aside(scans, _SET_ASIDE_SHOWN)
            ],
            "last_sync_at": None if contact.synced_at_ms is None else rfc3339(from_ms(contact.synced_at_ms)),
            "drift_ms": contact.offset_ms,
            "trouble": contact.trouble,
            "alerts": _alert_facts(trust),
            **_ca_facts(trust, now),
            "at_rest": AT_REST
            if enrolled.roster
            else "Nothing is left to protect: names, photos and keys are forgotten.",
        }
    )


def _alert_facts(trust: sqlite3.Connection) -> list[dict[str, object]]:
    """Passes that this scanner and another one admitted apart, as the last list tells."""
    held = load_held(trust)
    return [] if held is None else [as_facts(alert) for alert in of_this_scanner(trust, held.head.alerts)]


def _ca_facts(trust: sqlite3.Connection, now: datetime) -> dict[str, object]:
    """The gate's authority: by what tablets know the lanes, and until when."""
    found = known_certificate(trust)
    return {
        "gate_ca_fingerprint": None if found is None else fingerprint_of(found),
        "gate_ca_expires_at": None if found is None else rfc3339(found.not_valid_after_utc),
        "gate_ca_warning": None if found is None else ca_warning(found, now),
    }


def _ca_line(told: dict[str, object]) -> str:
    if told["gate_ca_fingerprint"] is None:
        return "no CA of this gate: a new one is made by accredit-scanner gate-ca --new"
    ends = told["gate_ca_warning"] or f"until {str(told['gate_ca_expires_at'])[:10]}"
    return f"CA {str(told['gate_ca_fingerprint'])[:23]}…; {ends}"


def _list_facts(trust: sqlite3.Connection, contact: Contact, now: datetime) -> dict[str, object]:
    held = load_held(trust)
    passes, grounds, photos = counts(trust)
    reading = read_clock(now, offset_ms=contact.offset_ms, last_server_ms=contact.server_at_ms)
    confirmed = contact.confirmed_at_ms
    age = None if held is None or confirmed is None else int((reading.at - from_ms(confirmed)).total_seconds())
    return {
        "list_number": held.number if held else None,
        "list_age_s": age,
        "list_confirmed_at": None if confirmed is None else rfc3339(from_ms(confirmed)),
        **_revocation_facts(held, reading.at),
        "keyset_number": held.trust.keyset.number if held else None,
        "checkpoints": [entry.key for entry in held.head.checkpoints] if held else [],
        "passes": passes,
        "grounds_passes": grounds,
        "photos": photos,
        "clock_is_right": reading.is_right,
    }


def _revocation_facts(held: Held | None, at: datetime) -> dict[str, object]:
    """The number to ask a delta after, and the age of revocations that a shown code brought since."""
    listed = held.trust.revocations if held else None
    shown = held.shown_revocations if held else None
    return {
        "revocations_number": listed.number if listed else None,
        "revocations_age_s": int((at - shown.issued_at).total_seconds()) if shown else None,
    }


def _list_line(told: dict[str, object]) -> str:
    if told["list_number"] is None:
        return 'none yet; run "accredit-scanner sync"'
    age = told["list_age_s"]
    aged = f"{span(age)} old" if isinstance(age, int) else "of unknown age"
    held = f"{told['passes']} passes, {told['grounds_passes']} grounds passes, {told['photos']} photos"
    shown = told["revocations_age_s"]
    newer = (
        f"; withdrawn passes by list {told['revocations_number']}, {span(shown)} old" if isinstance(shown, int) else ""
    )
    return f"{told['list_number']}, {aged}: {held}{newer}"


def _drift_line(drift_ms: object) -> str:
    if not isinstance(drift_ms, int):
        return "not compared yet"
    return f"{round(drift_ms / 1000, 1) or 0.0:+.1f} s against the server's"


def _aside(told: dict[str, object]) -> object:
    return told["set_aside_count"]
