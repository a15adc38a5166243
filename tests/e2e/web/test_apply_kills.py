"""The web process is killed while people apply: each application is there whole, or not at all, and its sender can go on."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.soak  # a real service that is killed again and again

SHOWN = "2017-08-30T08:00:00+00:00"
PEOPLE = 6
KILLS = 6
MOST_EACH = 5  # one address may not send without end
_INPUT = re.compile(r"<input[^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_LETTERS = "ABCDEFGHIJ"


@dataclass
class Service:
    """A gunicorn of ours with two workers."""

    environment: dict[str, str]
    address: str
    state: Path
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Starts it and waits until it answers."""
        command = [sys.executable, "-m", "accredit.cli", "serve"]
        self.process = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                httpx.get(self.address + "/health", trust_env=False)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the service does not answer within two minutes")

    def workers(self) -> list[int]:
        """The processes that answer."""
        number = self.process.pid
        return list(map(int, Path(f"/proc/{number}/task/{number}/children").read_text("ascii").split()))

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What stands in its database."""
        with sqlite3.connect(f"file:{self.state / 'accredit.db'}?mode=ro", uri=True) as connection:
            found = connection.execute(query).fetchall()
        connection.close()
        return found


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service on a state folder of its own, in August 2017."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    clock = tmp_path / "clock.json"
    clock.write_text(json.dumps({"shows": SHOWN, "set_at": time.time()}), "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ACCREDIT_")} | {
        "ACCREDIT_STATE": str(tmp_path / "state"),
        "ACCREDIT_BIND": f"127.0.0.1:{port}",
        "ACCREDIT_BASE_URL": f"http://127.0.0.1:{port}",
        "ACCREDIT_WEB_WORKERS": "2",
        "ACCREDIT_DEMO_CLOCK": str(clock),
        "ACCREDIT_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "accredit.cli", "init", "--demo"]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
    made = Service(environment, environment["ACCREDIT_BASE_URL"], tmp_path / "state")
    made.start()
    yield made
    made.process.kill()
    made.process.wait()


def _hidden(page: str, action: str) -> dict[str, str]:
    [form] = [
        part for part in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'action="{action}"' in part.split(">")[0]
    ][:1]
    inputs = (dict(_ATTRIBUTE.findall(one)) for one in _INPUT.findall(form))
    return {
        one["name"]: unescape(one.get("value", "")) for one in inputs if one.get("type") == "hidden" and "name" in one
    }


@dataclass
class Person:
    """Somebody who applies and presses again when the service did not answer, as the page tells."""

    address: str
    number: int
    confirmed: str = ""

    def apply(self) -> None:
        """From the empty form to the confirmation."""
        with httpx.Client(base_url=self.address, trust_env=False, timeout=60) as client:
            form = self._until_answered(lambda: client.get("/apply"))
            fields = {
                **_hidden(form.text, "/apply"),
                "organisation": "Guild of Lighthouse Painters",
                "category": "ngo",
                "surname": "PERSON" + "".join(_LETTERS[int(digit)] for digit in f"{self.number:03}"),
                "birth_day": "31",
                "birth_month": "5",
                "birth_year": "1980",
                "nationality": "CHE",
                "email": f"p{self.number}@example.org",
                "grounds_pass": "no",
                "consent": "y",
            }
            check = self._until_answered(lambda: client.post("/apply", data=fields))
            assert check.status_code == 200, check.text
            send = _hidden(check.text, "/apply/send")
            answer = self._until_answered(lambda: client.post("/apply/send", data=send))
            assert answer.status_code == 303, answer.text
            done = self._until_answered(lambda: client.get("/apply/done"))
            found = re.search(r'<b dir="ltr">([^<]+)</b>', done.text)
            assert found is not None, done.text
            self.confirmed = found[1]

    def _until_answered(self, ask: object) -> httpx.Response:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                return ask()  # type: ignore[operator]
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("no answer within two minutes")


def test_each_application_is_whole_or_not_there(service: Service) -> None:
    """Workers die by SIGKILL one after the other while people apply; everybody ends with one whole application."""
    people: list[Person] = []
    stop = threading.Event()

    def go_on(start: int) -> None:
        for number in range(start, start + PEOPLE * MOST_EACH, PEOPLE):
            if not stop.is_set():
                person = Person(service.address, number)
                people.append(person)
                person.apply()

    threads = [threading.Thread(target=go_on, args=(start,)) for start in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for turn in range(KILLS):
        before = len(service.rows("SELECT 1 FROM applications"))
        while len(service.rows("SELECT 1 FROM applications")) < before + 3 and any(
            map(threading.Thread.is_alive, threads)
        ):
            time.sleep(0.003)
        workers = service.workers()
        if workers:
            os.kill(workers[turn % len(workers)], signal.SIGKILL)
    stop.set()
    for thread in threads:
        thread.join(180)
    assert all(person.confirmed for person in people)
    references = [person.confirmed for person in people]
    assert len(set(references)) == len(references)
    counted = {
        table: service.rows(f"SELECT count(*) FROM {table}")[0][0]
        for table in ("applications", "submission_keys", "assessments", "messages")
    }
    assert set(counted.values()) == {len(people)}, counted
    assert service.rows("SELECT count(*) FROM audit_entries WHERE action = 'application.submitted'") == [(len(people),)]
    assert {row[0] for row in service.rows("SELECT reference FROM applications")} == set(references)
