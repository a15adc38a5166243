"""The steps at the desk, each one key: collect, print, in my hand, undo, to the supervisor."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accredit.db.session import reading, writing
from accredit.services import desk_undo
from accredit.services.desk import Collected, NotCollected, collect
from accredit.services.desk_badges import NotInHand, in_hand, printings
from accredit.services.desk_printing import badge_template, print_badge
from accredit.services.slips import WALK_IN, SlipRefused, open_slip
from accredit.services.template_previews import system_fonts
from accredit.web.desk import card_page, document_in, is_supervisor, loaded, who
from accredit.web.desk_texts import CAUSES, reason_kept
from accredit.web.parts import parts
from accredit.web.telling import said

blueprint = Blueprint("desk_steps", __name__, url_prefix="/desk")

# The browser's own viewer shows the page in a frame of ours, and nothing in it runs.
_PAPER = "default-src 'none'; object-src 'self'; plugin-types application/pdf; style-src 'unsafe-inline'; frame-ancestors 'self'"


@blueprint.post("/collect")
def hand_out() -> ResponseReturnValue:
    """Makes the pass collected; where somebody else was first, the card says by whom and when."""
    reference, text = request.form.get("reference", ""), request.form.get("document", "")
    settled = reason_kept(request.form.get("reason", ""), request.form.get("other", ""))
    at_my_word = is_supervisor() and request.form.get("word") == "yes"
    if at_my_word and not settled:
        return _again(reference, text, _("Your word needs a reason: choose one, or write it down."))
    with writing(parts().engine) as session:
        event = loaded(session)
        document = document_in(text, event)
        if document is None:
            return _again(reference, "", _("Read the document again, please: it is kept nowhere."))
        outcome: Collected | NotCollected = collect(
            session,
            who(),
            event,
            reference,
            document,
            settled=settled,
            supervisor=at_my_word,
            through=request.form.get("through", ""),
        )
        session.commit()
        is_printed = isinstance(outcome, Collected) and bool(outcome.issued.badges)
    if isinstance(outcome, NotCollected):
        return _again(reference, text, " ".join(map(said, outcome.answer.sentences)))
    # Nothing of the document is in the address; a reload of the next page prints nothing twice.
    return redirect(url_for("desk.card", reference=reference, print=None if is_printed else "now"), 303)


def _again(reference: str, text: str, refusal: str) -> ResponseReturnValue:
    with reading(parts().engine) as session:
        return card_page(session, loaded(session), reference, text, refusal=refusal)


@blueprint.post("/badge/<reference>")
def badge(reference: str) -> Response:
    """The badge as a PDF for the browser's print path; a refusal is a small page for the same frame."""
    context = who()
    printed = print_badge(
        lambda: reading(parts().engine),
        lambda: writing(parts().engine),
        context,
        parts().event_key,
        badge_template(parts().templates),
        system_fonts(),
        reference,
        request.form.get("reason", ""),
        room=parts().room,
    )
    if isinstance(printed, str):
        page = render_template("staff/desk/not_printed.html", sentence=said(printed))
        refused = Response(page, status=409, mimetype="text/html")
        refused.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'self'"
        return refused
    answer = Response(printed, mimetype="application/pdf")
    answer.headers["Content-Security-Policy"] = _PAPER
    answer.headers["Content-Disposition"] = "inline; filename=badge.pdf"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/printings/<reference>")
def count_printings(reference: str) -> Response:
    """How often the badge came off the press: a browser does not tell a page what its frame shows."""
    with reading(parts().engine) as session:
        return jsonify({"printings": printings(session, loaded(session), reference)})


@blueprint.post("/in-hand/<reference>")
def handed_over(reference: str) -> ResponseReturnValue:
    """The officer holds the badge: the pick-up is done, and the field waits for the next person."""
    with writing(parts().engine) as session:
        outcome = in_hand(session, who(), loaded(session), reference)
        session.commit()
    if isinstance(outcome, NotInHand):
        return _again(reference, "", said(outcome.message))
    flash(_("%(reference)s is handed over. Next, please.", reference=reference), "done")
    return redirect(url_for("desk.show"), 303)


@blueprint.post("/undo/<reference>")
def take_back(reference: str) -> ResponseReturnValue:
    """Undoes the pick-up of the last minute."""
    with writing(parts().engine) as session:
        outcome = desk_undo.undo(session, who(), loaded(session), reference)
        session.commit()
    if isinstance(outcome, desk_undo.NotUndone):
        return _again(reference, "", said(outcome.message))
    if outcome.replaced:
        flash(
            _("%(reference)s is undone. Destroy the sheet: its code opens nothing any more.", reference=reference),
            "warning",
        )
    else:
        flash(_("%(reference)s is undone; the pass can be handed out again.", reference=reference), "note")
    return redirect(url_for("desk.card", reference=reference), 303)


@blueprint.post("/slip/<reference>")
def send_to_supervisor(reference: str) -> ResponseReturnValue:
    """A numbered slip: the person leaves the line."""
    code = request.form.get("code", "")
    return _slip(reference, code if code in CAUSES else "other")


@blueprint.post("/walk-in")
def walk_in() -> ResponseReturnValue:
    """The same for somebody who was not found."""
    return _slip("", WALK_IN)


def _slip(reference: str, code: str) -> ResponseReturnValue:
    with writing(parts().engine) as session:
        made = open_slip(session, who(), loaded(session), reference, code)
        session.commit()
    if isinstance(made, SlipRefused):
        flash(_("There is no application of this reference."), "fault")
        return redirect(url_for("desk.show"), 303)
    return redirect(url_for("desk.show", slip=made.number), 303)
