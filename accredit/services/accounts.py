"""Staff accounts and API tokens. Passwords are kept as argon2id, tokens as SHA-256 of 256 random bits."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accredit.db.models.accounts import Account, ApiToken
from accredit.domain.permissions import Permission, Role
from accredit.domain.scopes import USUAL, Scope
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Actor, Context

NO_PASSWORD = "!"  # noqa: S105 - what stands for a password that nobody has chosen yet begins so; no hash does
_SHORTEST = 12
_LONGEST = 200
_LONGEST_NAME = 80
_FEWEST_LETTERS = 5
_TOKEN_BYTES = 32
_TOKEN_PREFIX = "acc_"  # noqa: S105 - says what a leaked text is, so that a scanner of leaks knows it


class AccountObstacle(StrEnum):
    """Why there is no account or token."""

    BAD_NAME = "bad_name"
    NAME_TAKEN = "name_taken"
    NO_ROLE = "no_role"
    SHORT_PASSWORD = "short_password"  # noqa: S105
    WEAK_PASSWORD = "weak_password"  # noqa: S105
    UNKNOWN = "unknown"
    OWN_ACCOUNT = "own_account"
    LAST_ADMINISTRATOR = "last_administrator"
    CHANGED_MEANWHILE = "changed_meanwhile"
    LINK_USED = "link_used"


@dataclass(frozen=True, slots=True)
class AccountRefused:
    """The code, and a sentence with the cure; never the password."""

    code: AccountObstacle
    message: str


def add_account(
    session: Session, context: Context, name: str, password: str, roles: Collection[Role]
) -> Account | AccountRefused:
    """A new member of staff with these roles."""
    context.require(Permission.USERS_MANAGE)
    name = name.strip()
    refused = _faults(name, password, roles)
    if refused is not None:
        return refused
    account = Account(
        id=context.new_id(),
        name=name,
        password_hash=hashed(password),
        roles=sorted(role.value for role in roles),
        created_at=context.now(),
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        return AccountRefused(AccountObstacle.NAME_TAKEN, f"There is an account “{name}” already. Choose another name.")
    record(session, context, Action.ACCOUNT_ADDED, Subject("account", name), ("roles",))
    return account


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher().hash(password)


def check_password(session: Session, name: str, password: str) -> Account | None:
    """The active account with this name and password; the same work for a name that nobody has."""
    account = session.scalar(select(Account).where(Account.name == name.strip()))
    known = account is not None and not account.password_hash.startswith(NO_PASSWORD)
    fits = _fits(account.password_hash if account is not None and known else _hash_of_nobody(), password) and known
    return account if account is not None and account.active and fits else None


def find_account(session: Session, account_id: UUID) -> Account | None:
    """The account of this id while it is active: a log-in ends when its account does."""
    account = session.get(Account, account_id)
    return account if account is not None and account.active else None


def add_token(
    session: Session, context: Context, name: str, *, scopes: Collection[Scope] = USUAL, form: str = ""
) -> str | AccountRefused:
    """A new token for this account, to be shown once, good for these scopes as far as the account may do it.

    `form` is the mark of one showing of a form: sent twice, by a double click, it is one token.
    """
    context.require(Permission.USERS_MANAGE)
    account = session.scalar(select(Account).where(Account.name == name.strip()))
    if account is None or not account.active:
        return AccountRefused(AccountObstacle.UNKNOWN, f"There is no active account “{name}”. Add it first.")
    drawn = hmac.digest(context.secrets.pepper, f"token form {account.id} {form}".encode(), hashlib.sha256)
    random = drawn if form else context.entropy(_TOKEN_BYTES)
    token = _TOKEN_PREFIX + base64.urlsafe_b64encode(random).decode().rstrip("=")
    if form and account_of_token(session, token) is not None:
        return token
    made = ApiToken(
        id=context.new_id(),
        account_id=account.id,
        token_hash=_hash_of_token(token),
        scopes=sorted(scope.value for scope in scopes),
        created_at=context.now(),
    )
    session.add(made)
    record(session, context, Action.TOKEN_ADDED, Subject("account", account.name))
    return token


def account_of_token(session: Session, token: str) -> Account | None:
    """The active account that this token belongs to."""
    held = holder_of_token(session, token)
    return held.account if held is not None else None


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Who stands behind a token, and what the token is good for."""

    account: Account
    scopes: frozenset[str]

    @property
    def actor(self) -> Actor:
        """The account as it acts."""
        return actor_of(self.account)


def holder_of_token(session: Session, token: str) -> TokenHolder | None:
    """The active account that this token belongs to, with the token's scopes."""
    wanted = (
        select(Account, ApiToken.scopes)
        .join(ApiToken, ApiToken.account_id == Account.id)
        .where(ApiToken.token_hash == _hash_of_token(token))
    )
    found = session.execute(wanted).one_or_none()
    return TokenHolder(found[0], frozenset(found[1])) if found is not None and found[0].active else None


def actor_of(account: Account) -> Actor:
    """The account as it acts; a role that this version does not know gives no rights."""
    known = {role.value for role in Role}
    return Actor(f"user:{account.name}", frozenset(Role(role) for role in account.roles if role in known))


def _faults(name: str, password: str, roles: Collection[Role]) -> AccountRefused | None:
    return fault_of_name(name) or fault_of_roles(roles) or fault_of_password(name, password)


def fault_of_name(name: str) -> AccountRefused | None:
    """Why no account can have this name."""
    if not 0 < len(name) <= _LONGEST_NAME - len("user:") or not name.isprintable():
        words = "Give the account a name of at most 75 letters, such as j.doe."
        return AccountRefused(AccountObstacle.BAD_NAME, words)
    return None


def fault_of_roles(roles: Collection[Role]) -> AccountRefused | None:
    """Why no account can have these roles."""
    if not roles:
        known = ", ".join(role.value for role in Role)
        return AccountRefused(AccountObstacle.NO_ROLE, f"Give the account at least one role: {known}.")
    return None


def fault_of_password(name: str, password: str) -> AccountRefused | None:
    """Why the account of this name cannot have this password."""
    if not _SHORTEST <= len(password) <= _LONGEST:
        words = f"Choose a password of {_SHORTEST} to {_LONGEST} characters; a sentence is easy to keep in mind."
        return AccountRefused(AccountObstacle.SHORT_PASSWORD, words)
    if len(set(password.lower())) < _FEWEST_LETTERS or name.lower() in password.lower():
        words = "This password is easily guessed: it holds the name, or few different characters. Choose another."
        return AccountRefused(AccountObstacle.WEAK_PASSWORD, words)
    return None


def _fits(password_hash: str, password: str) -> bool:
    try:
        # The work is done before the length is judged, and a long text costs no more than the longest password.
        return _hasher().verify(password_hash, password[:_LONGEST]) and len(password) <= _LONGEST
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _hash_of_nobody() -> str:
    return _hasher().hash("the password of nobody")


def _hash_of_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
