"""Files that somebody uploaded and has not confirmed yet: what they would change is shown first."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from accredit.db.base import Base
from accredit.db.types import SealedBytes, UtcDateTime


class StagedFile(Base):
    """One file that waits for its yes. An invitation list holds names of people, so the file is sealed."""

    __tablename__ = "staged_files"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20), comment="event or list")
    name: Mapped[str] = mapped_column(String(200), comment="of the file, as it was uploaded")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, comment="which list, as of which day, which columns")
    data: Mapped[bytes] = mapped_column(SealedBytes("staged_files.data"))
    staged_by: Mapped[str] = mapped_column(String(80))
    staged_at: Mapped[datetime] = mapped_column(UtcDateTime)
