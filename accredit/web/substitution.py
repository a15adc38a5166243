"""One person for another in a place that is taken: a form of one step for senior reviewers."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import DateField, EmailField, FileField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from accredit.db.session import reading, writing
from accredit.domain.errors import StaleDecision
from accredit.domain.events import CategoryRule
from accredit.domain.submissions import FieldProblem, Submission
from accredit.rendering.photos import PhotoRefused
from accredit.services.case_files import CaseFile, show
from accredit.services.event_loading import LoadedEvent
from accredit.services.intake import read_fields
from accredit.services.reviewing import ReviewRefused
from accredit.services.substituting import Substituted, substitute
from accredit.web.errors import stop
from accredit.web.parts import parts
from accredit.web.problem_texts import LABELS, sentence
from accredit.web.review import loaded, who
from accredit.web.review_faults import fault
from accredit.web.states import state_choices

blueprint = Blueprint("substitution", __name__, url_prefix="/review")

_TEXTS = ("surname", "given_names", "latin_surname", "latin_given_names", "nationality", "email", "organisation")
_NUMBER = ("grounds_pass", "grounds_pass_number")
_LARGEST_PHOTO = 8 * 1024 * 1024


def _text(name: str, longest: int, **more: object) -> StringField:
    return StringField(LABELS[name], render_kw={"maxlength": longest, "autocomplete": "off", **more})


class SubstitutionForm(FlaskForm):
    """The other person, and why. What is right in it is said by the one validation of all applications."""

    version = HiddenField()
    surname = _text("surname", 120, dir="auto")
    given_names = _text("given_names", 120, dir="auto")
    latin_surname = _text("latin_surname", 120)
    latin_given_names = _text("latin_given_names", 120)
    birth_date = DateField(LABELS["birth_date"], render_kw={"autocomplete": "off"})
    nationality = SelectField(LABELS["nationality"], validate_choice=False)
    email = EmailField(LABELS["email"], render_kw={"maxlength": 254, "autocomplete": "off", "dir": "ltr"})
    organisation = _text("organisation", 300, dir="auto")
    grounds_pass = RadioField(LABELS["grounds_pass"], validate_choice=False)
    grounds_pass_number = _text("grounds_pass_number", 20)
    photo = FileField(LABELS["photo"], render_kw={"accept": "image/*"})
    reason = TextAreaField(lazy_gettext("Why, for the staff"), render_kw={"maxlength": 2000, "rows": 3, "dir": "auto"})


@blueprint.get("/<reference>/substitute")
def begin(reference: str) -> str:
    """The form, with the body of the one whose place is taken."""
    with reading(parts().engine) as session:
        event = loaded(session)
        case = _case(session, event, reference)
    form = SubstitutionForm(
        formdata=None, data={"version": case.version, "organisation": case.submitted.organisation, "grounds_pass": "no"}
    )
    return _page(event, case, form)


@blueprint.post("/<reference>/substitute")
def send(reference: str) -> ResponseReturnValue:
    """Puts the other person in this place: one act."""
    form = SubstitutionForm()
    with writing(parts().engine) as session:
        event, context = loaded(session), who()
        case = _case(session, event, reference)
        read = read_fields(_fields(form, case), event.event, now=context.now(), keeps_receipt=False)
        if not isinstance(read, Submission):
            _refuse(form, read)
            return _page(event, case, form), 422
        try:
            done = substitute(
                session,
                context,
                event,
                reference,
                read,
                reason_staff=form.reason.data or "",
                photo=_photo(form),
                version=int(form.version.data) if str(form.version.data).isdecimal() else 0,
            )
        except StaleDecision:
            session.rollback()
            case = _case(session, event, reference)
            words = _(
                "This was changed by somebody else meanwhile. What you typed is still here: read again, then send."
            )
            return _page(event, case, form, words), 409
        if isinstance(done, Substituted):
            session.commit()
            flash(_told(done, reference), "done")
            return redirect(url_for("review.show", reference=done.application.reference))
    _note(form, done)
    return _page(event, case, form, fault(done) if isinstance(done, ReviewRefused) else ""), 422


def _case(session: Session, event: LoadedEvent, reference: str) -> CaseFile:
    case = show(session, event, reference)
    if case is None:
        stop(404, "not_found", _("There is no application of this reference."))
    return case


def _fields(form: SubstitutionForm, case: CaseFile) -> dict[str, str]:
    """As text, as every other way in hands it to the validation. The category is that of the place."""
    typed = {name: str(form[name].data or "") for name in (*_TEXTS, *_NUMBER)}
    born = form.birth_date.data.isoformat() if form.birth_date.data else ""
    taken = case.submitted
    return {
        **typed,
        "birth_date": born,
        "category": taken.category,
        "organisation_country": taken.organisation_country,
        "affiliation": taken.affiliation,
        "language": taken.language,
    }


def _photo(form: SubstitutionForm) -> bytes | None:
    data = form.photo.data.read(_LARGEST_PHOTO) if form.photo.data else b""
    return data or None


def _refuse(form: SubstitutionForm, problems: tuple[FieldProblem, ...]) -> None:
    for problem in problems:
        if problem.field in form:
            form[problem.field].errors = [sentence(problem)]


def _note(form: SubstitutionForm, done: ReviewRefused | PhotoRefused | Substituted) -> None:
    if isinstance(done, PhotoRefused):
        form.photo.errors = [sentence(FieldProblem("photo", done.reason.value, done.message))]


def _page(event: LoadedEvent, case: CaseFile, form: SubstitutionForm, refusal: str = "") -> str:
    form.nationality.choices = [("", _("Please choose")), *state_choices()]
    form.grounds_pass.choices = [("no", _("No")), ("yes", _("Yes"))]
    form.version.data = str(case.version)
    category = event.event.category(case.submitted.category)
    return render_template(
        "staff/review/substitute.html",
        event=event.event,
        case=case,
        form=form,
        refusal=refusal,
        in_person=category is not None and category.rule is CategoryRule.INVITED,
    )


def _told(done: Substituted, reference: str) -> str:
    if done.approved is not None:
        words = _("%(new)s takes the place of %(old)s and is approved; the pass waits at the desk.")
    else:
        words = _("%(new)s takes the place of %(old)s and waits for a reviewer.")
    return str(words) % {"new": done.application.reference, "old": reference}
