"""Letters and photos that people upload: small, well formed, of nobody."""

from __future__ import annotations

import io
from functools import cache

import typst
from PIL import Image

from accredit.rendering.photos import stand_in_portrait


@cache
def pdf_of_pages(count: int = 1) -> bytes:
    """A PDF of so many pages."""
    pages = "\n#pagebreak()\n".join(f"To whom it may concern, page {number}" for number in range(1, count + 1))
    made: bytes = typst.compile(pages.encode(), format="pdf")
    return made


@cache
def portrait(kind: str = "JPEG", width: int = 300, height: int = 400) -> bytes:
    """A drawn head and shoulders."""
    picture = Image.open(io.BytesIO(stand_in_portrait(3, width=width, height=height)))
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()
