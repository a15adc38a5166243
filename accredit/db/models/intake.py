"""Applications on their way in: files that are not sent yet, and the keys by which one that was sent twice is known."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from accredit.db.base import Base
from accredit.db.types import SealedBytes, UtcDateTime


class Draft(Base):
    """Files that somebody uploaded with a form that is not sent yet. Only the hash of the token that opens them is kept."""

    __tablename__ = "drafts"
    __table_args__ = (Index("ix_drafts_expires_at", "expires_at"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"))
    photo: Mapped[bytes | None] = mapped_column(SealedBytes("drafts.photo"), comment="re-encoded and cropped")
    letter: Mapped[bytes | None] = mapped_column(SealedBytes("drafts.letter"))
    letter_type: Mapped[str] = mapped_column(String(40), default="")
    letter_pages: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SubmissionKey(Base):
    """The sender's own key of one submission: sent once more it is the same application, not a second one."""

    __tablename__ = "submission_keys"
    __table_args__ = (
        Index("ix_submission_keys_application_id", "application_id"),
        Index("ix_submission_keys_account_id_taken_at", "account_id", "taken_at", "application_id"),
    )

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, comment="hash of sender and key")
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), comment="keyed hash of what was sent under it")
    account_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="of the program that sent it; null where a person did"
    )
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
