"""Gates with and without a network: what does a verdict take, what the service? `python -m benchmarks.gate --json`.

The service as it is run (gunicorn, two workers) on a fresh database with so many collected passes; so many scanners with
state folders, lists and sync processes of their own. The network is cut, people come to every gate by a curve, some with
one pass to two gates; then one gate works off a queue; then the network comes back.

Verdicts are from the text of a code to the answer, with the scan on the disk in between; `fsync_ms_p99` is what the disk
alone took at the same moments. `upload_per_s` is scans a second of CPU, web and database together; `bundle_bytes` and
`delta_bytes` (ten changes) are as compressed on the wire; `converge_s` is from the network's return until the service has
every scan and every scanner the newest list with the alerts; `peak_mb` is the memory of the largest process of a scanner.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from accredit.db.models.events import EventRecord
from accredit.db.models.gate import Scan, SplitAlertRecord
from accredit.db.session import reading, writing
from accredit.services.devices import PreparedDevice, prepare_device
from benchmarks.cut_network import Network
from benchmarks.databases import Database, a_database
from benchmarks.gate_crowd import Walk, Walked, arrival_curve, percentile, walk_all
from benchmarks.gate_upkeep import Upkeep
from benchmarks.made_passes import MadeService

_PIN = "20171011"
_WORKERS = 2
_AT_TWO_GATES = 5
_CHANGES = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks/gate.py", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--passes", type=int, default=2_000)
    parser.add_argument("--scanners", type=int, default=3)
    parser.add_argument("--people", type=int, default=900, help="who come by the curve; at most half of the passes")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long they come")
    parser.add_argument("--queue", type=int, default=1_000, help="whom one gate then works off; at most a quarter")
    parser.add_argument("--uploads", type=int, default=10_000, help="scans uploaded in batches of 500")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a line of text")
    asked = parser.parse_args(arguments)
    with a_database(asked.database) as database, tempfile.TemporaryDirectory() as folder:
        service = MadeService.make(Path(folder), database.address, asked.passes)
        try:
            told = {"database": asked.database, "passes": asked.passes} | measure(service, database, asked)
        finally:
            service.close()
    print(json.dumps(told) if asked.json else ", ".join(f"{key} {value}" for key, value in told.items()))
    return 0


def measure(service: MadeService, database: Database, asked: argparse.Namespace) -> dict[str, object]:
    """All figures of one service."""
    people, queue = min(asked.people, asked.passes // 2), min(asked.queue, asked.passes // 4)
    process = service.serve(_WORKERS)
    network = Network(service.stage.port)
    try:
        with Upkeep.of(service, database, process.pid, service.serials[people + queue :]) as upkeep:
            lists = _lists(upkeep)
            gates = [Gate.enrolled(service, network, f"gate {at}") for at in range(asked.scanners)]
            crowd = _crowd(service, network, gates, people, queue, asked.seconds)
            rates = upkeep.upload(asked.uploads)
    finally:
        network.close()
    return crowd | lists | {"upload_per_s": round(rates[0]), "upload_per_s_of_the_clock": round(rates[1])}


def _lists(upkeep: Upkeep) -> dict[str, object]:
    size, seconds, cpu = upkeep.bundle()
    before = upkeep.change(_CHANGES)
    delta = upkeep.bundle(before)[0]
    return {
        "bundle_bytes": size,
        "bundle_s": round(seconds, 3),
        "bundle_cpu_s": round(cpu, 3),
        "delta_bytes": delta,
        "poll_cpu_ms": round(upkeep.poll_cpu_ms(before + 1), 3),
    }


@dataclass
class Gate:
    """One scanner with its folder, its place behind the network, and its sync."""

    service: MadeService
    name: str
    state: Path = field(init=False)
    sync: int = 0

    def __post_init__(self) -> None:
        self.state = self.service.stage.scanner_state(self.name)

    @classmethod
    def enrolled(cls, service: MadeService, network: Network, name: str) -> Gate:
        """Enrols it through the network, and starts its sync."""
        house, stage = service.house, service.stage
        with writing(house.engine) as session:
            ready = prepare_device(session, house.context(), service.event, name, "pregny")
            assert isinstance(ready, PreparedDevice), ready
            session.commit()
        told = ("--server", network.address, "--code", ready.code, "--name", name, "--pin", _PIN, "--allow-demo")
        stage.scanner(name, "enrol", *told)
        gate = cls(service, name)
        gate.sync = stage.start(
            "scanner.cli", "sync", environment=stage.scanner_environment(name), log=name.replace(" ", "-")
        ).pid
        return gate

    def holds(self, number: int) -> bool:
        """Whether its list is this one, and all its scans are the service's."""
        return self._asked("trust.db", "SELECT number FROM standing") == number and not self._asked(
            "journal.db", "SELECT count(*) FROM scans WHERE upload <> 'taken'"
        )

    def peak_mb(self) -> float:
        """The most memory that its sync ever had."""
        status = Path(f"/proc/{self.sync}/status").read_text("ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def _asked(self, file: str, question: str) -> int | None:
        with closing(sqlite3.connect(f"file:{self.state / file}?mode=ro", uri=True)) as database:
            row = database.execute(question).fetchone()
        return None if row is None else int(row[0])


def _crowd(
    service: MadeService, network: Network, gates: list[Gate], people: int, queue: int, seconds: float
) -> dict[str, object]:
    _wait_for(lambda: all(gate.holds(_number(service)) for gate in gates), "every scanner to have the list")
    network.cut()
    codes = [service.code(serial) for serial in service.serials[: people + queue]]
    environment = service.stage.environment() | {"PYTHONPATH": str(Path(__file__).parents[1])}
    comers = [_comers(gate, codes[:people], at, len(gates), seconds) for at, gate in enumerate(gates)]
    walked = walk_all(comers, environment)
    (worked_off,) = walk_all([Walk(str(gates[0].state), _PIN, "2", codes[people:], [0.0] * queue)], environment)
    scans = sum(sum(one.verdicts.values()) for one in (*walked, worked_off))
    network.mend()
    began = time.monotonic()
    _wait_for(lambda: _has_converged(service, gates, scans), "the scanners and the service to agree")
    return {
        **_verdicts(walked),
        "scans_per_s": round(queue / worked_off.seconds),
        "scan_cpu_ms": percentile(worked_off.cpu_ms, 0.5),
        "converge_s": round(time.monotonic() - began, 1),
        "peak_mb": round(max(*(one.peak_mb for one in walked), *(gate.peak_mb() for gate in gates))),
        "gate_mb": round(max(one.peak_mb for one in walked)),
    }


def _comers(gate: Gate, codes: list[str], at: int, gates: int, seconds: float) -> Walk:
    """Everybody comes to one gate, and a few from the first one to the second as well."""
    own = [*codes[at::gates], *(codes[::gates][:_AT_TWO_GATES] if at == 1 else ())]
    return Walk(str(gate.state), _PIN, "1", own, arrival_curve(len(own), seconds, Random(at)))


def _verdicts(walked: list[Walked]) -> dict[str, object]:
    took, cpu, disk = (
        [value for one in walked for value in getattr(one, name)] for name in ("took_ms", "cpu_ms", "disk_ms")
    )
    return {
        "verdict_ms_p50": percentile(took, 0.5),
        "verdict_ms_p99": percentile(took, 0.99),
        "verdict_cpu_ms_p50": percentile(cpu, 0.5),
        "verdict_cpu_ms_p99": percentile(cpu, 0.99),
        "fsync_ms_p50": percentile(disk, 0.5),
        "fsync_ms_p99": percentile(disk, 0.99),
    }


def _number(service: MadeService) -> int:
    with reading(service.house.engine) as session:
        wanted = select(EventRecord.roster_number).where(EventRecord.id == service.event.record.id)
        return session.scalars(wanted).one()


def _has_converged(service: MadeService, gates: list[Gate], scans: int) -> bool:
    with reading(service.house.engine) as session:
        taken = session.scalar(select(func.count()).select_from(Scan))
        alerts = session.scalar(
            select(func.count()).select_from(SplitAlertRecord).where(SplitAlertRecord.roster_number.is_not(None))
        )
    is_told = alerts == (_AT_TWO_GATES if len(gates) > 1 else 0)
    return taken == scans and is_told and all(gate.holds(_number(service)) for gate in gates)


def _wait_for(condition: Callable[[], bool], what: str, patience_s: float = 900) -> None:
    end = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"waited in vain for {what}")
        time.sleep(0.1)


if __name__ == "__main__":
    raise SystemExit(main())
