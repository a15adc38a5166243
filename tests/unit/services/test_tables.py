"""Tables that people send: what is read, and the sentence that answers what cannot be."""

from __future__ import annotations

import csv
import io
import resource
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from accredit.services import tables
from accredit.services.tables import Table, TableFault, TableRefused, read_table

CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20).map(str.strip)


def xlsx(*rows: list[object], at: str | None = None) -> bytes:
    """A workbook with these rows; `at` puts one more cell far away."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if at is not None:
        sheet[at] = "far"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def ods(rows: str, closing: str = "</table:table>") -> bytes:
    """An OpenDocument sheet with these rows, as LibreOffice writes it: blank cells repeated to the end of the sheet."""
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="List">{rows}<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        f"{closing}</office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
        packed.writestr("content.xml", content)
    return file.getvalue()


def ods_row(*texts: str, attributes: str = "") -> str:
    """One row of text cells."""
    cells = "".join(
        f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row>{cells}</table:table-row>"


def read(data: bytes | str) -> Table:
    """Read what must be readable."""
    table = read_table(data.encode() if isinstance(data, str) else data, "list.csv")
    assert isinstance(table, Table), table
    return table


def refused(data: bytes | str) -> TableRefused:
    """Read what must be refused."""
    answer = read_table(data.encode() if isinstance(data, str) else data, "/home/somebody/list.csv")
    assert isinstance(answer, TableRefused), answer
    assert answer.message.startswith("list.csv: ")
    return answer


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_table_is_read_whatever_its_separator(bom: str, separator: str, end: str) -> None:
    """Comma, semicolon and tab, with and without byte order mark, with any line end, give the same table."""
    lines = [["name", "country", "note"], ["Sœurs; unies, ensemble\t!", "CHE", " a "], ["Дом", "RUS", ""]]
    text = end.join(separator.join(f'"{cell}"' for cell in line) for line in lines)
    table = read(bom + text)
    assert table.columns == ("name", "country", "note")
    assert [row.number for row in table.rows] == [2, 3]
    assert dict(table.rows[0].cells) == {"name": "Sœurs; unies, ensemble\t!", "country": "CHE", "note": "a"}


def test_a_comma_in_a_cell_of_a_semicolon_file_does_not_mislead() -> None:
    """The separator is the one by which rows and header agree."""
    table = read("name;place, country;note\nBread, Roses and Co;Bern, CHE;a,b\nPeace;Rome, ITA;c,d\n")
    assert table.columns == ("name", "place, country", "note")
    assert table.rows[0].cells["name"] == "Bread, Roses and Co"


def test_one_column_is_a_table() -> None:
    """A list of names alone has no separator."""
    assert [row.cells["name"] for row in read("name\nPeace; Bread\nRoses\n").rows] == ["Peace; Bread", "Roses"]


def test_rows_keep_the_number_that_a_person_sees() -> None:
    """Blank rows are left out and still counted; a cell over two lines is one row."""
    table = read('name,note\n\nA,"two\nlines"\n,\nB,\n')
    assert [(row.number, row.cells["name"]) for row in table.rows] == [(3, "A"), (5, "B")]


def test_a_short_row_has_blank_cells() -> None:
    """Spreadsheets leave out blank cells at the right end."""
    row = read("name,country,note\nA\n").rows[0]
    assert (dict(row.cells), row.fault) == ({"name": "A", "country": "", "note": ""}, None)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("A,CHE,extra", "Row 2 has 3 cells, but there are only 2 columns"),
        ("A\x07,CHE", "Row 2, column “name”: the cell holds a control character"),
        ('"A\nB"', "Row 2 ends early"),
    ],
)
def test_what_is_wrong_with_one_row_stays_with_it(row: str, fault: str) -> None:
    """The row says its fault, and the next one is read."""
    table = read(f"name,country\n{row}\nB,FRA\n")
    assert (table.rows[0].fault or "").startswith(fault)
    assert (table.rows[1].cells["name"], table.rows[1].fault) == ("B", None)


@pytest.mark.parametrize(
    ("data", "code", "told"),
    [
        (b"", TableFault.EMPTY, "is empty"),
        (b" \n\n", TableFault.EMPTY, "is empty"),
        (b"\xef\xbb\xbf", TableFault.EMPTY, "no filled cell"),
        (b",,\n,,\n", TableFault.EMPTY, "no filled cell"),
        (b"\nname\nA\n", TableFault.MISSING_HEADER, "row 1 is blank"),
        (b"name,,note\nA,B,C\n", TableFault.MISSING_HEADER, "column 2 has no name"),
        (b"17,2017-09-04\n18,2017-09-04\n", TableFault.MISSING_HEADER, "row 1 is no header: column 1"),
        (b"word " * 60 + b"\nA\n", TableFault.MISSING_HEADER, "row 1 is no header"),
        (b"name,country,Name \nA,B,C\n", TableFault.DUPLICATE_COLUMN, "columns 1 and 3 are both named"),
        (b"name\nA\nB\x00C\n", TableFault.NUL_BYTES, "in line 3 byte 9 of the file is a NUL byte"),
        ("name\nA\nCafé\n".encode("latin-1"), TableFault.WRONG_ENCODING, "in line 3 byte 11 of the file is 0xE9"),
        ("name\nA\n".encode("utf-16"), TableFault.WRONG_ENCODING, "UTF-16"),
        (b'name,country\n"A,CHE\nB,FRA\n', TableFault.OPEN_QUOTE, "opens in row 2"),
        (b"name\n" + b"x" * 200_000, TableFault.OPEN_QUOTE, "row 2"),
        (b"%PDF-1.7 ...", TableFault.NOT_A_TABLE, "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\x00", TableFault.NOT_A_TABLE, "a picture"),
        (b"<!doctype html>", TableFault.NOT_A_TABLE, "a web page"),
        (b'{"name": 1}', TableFault.NOT_A_TABLE, "JSON"),
        (b"PK\x03\x04 nothing", TableFault.NOT_A_TABLE, "no XLSX or ODS workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", TableFault.PROTECTED, "without a password"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(data: bytes, code: TableFault, told: str) -> None:
    """Each fault has its own code and a sentence that names the place."""
    answer = refused(data)
    assert answer.code is code
    assert told in answer.message


def test_a_wrong_encoding_names_the_cure() -> None:
    """The person is told to save as UTF-8."""
    assert "Save the file as UTF-8" in refused("näme\n".encode("cp1252")).message


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Size is looked at before anything else."""
    monkeypatch.setattr(tables, "LARGEST_FILE", 1024 * 1024)
    assert refused(b"a" * (1024 * 1024 + 1)).code is TableFault.TOO_LARGE
    assert "larger than 1 MB" in refused(b"a" * (1024 * 1024 + 1)).message


def test_an_xlsx_sheet_is_read_as_text() -> None:
    """Dates become ISO text, whole numbers lose the point, blank rows keep their numbers."""
    data = xlsx(
        ["name", "since", "at", "count", "share", "active", None],
        ["Дом", date(2017, 9, 4), datetime.fromisoformat("2017-09-04T23:59:59"), 1946, 0.5, True, None],
        [],
        [" B ", None, None, None, None, None, None],
    )
    table = read(data)
    assert tuple(table.rows[0].cells.values()) == ("Дом", "2017-09-04", "2017-09-04T23:59:59", "1946", "0.5", "true")
    assert [(row.number, row.cells["name"]) for row in table.rows] == [(2, "Дом"), (4, "B")]


def test_an_ods_sheet_is_read_as_text() -> None:
    """The blank rest of the sheet, repeated a million times, costs nothing."""
    table = read(ods(ods_row("name", "country") + ods_row("A &amp; B", "CHE")))
    assert [dict(row.cells) for row in table.rows] == [{"name": "A & B", "country": "CHE"}]


def test_a_sheet_that_does_not_begin_in_a1_has_no_header() -> None:
    """A title row above the table is not taken for the header."""
    assert refused(xlsx([], ["name"], ["A"])).code is TableFault.MISSING_HEADER


@pytest.mark.parametrize(
    "data",
    [
        xlsx(["name"], at="XFD1048576"),
        ods(ods_row("name", attributes='table:number-columns-repeated="16384"') * 400),
        ods(ods_row("name").replace("<table:table-row>", '<table:table-row table:number-rows-repeated="9000000">')),
    ],
    ids=["xlsx far cell", "ods wide cells", "ods repeated rows"],
)
def test_a_small_workbook_that_reaches_far_takes_no_memory(data: bytes) -> None:
    """A few kB can neither abort the service nor make it lay out millions of cells."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(data).code is TableFault.TOO_LARGE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


@pytest.mark.soak
def test_a_workbook_that_keeps_the_reader_busy_for_ever_is_given_up() -> None:
    """A misspelt closing mark, over which the reader never ends, is a damaged workbook."""
    assert refused(ods(ods_row("name") + ods_row("A"), closing="</table:tabel>")).code is TableFault.NOT_A_TABLE


def test_a_workbook_with_a_document_type_is_refused() -> None:
    """No spreadsheet program writes one, and entities can grow without bound."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("content.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert refused(file.getvalue()).code is TableFault.NOT_A_TABLE


def test_another_packed_file_is_no_table() -> None:
    """A text document is a packed folder, too."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("word/document.xml", "<a/>")
    assert refused(file.getvalue()).code is TableFault.NOT_A_TABLE


def test_the_file_name_in_a_message_is_harmless() -> None:
    """Neither the folder nor control characters of the name are shown."""
    answer = read_table(b"", "C/folder/li\x1bst\n.csv")
    assert isinstance(answer, TableRefused)
    assert answer.message == "list.csv: the file is empty."


@settings(deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8), st.sampled_from(",;\t"))
def test_what_a_writer_wrote_is_what_is_read(rows: list[list[str]], separator: str) -> None:
    """Any cells that a CSV writer puts into a file come back as they were."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows([["name", "country", "note"], *rows])
    table = read(file.getvalue())
    assert [list(row.cells.values()) for row in table.rows] == [row for row in rows if any(row)]


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=300) | st.binary(max_size=100).map(lambda tail: b"PK\x03\x04" + tail) | st.text().map(str.encode)
)
@example(xlsx(["name"])[:-40])
def test_any_bytes_are_answered(data: bytes) -> None:
    """Whatever is sent, there is a table or a refusal."""
    assert isinstance(read_table(data, "list.csv"), Table | TableRefused)


@settings(deadline=None, max_examples=25)
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_damaged_workbook_is_answered(place: int, byte: int) -> None:
    """One wrong byte anywhere in a workbook gives a table or a refusal, never an error."""
    data = bytearray(WORKBOOK)
    data[place % len(data)] = byte
    assert isinstance(read_table(bytes(data), "list.xlsx"), Table | TableRefused)


WORKBOOK = xlsx(["name", "country"], ["A", "CHE"], ["B", date(2017, 9, 4)])
