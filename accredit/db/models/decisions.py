"""Assessments and the decisions that cite them; both are facts that later facts follow, never edited."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accredit.db.base import Base
from accredit.db.models.applications import Application
from accredit.db.types import UtcDateTime, text_enum
from accredit.domain.assessments import Outcome


class DecisionVerdict(StrEnum):
    """How an application was decided."""

    APPROVED = "approved"
    REFUSED = "refused"


class AssessmentRecord(Base):
    """The outcome of all rules at a moment, with everything needed to compute it again."""

    __tablename__ = "assessments"
    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        Index("ix_assessments_entry_id", "entry_id"),
        Index("ix_assessments_alias_id", "alias_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    number: Mapped[int] = mapped_column(comment="first, second … of its application; the highest one counts")
    outcome: Mapped[Outcome] = mapped_column(text_enum(Outcome, "outcome"))
    is_clear: Mapped[bool]
    rule_version: Mapped[int]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    editions: Mapped[list[str]] = mapped_column(JSON, comment="ids of the list editions that were read")
    entry_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("entries.id"), comment="the listed body that was settled on"
    )
    alias_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("aliases.id"), comment="the other name by which it was found"
    )
    aliases_number: Mapped[int] = mapped_column(default=0, comment="of the last change to the aliases that was known")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    application: Mapped[Application] = relationship()


class Decision(Base):
    """What a reviewer, or the automatic rule, decided."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_application_id_decided_at", "application_id", "decided_at"),
        CheckConstraint(
            "verdict = 'approved' OR (reason_applicant <> '' AND reason_staff <> '')", name="refusal_has_reasons"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessments.id"))
    verdict: Mapped[DecisionVerdict] = mapped_column(text_enum(DecisionVerdict, "verdict"))
    automatic: Mapped[bool]
    actor: Mapped[str] = mapped_column(String(80))
    reason_applicant: Mapped[str] = mapped_column(String(2000))
    reason_staff: Mapped[str] = mapped_column(String(2000))
    waived: Mapped[list[str]] = mapped_column(JSON, comment="rules whose finding was waived")
    legal_basis: Mapped[str] = mapped_column(String(400))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    application: Mapped[Application] = relationship()
    assessment: Mapped[AssessmentRecord] = relationship()
