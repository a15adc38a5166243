"""Admission by the server, for scanners of others: one presentation, decided and written down in one transaction.

The order of a scan: who asks · the code · the pass, locked · the scan of this id (an exact retry gets the first answer
again) · a second read within seconds at the same lane · the rule `admission.admit` with the full history · the row, and
where the holder is. A door never depends on it: our own scanners decide by themselves.

The code is judged by what this process remembers of the scanner and its event, and the statement that locks the pass tells
whether that still holds. Where it does not, everything is looked at anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from accredit.credential.admission import admit, same_scan
from accredit.credential.admission_facts import (
    Answer,
    Checkpoint,
    EarlierScan,
    History,
    PassRecord,
    Presentation,
    Unchecked,
)
from accredit.credential.document_tags import grounds_tag
from accredit.credential.presence import day_began
from accredit.credential.reasons import Direction, Judgement, PassState, Reason, Source, Verdict, judge
from accredit.credential.scans import code_digest
from accredit.credential.serials import parse_short_code
from accredit.credential.verifying import Verified, verify
from accredit.domain.passes import standing
from accredit.services.admission_rows import AdmissionRows, AskingDevice, HeldPass, PastScan, Wanted
from accredit.services.context import Context
from accredit.services.device_secrets import hash_of_token
from accredit.services.grounds_list import opened_by_number
from accredit.services.server_gate import GateMemory, ServerGate

DIRECTIONS = tuple(Direction)
SOURCES = (Source.CODE, Source.SHORT_CODE, Source.GROUNDS, Source.SIGHT)
"""How somebody may be presented here; a supervisor's word is given at our own scanners."""


class AdmitObstacle(StrEnum):
    """Why nothing was decided; the code of the API's problem."""

    TOKEN_UNKNOWN = "token_unknown"  # noqa: S105 - a code, not a token
    SWITCHED_OFF = "device_switched_off"
    CHECKPOINT_UNKNOWN = "checkpoint_unknown"
    NO_KEYS = "not_ready"


@dataclass(frozen=True, slots=True)
class AdmitRefused:
    """The code, and a sentence with the cure."""

    code: AdmitObstacle
    message: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One presentation as a scanner tells it. `text` is the code, the short code, the grounds-pass number or the class."""

    scan_id: UUID
    checkpoint: str
    lane: str
    officer: str
    direction: Direction
    source: Source
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """The answer: what the officer needs and nothing else. `again`: this scan was answered before, and its answer holds."""

    scan_id: UUID
    verdict: Verdict
    reason: Reason
    judgement: Judgement
    direction: Direction
    serial: bytes | None
    name: str
    organisation: str
    unchecked: tuple[Unchecked, ...]
    warn: tuple[Reason, ...]
    last_scan: EarlierScan | None
    again: bool
    at: datetime

    @property
    def goes_in(self) -> bool:
        """Whether the person walks in, or out."""
        return self.verdict is Verdict.ADMIT

    @property
    def goes_out(self) -> bool:
        """Whether the person is let out."""
        return self.goes_in and self.direction is Direction.EXIT


@dataclass(frozen=True, slots=True)
class _Case:
    """What was presented, and what is known of it."""

    presentation: Presentation
    serial: bytes | None = None
    kid: int | None = None
    digest: bytes | None = None
    record: PassRecord | None = None
    held: HeldPass | None = None
    name: str = ""


def admit_scan(
    connection: Connection, context: Context, memory: GateMemory, token: str, asked: Asked
) -> Told | AdmitRefused:
    """Decides one presentation and has it written down when the caller commits. Sent again, it is answered as before.

    It works on the bare connection, and opens a session only for what is not asked at every scan.
    """
    rows, token_hash = AdmissionRows(connection), hash_of_token(token)
    remembered = memory.device(token_hash)
    told = None if remembered is None else _attempt(connection, context, memory, rows, remembered, asked)
    while not isinstance(told, Told):
        device = rows.device(token_hash)
        if device is None:
            words = "This scanner is not enrolled here. Enrol it with a new code."
            return AdmitRefused(AdmitObstacle.TOKEN_UNKNOWN, words)
        memory.remember(token_hash, device)
        told = _attempt(connection, context, memory, rows, device, asked)
        if isinstance(told, AdmitRefused):
            break
    return told


def _attempt(
    connection: Connection,
    context: Context,
    memory: GateMemory,
    rows: AdmissionRows,
    device: AskingDevice,
    asked: Asked,
) -> Told | AdmitRefused | None:
    """The answer by what is known of the device; None where that holds no more."""
    if device.switched_off_at is not None:
        return AdmitRefused(AdmitObstacle.SWITCHED_OFF, "The office has switched this scanner off.")
    gate = memory.gate(connection, context, rows, device)
    if gate is None:
        return AdmitRefused(AdmitObstacle.NO_KEYS, "The service has no signing keys.")
    here = gate.checkpoints.get(asked.checkpoint)
    if here is None:
        known = ", ".join(gate.checkpoints)
        words = f"The event has no checkpoint “{asked.checkpoint}”; it has {known}."
        return AdmitRefused(AdmitObstacle.CHECKPOINT_UNKNOWN, words)
    return _Admission(connection, rows, context, gate, device, here, asked).run()


class _Admission:
    """One presentation on its way."""

    def __init__(
        self,
        connection: Connection,
        rows: AdmissionRows,
        context: Context,
        gate: ServerGate,
        device: AskingDevice,
        here: Checkpoint,
        asked: Asked,
    ) -> None:
        self._connection, self._rows, self._gate, self._device = connection, rows, gate, device
        self._here, self._asked = here, asked
        self._now = context.now()
        self._since = day_began(self._now, gate.zone)

    def run(self) -> Told | None:
        """The answer; None where the device or its event is not as it was remembered."""
        presented = self._case()
        wanted = Wanted(self._device.id, self._device.event_id, self._asked.scan_id, presented.serial, self._since)
        behind_lock = False
        while True:
            known = self._rows.known(wanted)
            if known.device != self._device:
                return None
            told = self._decide(self._with_pass(presented, known.held), known.scans, behind_lock=behind_lock)
            if told is not None:
                return told
            behind_lock = True

    def _decide(self, case: _Case, scans: Sequence[PastScan], *, behind_lock: bool) -> Told | None:
        """The answer; None where somebody else wrote a scan of this pass or of this id meanwhile."""
        first = next((scan for scan in scans if self._is_this(scan)), None)
        if first is not None:
            return self._as_before(case, first)
        earlier = {self._earlier(scan): scan for scan in _standing(scans)} if case.serial else {}
        history = History(tuple(earlier), self._inside(), complete=case.serial is not None)
        repeated = same_scan(history, case.presentation, self._here, self._gate.policy)
        if repeated is not None:
            return self._as_before(case, earlier[repeated])
        answer = admit(
            case.presentation, case.record, history, self._here, self._gate.policy, list_age_s=0, clock_ok=True
        )
        place = self._place(case.held if answer.verdict is Verdict.ADMIT else None)
        if not self._rows.write(self._row(case, answer), place, self._since, None if behind_lock else len(scans)):
            return None
        return self._told(case, self._asked.scan_id, answer, again=False)

    def _case(self) -> _Case:
        asked = self._asked
        blank = Presentation(asked.source, asked.direction, asked.lane, self._now)
        if asked.source is Source.CODE:
            return self._coded(blank)
        if asked.source is Source.SHORT_CODE:
            return self._typed(blank)
        if asked.source is Source.GROUNDS:
            return self._grounds(blank)
        return _Case(replace(blank, sight_class=asked.text))

    def _coded(self, blank: Presentation) -> _Case:
        text = self._asked.text
        found = verify(text, self._gate.trust, self._now)
        digest, claims = code_digest(self._gate.digest_key, text), found.claims
        presented = replace(blank, claims=claims, rejection=None if isinstance(found, Verified) else found.reason)
        if claims is None or claims.event != self._gate.trust.event:
            return _Case(presented, digest=digest)
        kid = found.kid if isinstance(found, Verified) else None
        return _Case(presented, claims.serial, kid, digest, name=claims.name)

    def _typed(self, blank: Presentation) -> _Case:
        text = self._asked.text
        serial = parse_short_code(text)
        digest = code_digest(self._gate.digest_key, text)
        if serial is None:
            return _Case(replace(blank, source=Source.CODE, rejection=Reason.MALFORMED), digest=digest)
        return _Case(replace(blank, serial=serial), serial, digest=digest)

    def _with_pass(self, case: _Case, held: HeldPass | None) -> _Case:
        if held is None:
            return case
        tags = (held.document_tag,) if held.document_tag else ()
        state = standing(held.state, held.valid_until, self._now)
        return replace(case, held=held, record=PassRecord(state, held.grants, held.category_code, tags))

    def _grounds(self, blank: Presentation) -> _Case:
        tag = grounds_tag(self._gate.grounds_key, self._asked.text)
        with Session(self._connection) as session:
            grants = opened_by_number(session, self._device.event_id, tag)
        record = None if grants is None else PassRecord(PassState.COLLECTED, grants)
        return _Case(replace(blank, grounds_tag=tag), digest=tag, record=record)

    def _is_this(self, scan: PastScan) -> bool:
        return bool(scan.device_id == self._device.id and scan.id == self._asked.scan_id)

    def _inside(self) -> int:
        return 0 if self._here.capacity is None else self._rows.inside(self._here.key, self._since)

    def _earlier(self, scan: PastScan) -> EarlierScan:
        place = self._gate.checkpoints.get(scan.checkpoint, self._here)
        return EarlierScan(
            scan.checkpoint, place.kind, scan.lane, scan.scanned_at, scan.verdict, scan.direction, scan.reason
        )

    def _as_before(self, case: _Case, scan: PastScan) -> Told:
        """The first answer. Of another code under the same id nothing is told."""
        if scan.digest != case.digest:
            case = _Case(case.presentation)
        return self._told(case, scan.id, Answer(scan.verdict, scan.reason), again=True)

    def _told(self, case: _Case, scan_id: UUID, answer: Answer, *, again: bool) -> Told:
        held = case.held
        name = case.name
        if not name and held is not None:
            name = " ".join(filter(None, (held.surname, held.given_names)))
        return Told(
            scan_id=scan_id,
            verdict=answer.verdict,
            reason=answer.reason,
            judgement=judge(answer.reason, self._here.kind, list_is_fresh=True),
            direction=self._asked.direction,
            serial=case.serial,
            name=name,
            organisation=held.organisation if held is not None else "",
            unchecked=answer.unchecked,
            warn=answer.warn,
            last_scan=answer.last_scan,
            again=again,
            at=self._now,
        )

    def _row(self, case: _Case, answer: Answer) -> dict[str, Any]:
        asked = self._asked
        return {
            "device_id": self._device.id,
            "id": asked.scan_id,
            "event_id": self._device.event_id,
            "serial": case.serial,
            "kid": case.kid,
            "checkpoint": asked.checkpoint,
            "lane": asked.lane,
            "officer": asked.officer,
            "direction": asked.direction,
            "source": asked.source,
            "verdict": answer.verdict,
            "reason": answer.reason,
            "digest": case.digest,
            "sight_class": case.presentation.sight_class,
            "supersedes": None,
            "roster_number": self._device.roster_number,
            "scanned_at": self._now,
            "received_at": self._now,
            "server_offset_ms": 0,
            "clock_suspect": False,
            "from_paper": False,
        }

    def _place(self, held: HeldPass | None) -> dict[str, Any]:
        return {
            "pass_id": None if held is None else held.id,
            "checkpoint": self._here.key,
            "inside": self._asked.direction is Direction.ENTRY,
            "lane": self._asked.lane,
            "device_id": self._device.id,
            "scanned_at": self._now,
        }


def _standing(scans: Sequence[PastScan]) -> list[PastScan]:
    """Without those that were taken back, and without those whose time nobody believes."""
    taken_back = {(scan.device_id, scan.supersedes) for scan in scans if scan.supersedes is not None}
    return [scan for scan in scans if (scan.device_id, scan.id) not in taken_back and not scan.clock_suspect]
