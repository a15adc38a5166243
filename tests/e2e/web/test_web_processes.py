"""The web service as it is run: gunicorn with two workers, on a state folder of its own, in the days of 2017."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

SHOWN = "2017-10-11T06:30:00+00:00"
_PATIENCE_SECONDS = 240  # it ends what hangs; a busy machine may take long
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Served:
    """A service that answers."""

    process: subprocess.Popen[str]
    address: str
    environment: dict[str, str]
    password: str

    def client(self) -> httpx.Client:
        """A browser that follows where it is led."""
        return httpx.Client(base_url=self.address, follow_redirects=True, trust_env=False, timeout=30)

    def workers(self) -> set[int]:
        """The processes that answer."""
        number = self.process.pid
        return set(map(int, Path(f"/proc/{number}/task/{number}/children").read_text("ascii").split()))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _accredit(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "accredit.cli", *arguments]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _start(environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "accredit.cli", "serve"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        try:
            httpx.get(environment["ACCREDIT_BASE_URL"] + "/health", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return process
    process.kill()
    raise AssertionError("the service does not answer")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service on a demonstration's state folder, with the demonstration's clock."""
    folder, port = tmp_path_factory.mktemp("served"), _free_port()
    clock = folder / "clock.json"
    clock.write_text(json.dumps({"shows": SHOWN, "set_at": time.time()}), "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ACCREDIT_")} | {
        "ACCREDIT_STATE": str(folder / "state"),
        "ACCREDIT_BIND": f"127.0.0.1:{port}",
        "ACCREDIT_BASE_URL": f"http://127.0.0.1:{port}",
        "ACCREDIT_WEB_WORKERS": "2",
        "ACCREDIT_DEMO_CLOCK": str(clock),
        "ACCREDIT_LOG_LEVEL": "error",
    }
    password = re.search(r"password (\S+)", _accredit(environment, "init", "--demo"))
    assert password is not None
    process = _start(environment)
    yield Served(process, environment["ACCREDIT_BASE_URL"], environment, password[1])
    process.kill()
    process.communicate()


def test_it_is_ready_and_shows_the_day_of_the_clock(served: Served) -> None:
    """Database, event and keys are there; the page says that it is a demonstration, and which day it shows."""
    with served.client() as client:
        ready = client.get("/ready")
        assert (ready.status_code, ready.json()) == (200, {"status": "ready", "missing": []})
        assert client.get("/health").json() == {"status": "ok"}
        page = client.get("/").text
    assert "Demonstration" in page
    assert "11 October 2017" in page


def test_people_log_in_and_out(served: Served) -> None:
    """From the page that one wanted, over the log-in, back to it; all files of the page come from here."""
    with served.client() as client:
        asked = client.get("/review?state=approved")
        assert asked.url.path == "/log-in"
        form = {"name": "demo", "password": served.password, "csrf_token": _CSRF.findall(asked.text)[0]}
        page = client.post(str(asked.url), data=form)
        assert (page.status_code, page.url.path) == (200, "/review")
        for address in re.findall(r'(?:src|href)="(/[^"]+\.(?:css|js)[^"]*)"', page.text):
            assert client.get(address).status_code == 200, address
        assert "http" not in "".join(re.findall(r'(?:src|href)="([^"]+)"', page.text))
        out = client.post("/log-out", data={"csrf_token": _CSRF.findall(page.text)[0]})
        assert out.status_code == 200
        assert client.get("/overview").url.path == "/log-in"


def test_two_workers_share_the_work(served: Served) -> None:
    """Forty requests at once are all answered, by two processes that know the same sessions."""
    assert len(served.workers()) == 2
    with served.client() as client:
        page = client.get("/log-in")
        form = {"name": "demo", "password": served.password, "csrf_token": _CSRF.findall(page.text)[0]}
        assert client.post("/log-in", data=form).status_code == 200
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: client.get("/overview"), range(40)))
    assert {(answer.status_code, answer.url.path) for answer in answers} == {(200, "/overview")}


def test_sigterm_ends_it(served: Served) -> None:
    """A request under way is answered, then the service and its workers are gone; nothing is said on the way."""
    process = _start({**served.environment, **_elsewhere()})
    number = process.pid
    workers = Path(f"/proc/{number}/task/{number}/children").read_text("ascii").split()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=_PATIENCE_SECONDS)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]


def _elsewhere() -> dict[str, str]:
    port = _free_port()
    return {"ACCREDIT_BIND": f"127.0.0.1:{port}", "ACCREDIT_BASE_URL": f"http://127.0.0.1:{port}"}


@pytest.mark.skipif(find_spec("valkey") is not None, reason="the package valkey is installed")
def test_a_storage_that_cannot_be_used_is_named(served: Served) -> None:
    """Counting in a Valkey needs its package; without it the service says so instead of counting nowhere."""
    command = [sys.executable, "-c", "from accredit.wsgi import application; application()"]
    environment = {**served.environment, "ACCREDIT_RATE_LIMIT_STORAGE": "valkey://127.0.0.1:1"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False
    )
    assert done.returncode != 0
    assert done.stderr.startswith("ACCREDIT_RATE_LIMIT_STORAGE: ")
    assert "Traceback" not in done.stderr


def test_without_a_set_up_it_does_not_start(tmp_path: Path, served: Served) -> None:
    """An empty state folder is told in a sentence, not in a traceback."""
    command = [sys.executable, "-m", "accredit.cli", "serve"]
    environment = {**served.environment, **_elsewhere(), "ACCREDIT_STATE": str(tmp_path / "empty")}
    del environment["ACCREDIT_DEMO_CLOCK"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False
    )
    assert done.returncode != 0
    assert "accredit init" in done.stderr
    assert "Traceback" not in done.stderr
