"""Frozen, validated settings.

They come from the environment (ACCREDIT_*), then from one file, `accredit.toml` in the state folder. No secret of ours is
among them and no default for one: secrets are files that `accredit init` makes; the addresses of database and mail server may
hold the passwords of those. A missing or bad value stops the start and names the variable.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "ACCREDIT_"
FILE_NAME = "accredit.toml"
DEMO_MARK = "demo"
_COUNTS = "write memory://, or valkey://HOST:PORT with the package “valkey” installed"
_DATABASES = "write sqlite:///PATH or postgresql://USER@HOST/NAME"
_MAIL_SERVERS = "write smtp://HOST:PORT, smtps://USER:PASSWORD@HOST or smtp+plain://HOST"
_PLAIN = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\.?[A-Za-z0-9-]+"
_ADDRESS = re.compile(rf"{_PLAIN}|[^<>\"\r\n]+ <{_PLAIN}>")


class Settings(BaseSettings):
    """Everything that may differ between two installations; the docstring of each field is its row in the README."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    state: Path = Field(
        default=Path("accredit-state"), description="the folder for database, secrets, keys and files made"
    )
    database_url: str = Field(default="", description="an SQLAlchemy address; empty means SQLite in the state folder")
    event: str = Field(
        default="", description="key of the event that commands work on; empty means the only one loaded"
    )
    bind: str = Field(default="127.0.0.1:8000", description="address and port that `accredit serve` listens on")
    base_url: str = Field(default="http://127.0.0.1:8000", description="the address under which people reach the pages")
    web_workers: int = Field(default=2, ge=1, le=64, description="processes of the web service")
    web_threads: int = Field(default=4, ge=1, le=64, description="threads in each of them")
    proxies: int = Field(default=0, ge=0, le=9, description="proxies before the service that add X-Forwarded-For")
    rate_limit_storage: str = Field(
        default="memory://",
        repr=False,
        description="where requests are counted: `memory://` in each process, or `valkey://HOST:PORT` for all of them",
    )
    enrolment_hours: int = Field(default=24, ge=1, le=720, description="how long the one-time code of a scanner holds")
    smtp_url: str = Field(
        default="",
        repr=False,
        description="the mail server: `smtp://`, `smtps://` or `smtp+plain://`; empty: mail waits",
    )
    mail_from: str = Field(default="", description="the address that mail comes from")
    log_level: str = Field(
        default="info", pattern="^(debug|info|warning|error)$", description="debug, info, warning or error"
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError(_DATABASES)
        try:
            make_url(value or "sqlite://")
        except (ArgumentError, ValueError):
            raise ValueError(_DATABASES) from None  # what SQLAlchemy says repeats the address, password included
        return value

    @field_validator("rate_limit_storage")
    @classmethod
    def _counts(cls, value: str) -> str:
        if value != "memory://" and not value.startswith(("valkey://", "valkeys://", "redis://", "rediss://")):
            raise ValueError(_COUNTS)
        return value

    @field_validator("bind")
    @classmethod
    def _bind(cls, value: str) -> str:
        return host_and_port(value)

    @field_validator("base_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("write an address such as https://accreditation.example.org")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            known = parts.scheme in {"smtp", "smtps", "smtp+plain"} and parts.hostname and parts.port != 0
        except ValueError:
            known = False
        beyond = known and (parts.path.strip("/") or parts.query or parts.fragment)
        bare = known and parts.scheme == "smtp+plain" and parts.username  # no password goes over an open line
        if value and (not known or beyond or bare):
            raise ValueError(_MAIL_SERVERS)
        return value

    @field_validator("mail_from")
    @classmethod
    def _mail_from(cls, value: str) -> str:
        if value and not _ADDRESS.fullmatch(value):
            raise ValueError("write an address such as passes@example.org, or Passes <passes@example.org>")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before the environment, the environment before the file; nothing else is read."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, _settings_file())

    @property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{self.state.resolve() / 'accredit.db'}"

    @property
    def is_demo(self) -> bool:
        """Whether the state folder is marked as a demonstration."""
        return (self.state / DEMO_MARK).is_file()


@dataclass(frozen=True, slots=True)
class SettingsRefused:
    """Settings that cannot be used: one sentence a value, naming the variable."""

    sentences: tuple[str, ...]


def host_and_port(value: str) -> str:
    """The same text; raises ValueError unless it is HOST:PORT."""
    host, colon, port = value.rpartition(":")
    if not (colon and host and port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise ValueError("write HOST:PORT, such as 127.0.0.1:8000")
    return value


def _settings_file() -> Path:
    state = os.environ.get(f"{PREFIX}STATE") or Settings.model_fields["state"].default
    return Path(state) / FILE_NAME


def load_settings() -> Settings | SettingsRefused:
    """The settings of this process, or why they cannot be used."""
    unknown = sorted(
        name
        for name in os.environ
        if name.startswith(PREFIX)
        and name.removeprefix(PREFIX).lower() not in Settings.model_fields
        and name not in OTHERS
    )
    if unknown:
        return SettingsRefused(tuple(f"{name} is no setting; mend its spelling or remove it" for name in unknown))
    try:
        return Settings()
    except ValidationError as invalid:
        return SettingsRefused(tuple(_sentence(error) for error in invalid.errors()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        return SettingsRefused((f"{_settings_file()} is no TOML: {broken}",))
    except OSError as fault:
        return SettingsRefused((f"{_settings_file()} cannot be read: {(fault.strerror or '').lower()}",))


def _sentence(error: ErrorDetails) -> str:
    """What is wrong with one value: by the name of the variable, or the key in the file if only that can hold it."""
    key = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        return f"{_settings_file()}: “{key}” is no setting; mend its spelling or remove it"
    cure = f"write {Settings.model_fields[key].description}" if error["type"] == "string_pattern_mismatch" else ""
    told = error["msg"].removeprefix("Value error, ").replace("Input should be", "this must be")
    return f"{PREFIX}{key.upper()}: {cure or told}"


OTHERS = {
    "ACCREDIT_SCANNER_STATE": "the state folder of a scanner",
    "ACCREDIT_SCANNER_PIN": "its PIN, where nobody can type it",
    "ACCREDIT_PASSWORD": "the password of `accredit users add`, where nobody can type it",
    "ACCREDIT_DEMO_CLOCK": "the clock file of a demonstration",
    "ACCREDIT_TEST_DATABASE_URL": "the PostgreSQL server of the tests",
}
"""Read by the scanner, a command, the demo and the tests; no settings of the service."""
