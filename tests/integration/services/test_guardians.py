"""The guardian of a minor on the way from the file to the reviewer; sealed in between."""

from __future__ import annotations

from factories.applications import application_fields, assessed
from factories.contexts import make_context
from factories.events import loaded_event
from factories.lists import make_table, usual_lists
from sqlalchemy import Engine, text

from accredit.db.session import writing
from accredit.domain.assessments import Rule
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.case_files import show
from accredit.services.explaining import Sameness, explain, recompute
from accredit.services.intake_files import IntakeReport, import_applications
from accredit.services.screening import screen_all

CONTEXT = make_context()
_GUARDIAN = {"guardian_name": "Ada Okoro", "guardian_contact": "ada@example.org"}
_MINOR = {"birth_date": "2002-05-31"}


def test_a_reviewer_reads_who_comes_with_the_minor(engine: Engine) -> None:
    """By a file as by any other way; the explanation and the case file name the adult, the finding says that there is one."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        rows = [application_fields(**_MINOR, **_GUARDIAN), application_fields(**_MINOR)]
        report = import_applications(session, CONTEXT, event, make_table(rows))
        assert isinstance(report, IntakeReport)
        screen_all(session, CONTEXT, event)
        named, unnamed = report.accepted
        told = "\n".join(explain(session, event, named) or ())
        assert "Ada Okoro" in told
        assert "ada@example.org" in told
        assert "no guardian named" in "\n".join(explain(session, event, unnamed) or ())
        case = show(session, event, named)
        assert case is not None
        assert (case.submitted.guardian_name, case.submitted.guardian_contact) == ("Ada Okoro", "ada@example.org")
        again = recompute(session, event, named)
        assert again is not None
        assert again.sameness is Sameness.SAME


def test_a_guardian_cannot_be_read_in_the_database(engine: Engine) -> None:
    """Name and contact are sealed at rest, and stand in no finding."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        made = assessed(session, CONTEXT, event, **_MINOR, **_GUARDIAN)
        record = latest_assessment(session, made)
        assert record is not None
        finding = next(one for one in findings_of(record) if one.rule is Rule.PERSON)
        assert finding.evidence["guardian"] == "named"
        assert "Ada" not in str(record.findings)
        session.commit()
        row = session.execute(text("SELECT guardian_name, guardian_contact FROM applications")).one()
    assert b"Ada" not in bytes(row[0])
    assert b"ada" not in bytes(row[1])


def test_an_adult_s_guardian_is_not_shown(engine: Engine) -> None:
    """What was typed without need is nobody's business."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        made = assessed(session, CONTEXT, event, **_GUARDIAN)
        assert "Ada" not in "\n".join(explain(session, event, made.reference) or ())
