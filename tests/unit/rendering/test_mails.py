"""Mails in six languages: every sentence has its translation, and every letter of every occasion can be written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from factories.events import make_event

from accredit.domain.messages import LANGUAGES, Kind
from accredit.rendering.calendars import meetings_opened
from accredit.rendering.mails import letters
from accredit.rendering.mails.catalog import TEXTS
from accredit.rendering.mails.letters import DOCUMENTS, MailFacts, letter_of
from accredit.rendering.mails.plain_words import REVIEWER, SENTENCES
from accredit.rendering.mails.sheets import as_html, as_text

ROOM = Path(letters.__file__).parent
_PLACE = re.compile(r"%\((\w+)\)s")
EVENT = make_event()
OTHERS = [language for language in LANGUAGES if language != "en"]


def _said() -> Iterator[str]:
    """Every sentence that the code says."""
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "say":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield str(first.value)


SENTENCES_OF_THE_CODE = frozenset([*_said(), *DOCUMENTS.values(), *SENTENCES.values(), REVIEWER])


def _translated(language: str) -> dict[str, str]:
    with (TEXTS / f"{language}.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale=language) if one.id and not one.fuzzy}


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_and_none_is_left_over(language: str) -> None:
    """The catalog and the code know the same sentences; each names the same things; each says something of its own."""
    told = _translated(language)
    assert set(told) == SENTENCES_OF_THE_CODE
    for english, other in told.items():
        assert other.strip(), english
        assert set(_PLACE.findall(english)) == set(_PLACE.findall(other)), english
        assert english.endswith(".") == other.endswith((".", "。")) or english.endswith((":", ",")), english


@pytest.mark.parametrize("language", OTHERS)
def test_every_catalog_says_that_it_is_a_draft(language: str) -> None:
    """Until a native reader has signed it."""
    assert "draft until a native reader" in (TEXTS / f"{language}.po").read_text("utf-8").splitlines()[0]


def _facts(kind: Kind, language: str, name: str = "Amara ADEYEMI") -> MailFacts:
    return MailFacts(
        kind=kind,
        language=language,
        event=EVENT,
        reference="K7QF-3M9P",
        name=name,
        organisation="Alpine & Sons <Forum>",
        link="https://passes.example.org/status/abc",
        meetings=meetings_opened(EVENT, ("hearing", "thematic")),
        hours=EVENT.pickup_windows,
        words="Please\nanswer." if kind is Kind.QUESTION else "",
        link_holds_until=EVENT.valid_from,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_text_and_page_say_the_same(kind: Kind, language: str) -> None:
    """Every paragraph of every letter stands in both, with the link; the page has the direction of its language."""
    letter = letter_of(_facts(kind, language))
    text, page = as_text(letter), as_html(letter)
    assert "K7QF-3M9P" in letter.subject
    for one in (*letter.paragraphs, *letter.after, letter.closing):
        assert one in text
        assert one.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in page
    for told in (text, page):
        assert "https://passes.example.org/status/abc" in told
        assert "%(" not in told
        assert "None" not in told
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page


def test_markup_in_a_name_stays_text() -> None:
    """Whatever somebody typed as a name or organisation is shown and never run."""
    page = as_html(letter_of(_facts(Kind.FOCAL_POINT_REQUEST, "en", "<img src=x onerror=alert(1)>")))
    assert "<img src=x" not in page
    assert "Alpine &amp; Sons &lt;Forum&gt;" in page


def test_days_and_hours_are_those_of_the_event_in_the_reader_s_language() -> None:
    """Pick-up and meetings, in the zone of the event."""
    assert "Wednesday, 11 October 2017, 08:00–17:00" in as_text(letter_of(_facts(Kind.APPROVED, "en")))
    assert "mercredi 11 octobre 2017, 08:00–17:00" in as_text(letter_of(_facts(Kind.APPROVED, "fr")))
    assert "2017年10月11日" in as_text(letter_of(_facts(Kind.APPROVED, "zh")))


def test_a_language_that_we_do_not_speak_is_english() -> None:
    """Nobody is left without a letter."""
    assert letter_of(_facts(Kind.RECEIVED, "xx")).greeting == "Dear Amara ADEYEMI,"
