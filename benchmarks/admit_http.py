"""What does a scan decided by the server cost? `python -m benchmarks.admit_http --json`.

The service as it is run (gunicorn, two workers) on a fresh database with so many collected passes. Clients on the same
machine present different passes, each over a connection that it keeps. CPU is that of the web processes and of the
database's, read from the system; SQLite's is part of the web's.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

from sqlalchemy import event

from accredit.web.app import create_app
from accredit.wsgi import parts_of
from benchmarks.databases import Database, a_database, cpu_of_family
from benchmarks.made_passes import MadeService

_WARM = 100
_WORKERS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks/admit_http.py", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--passes", type=int, default=2_000)
    parser.add_argument("--scans", type=int, default=4_000, help="at most one for each pass")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a line of text")
    asked = parser.parse_args(arguments)
    with a_database(asked.database) as database, tempfile.TemporaryDirectory() as folder:
        service = MadeService.make(Path(folder), database.address, asked.passes)
        try:
            told = {"database": asked.database, "passes": asked.passes} | measure(
                service, database, min(asked.scans, asked.passes), asked.clients
            )
        finally:
            service.close()
    print(json.dumps(told) if asked.json else ", ".join(f"{key} {value}" for key, value in told.items()))
    return 0


@dataclass
class Client:
    """One scanner of somebody else, over one connection."""

    port: int
    headers: dict[str, str]
    lane: str
    codes: list[str]
    took_ms: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Presents its codes one after the other; each must be admitted."""
        connection = HTTPConnection("127.0.0.1", self.port)
        for code in self.codes:
            began = time.perf_counter()
            connection.request("POST", "/api/v1/gate/admit", _body(code, self.lane), self.headers)
            answer = connection.getresponse()
            told = json.loads(answer.read())
            self.took_ms.append((time.perf_counter() - began) * 1000)
            if answer.status != 200 or told["verdict"] != "admit":
                raise RuntimeError(f"a genuine pass was answered with {answer.status}: {told}")
        connection.close()


def _body(code: str, lane: str) -> str:
    told = {"id": str(uuid4()), "checkpoint": "pregny", "lane": lane, "officer": "1", "source": "code", "text": code}
    return json.dumps(told)


def measure(service: MadeService, database: Database, scans: int, clients: int) -> dict[str, object]:
    """Present so many passes by so many clients at once."""
    _, token, _ = service.scanner("a scanner of others")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    codes = [service.code(serial) for serial in service.serials[:scans]]
    statements = _statements(service, headers, codes.pop())
    process = service.serve(_WORKERS)
    warm, rest = codes[:_WARM], codes[_WARM:]
    _present(service.stage.port, headers, warm, clients)
    before = cpu_of_family(process.pid), database.cpu_s(), time.monotonic()
    took = sorted(_present(service.stage.port, headers, rest, clients))
    web, db, wall = cpu_of_family(process.pid) - before[0], database.cpu_s() - before[1], time.monotonic() - before[2]
    return {
        "scans": len(rest),
        "clients": clients,
        "scans_per_s": round(len(rest) / wall),
        "p50_ms": round(statistics.median(took), 2),
        "p99_ms": round(took[int(len(took) * 0.99)], 2),
        "web_cpu_ms": round(web / len(rest) * 1000, 3),
        "db_cpu_ms": round(db / len(rest) * 1000, 3),
        "statements": statements,
    }


def _present(port: int, headers: dict[str, str], codes: Sequence[str], clients: int) -> list[float]:
    crowd = [Client(port, headers, str(at), list(codes[at::clients])) for at in range(clients)]
    threads = [threading.Thread(target=one.run) for one in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = [each for one in crowd for each in one.took_ms]
    if len(took) != len(codes):
        raise SystemExit("a client ended early")
    return took


def _statements(service: MadeService, headers: dict[str, str], code: str) -> int:
    """The SQL statements of one scan, counted in this process."""
    client, seen = create_app(parts_of(service.house)).test_client(), []
    client.post("/api/v1/gate/admit", data=_body("no code", "0"), headers=headers)  # what is kept is loaded

    def note(*told: object) -> None:
        seen.append(told[2])

    event.listen(service.house.engine, "before_cursor_execute", note)
    client.post("/api/v1/gate/admit", data=_body(code, "0"), headers=headers)
    event.remove(service.house.engine, "before_cursor_execute", note)
    return sum(not str(text).startswith(("BEGIN", "COMMIT", "ROLLBACK")) for text in seen)


if __name__ == "__main__":
    raise SystemExit(main())
