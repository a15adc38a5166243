"""Runs the migrations on the connection that `accredit.db.upgrade` hands in; there is no alembic.ini."""

from __future__ import annotations

from alembic import context

from accredit.db.models.all import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_name=lambda name, kind, _parents: not (kind == "table" and str(name).startswith("huey")),
)
with context.begin_transaction():
    context.run_migrations()
