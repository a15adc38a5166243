"""Apply: one page, a look at what the rules see, the confirmation.

Each page carries everything that was typed, and the files lie on the server under the form's random token, so that nothing is
lost when something is wrong. The same token makes a form that was sent twice one application.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NoReturn

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accredit.db.session import reading, writing
from accredit.domain.events import Event
from accredit.domain.submissions import FieldProblem, Submission
from accredit.rendering.codes import qr_png
from accredit.services import applying, drafts, intake, previewing
from accredit.services.context import Actor, Context
from accredit.services.drafts import KeptFiles
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.status_links import link_for
from accredit.web import uploads
from accredit.web.apply_form import ApplyForm, fields_typed, own_problems
from accredit.web.errors import stop
from accredit.web.parts import parts
from accredit.web.shown import day
from accredit.web.states import state_name

LARGEST_REQUEST = 24 * 1024 * 1024
APPLICANT = Actor("applicant")
_SHOWN_FOR = timedelta(minutes=30)  # another person may sit down at the same computer
_SENT = "sent"

blueprint = Blueprint("apply", __name__)


@blueprint.url_value_preprocessor
def take_photos(_endpoint: str | None, _values: object) -> None:
    """A photo of a telephone is larger than what other pages take; this runs before anything reads the form."""
    request.max_content_length = LARGEST_REQUEST


@dataclass(frozen=True, slots=True)
class _Case:
    """A request of this form: the event, the form's token, its fields and files, and what is wrong with them."""

    event: LoadedEvent
    context: Context
    token: str
    files: KeptFiles
    problems: tuple[FieldProblem, ...]
    submission: Submission | None
    fields: dict[str, str]


@blueprint.get("/apply")
def begin() -> str:
    """The empty form, with a token of its own."""
    with reading(parts().engine) as database:
        event = event_here(database).event
    stop_after(event)
    form = _form(event)
    token = drafts.new_token(parts().context(APPLICANT).entropy)
    return _page(event, form, token, KeptFiles())


@blueprint.post("/apply")
def check() -> ResponseReturnValue:
    """What the rules see of it, before it is sent; or the form again, with everything that was typed."""
    case, form = _read()
    if request.form.get("action") == "change":
        return _page(case.event.event, form, case.token, case.files)
    if not form.validate():
        return _stale(case, form), 400
    if _is_in(case):
        return _shown_before(case)
    stop_after(case.event.event)
    if case.submission is None:
        form.refuse(case.problems)
        return _page(case.event.event, form, case.token, case.files), 422
    with reading(parts().engine) as database:
        seen = previewing.preview(database, case.event.event, case.submission, has_letter=case.files.letter is not None)
    return render_template(
        "applicant/apply_check.html",
        form=form,
        event=case.event.event,
        seen=seen,
        state_name=state_name,
        given=case.submission,
        files=_files_shown(case.files),
        carried=_carried(form),
        token=case.token,
    )


@blueprint.post("/apply/send")
def send() -> ResponseReturnValue:
    """Takes the application in, once; a second press of the button leads to the same confirmation."""
    case, form = _read()
    if not form.validate():
        return _stale(case, form), 400
    if _is_in(case):
        return _shown_before(case)
    stop_after(case.event.event)
    problems = (*case.problems, *_gone(case))
    if case.submission is None or problems:
        form.refuse(problems)
        return _page(case.event.event, form, case.token, case.files), 422
    by = applying.sender(case.context, "form", case.token, case.fields)
    with writing(parts().engine) as database:
        event = event_here(database)
        taken = applying.send(database, case.context, event, case.submission, by, case.files)
        if isinstance(taken, applying.EventOver):
            stop_over(taken.last_day)
        if isinstance(taken, intake.AlreadyHere):
            flash(_("The same application came in at the same moment; this one was not taken a second time."), "note")
            return redirect(url_for("apply.begin"), 303)
        drafts.drop_files(database, case.token)
        database.commit()
    _remember(case)
    return redirect(url_for("apply.done"), 303)


@blueprint.get("/apply/done")
def done() -> ResponseReturnValue:
    """The confirmation: reference, the link to the own page, and the code that the desk reads."""
    token, shown_until = (session.get(_SENT) or ["", 0])[:2]
    context = parts().context(APPLICANT)
    with reading(parts().engine) as database:
        event = event_here(database)
        key = applying.sender(context, "form", str(token), {}).key
        found = applying.sent_before(database, event, key) if context.now().timestamp() < shown_until else None
        if found is None:
            return redirect(url_for("apply.begin"), 303)
        link = link_for(context, event, found)
        return render_template(
            "applicant/apply_done.html",
            event=event.event,
            reference=found.reference,
            link=link,
            address=parts().base_url + link,
            email=found.email,
            code=base64.b64encode(qr_png(f"SEC1:{found.reference}", version=1, dots=6)).decode(),
        )


def event_here(database: Session) -> LoadedEvent:
    """The event of this service; ends the request where there is none."""
    found = find_event(database, parts().event_key)
    if found is None:
        stop(503, "not_ready", _("Nobody can apply yet: the event is not loaded."))
    return found


def stop_after(event: Event) -> None:
    """Ends the request where the event is over; the service takes no application by then."""
    if event.is_over(parts().clock()):
        stop_over(event.last_day)


def stop_over(last_day: date) -> NoReturn:
    """Ends the request with the sentence that nobody can apply any more, and since when."""
    words = _("The event is over: its last day was %(day)s. Applications are no longer taken.", day=day(last_day))
    stop(410, "event_over", words)


def late_marks(event: Event) -> dict[str, str]:
    """What stands behind a capacity whose last day is over."""
    now = parts().clock()
    mark = _(" (late: the last day was %(day)s)", day=day(event.deadline_on))
    late = previewing.DeadlineSeen.LATE
    return {one.key: mark for one in event.categories if previewing.deadline_seen(event, one, now) is late}


def _form(event: Event) -> ApplyForm:
    return ApplyForm(event, late_marks(event))


def _read() -> tuple[_Case, ApplyForm]:
    """This request as a case. Files that can be taken are kept at once, whatever else is wrong."""
    context = parts().context(APPLICANT)
    given = request.form.get("draft", "")
    token = given if drafts.is_token(given) else drafts.new_token(context.entropy)
    with reading(parts().engine) as database:
        event = event_here(database)
        files = drafts.kept_files(database, context, event, token)
    form = _form(event.event)
    sent = uploads.read(files) if form.validate() else uploads.Sent(files, ())
    if sent.files != files:
        with writing(parts().engine) as database:
            drafts.keep_files(database, context, event, token, sent.files)
            database.commit()
    fields = fields_typed(event.event, has_letter=sent.files.letter is not None)
    read = intake.read_fields(fields, event.event, now=context.now(), keeps_receipt=False)
    wrong = read if isinstance(read, tuple) else ()
    problems = (*wrong, *own_problems(fields), *sent.problems)
    submission = read if isinstance(read, Submission) and not problems else None
    return _Case(event, context, token, sent.files, problems, submission, fields), form


def _page(event: Event, form: ApplyForm, token: str, files: KeptFiles) -> str:
    return render_template(
        "applicant/apply.html",
        form=form,
        event=event,
        token=token,
        files=_files_shown(files),
        is_late=bool(late_marks(event)),
        deadlines=by_deadline(event),
        first_day=event.valid_from.astimezone(event.zone).date(),
    )


def by_deadline(event: Event) -> dict[str, list[str]]:
    """The keys of the capacities with a last day, and of those without."""
    return {
        "with": [one.key for one in event.categories if one.deadline],
        "without": [one.key for one in event.categories if not one.deadline],
    }


def _files_shown(files: KeptFiles) -> dict[str, str]:
    """The files that are kept, as a page shows them: the photo itself, and that there is a letter."""
    photo = f"data:image/jpeg;base64,{base64.b64encode(files.photo).decode()}" if files.photo is not None else ""
    return {"photo": photo, "letter": "yes" if files.letter is not None else ""}


def _carried(form: ApplyForm) -> list[tuple[str, str]]:
    """What was typed, for the page between the form and the sending."""
    apart = {"csrf_token", "draft", "kept", "crop", "photo", "photo_now", "letter"}
    return [(name, value) for name, value in request.form.items(multi=True) if name in form and name not in apart]


def _gone(case: _Case) -> tuple[FieldProblem, ...]:
    """Files that lay here when the person looked at them, and do not any more: they were kept for a day."""
    there = {"photo": case.files.photo is not None, "letter": case.files.letter is not None}
    kept = request.form.get("kept", "").split()
    return tuple(FieldProblem(name, "gone", "") for name, is_there in there.items() if name in kept and not is_there)


def _stale(case: _Case, form: ApplyForm) -> str:
    """The form was open for too long, or comes from elsewhere: everything typed stays, and is sent by another press."""
    flash(_("This page was open for a long time. Nothing is lost: please look at it and go on."), "warning")
    form.csrf_token.errors = []
    return _page(case.event.event, form, case.token, case.files)


def _is_in(case: _Case) -> bool:
    key = applying.sender(case.context, "form", case.token, {}).key
    with reading(parts().engine) as database:
        return applying.sent_before(database, case.event, key) is not None


def _shown_before(case: _Case) -> ResponseReturnValue:
    """The form was sent before: its confirmation, and how to change what was sent."""
    _remember(case)
    flash(_("This application is in already. To change something, open your page below."), "note")
    return redirect(url_for("apply.done"), 303)


def _remember(case: _Case) -> None:
    session[_SENT] = [case.token, (case.context.now() + _SHOWN_FOR).timestamp()]
