"""The log: one JSON object a line, and never what a fault says."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from accredit import logs


@pytest.fixture
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.usefixtures("_as_it_was")
def test_a_fault_is_named_and_placed_but_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    """The kind of a fault and its places in the code stand in the log; its text, which may hold a name, does not."""
    logs.set_up("info")
    try:
        int("Amara ADEYEMI")
    except ValueError as fault:
        structlog.get_logger("accredit.test").error("job failed", job="1", exc_info=fault)
        logging.getLogger("a library").exception("it broke")
    ours, theirs = _lines(capsys.readouterr().err)
    assert (ours["event"], ours["job"], ours["level"], ours["logger"]) == ("job failed", "1", "error", "accredit.test")
    assert ours["fault"] == theirs["fault"] == "builtins.ValueError"
    assert "test_logs.py" in ours["through"][-1]
    assert "ADEYEMI" not in json.dumps([ours, theirs])


@pytest.mark.usefixtures("_as_it_was")
def test_the_level_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """What is below the level of the settings is not written, by us or by a library."""
    logs.set_up("warning")
    structlog.get_logger("accredit.test").info("quiet")
    logging.getLogger("a library").info("quiet")
    structlog.get_logger("accredit.test").warning("loud")
    assert [line["event"] for line in _lines(capsys.readouterr().err)] == ["loud"]
