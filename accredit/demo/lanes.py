"""A lane at work: the real scanner process, fed line by line, answering with a verdict for each."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from accredit.demo.stage import SceneFailed, Stage

_AT_ONCE = 40  # lines in the pipe before answers are read; well below what a pipe holds


@dataclass
class Lane:
    """One `accredit-scanner check` process."""

    name: str
    process: subprocess.Popen[str]
    verdicts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def open(cls, stage: Stage, scanner: str, checkpoint: str, lane: str, officer: str) -> Lane:
        """Starts the process of a lane of a scanner; the demonstration types its lines, no reader does."""
        arguments = (
            "check",
            "--json",
            "--words-from-stdin",
            "--checkpoint",
            checkpoint,
            "--lane",
            lane,
            "--officer",
            officer,
        )
        environment = stage.scanner_environment(scanner)
        process = stage.start("scanner.cli", *arguments, environment=environment, log=f"check-{scanner}-{lane}")
        return cls(f"{checkpoint}/{lane}", process)

    def scan(self, codes: Iterable[str]) -> list[dict[str, Any]]:
        """The verdicts on these codes, in their order."""
        waiting = list(codes)
        answers: list[dict[str, Any]] = []
        for start in range(0, len(waiting), _AT_ONCE):
            some = waiting[start : start + _AT_ONCE]
            self.present(some)
            answers += self.answers(len(some))
        return answers

    def present(self, codes: Sequence[str]) -> None:
        """Hands codes in without waiting for an answer."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write("".join(f"{code}\n" for code in codes))
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self._gone() from None

    def _gone(self) -> SceneFailed:
        return SceneFailed(f"the scanner at {self.name} ended with {self.process.wait()}; see the logs")

    def answers(self, count: int) -> list[dict[str, Any]]:
        """The next verdicts; a note in between is passed over."""
        assert self.process.stdout is not None
        found: list[dict[str, Any]] = []
        while len(found) < count:
            line = self.process.stdout.readline()
            if not line:
                raise self._gone()
            told = json.loads(line)
            if "verdict" in told:
                found.append(told)
                self.verdicts[told["verdict"]] += 1
        return found
