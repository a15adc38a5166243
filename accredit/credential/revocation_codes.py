"""A signed list or delta of revocations as the text of a QR: `SER1:` and its base45, shown by one screen, scanned by a gate.

It is how a gate without network hears of withdrawn passes. Who may show it does not matter: the list key signed it, and
it fits one list only.
"""

from __future__ import annotations

from accredit.credential.claims import Rejected
from accredit.credential.keysets import KeySet
from accredit.credential.reasons import Reason
from accredit.credential.revocation import RevocationList, open_revocations
from accredit.credential.texts import AROUND, from_base45, to_base45

LIST_PREFIX = "SER1:"
MAX_LIST_TEXT = 1_500
"""Characters at most: a QR of version 26 at level M (121 modules), some 170 serials; more is not for a camera in a hand."""


def is_list_text(text: str) -> bool:
    """Whether a reader's text says that it is a list, and no pass."""
    return text.lstrip(AROUND).startswith(LIST_PREFIX)


def list_text(signed: bytes) -> str | None:
    """The text of a signed list or delta, or None where it is too long for one code."""
    text = LIST_PREFIX + to_base45(signed)
    return text if len(text) <= MAX_LIST_TEXT else None


def open_list_text(text: str, keyset: KeySet) -> RevocationList | Rejected:
    """The list or delta in a reader's text, if a list key of `keyset` signed it.

    Else malformed, or a reason of `open_revocations`. Nothing in it is parsed before the signature holds.
    """
    if len(text) > MAX_LIST_TEXT + 10 or not is_list_text(text):
        return Rejected(Reason.MALFORMED, "text: no list, or too long for one")
    try:
        signed = from_base45(text.strip(AROUND)[len(LIST_PREFIX) :])
    except ValueError as fault:
        return Rejected(Reason.MALFORMED, f"text: {fault}")
    return open_revocations(signed, keyset)
