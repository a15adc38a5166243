"""The file of a scanner's scans: what is written is read, what is cut off is told, what is none is refused by line."""

from __future__ import annotations

from uuid import UUID

import pytest

from accredit.credential.scan_files import MARK, ScanFile, ScanFileInvalid, lines_of, read_scan_file

DEVICE = UUID(int=7)
BATCHES = (b"first \x00\n batch", b"second")
WHOLE = "".join(lines_of(DEVICE, BATCHES)).encode()


def test_what_is_written_is_read() -> None:
    """Also after a mail program made other ends of the lines; a file without a batch has none."""
    assert read_scan_file(WHOLE) == ScanFile(DEVICE, BATCHES)
    assert read_scan_file(WHOLE.replace(b"\n", b"\r\n")) == ScanFile(DEVICE, BATCHES)
    assert read_scan_file(f"{MARK} {DEVICE}\n".encode()) == ScanFile(DEVICE, ())


@pytest.mark.parametrize("left", [1, 4, 8])
def test_only_whole_lines_count(left: int) -> None:
    """Whatever is left of a line without its end, though it could be read, is not believed to be whole."""
    start = WHOLE.index(b"\n", WHOLE.index(b"\n") + 1) + 1
    assert read_scan_file(WHOLE[: start + left]) == ScanFile(DEVICE, BATCHES[:1], is_cut_off=True)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "accredit-scanner export"),
        (b"\xff\xfe\n", "accredit-scanner export"),
        (f"{MARK}\n".encode(), "accredit-scanner export"),
        (f"{MARK} 12345\n".encode(), "accredit-scanner export"),
        (f"accredit-scans 2 {DEVICE}\n".encode(), "accredit-scanner export"),
        (f"{MARK} {DEVICE}\nQUJD\nQUJ*\n".encode(), "line 3 is spoiled"),
        (f"{MARK} {DEVICE}\nQUJ\n".encode(), "line 2 is spoiled"),
    ],
)
def test_what_is_no_file_of_scans_is_refused(data: bytes, says: str) -> None:
    """The sentence names the line, or says where such files come from."""
    with pytest.raises(ScanFileInvalid, match=says):
        read_scan_file(data)
