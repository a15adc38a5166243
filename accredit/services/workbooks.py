"""Reads the first sheet of an XLSX or ODS workbook as text, in a process of its own (workbook_child says why)."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from accredit.services.table_faults import TableFault, TableRefused
from accredit.services.workbook_child import MOST_SECONDS, TOO_LARGE

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_CHILD = Path(__file__).with_name("workbook_child.py")
_OUT_OF_MEMORY = frozenset({TOO_LARGE, -signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV})


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin as a workbook does, of today or of old."""
    return data.startswith((_ZIP, _OLE))


def read_workbook(data: bytes) -> Sequence[Sequence[str]] | TableRefused:
    """The cells of the first sheet from A1 on, as text: dates as ISO 8601, whole numbers without a point."""
    if data.startswith(_OLE):
        told = "this workbook has a password or is of the old .xls kind. Save it as .xlsx or .ods without a password."
        return TableRefused(TableFault.PROTECTED, told)
    try:
        # -I: neither the current folder nor the environment may put another module in the way; no secret goes along.
        ended = subprocess.run(  # noqa: S603  our own program, by its path
            [sys.executable, "-I", str(_CHILD)], input=data, capture_output=True, timeout=2 * MOST_SECONDS, env={}
        )
    except subprocess.TimeoutExpired:
        return _damaged()
    if ended.returncode in _OUT_OF_MEMORY:
        told = "the workbook is too large, or reaches too far. Delete what stands far to the right or below the table."
        return TableRefused(TableFault.TOO_LARGE, told)
    return json.loads(ended.stdout) if ended.returncode == 0 else _damaged()


def _damaged() -> TableRefused:
    told = "this is no XLSX or ODS workbook, or it is damaged. Open it in a spreadsheet program and save it again."
    return TableRefused(TableFault.NOT_A_TABLE, told)
