"""One invitation, one grounds pass, one's own word: what two people share, or nobody confirmed, waits for a person."""

from __future__ import annotations

from factories.applications import assessed, make_submission, submitted
from factories.contexts import make_context
from factories.events import loaded_event
from factories.lists import usual_lists
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.session import writing
from accredit.domain.applications import AffiliationSource
from accredit.domain.assessments import Rule
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.deciding import Decided
from accredit.services.event_loading import LoadedEvent
from accredit.services.explaining import Sameness, recompute
from accredit.services.grounds_list import opened_by
from accredit.services.intake import submit
from accredit.services.pass_life import revoke
from accredit.services.reviewing import approve, refuse, reopen, withdraw
from accredit.services.screening import approve_clear, screen_all
from accredit.services.screening_one import screen

CONTEXT = make_context()
_INVITED = {
    "surname": "Okoro-Vale",
    "given_names": "Tamsin",
    "category": "invited",
    "affiliation": "",
    "organisation": "on no list",
}
_GROUNDS = {"grounds_pass": "yes", "grounds_pass_number": "GVA-12345"}


def _code(session: Session, event: LoadedEvent, application: Application, rule: Rule) -> str:
    """The code of this rule, which computing it again must give once more."""
    record = latest_assessment(session, application)
    assert record is not None
    again = recompute(session, event, application.reference)
    assert again is not None
    assert again.sameness is Sameness.SAME, again
    return next(one.code for one in findings_of(record) if one.rule is rule)


def test_one_invitation_lets_one_person_in(engine: Engine) -> None:
    """Several who bear the invited name wait for a person, all of them; whoever is out no longer stands in the way."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        first, second, third = (
            submitted(session, CONTEXT, event, **_INVITED, birth_date=f"197{year}-01-01") for year in range(3)
        )
        screen_all(session, CONTEXT, event)
        assert approve_clear(session, CONTEXT, event) == ()
        assert {_code(session, event, one, Rule.CATEGORY) for one in (first, second, third)} == {"invitation_used"}
        refuse(session, CONTEXT, event, second.reference, reason_applicant="no", reason_staff="not the one invited")
        withdraw(session, CONTEXT, event, third.reference)
        screen(session, CONTEXT, event, first)
        assert approve_clear(session, CONTEXT, event) == (first.reference,)
        fourth = assessed(session, CONTEXT, event, **_INVITED, birth_date="1974-01-01")
        assert _code(session, event, fourth, Rule.CATEGORY) == "invitation_used"


def test_a_grounds_pass_number_belongs_to_one_person(engine: Engine) -> None:
    """Another person with the number waits for a person, even after the first one was refused."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        first = assessed(session, CONTEXT, event, **_GROUNDS)
        assert approve_clear(session, CONTEXT, event) == (first.reference,)
        refuse(session, CONTEXT, event, first.reference, reason_applicant="no", reason_staff="no")
        second = assessed(session, CONTEXT, event, **_GROUNDS)
        assert approve_clear(session, CONTEXT, event) == ()
        assert _code(session, event, second, Rule.PERSON) == "same_grounds_pass"
        screen_all(session, CONTEXT, event, again=True)
        assert _code(session, event, second, Rule.PERSON) == "same_grounds_pass"
        done = approve(session, CONTEXT, event, second.reference, reason_staff="the card was shown to me")
        assert isinstance(done, Decided)


def test_a_withdrawn_number_opens_again_by_a_person_alone(engine: Engine) -> None:
    """Approved by rule before anybody else named the number: after the other's withdrawal a person says whose card it is."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        first = assessed(session, CONTEXT, event, **_GROUNDS)
        approve_clear(session, CONTEXT, event)
        other = assessed(session, CONTEXT, event, **_GROUNDS)
        approve(session, CONTEXT, event, other.reference, reason_staff="the card was shown to me")
        assert first.grounds_hash is not None
        number, opens = first.grounds_hash, event.event.mask(event.event.categories[0].grants)
        assert opened_by(session, event.record.id, 0) == {number: opens}
        before = event.record.roster_number
        revoke(session, CONTEXT, event, other.reference, "sent out by security")
        assert opened_by(session, event.record.id, before) == {number: 0}
        reopen(session, CONTEXT, event, first.reference)
        approve(session, CONTEXT, event, first.reference, reason_staff="it is this person's card")
        assert opened_by(session, event.record.id, before) == {number: opens}


def test_ones_own_word_is_no_proof(engine: Engine) -> None:
    """An affiliation that only the applicant names waits for a reviewer, whom it costs a reason."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        claimed = submit(session, CONTEXT, event, make_submission(event.event, CONTEXT, affiliation="focal-point"))
        assert isinstance(claimed, Application)
        assert claimed.affiliation_source is AffiliationSource.APPLICANT
        screen(session, CONTEXT, event, claimed)
        assert approve_clear(session, CONTEXT, event) == ()
        assert _code(session, event, claimed, Rule.AFFILIATION) == "own_claim"
        done = approve(session, CONTEXT, event, claimed.reference, reason_staff="the focal point confirmed by phone")
        assert isinstance(done, Decided)
