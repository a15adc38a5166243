"""Where an event asks for it, the focal point of a body confirms its delegates by a signed link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from factories.applications import assessed, submitted
from factories.contexts import REVIEW_DAY, acting, at, make_context
from factories.events import loaded_event
from factories.lists import usual_lists
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.session import writing
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Finding, Rule
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.confirming import confirm_body
from accredit.services.event_loading import LoadedEvent
from accredit.services.focal_points import (
    Confirmed,
    LinkFault,
    LinkRefused,
    LinkShown,
    all_links,
    confirm_by_focal_point,
    shown_by_link,
    token_for,
)
from accredit.services.reviewing import approve
from accredit.services.screening import approve_clear, screen_all

CONTEXT = make_context()
FOCAL_POINT = acting(CONTEXT, "focal point")


@contextmanager
def _prepared(engine: Engine, *, asked: bool = True) -> Iterator[tuple[Session, LoadedEvent]]:
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT, focal_point_confirms=asked)
        usual_lists(session, CONTEXT)
        yield session, event


def _affiliation(session: Session, application: Application) -> Finding:
    record = latest_assessment(session, application)
    assert record is not None
    return next(one for one in findings_of(record) if one.rule is Rule.AFFILIATION)


def _token(session: Session, event: LoadedEvent, application: Application) -> str:
    token = token_for(session, CONTEXT, event, application.reference)
    assert isinstance(token, str)
    return token


def test_an_application_waits_until_the_focal_point_confirms(engine: Engine) -> None:
    """Unconfirmed it waits, whatever letter came along; confirmed it is clear; a second use of the link changes nothing."""
    with _prepared(engine) as (session, event):
        made = submitted(session, CONTEXT, event, affiliation="letter")
        screen_all(session, CONTEXT, event)
        assert made.state is ApplicationState.WAITING
        assert _affiliation(session, made).code == "waits_for_focal_point"
        assert approve_clear(session, CONTEXT, event) == ()
        token = _token(session, event, made)
        done = confirm_by_focal_point(session, FOCAL_POINT, event, token)
        assert done == Confirmed(made.reference, ApplicationState.ASSESSED, again=False)
        assert _affiliation(session, made).evidence == {"by": "focal-point"}
        again = confirm_by_focal_point(session, FOCAL_POINT, event, token)
        assert again == Confirmed(made.reference, ApplicationState.ASSESSED, again=True)
        assert approve_clear(session, CONTEXT, event) == (made.reference,)


def test_whoever_is_late_is_not_kept_waiting(engine: Engine) -> None:
    """What speaks against an application is a reviewer's matter at once; who is invited in person needs no focal point."""
    with _prepared(engine) as (session, event):
        late = assessed(session, CONTEXT, event, received_at="2017-09-06T00:00:00+02:00")
        assert late.state is ApplicationState.ASSESSED


def test_where_nobody_asks_nobody_waits(engine: Engine) -> None:
    """For the event of 2017 the setting is off: no link is made, and none is taken."""
    with _prepared(engine, asked=False) as (session, event):
        made = assessed(session, CONTEXT, event)
        assert made.state is ApplicationState.ASSESSED
        for refused in (
            token_for(session, CONTEXT, event, made.reference),
            all_links(session, CONTEXT, event),
            shown_by_link(session, FOCAL_POINT, event, "A" * 48),
            confirm_by_focal_point(session, FOCAL_POINT, event, "A" * 48),
        ):
            assert isinstance(refused, LinkRefused)
            assert refused.code is LinkFault.NOT_ASKED


def test_a_link_that_is_broken_or_old_does_nothing(engine: Engine) -> None:
    """Every changed letter, a link of no form, and one past its last moment are refused with a sentence."""
    with _prepared(engine) as (session, event):
        made = assessed(session, CONTEXT, event)
        token = _token(session, event, made)
        other = {"A": "B"}
        broken = [f"{token[:n]}{other.get(token[n], 'A')}{token[n + 1 :]}" for n in range(len(token))]
        for one in (*broken, "", "é", token[:-4], token + "AAAA", "=" * 48):
            refused = confirm_by_focal_point(session, FOCAL_POINT, event, one)
            assert refused == shown_by_link(session, FOCAL_POINT, event, one)
            assert isinstance(refused, LinkRefused), one
            assert refused.code in {LinkFault.BROKEN, LinkFault.EXPIRED}
        old = at(FOCAL_POINT, REVIEW_DAY + timedelta(days=15))
        refused = confirm_by_focal_point(session, old, event, token)
        assert isinstance(refused, LinkRefused)
        assert refused.code is LinkFault.EXPIRED
        assert made.state is ApplicationState.WAITING


def test_a_link_has_no_say_for_another_body(engine: Engine) -> None:
    """Whoever names another body after the link was sent is confirmed by that body's focal point alone."""
    with _prepared(engine) as (session, event):
        made = assessed(session, CONTEXT, event)
        token = _token(session, event, made)
        made.organisation = "Another Body"
        session.flush()
        refused = confirm_by_focal_point(session, FOCAL_POINT, event, token)
        assert isinstance(refused, LinkRefused)
        assert refused.code is LinkFault.BROKEN
        done = confirm_by_focal_point(session, FOCAL_POINT, event, _token(session, event, made))
        assert isinstance(done, Confirmed)


def test_what_was_decided_is_not_confirmed_any_more(engine: Engine) -> None:
    """A decision stands; only a reviewer makes a link, and only for an application that there is."""
    with _prepared(engine) as (session, event):
        made = assessed(session, CONTEXT, event)
        token = _token(session, event, made)
        approve(session, CONTEXT, event, made.reference, reason_staff="the focal point rang")
        refused = confirm_by_focal_point(session, FOCAL_POINT, event, token)
        assert isinstance(refused, LinkRefused)
        assert refused.code is LinkFault.DECIDED
        unknown = token_for(session, CONTEXT, event, "XXXX-XXXX")
        assert isinstance(unknown, LinkRefused)
        assert unknown.code is LinkFault.UNKNOWN_REFERENCE
        with pytest.raises(NotAllowed):
            token_for(session, acting(CONTEXT, "test:gate", Role.GATE), event, made.reference)


def test_a_look_changes_nothing_and_tells_little(engine: Engine) -> None:
    """Body, category and name of the person; nothing any more once that one is confirmed."""
    with _prepared(engine) as (session, event):
        made = assessed(session, CONTEXT, event, surname="OKORO", given_names="Tamsin")
        token, version = _token(session, event, made), made.version
        shown = shown_by_link(session, FOCAL_POINT, event, token)
        assert shown == LinkShown(False, "Alpine Migrants Forum", "ngo", "OKORO", "Tamsin")
        assert "OKORO" not in repr(shown)
        assert (made.state, made.version) == (ApplicationState.WAITING, version)
        confirm_by_focal_point(session, FOCAL_POINT, event, token)
        assert shown_by_link(session, FOCAL_POINT, event, token) == LinkShown(True)


def test_links_are_made_for_those_who_wait_for_a_focal_point(engine: Engine) -> None:
    """Not for the late, the confirmed, the decided, nor for whoever was not screened; each link confirms its own one."""
    with _prepared(engine) as (session, event):
        first = assessed(session, CONTEXT, event, received_at="2017-08-01T10:00:00+02:00")
        second = assessed(session, CONTEXT, event, organisation="River Crossing Network")
        assessed(session, CONTEXT, event, received_at="2017-09-06T00:00:00+02:00")
        done = assessed(session, CONTEXT, event)
        confirm_by_focal_point(session, FOCAL_POINT, event, _token(session, event, done))
        decided = assessed(session, CONTEXT, event)
        approve(session, CONTEXT, event, decided.reference, reason_staff="the focal point rang")
        submitted(session, CONTEXT, event)
        links = all_links(session, CONTEXT, event)
        assert not isinstance(links, LinkRefused)
        assert [(one.reference, one.organisation) for one in links] == [
            (first.reference, "Alpine Migrants Forum"),
            (second.reference, "River Crossing Network"),
        ]
        assert links[1].token not in repr(links)
        confirmed = confirm_by_focal_point(session, FOCAL_POINT, event, links[1].token)
        assert confirmed == Confirmed(second.reference, ApplicationState.ASSESSED, again=False)
        assert first.state is ApplicationState.WAITING
        with pytest.raises(NotAllowed):
            all_links(session, acting(CONTEXT, "test:gate", Role.GATE), event)


def test_a_reviewer_says_first_which_body_it_is(engine: Engine) -> None:
    """Nobody knows whom to ask before; once the body is said the application waits for its focal point."""
    with _prepared(engine) as (session, event):
        made = assessed(session, CONTEXT, event, organisation="Alpin Migrant Foruum")
        assert made.state is ApplicationState.ASSESSED
        assert all_links(session, CONTEXT, event) == ()
        confirm_body(session, CONTEXT, event, made.reference, "alpine migrants forum")
        assert made.state is ApplicationState.WAITING
        links = all_links(session, CONTEXT, event)
        assert not isinstance(links, LinkRefused)
        assert [one.reference for one in links] == [made.reference]
