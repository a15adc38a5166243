"""A document without a zone, or with one that no reader takes: typed by hand, with the reason."""

from __future__ import annotations

import json

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField

from accredit.db.session import reading
from accredit.domain.events import Event
from accredit.services.desk_documents import TypedDocument, read_typed
from accredit.services.references import find_application
from accredit.web.desk import card_page, loaded
from accredit.web.errors import stop
from accredit.web.parts import parts
from accredit.web.shown import words

blueprint = Blueprint("desk_typing", __name__, url_prefix="/desk/document")


class DocumentForm(FlaskForm):
    """What stands on the document; the rules are those of `read_typed`."""

    kind = SelectField(lazy_gettext("Document"), validate_choice=False)
    issuing_state = StringField(lazy_gettext("Issuing State"))
    number = StringField(lazy_gettext("Number"))
    surname = StringField(lazy_gettext("Surname"))
    given_names = StringField(lazy_gettext("Given names"))
    birth_date = StringField(lazy_gettext("Date of birth"))
    nationality = StringField(lazy_gettext("Nationality"))
    expires_on = StringField(lazy_gettext("Valid until"))
    reason = StringField(lazy_gettext("Reason"))


_FAULTS = {
    "kind": lazy_gettext("Document: choose one that counts for this event."),
    "issuing_state": lazy_gettext("Issuing State: write the three letters, such as CHE, KEN or D."),
    "nationality": lazy_gettext("Nationality: write the three letters, such as CHE, KEN or D."),
    "number": lazy_gettext("Number: copy the letters and digits of the document."),
    "surname": lazy_gettext("Surname: copy the name of the document, in its Latin letters."),
    "given_names": lazy_gettext("Given names: copy them in the Latin letters of the document."),
    "birth_date": lazy_gettext("Date of birth: write it as year-month-day, such as 1980-05-31."),
    "expires_on": lazy_gettext("Valid until: write it as year-month-day, or leave it empty."),
    "reason": lazy_gettext("Reason: say in a few words why nothing could be scanned."),
}


@blueprint.get("/<reference>")
def begin(reference: str) -> ResponseReturnValue:
    """The empty form."""
    return _form(reference, DocumentForm())


@blueprint.post("/<reference>")
def send(reference: str) -> ResponseReturnValue:
    """Opens the card with what was typed beside it."""
    form = DocumentForm()
    form.validate()
    told = {field.name: str(field.data or "") for field in form if field.name in _FAULTS}
    with reading(parts().engine) as session:
        event = loaded(session)
        today = parts().clock().astimezone(event.event.zone).date()
        read = read_typed(told, event.event, today)
        if isinstance(read, TypedDocument):
            return card_page(session, event, reference, json.dumps(told))
    for problem in read:
        field: Field = form[problem.field]
        field.errors = [*field.errors, str(_FAULTS[problem.field])]
    return _form(reference, form), 400


def _form(reference: str, form: DocumentForm) -> str:
    with reading(parts().engine) as session:
        event = loaded(session)
        if find_application(session, event, reference) is None:
            stop(404, "not_found", _("There is no application of this reference."))
    form.kind.choices = _kinds(event.event)
    return render_template(
        "staff/desk/document.html", form=form, reference=reference, through=request.values.get("through", "")
    )


def _kinds(event: Event) -> list[tuple[str, str]]:
    policy = event.documents
    alone = [(one, words(one)) for one in sorted(policy.accepted)]
    told = _("with the supervisor")
    return alone + [(one, f"{words(one)} ({told})") for one in sorted(policy.with_supervisor)]
