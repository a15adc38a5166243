"""The form of an application: its fields as the page has them, and what the one validation makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from babel.dates import get_month_names
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from accredit.domain.applications import AffiliationKind
from accredit.domain.events import Category, CategoryRule, Event
from accredit.domain.submissions import LONGEST_ACCESSIBILITY, FieldProblem
from accredit.web import languages
from accredit.web.problem_texts import LABELS, sentence
from accredit.web.shown import told
from accredit.web.states import country_choices, state_choices

_PLAIN = (
    "surname",
    "given_names",
    "latin_surname",
    "latin_given_names",
    "nationality",
    "email",
    "organisation",
    "organisation_country",
    "category",
    "grounds_pass",
    "grounds_pass_number",
    "accessibility",
    "guardian_name",
    "guardian_contact",
)
"""Fields of the form that are fields of the application under the same name."""

# What a page cannot show again is left out of the text that is shown again; the rules have named it by then.
_UNSHOWN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))


def shown_again(value: str | None) -> str:
    """What was typed, without signs that no page can hold."""
    return (value or "").translate(_UNSHOWN)


def _text(name: str, longest: int, **more: Any) -> StringField:
    return StringField(LABELS[name], filters=[shown_again], render_kw={"maxlength": longest, **more})


class ApplyForm(FlaskForm):
    """One person's application. Faults are added by `refuse`; the fields themselves judge nothing."""

    draft = HiddenField()
    kept = HiddenField()
    crop = HiddenField()
    organisation = _text("organisation", 300, autocomplete="organization", dir="auto")
    organisation_country = SelectField(LABELS["organisation_country"], validate_choice=False)
    category = SelectField(LABELS["category"], validate_choice=False)
    surname = _text("surname", 120, autocomplete="family-name", dir="auto")
    given_names = _text("given_names", 120, autocomplete="given-name", dir="auto")
    latin_surname = _text("latin_surname", 120, autocomplete="off", dir="ltr")
    latin_given_names = _text("latin_given_names", 120, autocomplete="off", dir="ltr")
    birth_day = StringField(
        lazy_gettext("Day"),
        filters=[shown_again],
        render_kw={"inputmode": "numeric", "maxlength": 2, "autocomplete": "bday-day"},
    )
    birth_month = SelectField(lazy_gettext("Month"), validate_choice=False, render_kw={"autocomplete": "bday-month"})
    birth_year = StringField(
        lazy_gettext("Year"),
        filters=[shown_again],
        render_kw={"inputmode": "numeric", "maxlength": 4, "autocomplete": "bday-year"},
    )
    nationality = SelectField(LABELS["nationality"], validate_choice=False)
    email = EmailField(
        LABELS["email"],
        filters=[shown_again],
        render_kw={"maxlength": 254, "autocomplete": "email", "dir": "ltr"},
    )
    photo = FileField(LABELS["photo"], render_kw={"accept": "image/*"})
    photo_now = FileField(lazy_gettext("Take a picture now"), render_kw={"accept": "image/*", "capture": "user"})
    letter = FileField(LABELS["letter"], render_kw={"accept": "application/pdf,image/jpeg,image/png"})
    grounds_pass = RadioField(LABELS["grounds_pass"], validate_choice=False)
    grounds_pass_number = _text("grounds_pass_number", 20, autocomplete="off", dir="ltr")
    meetings = SelectMultipleField(LABELS["meetings"], validate_choice=False)
    accessibility = TextAreaField(
        LABELS["accessibility"],
        filters=[shown_again],
        render_kw={"rows": 3, "maxlength": LONGEST_ACCESSIBILITY, "dir": "auto"},
    )
    guardian_name = _text("guardian_name", 120, autocomplete="off", dir="auto")
    guardian_contact = _text("guardian_contact", 254, autocomplete="off", dir="auto")
    consent = BooleanField(lazy_gettext("I have read this and agree."))

    def __init__(self, event: Event, deadlines: Mapping[str, str], **more: Any) -> None:
        super().__init__(**more)
        self.category.choices = [("", _("Please choose")), *_capacities(event, deadlines)]
        self.nationality.choices = [("", _("Please choose")), *state_choices()]
        self.organisation_country.choices = [("", _("Not known, or in several countries")), *country_choices()]
        self.grounds_pass.choices = [("no", _("No")), ("yes", _("Yes, I have one"))]
        self.birth_month.choices = [("", _("Month")), *_months()]
        self.meetings.choices = [(one.key, told(one.name)) for one in event.meetings]

    def refuse(self, problems: Sequence[FieldProblem]) -> None:
        """Puts each problem beside its field, one a field: the first says what to do next."""
        for problem in problems:
            name = "birth_day" if problem.field == "birth_date" else problem.field
            field = getattr(self, name, self.organisation)
            if not field.errors:
                field.errors = [sentence(problem)]


def _capacities(event: Event, deadlines: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(one.key, told(one.name) + deadlines.get(one.key, "")) for one in event.categories]


def _months() -> list[tuple[str, str]]:
    names = get_month_names("wide", context="stand-alone", locale=languages.format_locale())
    return [(str(number), names[number]) for number in range(1, 13)]


def fields_typed(event: Event, *, has_letter: bool) -> dict[str, str]:
    """The fields of the application in this request, as the one validation reads them: as they were typed."""
    typed = {name: request.form.get(name, "") for name in _PLAIN}
    if request.form.get("grounds_pass") != "yes":
        typed["grounds_pass_number"] = ""
    category = event.category(typed["category"])
    return {
        **typed,
        "birth_date": _birth_date(),
        "meetings": " ".join(request.form.getlist("meetings")),
        "affiliation": affiliation_of(category) if has_letter else "",
        "consent": "yes" if request.form.get("consent") else "no",
        "language": languages.language(),
    }


def affiliation_of(category: Category | None) -> str:
    """What an uploaded document is: of a State or another body that is represented, a note verbale; else a letter."""
    is_note = category is not None and category.rule is CategoryRule.REPRESENTED
    return (AffiliationKind.NOTE_VERBALE if is_note else AffiliationKind.LETTER).value


def _birth_date() -> str:
    """The day in three fields as one text; whatever is not three numbers is left to the rules to refuse."""
    year, month, day = (request.form.get(f"birth_{part}", "").strip() for part in ("year", "month", "day"))
    if not all(part.isdecimal() for part in (year, month, day)):
        return "-".join(filter(None, (year, month, day)))
    return f"{int(year[:4]):04}-{int(month[:2]):02}-{int(day[:2]):02}" if len(year) == 4 else year


def own_problems(fields: Mapping[str, str]) -> tuple[FieldProblem, ...]:
    """What this page alone asks for."""
    consents = fields["consent"] == "yes"
    return () if consents else (FieldProblem("consent", "not_consented", "please agree"),)
