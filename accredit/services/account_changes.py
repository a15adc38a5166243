"""Accounts under administration: added without a password, given roles, put out of use, given a link to choose a password.

Nobody changes his own roles or account, and nobody takes the last administrator away: there is always somebody who can put
things right. Nobody but the person himself ever knows a password; an administrator hands out a link that works once.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accredit.db.models.accounts import Account, ApiToken
from accredit.db.models.audit import AuditHead
from accredit.domain.permissions import Permission, Role
from accredit.services import second_step
from accredit.services.accounts import (
    NO_PASSWORD,
    AccountObstacle,
    AccountRefused,
    actor_of,
    fault_of_name,
    fault_of_password,
    fault_of_roles,
    hashed,
)
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context

_MARK_BYTES = 12


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as the administrators see it. `has_password` is false until the person chose one."""

    id: UUID
    name: str
    roles: frozenset[Role]
    active: bool
    has_password: bool
    has_second_step: bool
    created_at: datetime
    tokens: int


_UNKNOWN = AccountRefused(AccountObstacle.UNKNOWN, "There is no such account any more. Look at the list again.")
_OWN = AccountRefused(
    AccountObstacle.OWN_ACCOUNT, "This is your own account. Another administrator changes it; nobody changes his own."
)
_LAST = AccountRefused(
    AccountObstacle.LAST_ADMINISTRATOR,
    "This is the last administrator who can log in. Make somebody else an administrator first.",
)
_STALE = AccountRefused(
    AccountObstacle.CHANGED_MEANWHILE, "Somebody else changed this account meanwhile. Look at it again, then decide."
)


def account_lines(session: Session, context: Context) -> tuple[AccountLine, ...]:
    """All accounts by name, those out of use among them; by one statement."""
    context.require(Permission.USERS_MANAGE)
    wanted = (
        select(Account, func.count(ApiToken.id))
        .outerjoin(ApiToken, ApiToken.account_id == Account.id)
        .group_by(Account.id)
        .order_by(Account.name)
    )
    return tuple(_line(account, tokens) for account, tokens in session.execute(wanted))


def account_line(session: Session, context: Context, account_id: UUID) -> AccountLine | None:
    """One of them."""
    context.require(Permission.USERS_MANAGE)
    account = session.get(Account, account_id)
    if account is None:
        return None
    tokens = select(func.count()).where(ApiToken.account_id == account_id)
    return _line(account, session.scalar(tokens) or 0)


def _line(account: Account, tokens: int) -> AccountLine:
    return AccountLine(
        account.id,
        account.name,
        actor_of(account).roles,
        account.active,
        _has_password(account),
        account.totp_set_at is not None,
        account.created_at,
        tokens,
    )


def add_person(
    session: Session, context: Context, account_id: UUID, name: str, roles: Collection[Role]
) -> UUID | AccountRefused:
    """A new account that nobody can log in with yet. The id comes with the form: sent twice, it is one account."""
    context.require(Permission.USERS_MANAGE)
    name = name.strip()
    refused = fault_of_name(name) or fault_of_roles(roles)
    if refused is not None:
        return refused
    made = Account(
        id=account_id,
        name=name,
        password_hash=_no_password(context),
        roles=sorted(role.value for role in roles),
        created_at=context.now(),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        held = session.get(Account, account_id)
        if held is not None and held.name == name:
            return account_id
        return AccountRefused(AccountObstacle.NAME_TAKEN, f"There is an account “{name}” already. Choose another name.")
    record(session, context, Action.ACCOUNT_ADDED, Subject("account", name), ("roles",))
    return account_id


def change_roles(
    session: Session, context: Context, account_id: UUID, roles: Collection[Role], *, seen: Collection[Role]
) -> AccountRefused | None:
    """Gives an account other roles; `seen` are those that the person before the screen saw."""
    account = _locked(session, context, account_id)
    if isinstance(account, AccountRefused):
        return account
    held = actor_of(account).roles
    refused = _STALE if held != frozenset(seen) else fault_of_roles(roles)
    if refused is not None:
        return refused
    if Role.ADMINISTRATOR not in roles and _is_last_administrator(session, account):
        return _LAST
    if held != frozenset(roles):
        account.roles = sorted(role.value for role in roles)
        record(session, context, Action.ACCOUNT_CHANGED, Subject("account", account.name), ("roles",))
    return None


def set_active(session: Session, context: Context, account_id: UUID, active: bool) -> AccountRefused | None:
    """Puts an account out of use, or back into it. Its log-ins and tokens end with the next request."""
    account = _locked(session, context, account_id)
    if isinstance(account, AccountRefused):
        return account
    if not active and _is_last_administrator(session, account):
        return _LAST
    if account.active != active:
        account.active = active
        record(session, context, Action.ACCOUNT_CHANGED, Subject("account", account.name), ("active",))
    return None


def forget_password(session: Session, context: Context, account_id: UUID) -> str | AccountRefused:
    """Ends the password of an account, and every link that was made before.

    Answers the mark for a link by which the person chooses a new one.
    """
    account = _locked(session, context, account_id)
    if isinstance(account, AccountRefused):
        return account
    if _is_last_administrator(session, account):
        return _LAST
    account.password_hash = _no_password(context)
    record(session, context, Action.ACCOUNT_CHANGED, Subject("account", account.name), ("password",))
    return _mark(account)


def reset_second_step(session: Session, context: Context, account_id: UUID) -> AccountRefused | None:
    """Ends the second step of an account whose telephone is lost; the person sets another one up at the next log-in."""
    account = _locked(session, context, account_id)
    return account if isinstance(account, AccountRefused) else second_step.reset(session, context, account.name)


def waits_for_password(session: Session, account_id: UUID, mark: str) -> str | None:
    """The name of the account for which this link was made, while it has no password; None for a link that is used up."""
    account = session.get(Account, account_id)
    if account is None or not account.active or _has_password(account):
        return None
    return account.name if hmac.compare_digest(mark, _mark(account)) else None


def choose_password(
    session: Session, context: Context, account_id: UUID, mark: str, password: str
) -> AccountRefused | None:
    """The person sets the password by the link, once."""
    _lock(session)
    account = session.get(Account, account_id, populate_existing=True)
    if account is None or waits_for_password(session, account_id, mark) is None:
        return AccountRefused(
            AccountObstacle.LINK_USED, "This link was used already, or is too old. Ask an administrator for a new one."
        )
    refused = fault_of_password(account.name, password)
    if refused is not None:
        return refused
    account.password_hash = hashed(password)
    record(session, context, Action.ACCOUNT_CHANGED, Subject("account", account.name), ("password",))
    return None


def end_token(session: Session, context: Context, account_id: UUID, token_id: UUID) -> bool:
    """Ends an API token; False where it was ended already."""
    context.require(Permission.USERS_MANAGE)
    gone = delete(ApiToken).where(ApiToken.id == token_id, ApiToken.account_id == account_id).returning(ApiToken.id)
    account = session.get(Account, account_id)
    if account is None or session.execute(gone).scalar_one_or_none() is None:
        return False
    record(session, context, Action.TOKEN_ENDED, Subject("account", account.name))
    return True


def tokens_of(session: Session, context: Context, account_id: UUID) -> tuple[ApiToken, ...]:
    """The API tokens of an account, the newest first; of each only the hash is kept."""
    context.require(Permission.USERS_MANAGE)
    wanted = select(ApiToken).where(ApiToken.account_id == account_id).order_by(ApiToken.created_at.desc(), ApiToken.id)
    return tuple(session.scalars(wanted))


def _lock(session: Session) -> None:
    """One change of accounts at a time: two administrators must not take each other away in the same moment."""
    session.execute(select(AuditHead.id).with_for_update())


def _locked(session: Session, context: Context, account_id: UUID) -> Account | AccountRefused:
    context.require(Permission.USERS_MANAGE)
    _lock(session)
    account = session.get(Account, account_id, populate_existing=True)
    if account is None:
        return _UNKNOWN
    return _OWN if f"user:{account.name}" == context.actor.name else account


def _is_last_administrator(session: Session, account: Account) -> bool:
    """Whether nobody else could administer; one who has not chosen a password yet cannot."""
    if Role.ADMINISTRATOR not in actor_of(account).roles or not account.active:
        return False
    if not _has_password(account):
        return False
    others = session.scalars(select(Account).where(Account.id != account.id, Account.active))
    return not any(Role.ADMINISTRATOR in actor_of(one).roles and _has_password(one) for one in others)


def _has_password(account: Account) -> bool:
    return not account.password_hash.startswith(NO_PASSWORD)


def _no_password(context: Context) -> str:
    """Another one each time, so that a link holds for one time without a password and for no later one."""
    return NO_PASSWORD + context.entropy(_MARK_BYTES).hex()


def _mark(account: Account) -> str:
    return hashlib.sha256(account.password_hash.encode()).hexdigest()[: 2 * _MARK_BYTES]
