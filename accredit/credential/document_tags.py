"""Keyed hashes of document and grounds-pass numbers: the same document is recognised, and nobody can compute back to it.

Document numbers are few: a bare hash of one is found again by trying them all, in minutes. So every hash is keyed
from the server's pepper, with a key of its own for each purpose and event: what a scanner holds (tag key, grounds
key) tells nothing of the database's.
"""

from __future__ import annotations

import hashlib
import hmac

from accredit.credential.claims import TAG_BYTES

GROUNDS_TAG_BYTES = 16


def document_hash(pepper: bytes, event: int, issuing_state: str, number: str) -> bytes:
    """The 32 bytes by which the database knows a document: HMAC-SHA-256 over state and number."""
    return _keyed(_derived(pepper, event, "document hash"), issuing_state, number)


def document_tag(pepper: bytes, event: int, issuing_state: str, number: str) -> bytes:
    """The 3 bytes that a code or the pass list carries of a document; about 60 in a thousand million numbers share one."""
    return tag_under(tag_key(pepper, event), issuing_state, number)


def tag_key(pepper: bytes, event: int) -> bytes:
    """The 32-byte key for tags that a scanner of this event receives, in place of the pepper."""
    return _derived(pepper, event, "document tag")


def tag_under(key: bytes, issuing_state: str, number: str) -> bytes:
    """`document_tag` for one who holds the tag key only: the scanner that reads an MRZ."""
    return _keyed(key, issuing_state, number)[:TAG_BYTES]


def grounds_key(pepper: bytes, event: int) -> bytes:
    """The 32-byte key by which the scanners of this event recognise grounds passes."""
    return _derived(pepper, event, "grounds pass")


def grounds_tag(key: bytes, number: str) -> bytes:
    """The 16 bytes that the bundle carries of a grounds pass's number, under the grounds key."""
    return _keyed(key, "", number)[:GROUNDS_TAG_BYTES]


def _derived(pepper: bytes, event: int, purpose: str) -> bytes:
    # An empty or short pepper would make every hash one that can be tried out; that is a broken installation, not a document.
    if len(pepper) < 16:
        raise ValueError("the pepper has at least 16 bytes")
    return hmac.digest(pepper, f"accredit {purpose} of event {event}".encode(), hashlib.sha256)


def _keyed(key: bytes, issuing_state: str, number: str) -> bytes:
    return hmac.digest(key, f"{_plain(issuing_state)}|{_plain(number)}".encode(), hashlib.sha256)


def _plain(text: str) -> str:
    # A reader, an officer and a form write the same number with fillers, spaces, dashes or in lower case.
    return "".join(character for character in text.upper() if character.isalnum())
