"""The official list as a PDF: categories as headings, names in columns, years; what cannot be read is told."""

from __future__ import annotations

import pytest
import typst
from factories.pdf_lists import Layout, pdf_of

from accredit.services.pdf_lists import PdfEntry, PdfLine, PdfList, is_pdf, parse_list, read_pdf_list
from accredit.services.table_faults import TableFault, TableRefused

_WORDS = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa"]


def _names(count: int) -> list[tuple[str, str]]:
    """Some names run over two lines, some over three, some hold brackets and a year of their own."""
    tails = (
        "",
        " for the Protection of Migrants in the Valleys of the North",
        " (Mountain Branch)",
        " since 1950 and after",
    )
    return [
        (f"Organisation {_WORDS[n % 10]} No {n}{tails[n % 4] * (1 + n % 3)}", str(1950 + n % 60)) for n in range(count)
    ]


@pytest.mark.parametrize("layout", list(Layout))
def test_every_entry_is_read_with_its_category_and_year(layout: Layout) -> None:
    """Over several pages, in two columns, with long names: nothing is lost, nothing is joined."""
    names = _names(150)
    told = {"General category": names[:20], "Special consultative status": names[20:110], "C. Roster": names[110:]}
    found = read_pdf_list(pdf_of(told, layout))
    assert isinstance(found, PdfList)
    expected = {
        (name, status, int(year))
        for status, listed in zip(("general", "special", "roster"), told.values(), strict=True)
        for name, year in listed
    }
    assert {(one.name, one.status, one.year) for one in found.entries} == expected
    assert found.unread == ()


def test_what_has_no_year_is_told_with_its_page() -> None:
    """An entry without a year at the end of a category, and a year that is none, are reported and not guessed."""
    told = {
        "General": [("Alpha League", "1998"), ("No Year Here", "")],
        "Special": [("Beta", "0012"), ("Gamma", "2001")],
    }
    found = read_pdf_list(pdf_of(told))
    assert isinstance(found, PdfList)
    assert [(one.name, one.status) for one in found.entries] == [("Alpha League", "general"), ("Gamma", "special")]
    assert [str(one) for one in found.unread] == [
        "page 1: “No Year Here”: no year stands beside it; add it by hand if it is an organisation",
        "page 1: “Beta”: 0012 is no year of a status; add it by hand",
    ]


def test_lines_make_entries() -> None:
    """Furniture, letters, headings within a category and words before the first heading are no entries."""
    texts = [
        "Note by the Secretary-General",
        "Roster",
        "A",
        "Alpha",
        "League (1998)",
        "2/50",
        "E/2016/INF/5",
        "Beta, 2001",
    ]
    lines = [PdfLine(1, text) for text in texts]
    bold = PdfLine(2, "By action of the Secretary-General", bold=True)
    found = parse_list([*lines, bold, PdfLine(2, "Gamma (1999, 2004)"), PdfLine(3, "")])
    assert found.entries == (
        PdfEntry(1, "Alpha League", "roster", 1998),
        PdfEntry(1, "Beta", "roster", 2001),
        PdfEntry(2, "Gamma", "roster", 1999),
    )
    assert [str(one) for one in found.unread] == ["page 3: the page holds no text; it may be a picture"]


def test_an_entry_that_never_ends_is_told() -> None:
    """Words without a year do not swallow the rest of the list."""
    lines = [
        PdfLine(1, "Special"),
        *(PdfLine(1, f"{number} words " * 10) for number in range(6)),
        PdfLine(1, "Beta (2001)"),
    ]
    found = parse_list(lines)
    assert found.entries[-1].year == 2001
    assert "no year ends this entry" in found.unread[0].why


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7 and nothing else", TableFault.NOT_A_TABLE),
        (typst.compile(b"#rect()", format="pdf"), TableFault.NOT_A_TABLE),
        (typst.compile(b"Some letter, 2017", format="pdf"), TableFault.NOT_A_TABLE),
        (pdf_of({"General": _names(30)})[:4000], TableFault.NOT_A_TABLE),
    ],
    ids=["no pdf", "no text", "no list", "cut off"],
)
def test_what_is_no_such_list_is_refused(data: bytes, code: TableFault) -> None:
    """Whatever the bytes: a refusal with the cure."""
    assert is_pdf(data)
    refused = read_pdf_list(data)
    assert isinstance(refused, TableRefused)
    assert refused.code is code
    assert refused.message.endswith((".", "read."))
