"""Staff accounts and API tokens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accredit.db.base import Base
from accredit.db.types import SealedBytes, UtcDateTime


class Account(Base):
    """A member of staff."""

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200), comment="argon2id")
    roles: Mapped[list[str]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    totp_secret: Mapped[bytes | None] = mapped_column(SealedBytes("accounts.totp_secret"), comment="RFC 6238")
    totp_set_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="from then on a code is asked for")
    totp_last_step: Mapped[int | None] = mapped_column(comment="a code holds once: none of this step or before")


class RecoveryCode(Base):
    """A code for whoever lost the telephone; it opens once, and only its keyed hash is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)


class LogInCounter(Base):
    """How often the log-in failed under a name since it last succeeded, whether anybody has that name or not."""

    __tablename__ = "log_in_counters"

    name_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, comment="keyed; the name is not kept")
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    closed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiToken(Base):
    """A token for those who bring their own form; only its hash is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list, comment="what of the account's rights it may use")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    account: Mapped[Account] = relationship()
