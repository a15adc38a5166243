"""What a reviewer decides on the screen of one application. Each step names the version that was read.

Who comes second is told what the first one did, and keeps what he typed. The same button pressed twice is one step.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accredit.db.session import reading, writing
from accredit.domain.assessments import Rule
from accredit.domain.errors import StaleDecision
from accredit.services import confirming, overrides, questions, reviewing
from accredit.services.auditing import Action
from accredit.services.context import Context
from accredit.services.deciding import Decided
from accredit.services.event_loading import LoadedEvent
from accredit.services.histories import Step, last_step
from accredit.services.overrides import Proposed
from accredit.services.references import find_application
from accredit.services.review_queue import find_words, neighbour
from accredit.services.reviewer_settings import order_of
from accredit.services.reviewing import ReviewRefused
from accredit.web.audit_words import action_name, actor_name
from accredit.web.parts import parts
from accredit.web.review import here, loaded, page_of, who
from accredit.web.review_faults import fault
from accredit.web.review_filters import read_filters
from accredit.web.review_forms import (
    ApproveForm,
    AskForm,
    DeclineForm,
    RefuseForm,
    ScreenForms,
    VersionForm,
    WaiveForm,
)
from accredit.web.review_texts import QUESTIONS, REFUSALS, approval_reason, for_the_staff, in_words_of, joined
from accredit.web.shown import hour

_ONE_PRESS = timedelta(minutes=1)
Answer = Decided | Proposed | ReviewRefused
Act = Callable[[Session, Context, LoadedEvent], Answer]

blueprint = Blueprint("review_steps", __name__, url_prefix="/review")


@blueprint.post("/<reference>/approve")
def approve(reference: str) -> ResponseReturnValue:
    """Approves; with the body that is meant, where one of the candidates was chosen."""
    form = ApproveForm(prefix="approve-")

    def act(session: Session, context: Context, event: LoadedEvent) -> Answer:
        return reviewing.approve(
            session,
            context,
            event,
            reference,
            version=form.read_version,
            reason_staff=joined(approval_reason(form.ready.data), form.reason.data or ""),
            confirm_entry=form.confirm.data or None,
        )

    return _step(
        reference, form, act, Action.APPLICATION_APPROVED, _("%(reference)s is approved.", reference=reference)
    )


@blueprint.post("/<reference>/body")
def confirm_body(reference: str) -> ResponseReturnValue:
    """Settles which body is meant, and shows the findings anew."""
    form = ApproveForm(prefix="approve-")

    def act(session: Session, context: Context, event: LoadedEvent) -> Answer:
        return confirming.confirm_body(
            session, context, event, reference, form.confirm.data or "", version=form.read_version
        )

    told = _("The body is confirmed, and its list knows this spelling from now on.")
    return _step(reference, form, act, Action.BODY_CONFIRMED, told, stays=True)


@blueprint.post("/<reference>/refuse")
def refuse(reference: str) -> ResponseReturnValue:
    """Refuses, with one text for the applicant and one for the staff."""
    form = RefuseForm(prefix="refuse-")

    def act(session: Session, context: Context, event: LoadedEvent) -> Answer:
        ready, typed = form.ready.data, form.told.data or ""
        return reviewing.refuse(
            session,
            context,
            event,
            reference,
            version=form.read_version,
            reason_applicant=joined(in_words_of(ready, REFUSALS, _spoken(session, event, reference)), typed),
            reason_staff=joined(for_the_staff(ready, REFUSALS), form.reason.data or ""),
        )

    return _step(reference, form, act, Action.APPLICATION_REFUSED, _("%(reference)s is refused.", reference=reference))


@blueprint.post("/<reference>/ask")
def ask(reference: str) -> ResponseReturnValue:
    """Asks the applicant; the application waits."""
    form = AskForm(prefix="ask-")

    def act(session: Session, context: Context, event: LoadedEvent) -> Answer:
        ready = in_words_of(form.ready.data, QUESTIONS, _spoken(session, event, reference))
        words = joined(ready, form.words.data or "")
        return questions.ask(session, context, event, reference, words=words, version=form.read_version)

    told = _("%(reference)s waits; the question goes to the applicant by mail.", reference=reference)
    return _step(reference, form, act, Action.APPLICATION_ASKED, told)


@blueprint.post("/<reference>/propose")
def propose(reference: str) -> ResponseReturnValue:
    """Proposes an exception; another reviewer, a senior, confirms it."""
    form = WaiveForm(prefix="waive-")

    def act(session: Session, context: Context, event: LoadedEvent) -> Answer:
        return overrides.propose(
            session,
            context,
            event,
            reference,
            waive=frozenset(map(Rule, form.waive.data or ())),
            reason_staff=form.reason.data or "",
            reason_applicant=form.told.data or "",
            version=form.read_version,
        )

    told = _("The exception for %(reference)s is proposed; another senior reviewer confirms it.", reference=reference)
    return _step(reference, form, act, Action.OVERRIDE_PROPOSED, told)


@blueprint.post("/<reference>/confirm")
def confirm(reference: str) -> ResponseReturnValue:
    """The second person agrees with the exception."""
    form = VersionForm(prefix="plain-")

    def act(session: Session, context: Context, event: LoadedEvent) -> Answer:
        return overrides.confirm(session, context, event, reference, version=form.read_version)

    told = _("%(reference)s is approved by way of exception.", reference=reference)
    return _step(reference, form, act, Action.OVERRIDE_CONFIRMED, told)


@blueprint.post("/<reference>/decline")
def decline(reference: str) -> ResponseReturnValue:
    """The exception is declined, or taken back by whoever proposed it."""
    form = DeclineForm(prefix="decline-")

    def act(session: Session, context: Context, event: LoadedEvent) -> Answer:
        return overrides.decline(
            session, context, event, reference, reason=form.reason.data or "", version=form.read_version
        )

    told = _("The proposal for %(reference)s is declined; it waits for its decision.", reference=reference)
    return _step(reference, form, act, Action.OVERRIDE_DECLINED, told, stays=True)


@blueprint.post("/<reference>/withdraw")
def withdraw(reference: str) -> ResponseReturnValue:
    """Withdraws on the applicant's word."""
    form = VersionForm(prefix="plain-")

    def act(session: Session, context: Context, event: LoadedEvent) -> Answer:
        return reviewing.withdraw(session, context, event, reference, version=form.read_version)

    told = _("%(reference)s is withdrawn.", reference=reference)
    return _step(reference, form, act, Action.APPLICATION_WITHDRAWN, told)


@blueprint.post("/<reference>/reopen")
def reopen(reference: str) -> ResponseReturnValue:
    """Takes a decision or a withdrawal back."""
    form = VersionForm(prefix="plain-")

    def act(session: Session, context: Context, event: LoadedEvent) -> Answer:
        return reviewing.reopen(session, context, event, reference, version=form.read_version)

    told = _("%(reference)s is open again.", reference=reference)
    return _step(reference, form, act, Action.APPLICATION_REOPENED, told, stays=True)


def _spoken(session: Session, event: LoadedEvent, reference: str) -> str:
    application = find_application(session, event, reference)
    return application.language if application is not None else ""


def _step(
    reference: str, form: VersionForm, act: Act, action: Action, told: str, *, stays: bool = False
) -> ResponseReturnValue:
    """One step, committed; then the next application of the queue, or this one again."""
    if not form.validate_on_submit():
        return page_of(reference, ScreenForms(form.read_version, form)), 400
    try:
        with writing(parts().engine) as session:
            done = act(session, who(), loaded(session))
            if not isinstance(done, ReviewRefused):
                session.commit()
    except StaleDecision:
        return _overtaken(reference, form, action, told, stays=stays)
    if isinstance(done, ReviewRefused):
        return page_of(reference, ScreenForms(form.read_version, form), refusal=fault(done)), 422
    return _onward(reference, told, stays=stays)


def _onward(reference: str, told: str, *, stays: bool) -> ResponseReturnValue:
    flash(told, "done")
    with reading(parts().engine) as session:
        event = loaded(session)
        filters = read_filters(event.event)
        if stays:
            return redirect(here(filters, reference))
        found = find_words(session, event, filters.q)
        following = neighbour(session, event, filters.narrowing, order_of(session, who()), reference, found=found)
    if following is not None:
        return redirect(here(filters, following))
    flash(_("That was the last one of this queue."), "note")
    return redirect(url_for("review.show_queue", **filters.address))


def _overtaken(reference: str, form: VersionForm, action: Action, told: str, *, stays: bool) -> ResponseReturnValue:
    """Somebody was first. Whoever pressed the button twice was first himself, and goes on as if once."""
    with reading(parts().engine) as session:
        event, context = loaded(session), who()
        application = find_application(session, event, reference)
        last = last_step(session, application) if application is not None else None
        version = application.version if application is not None else 0
    if last is not None and (last.actor, last.action) == (context.actor.name, action.value):
        pressed_twice = context.now() - last.at < _ONE_PRESS
        if pressed_twice:
            return _onward(reference, told, stays=stays)
    return page_of(reference, ScreenForms(version, form), news=_news(last, event)), 409


def _news(last: Step | None, event: LoadedEvent) -> str:
    kept = _("Nothing of yours was saved, and what you typed is still below. Please read again, then decide.")
    if last is None:
        return str(kept)
    first = _(
        "%(name)s was here first, at %(time)s: %(action)s.",
        name=actor_name(last.actor),
        time=hour(last.at, event.event.zone),
        action=action_name(last.action),
    )
    return f"{first} {kept}"
