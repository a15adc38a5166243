"""What was submitted, and the photo that came with it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accredit.db.base import Base
from accredit.db.models.events import EventRecord
from accredit.db.types import SealedBytes, SealedDate, SealedText, UtcDateTime, text_enum
from accredit.domain.applications import AffiliationKind, AffiliationSource, ApplicationState
from accredit.domain.assessments import Outcome

# What the queue is narrowed by stands in the indexes that give its order, so that a page reads the index alone.
_NARROWED_BY = ("state", "outcome", "category", "list_key", "is_late", "is_flagged", "organisation_country")


class Application(Base):
    """One application of one person for one event in the name of one organisation."""

    __tablename__ = "applications"
    __table_args__ = (
        UniqueConstraint("event_id", "reference"),
        Index("ix_applications_queue_counts", "event_id", *_NARROWED_BY[:-1]),
        Index("ix_applications_queue_received", "event_id", "received_at", "id", *_NARROWED_BY),
        Index("ix_applications_queue_organisation", "event_id", "organisation_key", "received_at", "id", *_NARROWED_BY),
        Index("ix_applications_queue_country", "event_id", "organisation_country", *_NARROWED_BY[:-1]),
        Index("ix_applications_replaces_id", "replaces_id"),
        Index("ix_applications_event_id_person_hash", "event_id", "person_hash"),
        Index("ix_applications_event_id_person_hash_native", "event_id", "person_hash_native"),
        Index("ix_applications_event_id_grounds_hash", "event_id", "grounds_hash"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"))
    reference: Mapped[str] = mapped_column(String(16), comment="random, unambiguous when read aloud")
    state: Mapped[ApplicationState] = mapped_column(text_enum(ApplicationState, "state"))
    version: Mapped[int] = mapped_column(default=1, comment="grows with every change; a decider names the one he read")
    category: Mapped[str] = mapped_column(String(40))
    surname: Mapped[str] = mapped_column(String(120))
    given_names: Mapped[str] = mapped_column(String(120))
    latin_surname: Mapped[str] = mapped_column(String(120))
    latin_given_names: Mapped[str] = mapped_column(String(120))
    birth_date: Mapped[date] = mapped_column(SealedDate("applications.birth_date"))
    nationality: Mapped[str] = mapped_column(String(3))
    guardian_name: Mapped[str | None] = mapped_column(
        SealedText("applications.guardian_name"), comment="the adult who comes with a minor"
    )
    guardian_contact: Mapped[str | None] = mapped_column(SealedText("applications.guardian_contact"))
    email: Mapped[str] = mapped_column(SealedText("applications.email"))
    organisation: Mapped[str] = mapped_column(String(300))
    organisation_country: Mapped[str] = mapped_column(String(3))
    affiliation: Mapped[AffiliationKind | None] = mapped_column(text_enum(AffiliationKind, "affiliation"))
    affiliation_source: Mapped[AffiliationSource] = mapped_column(
        text_enum(AffiliationSource, "affiliation_source"),
        default=AffiliationSource.APPLICANT,
        comment="who told us of the affiliation; the applicant's own word is no proof",
    )
    grounds_pass: Mapped[bool]
    grounds_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), comment="keyed hash of the grounds pass number")
    person_hash: Mapped[bytes] = mapped_column(LargeBinary(32), comment="keyed hash of folded name and birth date")
    person_hash_native: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), comment="the same of the native spelling; null where it has the same words"
    )
    language: Mapped[str] = mapped_column(String(2))
    link_version: Mapped[int] = mapped_column(default=1, comment="signed status links of earlier versions are void")
    meetings: Mapped[list[str]] = mapped_column(
        JSON, default=list, comment="keys of the meetings that the person wants; empty means all that are open to him"
    )
    accessibility: Mapped[str | None] = mapped_column(
        SealedText("applications.accessibility"), comment="what the person needs, in his own words"
    )
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="to the notice on personal data")
    security_hold: Mapped[bool] = mapped_column(default=False)
    hold_reason: Mapped[str | None] = mapped_column(SealedText("applications.hold_reason"))
    organisation_key: Mapped[str] = mapped_column(
        String(300),
        default="",
        comment="the organisation as typed, in small Latin letters: order and search of the queue",
    )
    outcome: Mapped[Outcome | None] = mapped_column(
        text_enum(Outcome, "outcome"),
        comment="of the latest assessment, as the four after it: the queue reads them here",
    )
    list_key: Mapped[str] = mapped_column(String(40), default="", comment="of the body that was settled on")
    is_late: Mapped[bool] = mapped_column(default=False, comment="the deadline speaks against it")
    is_flagged: Mapped[bool] = mapped_column(default=False, comment="a finding is not clear")
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("applications.id"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[EventRecord] = relationship()
    photo: Mapped[Photo | None] = relationship(back_populates="application", cascade="all, delete-orphan")
    letter: Mapped[Letter | None] = relationship(back_populates="application", cascade="all, delete-orphan")


class Photo(Base):
    """The re-encoded photo of an applicant."""

    __tablename__ = "photos"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    etag: Mapped[bytes] = mapped_column(LargeBinary(8))
    data: Mapped[bytes] = mapped_column(SealedBytes("photos.data"))
    application: Mapped[Application] = relationship(back_populates="photo")


class Letter(Base):
    """What the body says for the person: a letter, note verbale or nomination, as it was uploaded with the application."""

    __tablename__ = "letters"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    pages: Mapped[int]
    data: Mapped[bytes] = mapped_column(SealedBytes("letters.data"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    application: Mapped[Application] = relationship(back_populates="letter")
