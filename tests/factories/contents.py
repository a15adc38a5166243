"""Everything that a database holds, for tests of what must not be in it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.all import METADATA


def everything_in(session: Session) -> str:
    """All rows of all tables as text, bytes in hexadecimal beside it; sealed values stay sealed."""
    session.flush()
    connection = session.connection()
    rows = [
        row
        for table in METADATA.sorted_tables
        for row in connection.exec_driver_sql(str(select(table).compile(dialect=connection.dialect)))
    ]
    told = [
        value.hex() + repr(bytes(value)) if isinstance(value, bytes | memoryview) else str(value)
        for row in rows
        for value in row
    ]
    return "\n".join(told)
