"""The queue of the reviewers, and one application on a screen: what is read before it is decided.

What is decided stands in `review_steps`; many at once in `review_bulk`; one person for another in `substitution`.
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import Session

from accredit.db.session import reading, writing
from accredit.domain.assessments import FindingOutcome, Outcome
from accredit.domain.permissions import Permission, allowed
from accredit.services.case_attachments import letter_of, photo_of
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.overrides import waiting_for_a_second
from accredit.services.queue_counts import CountsKept
from accredit.services.references import find_application
from accredit.services.review_queue import Order, find_words, neighbour, queue
from accredit.services.review_screen import screen_of
from accredit.services.reviewer_settings import keep_order, order_of
from accredit.services.viewings import Onlooker, note_viewing, onlookers
from accredit.web.audit_words import action_name, actor_name
from accredit.web.errors import stop
from accredit.web.parts import parts
from accredit.web.review_filters import ALL, NO_LIST, OPEN, Filters, read_filters
from accredit.web.review_forms import ScreenForms, may_be_waived
from accredit.web.states import state_name

PAGE = 50
_CLEAR = frozenset({FindingOutcome.CLEAR, FindingOutcome.NOT_APPLICABLE})
_COUNTS = "accredit-queue-counts"
_LETTER_NAMES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}

blueprint = Blueprint("review", __name__, url_prefix="/review")


def set_up(app: Flask) -> None:
    """Each process keeps what it counted; actions and actors have names."""
    app.extensions[_COUNTS] = CountsKept()
    app.add_template_filter(action_name, "action_name")
    app.add_template_filter(actor_name, "actor_name")
    app.add_template_filter(state_name, "state_name")


def who() -> Context:
    """The use of the house by whoever is logged in."""
    return parts().context(current_user.actor)


def loaded(session: Session) -> LoadedEvent:
    """The event that this service shows; ends the request where there is none."""
    found = find_event(session, parts().event_key)
    if found is None:
        stop(503, "not_ready", _("No event is loaded yet: an administrator loads it first."))
    return found


@blueprint.get("")
def show_queue() -> str:
    """The queue by page, with the counts of every filter."""
    with reading(parts().engine) as session:
        event = loaded(session)
        filters, order = read_filters(event.event), order_of(session, who())
        narrowing = filters.narrowing
        found = find_words(session, event, narrowing.words)
        after = request.args.get("after") or None
        page = queue(session, event, narrowing, order=order, limit=PAGE, after=after, found=found)
        kept: CountsKept = current_app.extensions[_COUNTS]
        counts = kept.counts(session, event, narrowing, found)
        proposals = waiting_for_a_second(session, event) if _may(Permission.APPLICATIONS_WAIVE) else ()
    return render_template(
        "staff/review/queue.html",
        event=event.event,
        page=page,
        counts=counts,
        filters=filters,
        order=order,
        orders=list(Order),
        outcomes=list(Outcome),
        special={"open": OPEN, "all": ALL, "no_list": NO_LIST},
        proposals=proposals,
        may_review=_may(Permission.APPLICATIONS_REVIEW),
        goes_on=after is not None,
    )


@blueprint.post("/order")
def put_order() -> ResponseReturnValue:
    """Remembers how this reviewer wants the queue."""
    chosen = request.form.get("order", "")
    with writing(parts().engine) as session:
        filters = read_filters(loaded(session).event)
        if chosen in set(Order):
            keep_order(session, who(), Order(chosen))
            session.commit()
    return redirect(url_for("review.show_queue", **filters.address))


@blueprint.get("/<reference>")
def show(reference: str) -> str:
    """One application, with everything that is needed to decide it."""
    return page_of(reference)


def page_of(reference: str, forms: ScreenForms | None = None, refusal: str = "", news: str = "") -> str:
    """The screen; after an attempt that failed with what was typed, why it failed, and what happened meanwhile."""
    with reading(parts().engine) as session:
        event, context = loaded(session), who()
        found = screen_of(session, context, event, reference)
        if found is None:
            stop(404, "not_found", _("There is no application of this reference."))
        filters, order = read_filters(event.event), order_of(session, context)
        words = find_words(session, event, filters.q)
        ways = {
            way: neighbour(session, event, filters.narrowing, order, reference, back=way == "back", found=words)
            for way in ("on", "back")
        }
    forms = forms or ScreenForms(found.case.version)
    findings = found.case.assessment.findings if found.case.assessment is not None else ()
    return render_template(
        "staff/review/application.html",
        event=event.event,
        shown=found,
        case=found.case,
        filters=filters,
        ways=ways,
        forms=forms,
        refusal=refusal,
        news=news,
        may=_rights(),
        waivable=may_be_waived(findings),
        open_findings=[one for one in findings if one.outcome not in _CLEAR],
        clear_findings=[one for one in findings if one.outcome in _CLEAR],
        presence=[told(one) for one in found.others_here],
        mine=current_user.actor.name,
    )


def _may(permission: Permission) -> bool:
    return allowed(current_user.actor.roles, permission)


def _rights() -> dict[str, bool]:
    return {
        "review": _may(Permission.APPLICATIONS_REVIEW),
        "waive": _may(Permission.APPLICATIONS_WAIVE),
        "substitute": _may(Permission.APPLICATIONS_SUBSTITUTE),
    }


def told(one: Onlooker) -> str:
    """The note about somebody who has it open as well."""
    name = one.actor.partition(":")[2] or one.actor
    minutes = int((parts().clock() - one.opened_at).total_seconds()) // 60
    if minutes < 1:
        return str(_("%(name)s has this open now.", name=name))
    return str(
        ngettext(
            "%(name)s opened this %(num)d minute ago.", "%(name)s opened this %(num)d minutes ago.", minutes, name=name
        )
    )


@blueprint.post("/<reference>/presence")
def presence(reference: str) -> Response:
    """The page says that it is open, and learns who else has it open."""
    with writing(parts().engine) as session:
        event, context = loaded(session), who()
        application = find_application(session, event, reference)
        if application is None:
            stop(404, "not_found", _("There is no application of this reference."))
        note_viewing(session, context, application)
        session.commit()
        others = onlookers(session, context, application)
        version = application.version
    return jsonify({"notes": [told(one) for one in others], "version": version})


@blueprint.get("/<reference>/photo")
def photo(reference: str) -> Response:
    """The photo of the applicant."""
    with reading(parts().engine) as session:
        picture = photo_of(session, loaded(session), reference)
    if picture is None:
        stop(404, "not_found", _("There is no photo."))
    return _file(picture, "image/jpeg")


@blueprint.get("/<reference>/letter")
def letter(reference: str) -> Response:
    """The letter of the body, to be kept and opened by a program of the reader's own: nothing of it runs here."""
    with reading(parts().engine) as session:
        found = letter_of(session, loaded(session), reference)
    if found is None:
        stop(404, "not_found", _("There is no letter."))
    media_type = found.media_type if found.media_type in _LETTER_NAMES else "application/octet-stream"
    answer = _file(found.data, media_type)
    ending = _LETTER_NAMES.get(media_type, "bin")
    answer.headers["Content-Disposition"] = f'attachment; filename="letter-{found.reference}.{ending}"'
    return answer


def _file(data: bytes, media_type: str) -> Response:
    answer = Response(data, mimetype=media_type)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def here(filters: Filters, reference: str) -> str:
    """The address of one application in the queue that is narrowed so."""
    return url_for("review.show", reference=reference, **filters.address)
