"""What scanners cost the service: the bundle, a delta, the poll that brings nothing, and the upload of scans."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import httpx
from sqlalchemy import update

from accredit.credential.device_keys import DeviceKey
from accredit.credential.reasons import Direction, Reason, Source, Verdict
from accredit.credential.scans import MAX_RECORDS, ScanRecord, encode_batch, new_scan_id
from accredit.db.models.passes import Pass
from accredit.db.session import writing
from accredit.services.event_loading import event_of_id
from accredit.services.roster import next_number
from benchmarks.databases import Database, cpu_of_family
from benchmarks.made_passes import MadeService

_POLLS = 1_000
_PATIENCE_S = 600  # a list of a million passes takes long


@dataclass
class Upkeep:
    """One scanner without a gate, that asks and uploads, and the processes whose work is counted."""

    service: MadeService
    database: Database
    web: int
    device_id: UUID
    key: DeviceKey
    client: httpx.Client
    serials: list[bytes]

    @classmethod
    @contextmanager
    def of(cls, service: MadeService, database: Database, web: int, serials: list[bytes]) -> Iterator[Upkeep]:
        """Enrols the scanner; what it uploads is of these passes, that no other scanner read."""
        device_id, token, key = service.scanner("upkeep")
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
        address = service.stage.address + "/api/v1/gate"
        with httpx.Client(base_url=address, headers=headers, timeout=_PATIENCE_S) as client:
            yield cls(service, database, web, device_id, key, client, serials)

    def bundle(self, since: int = 0) -> tuple[int, float, float]:
        """Bytes on the wire, seconds, and seconds of CPU of what is newer than this number."""
        began, cpu = time.perf_counter(), self._cpu_s()
        with self.client.stream("GET", f"/bundle?since={since}") as answer:
            size = sum(map(len, answer.iter_raw()))
            assert answer.status_code == 200, answer.status_code
        return size, time.perf_counter() - began, self._cpu_s() - cpu

    def change(self, passes: int) -> int:
        """Has so many passes change under one number, as a pick-up changes them; the number before."""
        with writing(self.service.house.engine) as session:
            record = event_of_id(session, self.service.event.record.id).record
            number = next_number(session, record)
            some = self.service.serials[:: max(1, len(self.service.serials) // passes)][:passes]
            changed = update(Pass).where(Pass.event_id == record.id, Pass.serial.in_(some))
            session.execute(changed.values(roster_number=number).execution_options(synchronize_session=False))
            session.commit()
        return number - 1

    def poll_cpu_ms(self, number: int) -> float:
        """CPU of a question that is answered with nothing."""
        self._poll(number)  # which list it holds is written down once
        cpu = self._cpu_s()
        for _ in range(_POLLS):
            self._poll(number)
        return (self._cpu_s() - cpu) / _POLLS * 1000

    def _poll(self, number: int) -> None:
        status = self.client.get(f"/bundle?since={number}").status_code
        assert status == 204, status

    def upload(self, scans: int) -> tuple[float, float]:
        """Scans per second of CPU, and per second of the clock; in whole batches."""
        now = self.service.house.clock()
        batches = [self._batch(at, now) for at in range(0, scans, MAX_RECORDS)]
        self._hand_in(batches.pop())
        began, cpu = time.perf_counter(), self._cpu_s()
        for batch in batches:
            self._hand_in(batch)
        done = len(batches) * MAX_RECORDS
        return done / (self._cpu_s() - cpu), done / (time.perf_counter() - began)

    def _hand_in(self, batch: bytes) -> None:
        answer = self.client.post("/scans", content=batch, headers={"Content-Type": "application/cbor"})
        results = [one["result"] for one in answer.json()["results"]]
        assert results == ["taken"] * MAX_RECORDS, results[:3]

    def _batch(self, at: int, now: datetime) -> bytes:
        serials = self.serials
        records = [_scan(serials[(at + each) % len(serials)], now) for each in range(MAX_RECORDS)]
        payload = encode_batch(records, device_id=self.device_id, sent_at=now, client="benchmark", waiting=0)
        return self.key.sign_batch(payload)

    def _cpu_s(self) -> float:
        return cpu_of_family(self.web) + self.database.cpu_s()


def _scan(serial: bytes, now: datetime) -> ScanRecord:
    return ScanRecord(
        id=new_scan_id(now, os.urandom),
        checkpoint="pregny",
        lane="1",
        officer="1",
        direction=Direction.ENTRY,
        source=Source.CODE,
        verdict=Verdict.ADMIT,
        reason=Reason.OK,
        serial=serial,
        kid=1,
        digest=os.urandom(16),
        scanned_at=now,
        server_offset_ms=0,
        roster_number=1,
        sight_class=None,
        supersedes=None,
    )
