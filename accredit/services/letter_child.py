"""The program that opens an uploaded PDF in a process of its own: bytes on standard input, the number of pages on the output.

Nothing of the document is shown or run here; this tells a document that readers can open from a file that only calls
itself PDF. A hostile one may swell or run without end, hence a process with limits. Started by path; imports nothing of
ours.
"""

from __future__ import annotations

import io
import resource
import sys

from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.psexceptions import PSException

MOST_MEMORY = 512 * 1024 * 1024
MOST_SECONDS = 10
MOST_PAGES = 20
NO_PDF = 3
TOO_MANY_PAGES = 4
LOCKED = 5
_BROKEN = (
    PDFException,
    PSException,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    AssertionError,
)


def main() -> int:
    """Read one PDF; the exit code says what became of it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        document = PDFDocument(PDFParser(io.BytesIO(sys.stdin.buffer.read())))
        pages = 0
        for _page in PDFPage.create_pages(document):
            pages += 1
            if pages > MOST_PAGES:
                return TOO_MANY_PAGES
    except (PDFPasswordIncorrect, PDFEncryptionError):
        return LOCKED
    except (MemoryError, RecursionError):
        return NO_PDF
    except _BROKEN:
        return NO_PDF
    if not pages:
        return NO_PDF
    sys.stdout.write(str(pages))
    return 0


if __name__ == "__main__":
    sys.exit(main())
