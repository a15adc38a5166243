"""Status lists in the database, from as little as a test cares about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from sqlalchemy.orm import Session

from accredit.db.models.lists import Edition
from accredit.services.context import Context
from accredit.services.listing import ListReport, import_list
from accredit.services.tables import Row, Table

DEADLINE_DAY = date(2017, 9, 4)


def make_table(rows: Iterable[Mapping[str, str]]) -> Table:
    """A table as a spreadsheet would give it; a row may leave columns out."""
    told = list(rows)
    columns = tuple(dict.fromkeys(name for row in told for name in row))
    return Table(
        columns,
        tuple(
            Row(number, MappingProxyType({name: row.get(name, "") for name in columns}))
            for number, row in enumerate(told, 2)
        ),
    )


def load_list(
    session: Session, context: Context, list_key: str, rows: Iterable[Mapping[str, str]], as_of: date = DEADLINE_DAY
) -> Edition:
    """An edition with these rows; a row without an id gets one of its name."""
    told = [{"external_id": row.get("name", ""), **row} for row in rows]
    report = import_list(
        session, context, list_key=list_key, as_of=as_of, table=make_table(told), mapping={}, source_name="a test"
    )
    assert isinstance(report, ListReport), report
    assert report.edition is not None
    return report.edition


def usual_lists(session: Session, context: Context) -> None:
    """One edition of each kind of list, with fictitious bodies."""
    load_list(
        session,
        context,
        "ecosoc",
        [
            {"name": "Alpine Migrants Forum", "status": "special", "aliases": "AMF | Forum alpin des migrants"},
            {"name": "Lakeside Diaspora Council", "status": "general"},
            {"name": "Harbour Watch", "status": "withdrawn"},
        ],
    )
    load_list(session, context, "special-accreditation", [{"name": "River Crossing Network", "status": "accredited"}])
    load_list(
        session,
        context,
        "ganhri",
        [
            {"name": "Utopian Commission on Human Rights", "status": "A", "country": "UTO"},
            {"name": "Kenya National Commission on Human Rights", "status": "B", "country": "KEN"},
        ],
    )
    load_list(session, context, "parliaments", [{"name": "National Assembly of Kenya", "country": "KEN"}])
    load_list(
        session,
        context,
        "member-states",
        [{"name": "Kenya", "country": "KEN"}, {"name": "Switzerland", "country": "CHE"}],
    )
    load_list(session, context, "observers", [{"name": "Holy See", "country": "VAT"}])
    load_list(session, context, "igo", [{"name": "International Organization for Migration", "status": "igo"}])
    load_list(
        session,
        context,
        "invitations",
        [{"name": "Ms. Tamsin Okoro-Vale", "status": "panellist", "note": "Dock Workers' Union"}],
    )
