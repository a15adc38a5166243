"""Apply for several people of one organisation: a table, and a report row by row."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, SelectField, StringField

from accredit.db.session import reading, writing
from accredit.domain.events import Event
from accredit.domain.submissions import FieldProblem
from accredit.services import drafts
from accredit.services.context import Context
from accredit.services.drafts import KeptFiles
from accredit.services.event_loading import LoadedEvent
from accredit.services.group_intake import (
    COLUMNS,
    LARGEST_TABLE,
    MOST_ROWS,
    Group,
    GroupFault,
    GroupRefused,
    RowAnswer,
    parts_of,
    read_group,
    take_rows,
)
from accredit.services.tables import Table
from accredit.web import languages, uploads
from accredit.web.apply import APPLICANT, LARGEST_REQUEST, by_deadline, event_here, late_marks, stop_after
from accredit.web.apply_form import affiliation_of, shown_again
from accredit.web.parts import parts
from accredit.web.problem_texts import LABELS, label_of, sentence
from accredit.web.shown import told
from accredit.web.states import country_choices

blueprint = Blueprint("group_apply", __name__)


@blueprint.url_value_preprocessor
def take_tables(_endpoint: str | None, _values: object) -> None:
    """A table that is too large is told so by us, in a sentence; this runs before anything reads the form."""
    request.max_content_length = LARGEST_REQUEST


class GroupForm(FlaskForm):
    """The table, and what holds for all its rows."""

    organisation = StringField(
        LABELS["organisation"],
        filters=[shown_again],
        render_kw={"maxlength": 300, "autocomplete": "organization", "dir": "auto"},
    )
    organisation_country = SelectField(LABELS["organisation_country"], validate_choice=False)
    category = SelectField(LABELS["category"], validate_choice=False)
    table = FileField(lazy_gettext("Table"), render_kw={"accept": ".csv,.xlsx,.ods,text/csv"})
    letter = FileField(LABELS["letter"], render_kw={"accept": "application/pdf,image/jpeg,image/png"})
    consent = BooleanField(lazy_gettext("Everybody in the table has read this and agrees."))

    def __init__(self, event: Event, **more: object) -> None:
        super().__init__(**more)
        marks = late_marks(event)
        capacities = [(one.key, told(one.name) + marks.get(one.key, "")) for one in event.categories]
        self.category.choices = [("", _("Please choose")), *capacities]
        self.organisation_country.choices = [("", _("Not known, or in several countries")), *country_choices()]

    def refuse(self, name: str, words: str) -> None:
        """Puts a sentence beside a field."""
        self[name].errors = [*self[name].errors, words]


@blueprint.get("/apply/group")
def begin() -> str:
    """The empty form."""
    with reading(parts().engine) as database:
        event = event_here(database).event
    stop_after(event)
    return _page(event, GroupForm(event), drafts.new_token(parts().context(APPLICANT).entropy), KeptFiles())


@blueprint.get("/apply/group/template.csv")
def empty_table() -> Response:
    """The columns of the table, for a spreadsheet program."""
    # The mark in front makes spreadsheet programs read the file as UTF-8.
    answer = Response("\ufeff" + ",".join(COLUMNS) + "\r\n", mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=applications.csv"
    return answer


@blueprint.post("/apply/group")
def send() -> ResponseReturnValue:
    """Takes the rows that can be taken, and reports about each."""
    context = parts().context(APPLICANT)
    given = request.form.get("draft", "")
    token = given if drafts.is_token(given) else drafts.new_token(context.entropy)
    with reading(parts().engine) as database:
        event = event_here(database)
        kept = drafts.kept_files(database, context, event, token)
    stop_after(event.event)
    form = GroupForm(event.event)
    if not form.validate():
        form.csrf_token.errors = []
        form.refuse(
            "table", _("This page was open for a long time. Please choose the table once more and send it again.")
        )
        return _page(event.event, form, token, kept), 400
    letter = _letter(form, context, event, token, kept)
    table = _table(form)
    _check(form, event.event)
    if form.errors or not isinstance(table, Table):
        return _page(event.event, form, token, KeptFiles(letter=letter.letter)), 422
    answers = _take(context, table, _group(event.event, letter), token)
    return render_template(
        "applicant/group_report.html",
        event=event.event,
        form=form,
        token=token,
        answers=answers,
        taken=sum(bool(one.reference) and not one.again for one in answers),
        again=sum(one.again for one in answers),
        refused=[(one.row, [_row_sentence(problem) for problem in one.problems]) for one in answers if one.problems],
    )


def _letter(form: GroupForm, context: Context, event: LoadedEvent, token: str, kept: KeptFiles) -> KeptFiles:
    """The letter of this request or an earlier one, kept for the next."""
    sent = uploads.read(KeptFiles(letter=kept.letter))
    for problem in sent.problems:
        form.refuse("letter", sentence(problem))
    files = KeptFiles(letter=sent.files.letter)
    if files != kept:
        with writing(parts().engine) as database:
            drafts.keep_files(database, context, event, token, files)
            database.commit()
    return files


def _table(form: GroupForm) -> Table | None:
    sent = request.files.get("table")
    if sent is None or not sent.filename:
        form.refuse("table", _("Table: please choose the file with the people."))
        return None
    read = read_group(sent.stream.read(LARGEST_TABLE + 1), sent.filename)
    if isinstance(read, GroupRefused):
        form.refuse("table", _table_sentence(read))
        return None
    return read


def _table_sentence(refused: GroupRefused) -> str:
    names = ", ".join(refused.names)
    sentences: dict[GroupFault, str] = {
        GroupFault.TOO_MANY_ROWS: _(
            "Table: it has more than %(most)s rows, or is larger than 1 MB. Please send it in parts.", most=MOST_ROWS
        ),
        GroupFault.NO_ROWS: _("Table: there are no people in it. Please add a row for each."),
        GroupFault.MISSING_COLUMN: _("Table: there is no column %(names)s. Please add it.", names=names),
        GroupFault.UNKNOWN_COLUMN: _(
            "Table: there is no column of the name %(names)s. Please mend the name or remove it.", names=names
        ),
        GroupFault.NOT_A_TABLE: _("Table: it cannot be read. %(why)s", why=refused.message),
    }
    return sentences[refused.code]


def _check(form: GroupForm, event: Event) -> None:
    """What holds for all rows is asked for here, not row by row."""
    if not request.form.get("organisation", "").strip():
        form.refuse("organisation", sentence(FieldProblem("organisation", "missing", "")))
    if event.category(request.form.get("category", "")) is None:
        form.refuse("category", sentence(FieldProblem("category", "unknown_category", "")))
    if not request.form.get("consent"):
        form.refuse("consent", sentence(FieldProblem("consent", "not_consented", "")))


def _group(event: Event, files: KeptFiles) -> Group:
    category = event.category(request.form["category"])
    return Group(
        organisation=request.form["organisation"].strip(),
        organisation_country=request.form.get("organisation_country", ""),
        category=request.form["category"],
        affiliation=affiliation_of(category) if files.letter is not None else "",
        language=languages.language(),
        letter=files.letter,
    )


def _take(context: Context, table: Table, group: Group, token: str) -> Sequence[RowAnswer]:
    answers: list[RowAnswer] = []
    for rows in parts_of(table):
        with writing(parts().engine) as database:
            answers += take_rows(database, context, event_here(database), rows, group, token)
            database.commit()
    return answers


def _row_sentence(problem: FieldProblem) -> str:
    """As on the form, but for what is written differently in a table."""
    told = {
        "unreadable": problem.message,
        "event_over": _("The event is over by now. Applications are no longer taken."),
        "other_body": _(
            "Organization: this is another one than that of the table. Send its people in a table of their own."
        ),
        "bad_date": _("Date of birth: please write year-month-day, such as 1980-05-31."),
        "bad_country": _(
            "%(field)s: please write the three letters of the passport, such as CHE.", field=label_of(problem.field)
        ),
    }
    code = "bad_country" if problem.code == "unknown_state" else problem.code
    return told.get(code) or sentence(problem)


def _page(event: Event, form: GroupForm, token: str, files: KeptFiles) -> str:
    return render_template(
        "applicant/apply_group.html",
        event=event,
        form=form,
        token=token,
        has_letter=files.letter is not None,
        most=MOST_ROWS,
        columns=COLUMNS,
        is_late=bool(late_marks(event)),
        deadlines=by_deadline(event),
        categories=[one.key for one in event.categories],
    )
