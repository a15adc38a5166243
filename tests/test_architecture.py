"""The doors of the house: who may import whom, and that a gate never wakes the service."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
ROOMS = ("credential", "identity", "matching", "domain", "db", "rendering", "services", "web", "cli", "jobs", "demo")

# room → the modules of ours that it may open, besides its own.
DOORS: dict[str, frozenset[str]] = {
    "accredit": frozenset(),
    "accredit.config": frozenset(),
    "accredit.logs": frozenset(),
    "accredit.credential": frozenset(),
    "accredit.identity": frozenset(),
    "accredit.matching": frozenset(),
    "accredit.domain": frozenset({"accredit.credential.reasons"}),
    "accredit.db": frozenset({"accredit.credential.reasons", "accredit.domain"}),
    "accredit.rendering": frozenset({"accredit.domain"}),
    "accredit.services": frozenset(
        {
            "accredit.credential",
            "accredit.identity",
            "accredit.matching",
            "accredit.domain",
            "accredit.db",
            "accredit.rendering",
        }
    ),
    "accredit.web": frozenset(
        {
            "accredit.rendering.codes",
            "accredit.rendering.photos",
            "accredit.services",
            "accredit.domain",
            "accredit.db.session",
            "accredit",
        }
    ),
    "accredit.jobs": frozenset(
        {
            "accredit.rendering",
            "accredit.services",
            "accredit.domain",
            "accredit.config",
            "accredit.wiring",
            "accredit.db.session",
        }
    ),
    "accredit.cli": frozenset(
        {
            "accredit",
            "accredit.services",
            "accredit.domain",
            "accredit.config",
            "accredit.logs",
            "accredit.wiring",
            "accredit.jobs",
            "accredit.demo",
            "accredit.rendering",
            "accredit.db.session",
            "accredit.db.revisions",
            "accredit.db.upgrade",
        }
    ),
    "accredit.demo": frozenset({"accredit", "accredit.domain", "accredit.identity", "accredit.rendering"}),
    "accredit.wsgi": frozenset(
        {"accredit.config", "accredit.logs", "accredit.wiring", "accredit.web", "accredit.jobs"}
    ),
    "accredit.wiring": frozenset({"accredit"}),  # everything: it is the one place that joins the rooms
    "scanner": frozenset({"accredit", "accredit.credential", "accredit.identity"}),
    "scanner.kiosk": frozenset({"accredit", "accredit.credential", "accredit.identity", "scanner"}),
}
WHOLE_HOUSE = {"accredit.wiring"}
ISSUER_ONLY = "accredit.credential.signing"
# The page of the kiosk, its web framework and its server are woken by one command alone.
KIOSK, KIOSK_OPENED_BY = "scanner.kiosk", "scanner.cli_kiosk"
WEB_OF_THE_KIOSK = {"flask", "cheroot", "serial"}


def _module_of(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _sources() -> list[Path]:
    return sorted([*(PROJECT / "accredit").rglob("*.py"), *(PROJECT / "scanner").rglob("*.py")])


def _room_of(module: str) -> str:
    return max((room for room in DOORS if module == room or module.startswith(f"{room}.")), key=len)


def _ours(name: str) -> bool:
    return name.split(".")[0] in {"accredit", "scanner"}


def _imported(path: Path, module: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively; write the whole name"
            base = node.module or ""
            # `from accredit.db import session` opens accredit.db.session, not all of accredit.db.
            found |= {f"{base}.{alias.name}" if _is_module(f"{base}.{alias.name}") else base for alias in node.names}
    return {name for name in found if _ours(name)}


def _is_module(name: str) -> bool:
    path = PROJECT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def _opens(door: str, name: str) -> bool:
    if door == "accredit":
        return name == "accredit"  # the version alone
    return name == door or name.startswith(f"{door}.")


def breaches(module: str, imported: set[str]) -> set[str]:
    """What a module imports although its room has no door there."""
    room = _room_of(module)
    if room in WHOLE_HOUSE:
        return set()
    doors = DOORS[room] | {room}
    wrong = {name for name in imported if not any(_opens(door, name) for door in doors)}
    if room in ("scanner", KIOSK):
        wrong |= {name for name in imported if _opens(ISSUER_ONLY, name)}
    if room == "scanner" and module != KIOSK_OPENED_BY:
        wrong |= {name for name in imported if _opens(KIOSK, name)}
    return wrong


@pytest.mark.parametrize("path", _sources(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_module_keeps_to_the_doors_of_its_room(path: Path) -> None:
    """A module imports only what its room may open."""
    module = _module_of(path)
    assert breaches(module, _imported(path, module)) == set()


def test_the_table_of_doors_can_fail() -> None:
    """The check is red on a breach of each kind."""
    assert breaches("accredit.domain.passes", {"accredit.db.base"}) == {"accredit.db.base"}
    assert breaches("accredit.credential.codec", {"accredit.domain"}) == {"accredit.domain"}
    assert breaches("scanner.gate", {ISSUER_ONLY}) == {ISSUER_ONLY}
    assert breaches("scanner.kiosk.api", {ISSUER_ONLY}) == {ISSUER_ONLY}
    assert breaches("scanner.gate", {"scanner.kiosk.app"}) == {"scanner.kiosk.app"}
    assert breaches("accredit.services.desk", {"accredit.web.errors"}) == {"accredit.web.errors"}
    assert breaches("accredit.web.routes", {"accredit.wiring"}) == {"accredit.wiring"}
    assert breaches("accredit.identity.mrz", {"accredit.identity.states"}) == set()


def test_every_room_says_what_may_live_there() -> None:
    """Each package opens with a docstring, and importing it wakes nothing: `__init__` holds no import of ours."""
    for folder in (PROJECT / "accredit", PROJECT / "scanner", *(PROJECT / "accredit" / room for room in ROOMS)):
        init = folder / "__init__.py"
        if not folder.is_dir():
            continue
        tree = ast.parse(init.read_text("utf-8"))
        assert ast.get_docstring(tree), f"{init} has no docstring"
        if folder.name not in {"cli", "web"}:
            assert not _imported(init, _module_of(init)), f"{init} wakes another room"


def _loaded_by(*modules: str) -> set[str]:
    code = f"import sys, {', '.join(modules)}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_the_scanner_starts_without_the_service() -> None:
    """The scanner's core (all but a kiosk page and the camera) never loads flask, sqlalchemy, alembic or Pillow."""
    aside = {"__main__", "decoding", "frame_worker"}  # frames are decoded in a process of its own
    files = [path for path in (PROJECT / "scanner").rglob("*.py") if "kiosk" not in path.parts]
    core = [_module_of(path) for path in files if path.stem not in aside]
    assert core
    assert _loaded_by(*core) & {"flask", "sqlalchemy", "alembic", "pydantic", "PIL"} == set()


def test_the_credential_needs_no_more_than_the_base_install() -> None:
    """What every install has (cryptography, base45, the standard library) is enough for credential and identity."""
    rooms = [PROJECT / "accredit" / "credential", PROJECT / "accredit" / "identity"]
    modules = [_module_of(path) for room in rooms for path in room.glob("*.py")]
    foreign = {
        name.split(".")[0]
        for room in rooms
        for path in room.glob("*.py")
        for name in _all_imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names
    }
    assert foreign <= {"accredit", "cryptography", "base45"}
    assert _loaded_by(*modules) & {"flask", "sqlalchemy", "click", "PIL"} == set()


def _all_imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found
