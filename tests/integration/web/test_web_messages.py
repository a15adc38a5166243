"""The texts of the pages: each can be translated, and each is, in every language of its readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import accredit.web
from accredit.credential.reasons import Reason, Verdict
from accredit.domain.applications import AffiliationKind, ApplicationState
from accredit.domain.assessments import FindingOutcome, Outcome, Rule
from accredit.domain.passes import PassState
from accredit.domain.permissions import Role
from accredit.identity.documents import DocumentType
from accredit.web.languages import CATALOGS, DRAFTS, ENGLISH, OF_THE_STAFF, catalog, path_of
from accredit.web.shown import DOCUMENTS
from accredit.web.words import WORDS

WEB = Path(accredit.web.__file__).parent
TEXTS = WEB / "translations"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "lazy_ngettext": (1, 2)}
WANTED = [("applicant", key) for key in sorted(DRAFTS)] + [("staff", key) for key in OF_THE_STAFF if key != ENGLISH]


@cache
def _extracted(name: str) -> dict[str | tuple[str, ...], str]:
    """Each text of one catalog's readers, with a file in which it stands."""
    with (TEXTS / f"{name}.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found: dict[str | tuple[str, ...], str] = {}
    for place, _line, text, _comments, _context in extract_from_dir(
        str(WEB), methods, options, keywords=KEYWORDS, strip_comment_tags=True
    ):
        found[text if isinstance(text, str) else tuple(text)] = place
    return found


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)[sd]", text))


def _told(message: Message | None) -> tuple[str, ...]:
    """All forms of a translation; none where one is missing or not sure."""
    if message is None or message.fuzzy:
        return ()
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return forms if all(forms) else ()


@pytest.mark.parametrize(("name", "language"), WANTED)
def test_every_text_is_translated(name: str, language: str) -> None:
    """No text is missing, unsure, or left over; `make messages` brings new ones into the files."""
    with path_of(language, name).open("rb") as file:
        held = read_po(file, locale=language)
    wanted = _extracted(name)
    assert [(text, place) for text, place in wanted.items() if not _told(held.get(text))] == []
    assert [message.id for message in held if message.id and message.id not in wanted] == []
    assert not held.obsolete


@pytest.mark.parametrize(("name", "language"), WANTED)
def test_every_translation_names_what_the_text_names(name: str, language: str) -> None:
    """A placeholder that was lost would lose a date or a name; one that was mistyped would break the page."""
    with path_of(language, name).open("rb") as file:
        held = read_po(file, locale=language)
    wrong = []
    for message in held:
        one, more = (message.id, message.id) if isinstance(message.id, str) else message.id
        for form in _told(message) if one else ():
            if not _placeholders(form) <= _placeholders(one) | _placeholders(more):
                wrong.append(form)
            if isinstance(message.id, str) and _placeholders(form) != _placeholders(one):
                wrong.append(form)
            if re.search(r"%(?!\(\w+\)[sd]|%)", form):
                wrong.append(form)
    assert wrong == []


@pytest.mark.parametrize("language", sorted(DRAFTS))
def test_a_text_that_both_read_is_translated_once(language: str) -> None:
    """What stands in both catalogs of a language says the same in both."""
    told: dict[object, object] = {}
    for name in CATALOGS:
        if path_of(language, name).is_file():
            with path_of(language, name).open("rb") as file:
                for message in read_po(file, locale=language):
                    if message.id:
                        assert told.setdefault(message.id, message.string) == message.string, message.id


@pytest.mark.parametrize(("name", "language"), WANTED)
def test_every_file_says_that_it_is_a_draft(name: str, language: str) -> None:
    """Until a native reader has signed it; then the language leaves `languages.DRAFTS` and the head of the file."""
    head = path_of(language, name).read_text("utf-8").splitlines()[0]
    assert "Draft until a native reader has signed it." in head


def test_a_date_in_digits_keeps_its_order_from_right_to_left() -> None:
    """After Arabic letters 1980-05-31 is shown as 31-05-1980, unless a mark of direction stands before it."""
    with path_of("ar", "applicant").open("rb") as file:
        told = [form for message in read_po(file, locale="ar") if message.id for form in _told(message)]
    assert [form for form in told if re.search(r"(?<![\u200e\w-])\d+-\d", form)] == []


def test_plurals_follow_the_language() -> None:
    """Russian has three forms and Arabic six; each number takes its own."""
    told = {
        key: [
            catalog(key).ngettext("Please mend one thing", "Please mend %(num)d things", count) for count in (1, 2, 5)
        ]
        for key in ("ru", "ar", "zh")
    }
    assert [len(set(forms)) for forms in told.values()] == [3, 3, 1]


def test_each_file_is_read_for_one_catalog() -> None:
    """What the one mapping names, the other leaves out, so that no text is forgotten between them."""
    told = {name: (TEXTS / f"{name}.cfg").read_text("utf-8") for name in CATALOGS}
    named = re.findall(r"^\[(?:jinja2|python): (.+)\]$", told["applicant"], flags=re.MULTILINE)
    left_out = re.findall(r"^\[ignore: (.+)\]$", told["staff"], flags=re.MULTILINE)
    assert named == left_out


# What is not a text of ours


class _Words(HTMLParser):
    """The words of a template that stand in the page itself."""

    SHOWN = frozenset({"alt", "title", "placeholder", "aria-label", "label"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in self.SHOWN]


_NOT_OURS = {"accredit", "UTC"}
# Settings of the layout, and commands, which are the same in every language.
_ASIDE = re.compile(r"\{#.*?#\}|\{% block wide %\}.*?\{% endblock %\}|<code.*?</code>", flags=re.DOTALL)


def _untranslated(path: Path) -> Iterator[str]:
    source = _ASIDE.sub("", path.read_text("utf-8"))
    # What Jinja writes becomes a sign that is no word.
    plain = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "·", source, flags=re.DOTALL)
    words = _Words()
    words.feed(plain)
    for text in words.found:
        for word in re.findall(r"(?<![-\w])[^\W\d_]{2,}", text):
            if word not in _NOT_OURS:
                yield word


TEMPLATES = sorted((WEB / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(WEB / "templates").as_posix())
def test_no_word_of_a_template_escapes_translation(path: Path) -> None:
    """Every word that a page shows goes through gettext, in attributes that are read aloud too."""
    assert list(_untranslated(path)) == []


def test_the_search_for_words_can_fail(tmp_path: Path) -> None:
    """It sees a bare word, in a text and in an attribute, and passes over what Jinja writes."""
    page = tmp_path / "page.html"
    page.write_text('<p class="alert">{{ _("Good day") }} bare <img alt="face"></p>{# aside #}', "utf-8")
    assert list(_untranslated(page)) == ["bare", "face"]


def test_codes_of_the_house_have_names() -> None:
    """Each member of the closed lists that pages show has its words, so that none is shown in English to everybody."""
    lists = (ApplicationState, Outcome, FindingOutcome, Rule, PassState, Verdict, Reason, Role, AffiliationKind)
    assert {str(one) for members in lists for one in members} - set(WORDS) == set()
    assert {str(one) for one in DocumentType} - set(DOCUMENTS) == set()
