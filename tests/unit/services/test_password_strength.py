"""What guessing a password costs; the other tests of accounts take a cheap hash."""

from __future__ import annotations

from argon2 import extract_parameters
from argon2.low_level import Type

from accredit.services.accounts import hashed


def test_a_password_is_kept_as_rfc_9106_recommends() -> None:
    """Argon2id with at least 64 MiB, three passes and a salt of 16 bytes: the second recommended choice of section 4."""
    kept = extract_parameters(hashed("seven grey herons at dawn"))
    assert kept.type is Type.ID
    assert kept.memory_cost >= 64 * 1024
    assert kept.time_cost >= 3
    assert (kept.salt_len, kept.hash_len) == (16, 32)
