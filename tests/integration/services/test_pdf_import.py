"""The official PDF becomes an edition like any other list."""

from __future__ import annotations

from datetime import date

from factories.contexts import make_context
from factories.lists import load_list
from factories.pdf_lists import pdf_of
from sqlalchemy import Engine, select

from accredit.db.models.lists import Edition, Entry
from accredit.db.session import writing
from accredit.services.listing import ListReport
from accredit.services.pdf_imports import PdfReport, import_pdf_list
from accredit.services.table_faults import TableRefused

CONTEXT = make_context()
DAY = date(2017, 9, 4)


def test_a_pdf_is_loaded_once_and_keeps_known_numbers(engine: Engine) -> None:
    """A body keeps the number that the edition before knows it by; a second import changes nothing; repeats are told."""
    told = {
        "General": [("Alpine Migrants Forum", "1998"), ("Lakeside Council", "2001"), ("Lakeside Council", "2001")],
        "Roster": [("Lakeside Council", "1973"), ("Alone Without Year", "")],
    }
    with writing(engine) as session:
        load_list(
            session, CONTEXT, "ecosoc", [{"external_id": "77", "name": "Alpine Migrants' Forum"}], date(2016, 9, 1)
        )
        reports = [
            import_pdf_list(
                session, CONTEXT, list_key="ecosoc", as_of=DAY, data=pdf_of(told), source_name="E-2016-INF-5.pdf"
            )
            for _ in range(2)
        ]
        first, second = reports
        assert isinstance(first, PdfReport)
        assert isinstance(first.loaded, ListReport)
        assert isinstance(second, PdfReport)
        assert isinstance(second.loaded, ListReport)
        assert second.loaded.edition is None
        assert [one.why.split(";")[0] for one in first.unread] == ["no year stands beside it", "repeats page 1"]
        wanted = select(Entry).join(Edition).where(Edition.as_of == DAY).order_by(Entry.external_id)
        found = [(one.external_id, one.status, one.in_force, one.details) for one in session.scalars(wanted)]
        assert found == [
            ("77", "general", True, {"year": "1998"}),
            ("lakeside-council", "general", True, {"year": "2001"}),
            ("lakeside-council-roster-1973", "roster", True, {"year": "1973"}),
        ]


def test_a_pdf_that_is_no_list_loads_nothing(engine: Engine) -> None:
    """The refusal names the file."""
    with writing(engine) as session:
        refused = import_pdf_list(
            session, CONTEXT, list_key="ecosoc", as_of=DAY, data=b"%PDF-1.4 rubbish", source_name="letter.pdf"
        )
        assert isinstance(refused, TableRefused)
        assert refused.message.startswith("letter.pdf: ")
        assert session.scalar(select(Edition)) is None
