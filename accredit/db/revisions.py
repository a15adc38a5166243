"""At which migration a database stands, and which one this version needs.

Asked at every start of the service: alembic itself, with its template language, takes a third of a second to load.
"""

from __future__ import annotations

from sqlalchemy import Engine, inspect, text

NEWEST = "0001_first_tables"


def current_revision(engine: Engine) -> str | None:
    """The migration at which the database stands; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return found[0] if found else None
