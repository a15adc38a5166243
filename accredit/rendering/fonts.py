"""Which fonts are there, and which texts they can write.

A badge with an empty box instead of a letter is worse than one without the line, so every text is held against the
character maps of the installed fonts before it is laid out. Where nothing is installed, the fonts inside typst remain:
Latin, Greek and Cyrillic can always be printed.
"""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import typst
from fontTools.ttLib import TTFont, TTLibError
from fontTools.unicodedata import ot_tags_from_script, script, script_name

from accredit.rendering.embedded_fonts import embedded_covers

BASE_FAMILIES = ("Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial", "Helvetica", "Libertinus Serif")
"""What the words of the template itself are set in; the last one is inside typst and therefore always there."""

FIXED_WIDTH_FAMILY = "DejaVu Sans Mono"
"""For short codes and references, where O and 0 must differ; inside typst and therefore always there."""

_HAN_FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK JP", "PingFang SC", "Microsoft YaHei",
    "WenQuanYi Micro Hei", "Droid Sans Fallback", "Noto Serif CJK SC",
)  # fmt: skip
_PREFERRED = {
    "Arab": ("Noto Sans Arabic", "Noto Naskh Arabic", "DejaVu Sans"),
    **dict.fromkeys(("Hani", "Hira", "Kana", "Bopo", "Hang"), _HAN_FAMILIES),
}
# Scripts whose letters change with their neighbours: a font that merely has the letters writes them wrongly.
_SHAPED = frozenset(
    ("Arab", "Syrc", "Deva", "Beng", "Guru", "Gujr", "Orya", "Taml", "Telu", "Knda", "Mlym", "Sinh", "Khmr", "Mymr",
     "Tibt", "Mong", "Nkoo")
)  # fmt: skip
_UNREADABLE = (TTLibError, OSError, KeyError, ValueError, AttributeError, AssertionError)
_LAST_CHOICE = ("Symbol", "Math", "Music", "Emoji", "Mono", "Unjoined", "Display", "Last")

DOCTOR_SCRIPTS = {
    "Latin": "ABCxyz ÉłşẾ",
    "Greek": "Αθήνα",
    "Cyrillic": "Кузнєцова",
    "Arabic": "محمد پژوهش",
    "Hebrew": "דוד",
    "Chinese": "王小明張偉",
    "Japanese": "さとうケン",
    "Korean": "김민준",
    "Devanagari": "राजेश",
    "Bengali": "রহমান",
    "Gurmukhi": "ਸਿੰਘ",
    "Gujarati": "પટેલ",
    "Tamil": "குமார்",
    "Telugu": "రావు",
    "Kannada": "ಗೌಡ",
    "Malayalam": "നായർ",
    "Sinhala": "සිල්වා",
    "Thai": "สมชาย",
    "Lao": "ສົມ",
    "Khmer": "សុខ",
    "Myanmar": "အောင်",
    "Ethiopic": "ተስፋዬ",
    "Georgian": "გიორგი",
    "Armenian": "Արամ",
}
"""A few letters of each script that names come in, with those that plain fonts tend to lack."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face of one font; `path` is None for those inside typst."""

    family: str
    path: str | None
    index: int


@dataclass(frozen=True, slots=True)
class ScriptCoverage:
    """Whether names in `script` can be printed: `family` writes them, or None and `cure` says what to install."""

    script: str
    family: str | None
    cure: str


def system_font_folders() -> tuple[Path, ...]:
    """The folders where this machine keeps its fonts, those that exist."""
    home = Path.home()
    known = (
        Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts", home / ".fonts",
        Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts", Path("C:/Windows/Fonts"),
    )  # fmt: skip
    return tuple(folder for folder in known if folder.is_dir())


class FontBook:
    """The fonts in `folders` (searched with their subfolders) and those inside typst; nothing else, so that the same
    folders give the same badge on every machine.

    Opening the folders takes about 0.2 s with all Noto fonts and happens once, at the first question. A book may be
    shared between threads; keep one per process.
    """

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self.folders = tuple(folders)
        self._family_of: dict[str, str | None] = {}

    @cached_property
    def typst_fonts(self) -> typst.Fonts:
        """What a typst compiler takes as its fonts."""
        return typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in self.folders])

    @cached_property
    def base_family(self) -> str:
        """The family for all words that no other family is needed for."""
        return next(family for family in BASE_FAMILIES if family in self._faces)

    def family_of(self, character: str) -> str | None:
        """The family that writes `character`, the best for its script first; None when no font has it."""
        if character not in self._family_of:
            self._family_of[character] = next(self._candidates(character), None)
        return self._family_of[character]

    def missing(self, text: str) -> tuple[str, ...]:
        """The characters of `text` that no font can write, each once, in order."""
        return tuple(dict.fromkeys(c for c in text if is_inked(c) and self.family_of(c) is None))

    def missing_scripts(self, text: str) -> tuple[str, ...]:
        """The scripts of those characters by their English names, e.g. ("Arabic", "Han")."""
        return tuple(dict.fromkeys(script_name(script(character)) for character in self.missing(text)))

    def families_for(self, *texts: str) -> tuple[str, ...]:
        """The families to set `texts` in: the base family, then the others in the order in which letters need them."""
        needed = (self.family_of(c) for text in texts for c in text if is_inked(c))
        return tuple(dict.fromkeys([self.base_family, *(family for family in needed if family)]))

    def coverage(self) -> tuple[ScriptCoverage, ...]:
        """For each script that names come in whether it can be printed; for `accredit doctor`."""
        return tuple(self._coverage_of(name, letters) for name, letters in DOCTOR_SCRIPTS.items())

    def _coverage_of(self, name: str, letters: str) -> ScriptCoverage:
        if self.missing(letters):
            package = "fonts-noto-cjk" if name in ("Chinese", "Japanese", "Korean") else "fonts-noto-core"
            return ScriptCoverage(name, None, f"install the Debian package {package}, or any font that has {name}")
        return ScriptCoverage(name, self.families_for(letters)[-1], "")

    @cached_property
    def _faces(self) -> dict[str, Face]:
        """One upright face of regular weight a family: the others of the family cover the same letters."""
        fonts = sorted(
            self.typst_fonts.fonts(), key=lambda f: (f.family, f.style != "normal", abs(f.weight - 400), f.path or "")
        )
        faces: dict[str, Face] = {}
        for font in fonts:
            faces.setdefault(font.family, Face(font.family, font.path, font.index))
        return faces

    @cached_property
    def _by_last_choice(self) -> tuple[str, ...]:
        return tuple(sorted(self._faces, key=lambda family: (any(word in family for word in _LAST_CHOICE), family)))

    def _candidates(self, character: str) -> Iterator[str]:
        for family in dict.fromkeys((*_preferred(character), self.base_family, *BASE_FAMILIES, *self._by_last_choice)):
            if family in self._faces and _covers(self._faces[family], character):
                yield family


def is_inked(character: str) -> bool:
    """Whether a font must have `character`: spaces, controls, joiners and variation marks need no glyph."""
    if unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
        return False
    return not "\ufe00" <= character <= "\ufe0f"


def scripts_of(text: str) -> frozenset[str]:
    """The English names of the scripts that `text` is written in, punctuation and digits left aside."""
    codes = {script(character) for character in text}
    return frozenset(script_name(code) for code in codes - {"Zyyy", "Zinh", "Zzzz"})


def _preferred(character: str) -> Iterable[str]:
    code = script(character)
    if code in ("Latn", "Zyyy", "Zinh", "Zzzz"):
        return ()
    name = script_name(code)
    return _PREFERRED.get(code, ("Noto Sans", f"Noto Sans {name}", f"Noto Serif {name}"))


def _covers(face: Face, character: str) -> bool:
    code = script(character)
    if face.path is None:
        return code not in _SHAPED and embedded_covers(face.family, character)
    points = _code_points(face.path, face.index)
    at = bisect_left(points, ord(character))
    if at == len(points) or points[at] != ord(character):
        return False
    return code not in _SHAPED or not _shaped_scripts(face.path, face.index).isdisjoint(ot_tags_from_script(code))


@cache
def _code_points(path: str, index: int) -> array[int]:
    """The sorted code points of one face; an array, because a set of all of a Chinese font takes 4 MB."""
    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            return array("I", sorted(font.getBestCmap() or ()))
    except _UNREADABLE:
        return array("I")


@cache
def _shaped_scripts(path: str, index: int) -> frozenset[str]:
    """The OpenType tags of the scripts that the face has substitution rules for."""
    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            return frozenset(record.ScriptTag for record in font["GSUB"].table.ScriptList.ScriptRecord)
    except _UNREADABLE:
        return frozenset()
