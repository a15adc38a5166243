"""Codes, tokens and keys of scanners: how they are made, and what of them is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac

from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent

_TOKEN_BYTES = 32
_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_BYTES = 8
_CODE_LENGTH = 12
_AS_READ = str.maketrans("OIL", "011", " -\u2010\u2011\u2012\u2013\t\r\n")


def roster_key(context: Context, event: LoadedEvent) -> bytes:
    """The key under which the names in this event's bundles are sealed: one event's scanners open no other event's names."""
    purpose = f"accredit roster of event {event.event.number}".encode()
    return hmac.digest(context.secrets.roster_key, purpose, hashlib.sha256)


def new_code(context: Context) -> str:
    """Sixty random bits as twelve letters and digits that are not confused when read aloud."""
    return _code(context.entropy(_CODE_BYTES))


def code_of_form(context: Context, form: str) -> str:
    """The code that belongs to one showing of a form: sent twice, by a double click, it is the same.

    Keyed, so that whoever chose the form's mark himself would still learn nothing of the code.
    """
    return _code(hmac.digest(context.secrets.pepper, f"enrolment form {form}".encode(), hashlib.sha256)[:_CODE_BYTES])


def _code(random: bytes) -> str:
    drawn = int.from_bytes(random)
    letters = "".join(_CODE_LETTERS[drawn >> 5 * at & 31] for at in range(_CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def hash_of_code(context: Context, code: str) -> bytes:
    """What is kept of a code, from however it was typed: keyed, since sixty bits could be tried out in the long run."""
    plain = code.upper().translate(_AS_READ)
    return hmac.digest(context.secrets.pepper, f"enrolment code {plain}".encode(), hashlib.sha256)


def new_token(context: Context) -> str:
    """An access token of 256 random bits."""
    return base64.urlsafe_b64encode(context.entropy(_TOKEN_BYTES)).decode().rstrip("=")


def hash_of_token(token: str) -> bytes:
    """What is kept of a token: 256 random bits need no key and no slow hash."""
    return hashlib.sha256(token.encode()).digest()
