"""Frozen, validated settings.

They come from the environment (ACCREDIT_*), then from one file, `accredit.toml` in the state folder. There is no secret
among them and no default for one: secrets are files that `accredit init` makes. A missing or bad value stops the start and
names the variable.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

PREFIX = "ACCREDIT_"
FILE_NAME = "accredit.toml"
DEMO_MARK = "demo"


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
    enrolment_hours: int = Field(default=24, ge=1, le=720, description="how long the one-time code of a scanner holds")
    log_level: str = Field(
        default="info", pattern="^(debug|info|warning|error)$", description="debug, info, warning or error"
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("write sqlite:///PATH or postgresql://USER@HOST/NAME")
        return value

    @field_validator("bind")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        if not (colon and host and port.isdecimal() and 0 < int(port) < 65536):
            raise ValueError("write HOST:PORT, such as 127.0.0.1:8000")
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
        and name not in _OTHERS
    )
    if unknown:
        return SettingsRefused(tuple(f"{name} is no setting; mend its spelling or remove it" for name in unknown))
    try:
        return Settings()
    except ValidationError as invalid:
        return SettingsRefused(
            tuple(
                f"{PREFIX}{str(error['loc'][0]).upper()}: {error['msg'].removeprefix('Value error, ')}"
                for error in invalid.errors()
            )
        )
    except tomllib.TOMLDecodeError as broken:
        return SettingsRefused((f"{FILE_NAME} in the state folder is no TOML: {broken}",))


# Read by the scanner, the tests and the demo's clock; no settings of the service.
_OTHERS = frozenset(
    {
        "ACCREDIT_SCANNER_STATE",
        "ACCREDIT_SCANNER_PIN",
        "ACCREDIT_TEST_DATABASE_URL",
        "ACCREDIT_DEMO_CLOCK",
        "ACCREDIT_PASSWORD",
    }
)
