"""Badges as they come off the press."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from rendering_pages import codes_on, pages_of, texts_of

from accredit.rendering.badges import Format, check, render
from accredit.rendering.codes import code128_bits
from accredit.rendering.facts import BadgeFacts, BadgeNote, NoteCode
from accredit.rendering.fonts import FontBook
from accredit.rendering.templates import Template

Facts = Callable[..., BadgeFacts]
MILLIMETRE = 72 / 25.4
LONG_NAME = "Wolfeschlegelsteinhausen Bergerdorff Montmorency de la Fontaine y Esperanza"
LONG_ORGANISATION = (
    "International Federation of Fictitious Associations for the Promotion of the Rights of Seasonal Workers, "
    "Displaced Families and Stateless Persons (in Geneva)"
)


def _codes(notes: tuple[BadgeNote, ...]) -> list[tuple[NoteCode, str]]:
    return [(note.code, note.field) for note in notes]


@pytest.mark.parametrize(("size", "wide", "high"), [("a6", 105, 148), ("cr80", 85.6, 53.98)])
def test_one_page_a_badge_in_the_size_asked_for(
    template: Template, bare: FontBook, facts: Facts, size: str, wide: float, high: float
) -> None:
    """Paper and card come in their sizes to the printer's dot, in the order of the facts."""
    rendered = render(template, [facts(reference="B"), facts(reference="A")], size=size, fonts=bare)
    assert rendered.references == ("B", "A")
    with pypdfium2.PdfDocument(rendered.document) as pdf:
        assert len(pdf) == 2
        assert pdf[0].get_size() == pytest.approx((wide * MILLIMETRE, high * MILLIMETRE), abs=0.13)


@pytest.mark.parametrize(("size", "side"), [("a6", 7 * 49), ("cr80", 6 * 49)])
def test_qr_modules_are_whole_printer_dots_and_its_quiet_zone_is_white(
    template: Template, bare: FontBook, facts: Facts, size: str, side: int
) -> None:
    """29.0 mm on A6 and 24.9 mm on a card at 300 dpi, black and white only, with four modules of white around."""
    [page] = pages_of(render(template, [facts()], size=size, fonts=bare).document)
    corners = codes_on(page)["QRCode"].position
    left, top, right, bottom = corners.top_left.x, corners.top_left.y, corners.bottom_right.x, corners.bottom_right.y
    assert right - left == pytest.approx(side, abs=2)
    assert bottom - top == pytest.approx(side, abs=2)
    zone = 4 * side // 49 - 2
    around = page.crop((left - zone, top - zone, right + zone, bottom + zone))
    assert {value for _, value in around.getcolors() or []} == {0, 255}
    around.paste(255, (zone - 1, zone - 1, around.width - zone + 2, around.height - zone + 2))
    assert around.getextrema() == (255, 255)


@pytest.mark.parametrize("size", ["a6", "cr80"])
def test_every_bar_is_its_modules_times_four_dots(template: Template, bare: FontBook, facts: Facts, size: str) -> None:
    """No bar and no gap is a dot too wide on either paper; one that is makes a Code 128 in a thousand ambiguous."""
    badge = facts()
    [page] = pages_of(render(template, [badge], size=size, fonts=bare).document)
    place = codes_on(page)["Code128"].position
    middle = (place.top_left.y + place.bottom_left.y) // 2
    row = page.crop((place.top_left.x, middle, place.top_right.x + 1, middle + 1)).tobytes()
    dots = [len(list(run)) for _, run in groupby(row, key=lambda value: value < 128)]
    modules = [len(list(run)) for _, run in groupby(code128_bits(badge.short_code))]
    assert dots == [4 * wide for wide in modules]


def test_what_the_pass_says_stands_on_it(template: Template, bare: FontBook, facts: Facts) -> None:
    """Event, place, name, Latin spelling, organisation, category, days, slot, document rule, short code, reference."""
    badge = facts(surname="Образцова", given_names="Анна", latin_name="OBRAZTSOVA ANNA", slot="137", ahead=True)
    for size in template.sizes:
        [text] = texts_of(render(template, [badge], size=size, fonts=bare).document)
        for words in (
            "Second informal hearing", "Palais des Nations, Geneva", "Анна Образцова", "OBRAZTSOVA ANNA",
            "Example Institute", "Academic",
            "11", "12", "13", "OCT", "137", "Valid only with passport or identity card", "Valable uniquement avec passeport",
            "7K3M-9QXZ-0", "SEP-7K3M-9QXZ", "printed ahead",
        ):  # fmt: skip
            assert words in text, (size, words)


def test_only_what_holds_is_printed(template: Template, bare: FontBook, facts: Facts) -> None:
    """No slot, no mark of printing ahead, and no Latin line that would repeat the name."""
    [text] = texts_of(render(template, [facts(latin_name="SPECIMEN ANNA")], size="a6", fonts=bare).document)
    assert "Slot" not in text
    assert "printed ahead" not in text
    assert "SPECIMEN ANNA" not in text


@pytest.mark.parametrize("size", ["a6", "cr80"])
def test_long_names_and_organisations_are_never_cut(
    template: Template, bare: FontBook, facts: Facts, size: str
) -> None:
    """75 letters of name twice over and 157 of organisation all stand on the page."""
    badge = facts(
        surname=LONG_NAME,
        given_names="Hubert",
        latin_name=f"{LONG_NAME} HUBERTUS".upper(),
        organisation=LONG_ORGANISATION,
    )
    rendered = render(template, [badge], size=size, fonts=bare)
    assert rendered.notes == ()
    [text] = texts_of(rendered.document)
    letters = "".join(text.split())
    for words in (LONG_NAME, LONG_NAME.upper(), LONG_ORGANISATION):
        assert "".join(words.split()) in letters


def test_one_endless_word_is_broken_and_not_cut(template: Template, bare: FontBook, facts: Facts) -> None:
    """A surname of 85 letters without a space fits on three lines."""
    badge = facts(
        surname="Wolfeschlegelsteinhausenbergerdorff" + "welchevoralternwarengewissenhaftschaferswessenschafe"
    )
    rendered = render(template, [badge], size="a6", fonts=bare)
    assert rendered.notes == ()
    text = "".join(texts_of(rendered.document)[0].split()).replace("\u200b", "").replace("\ufffe", "")
    assert badge.surname in text


def test_what_cannot_fit_stops_that_badge_and_no_other(template: Template, bare: FontBook, facts: Facts) -> None:
    """An organisation of 3,000 letters is found before paper is spent, by reference and field."""
    badges = [facts(reference="one"), facts(reference="two", organisation="Office " * 430), facts(reference="three")]
    rendered = render(template, badges, size="a6", fonts=bare)
    assert rendered.references == ("one", "three")
    [note] = rendered.notes
    assert (note.reference, note.code, note.field) == ("two", NoteCode.TEXT_TOO_LONG, "organisation")
    assert note.stops
    assert "shorten" in note.message
    assert len(pages_of(rendered.document, 40)) == 2


def test_a_name_without_font_is_printed_in_its_latin_spelling(template: Template, bare: FontBook, facts: Facts) -> None:
    """The badge is printed, carries the Latin spelling alone, and the note says what to install."""
    badge = facts(surname="王", given_names="小明", latin_name="WANG XIAOMING")
    rendered = render(template, [badge], size="a6", fonts=bare)
    [note] = rendered.notes
    assert (note.reference, note.code, note.field) == (badge.reference, NoteCode.SCRIPT_WITHOUT_FONT, "name")
    assert "Han" in note.message
    assert "fonts-noto-cjk" in note.message
    assert not note.stops
    [text] = texts_of(rendered.document)
    assert "WANG XIAOMING" in text


def test_a_name_without_font_is_printed_once_the_font_is_there(
    template: Template, tmp_path: Path, facts: Facts, font_with: Callable[[Path, str, str], None]
) -> None:
    """The same badge needs no note on a machine that has the letters; the surname comes first in Chinese."""
    font_with(tmp_path / "boxes.ttf", "Test Boxes", "王小明")
    badge = facts(surname="王", given_names="小明", latin_name="WANG XIAOMING")
    rendered = render(template, [badge], size="cr80", fonts=FontBook([tmp_path]))
    assert rendered.notes == ()
    [text] = texts_of(rendered.document)
    assert "王小明" in text
    assert "WANG XIAOMING" in text


def test_an_organisation_without_font_is_printed_in_latin_letters(
    template: Template, bare: FontBook, facts: Facts
) -> None:
    """There is no second spelling of an organisation; a transliteration is better than boxes."""
    rendered = render(template, [facts(organisation="Institut 北京")], size="a6", fonts=bare)
    assert _codes(rendered.notes) == [(NoteCode.SCRIPT_WITHOUT_FONT, "organisation")]
    assert "Institut BeiJing" in texts_of(rendered.document)[0]


def test_notes_never_carry_the_name(template: Template, bare: FontBook, facts: Facts) -> None:
    """Notes end in lists and logs; they know a reference, a field and a cure."""
    badge = facts(
        surname="王", given_names="小明", latin_name="WANG", organisation="Geheim " * 900, photo=b"x", band="?"
    )
    for note in check(template, [badge], size="a6", fonts=bare):
        assert not {"王", "小明", "WANG", "Geheim"} & set(note.message.replace(";", " ").split())


@pytest.mark.parametrize(
    ("changes", "code", "field", "stops"),
    [
        ({"photo": None}, NoteCode.NO_PHOTO, "photo", False),
        ({"photo": b"\xff\xd8\xff broken"}, NoteCode.PHOTO_UNREADABLE, "photo", False),
        ({"band": "unheard-of"}, NoteCode.UNKNOWN_BAND, "band", False),
        ({"code": "SEP1:" + "A" * 217}, NoteCode.CODE_DENSER, "code", False),
        ({"code": ""}, NoteCode.CODE_IMPOSSIBLE, "code", True),
        ({"code": "SEP1:" + "A" * 500}, NoteCode.CODE_IMPOSSIBLE, "code", True),
        ({"short_code": "é"}, NoteCode.CODE_IMPOSSIBLE, "short_code", True),
        ({"short_code": ""}, NoteCode.CODE_IMPOSSIBLE, "short_code", True),
        ({"opens": ()}, NoteCode.NO_DAYS, "opens", True),
        ({"surname": "", "given_names": " ", "latin_name": ""}, NoteCode.NO_NAME, "name", True),
    ],
)
def test_each_shortcoming_has_its_note(
    template: Template,
    bare: FontBook,
    facts: Facts,
    changes: dict[str, object],
    code: NoteCode,
    field: str,
    stops: bool,
) -> None:
    """What can be printed is printed with a note; what would be useless is left out. `check` says the same beforehand."""
    badge = facts(**changes)
    rendered = render(template, [badge], size="a6", fonts=bare)
    assert _codes(rendered.notes) == [(code, field)]
    assert rendered.notes[0].stops is stops
    assert rendered.references == (() if stops else (badge.reference,))
    assert bool(rendered.document) is not stops
    assert check(template, [badge], size="a6", fonts=bare) == rendered.notes


def test_a_denser_code_is_still_read(template: Template, bare: FontBook, facts: Facts) -> None:
    """A credential that outgrew version 8 takes the same room with fewer dots a module."""
    badge = facts(code="SEP1:" + "A7" * 120)
    for size in template.sizes:
        [page] = pages_of(render(template, [badge], size=size, fonts=bare).document)
        assert codes_on(page)["QRCode"].text == badge.code


def test_a_missing_photo_says_check_the_document(template: Template, bare: FontBook, facts: Facts) -> None:
    """The box is not empty and shows nobody: it tells the officer what to do."""
    for size in template.sizes:
        [text] = texts_of(render(template, [facts(photo=None)], size=size, fonts=bare).document)
        assert "No photo check the document" in text


def test_names_are_data_and_never_code(template: Template, bare: FontBook, facts: Facts) -> None:
    """What looks like layout source, or like JSON, stands on the badge as it was applied."""
    evil = '#panic("x") $a$ \\"}] // *b* _c_ <d> @e'
    rendered = render(template, [facts(surname=evil, organisation=evil)], size="a6", fonts=bare)
    assert rendered.notes == ()
    assert "".join(texts_of(rendered.document)[0].split()).count("".join(evil.split())) == 2


def test_marks_that_turn_the_direction_are_taken_out(template: Template, bare: FontBook, facts: Facts) -> None:
    """Nobody can print a name backwards with an invisible mark, or break the line of another."""
    [text] = texts_of(render(template, [facts(surname="Spec\u202eimen\nX\u0007")], size="a6", fonts=bare).document)
    assert "Anna Specimen X" in text


@pytest.mark.parametrize(
    ("opens", "words"),
    [
        ([(10, 11)], "11 OCT"),
        ([(10, 13), (10, 11), (10, 12), (10, 11)], "11 · 12 · 13 OCT"),
        ([(10, 30), (10, 31), (11, 1)], "30 · 31 OCT, 1 NOV"),
        ([(10, 9), (10, 10), (10, 11), (10, 12)], "9–12 OCT"),
        ([(10, 9), (10, 10), (10, 11), (10, 12), (10, 30), (11, 1)], "9–12 · 30 OCT, 1 NOV"),
        ([(10, day) for day in (1, 2, 3, 4, 6, 7, 9)], "1–4 · 6–7 · 9 OCT"),
    ],
)
def test_days_are_sorted_once_each_and_drawn_together_when_many(
    template: Template, bare: FontBook, facts: Facts, opens: list[tuple[int, int]], words: str
) -> None:
    """A card has them on one line, each month once."""
    badge = facts(opens=tuple(date(2017, month, day) for month, day in opens))
    [text] = texts_of(render(template, [badge], size="cr80", fonts=bare).document)
    assert words in text.replace("\u00a0", " ")


def test_the_same_facts_give_the_same_bytes(template: Template, bare: FontBook, facts: Facts) -> None:
    """Here and in another process: a reprint is the same file."""
    badges = [facts(), facts(reference="two", photo=None)]
    here = render(template, badges, size="a6", fonts=bare).document
    assert render(template, badges, size="a6", fonts=FontBook()).document == here
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from conftest import PLAIN; from dataclasses import replace; from hashlib import sha256\n"
        "from rendering_pages import TEMPLATES; from accredit.rendering.badges import render\n"
        "from accredit.rendering.fonts import FontBook; from accredit.rendering.templates import load_template\n"
        "badges = [PLAIN, replace(PLAIN, reference='two', photo=None)]\n"
        "template = load_template(TEMPLATES / 'special-event-pass')\n"
        "print(sha256(render(template, badges, size='a6', fonts=FontBook()).document).hexdigest())\n"
    )
    command = [sys.executable, "-c", script, str(Path(__file__).parent)]
    there = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert there == sha256(here).hexdigest()


def test_label_printers_get_one_picture_a_badge(template: Template, bare: FontBook, facts: Facts) -> None:
    """PNG at the resolution asked for, and both codes decode from it."""
    rendered = render(template, [facts(), facts(reference="two")], size="cr80", fonts=bare, fmt=Format.PNG, ppi=300)
    assert (rendered.document, rendered.references) == (b"", ("SEP-7K3M-9QXZ", "two"))
    pictures = [Image.open(io.BytesIO(image)) for image in rendered.images]
    assert [picture.size for picture in pictures] == [(1011, 638)] * 2
    assert {"QRCode", "Code128"} <= set(codes_on(pictures[0]))


def test_nothing_to_print_prints_nothing(template: Template, bare: FontBook) -> None:
    """An empty list is no error and no page."""
    rendered = render(template, [], size="a6", fonts=bare)
    assert (rendered.document, rendered.images, rendered.references, rendered.notes) == (b"", (), (), ())


def test_an_unknown_size_is_a_broken_promise(template: Template, bare: FontBook, facts: Facts) -> None:
    """The caller chooses from the template's sizes."""
    with pytest.raises(KeyError):
        render(template, [facts()], size="a3", fonts=bare)


@pytest.mark.parametrize("count", [40, pytest.param(500, marks=pytest.mark.soak)])
@pytest.mark.parametrize("size", ["a6", "cr80"])
def test_every_code_of_a_batch_decodes(
    template: Template, installed: FontBook, facts: Facts, size: str, count: int
) -> None:
    """Whatever a code does to the pattern, the reader reads it from the page, and reads nothing else."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    badges = [
        facts(
            reference=f"R{number}",
            code="SEP1:" + "".join(letters[byte % 45] for byte in _stream(number, 216)),
            short_code="".join(letters[byte % 32] for byte in _stream(number, 9)),
        )
        for number in range(count)
    ]
    pages = pages_of(render(template, badges, size=size, fonts=installed).document)
    found = [{name: code.text for name, code in codes_on(page).items()} for page in pages]
    assert found == [{"QRCode": badge.code, "Code128": badge.short_code} for badge in badges]


def test_photos_lie_in_no_folder_afterwards(
    template: Template, bare: FontBook, facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job's private folder goes with the job."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    render(template, [facts()], size="a6", fonts=bare)
    assert list(tmp_path.iterdir()) == []


def _stream(seed: int, length: int) -> bytes:
    blocks = (sha256(f"{seed}/{number}".encode()).digest() for number in range(length // 32 + 1))
    return b"".join(blocks)[:length]
