"""Migrations and models are two tellings of the same schema."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from accredit.db.models.all import METADATA
from accredit.db.revisions import NEWEST, current_revision
from accredit.db.upgrade import configuration, differences, downgrade, upgrade

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def _tables(engine: Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def test_models_equal_migrations(engine: Engine) -> None:
    """What the migrations build is what the models say."""
    assert differences(engine) == []
    assert _tables(engine) == set(METADATA.tables)


def test_checks_equal_migrations(engine: Engine) -> None:
    """Every CHECK of the models stands in the database under its name, with every member of its enum.

    Alembic's comparison leaves CHECKs out, so this test looks for itself.
    """
    inspector = sa.inspect(engine)
    for table in METADATA.tables.values():
        found = {one["name"]: one["sqltext"] for one in inspector.get_check_constraints(table.name)}
        for constraint in table.constraints:
            if not isinstance(constraint, sa.CheckConstraint):
                continue
            assert constraint.name in found, f"{table.name} lacks {constraint.name}"
        for column in table.columns:
            if isinstance(column.type, sa.Enum):
                text = found[f"ck_{table.name}_{column.type.name}"]
                assert all(f"'{value}'" in text for value in column.type.enums), f"{table.name}.{column.name}"


def test_up_down_up(engine: Engine) -> None:
    """Every step goes down and up again."""
    revisions = [step.revision for step in ScriptDirectory.from_config(configuration(MIGRATIONS)).walk_revisions()]
    for revision in revisions:
        step_down = ScriptDirectory.from_config(configuration(MIGRATIONS)).get_revision(revision).down_revision
        downgrade(engine, MIGRATIONS, str(step_down) if step_down else "base")
    assert _tables(engine) == set()
    upgrade(engine, MIGRATIONS)
    assert current_revision(engine) == NEWEST
    assert differences(engine) == []


def test_files_are_numbered_and_named_after_their_revision() -> None:
    """Folder order is history order, with one head."""
    script = ScriptDirectory.from_config(configuration(MIGRATIONS))
    assert script.get_heads() == [NEWEST]
    files = sorted(path.stem for path in (MIGRATIONS / "versions").glob("*.py"))
    history = [step.revision for step in script.walk_revisions()][::-1]
    assert files == history
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
