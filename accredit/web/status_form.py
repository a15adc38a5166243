"""The forms of the own status page: the way in without a link, and corrections with the fields of the application."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from accredit.domain.events import Event
from accredit.web import languages
from accredit.web.apply_form import ApplyForm, fields_typed
from accredit.web.problem_texts import LABELS

LONGEST_ANSWER = 2000


class WayInForm(FlaskForm):
    """Reference and birth date."""

    reference = StringField(
        lazy_gettext("Reference"),
        render_kw={"maxlength": 20, "autocomplete": "off", "dir": "ltr", "autocapitalize": "characters"},
    )
    born_on = StringField(LABELS["birth_date"], render_kw={"type": "date", "autocomplete": "bday"})

    def read(self) -> tuple[str, date] | None:
        """What was typed; None, with the faults beside the fields, where it can be nobody's."""
        reference, born = self.reference.data or "", self.born_on.data or ""
        if not reference.strip():
            self.reference.errors = [_("Please type your reference, such as K7QF-3M9P.")]
        try:
            day = date.fromisoformat(born.strip())
        except ValueError:
            self.born_on.errors = [_("Please give your date of birth as day, month and year.")]
            return None
        return (reference[:40], day) if reference.strip() else None


class AnswerForm(FlaskForm):
    """The answer to a reviewer's question."""

    answer = TextAreaField(
        lazy_gettext("Your answer"), render_kw={"rows": 4, "maxlength": LONGEST_ANSWER, "dir": "auto"}
    )


class CorrectForm(ApplyForm):
    """The fields of the application, filled with what we have; no files and no consent, which stay as they are."""

    draft = kept = crop = photo = photo_now = letter = consent = None
    version = HiddenField()
    language = SelectField(lazy_gettext("Language of our mails"), validate_choice=False)

    def __init__(self, event: Event, held: Mapping[str, str] | None = None) -> None:
        data: dict[str, Any] = dict(held or {})
        if held is not None:
            year, month, day = held["birth_date"].split("-")
            data |= {"birth_year": year, "birth_month": str(int(month)), "birth_day": str(int(day))}
            data["meetings"] = held["meetings"].split()
        super().__init__(event, {}, data=data)
        self.language.choices = list(languages.NAMES.items())

    def typed(self, event: Event) -> dict[str, str]:
        """The fields as the one validation reads them."""
        return {**fields_typed(event, has_letter=False), "language": request.form.get("language", "")}

    def version_shown(self) -> int:
        """The version that was on the page; none of ours where somebody changed it."""
        told = str(self.version.data or "")
        return int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else -1
