"""The own status page, without log-in: by the signed link with everything one may do, by reference and birth date to read only.

A link opens one application. What it carries is in the address, and so it is never written into a log.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accredit.db.session import reading, writing
from accredit.domain.messages import RequestKind
from accredit.rendering.codes import qr_png
from accredit.services import amending, own_data, own_status, questions, status_links
from accredit.services.applicant_requests import open_request
from accredit.services.context import Actor, Context
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.own_fields import fields_of
from accredit.services.withdrawing import WithdrawRefused, withdraw_own
from accredit.web import status_texts
from accredit.web.errors import problem, stop
from accredit.web.languages import language
from accredit.web.parts import parts
from accredit.web.problem_texts import label_of
from accredit.web.status_form import AnswerForm, CorrectForm, WayInForm

APPLICANT = Actor("applicant")

blueprint = Blueprint("status", __name__)


@dataclass(frozen=True, slots=True)
class _Own:
    """A request by a genuine link: the transaction, the event, the application that it opens."""

    session: Session
    context: Context
    event: LoadedEvent
    application: Any  # the row, which only services look into


@blueprint.get("/status")
def begin() -> str:
    """The way in without a link."""
    return render_template("applicant/status_find.html", form=WayInForm())


@blueprint.post("/status")
def find() -> ResponseReturnValue:
    """The status to read only; the same sentence for a wrong birth date and for a reference that nobody has."""
    form = WayInForm()
    typed = form.read() if form.validate() else None
    if typed is None:
        return render_template("applicant/status_find.html", form=form), 400
    with reading(parts().engine) as session:
        context, event = parts().context(APPLICANT), _event(session)
        found = own_status.found_by_birth_date(session, context, event, *typed)
        shown = own_status.status_of(session, context, event, found, language()) if found is not None else None
    if shown is None:
        form.reference.errors = [_("We find nothing under this reference and date of birth. Please compare both.")]
        return render_template("applicant/status_find.html", form=form), 404
    return _page(event, shown, token="")


@blueprint.get("/status/<token>")
def show(token: str) -> str:
    """Everything about one's own application."""
    with _opened(token) as own:
        shown = own_status.status_of(own.session, own.context, own.event, own.application, language())
        return _page(own.event, shown, token)


@blueprint.get("/status/<token>/meetings.ics")
def calendar(token: str) -> Response:
    """The meetings as a calendar file."""
    with _opened(token) as own:
        made = own_status.calendar_of(own.context, own.event, own.application, language())
    if made is None:
        stop(404, "not_found", _("There is a calendar file from the approval to the end of the last meeting."))
    return _download(made, "text/calendar; charset=utf-8", "meetings.ics")


@blueprint.get("/status/<token>/correct")
def correct(token: str) -> ResponseReturnValue:
    """The fields as we have them."""
    with _opened(token) as own:
        shown = own_status.status_of(own.session, own.context, own.event, own.application, language())
        if not shown.may_correct:
            flash(status_texts.amend_fault(amending.AmendFault.CLOSED), "warning")
            return redirect(url_for("status.show", token=token), 303)
        form = CorrectForm(own.event.event, {**fields_of(own.application), "version": str(own.application.version)})
        return _correct_page(own, token, form)


@blueprint.post("/status/<token>/correct")
def correct_send(token: str) -> ResponseReturnValue:
    """Changes what may be changed, and asks a reviewer about the rest."""
    with _opened(token, to_change=True) as own:
        form = CorrectForm(own.event.event)
        typed, version = form.typed(own.event.event), form.version_shown()
        done = amending.amend(own.session, own.context, own.event, own.application, typed, version)
        if isinstance(done, amending.Amended):
            own.session.commit()
            _tell(done)
            return redirect(url_for("status.show", token=token), 303)
        if isinstance(done, amending.AmendRefused):
            form.version.data = str(own.application.version)
            held = fields_of(own.application) if done.code is amending.AmendFault.STALE else {}
            differ = [(label_of(name), value or "–") for name, value in held.items() if typed.get(name, "") != value]
            return _correct_page(own, token, form, status_texts.amend_fault(done.code), differ), 409
        form.refuse(done)
        return _correct_page(own, token, form), 422


@blueprint.post("/status/<token>/answer")
def answer(token: str) -> ResponseReturnValue:
    """Answers a reviewer's question, once."""
    words = (AnswerForm().answer.data or "").strip()
    with _opened(token, to_change=True) as own:
        if not words:
            flash(_("Please type your answer; the field was empty."), "warning")
        elif questions.answer(own.session, own.context, own.application, words) is None:
            flash(_("This question was answered already."), "note")
        else:
            own.session.commit()
            flash(_("Thank you. A reviewer reads your answer."), "done")
    return redirect(url_for("status.show", token=token), 303)


@blueprint.get("/status/<token>/withdraw")
def withdraw(token: str) -> str:
    """Says what withdrawing means, before it is done."""
    return _ask(token, "applicant/status_withdraw.html")


@blueprint.post("/status/<token>/withdraw")
def withdraw_send(token: str) -> ResponseReturnValue:
    """Withdraws; whatever was prepared ends in the same transaction."""
    with _opened(token, to_change=True) as own:
        refused = withdraw_own(own.session, own.context, own.event, own.application, _version())
        if refused is None:
            own.session.commit()
            flash(_("Your application is withdrawn."), "done")
        else:
            flash(status_texts.withdraw_fault(refused.code), "warning")
    return redirect(url_for("status.show", token=token), 303)


@blueprint.post("/status/<token>/data")
def data(token: str) -> Response:
    """Everything that is held, as a file."""
    with _opened(token, to_change=True) as own:
        held = own_data.held_data(own.session, own.context, own.event, own.application)
        own.session.commit()
    made = json.dumps(held, ensure_ascii=False, indent=2).encode()
    return _download(made, "application/json", f"{held['reference']}.json")


@blueprint.get("/status/<token>/erase")
def erase(token: str) -> str:
    """Says what becomes of the data, before anything is done."""
    return _ask(token, "applicant/status_erase.html")


@blueprint.post("/status/<token>/erase")
def erase_send(token: str) -> ResponseReturnValue:
    """Notes that the data is to go."""
    with _opened(token, to_change=True) as own:
        asked = own_data.ask_for_deletion(own.session, own.context, own.event, own.application, _version())
        if isinstance(asked, WithdrawRefused):
            flash(status_texts.withdraw_fault(asked.code), "warning")
        else:
            own.session.commit()
            flash(_("We have noted that your data is to be erased."), "done")
    return redirect(url_for("status.show", token=token), 303)


def _event(session: Session) -> LoadedEvent:
    loaded = find_event(session, parts().event_key)
    if loaded is None:
        stop(503, "not_ready", _("No event is open here yet."))
    return loaded


@contextmanager
def _opened(token: str, *, to_change: bool = False) -> Iterator[_Own]:
    """The application of this link; ends the request with a sentence where the link opens nothing."""
    transaction = writing if to_change else reading
    with transaction(parts().engine) as session:
        context, event = parts().context(APPLICANT), _event(session)
        found = status_links.opened(session, context, event, token, to_change=to_change)
        if isinstance(found, status_links.StatusLinkRefused):
            abort(problem(404, found.code.value, status_texts.link_fault(found.code)))
        yield _Own(session, context, event, found)


def _page(event: LoadedEvent, shown: own_status.OwnStatus, token: str) -> str:
    """The page; without a token it is to read only."""
    code = qr_png(f"SEC1:{shown.reference}", version=1, dots=6)
    heading, sentence = status_texts.standing(shown)
    return render_template(
        "applicant/status.html",
        event=event.event,
        shown=shown,
        token=token,
        heading=heading,
        sentence=sentence,
        steps=[(at, status_texts.step(kind)) for at, kind in shown.steps],
        requests=[line for line in map(status_texts.request_line, shown.requests) if line],
        erased_on=next((one.due_at for one in shown.requests if one.due_at and one.settled_at is None), None),
        code=base64.b64encode(code).decode(),
        form=AnswerForm(),
    )


def _correct_page(
    own: _Own, token: str, form: CorrectForm, refusal: str = "", differ: Sequence[tuple[str, str]] = ()
) -> str:
    """The form; `differ` says of a stale one which fields are otherwise in what we have by now."""
    shown = own_status.status_of(own.session, own.context, own.event, own.application, language())
    first_day = own.event.event.valid_from.astimezone(own.event.event.zone).date()
    return render_template(
        "applicant/status_correct.html",
        event=own.event.event,
        shown=shown,
        token=token,
        form=form,
        refusal_text=refusal,
        differ=differ,
        first_day=first_day,
        has_number=own.application.grounds_hash is not None,
    )


def _ask(token: str, template: str) -> str:
    with _opened(token) as own:
        shown = own_status.status_of(own.session, own.context, own.event, own.application, language())
        asked = open_request(own.session, own.application, RequestKind.DELETION) is not None
    return render_template(template, event=own.event.event, shown=shown, token=token, is_asked=asked)


def _tell(done: amending.Amended) -> None:
    if done.now:
        flash(_("Changed: %(fields)s.", fields=status_texts.field_names(sorted(done.now))), "done")
    if done.asked:
        told = _("A reviewer is asked about: %(fields)s.", fields=status_texts.field_names(sorted(done.asked)))
        flash(told, "note")


def _version() -> int:
    told = request.form.get("version", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else -1


def _download(content: bytes, mimetype: str, name: str) -> Response:
    made = Response(content, mimetype=mimetype.partition(";")[0], content_type=mimetype)
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made
