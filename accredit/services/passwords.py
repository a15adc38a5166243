"""The password, changed by the person it belongs to."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from accredit.db.models.accounts import Account
from accredit.services.accounts import AccountRefused, fault_of_password, hashed
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context


def change(session: Session, context: Context, account_id: UUID, password: str) -> AccountRefused | None:
    """Another password for this account, whose owner has just shown the one until now. Older sessions end with it."""
    account = session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    refused = fault_of_password(account.name, password)
    if refused is not None:
        return refused
    account.password_hash = hashed(password)
    record(session, context, Action.PASSWORD_CHANGED, Subject("account", account.name))
    return None
