"""Applications come in."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from factories.applications import application_fields, make_submission, submitted
from factories.contexts import acting, make_context
from factories.events import loaded_event, make_event
from factories.lists import make_table
from sqlalchemy import Engine, func, select, text

from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.session import reading, writing
from accredit.domain.applications import ApplicationState
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.domain.submissions import FieldProblem, Submission
from accredit.rendering.photos import PhotoRefused, stand_in_portrait
from accredit.services.auditing import first_broken
from accredit.services.intake import AlreadyHere, read_fields, submit
from accredit.services.intake_files import IntakeRefused, IntakeReport, import_applications
from accredit.services.references import SIGNS, find_application, new_reference, plain_reference
from accredit.services.tables import Row, Table

CONTEXT = make_context()


def test_an_application_gets_a_reference_and_keeps_its_time_of_receipt(engine: Engine) -> None:
    """What was submitted is stored, in the state submitted, with the trail naming the reference only."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        made = submitted(session, CONTEXT, event, received_at="2017-09-04T23:59:59+02:00")
        session.commit()
    with reading(engine) as session:
        found = find_application(session, event, made.reference)
        assert found is not None
        assert re.fullmatch(f"[{SIGNS}]{{4}}-[{SIGNS}]{{4}}", found.reference)
        assert found.state is ApplicationState.SUBMITTED
        assert found.received_at == datetime(2017, 9, 4, 21, 59, 59, tzinfo=UTC)
        trail = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()[-1]
        assert (trail.action, trail.subject_id, trail.fields) == ("application.submitted", found.reference, [])
        assert first_broken(session) is None


def test_birth_date_and_address_cannot_be_read_in_the_database(engine: Engine) -> None:
    """They are sealed at rest, and the person's key is a hash."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        submitted(session, CONTEXT, event, birth_date="1980-05-31", email="amara@example.org")
        session.commit()
        row = session.execute(text("SELECT birth_date, email, person_hash FROM applications")).one()
    assert b"1980" not in bytes(row[0])
    assert b"amara" not in bytes(row[1])


@pytest.mark.parametrize("typed", ["k7qf-3m9p", "K7QF3M9P", " k7qf 3m9p ", "SEC1:K7QF-3M9P", "sec1:k7qf3m9p"])
def test_a_reference_is_found_however_it_is_typed(typed: str) -> None:
    """Case, spaces, dashes and the confirmation code's prefix are of no account."""
    assert plain_reference(typed) == "K7QF-3M9P"


def test_references_use_every_sign_alike() -> None:
    """No sign is drawn more often than another, and none that is mixed up when read aloud."""
    drawn = "".join(new_reference(CONTEXT.entropy).replace("-", "") for _ in range(6000))
    counts = [drawn.count(sign) for sign in SIGNS]
    assert sum(counts) == len(drawn)
    assert not set("01OILU") & set(SIGNS)
    assert max(counts) < 1.25 * min(counts)


def test_a_photo_is_written_anew_or_refused(engine: Engine) -> None:
    """A picture comes out as a clean JPEG; something else leaves nothing behind."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        good = submit(session, CONTEXT, event, make_submission(event.event, CONTEXT), photo=stand_in_portrait(3))
        bad = submit(session, CONTEXT, event, make_submission(event.event, CONTEXT), photo=b"no picture")
        assert isinstance(good, Application)
        assert good.photo is not None
        assert good.photo.data.startswith(b"\xff\xd8")
        assert isinstance(bad, PhotoRefused)
        assert session.scalar(select(func.count()).select_from(Application)) == 1


def test_a_name_in_a_script_without_a_table_needs_its_latin_spelling() -> None:
    """Chinese and Devanagari names come with the passport's letters; Cyrillic and Arabic ones need none."""
    event = make_event()

    def read(**changes: str) -> Submission | tuple[FieldProblem, ...]:
        return read_fields(application_fields(**changes), event, now=CONTEXT.now(), keeps_receipt=True)

    missing = read(surname="王", given_names="小明")
    assert isinstance(missing, tuple)
    assert {problem.field for problem in missing} == {"latin_surname", "latin_given_names"}
    assert isinstance(
        read(surname="王", given_names="小明", latin_surname="WANG", latin_given_names="XIAOMING"), Submission
    )
    assert isinstance(read(surname="Иванова", given_names="Ольга"), Submission)
    assert isinstance(read(surname="حداد", given_names="ليلى"), Submission)


def test_a_state_that_does_not_exist_is_named_with_its_field() -> None:
    """The code must be one that a passport may carry."""
    read = read_fields(application_fields(nationality="QQQ"), make_event(), now=CONTEXT.now(), keeps_receipt=True)
    assert isinstance(read, tuple)
    assert [(problem.field, problem.code) for problem in read] == [("nationality", "unknown_state")]


def test_the_same_once_more_is_already_here_and_another_one_is_taken(engine: Engine) -> None:
    """Same person, body, category and time: one application. Another body: a second one, for the reviewer to see."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        submission = make_submission(event.event, CONTEXT, surname="GRECO", given_names="Ines")
        swapped = make_submission(
            event.event, CONTEXT, surname="Greco", given_names="INES", organisation="Harbour Watch"
        )
        first = submit(session, CONTEXT, event, submission)
        again = submit(session, CONTEXT, event, submission)
        other = submit(session, CONTEXT, event, swapped)
        assert isinstance(first, Application)
        assert again == AlreadyHere(first.reference)
        assert isinstance(other, Application)
        assert other.person_hash == first.person_hash


def test_the_native_spelling_is_hashed_where_it_has_other_words(engine: Engine) -> None:
    """Another Latin spelling keeps the hash of the native one; the same words once more keep none."""
    names = {"surname": "Miller", "given_names": "Bruno"}
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        plain = submit(session, CONTEXT, event, make_submission(event.event, CONTEXT, **names))
        alike = make_submission(event.event, CONTEXT, **names, latin_surname="MILLER", organisation="Harbour Watch")
        other = make_submission(event.event, CONTEXT, **names, latin_surname="Okoro", latin_given_names="Tamsin")
        second, third = submit(session, CONTEXT, event, alike), submit(session, CONTEXT, event, other)
        assert isinstance(plain, Application)
        assert isinstance(second, Application)
        assert isinstance(third, Application)
        assert plain.person_hash_native is second.person_hash_native is None
        assert third.person_hash_native == plain.person_hash
        assert third.person_hash != plain.person_hash


def _table(*rows: dict[str, str]) -> Table:
    return make_table(rows)


def test_an_import_takes_good_rows_and_tells_the_broken_ones(engine: Engine) -> None:
    """Every broken row is named with field and cure; the others are in; the same file again changes nothing."""
    rows = [
        application_fields(),
        application_fields(birth_date="1980-13-45"),
        application_fields(received_at="4 September"),
        application_fields(received_at="2019-01-01T00:00:00+01:00"),
        application_fields(email="nobody"),
        application_fields(category="tourist"),
        application_fields(surname=""),
        {**application_fields(), "photo": "missing.jpg"},
        {**application_fields(), "photo": "broken.jpg"},
        {**application_fields(), "hold": "perhaps"},
        {**application_fields(), "photo": "good.jpg", "hold": "yes"},
    ]
    pictures = {"broken.jpg": b"text", "good.jpg": stand_in_portrait(1)}
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        report = import_applications(session, CONTEXT, event, _table(*rows), photos=pictures.get)
        again = import_applications(session, CONTEXT, event, _table(*rows), photos=pictures.get)
        session.commit()
        assert isinstance(report, IntakeReport)
        assert isinstance(again, IntakeReport)
        assert len(report.accepted) == 2
        told = {refused.row: {(one.field, one.code) for one in refused.problems} for refused in report.refused}
        assert told == {
            3: {("birth_date", "bad_date")},
            4: {("received_at", "bad_time")},
            5: {("received_at", "in_future")},
            6: {("email", "bad_email")},
            7: {("category", "unknown_category")},
            8: {("surname", "missing")},
            9: {("photo", "no_file")},
            10: {("photo", "not_an_image")},
            11: {("hold", "not_yes_or_no")},
        }
        assert "row 3, birth_date: please write the date of birth" in str(report.refused[0])
        assert (again.accepted, set(again.already_here)) == ((), set(report.accepted))
        held = find_application(session, event, report.accepted[1])
        assert held is not None
        assert held.security_hold
        assert held.photo is not None


def test_wrong_columns_refuse_the_file_before_any_row(engine: Engine) -> None:
    """A missing or unknown column is named once, not once a row."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        fields = application_fields()
        missing = import_applications(
            session, CONTEXT, event, _table({k: v for k, v in fields.items() if k != "email"})
        )
        unknown = import_applications(session, CONTEXT, event, _table({**fields, "shoe size": "44"}))
        assert isinstance(missing, IntakeRefused)
        assert "email" in missing.message
        assert isinstance(unknown, IntakeRefused)
        assert "shoe size" in unknown.message


def test_a_row_that_could_not_be_read_stays_out(engine: Engine) -> None:
    """What is wrong with the row as such is told as it is."""
    table = _table(application_fields())
    torn = Row(3, table.rows[0].cells, "Row 3 has 20 cells, but there are only 9 columns.")
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        report = import_applications(session, CONTEXT, event, Table(table.columns, (torn,)))
        assert isinstance(report, IntakeReport)
        assert str(report.refused[0]) == f"row 3: {torn.fault}"


def test_importing_applications_needs_the_permission(engine: Engine) -> None:
    """A gate officer brings no applications in."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        with pytest.raises(NotAllowed):
            import_applications(session, acting(CONTEXT, "someone", Role.GATE), event, _table(application_fields()))


def test_a_grounds_pass_number_is_kept_as_a_hash(engine: Engine) -> None:
    """The doors can recognise it; nobody can read it."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        made = submitted(session, CONTEXT, event, grounds_pass="yes", grounds_pass_number="ab 12345")
        same = submitted(session, CONTEXT, event, grounds_pass="yes", grounds_pass_number="AB12345")
        assert made.grounds_hash == same.grounds_hash
        assert made.grounds_hash is not None
        assert b"12345" not in made.grounds_hash
