"""What every use case is handed: the time, randomness, keys, and who is acting."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from accredit.credential.keysets import KeySet
from accredit.credential.signing import SigningKey
from accredit.domain.permissions import Permission, Role, require


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person of the staff, the automatic rule, or a command on the server; `name` stands in the audit trail."""

    name: str
    roles: frozenset[Role] = frozenset()


def name_of(actor: str) -> str:
    """The name as people know each other: amina of user:amina; what acts by itself keeps all of it."""
    kind, _, name = actor.partition(":")
    return name if kind == "user" and name else actor


AUTOMATIC = Actor("rule:automatic")


def server_operator() -> Actor:
    """Whoever can run commands on the server can read its keys anyway: all roles, under the log-in name of the machine."""
    return Actor(f"cli:{getpass.getuser()}", frozenset(Role))


@dataclass(frozen=True, slots=True)
class Secrets:
    """Secrets of the installation, each 32 bytes. They never leave the server but in the form DESIGN section 6 allows."""

    pepper: bytes = field(repr=False)
    roster_key: bytes = field(repr=False)
    session_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The private keys that this server signs with, and the key set in which the root vouches for them."""

    root_public: bytes
    keyset: KeySet
    keyset_bytes: bytes
    pass_key: SigningKey
    list_key: SigningKey
    held: tuple[SigningKey, ...] = ()

    def pass_key_of(self, kid: int) -> SigningKey | None:
        """The private half that once signed under this kid, for a reprint with the same bytes."""
        return next((key for key in (self.pass_key, *self.held) if key.kid == kid), None)


@dataclass(frozen=True, slots=True)
class Context:
    """One use of the system by one actor.

    `trail_clock` is the clock of the audit trail where `clock` shows an earlier hour: what is entered afterwards happened then,
    and is written down now.
    """

    actor: Actor
    clock: Callable[[], datetime]
    entropy: Callable[[int], bytes]
    secrets: Secrets
    keyring: KeyRing | None = None
    trail_clock: Callable[[], datetime] | None = None

    def now(self) -> datetime:
        """The time of this installation, aware."""
        return self.clock()

    def new_id(self) -> UUID:
        """A random id (RFC 9562, version 4)."""
        return UUID(bytes=self.entropy(16), version=4)

    def require(self, permission: Permission) -> None:
        """Raises `NotAllowed` unless the actor may do this."""
        require(self.actor.roles, permission)
