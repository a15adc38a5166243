"""The program that opens a workbook in a process of its own: bytes on standard input, rows of text as JSON on the output.

python-calamine is native code that lays a sheet out in memory from its first cell to its last. Tried here: 5 kB with one
cell in the farthest corner ask for 550 GB and abort the process; an ODS with a misspelt closing mark makes it run for ever.
Neither may happen to a worker that serves people, hence a process with limits. Started by path; imports nothing of ours.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime, time

from python_calamine import CalamineError, load_workbook

MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 15
MOST_ROWS = 200_000
NO_WORKBOOK = 3
TOO_LARGE = 4


def main() -> int:
    """Read one workbook; the exit code says what became of it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))

    try:
        sheet = load_workbook(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)
        if sheet.total_height > MOST_ROWS:
            return TOO_LARGE
        rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        sys.stdout.write(json.dumps(rows))
    except MemoryError:
        return TOO_LARGE
    except (CalamineError, IndexError, ValueError, OSError):
        return NO_WORKBOOK
    return 0


def _text(cell: object) -> str:
    """A cell as a person would type it: dates as ISO 8601, whole numbers without a point."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="milliseconds" if cell.microsecond else "seconds")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


if __name__ == "__main__":
    sys.exit(main())
