"""What the matcher says of a name, as a sentence that findings keep and pages translate."""

from __future__ import annotations

from accredit.domain.sentences import Told
from accredit.matching.sentences import Sentence


def told_of(flag: str) -> str:
    """The same sentence with its pattern; what has none stays as it is."""
    if not isinstance(flag, Sentence):
        return flag
    return Told(flag.pattern, **{name: _told(value) for name, value in flag.values.items()})


def _told(value: object) -> object:
    return told_of(value) if isinstance(value, Sentence) else value
