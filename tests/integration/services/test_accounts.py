"""Accounts and tokens of the staff."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from factories.contents import everything_in
from factories.contexts import acting, make_context
from factories.events import loaded_event
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.db.models.accounts import Account
from accredit.db.models.audit import AuditEntry
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.accounts import (
    AccountObstacle,
    AccountRefused,
    account_of_token,
    actor_of,
    add_account,
    add_token,
    check_password,
    find_account,
)

CONTEXT = make_context()
PASSWORD = "three grey herons"


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on this test's database."""
    with writing(engine) as session:
        loaded_event(session, CONTEXT)
        yield session


def _added(session: Session, name: str = "rita") -> Account:
    account = add_account(session, CONTEXT, name, PASSWORD, [Role.REVIEWER, Role.AUDITOR])
    assert isinstance(account, Account), account
    return account


def test_an_account_is_known_by_its_password(session: Session) -> None:
    """The right one opens; a wrong one, an unknown name or a longer text do not."""
    account = _added(session)
    assert check_password(session, " rita ", PASSWORD) is account
    for name, password in (("rita", "wrong"), ("rita", PASSWORD + " "), ("rob", PASSWORD), ("", "")):
        assert check_password(session, name, password) is None
    assert find_account(session, account.id) is account
    account.active = False
    assert check_password(session, "rita", PASSWORD) is None
    assert find_account(session, account.id) is None
    assert find_account(session, CONTEXT.new_id()) is None


def test_a_password_at_the_limit_is_not_cut(session: Session) -> None:
    """Two hundred characters are the longest; with one more it is another password."""
    longest = "herons! " * 25
    assert isinstance(add_account(session, CONTEXT, "lea", longest, [Role.DESK]), Account)
    assert check_password(session, "lea", longest) is not None
    assert check_password(session, "lea", longest + "x") is None


def test_neither_password_nor_token_is_kept(session: Session) -> None:
    """The database holds argon2id and hashes; the trail holds the account's name."""
    _added(session)
    token = add_token(session, CONTEXT, "rita")
    assert isinstance(token, str)
    everything = everything_in(session)
    assert "$argon2id$" in everything
    assert PASSWORD not in everything
    assert token not in everything
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == "rita")).all()
    assert list(actions) == ["account.added", "token.added"]


def test_a_token_acts_with_the_roles_of_its_account(session: Session) -> None:
    """It finds the active account; what the account may do is told by its roles, unknown ones left out."""
    account = _added(session)
    token = add_token(session, CONTEXT, "rita")
    assert isinstance(token, str)
    assert account_of_token(session, token) is account
    assert account_of_token(session, token + "x") is None
    account.roles = [*account.roles, "emperor"]
    actor = actor_of(account)
    assert (actor.name, actor.roles) == ("user:rita", {Role.REVIEWER, Role.AUDITOR})
    account.active = False
    session.flush()
    assert account_of_token(session, token) is None
    refused = add_token(session, CONTEXT, "rita")
    assert isinstance(refused, AccountRefused)
    assert refused.code is AccountObstacle.UNKNOWN


@pytest.mark.parametrize(
    ("name", "password", "roles", "code"),
    [
        ("", PASSWORD, [Role.DESK], AccountObstacle.BAD_NAME),
        ("x" * 76, PASSWORD, [Role.DESK], AccountObstacle.BAD_NAME),
        ("ri\nta", PASSWORD, [Role.DESK], AccountObstacle.BAD_NAME),
        ("rob", PASSWORD, [], AccountObstacle.NO_ROLE),
        ("rob", "short", [Role.DESK], AccountObstacle.SHORT_PASSWORD),
        ("rob", "x" * 201, [Role.DESK], AccountObstacle.SHORT_PASSWORD),
        ("rob", "aaaabbbbcccc", [Role.DESK], AccountObstacle.WEAK_PASSWORD),
        ("robert", "I am Robert, open!", [Role.DESK], AccountObstacle.WEAK_PASSWORD),
        ("rita", PASSWORD, [Role.DESK], AccountObstacle.NAME_TAKEN),
    ],
)
def test_an_account_that_cannot_be_says_why(
    session: Session, name: str, password: str, roles: list[Role], code: AccountObstacle
) -> None:
    """The sentence names the cure and never the password; the session goes on."""
    _added(session)
    refused = add_account(session, CONTEXT, name, password, roles)
    assert isinstance(refused, AccountRefused)
    assert refused.code is code
    assert password not in refused.message
    session.commit()
    assert list(session.scalars(select(Account.name))) == ["rita"]


def test_only_an_administrator_adds_accounts(session: Session) -> None:
    """Supervisors and reviewers do not make colleagues."""
    supervisor = acting(CONTEXT, "user:sam", Role.SUPERVISOR, Role.SENIOR_REVIEWER)
    with pytest.raises(NotAllowed):
        add_account(session, supervisor, "rob", PASSWORD, [Role.DESK])
    with pytest.raises(NotAllowed):
        add_token(session, supervisor, "rita")
