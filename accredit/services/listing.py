"""Status lists: a file becomes an edition as of a day, or says why it does not.

An edition is never edited. A file that says what the edition before it says makes none, so that a second import changes
nothing; a corrected file of the same day becomes the next revision. Good rows are loaded together in one transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from accredit.db.models.events import EventRecord
from accredit.db.models.lists import Edition, Entry
from accredit.domain.permissions import Permission
from accredit.domain.sentences import Told
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.list_changes import ListChanges, compare, contents
from accredit.services.list_rows import (
    SPOIL_THE_EDITION,
    ColumnsRefused,
    ListRow,
    RowProblem,
    fields_of_columns,
    read_rows,
)
from accredit.services.tables import Table

ROWS_NAMED = 20


@dataclass(frozen=True, slots=True)
class ListReport:
    """What an import found, compared with the edition before it. `edition` is None where nothing changed."""

    list_key: str
    as_of: date
    entries: int
    changes: ListChanges
    refused: tuple[RowProblem, ...]
    edition: Edition | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListRefused:
    """Nothing was loaded: why, and the rows that are broken."""

    code: str
    message: str
    refused: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class ListPreview:
    """What an import would find: against which edition, and whether there would be a new one at all."""

    report: ListReport
    before: Edition | None
    columns: Mapping[str, str]
    loads: bool


def preview_list(
    session: Session,
    context: Context,
    *,
    list_key: str,
    as_of: date,
    table: Table,
    mapping: Mapping[str, str],
    shown: int = ROWS_NAMED,
) -> ListPreview | ListRefused:
    """What `import_list` would do with the same arguments; nothing is written. Of each kind of change `shown` are named."""
    context.require(Permission.LISTS_IMPORT)
    columns = fields_of_columns(table.columns, mapping)
    if isinstance(columns, ColumnsRefused):
        return ListRefused(columns.code, columns.message)
    rows, problems = read_rows(table, columns)
    refusal = _refused(list_key, table, rows, tuple(problems))
    if refusal is not None:
        return refusal
    before = edition_on(session, list_key, as_of)
    changes = compare(contents(session, before) if before is not None else {}, rows, shown=shown)
    report = ListReport(list_key, as_of, len(rows), changes, tuple(problems), None, _notes(session, list_key))
    return ListPreview(report, before, columns, before is None or before.digest != _digest(rows))


def import_list(
    session: Session,
    context: Context,
    *,
    list_key: str,
    as_of: date,
    table: Table,
    mapping: Mapping[str, str],
    source_name: str,
) -> ListReport | ListRefused:
    """Loads a list as of a day. Broken rows are refused one by one.

    Nothing is loaded where they are the greater part, or where rows contradict each other or themselves: who is in force by
    such a list is anybody's guess.
    """
    context.require(Permission.LISTS_IMPORT)
    columns = fields_of_columns(table.columns, mapping)
    if isinstance(columns, ColumnsRefused):
        return ListRefused(columns.code, columns.message)
    rows, problems = read_rows(table, columns)
    refusal = _refused(list_key, table, rows, tuple(problems))
    if refusal is not None:
        return refusal
    before = edition_on(session, list_key, as_of)
    digest = _digest(rows)
    edition = None
    if before is None or before.digest != digest:
        edition = _load(session, context, list_key, as_of, rows, digest, source_name)
    return _report(session, before, edition, rows, tuple(problems), list_key, as_of)


def edition_on(session: Session, list_key: str, day: date) -> Edition | None:
    """The edition of a list that is in force on a day: the latest as of then, its last revision."""
    wanted = (
        select(Edition)
        .where(Edition.list_key == list_key, Edition.as_of <= day)
        .order_by(Edition.as_of.desc(), Edition.revision.desc())
        .limit(1)
    )
    return session.scalar(wanted)


def all_editions(session: Session) -> tuple[Edition, ...]:
    """Every edition that is loaded, by list and day."""
    return tuple(session.scalars(select(Edition).order_by(Edition.list_key, Edition.as_of, Edition.revision)))


def _refused(
    list_key: str, table: Table, rows: Sequence[ListRow], problems: tuple[RowProblem, ...]
) -> ListRefused | None:
    if not 0 < len(list_key) <= 40 or list_key != list_key.strip().lower():
        return ListRefused("bad_list_key", "a list is named with small letters, at most 40, such as “ecosoc”")
    if not table.rows:
        words = Told("the file has a header and no rows; a list that is empty is surely not meant")
        return ListRefused("no_rows", words)
    spoilt = sorted({problem.row for problem in problems if problem.code in SPOIL_THE_EDITION})
    if spoilt:
        named = ", ".join(map(str, spoilt[:ROWS_NAMED])) + (" …" if len(spoilt) > ROWS_NAMED else "")
        told = Told(
            "the same id stands in several rows, or a status contradicts what is said of its being in force: see rows "
            "%(rows)s. Nothing was loaded; leave one row for each id, and mend the status.",
            rows=named,
        )
        return ListRefused("contradictory", told, problems)
    broken = len({problem.row for problem in problems})
    if 2 * broken > len(table.rows) or not rows:
        told = Told(
            "%(broken)s of %(all)s rows are broken, more than half; nothing was loaded. Check the columns, then mend the rows.",
            broken=broken,
            all=len(table.rows),
        )
        return ListRefused("too_many_broken", told, problems)
    return None


def _digest(rows: Iterable[ListRow]) -> str:
    hashed = hashlib.sha256()
    for row in sorted(rows, key=lambda one: one.external_id):
        told = json.dumps([row.external_id, *row.content], ensure_ascii=True, sort_keys=True)
        hashed.update(told.encode() + b"\n")
    return hashed.hexdigest()


def _load(
    session: Session,
    context: Context,
    list_key: str,
    as_of: date,
    rows: Sequence[ListRow],
    digest: str,
    source_name: str,
) -> Edition:
    last = select(func.max(Edition.revision)).where(Edition.list_key == list_key, Edition.as_of == as_of)
    edition = Edition(
        id=context.new_id(),
        list_key=list_key,
        as_of=as_of,
        revision=(session.scalar(last) or 0) + 1,
        source_name="".join(filter(str.isprintable, source_name))[:200],
        digest=digest,
        loaded_at=context.now(),
    )
    session.add(edition)
    session.flush()  # its entries are inserted in bulk, past the unit of work, and point at it
    session.execute(insert(Entry), [_entry(context, edition, row) for row in rows])
    subject = Subject("edition", f"{list_key}/{as_of.isoformat()}/{edition.revision}")
    record(session, context, Action.LIST_IMPORTED, subject)
    return edition


def _entry(context: Context, edition: Edition, row: ListRow) -> dict[str, object]:
    return {
        "id": context.new_id(),
        "edition_id": edition.id,
        "external_id": row.external_id,
        "name": row.name,
        "country": row.country,
        "status": row.status,
        "in_force": row.in_force,
        "aliases": [alias.as_json() for alias in row.aliases],
        "details": dict(row.details),
    }


def _report(
    session: Session,
    before: Edition | None,
    edition: Edition | None,
    rows: Sequence[ListRow],
    problems: tuple[RowProblem, ...],
    list_key: str,
    as_of: date,
) -> ListReport:
    return ListReport(
        list_key=list_key,
        as_of=as_of,
        entries=len(rows),
        changes=compare(contents(session, before) if before is not None else {}, rows),
        refused=problems,
        edition=edition,
        notes=_notes(session, list_key),
    )


def _notes(session: Session, list_key: str) -> tuple[str, ...]:
    """A list under a mistyped name would be loaded and never read."""
    used = {
        str(name)
        for body in session.scalars(select(EventRecord.body))
        for category in body["categories"]
        for name in category["lists"]
    }
    if not used or list_key in used:
        return ()
    words = "no category of a loaded event reads a list “%(list)s”; they read %(others)s"
    return (Told(words, list=list_key, others=", ".join(sorted(used))),)
