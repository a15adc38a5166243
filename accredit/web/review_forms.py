"""The forms of one application's screen. Each carries the version that the reviewer has read."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import starmap

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from accredit.domain.assessments import Finding, FindingOutcome, Rule
from accredit.services.reviewing import LONGEST_REASON
from accredit.web.review_texts import APPROVALS, QUESTIONS, REFUSALS

_NOTHING = SelectChoice("", _("– none of these –"))
_LONG_ENOUGH = Length(max=LONGEST_REASON, message=_("Please shorten this to 2,000 characters."))


class VersionForm(FlaskForm):
    """One button that does one thing to the record as it was read."""

    version = HiddenField()

    @property
    def read_version(self) -> int:
        """The version on the screen; 0, which no record has, where the form was tampered with."""
        told = str(self.version.data or "")
        return int(told) if told.isdecimal() and len(told) < 9 else 0


class ApproveForm(VersionForm):
    """A approves; with the body that is meant, and a reason where a finding is not clear."""

    confirm = StringField(validators=[Length(max=125)])
    ready = SelectField(_("Ready reason"), choices=[_NOTHING, *starmap(SelectChoice, APPROVALS.items())], default="")
    reason = TextAreaField(_("Why, for the staff"), validators=[_LONG_ENOUGH])


class RefuseForm(VersionForm):
    """R refuses: one text for the applicant, one for the staff."""

    ready = SelectField(
        _("Ready reason, in the applicant's language"),
        choices=[_NOTHING, *(SelectChoice(code, staff) for code, (_told, staff) in REFUSALS.items())],
        default="",
    )
    told = TextAreaField(_("More for the applicant"), validators=[_LONG_ENOUGH])
    reason = TextAreaField(_("Why, for the staff"), validators=[_LONG_ENOUGH])


class AskForm(VersionForm):
    """H holds it until the applicant has answered."""

    ready = SelectField(
        _("Ready question, in the applicant's language"),
        choices=[_NOTHING, *(SelectChoice(code, staff) for code, (_told, staff) in QUESTIONS.items())],
        default="",
    )
    words = TextAreaField(_("Question in your words"), validators=[_LONG_ENOUGH])


class WaiveForm(VersionForm):
    """W proposes that a finding is set aside."""

    waive = SelectMultipleField(_("Set aside"), choices=[SelectChoice(rule.value, rule.value) for rule in Rule])
    reason = TextAreaField(_("Why, for the staff"), validators=[_LONG_ENOUGH])
    told = TextAreaField(_("What the applicant is told"), validators=[_LONG_ENOUGH])


class DeclineForm(VersionForm):
    """A proposal is declined, or taken back."""

    reason = TextAreaField(_("Why, for the staff"), validators=[_LONG_ENOUGH])


class ScreenForms:
    """All forms of the screen; the one that was sent keeps what was typed, whatever became of it."""

    def __init__(self, version: int, sent: FlaskForm | None = None) -> None:
        kinds: dict[str, type[VersionForm]] = {
            "approve": ApproveForm,
            "refuse": RefuseForm,
            "ask": AskForm,
            "waive": WaiveForm,
            "decline": DeclineForm,
            "plain": VersionForm,
        }
        self.sent = ""
        for name, kind in kinds.items():
            form = sent if type(sent) is kind else kind(formdata=None, prefix=f"{name}-")
            if form is sent:
                self.sent = name
            form.version.data = str(version)
            setattr(self, name, form)


def may_be_waived(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that an exception can set aside: everything that is not clear, but never a hold."""
    clear = {FindingOutcome.CLEAR, FindingOutcome.NOT_APPLICABLE}
    return [one for one in findings if one.outcome not in clear and one.rule is not Rule.HOLD]
