"""How long the scanner waits for an answer of the service: long for a whole list, short for what is there at once."""

from __future__ import annotations

import httpx
import pytest

from scanner.server import Answer, Server, Unreachable


class Service:
    """Notes how long each question may wait; stalls where told so."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.connects: set[float] = set()
        self.is_stalled = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        timeout = request.extensions["timeout"]
        self.waits.append(timeout["read"])
        self.connects.add(timeout["connect"])
        if self.is_stalled:
            raise httpx.ReadTimeout("nothing came", request=request)
        return httpx.Response(200, content=b"list")


@pytest.fixture
def service() -> Service:
    """A service that answers at once."""
    return Service()


@pytest.fixture
def server(service: Service) -> Server:
    """The connection to it."""
    return Server("http://127.0.0.1", "token", httpx.MockTransport(service))


def test_a_whole_list_of_a_million_passes_is_waited_for(server: Server, service: Service) -> None:
    """Before its first byte the service reads, seals, signs and compresses it; that takes longer than any other answer."""
    assert isinstance(server.bundle(0), Answer)
    assert isinstance(server.photo(b"12345"), Answer)

    assert service.waits == [300, 30]
    assert service.connects == {3.5}, "who cannot be reached is not waited for"


def test_changes_are_asked_for_again_soon(server: Server, service: Service) -> None:
    """A network that died swallowed the question; nobody waits half a minute to ask once more."""
    server.bundle(7)

    assert service.waits == [8]


def test_a_whole_list_arrives_where_changes_were_asked_for(server: Server, service: Service) -> None:
    """The service may answer with it; after each question without an answer the next one waits longer, up to the same."""
    service.is_stalled = True
    for _ in range(4):
        stalled = server.bundle(7)
    service.is_stalled = False
    server.bundle(7)
    server.bundle(8)

    assert stalled == Unreachable("The server cannot be reached (ReadTimeout).", is_cut_off=True, is_stalled=True)
    assert service.waits == [8, 32, 128, 300, 300, 8]
