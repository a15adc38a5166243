"""The settings: where they come from, which goes first, and what a wrong one is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from accredit.config import FILE_NAME, Settings, SettingsRefused, load_settings


@pytest.fixture(autouse=True)
def _nobodys_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("ACCREDIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ACCREDIT_STATE", str(tmp_path))


def _good() -> Settings:
    settings = load_settings()
    assert isinstance(settings, Settings), settings
    return settings


def _sentence() -> str:
    refused = load_settings()
    assert isinstance(refused, SettingsRefused), refused
    return " ".join(refused.sentences)


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file in the state folder is enough; a variable of the environment overrules it."""
    assert _good().web_workers == 2
    (tmp_path / FILE_NAME).write_text('web_workers = 3\nevent = "one"\n', "utf-8")
    assert (_good().web_workers, _good().event) == (3, "one")
    monkeypatch.setenv("ACCREDIT_WEB_WORKERS", "5")
    assert (_good().web_workers, _good().event) == (5, "one")


def test_settings_cannot_be_changed_afterwards() -> None:
    """What was validated is what everybody sees."""
    with pytest.raises(ValueError, match="frozen"):
        _good().web_workers = 9  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACCREDIT_WEB_WORKERS", "0"),
        ("ACCREDIT_WEB_WORKERS", "many"),
        ("ACCREDIT_WEB_THREADS", "65"),
        ("ACCREDIT_ENROLMENT_HOURS", "-1"),
        ("ACCREDIT_BIND", "8000"),
        ("ACCREDIT_BIND", "127.0.0.1:99999"),
        ("ACCREDIT_BIND", "127.0.0.1:٨٠"),
        ("ACCREDIT_BASE_URL", "example.org"),
        ("ACCREDIT_BASE_URL", "https://"),
        ("ACCREDIT_LOG_LEVEL", "loud"),
        ("ACCREDIT_DATABASE_URL", "mysql://x/y"),
        ("ACCREDIT_DATABASE_URL", "postgresql://:::/y"),
        ("ACCREDIT_WEB_WORKER", "2"),
    ],
)
def test_a_bad_value_names_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """A value out of range, of another kind, or of no setting at all stops the start with the variable's name."""
    monkeypatch.setenv(name, value)
    assert name in _sentence()


def test_every_bad_value_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who mends a set-up does not have to start it once for each mistake."""
    monkeypatch.setenv("ACCREDIT_BIND", "x")
    monkeypatch.setenv("ACCREDIT_WEB_WORKERS", "x")
    assert {"ACCREDIT_BIND", "ACCREDIT_WEB_WORKERS"} <= set(_sentence().replace(":", " ").split())


@pytest.mark.parametrize(
    "content", [b"web_workers", b"\xff\xfe", b"web_worker = 2\n", b'web_workers = "x"\n', b"[web]\n"]
)
def test_a_bad_file_is_named(tmp_path: Path, content: bytes) -> None:
    """No TOML, no UTF-8, an unknown key or a bad value: the sentence says which file, or which variable it stands for."""
    (tmp_path / FILE_NAME).write_bytes(content)
    told = _sentence()
    assert FILE_NAME in told or "ACCREDIT_WEB_WORKERS" in told


def test_a_folder_in_place_of_the_file_is_passed_over(tmp_path: Path) -> None:
    """Only a file can hold settings."""
    (tmp_path / FILE_NAME).mkdir()
    assert _good().web_workers == 2


def test_no_setting_is_a_secret_and_none_has_a_secret_default() -> None:
    """Secrets are files that init makes; no field of the settings could hold one but the database's address."""
    for name, field in Settings.model_fields.items():
        assert not {"secret", "key", "password", "pepper", "token"} & set(name.split("_"))
        assert field.description, name
    assert Settings.model_fields["database_url"].default == ""
