"""Secrets and signing keys as files: folder 0700, files 0600, outside the database. `accredit init` alone makes them."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from accredit.credential.keysets import KeyRole, KeySet, KeyStatus, open_keyset
from accredit.credential.signing import SigningKey
from accredit.services.context import KeyRing, Secrets

_SECRET_BYTES = 32
_NAMES = ("pepper", "roster", "session", "data")
_ROOT_PUBLIC = "root.pub"
_KEYSET = "keyset.b64"


class SecretsMissing(Exception):
    """The installation has no secrets yet, or lost or damaged one; the text names the file."""


def write_private(path: Path, text: str) -> None:
    """Writes a new file that only its owner reads. Raises FileExistsError rather than overwrite a secret."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)


def make_private_folder(path: Path) -> None:
    """Makes a folder that only its owner enters."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)


@dataclass(frozen=True, slots=True)
class SecretFolder:
    """The symmetric secrets of the installation."""

    path: Path

    def create(self, entropy: Callable[[int], bytes]) -> tuple[Path, ...]:
        """Makes what is missing and returns the files it made."""
        make_private_folder(self.path)
        made = [file for file in map(self._file, _NAMES) if not file.exists()]
        for file in made:
            write_private(file, base64.b64encode(entropy(_SECRET_BYTES)).decode() + "\n")
        return tuple(made)

    def load(self) -> Secrets:
        """The secrets of the use cases."""
        return Secrets(pepper=self._read("pepper"), roster_key=self._read("roster"), session_key=self._read("session"))

    def data_key(self) -> bytes:
        """The key under which columns are sealed."""
        return self._read("data")

    def _file(self, name: str) -> Path:
        return self.path / f"{name}.key"

    def _read(self, name: str) -> bytes:
        try:
            secret = base64.b64decode(self._file(name).read_bytes(), validate=False)
        except FileNotFoundError:
            raise SecretsMissing(f"{self._file(name)} is missing; run “accredit init”") from None
        except binascii.Error:
            secret = b""
        if len(secret) != _SECRET_BYTES:
            raise SecretsMissing(f"{self._file(name)} does not hold a secret of {_SECRET_BYTES} bytes; restore it")
        return secret


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """The signing keys of the server and the key set in which the root vouches for them."""

    path: Path

    def keys(self) -> tuple[SigningKey, ...]:
        """Every private key that is here, by kid; the demo's root among them."""
        return tuple(sorted(map(_key_in, self.path.glob("*.key")), key=lambda key: key.kid))

    def add(self, key: SigningKey) -> Path:
        """Keeps a new key."""
        make_private_folder(self.path)
        file = self.path / f"{key.role.value}-{key.kid}.key"
        write_private(file, key.to_text())
        return file

    def next_kid(self) -> int:
        """A kid that no key here has had."""
        return max((key.kid for key in self.keys()), default=0) + 1

    def adopt(self, root_public: bytes, keyset_bytes: bytes) -> None:
        """Keeps the root's public half and its newest key set; both are public."""
        make_private_folder(self.path)
        self._replace(_ROOT_PUBLIC, root_public)
        self._replace(_KEYSET, keyset_bytes)

    def _replace(self, name: str, content: bytes) -> None:
        fresh = self.path / f"{name}.new"
        fresh.write_text(base64.b64encode(content).decode() + "\n", "ascii")
        fresh.replace(self.path / name)

    def root_public(self) -> bytes | None:
        """The public half of the root that this server follows."""
        return self._public(_ROOT_PUBLIC)

    def keyset_bytes(self) -> bytes | None:
        """The signed key set, as it goes to scanners."""
        return self._public(_KEYSET)

    def keyset(self) -> KeySet | None:
        """The key set in use; raises `SecretsMissing` where the root's signature does not hold over it."""
        root_public, data = self.root_public(), self.keyset_bytes()
        if root_public is None or data is None:
            return None
        opened = open_keyset(data, root_public)
        if not isinstance(opened, KeySet):
            raise SecretsMissing(
                f"{self.path / _KEYSET} is damaged: the root's signature does not hold; import it again"
            )
        return opened

    def stamp(self) -> int:
        """Changes when another key set was adopted; 0 while there is none."""
        try:
            return (self.path / _KEYSET).stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def _public(self, name: str) -> bytes | None:
        file = self.path / name
        try:
            return base64.b64decode(file.read_bytes()) if file.is_file() else None
        except binascii.Error:
            raise SecretsMissing(f"{file} is damaged; restore it, or import the key set again") from None

    def load(self, *, now: datetime) -> KeyRing | None:
        """The key ring, or None before a root has signed a pass key and a list key that are here and usable."""
        root_public, data = self.root_public(), self.keyset_bytes()
        if root_public is None or data is None:
            return None
        keyset = open_keyset(data, root_public)
        if not isinstance(keyset, KeySet):
            return None
        held = tuple(key for key in self.keys() if key.role is not KeyRole.ROOT)
        pass_key = _usable(keyset, held, KeyRole.PASS, now)
        list_key = _usable(keyset, held, KeyRole.LIST, now)
        if pass_key is None or list_key is None:
            return None
        return KeyRing(root_public, keyset, data, pass_key, list_key, held)


def _key_in(file: Path) -> SigningKey:
    try:
        return SigningKey.from_text(file.read_text("ascii"))
    except ValueError:  # no ASCII is one, too
        raise SecretsMissing(f"{file} does not hold a signing key; restore it from your backup") from None


def _usable(keyset: KeySet, held: tuple[SigningKey, ...], role: KeyRole, now: datetime) -> SigningKey | None:
    """The newest key of the role that the root vouches for and whose time has come."""
    for key in reversed(held):
        entry = keyset.find(key.kid, role)
        if (
            entry is not None
            and entry.public_key == key.public_bytes
            and entry.status is KeyStatus.ACTIVE
            and entry.not_before <= now < entry.not_after
        ):
            return key
    return None
