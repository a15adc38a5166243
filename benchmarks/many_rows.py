"""A million rows in a minute or two: values that all rows share are made ready once, and the driver does the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any, cast

from sqlalchemy import Connection, Table


def fill(connection: Connection, table: Table, shared: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> None:
    """Inserts a row for each mapping (there is one at least): the columns in which they differ, the same ones in one order."""
    remaining = iter(rows)
    first = next(remaining)
    same = [_ready(connection, table, name)(value) for name, value in shared.items()]
    makers = [_ready(connection, table, name) for name in first]

    values = (
        (*(make(value) for make, value in zip(makers, row.values(), strict=True)), *same)
        for row in chain([first], remaining)
    )
    _write(connection, table.name, (*first, *shared), values)


def _ready(connection: Connection, table: Table, name: str) -> Callable[[Any], Any]:
    """What makes a value of this column one that the driver takes: seals it, or writes it as SQLite wants it."""
    kind = table.c[name].type.dialect_impl(connection.dialect)
    made = kind.bind_processor(connection.dialect)
    return made if made is not None else lambda value: value


def _write(connection: Connection, table: str, names: Iterable[str], values: Iterable[tuple[Any, ...]]) -> None:
    columns = ", ".join(names)
    driver = cast("Any", connection.connection.driver_connection)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" for _ in columns.split(", "))
        driver.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)
