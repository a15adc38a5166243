"""The benchmark of the gates: its crowd, its network, and one small run."""

from __future__ import annotations

import json
import socket
import threading
from random import Random

import pytest

from benchmarks.cut_network import Network
from benchmarks.gate import main
from benchmarks.gate_crowd import arrival_curve, percentile

pytestmark = pytest.mark.soak  # real processes

_FIGURES = (
    "passes verdict_ms_p50 verdict_ms_p99 fsync_ms_p99 scans_per_s upload_per_s bundle_bytes bundle_s delta_bytes converge_s"
    " peak_mb"
)


def test_most_come_at_two_thirds() -> None:
    """Everybody comes in order and in time, more of them in the second half."""
    times = arrival_curve(400, 30, Random(1))
    assert list(times) == sorted(times)
    assert 0 <= times[0] <= times[-1] <= 30
    assert sum(at > 15 for at in times) > 220


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 51), (0.99, 100), (1.0, 100)])
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    """In whatever order they come."""
    assert percentile(reversed(range(1, 101)), share) == value


def test_a_network_that_is_cut_carries_nothing_until_it_is_mended() -> None:
    """What was connected hears the end of it; who comes later gets through."""
    with socket.create_server(("127.0.0.1", 0)) as service:
        answering = threading.Thread(target=_echo, args=(service, 2))
        answering.start()
        network = Network(service.getsockname()[1])
        place = ("127.0.0.1", int(network.address.rpartition(":")[2]))
        with socket.create_connection(place) as before:
            before.sendall(b"one")
            assert before.recv(3) == b"one"
            network.cut()
            assert _hears_the_end(before)
        network.mend()
        with socket.create_connection(place) as after:
            after.sendall(b"two")
            assert after.recv(3) == b"two"
        answering.join(60)
        network.close()


def _echo(service: socket.socket, connections: int) -> None:
    for _ in range(connections):
        with service.accept()[0] as connection:
            while data := connection.recv(64):
                connection.sendall(data)


def _hears_the_end(connection: socket.socket) -> bool:
    try:
        return connection.recv(3) == b""
    except ConnectionError:
        return True


def test_a_small_run_tells_every_figure(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Two gates and forty people, apart and together again."""
    # It sets this for its own process; said here, it is as before when the test ends.
    monkeypatch.setenv("ACCREDIT_DEMO_CLOCK", "")
    small = "--database sqlite --passes 200 --scanners 2 --people 40 --seconds 2 --queue 20 --uploads 1000 --json"
    assert main(small.split()) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(_FIGURES.split()) <= set(told)
    assert told["delta_bytes"] < told["bundle_bytes"]
