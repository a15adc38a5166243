"""The habits of the house: what the README says exists, and what every module, role and category has to have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from factories.commands import every_command

from accredit.config import OTHERS, PREFIX, Settings
from accredit.credential.reasons import Reason
from accredit.domain.event_files import parse_event
from accredit.domain.permissions import TABLE, Role
from accredit.rendering.templates import load_template, templates_in
from scanner.cli import main as scanner_commands

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text("utf-8")
SOURCES = sorted([*(PROJECT / "accredit").rglob("*.py"), *(PROJECT / "scanner").rglob("*.py")])

LONGEST_MODULE = 350
LONGEST_FUNCTION = 55
# Longer ones, each with its reason.
LONGER_MODULES: dict[str, str] = {}

# Where a process asks the machine for the time; everybody else is handed a clock.
CLOCKS = {
    "accredit/wiring.py": "the one clock of the service",
    "scanner/clock.py": "the one clock of the scanner",
    "accredit/cli/keys.py": "the root machine has no state folder, and so no house with a clock",
}


def _name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


# What the README says


def test_the_settings_table_of_the_readme_is_the_settings() -> None:
    """Every setting has one row with its default and its meaning, in order; no row is of no setting."""
    rows = re.findall(rf"^\| `?({PREFIX}\w+)`? \| (.*?) \| (.*?) \|$", README, flags=re.MULTILINE)
    wanted = [
        (f"{PREFIX}{name.upper()}", f"`{field.default}`" if str(field.default) else "empty", field.description)
        for name, field in Settings.model_fields.items()
    ]
    assert rows == wanted


def test_every_variable_in_the_readme_exists() -> None:
    """A variable that is named is a setting, or one of the few that are read elsewhere."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | set(OTHERS)
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", README))
    assert named - known == set()
    assert {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} <= named


def _code_of_the_readme() -> Iterator[str]:
    """Each line of a block of code, and each span of code in a text."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
    yield from (line for block in blocks for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", README, flags=re.MULTILINE | re.DOTALL))


def _named_commands() -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    """Program and words of each command that the README names, and the options beside it."""
    for code in _code_of_the_readme():
        for found in re.finditer(r"\b(accredit(?:-scanner)?)((?: [a-z][a-z-]*)+)([^,;#]*)", code):
            options = frozenset(re.findall(r"(?<!\S)(--?[a-z][a-z-]*)", found[3]))
            yield (found[1], *found[2].split()), options


def _known_commands() -> dict[tuple[str, ...], click.Command]:
    ours = {("accredit", *path): command for path, command in every_command().items()}
    return ours | {("accredit-scanner", name): command for name, command in scanner_commands.commands.items()}


def test_every_command_in_the_readme_exists() -> None:
    """Each command is named whole, and has the options that stand beside it."""
    known = _known_commands()
    named = list(_named_commands())
    assert named
    for words, options in named:
        path = next((words[:length] for length in range(len(words), 1, -1) if words[:length] in known), None)
        assert path is not None, f"the README names “{' '.join(words)}”, which does not exist"
        has = {one for parameter in known[path].params for one in parameter.opts}
        assert options <= has, f"{' '.join(path)} has no {options - has}"


def test_every_reason_in_the_readme_exists() -> None:
    """The paragraph about the closed list names reasons of that list."""
    [paragraph] = [text for text in README.split("\n\n") if "credential/reasons.py" in text]
    named = re.findall(r"`([a-z_]+)`", paragraph)
    assert named
    assert set(named) <= set(Reason)


# What every part has to have


def test_every_role_may_do_something() -> None:
    """A role without a permission is a mistake in the table, and so is a role that it forgets."""
    assert set(TABLE) == set(Role)
    assert all(TABLE.values())


@pytest.mark.parametrize("template", templates_in(PROJECT / "badge_templates"))
@pytest.mark.parametrize(
    "file", sorted((PROJECT / "accredit" / "data" / "events").glob("*.toml")), ids=lambda f: f.stem
)
def test_every_category_has_its_band_on_the_badge(file: Path, template: str) -> None:
    """The band of each category of each event that comes along exists in each template that comes along."""
    import tomllib

    event = parse_event(tomllib.loads(file.read_text("utf-8")))
    bands = load_template(PROJECT / "badge_templates" / template).bands
    assert {category.band for category in event.categories} - set(bands) == set()


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno is not None
            yield f"{_name(path)}:{node.name}", node.end_lineno - node.lineno + 1


def test_modules_stay_short() -> None:
    """A module is of one subject; exceptions are listed with their reason."""
    lengths = {_name(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    longer = {name: length for name, length in lengths.items() if length > LONGEST_MODULE}
    assert {name: length for name, length in longer.items() if name not in LONGER_MODULES} == {}
    assert all((PROJECT / name).is_file() for name in LONGER_MODULES)


def test_functions_stay_short() -> None:
    """A function can be seen at once."""
    lengths = dict(one for path in SOURCES for one in _functions(path))
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def _calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node)


def _asks_the_time(call: str) -> bool:
    return re.match(r"(datetime\.)?(datetime|date)\.(now|utcnow|today)\(", call) is not None


def test_time_is_handed_in() -> None:
    """Nobody but the clocks asks the machine for the time of day, and nobody ever for a naive one."""
    asked = {_name(path): {call for call in _calls(path) if _asks_the_time(call)} for path in SOURCES}
    assert {name: calls for name, calls in asked.items() if calls} == {name: {"datetime.now(UTC)"} for name in CLOCKS}


def test_only_commands_print() -> None:
    """Rooms answer with values; what is shown is the commands' business."""
    rooms = [path for path in SOURCES if not _name(path).startswith(("accredit/cli/", "accredit/demo/", "scanner/cli"))]
    printing = {
        _name(path): [call for call in _calls(path) if call.startswith(("print(", "click.echo("))] for path in rooms
    }
    assert {name: calls for name, calls in printing.items() if calls} == {}


def test_the_habits_can_fail() -> None:
    """The checks see what they look for."""
    assert _asks_the_time("datetime.now()")
    assert _asks_the_time("datetime.datetime.utcnow()")
    assert _asks_the_time("date.today()")
    assert not _asks_the_time("context.now()")
    assert {name for name, _ in _functions(Path(__file__))} >= {"tests/test_habits.py:test_the_habits_can_fail"}
