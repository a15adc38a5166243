"""Photo and letter on the own page: added later, or replaced, until the application is decided."""

from __future__ import annotations

import base64
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import FileField

from accredit.db.session import reading, writing
from accredit.domain.applications import AffiliationKind
from accredit.domain.submissions import FieldProblem
from accredit.services import own_files, status_links
from accredit.services.context import Context
from accredit.services.drafts import KeptFiles
from accredit.services.event_loading import LoadedEvent
from accredit.web import status_texts, uploads
from accredit.web.apply import APPLICANT, LARGEST_REQUEST, event_here
from accredit.web.apply_form import ApplyForm, affiliation_of
from accredit.web.errors import stop
from accredit.web.parts import parts
from accredit.web.problem_texts import LABELS, sentence

blueprint = Blueprint("status_files", __name__)


@blueprint.url_value_preprocessor
def take_photos(_endpoint: str | None, _values: object) -> None:
    """A photo of a telephone is larger than what other pages take; this runs before anything reads the form."""
    request.max_content_length = LARGEST_REQUEST


class FilesForm(FlaskForm):
    """Photo and letter alone."""

    photo = FileField(LABELS["photo"], render_kw={"accept": "image/*"})
    photo_now = ApplyForm.photo_now
    letter = FileField(LABELS["letter"], render_kw={"accept": "application/pdf,image/jpeg,image/png"})

    def refuse(self, problems: tuple[FieldProblem, ...]) -> None:
        """Puts each problem beside its field."""
        for problem in problems:
            self[problem.field].errors = [sentence(problem)]


@blueprint.get("/status/<token>/files")
def show(token: str) -> ResponseReturnValue:
    """What we have, and the fields for what is new."""
    with reading(parts().engine) as session:
        event, found = _opened(session, parts().context(APPLICANT), token, to_change=False)
        if not own_files.may_add_files(found):
            return _closed(token)
        return _page(event, token, found, FilesForm())


@blueprint.post("/status/<token>/files")
def send(token: str) -> ResponseReturnValue:
    """Takes what can be taken; one file that cannot leaves the other, and says why."""
    sent = uploads.read(KeptFiles())
    with writing(parts().engine) as session:
        context = parts().context(APPLICANT)
        event, found = _opened(session, context, token, to_change=True)
        if not own_files.may_add_files(found):
            return _closed(token)
        kind = AffiliationKind(affiliation_of(event.event.category(found.category)))
        changed = own_files.add_files(session, context, event, found, sent.files, kind)
        session.commit()
        if sent.problems or not changed:
            form = FilesForm()
            form.refuse(sent.problems or (FieldProblem("photo", "empty", ""),))
            return _page(event, token, found, form), 422
    flash(_("Changed: %(fields)s.", fields=", ".join(str(LABELS[name]) for name in sorted(changed))), "done")
    return redirect(url_for("status.show", token=token), 303)


def _opened(session: Session, context: Context, token: str, *, to_change: bool) -> tuple[LoadedEvent, Any]:
    """The application of this link; ends the request with a sentence where the link opens nothing."""
    event = event_here(session)
    found = status_links.opened(session, context, event, token, to_change=to_change)
    if isinstance(found, status_links.StatusLinkRefused):
        stop(404, found.code.value, status_texts.link_fault(found.code))
    return event, found


def _closed(token: str) -> ResponseReturnValue:
    flash(_("This application is decided; photo and letter stay as they are."), "warning")
    return redirect(url_for("status.show", token=token), 303)


def _page(event: LoadedEvent, token: str, found: Any, form: FilesForm) -> str:
    photo, has_letter = own_files.files_of(found)
    shown = f"data:image/jpeg;base64,{base64.b64encode(photo).decode()}" if photo is not None else ""
    files = {"photo": shown, "letter": "yes" if has_letter else ""}
    return render_template("applicant/status_files.html", event=event.event, token=token, form=form, files=files)
