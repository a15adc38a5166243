"""A letter as text and as HTML. Both say the same; the HTML has no picture but the code that comes along, and no script."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from accredit.rendering.mails.letters import Letter

CODE_ID = "confirmation-code"
"""By this name the HTML asks for the picture of the code (RFC 2392)."""

_LAYOUTS = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parent / "layouts"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def as_text(letter: Letter) -> str:
    """Plain text; a line is a paragraph, and the reader's program breaks it."""
    return _LAYOUTS.get_template("letter.txt").render(letter=letter)


def as_html(letter: Letter) -> str:
    """HTML in the direction of its language."""
    return _LAYOUTS.get_template("letter.html").render(letter=letter, code_id=CODE_ID)
