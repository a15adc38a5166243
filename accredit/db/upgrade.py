"""Brings a database to the newest migration, and says what it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from accredit.db.models.all import METADATA


def configuration(migrations: Path, connection: Connection | None = None) -> Config:
    """Alembic's configuration for this folder of migrations and this connection."""
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, migrations: Path, revision: str = "head") -> None:
    """Runs every migration up to the revision."""
    with engine.execution_options(accredit_writes=True).connect() as connection:
        command.upgrade(configuration(migrations, connection), revision)
        connection.commit()


def downgrade(engine: Engine, migrations: Path, revision: str) -> None:
    """Goes back to the revision; what a step cannot keep is told in its own docstring."""
    with engine.execution_options(accredit_writes=True).connect() as connection:
        command.downgrade(configuration(migrations, connection), revision)
        connection.commit()


def differences(engine: Engine) -> list[Any]:
    """What the models have and the database has not, or the other way round; empty when they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _parents: not (kind == "table" and str(name).startswith("huey")),
            },
        )
        return list(compare_metadata(context, METADATA))
