"""The one place that builds engine, secrets, keys and clock from the settings. Imported by `wsgi`, `cli` and `jobs` only."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from accredit.config import Settings
from accredit.db.session import make_engine
from accredit.db.types import Sealer
from accredit.services.context import Actor, Context, KeyRing, Secrets, server_operator
from accredit.services.key_folder import KeyFolder, SecretFolder
from accredit.services.mail_server import MailServer, read_address

_PACKAGE = Path(__file__).resolve().parent


def migrations_folder() -> Path:
    """Beside the package in a checkout, inside it in an installed wheel."""
    return _beside_or_inside("migrations")


def templates_folder() -> Path:
    """Where the badge templates are."""
    return _beside_or_inside("badge_templates")


def data_folder() -> Path:
    """Event files and the small status lists that come along."""
    return _PACKAGE / "data"


def _beside_or_inside(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


class ClockRefused(Exception):
    """A demo clock was named outside a state folder marked as a demonstration, or is none."""


def make_clock(settings: Settings) -> Callable[[], datetime]:
    """The system's clock; in a state folder marked *demo*, the clock file that all processes of the demo share.

    No production setting moves time: ACCREDIT_DEMO_CLOCK without the mark raises `ClockRefused`.
    """
    named = os.environ.get("ACCREDIT_DEMO_CLOCK")
    if not named:
        return machine_clock
    if not settings.is_demo:
        raise ClockRefused("ACCREDIT_DEMO_CLOCK is only for a state folder made by “accredit init --demo”; remove it")
    return file_clock(Path(named))


def machine_clock() -> datetime:
    """The time of the machine, whatever a demonstration shows."""
    return datetime.now(UTC)


def file_clock(path: Path) -> Callable[[], datetime]:
    """A clock that went on from `shows` (RFC 3339) at `set_at` (seconds since 1970) of the real one."""

    def now() -> datetime:
        try:
            told = json.loads(path.read_bytes())
            shows, set_at = datetime.fromisoformat(told["shows"]), float(told["set_at"])
        except (ValueError, KeyError, TypeError):
            raise ClockRefused(f"{path} is no clock of a demonstration; remove ACCREDIT_DEMO_CLOCK") from None
        return shows.astimezone(UTC) + timedelta(seconds=time.time() - set_at)

    return now


@dataclass(frozen=True)
class House:
    """Everything a process needs, built on first use."""

    settings: Settings
    _ring: tuple[int, KeyRing | None] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def clock(self) -> Callable[[], datetime]:
        """The one clock of this process."""
        return make_clock(self.settings)

    @cached_property
    def secrets(self) -> Secrets:
        """The secrets of the installation; `SecretsMissing` tells to run `accredit init`."""
        return self.secret_folder.load()

    @cached_property
    def secret_folder(self) -> SecretFolder:
        """Where the secrets are."""
        return SecretFolder(self.settings.state / "secrets")

    @cached_property
    def key_folder(self) -> KeyFolder:
        """Where the signing keys and the key set are."""
        return KeyFolder(self.settings.state / "keys")

    @property
    def keyring(self) -> KeyRing | None:
        """The signing keys; None before a root has signed them. Read again when the key set on disk is another one."""
        stamp = self.key_folder.stamp()
        if self._ring is None or self._ring[0] != stamp:
            object.__setattr__(self, "_ring", (stamp, self.key_folder.load(now=self.clock())))
        return self._ring[1] if self._ring is not None else None

    @cached_property
    def engine(self) -> Engine:
        """The database."""
        return make_engine(self.settings.database, Sealer(self.secret_folder.data_key()))

    @cached_property
    def mail_server(self) -> MailServer | None:
        """The mail server; None where none is configured, and then mail waits."""
        url, mail_from = self.settings.smtp_url, self.settings.mail_from
        return MailServer(read_address(url), mail_from) if url and mail_from else None

    def context(self, actor: Actor | None = None) -> Context:
        """What the use cases are handed; without an actor, a command on the server acts."""
        return Context(actor or server_operator(), self.clock, os.urandom, self.secrets, self.keyring)

    def close(self) -> None:
        """Gives the connections back, if there were any."""
        if "engine" in self.__dict__:
            self.engine.dispose()
