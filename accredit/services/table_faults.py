"""Why a file is no readable table: the closed list, and the refusal that carries one of them in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TableFault(StrEnum):
    """Why a whole file is refused."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_ENCODING = "wrong_encoding"
    NUL_BYTES = "nul_bytes"
    NOT_A_TABLE = "not_a_table"
    PROTECTED = "protected"
    OPEN_QUOTE = "open_quote"
    MISSING_HEADER = "missing_header"
    DUPLICATE_COLUMN = "duplicate_column"


@dataclass(frozen=True, slots=True)
class TableRefused:
    """A file that is no readable table; the message names the place and the cure."""

    code: TableFault
    message: str
