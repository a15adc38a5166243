"""Imports every model file, so that the metadata is whole."""

from __future__ import annotations

from accredit.db.base import Base
from accredit.db.models import (
    accounts,
    aliases,
    applications,
    audit,
    decisions,
    delegates,
    desk,
    events,
    gate,
    intake,
    jobs,
    lists,
    outbox,
    passes,
    printing,
    review,
    staging,
)

METADATA = Base.metadata
FILES = (
    accounts,
    aliases,
    applications,
    audit,
    decisions,
    delegates,
    desk,
    events,
    gate,
    intake,
    jobs,
    lists,
    outbox,
    passes,
    printing,
    review,
    staging,
)
