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
    return _of_the_house(fault) or _of_the_database(fault)


def _of_the_house(fault: Exception) -> str | None:
    wiring = sys.modules.get("accredit.wiring")
    if wiring is None:
        return None
    from accredit.services.key_folder import SecretsMissing

    return str(fault) if isinstance(fault, (wiring.ClockRefused, SecretsMissing)) else None


def _of_the_database(fault: Exception) -> str | None:
    if "sqlalchemy" not in sys.modules:
        return None
    from sqlalchemy.exc import OperationalError, ProgrammingError

    if not isinstance(fault, (OperationalError, ProgrammingError)):
        return None
    told = str(fault.orig).strip().splitlines()[0] if fault.orig is not None else "it does not answer"
    if "no such table" in told or "does not exist" in told:
        return f"the database is empty or too old ({told}); run “accredit db upgrade”"
    return f"the database cannot be used: {told}"
