"""Readers, seals, addresses and replies, each by itself."""

from __future__ import annotations

import json
import os

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.enrol import in_qr
from scanner.offers import AskHelp, Code, Offer, Sight, Unclear, read_line
from scanner.readers import LONGEST_LINE, offers_of
from scanner.replies import note_as_json, span
from scanner.sealing import PinCost, pin_problem, seal, seal_with_pin, unseal, unseal_with_pin
from scanner.server import Problem, Server, Unreachable, address_problem

SECRET = b"s" * 32
CHEAP = PinCost(passes=1, memory_kib=8)


def read(content: bytes, device: bytes | None = None, mark: str = "", *, words: bool = False) -> list[Offer]:
    """What comes out of a keyboard with this content, and of a reader beside it."""
    keyboard = pipe(content)
    reader = None if device is None else pipe(device)
    offers = list(offers_of(keyboard, reader, mark, words=words))
    for handle in filter(None, (keyboard, reader)):
        os.close(handle)
    return offers


def pipe(content: bytes) -> int:
    """The reading end of a pipe with this content, which fits into it."""
    out, into = os.pipe()
    os.write(into, content)
    os.close(into)
    return out


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"one\ntwo\n", ["one", "two"]),
        (b"one\r\ntwo\rthree\tfour", ["one", "two", "three", "four"]),
        (b"\n\n  \n", []),
        (b"\xff\n", ["\ufffd"]),
        (b"x" * 9000 + b"\nnext\n", ["x" * LONGEST_LINE, "next"]),
    ],
)
def test_readers_end_their_lines_as_they_like(content: bytes, lines: list[str]) -> None:
    """CR, LF, both, a tab, or the end; a stuck key fills no memory."""
    assert read(content) == [Code(line) for line in lines]


def test_a_code_that_says_a_word_is_a_code() -> None:
    """Whatever is printed on a badge, only the officer's keyboard speaks for the officer."""
    offers = read(b"undo\n", device=b"sight:staff\rsupervisor:let me in\rundo\r")

    assert sorted(map(str, offers)) == ["Code()", "Code()", "Code()", "UndoLast()"]


def test_a_reader_on_the_officers_keyboard_speaks_no_word_without_the_mark() -> None:
    """The mark is the officer's secret of the day."""
    assert read(b"sight:staff\n#7 sight:staff\n#7 SEP1:X\n", mark="#7") == [
        Code("sight:staff"), Sight("staff"), Code("SEP1:X")]  # fmt: skip


WORDS = (
    "sight:delegate",
    "supervisor:let me in",
    "grounds:GVA-1",
    "mrz:P<",
    "officer:7",
    "direction:exit",
    "undo",
    "refuse",
    "no-document",
    "SIGHT:staff",
    "sight:",
)


@pytest.mark.parametrize("word", WORDS)
def test_a_keyboard_that_may_be_a_reader_speaks_no_word(word: str) -> None:
    """A printed code must not act as the officer where nobody said that no reader types there."""
    (offer,) = read(f"{word}\n".encode())
    assert isinstance(offer, Unclear)
    assert "--words-from-stdin" in offer.sentence
    assert read(f"{word}\n".encode(), words=True) == [read_line(word)]


def test_a_keyboard_that_may_be_a_reader_still_reads_codes() -> None:
    """Codes, typed short codes and the list of the words need nobody's word."""
    assert read(b"SEP1:X\nhelp\n") == [Code("SEP1:X"), AskHelp()]


@given(st.binary(max_size=200), st.text(max_size=20))
def test_a_seal_opens_with_its_own_secret_and_label_alone(plain: bytes, label: str) -> None:
    """Another secret, another label or a changed byte opens nothing."""
    sealed = seal(SECRET, label, plain, os.urandom)

    assert unseal(SECRET, label, sealed) == plain
    assert unseal(b"t" * 32, label, sealed) is None
    assert unseal(SECRET, label + "x", sealed) is None
    assert unseal(SECRET, label, sealed[:-1] + bytes([sealed[-1] ^ 1])) is None


@pytest.mark.parametrize("sealed", [b"", b"short", b"\x00" * 27])
def test_what_was_never_sealed_opens_nothing(sealed: bytes) -> None:
    """It fails closed."""
    assert unseal(SECRET, "label", sealed) is None


def test_the_pin_needs_the_device_and_the_device_the_pin() -> None:
    """Each alone opens nothing, and two seals of one key differ."""
    one, two = (seal_with_pin(b"k" * 32, "12345678", SECRET, os.urandom, CHEAP) for _ in range(2))

    assert unseal_with_pin(one, "12345678", SECRET) == b"k" * 32
    assert unseal_with_pin(one, "12345679", SECRET) is None
    assert unseal_with_pin(one, "12345678", b"t" * 32) is None
    assert one.sealed != two.sealed


def test_a_pin_of_eight_digits_will_do() -> None:
    """More is better."""
    assert pin_problem("20171011") is None
    assert pin_problem("2017101") is not None


@pytest.mark.parametrize(
    "url",
    ["https://gate.example.org", "https://gate.example.org:8443/sub", "http://127.0.0.1:8000", "http://localhost:1"],
)
def test_https_and_this_machine_will_do(url: str) -> None:
    """A service may stand under a path of its own."""
    assert address_problem(url) is None


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (403, b'{"code": "device_switched_off", "detail": "Off."}', Problem(403, "device_switched_off", "Off.")),
        (500, b"<html>", Problem(500, "", "The server answered with status 500.")),
        (302, b"", Problem(302, "", "The server answered with status 302.")),
        (400, b'{"title": "a\\u001b[31mb"}', Problem(400, "", "a [31mb")),
        (
            200,
            b"{not json",
            Unreachable("The server's answer to the upload cannot be read; the scans will be sent again."),
        ),
        (
            200,
            b'{"results": 1}',
            Unreachable("The server's answer to the upload cannot be read; the scans will be sent again."),
        ),
    ],
)
def test_every_answer_of_a_server_is_a_value(status: int, body: bytes, expected: object) -> None:
    """A problem keeps its sentence, without characters that would move the cursor."""
    server = Server("http://127.0.0.1", "t", httpx.MockTransport(lambda _: httpx.Response(status, content=body)))

    assert server.upload(b"") == expected
    server.close()


def test_an_answer_without_end_is_cut() -> None:
    """A small compressed answer that unpacks to gigabytes fills no memory."""
    import gzip

    bomb = gzip.compress(b"\x00" * 8_000_000)
    reply = httpx.Response(200, content=bomb, headers={"Content-Encoding": "gzip"})
    server = Server("http://127.0.0.1", "t", httpx.MockTransport(lambda _: reply))

    assert server.photo(b"12345") == Unreachable("The server's answer is larger than it may be.")
    server.close()


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (200_000, "2 d")]
)
def test_ages_are_short(seconds: int, text: str) -> None:
    """One number and a unit."""
    assert span(seconds) == text


def test_a_note_is_one_line_of_json() -> None:
    """Whatever stands in it."""
    told = note_as_json("one\ntwo")

    assert "\n" not in told
    assert json.loads(told) == {"note": "one\ntwo"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SEN1:ABCD-EFGH-JKMN@https://accredit.example.org", ("https://accredit.example.org", "ABCD-EFGH-JKMN")),
        (" SEN1:ABCD@http://127.0.0.1:8000\n", ("http://127.0.0.1:8000", "ABCD")),
        ("ABCD-EFGH-JKMN", None),
        ("SEN1:ABCD-EFGH-JKMN", None),
        ("", None),
    ],
)
def test_the_qr_code_of_an_enrolment_holds_address_and_code(text: str, told: tuple[str, str] | None) -> None:
    """A code that is typed is no such text."""
    assert in_qr(text) == told
