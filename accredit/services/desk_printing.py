"""One badge at the desk: planned in one transaction, pressed outside any, written down in another."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from accredit.domain.permissions import Permission
from accredit.rendering.fonts import FontBook
from accredit.rendering.templates import Template, load_template
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.keys import KeysNotSigned
from accredit.services.printing import PrintRefused, plan, press, write_down

TEMPLATE = "special-event-pass"
_SIZE = "a6"

Opens = Callable[[], AbstractContextManager[Session]]


@lru_cache(maxsize=4)
def badge_template(folder: Path, key: str = TEMPLATE) -> Template:
    """The template of the desk; read once by each process. Raises `TemplateInvalid` for one that is broken."""
    return load_template(folder / key)


def print_badge(
    open_reading: Opens,
    open_writing: Opens,
    context: Context,
    event_key: str,
    template: Template,
    fonts: FontBook,
    reference: str,
    reason: str = "",
    *,
    room: Path | None = None,
) -> bytes | str:
    """The PDF of this person's badge, written down; or the sentence that says why there is none, before paper is spent.

    `reason` counts where the badge was printed before; photos lie in `room` while it is pressed. Commits, because the
    press stands between two transactions.
    """
    context.require(Permission.PASSES_PRINT)
    with open_reading() as session:
        event = _event(session, event_key)
        try:
            planned = plan(
                session, context, event, template=template, size=_SIZE, references=(reference,), reason=reason
            )
        except KeysNotSigned as missing:
            return str(missing)
    if isinstance(planned, PrintRefused):
        return planned.message
    report = press(planned, fonts, room=room)
    if not report.count:
        return " ".join(note.message for note in report.notes) or "Nothing came off the press."
    with open_writing() as session:
        written = write_down(session, context, _event(session, event_key), planned, report)
        if isinstance(written, PrintRefused):
            return written.message
        session.commit()
    return report.pdf


def _event(session: Session, key: str) -> LoadedEvent:
    event = find_event(session, key)
    if event is None:
        raise LookupError(f"no event “{key}” is loaded")
    return event
