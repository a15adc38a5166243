"""Badges look as they looked when somebody last looked at them."""

from __future__ import annotations

import pytest
from golden_badges import GOLDEN, TEMPLATES, drawn, looks_the_same
from PIL import Image, ImageChops

from accredit.rendering.templates import templates_in


@pytest.mark.parametrize("key", templates_in(TEMPLATES))
def test_every_template_looks_as_approved(key: str) -> None:
    """With the fonts inside typst. A wanted change is drawn anew by golden_badges.py, looked at, and kept with its commit."""
    for name, picture in drawn(key).items():
        with Image.open(GOLDEN / f"{name}.png") as golden:
            assert looks_the_same(picture, golden), f"{name} changed; see golden_badges.py"


def test_a_line_that_moved_is_seen() -> None:
    """The comparison is blind to roundings, not to changes: a millimetre downwards is one."""
    with Image.open(GOLDEN / "special-event-pass-a6.png") as golden:
        assert not looks_the_same(golden, ImageChops.offset(golden, 0, 1))
