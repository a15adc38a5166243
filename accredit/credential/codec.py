"""The text of a code: `SEP1:` and the base45 (RFC 9285) of the signed claims.

At most 144 bytes are signed and wrapped, so that a QR of version 8-M holds them. No compression: signatures and
serials do not shrink. A code has exactly one spelling; a text that would not be written again in the same characters
is refused, so that no two codes can stand for the same pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from accredit.credential import cose
from accredit.credential.claims import Claims, Rejected, from_payload, shorten, to_payload
from accredit.credential.keysets import KeyRole
from accredit.credential.reasons import Reason
from accredit.credential.texts import AROUND, from_base45, to_base45

PREFIX = "SEP1:"
# Every format that was ever printed, by its prefix, and what reads its claims: a new one is added here, and the printed
# ones stay. `encode_pass` writes the newest alone. The prefix is not signed: a new format says in its protected header or
# in its claims which one it is, or one code could be read as the other.
FORMATS: Mapping[str, Callable[[bytes], Claims]] = {PREFIX: from_payload}
# The applicant's confirmation carries its reference as a code as well; at a gate it sends the person to the desk.
CONFIRMATION_PREFIX = "SEC1:"
MAX_TEXT = 400
MAX_BYTES = 144
# Everything around the payload: array, protected header, empty map, length, signature.
_MAX_PAYLOAD = MAX_BYTES - 77


class PassSigner(cose.Signer, Protocol):
    """A key that may sign passes."""

    @property
    def role(self) -> KeyRole: ...


@dataclass(frozen=True, slots=True)
class Coded:
    """A well-formed code whose signature nobody has checked yet, and the reader of its format's claims."""

    envelope: cose.Envelope
    reader: Callable[[bytes], Claims]

    def claims(self) -> Claims:
        """The claims, to be read once `envelope.holds`. Raises ClaimsError for signed nonsense."""
        return self.reader(self.envelope.payload)


def encode_pass(claims: Claims, signing_key: PassSigner) -> str:
    """The text of the code for `claims`; the same claims and key always give the same text, of at most 144 bytes before base45.

    Where large numbers (an event above 255, a category above 11) leave less than 27 bytes of room, the name is cut
    further. Raises ValueError if the key's role is not to sign passes.
    """
    if signing_key.role is not KeyRole.PASS:
        raise ValueError(f"a {signing_key.role.value} key signs no passes")
    payload = to_payload(claims)
    if len(payload) > _MAX_PAYLOAD:
        payload = to_payload(shorten(claims, len(payload) - _MAX_PAYLOAD))
    return PREFIX + to_base45(cose.sign1(payload, key=signing_key))


def read_text(text: str) -> Coded | Rejected:
    """The signed code in a text as a reader delivers it, of any format; nothing in it is believed or even parsed yet.

    Space, tab and line ends around the text are the reader's and are dropped. Else malformed, or
    confirmation_not_pass for the code of a confirmation. At most 400 characters are looked at.
    """
    if len(text) > MAX_TEXT:
        return Rejected(Reason.MALFORMED, f"text: longer than {MAX_TEXT} characters")
    text = text.strip(AROUND)
    if text.startswith(CONFIRMATION_PREFIX):
        return Rejected(Reason.CONFIRMATION_NOT_PASS, "text: a confirmation, not a pass")
    prefix = next((known for known in FORMATS if text.startswith(known)), None)
    if prefix is None:
        return Rejected(Reason.MALFORMED, "text: another prefix")
    try:
        return Coded(cose.parse1(from_base45(text[len(prefix) :])), FORMATS[prefix])
    except ValueError as fault:
        return Rejected(Reason.MALFORMED, f"code: {fault}")
