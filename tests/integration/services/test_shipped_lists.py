"""The event file and the lists that come along work together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from factories.applications import assessed
from factories.contexts import make_context
from factories.events import loaded_event, make_event
from factories.lists import make_table
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accredit.db.session import writing
from accredit.domain.assessments import Rule
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.listing import ListReport, import_list
from accredit.services.screening import approve_clear
from accredit.services.tables import Table, read_table

CONTEXT = make_context()
LISTS = Path(__file__).resolve().parents[3] / "accredit" / "data" / "lists"
FILES = {
    "ecosoc": "ecosoc-2017-09-04.csv",
    "special-accreditation": "special-accreditation-2017.csv",
    "ganhri": "ganhri-2017.csv",
    "parliaments": "parliaments-2017.csv",
    "member-states": "member-states-2017.csv",
    "observers": "observers-2017.csv",
    "igo": "igo-2017.csv",
    "invitations": "invitations.csv",
}


def _load(session: Session) -> dict[str, ListReport]:
    reports = {}
    for key, name in FILES.items():
        table = read_table((LISTS / name).read_bytes(), name)
        assert isinstance(table, Table), table
        report = import_list(
            session,
            CONTEXT,
            list_key=key,
            as_of=date(2017, 9, 4),
            table=table,
            mapping={},
            source_name=name,
        )
        assert isinstance(report, ListReport), report
        reports[key] = report
    return reports


def test_every_shipped_list_loads_whole_and_once(engine: Engine) -> None:
    """No row is refused, every list is read by a category, and a second import changes nothing."""
    with writing(engine) as session:
        loaded_event(session, CONTEXT)
        first, second = _load(session), _load(session)
        session.commit()
    assert all(report.refused == () and report.notes == () for report in first.values())
    assert first["member-states"].entries == 193
    assert all(report.edition is None for report in second.values())


def test_every_list_that_a_category_reads_comes_along() -> None:
    """The demonstration judges every category."""
    read = {key for category in make_event().categories for key in category.lists}
    assert read == set(FILES)


CASES = [
    ("ngo", "Confederación Sindical Internacional", "BEL", True),
    ("ngo", "International Trade Union Confederation", "CHE", False),
    ("ngo", "ITUC", "BEL", False),
    ("ngo", "Migrant Forum in Asia", "PHL", False),
    ("ngo", "Lakeside Migrants Assembly", "CHE", True),
    ("nhri", "Danish Institute for Human Rights", "DNK", True),
    ("member-state", "Permanent Mission of Switzerland", "CHE", True),
    ("member-state", "Mission permanente de l'Algérie auprès de l'ONU", "DZA", True),
    ("member-state", "Permanent Mission of the Democratic People's Republic of Korea", "KOR", False),
    ("member-state", "Permanent Mission of the Republic of Korea", "KOR", True),
    ("member-state", "Permanent Mission of Niger", "NGA", False),
    ("member-state", "Kenya Safari Club", "KEN", False),
    ("observer", "Permanent Observer Mission of the Holy See", "VAT", True),
    ("parliament", "Parliament of Australia", "AUS", True),
    ("igo", "International Labour Office", "CHE", True),
]


@pytest.mark.parametrize(("category", "name", "country", "is_clear"), CASES)
def test_who_is_recognised_and_who_goes_to_a_person(
    engine: Engine, category: str, name: str, country: str, is_clear: bool
) -> None:
    """Names, aliases and missions of States are recognised; acronyms, other countries and other words are looked at."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        _load(session)
        application = assessed(
            session, CONTEXT, event, category=category, organisation=name, organisation_country=country
        )
        record = latest_assessment(session, application)
        assert record is not None
        assert record.is_clear is is_clear, [finding.staff for finding in findings_of(record)]


def test_a_panellist_is_approved_on_the_invitation_alone(engine: Engine) -> None:
    """Her body needs no status; the finding tells in which role she comes."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        _load(session)
        panellist = assessed(
            session,
            CONTEXT,
            event,
            category="invited",
            surname="Falconer",
            given_names="Claire",
            organisation="Focus on Labour Exploitation",
            affiliation="",
        )
        record = latest_assessment(session, panellist)
        assert record is not None
        told = next(one.staff for one in findings_of(record) if one.rule is Rule.CATEGORY)
        assert "panellist, Legal Director, Focus on Labour Exploitation" in told
        assert approve_clear(session, CONTEXT, event) == (panellist.reference,)


def test_a_status_that_the_list_does_not_know_is_never_clear(engine: Engine) -> None:
    """Where a list tells of others that they are in force, an empty cell is not a yes."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        rows = [{"id": "1", "name": "Known", "in_force": "yes"}, {"id": "2", "name": "Doubtful", "in_force": ""}]
        import_list(
            session,
            CONTEXT,
            list_key="ecosoc",
            as_of=date(2017, 9, 4),
            table=make_table(rows),
            mapping={},
            source_name="x",
        )
        known = latest_assessment(session, assessed(session, CONTEXT, event, organisation="Known"))
        doubtful = latest_assessment(session, assessed(session, CONTEXT, event, organisation="Doubtful"))
        assert known is not None
        assert doubtful is not None
        assert (known.is_clear, doubtful.is_clear) == (True, False)
