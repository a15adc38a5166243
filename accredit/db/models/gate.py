"""Devices, their scans, what could not be taken, and who is inside."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from accredit.credential.reasons import Direction, Reason, Source, Verdict
from accredit.db.base import Base
from accredit.db.types import UtcDateTime, text_enum


class Device(Base):
    """A scanner. Of its one-time code and its token only hashes are kept."""

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"))
    name: Mapped[str] = mapped_column(String(80))
    checkpoint: Mapped[str] = mapped_column(String(40))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    enrolled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    version: Mapped[str] = mapped_column(String(40), default="")
    switched_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clock_offset_ms: Mapped[int | None] = mapped_column(
        BigInteger, comment="device clock minus ours, at its last upload"
    )
    held_number: Mapped[int | None] = mapped_column(BigInteger, comment="of the pass list that it said it has")
    unsent: Mapped[int | None] = mapped_column(comment="scans that waited on it after its last upload")


class Scan(Base):
    """One presentation at a checkpoint. Insert-only; keeps a digest of the code, never its text."""

    __tablename__ = "scans"
    __table_args__ = (
        Index("ix_scans_event_id_scanned_at", "event_id", "scanned_at"),
        Index("ix_scans_event_id_serial", "event_id", "serial"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, comment="UUIDv7, made by the device")
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"))
    serial: Mapped[bytes | None] = mapped_column(LargeBinary(5))
    kid: Mapped[int | None]
    checkpoint: Mapped[str] = mapped_column(String(40))
    lane: Mapped[str] = mapped_column(String(20))
    officer: Mapped[str] = mapped_column(String(20))
    direction: Mapped[Direction] = mapped_column(text_enum(Direction, "direction"))
    source: Mapped[Source] = mapped_column(text_enum(Source, "source"))
    verdict: Mapped[Verdict] = mapped_column(text_enum(Verdict, "verdict"))
    reason: Mapped[Reason] = mapped_column(text_enum(Reason, "reason"))
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(16), comment="null where nothing was read")
    sight_class: Mapped[str | None] = mapped_column(String(40))
    supersedes: Mapped[UUID | None]
    roster_number: Mapped[int] = mapped_column(BigInteger)
    scanned_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="the device's clock")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="ours")
    server_offset_ms: Mapped[int | None] = mapped_column(
        BigInteger, comment="device minus server, as the device knew it"
    )
    clock_suspect: Mapped[bool] = mapped_column(default=False, comment="scanned after it was received, or long before")
    from_paper: Mapped[bool] = mapped_column(default=False, comment="noted by hand while the scanner's disk was full")


class SetAsideScan(Base):
    """A scan that could not be taken: kept and shown, never dropped."""

    __tablename__ = "set_aside_scans"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    scan_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    cause: Mapped[str] = mapped_column(Text)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SplitAlertRecord(Base):
    """One pass that two scanners admitted apart, told once: both scans, the earlier one first."""

    __tablename__ = "split_alerts"
    __table_args__ = (
        ForeignKeyConstraint(["first_device_id", "first_scan_id"], ["scans.device_id", "scans.id"]),
        ForeignKeyConstraint(["second_device_id", "second_scan_id"], ["scans.device_id", "scans.id"]),
        UniqueConstraint(
            "first_device_id", "first_scan_id", "second_device_id", "second_scan_id", name="uq_split_alerts_scans"
        ),
        Index("ix_split_alerts_event_id_raised_at", "event_id", "raised_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"))
    serial: Mapped[bytes] = mapped_column(LargeBinary(5))
    first_device_id: Mapped[UUID]
    first_scan_id: Mapped[UUID]
    second_device_id: Mapped[UUID]
    second_scan_id: Mapped[UUID]
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    roster_number: Mapped[int | None] = mapped_column(
        BigInteger, comment="under which scanners are told; null: not yet"
    )
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="seen by a person; gates show it no more")
    settled_by: Mapped[str] = mapped_column(String(80), default="")
    settled_for: Mapped[str] = mapped_column(String(400), default="")


class Presence(Base):
    """Where a pass was last seen going in or out of a checkpoint; the row that `admit` locks."""

    __tablename__ = "presence"

    pass_id: Mapped[UUID] = mapped_column(ForeignKey("passes.id"), primary_key=True)
    checkpoint: Mapped[str] = mapped_column(String(40), primary_key=True)
    inside: Mapped[bool]
    lane: Mapped[str] = mapped_column(String(20))
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"))
    scanned_at: Mapped[datetime] = mapped_column(UtcDateTime)
