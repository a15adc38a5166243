"""The import of applications from a table: each row alone, good ones taken, broken ones told with field and cure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.domain.applications import AffiliationSource
from accredit.domain.messages import Kind
from accredit.domain.permissions import Permission
from accredit.domain.submissions import FIELDS, FieldProblem
from accredit.rendering.photos import PhotoRefused
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.holding import put_hold
from accredit.services.intake import AlreadyHere, make_findable, read_fields, submit
from accredit.services.notifying import tell_all
from accredit.services.references import find_application
from accredit.services.tables import Row, Table

PHOTO = "photo"
HOLD = "hold"
COLUMNS = (*FIELDS, PHOTO, HOLD)
"""All columns that an import may have; `photo` is the name of a file, `hold` says yes for a security hold."""

NEEDED = ("surname", "birth_date", "nationality", "email", "organisation", "category", "received_at")
_HOLD = {"yes": True, "no": False, "": False}


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A row that was not taken: its number as a spreadsheet shows it, and what is wrong with which field."""

    row: int
    problems: tuple[FieldProblem, ...]

    def __str__(self) -> str:
        return "; ".join(
            f"row {self.row}, {problem.field}: {problem.message}"
            if problem.field
            else f"row {self.row}: {problem.message}"
            for problem in self.problems
        )


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """References of the rows taken, and of those that were here before; the rows refused; row number → reference.

    `put_on_hold` are those among the ones that were here whom this file put on hold.
    """

    accepted: tuple[str, ...]
    already_here: tuple[str, ...]
    refused: tuple[RowRefused, ...]
    references: Mapping[int, str]
    put_on_hold: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntakeRefused:
    """Nothing was read, for the columns are wrong."""

    code: str
    message: str


def import_applications(
    session: Session,
    context: Context,
    event: LoadedEvent,
    table: Table,
    *,
    photos: Callable[[str], bytes | None] = lambda _name: None,
) -> IntakeReport | IntakeRefused:
    """Takes the rows of a table in, with their time of receipt. `photos` gives the bytes of a named file, None if missing.

    The same file once more changes nothing; one that asks for a hold by now puts it on.
    """
    context.require(Permission.APPLICATIONS_SUBMIT)
    columns = {name: name.strip().casefold().replace(" ", "_") for name in table.columns}
    wrong = _wrong_columns(columns)
    if wrong is not None:
        return wrong
    accepted: list[Application] = []
    here: list[str] = []
    held: list[str] = []
    refused: list[RowRefused] = []
    references: dict[int, str] = {}
    for row in table.rows:
        fields = {columns[name]: cell for name, cell in row.cells.items()}
        taken = _take(session, context, event, row, fields, photos)
        match taken:
            case AlreadyHere(reference, is_held):
                here.append(reference)
                held += [reference] if is_held else []
                references[row.number] = reference
            case Application():
                accepted.append(taken)
                references[row.number] = taken.reference
            case _:
                refused.append(RowRefused(row.number, taken))
    make_findable(session, accepted)
    tell_all(session, context, event, [(one.id, one.language) for one in accepted], Kind.RECEIVED)
    taken_in = tuple(one.reference for one in accepted)
    return IntakeReport(taken_in, tuple(here), tuple(refused), references, tuple(held))


def _wrong_columns(columns: Mapping[str, str]) -> IntakeRefused | None:
    missing = [name for name in NEEDED if name not in columns.values()]
    if missing:
        return IntakeRefused("missing_column", f"the file has no column {', '.join(missing)}; add it")
    unknown = [name for name, folded in columns.items() if folded not in COLUMNS]
    if unknown:
        told = f"“{'”, “'.join(unknown)}” is no column of an import; mend the name or remove the column."
        return IntakeRefused("unknown_column", f"{told} Columns: {', '.join(COLUMNS)}.")
    return None


def _take(
    session: Session,
    context: Context,
    event: LoadedEvent,
    row: Row,
    fields: dict[str, str],
    photos: Callable[[str], bytes | None],
) -> Application | AlreadyHere | tuple[FieldProblem, ...]:
    """The application that this row became, or why it became none."""
    if row.fault:
        return (FieldProblem("", "unreadable", row.fault),)
    photo, hold = fields.pop(PHOTO, ""), fields.pop(HOLD, "").casefold()
    read = read_fields(fields, event.event, now=context.now(), keeps_receipt=True)
    picture = photos(photo) if photo else None
    own = _own_problems(photo, picture, hold)
    if isinstance(read, tuple) or own:
        return (*(read if isinstance(read, tuple) else ()), *own)
    source = AffiliationSource.IMPORT  # whoever imports has seen by what the body says so
    is_held = _HOLD[hold]
    made = submit(
        session, context, event, read, photo=picture, security_hold=is_held, source=source, is_found_later=True
    )
    match made:
        case AlreadyHere(reference):
            return AlreadyHere(reference, held=is_held and _raise_hold(session, context, event, reference))
        case PhotoRefused():
            return (FieldProblem(PHOTO, made.reason.value, made.message.removeprefix("photo: ")),)
        case _:
            return made


def _raise_hold(session: Session, context: Context, event: LoadedEvent, reference: str) -> bool:
    """Puts one that is here already on hold, as a corrected file asks; an empty cell never lifts a hold."""
    found = find_application(session, event, reference, to_change=True)
    if found is None or found.security_hold:
        return False
    put_hold(session, context, event, found, True, "by an import")
    return True


def _own_problems(photo: str, picture: bytes | None, hold: str) -> tuple[FieldProblem, ...]:
    problems = []
    if photo and picture is None:
        problems.append(
            FieldProblem(PHOTO, "no_file", "there is no such picture in the folder of photos; add it there")
        )
    if hold not in _HOLD:
        problems.append(FieldProblem(HOLD, "not_yes_or_no", "write yes for a security hold, else leave it empty"))
    return tuple(problems)
