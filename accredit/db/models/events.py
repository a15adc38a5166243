"""The event and the number of its roster."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from accredit.db.base import Base
from accredit.db.types import UtcDateTime


class EventRecord(Base):
    """One accreditation exercise, with the validated table of its data file."""

    __tablename__ = "events"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[int] = mapped_column(unique=True, comment="stands in every credential")
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    roster_number: Mapped[int] = mapped_column(
        BigInteger,
        default=1,
        comment="grows with every change that a scanner must learn; the row is the lock of that order",
    )
    settings_number: Mapped[int] = mapped_column(
        BigInteger, default=1, comment="the roster number at which the event file last changed"
    )
    revocation_number: Mapped[int] = mapped_column(BigInteger, default=0)
