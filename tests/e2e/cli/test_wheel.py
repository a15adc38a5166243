"""The wheel as somebody installs it: into an empty environment, used in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.soak  # pip fetches the packages of the service


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel, and an empty folder to work in."""

    binaries: Path
    folder: Path

    def run(self, program: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Runs a program of that environment, with nothing of the checkout in reach."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ACCREDIT_", "PYTHON", "COV_", "VIRTUAL_ENV"))
        }
        return subprocess.run(
            [str(self.binaries / program), *arguments],
            cwd=self.folder,
            env=kept | settings,
            capture_output=True,
            text=True,
            check=False,
        )

    def well(self, program: str, *arguments: str, **settings: str) -> str:
        """The same for what must succeed; returns what it printed."""
        done = self.run(program, *arguments, **settings)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder), str(PROJECT)]
    subprocess.run([sys.executable, *build], check=True, cwd=folder)
    [made] = folder.glob("*.whl")
    return made


def _install(folder: Path, requirement: str) -> Installed:
    venv.create(folder / "venv", with_pip=True)
    work = folder / "work"
    work.mkdir()
    made = Installed(folder / "venv" / "bin", work)
    made.well("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement)
    return made


@pytest.fixture(scope="module")
def whole(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return _install(tmp_path_factory.mktemp("whole"), f"{wheel}[service,scanner]")


def test_the_installed_service_finds_all_that_it_needs(whole: Installed) -> None:
    """Migrations, event, lists, badge templates and fonts are found from an empty folder; the scanner answers, too."""
    clock = whole.folder / "clock.json"
    clock.write_text(json.dumps({"shows": "2017-10-02T09:00:00+00:00", "set_at": time.time()}), "utf-8")
    settings = {"ACCREDIT_DEMO_CLOCK": str(clock)}
    assert "key set 1" in whole.well("accredit", "init", "--demo", **settings)
    assert "MISSING" not in whole.well("accredit", "doctor", **settings)
    assert "gcm-hearing-2017" in whole.well("accredit", "events", "list", **settings)
    assert "member-states" in whole.well("accredit", "lists", "import", "--shipped", **settings)
    assert "no badge was to print" in whole.well("accredit", "passes", "print", "-o", "badges.pdf", **settings)
    assert "equal to the models" in whole.well("accredit", "db", "check", **settings)
    assert "check" in whole.well("accredit-scanner", "--help")
    where = whole.well("python", "-c", "import accredit; print(accredit.__file__)")
    assert where.startswith(str(whole.binaries.parent))


def test_the_installed_service_serves_its_pages(whole: Installed) -> None:
    """The web application starts from the wheel: templates, styles and the description of the API are inside."""
    code = (
        "from accredit.wsgi import application\n"
        "client = application().test_client()\n"
        "for path in ('/health', '/', '/api/v1/openapi.json', '/static/accredit.css'):\n"
        "    answer = client.get(path, follow_redirects=True)\n"
        "    assert answer.status_code == 200, (path, answer.status_code)\n"
    )
    whole.well("accredit", "init", ACCREDIT_STATE="real")
    whole.well("python", "-c", code, ACCREDIT_STATE="real")


def test_the_kiosk_of_the_wheel_has_its_page(whole: Installed) -> None:
    """Templates, scripts and styles of the officer's page are inside."""
    code = (
        "from importlib.resources import files\n"
        "page = files('scanner.kiosk')\n"
        "for name in ('templates/kiosk.html', 'templates/dialogs.html', 'templates/shapes.svg',\n"
        "             'static/page.js', 'static/keys.js', 'static/looks.css', 'static/icon.svg'):\n"
        "    assert page.joinpath(name).is_file(), name\n"
        "from scanner.kiosk.serving import run\n"
    )
    whole.well("python", "-c", code)
    assert "--reader" in whole.well("accredit-scanner", "kiosk", "--help")


def test_the_whole_demonstration_plays_from_the_wheel(whole: Installed) -> None:
    """From the first list to the last scan, without a checkout."""
    told = whole.well("accredit", "demo", "--folder", "played", "--no-serve", "--json")
    summary = json.loads(told.splitlines()[-1])
    assert summary["applications"] > 250
    assert summary["scans"] > summary["admitted"] > 0


def test_the_base_install_is_enough_for_credential_and_identity(
    wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Without an extra, codes can be verified and documents read; the command says which extra it needs."""
    base = _install(tmp_path_factory.mktemp("base"), str(wheel))
    base.well("python", "-c", "import accredit.credential.verifying, accredit.identity.mrz, accredit.identity.names")
    for program, arguments in (("accredit", ("--help",)), ("accredit", ("init",))):
        done = base.run(program, *arguments)
        assert done.returncode == 1
        assert "accredit[service]" in done.stderr
        assert "Traceback" not in done.stderr
