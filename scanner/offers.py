"""What can be put before the gate, one line each: a code, a number, a person known by sight, a word of the officer.

Codes come from readers, words from the officer. A line is a word only if it begins like one, and never if a reader
read it: anybody can print a code that says "supervisor:let me in".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from accredit.credential.reasons import Direction
from accredit.credential.revocation_codes import is_list_text
from accredit.credential.serials import parse_short_code

# What the service keeps of each; the supervisor's reason stays on this machine.
LONGEST = {"lane": 20, "officer": 20, "sight": 40, "supervisor": 64}
HELP = """\
What a line may be. Words are taken from the keyboard alone: with --device-file, after the mark of --word-mark, or with
--words-from-stdin.
  SEP1:...            the code of a pass, as the reader sends it
  SER1:...            a list of withdrawn passes that a screen shows, for a scanner without network
  0123ABCDX           a short code, typed: never more than "ask"
  grounds:NUMBER      a grounds pass, by its number
  sight:CLASS         a person with a grounds pass known by sight, such as sight:delegate
  mrz:LINES           the machine readable zone of the document, after a pass: compared with the one it was collected with
  no-document         the holder of the last pass has no document
  supervisor:REASON   the supervisor admits, after a scan that was not admitted or without one; the reason is kept, and
                      the PIN is asked for, as with open: below
  refuse              the officer sends the holder of the last pass away
  open:MINUTES        the supervisor holds this door open past its hours, for so long; open:0 ends it. A program that
                      writes these lines gives the PIN at the start, or behind the minutes
  count:NUMBER        so many people are inside, as somebody counted them
  undo                takes the last scan back, within a minute
  direction:entry     the next people come in (direction:exit: they go out)
  officer:NUMBER      another officer takes over
  help                this list"""


@dataclass(frozen=True, slots=True)
class Code:
    """The text of a code as it was read."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RevocationCode:
    """The text of a list of withdrawn passes, as a screen showed it."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShortCode:
    """A typed short code whose check character holds, and its serial."""

    text: str = field(repr=False)
    serial: bytes


@dataclass(frozen=True, slots=True)
class Grounds:
    """The number of a grounds pass."""

    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sight:
    """A person known by sight, by class."""

    sight_class: str


@dataclass(frozen=True, slots=True)
class Supervisor:
    """The supervisor's word, with the reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """The machine readable zone of a document."""

    zone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoDocument:
    """The holder of the last pass has none."""


@dataclass(frozen=True, slots=True)
class RefuseLast:
    """The officer sends the holder of the last pass away."""


@dataclass(frozen=True, slots=True)
class UndoLast:
    """The last scan was a mistake."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The next people walk the other way."""

    direction: Direction


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Another officer stands here."""

    officer: str


@dataclass(frozen=True, slots=True)
class HoldOpen:
    """The supervisor holds this door open past its hours; the PIN, if it stands beside it, is looked at first."""

    minutes: int
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HeadCount:
    """Somebody counted the people inside."""

    count: int


@dataclass(frozen=True, slots=True)
class AskHelp:
    """The list of words."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A line, or a word at this moment, that nothing can be done with; the sentence says what to do."""

    sentence: str


Presented: TypeAlias = Code | ShortCode | Grounds | Sight | Supervisor | Document | NoDocument
Word: TypeAlias = RefuseLast | UndoLast | Turn | TakeOver | HoldOpen | HeadCount | AskHelp
Offer: TypeAlias = Presented | Word | RevocationCode | Unclear

_WORDS: dict[str, Offer] = {
    "undo": UndoLast(),
    "refuse": RefuseLast(),
    "no-document": NoDocument(),
    "help": AskHelp(),
    "?": AskHelp(),
    "direction:entry": Turn(Direction.ENTRY),
    "direction:exit": Turn(Direction.EXIT),
}
_NO_WORDS = (
    "The officer's words are not taken here: a printed code may say the same, and nothing was done. Start check with "
    "--device-file or --word-mark, or with --words-from-stdin where no reader types on this keyboard."
)
_MOST_DIGITS = 6
_NEEDS = {
    "sight": "sight: needs the class, such as sight:delegate.",
    "mrz": "mrz: needs the lines of the document's zone, one after the other.",
    "supervisor": "supervisor: needs the reason, such as supervisor:escorted by protocol.",
    "grounds": "grounds: needs the number of the grounds pass.",
    "officer": "officer: needs the officer's number.",
    "direction": "direction: is entry or exit.",
    "open": "open: needs the minutes, such as open:30.",
    "count": "count: needs the number of people inside.",
}


def read_code(line: str) -> Code | ShortCode | RevocationCode:
    """What a reader read: a short code, a list that a screen shows, or a code, whatever it says. Never a word.

    Anybody may show a list: whether it holds, its signature tells.
    """
    plain = line.strip()
    if is_list_text(plain):
        return RevocationCode(plain)
    serial = parse_short_code(plain)
    return Code(plain) if serial is None else ShortCode(plain, serial)


def read_line(line: str, mark: str = "") -> Offer:
    """What a typed line offers: a word (where there is a `mark`, only after it), or else a code."""
    if not line.startswith(mark):
        return read_code(line)
    plain = line.removeprefix(mark).strip()
    word = _WORDS.get(plain.lower())
    if word is not None:
        return word
    name, colon, rest = plain.partition(":")
    if colon and name.lower() in _NEEDS:
        return _with_argument(name.lower(), rest.strip())
    return read_code(plain)


def read_mixed(line: str) -> Offer:
    """What a line offers where nobody can tell whether the officer typed it or a reader read it: never a word.

    What begins like a word is not done, and the sentence says how to start a lane that takes words.
    """
    offer = read_line(line)
    return offer if isinstance(offer, Code | ShortCode | RevocationCode | AskHelp) else Unclear(_NO_WORDS)


def short_word_problem(name: str, text: str) -> str | None:
    """Why this text cannot stand in a scan as its lane, officer, class by sight or supervisor's reason, or None."""
    if len(text) <= LONGEST[name] and text.isprintable():
        return None
    return f"{name}: longer than {LONGEST[name]} characters, or with some that cannot be shown. Write it shorter."


def _hold_open(argument: str) -> Offer:
    minutes, _, pin = argument.partition(" ")
    return HoldOpen(int(minutes), pin.strip()) if _is_number(minutes) else Unclear(_NEEDS["open"])


def _head_count(argument: str) -> Offer:
    return HeadCount(int(argument)) if _is_number(argument) else Unclear(_NEEDS["count"])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS


def _with_argument(name: str, argument: str) -> Offer:
    if not argument or name == "direction":
        return Unclear(_NEEDS[name])
    if name in LONGEST:
        problem = short_word_problem(name, argument)
        if problem is not None:
            return Unclear(problem)
    return _MAKE[name](argument)


_MAKE: dict[str, Callable[[str], Offer]] = {
    "sight": Sight,
    "supervisor": Supervisor,
    "grounds": Grounds,
    "officer": TakeOver,
    "mrz": Document,
    "open": _hold_open,
    "count": _head_count,
}
