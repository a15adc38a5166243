"""An eye for printed pages: what a printer would put on paper, what stands there, and what a reader reads."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image

TEMPLATES = Path(__file__).resolve().parents[3] / "badge_templates"


def pages_of(document: bytes, dpi: int = 300) -> list[Image.Image]:
    """The pages of a PDF as a printer of `dpi` would see them."""
    with pypdfium2.PdfDocument(document) as pdf:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in pdf]


def texts_of(document: bytes) -> list[str]:
    """What is written on each page, on one line."""
    with pypdfium2.PdfDocument(document) as pdf:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]


def codes_on(page: Image.Image) -> dict[str, zxingcpp.Barcode]:
    """The codes that a gate's reader finds on a page, by the name of their format."""
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])
    return {found.format.name: found for found in zxingcpp.read_barcodes(page, formats=formats)}
