"""The shape of an event file: which keys there are and what each may hold. What two keys say together is `event_checks`."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from accredit.domain.events import CategoryRule, Hours, Text

_DOCUMENT_TYPES = frozenset(
    {
        "passport",
        "identity_card",
        "travel_document",
        "laissez_passer",
        "residence_permit",
        "legitimation_card",
        "loss_report",
        "driving_licence",
        "phone_picture",
    }
)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # it walks over two thousand files


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f"“{name}” is no time zone; write one of the IANA names, such as Europe/Zurich")
    return name


def _without_offset(moment: datetime) -> datetime:
    if moment.tzinfo is not None:
        raise ValueError("write the time without an offset; it is read in the event's time_zone")
    return moment


def _known_document(kind: str) -> str:
    if kind not in _DOCUMENT_TYPES:
        raise ValueError(f"“{kind}” is no document type; choose among {', '.join(sorted(_DOCUMENT_TYPES))}")
    return kind


Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
LocalTime = Annotated[datetime, AfterValidator(_without_offset)]
DocumentKind = Annotated[str, AfterValidator(_known_document)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TextTable(_Table):
    en: str = Field(min_length=1)
    fr: str = Field(min_length=1)

    def text(self) -> Text:
        return Text(self.en, self.fr)


class GrantTable(_Table):
    key: Key
    bit: int = Field(ge=0, le=31)
    name: TextTable


class MeetingTable(_Table):
    key: Key
    name: TextTable
    room: str = Field(min_length=1)
    grant: Key
    starts: LocalTime
    ends: LocalTime


class DayTable(_Table):
    day: date
    opens: time
    closes: time

    def hours(self, zone: ZoneInfo) -> Hours:
        return Hours(
            datetime.combine(self.day, self.opens, tzinfo=zone), datetime.combine(self.day, self.closes, tzinfo=zone)
        )


class CheckpointTable(_Table):
    key: Key
    kind: Literal["site", "door"]
    name: TextTable
    grants: list[Key] = Field(min_length=1)
    lanes: list[str] = Field(min_length=1)
    hours: list[DayTable] = []
    meetings: list[Key] = []
    early_admission_minutes: int = Field(default=0, ge=0, le=600)
    capacity: int | None = Field(default=None, ge=1)
    sight_classes: list[Key] = []


class SightClassTable(_Table):
    key: Key
    name: TextTable


class DocumentsTable(_Table):
    accepted: list[DocumentKind] = Field(min_length=1)
    with_supervisor: list[DocumentKind] = []
    never: list[DocumentKind] = []


class PassesTable(_Table):
    valid_from: LocalTime
    valid_until: LocalTime
    quota_per_organisation: int = Field(ge=0)


class ScanningTable(_Table):
    list_is_fresh_seconds: int = Field(ge=5)
    list_is_old_seconds: int = Field(ge=60)
    read_elsewhere_seconds: int = Field(ge=0)
    same_scan_seconds: int = Field(ge=0)
    every_exit_is_scanned: bool
    list_is_old_at_doors_seconds: int | None = Field(default=None, ge=60)


class CategoryTable(_Table):
    key: Key
    code: int = Field(ge=1, le=127)
    name: TextTable
    rule: CategoryRule
    lists: list[Key] = Field(min_length=1)
    deadline: bool
    grants: list[Key] = Field(min_length=1)
    legal_basis: str = Field(min_length=1)
    band: Key
    quota: int | None = Field(default=None, ge=0)
    clear_grades: list[str] = []
    review_grades: list[str] = []
    others_may_collect: bool = False


class EventFile(_Table):
    format: Literal[1]
    key: Key
    number: int = Field(ge=1, le=65535)
    time_zone: Annotated[str, AfterValidator(_known_zone)]
    legal_basis: str = Field(min_length=1)
    deadline_on: date
    reference_on: date
    pickup_place: str = Field(min_length=1)
    focal_point_confirms: bool = False
    title: TextTable
    full_title: TextTable
    place: TextTable
    grants: list[GrantTable] = Field(min_length=1)
    meetings: list[MeetingTable] = Field(min_length=1)
    checkpoints: list[CheckpointTable] = Field(min_length=1)
    sight_classes: list[SightClassTable] = []
    pickup_windows: list[DayTable] = Field(min_length=1)
    documents: DocumentsTable
    passes: PassesTable
    scanning: ScanningTable
    categories: list[CategoryTable] = Field(min_length=1)


# By pydantic's kind of error, or the first word of it.
