"""Frames on their way to the decoder's own process: the newest first, and no picture can stop the gate."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from accredit.rendering.codes import qr_png
from scanner.frames import LARGEST_FRAME_BYTES, FrameDecoder, Seen, SeenKind

TEXT = "SEP1:" + "Z9" * 108

# A decoder that sees nothing, or something in "glimpse"; "die" ends it, "hang" answers nothing, "wait" waits for a file.
PUPPET = """
import json, os, sys, time
from multiprocessing.connection import Connection
pipe, log = Connection(int(sys.argv[-1])), open(sys.argv[1], "a", buffering=1)
while True:
    word = pipe.recv_bytes().decode()
    log.write(word + "\\n")
    if word == "Fdie": os._exit(1)
    if word == "Fhang": time.sleep(600)
    while word == "Fwait" and not os.path.exists(sys.argv[1] + ".go"): time.sleep(0.01)
    told = b"no json" if word == "Fnonsense" else json.dumps({"kind": "unclear" if word == "Fglimpse" else "nothing"}).encode()
    pipe.send_bytes(told)
"""


class Bench:
    """A decoder on a bench: what it said, what its puppet was asked, and a clock that a test moves."""

    def __init__(self, folder: Path) -> None:
        self.said: list[str] = []
        self.at = 0.0
        self.log = folder / "asked"
        self.log.touch()
        self._decoders: list[FrameDecoder] = []

    def puppet(self, patience_s: float = 60.0) -> FrameDecoder:
        command = (sys.executable, "-c", PUPPET, str(self.log))
        decoder = FrameDecoder(self.said.append, command=command, ticks=lambda: self.at, patience_s=patience_s)
        self._decoders.append(decoder)
        return decoder

    def real(self) -> FrameDecoder:
        decoder = FrameDecoder(self.said.append, patience_s=60.0)
        self._decoders.append(decoder)
        return decoder

    def asked(self) -> list[str]:
        return self.log.read_text().split()

    def close(self) -> None:
        for decoder in self._decoders:
            decoder.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def picture() -> bytes:
    out, page = io.BytesIO(), Image.new("L", (1280, 720), 150)
    page.paste(Image.open(io.BytesIO(qr_png(TEXT, dots=8))).resize((300, 300)), (480, 200))
    page.save(out, "JPEG")
    return out.getvalue()


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition that another thread or process brings about."""
    pause = threading.Event()
    while not condition():
        pause.wait(0.01)


def beside(work: Callable[[], Seen]) -> Callable[[], Seen]:
    """Do it in a thread of its own; what is returned waits for the answer."""
    answers: list[Seen] = []
    thread = threading.Thread(target=lambda: answers.append(work()))
    thread.start()

    def answer() -> Seen:
        thread.join()
        return answers[0]

    return answer


def test_a_frame_is_read_in_a_process_of_its_own(bench: Bench) -> None:
    """The text comes back; the process is another one."""
    decoder = bench.real()

    assert decoder.look("1", picture()) == Seen(SeenKind.READ, TEXT, "first")
    assert decoder.process_id not in (None, os.getpid())
    assert TEXT not in repr(decoder.look("1", picture()))


def test_an_odd_picture_stops_nothing(bench: Bench) -> None:
    """It is refused, and the next frame is read by the same process."""
    decoder = bench.real()
    refused = [decoder.look("1", content) for content in (b"", b"GIF89a", b"x" * (LARGEST_FRAME_BYTES + 1))]
    process = decoder.process_id

    assert refused == [Seen(SeenKind.REFUSED)] * 3
    assert decoder.look("1", picture()).kind is SeenKind.READ
    assert (decoder.process_id, bench.said) == (process, [])


def test_a_decoder_that_is_killed_is_started_again_and_that_is_said(bench: Bench) -> None:
    """One frame is lost with it; the next is read."""
    decoder = bench.real()
    assert decoder.look("1", picture()).kind is SeenKind.READ
    killed = decoder.process_id
    assert killed is not None
    os.kill(killed, signal.SIGKILL)

    assert decoder.look("1", picture()) == Seen(SeenKind.NO_DECODER)
    assert decoder.look("1", picture()).kind is SeenKind.READ
    assert len(bench.said) == 1
    assert "is started again now" in bench.said[0]


def test_a_decoder_that_dies_again_and_again_rests_between(bench: Bench) -> None:
    """The pause grows, and a frame that it answers ends that."""
    decoder = bench.puppet()
    for pause, when in ((0, "now"), (1, "in 1 s"), (3, "in 3 s"), (7, "in 7 s")):
        assert decoder.look("1", b"die").kind is SeenKind.NO_DECODER
        assert f"started again {when}" in bench.said[-1]
        bench.at += pause * 0.9
        asked = bench.asked()
        assert pause == 0 or decoder.look("1", b"x").kind is SeenKind.NO_DECODER
        assert bench.asked() == asked
        bench.at += pause * 0.2

    bench.at += 1
    assert decoder.look("1", b"x").kind is SeenKind.NOTHING
    assert decoder.look("1", b"die").kind is SeenKind.NO_DECODER
    assert "started again now" in bench.said[-1]


@pytest.mark.parametrize("word", [b"hang", b"nonsense"])
def test_a_decoder_that_does_not_answer_is_ended(bench: Bench, word: bytes) -> None:
    """Whatever keeps it, the next frame goes to a new one."""
    decoder = bench.puppet(patience_s=1.0 if word == b"hang" else 60.0)

    assert decoder.look("1", word).kind is SeenKind.NO_DECODER
    assert len(bench.said) == 1


def test_of_each_lane_only_the_newest_frame_waits(bench: Bench) -> None:
    """The older one is given back unseen, and lanes keep their turns."""
    decoder = bench.puppet()
    busy = beside(lambda: decoder.look("1", b"wait"))
    until(lambda: bench.asked() == ["Fwait"])
    older = beside(lambda: decoder.look("1", b"older"))
    until(lambda: "1" in decoder.waiting())
    other = beside(lambda: decoder.look("2", b"other"))
    until(lambda: "2" in decoder.waiting())
    newer = beside(lambda: decoder.look("1", b"newer"))

    assert older() == Seen(SeenKind.SUPERSEDED)
    Path(f"{bench.log}.go").touch()
    assert {busy().kind, newer().kind, other().kind} == {SeenKind.NOTHING}
    assert [word for word in bench.asked() if word[0] == "F"] == ["Fwait", "Fnewer", "Fother"]


def test_further_looks_are_skipped_while_a_frame_waits(bench: Bench) -> None:
    """Nobody waits for a second look at somebody else's badge."""
    decoder = bench.puppet()
    busy = beside(lambda: decoder.look("1", b"wait"))
    until(lambda: bench.asked() == ["Fwait"])
    other = beside(lambda: decoder.look("2", b"other"))
    until(lambda: "2" in decoder.waiting())
    Path(f"{bench.log}.go").touch()

    assert {busy().kind, other().kind} == {SeenKind.NOTHING}
    assert [word[0] for word in bench.asked()] == ["F", "F", "A"]


def test_a_frame_without_a_code_gets_one_further_look_another_each_time(bench: Bench) -> None:
    """Three frames see all that can be seen; where something was seen at first, one frame does."""
    decoder = bench.puppet()
    kinds = [decoder.look("1", content).kind for content in (b"a", b"b", b"c", b"glimpse")]

    asked = bench.asked()
    assert [word[0] for word in asked] == ["F", "A", "F", "A", "F", "A", "F", "A", "A", "A"]
    assert sorted(asked[1:6:2]) == sorted(asked[7:]) == ["Adoubled", "Asharpened", "Asmoothed"]
    assert kinds == [SeenKind.NOTHING] * 3 + [SeenKind.UNCLEAR]


def test_closing_lets_nobody_wait(bench: Bench) -> None:
    """Who waits is told that there is no decoder, and so is who comes later."""
    decoder = bench.puppet()
    busy = beside(lambda: decoder.look("1", b"wait"))
    until(lambda: bench.asked() == ["Fwait"])
    waits = beside(lambda: decoder.look("2", b"other"))
    until(lambda: "2" in decoder.waiting())
    closing = threading.Thread(target=decoder.close)
    closing.start()
    Path(f"{bench.log}.go").touch()
    closing.join()

    assert busy().kind is SeenKind.NOTHING
    assert waits().kind is SeenKind.NO_DECODER
    assert decoder.look("1", b"late").kind is SeenKind.NO_DECODER
    assert decoder.process_id is None
