"""Screening: findings by the lists, automatic approval of the clear ones, explanation and recomputation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from factories.applications import application_fields, assessed, submitted
from factories.contexts import make_context
from factories.events import event_table, loaded_event
from factories.lists import load_list, make_table, usual_lists
from sqlalchemy import Engine, select
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord, Decision
from accredit.db.models.passes import GroundsGrant, Pass
from accredit.db.session import writing
from accredit.domain.applications import AffiliationKind, ApplicationState
from accredit.domain.assessments import RULE_CHANGES, RULE_VERSION, FindingOutcome, Outcome, Rule
from accredit.domain.errors import IllegalTransition
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.explaining import Sameness, explain, recompute
from accredit.services.intake_files import IntakeReport, import_applications
from accredit.services.reviewing import approve, refuse
from accredit.services.screening import approve_clear, screen_all
from accredit.services.screening_one import screen

CONTEXT = make_context()


@contextmanager
def _prepared(engine: Engine) -> Iterator[tuple[Session, LoadedEvent]]:
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        yield session, event


def _latest(session: Session, application: Application) -> AssessmentRecord:
    found = latest_assessment(session, application)
    assert found is not None
    return found


def _code(session: Session, application: Application, rule: Rule) -> str:
    return next(one.code for one in findings_of(_latest(session, application)) if one.rule is rule)


CASES = [
    # what was applied with, the outcome, whether it is clear, the telling rule and its code
    ({}, Outcome.ELIGIBLE, True, Rule.ORGANISATION, "matched_exact"),
    ({"organisation": "ALPINE MIGRANTS FORUM"}, Outcome.ELIGIBLE, True, Rule.ORGANISATION, "matched_exact"),
    ({"organisation": "Forum alpin des migrants"}, Outcome.ELIGIBLE, True, Rule.ORGANISATION, "matched_alias"),
    ({"organisation": "River Crossing Network"}, Outcome.ELIGIBLE, True, Rule.CATEGORY, "in_force"),
    ({"organisation": "AMF"}, Outcome.REVIEW, False, Rule.ORGANISATION, "candidates"),
    ({"organisation": "Alpine Migrants Forum Zug"}, Outcome.REVIEW, False, Rule.ORGANISATION, "candidates"),
    ({"organisation": "Quite Another Thing Ltd"}, Outcome.REVIEW, False, Rule.ORGANISATION, "not_found"),
    ({"organisation": "Harbour Watch"}, Outcome.REVIEW, False, Rule.CATEGORY, "not_in_force"),
    ({"received_at": "2017-09-04T23:59:59+02:00"}, Outcome.ELIGIBLE, True, Rule.DEADLINE, "in_time"),
    ({"received_at": "2017-09-05T00:00:00+02:00"}, Outcome.INELIGIBLE, False, Rule.DEADLINE, "late_by_less_than_a_day"),
    ({"received_at": "2017-09-06T00:00:00+02:00"}, Outcome.INELIGIBLE, False, Rule.DEADLINE, "late"),
    ({"affiliation": ""}, Outcome.REVIEW, False, Rule.AFFILIATION, "no_proof"),
    ({"birth_date": "2001-05-01"}, Outcome.REVIEW, False, Rule.PERSON, "minor"),
    (
        {"surname": "Иванов", "given_names": "Пётр", "latin_surname": "OKORO VALE", "latin_given_names": "TAMSIN"},
        Outcome.REVIEW,
        False,
        Rule.PERSON,
        "spellings_disagree",
    ),
    (
        {"surname": "Иванов", "given_names": "Пётр", "latin_surname": "IVANOV", "latin_given_names": "PETR"},
        Outcome.ELIGIBLE,
        True,
        Rule.PERSON,
        "one_person",
    ),
    (
        {"category": "nhri", "organisation": "Utopian Commission on Human Rights", "organisation_country": "UTO"},
        Outcome.ELIGIBLE,
        True,
        Rule.CATEGORY,
        "grade_clear",
    ),
    (
        {
            "category": "nhri",
            "organisation": "Kenya National Commission on Human Rights",
            "organisation_country": "KEN",
        },
        Outcome.REVIEW,
        False,
        Rule.CATEGORY,
        "grade_review",
    ),
    (
        {
            "category": "member-state",
            "organisation": "Permanent Mission of Kenya to the United Nations",
            "organisation_country": "KEN",
            "received_at": "2017-09-19T12:00:00+02:00",
            "affiliation": "note-verbale",
        },
        Outcome.ELIGIBLE,
        True,
        Rule.ORGANISATION,
        "matched_country",
    ),
    (
        {"category": "member-state", "organisation": "Kenya Safari Club", "organisation_country": "KEN"},
        Outcome.REVIEW,
        False,
        Rule.ORGANISATION,
        "candidates",
    ),
    (
        {"category": "member-state", "organisation": "National Assembly of Kenya", "organisation_country": "KEN"},
        Outcome.REVIEW,
        False,
        Rule.ORGANISATION,
        "candidates",
    ),
    (
        {"category": "parliament", "organisation": "National Assembly of Kenya", "organisation_country": "KEN"},
        Outcome.ELIGIBLE,
        True,
        Rule.CATEGORY,
        "in_force",
    ),
    (
        {"category": "parliament", "organisation": "National Assembly of Kenya", "organisation_country": "CHE"},
        Outcome.REVIEW,
        False,
        Rule.ORGANISATION,
        "candidates",
    ),
    (
        {
            "category": "invited",
            "surname": "OKORO VALE",
            "given_names": "Tamsin",
            "organisation": "on no list",
            "affiliation": "",
            "received_at": "2017-09-19T12:00:00+02:00",
        },
        Outcome.ELIGIBLE,
        True,
        Rule.CATEGORY,
        "on_invitation_list",
    ),
    (
        {"category": "invited", "surname": "STRANGER", "organisation": "Dock Workers' Union"},
        Outcome.REVIEW,
        False,
        Rule.CATEGORY,
        "not_on_invitation_list",
    ),
]


@pytest.mark.parametrize(("fields", "outcome", "is_clear", "rule", "code"), CASES)
def test_findings(
    engine: Engine, fields: dict[str, str], outcome: Outcome, is_clear: bool, rule: Rule, code: str
) -> None:
    """Each kind of application gets the outcome and the telling finding of its category, list and day."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event, **fields)
        record = _latest(session, application)
        assert _code(session, application, rule) == code
        assert (record.outcome, record.is_clear) == (outcome, is_clear)
        assert application.state is ApplicationState.ASSESSED


def test_without_an_edition_the_rules_cannot_tell(engine: Engine) -> None:
    """A missing list speaks for nobody and against nobody."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        application = assessed(session, CONTEXT, event)
        finding = findings_of(_latest(session, application))[1]
        assert (finding.outcome, finding.code) == (FindingOutcome.CANNOT_TELL, "no_list")
        assert "ecosoc" in finding.staff


def test_a_list_that_was_not_loaded_is_told_to_the_reviewer(engine: Engine) -> None:
    """Where one of two lists is missing, not found may mean not looked at."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        load_list(session, CONTEXT, "ecosoc", [{"name": "Alpine Migrants Forum"}])
        application = assessed(session, CONTEXT, event, organisation="Nobody Knows Us")
        finding = findings_of(_latest(session, application))[1]
        assert "special-accreditation" in finding.staff


def test_a_status_that_changed_between_the_two_days_goes_to_a_person(engine: Engine) -> None:
    """In force on the hearing's day but not on the deadline's is neither yes nor no."""
    with _prepared(engine) as (session, event):
        load_list(
            session,
            CONTEXT,
            "ecosoc",
            [{"name": "Alpine Migrants Forum"}, {"name": "Newly Granted Body"}],
            date(2017, 10, 1),
        )
        old = assessed(session, CONTEXT, event)
        new = assessed(session, CONTEXT, event, organisation="Newly Granted Body")
        assert _latest(session, old).is_clear
        assert _code(session, new, Rule.CATEGORY) == "status_changed"
        assert len(_latest(session, old).editions) == 3


def test_an_edition_after_the_hearing_is_not_read(engine: Engine) -> None:
    """Lists count as they stand on the event's reference day."""
    with _prepared(engine) as (session, event):
        load_list(session, CONTEXT, "ecosoc", [{"name": "Too Late Body"}], date(2017, 10, 12))
        application = assessed(session, CONTEXT, event, organisation="Too Late Body")
        assert _code(session, application, Rule.ORGANISATION) == "not_found"


def test_one_name_for_two_bodies_on_two_lists_is_never_accepted(engine: Engine) -> None:
    """The same name in two countries is two bodies; the same body on two lists is one."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        load_list(
            session,
            CONTEXT,
            "ecosoc",
            [{"name": "Twin Peace Centre"}, {"name": "One Body"}, {"name": "X", "aliases": "Shared"}],
        )
        load_list(
            session,
            CONTEXT,
            "special-accreditation",
            [{"name": "Twin Peace Centre", "country": "KEN"}, {"name": "One Body"}, {"name": "Y", "aliases": "Shared"}],
        )
        twin = assessed(session, CONTEXT, event, organisation="Twin Peace Centre", organisation_country="CHE")
        one = assessed(session, CONTEXT, event, organisation="One Body")
        shared = assessed(session, CONTEXT, event, organisation="Shared")
        assert not _latest(session, twin).is_clear
        assert _latest(session, one).is_clear
        assert "both bear this name" in findings_of(_latest(session, shared))[1].staff


def test_the_same_person_twice_is_shown_on_both(engine: Engine) -> None:
    """Two applications of one person name each other, whatever order and case the names are in."""
    with _prepared(engine) as (session, event):
        one = submitted(
            session, CONTEXT, event, surname="FARAH", given_names="Hana", organisation="River Crossing Network"
        )
        two = submitted(session, CONTEXT, event, surname="Hana", given_names="Farah")
        screen_all(session, CONTEXT, event)
        for application, other in ((one, two), (two, one)):
            finding = findings_of(_latest(session, application))[4]
            assert (finding.code, finding.evidence["same_person_1"]) == ("same_person", other.reference)


_SPELLINGS = (
    {"surname": "Miller", "given_names": "Bruno"},
    {"surname": "Miller", "given_names": "Bruno", "latin_surname": "Okoro", "latin_given_names": "Tamsin"},
    {"surname": "Okoro", "given_names": "Tamsin", "latin_surname": "Miller", "latin_given_names": "Bruno"},
)


@pytest.mark.parametrize("in_bulk", [True, False])
@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (0, 2), (1, 1)])
def test_another_latin_spelling_makes_no_other_person(engine: Engine, pair: tuple[int, int], in_bulk: bool) -> None:
    """Who applies again is known by either spelling, the native or the Latin one; and shown once, not twice."""
    with _prepared(engine) as (session, event):
        one = submitted(session, CONTEXT, event, **_SPELLINGS[pair[0]], organisation="River Crossing Network")
        two = submitted(session, CONTEXT, event, **_SPELLINGS[pair[1]])
        if in_bulk:
            screen_all(session, CONTEXT, event)
        else:
            screen(session, CONTEXT, event, one)
            screen(session, CONTEXT, event, two)
        for application, other in ((one, two), (two, one)):
            finding = findings_of(_latest(session, application))[4]
            shown = {key: value for key, value in finding.evidence.items() if key.startswith("same_person")}
            assert shown == {"same_person_1": other.reference}


@pytest.mark.parametrize("in_bulk", [True, False])
def test_a_delegation_is_full_in_the_order_of_receipt(engine: Engine, in_bulk: bool) -> None:
    """The quota goes to those who came first; one by one or all at once makes no difference."""
    with writing(engine) as session:
        table = event_table()
        table["passes"]["quota_per_organisation"] = 2
        event = loaded_event(session, CONTEXT, passes=table["passes"])
        usual_lists(session, CONTEXT)
        hours = (12, 9, 11, 10)
        made = {
            hour: submitted(session, CONTEXT, event, received_at=f"2017-08-20T{hour:02}:00:00+02:00") for hour in hours
        }
        if in_bulk:
            screen_all(session, CONTEXT, event)
        else:
            for hour in sorted(hours):
                screen(session, CONTEXT, event, made[hour])
        codes = [_code(session, made[hour], Rule.QUOTA) for hour in sorted(hours)]
        assert codes == ["within_quota", "within_quota", "quota_reached", "quota_reached"]
        refuse(session, CONTEXT, event, made[9].reference, reason_applicant="no", reason_staff="no")
        screen(session, CONTEXT, event, made[11])
        assert _code(session, made[11], Rule.QUOTA) == "within_quota"


def test_only_the_clear_ones_are_approved_by_rule(engine: Engine) -> None:
    """The automatic rule prepares a pass for each clear application, signs in its own name, and refuses nobody."""
    with _prepared(engine) as (session, event):
        clear = submitted(session, CONTEXT, event)
        grounds = submitted(session, CONTEXT, event, grounds_pass="yes", grounds_pass_number="AB12345")
        late = submitted(session, CONTEXT, event, received_at="2017-09-10T00:00:00+02:00")
        unknown = submitted(session, CONTEXT, event, organisation="Nobody Knows Us")
        report = screen_all(session, CONTEXT, event)
        approved = approve_clear(session, CONTEXT, event)
        session.commit()
        assert (report.screened, report.clear) == (4, 2)
        assert set(approved) == {clear.reference, grounds.reference}
        assert (late.state, unknown.state) == (ApplicationState.ASSESSED, ApplicationState.ASSESSED)
        decisions = session.scalars(select(Decision)).all()
        assert {(one.actor, one.automatic) for one in decisions} == {("rule:automatic", True)}
        assert session.scalars(select(Pass.application_id)).all() == [clear.id]
        assert session.scalars(select(GroundsGrant.application_id)).all() == [grounds.id]
        assert approve_clear(session, CONTEXT, event) == ()


def test_what_came_in_after_the_screening_stops_the_automatic_approval(engine: Engine) -> None:
    """A second application of the person between screening and approval leaves both to a reviewer."""
    with _prepared(engine) as (session, event):
        first = assessed(session, CONTEXT, event, surname="GRECO", given_names="Ines")
        assert _latest(session, first).is_clear
        submitted(session, CONTEXT, event, surname="GRECO", given_names="Ines", organisation="River Crossing Network")
        assert approve_clear(session, CONTEXT, event) == ()
        assert (first.state, _latest(session, first).number) == (ApplicationState.ASSESSED, 2)


def test_screening_again_lists_whose_outcome_changed_and_keeps_decisions(engine: Engine) -> None:
    """A new edition changes the assessment of the undecided, and no decision."""
    with _prepared(engine) as (session, event):
        decided = assessed(session, CONTEXT, event)
        approve(session, CONTEXT, event, decided.reference)
        waiting = assessed(session, CONTEXT, event, organisation="Newly Listed Body")
        rows = [{"name": "Newly Listed Body"}, {"name": "Alpine Migrants Forum", "status": "suspended"}]
        load_list(session, CONTEXT, "ecosoc", rows)
        report = screen_all(session, CONTEXT, event, again=True)
        changes = {(one.reference, one.before, one.after) for one in report.changed}
        assert changes == {
            (decided.reference, Outcome.ELIGIBLE, Outcome.REVIEW),
            (waiting.reference, Outcome.REVIEW, Outcome.ELIGIBLE),
        }
        assert decided.state is ApplicationState.APPROVED
        assert _latest(session, decided).number == 1
        assert _latest(session, waiting).number == 2


def test_a_decided_application_is_not_screened_again(engine: Engine) -> None:
    """It is reopened first, by a person."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event)
        approve(session, CONTEXT, event, application.reference)
        with pytest.raises(IllegalTransition):
            screen(session, CONTEXT, event, application)


def test_an_explanation_names_rules_lists_evidence_and_basis(engine: Engine) -> None:
    """A reviewer reads why, without the database."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event, received_at="2017-09-05T00:00:00+02:00")
        lines = explain(session, event, application.reference)
        assert lines is not None
        told = "\n".join(lines)
        for words in (
            "deadline: against (late_by_less_than_a_day)",
            "organisation: clear (matched_exact)",
            "05 September 2017 00:00:00 (Europe/Zurich)",
            "ecosoc of 2017-09-04, revision 1",
            "basis: General Assembly resolution 71/280, paragraph 30",
        ):
            assert words in told
        assert explain(session, event, "XXXX-XXXX") is None


def test_a_recomputation_uses_what_was_used_then(engine: Engine) -> None:
    """Newer editions, and newer applications of the person, make no difference to it; other facts do."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event, surname="JANSEN", given_names="Kofi")
        load_list(session, CONTEXT, "ecosoc", [{"name": "Quite Other Body"}])
        submitted(session, CONTEXT, event, surname="JANSEN", given_names="Kofi", organisation="Harbour Watch")
        same = recompute(session, event, application.reference)
        assert same is not None
        assert (same.sameness, same.after) == (Sameness.SAME, Outcome.ELIGIBLE)
        application.affiliation = None
        session.flush()
        different = recompute(session, event, application.reference)
        assert different is not None
        assert different.sameness is Sameness.DIFFERENT
        assert "affiliation was proved, is no_proof" in different.message


@pytest.mark.parametrize(("version", "after"), [(1, Outcome.REVIEW), (RULE_VERSION + 1, None)])
def test_rules_of_another_version_are_told_apart(engine: Engine, version: int, after: Outcome | None) -> None:
    """Older rules are gone: it is said what came since, and what today's say; of newer ones nothing is known."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event, affiliation="")
        _latest(session, application).rule_version = version
        session.flush()
        answer = recompute(session, event, application.reference)
        assert answer is not None
        assert (answer.sameness, answer.before, answer.after) == (Sameness.CANNOT_TELL, Outcome.REVIEW, after)
        assert f"version {version} of the rules" in answer.message
        if after is not None:
            assert all(words in answer.message for words in (RULE_CHANGES[2], "with the same findings"))
            application.affiliation = AffiliationKind.LETTER
            session.flush()
            answer = recompute(session, event, application.reference)
            assert answer is not None
            assert "affiliation was no_proof, is proved" in answer.message


def test_waivers_and_confirmations_are_recomputed_too(engine: Engine) -> None:
    """What the reviewer settled is part of what was computed."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event, organisation="AMF", received_at="2017-09-05T00:00:00+02:00")
        approve(
            session,
            CONTEXT,
            event,
            application.reference,
            reason_staff="their letter names them",
            waive=frozenset({Rule.DEADLINE}),
            confirm_entry="alpine migrants forum",
        )
        again = recompute(session, event, application.reference)
        assert again is not None
        assert again.sameness is Sameness.SAME, again.message


@contextmanager
def _counting(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    yield statements
    sqlalchemy_event.remove(engine, "before_cursor_execute", note)


def _import(session: Session, context: Context, event: LoadedEvent, count: int) -> None:
    rows = [application_fields() for _ in range(count)]
    report = import_applications(session, context, event, make_table(rows))
    assert isinstance(report, IntakeReport)
    assert len(report.accepted) == count


def test_statements_do_not_grow_with_the_number_of_applications(engine: Engine) -> None:
    """Lists, delegations and doubles are read once, whatever the number; writing is in bulk."""
    with _prepared(engine) as (session, event):
        _import(session, CONTEXT, event, 300)
        session.commit()
        with _counting(engine) as statements:
            progress: list[tuple[int, int]] = []
            report = screen_all(session, CONTEXT, event, progress=lambda done, total: progress.append((done, total)))
        assert report.screened == 300
        assert len(statements) < 40
        assert progress[0] == (0, 300)
        assert progress[-1] == (300, 300)
        one = submitted(session, CONTEXT, event)
        session.flush()
        with _counting(engine) as statements:
            screen(session, CONTEXT, event, one)
        assert len(statements) <= 16
