"""Accounts under administration."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import pytest
from factories.contexts import HEARING_MORNING, acting, make_context
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.db.models.accounts import Account
from accredit.db.models.audit import AuditEntry
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.account_changes import (
    account_line,
    account_lines,
    add_person,
    change_roles,
    choose_password,
    end_token,
    forget_password,
    reset_second_step,
    set_active,
    tokens_of,
    waits_for_password,
)
from accredit.services.accounts import AccountObstacle, AccountRefused, add_account, add_token, check_password
from accredit.services.context import Actor

OFFICE = make_context(HEARING_MORNING)
PASSWORD = "seven grey herons at dawn"


def _code(answer: object) -> AccountObstacle:
    assert isinstance(answer, AccountRefused), answer
    return answer.code


def _administrator(session: Session, name: str) -> UUID:
    made = add_account(session, OFFICE, name, PASSWORD, [Role.ADMINISTRATOR])
    assert isinstance(made, Account)
    return made.id


def _person(session: Session, name: str = "j.doe", *roles: Role) -> UUID:
    made = add_person(session, OFFICE, uuid4(), name, roles or [Role.DESK])
    assert isinstance(made, UUID), made
    return made


def _actions(session: Session) -> list[tuple[str, list[str]]]:
    found = session.scalars(select(AuditEntry).order_by(AuditEntry.number))
    return [(one.action, one.fields) for one in found if one.subject_kind == "account"]


def test_a_new_person_has_no_password_until_he_chooses_one(engine: Engine) -> None:
    """The link works once; before it nobody can log in, afterwards the person can."""
    with writing(engine) as session:
        person = _person(session)
        assert check_password(session, "j.doe", "") is None
        mark = forget_password(session, OFFICE, person)
        assert isinstance(mark, str)
        assert waits_for_password(session, person, mark) == "j.doe"
        assert choose_password(session, OFFICE, person, mark, PASSWORD) is None
        assert check_password(session, "j.doe", PASSWORD) is not None
        assert waits_for_password(session, person, mark) is None
        assert _code(choose_password(session, OFFICE, person, mark, PASSWORD)) is AccountObstacle.LINK_USED
        assert _actions(session) == [
            ("account.added", ["roles"]),
            ("account.changed", ["password"]),
            ("account.changed", ["password"]),
        ]


def test_a_link_of_before_opens_nothing_later(engine: Engine) -> None:
    """Each new link ends the one before it, also when both are made while there is no password."""
    with writing(engine) as session:
        person = _person(session)
        first, second = (forget_password(session, OFFICE, person) for _ in range(2))
        assert isinstance(first, str)
        assert isinstance(second, str)
        assert waits_for_password(session, person, first) is None
        assert waits_for_password(session, person, second) == "j.doe"
        assert waits_for_password(session, person, "") is None
        assert waits_for_password(session, uuid4(), second) is None


def test_a_weak_password_is_refused_and_the_link_stays(engine: Engine) -> None:
    """The person may try again."""
    with writing(engine) as session:
        person = _person(session)
        mark = forget_password(session, OFFICE, person)
        assert isinstance(mark, str)
        assert _code(choose_password(session, OFFICE, person, mark, "short")) is AccountObstacle.SHORT_PASSWORD
        assert waits_for_password(session, person, mark) == "j.doe"


def test_the_same_form_twice_is_one_account(engine: Engine) -> None:
    """A double click adds one person; another name under the same form, or the same name again, is refused."""
    with writing(engine) as session:
        form = uuid4()
        assert add_person(session, OFFICE, form, "j.doe", [Role.DESK]) == form
        assert add_person(session, OFFICE, form, "j.doe", [Role.DESK]) == form
        assert _code(add_person(session, OFFICE, uuid4(), "j.doe", [Role.DESK])) is AccountObstacle.NAME_TAKEN
        assert len(_actions(session)) == 1


@pytest.mark.parametrize(
    ("name", "roles", "code"),
    [("", [Role.DESK], "bad_name"), ("x" * 76, [Role.DESK], "bad_name"), ("j.doe", [], "no_role")],
)
def test_an_account_needs_a_name_and_a_role(engine: Engine, name: str, roles: list[Role], code: str) -> None:
    """What is missing is named."""
    with writing(engine) as session:
        assert _code(add_person(session, OFFICE, uuid4(), name, roles)) == code


def test_nobody_changes_his_own_account(engine: Engine) -> None:
    """Roles, use and password of one's own account are another administrator's business."""
    with writing(engine) as session:
        _administrator(session, "second")
        mine = _administrator(session, "a.smith")
        me = acting(OFFICE, "user:a.smith", Role.ADMINISTRATOR)
        seen = {Role.ADMINISTRATOR}
        assert _code(change_roles(session, me, mine, [Role.AUDITOR], seen=seen)) is AccountObstacle.OWN_ACCOUNT
        assert _code(set_active(session, me, mine, False)) is AccountObstacle.OWN_ACCOUNT
        assert _code(forget_password(session, me, mine)) is AccountObstacle.OWN_ACCOUNT


def test_the_last_administrator_stays(engine: Engine) -> None:
    """Neither by roles nor by use nor by password; one who cannot log in yet does not count."""
    with writing(engine) as session:
        last = _administrator(session, "a.smith")
        _person(session, "new", Role.ADMINISTRATOR)
        seen = {Role.ADMINISTRATOR}
        for answer in (
            change_roles(session, OFFICE, last, [Role.DESK], seen=seen),
            set_active(session, OFFICE, last, False),
            forget_password(session, OFFICE, last),
        ):
            assert _code(answer) is AccountObstacle.LAST_ADMINISTRATOR
        _administrator(session, "another")
        assert change_roles(session, OFFICE, last, [Role.DESK], seen=seen) is None


def test_two_administrators_cannot_take_each_other_away_at_once(engine: Engine) -> None:
    """Of two who act in the same moment one comes second and is refused."""
    with writing(engine) as session:
        both = {name: _administrator(session, name) for name in ("one", "two")}
        session.commit()
    answers: list[object] = []
    start = threading.Barrier(2)

    def remove(by: str, whom: str) -> None:
        start.wait()
        with writing(engine) as session:
            me = acting(OFFICE, f"user:{by}", Role.ADMINISTRATOR)
            answers.append(set_active(session, me, both[whom], False))
            session.commit()

    threads = [threading.Thread(target=remove, args=pair) for pair in (("one", "two"), ("two", "one"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer is None for answer in answers) == [False, True]


def test_roles_change_only_for_who_saw_the_present_ones(engine: Engine) -> None:
    """Two administrators before the same account: the second is told, nothing is lost."""
    with writing(engine) as session:
        person = _person(session)
        assert change_roles(session, OFFICE, person, [Role.REVIEWER, Role.DESK], seen=[Role.DESK]) is None
        stale = change_roles(session, OFFICE, person, [Role.GATE], seen=[Role.DESK])
        assert _code(stale) is AccountObstacle.CHANGED_MEANWHILE
        line = account_line(session, OFFICE, person)
        assert line is not None
        assert line.roles == {Role.REVIEWER, Role.DESK}
        assert ("account.changed", ["roles"]) in _actions(session)


def test_an_account_goes_out_of_use_and_comes_back(engine: Engine) -> None:
    """Once each, however often it is asked for."""
    with writing(engine) as session:
        person = _person(session)
        for active in (False, False, True):
            assert set_active(session, OFFICE, person, active) is None
        assert [fields for action, fields in _actions(session) if action == "account.changed"] == [["active"]] * 2
        assert _code(set_active(session, OFFICE, uuid4(), False)) is AccountObstacle.UNKNOWN


def test_tokens_are_listed_and_ended(engine: Engine) -> None:
    """An ended token is gone; ending it again changes nothing."""
    with writing(engine) as session:
        _person(session)
        made = add_token(session, OFFICE, "j.doe")
        assert isinstance(made, str)
        [line] = account_lines(session, OFFICE)
        assert (line.name, line.tokens, line.has_password) == ("j.doe", 1, False)
        [token] = tokens_of(session, OFFICE, line.id)
        assert end_token(session, OFFICE, line.id, token.id)
        assert not end_token(session, OFFICE, line.id, token.id)
        assert tokens_of(session, OFFICE, line.id) == ()


def test_the_same_form_twice_is_one_token(engine: Engine) -> None:
    """A double click makes one and shows it twice; the next form makes another."""
    with writing(engine) as session:
        person = _person(session)
        first, again, other = (add_token(session, OFFICE, "j.doe", form=form) for form in ("a", "a", "b"))
        assert first == again != other
        assert len(tokens_of(session, OFFICE, person)) == 2


def test_a_lost_telephone_is_forgotten(engine: Engine) -> None:
    """By another administrator; the person sets another one up."""
    with writing(engine) as session:
        person = _person(session)
        account = session.get_one(Account, person)
        account.totp_secret, account.totp_set_at = b"s" * 20, OFFICE.now()
        session.flush()
        mine = acting(OFFICE, "user:j.doe", Role.ADMINISTRATOR)
        assert _code(reset_second_step(session, mine, person)) is AccountObstacle.OWN_ACCOUNT
        assert reset_second_step(session, OFFICE, person) is None
        line = account_line(session, OFFICE, person)
        assert line is not None
        assert not line.has_second_step


def test_only_administrators_see_accounts(engine: Engine) -> None:
    """Everything here needs the permission."""
    outsider = acting(OFFICE, "user:x", Role.REVIEWER)
    assert outsider.actor == Actor("user:x", frozenset({Role.REVIEWER}))
    with writing(engine) as session:
        for call in (
            lambda: account_lines(session, outsider),
            lambda: add_person(session, outsider, uuid4(), "n", [Role.DESK]),
            lambda: set_active(session, outsider, uuid4(), True),
            lambda: tokens_of(session, outsider, uuid4()),
        ):
            with pytest.raises(NotAllowed):
                call()
