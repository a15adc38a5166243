"""Turns what can go wrong outside our rules into a sentence. What is not named here is a defect and keeps its traceback."""

from __future__ import annotations

import sys


def sentence_of(fault: Exception) -> str | None:
    """The sentence for this fault, or None if it is a defect."""
    from accredit.domain.errors import AccreditError

    if isinstance(fault, AccreditError):
        return str(fault)
    if isinstance(fault, OSError) and fault.filename is not None:
        return f"{fault.filename}: {(fault.strerror or 'cannot be used').lower()}"
    return _of_an_install(fault) or _of_the_house(fault) or _of_the_database(fault)


def _of_an_install(fault: Exception) -> str | None:
    """A package of an extra that was not installed; one of ours that is missing is a defect."""
    name = (fault.name or "").partition(".")[0] if isinstance(fault, ModuleNotFoundError) else ""
    if not name or name in {"accredit", "scanner"}:
        return None
    extra = "postgres" if name.startswith("psycopg") else "service"
    return f"the package “{name}” is not installed; run “pip install 'accredit[{extra}]'”"


def _of_the_house(fault: Exception) -> str | None:
    if "accredit.wiring" not in sys.modules:
        return None
    from accredit.services.key_folder import SecretsMissing
    from accredit.wiring import ClockRefused

    return str(fault) if isinstance(fault, (ClockRefused, SecretsMissing)) else None


def _of_the_database(fault: Exception) -> str | None:
    if "sqlalchemy" not in sys.modules:
        return None
    from cryptography.exceptions import InvalidTag

    if isinstance(fault, InvalidTag):
        return "the database was sealed under another data key; restore secrets/data.key from its backup"
    cause = _told_by_the_driver(fault)
    if cause is None:
        return None
    told = next(iter(str(cause).strip().splitlines()), "") or "it does not answer"
    if "no such" in told or "does not exist" in told:
        return f"the database is empty or too old ({told}); run “accredit db upgrade”"
    if "locked" in told:
        return "the database is busy: somebody else has been writing for ten seconds; try again"
    return f"the database cannot be used: {told}"


def _told_by_the_driver(fault: Exception) -> BaseException | None:
    """The driver's own fault, if it is about the file or the server. A breach of a constraint is a defect of ours."""
    from sqlalchemy.exc import DBAPIError

    kinds = {"OperationalError", "ProgrammingError", "DatabaseError"}
    if isinstance(fault, DBAPIError):
        return fault.orig if type(fault).__name__ in kinds else None
    # The queue has connections of its own.
    is_driver = type(fault).__module__.partition(".")[0] in {"sqlite3", "psycopg"}
    return fault if is_driver and any(kind.__name__ == "OperationalError" for kind in type(fault).__mro__) else None
