"""Every look of the page, bright and dark, on a laptop and a phone: what axe minds, and what would be cut off."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from kiosk_site import KioskSite
from playwright.sync_api import Page, expect

from accredit.credential.reasons import CheckpointKind, Direction, Reason, Source, judge
from accredit.credential.sealing import RosterLine
from scanner.journal import Entry
from scanner.kiosk.answers import told
from scanner.outcomes import NotReady, Outcome, Shown

pytestmark = pytest.mark.soak  # each look is looked at twice by axe

_WHO = RosterLine("ADEYEMI-OLUWASEUN FOLASADE", "International Federation of Red Cross and Red Crescent Societies")
# What is refused before anything in the code may be believed names nobody.
_OF_NOBODY = {Reason.MALFORMED, Reason.UNKNOWN_KEY, Reason.BAD_SIGNATURE, Reason.CONFIRMATION_NOT_PASS}
_FITS = "(() => { const v = document.getElementById('verdict'); return v.scrollHeight <= v.clientHeight + 1 })()"


def _answers(language: str) -> list[dict[str, object]]:
    """One answer of each reason, and those that are no verdict."""
    outcomes = [_outcome(reason) for reason in Reason]
    shut = [NotReady("x", is_unwritten=True, on_paper=12), NotReady("x", is_switched_off=True)]
    zone = ZoneInfo("Europe/Zurich")
    return [told(each, None, language, zone, has_names=False) for each in (*outcomes, *shut)]


def _outcome(reason: Reason) -> Outcome:
    kind = CheckpointKind.SITE
    entry = Entry(
        UUID(int=7 << 76 | 2 << 62), b"p12345", "pregny", kind, "1", "417", Direction.ENTRY, Source.CODE,
        judge(reason, kind, True).verdict, reason, b"12345", 1, None, None, None, 0, 0, 0, 1, None, 0, "",
    )  # fmt: skip
    who = None if reason in _OF_NOBODY else _WHO
    return Outcome(entry, Shown(5, True, True, ("other_gates",)), who, is_repeat=False)


@pytest.mark.parametrize("theme", ["bright", "dark"])
def test_every_look_can_be_read(
    site: KioskSite, laptop: Page, no_axe_violations: Callable[[Page], None], theme: str
) -> None:
    """Contrast and roles of each look; on a laptop nothing of a verdict has to be scrolled to, in French as well."""
    laptop.add_init_script(f"localStorage.setItem('theme', {json.dumps(theme)})")
    site.begin(laptop)
    seen = set()
    for language in ("en", "fr"):
        for answer in _answers(language):
            laptop.evaluate("async (answer) => (await import('/static/showing.js')).show(answer)", answer)
            expect(laptop.locator("#word")).to_have_text(str(answer["word"]))
            assert laptop.evaluate(_FITS), answer
            if answer["look"] not in seen:
                no_axe_violations(laptop)
            seen.add(answer["look"])
    assert seen >= {"admit", "ask", "refuse", "undone", "paper", "off"}


def test_no_look_is_wider_than_a_phone(site: KioskSite, phone: Page) -> None:
    """No word is cut off at the edge."""
    site.begin(phone)
    for language in ("en", "fr"):
        for answer in _answers(language):
            phone.evaluate("async (answer) => (await import('/static/showing.js')).show(answer)", answer)
            expect(phone.locator("#word")).to_have_text(str(answer["word"]))
            assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), answer
            assert phone.evaluate("document.getElementById('verdict').scrollWidth <= innerWidth"), answer


def test_the_files_of_the_page_are_ours_alone() -> None:
    """Nothing is loaded from elsewhere."""
    import scanner.kiosk

    folder = Path(scanner.kiosk.__file__).parent
    for path in (*folder.glob("static/*"), *folder.glob("templates/*")):
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text.replace("http://{{", ""), path
        assert "//cdn" not in text, path
