"""What the web service writes into its log when a request ends in a defect."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from factories.commands import Commands
from flask import request

from accredit.wsgi import application


@pytest.fixture
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.usefixtures("_as_it_was")
def test_a_failed_request_is_one_line_without_its_content(
    office: Commands, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Method, endpoint and kind of the fault; neither path nor query nor the fault's text."""
    for name, value in office.settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ACCREDIT_STATE", str(office.state))
    app = application()

    def boom() -> str:
        raise LookupError(f"nobody is called {request.args['name']}")

    monkeypatch.setitem(app.view_functions, "health.alive", boom)
    answer = app.test_client().get("/health?name=ADEYEMI&born=1980-05-31")
    assert answer.status_code == 500
    assert "ADEYEMI" not in answer.text
    told = capfd.readouterr().err
    [line] = [json.loads(one) for one in told.splitlines() if "request failed" in one]
    assert (line["method"], line["endpoint"], line["fault"]) == ("GET", "health.alive", "builtins.LookupError")
    assert line["through"]
    assert "ADEYEMI" not in told
    assert "1980" not in told
