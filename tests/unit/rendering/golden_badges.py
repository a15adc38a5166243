"""Small pictures of the samples, kept in `golden/`: `python tests/unit/rendering/golden_badges.py` draws them anew.

Drawn with the fonts inside typst alone, so that every machine draws the same. Compared are not pixels but the darkness
of small squares: a rounding of another processor passes, a line that moved or a word that changed does not.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image, ImageChops

TEMPLATES = Path(__file__).resolve().parents[3] / "badge_templates"
GOLDEN = Path(__file__).with_name("golden")
PPI = 100
SQUARE = 4
_DARKEST_DIFFERENCE = 40


def drawn(key: str) -> dict[str, Image.Image]:
    """One picture a size of the template: all its samples below one another, in grey."""
    from accredit.rendering.badges import Format, render, sample_facts
    from accredit.rendering.fonts import FontBook
    from accredit.rendering.templates import load_template

    template = load_template(TEMPLATES / key)
    pictures = {}
    for size in template.sizes:
        samples = sample_facts(template.samples)
        rendered = render(template, samples, size=size, fonts=FontBook(), fmt=Format.PNG, ppi=PPI)
        pages = [Image.open(io.BytesIO(page)).convert("L") for page in rendered.images]
        strip = Image.new("L", (pages[0].width, sum(page.height for page in pages)), 255)
        top = 0
        for page in pages:
            strip.paste(page, (0, top))
            top += page.height
        pictures[f"{key}-{size}"] = strip.reduce(SQUARE)
    return pictures


def difference(one: Image.Image, other: Image.Image) -> int:
    """The greatest difference of darkness between two squares at the same place, 0 to 255; 255 for other sizes."""
    if one.size != other.size:
        return 255
    return int(ImageChops.difference(one, other).getextrema()[1])


def looks_the_same(one: Image.Image, other: Image.Image) -> bool:
    """Whether the eye would see no difference."""
    return difference(one, other) <= _DARKEST_DIFFERENCE


if __name__ == "__main__":
    sys.path.insert(0, str(TEMPLATES.parent))
    GOLDEN.mkdir(exist_ok=True)
    for folder in sorted(TEMPLATES.glob("*/template.toml")):
        for name, picture in drawn(folder.parent.name).items():
            picture.save(GOLDEN / f"{name}.png", optimize=True)
