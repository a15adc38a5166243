"""Another PIN for the same names: the roster key is opened with the old one and sealed with the new.

Lanes that came in with the old PIN are outside again, since their sessions name the salt of the seal.
"""

from __future__ import annotations

import hashlib
import sqlite3

from scanner.enrolment import load_enrolment
from scanner.sealing import Entropy, PinCost, PinSealed, pin_problem, seal_with_pin, unseal_with_pin
from scanner.store import writing


def change_pin(
    connection: sqlite3.Connection,
    old: str,
    new: str,
    device_secret: bytes,
    entropy: Entropy,
    cost: PinCost | None = None,
) -> str | None:
    """Change the PIN of this folder; the sentence says why not."""
    enrolled = load_enrolment(connection)
    if enrolled is None or enrolled.roster is None:
        return "There is nothing left that a PIN protects: this scanner is not enrolled, or was switched off."
    problem = pin_problem(new)
    if problem is not None:
        return problem
    key = unseal_with_pin(enrolled.roster, old, device_secret)
    if key is None:
        return "The old PIN is wrong. Nothing was changed."
    sealed = seal_with_pin(key, new, device_secret, entropy, cost or enrolled.roster.cost)
    with writing(connection):
        connection.execute(
            "UPDATE enrolment SET pin_salt = ?, pin_passes = ?, pin_memory_kib = ?, pin_sealed = ?",
            (sealed.salt, sealed.cost.passes, sealed.cost.memory_kib, sealed.sealed),
        )
    return None


def pin_mark(roster: PinSealed | None) -> str:
    """What changes with the PIN and tells nothing of it; empty for a scanner that was switched off."""
    return "" if roster is None else hashlib.sha256(b"pin mark" + roster.salt).hexdigest()[:16]
