"""What is wrong with a field, in the reader's language: one sentence that names the field and the cure.

The rules say it in English, as programs and imports are told; here their codes find the sentence of the page.
"""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from accredit.domain.submissions import FieldProblem

LABELS = {
    "surname": lazy_gettext("Family name"),
    "given_names": lazy_gettext("Given names"),
    "latin_surname": lazy_gettext("Family name in Latin letters"),
    "latin_given_names": lazy_gettext("Given names in Latin letters"),
    "birth_date": lazy_gettext("Date of birth"),
    "nationality": lazy_gettext("Nationality"),
    "email": lazy_gettext("E-mail address"),
    "organisation": lazy_gettext("Organization"),
    "organisation_country": lazy_gettext("Country of its seat"),
    "category": lazy_gettext("In what capacity"),
    "affiliation": lazy_gettext("What your organization says"),
    "grounds_pass": lazy_gettext("UN grounds pass"),
    "grounds_pass_number": lazy_gettext("Number of the grounds pass"),
    "language": lazy_gettext("Language"),
    "meetings": lazy_gettext("Meetings"),
    "accessibility": lazy_gettext("What you need"),
    "consent": lazy_gettext("Your personal data"),
    "guardian_name": lazy_gettext("Name of the adult"),
    "guardian_contact": lazy_gettext("Telephone or e-mail of the adult"),
    "photo": lazy_gettext("Photo"),
    "letter": lazy_gettext("Letter"),
}

_LATIN = {"latin_surname", "latin_given_names"}


def label_of(field: str) -> str:
    """The name of a field as the page shows it."""
    return str(LABELS.get(field, field))


def sentence(problem: FieldProblem) -> str:
    """The problem as a sentence; the rules' own English words for a code that no page has met yet."""
    told = _sentences(label_of(problem.field)).get(_code(problem))
    return told or f"{label_of(problem.field)}: {problem.message}"


def _code(problem: FieldProblem) -> str:
    return "latin_missing" if problem.code == "missing" and problem.field in _LATIN else problem.code


def _sentences(field: str) -> dict[str, str]:
    return {
        "missing": _("%(field)s: this is empty. Please fill it in.", field=field),
        "latin_missing": _(
            "%(field)s: please add it in Latin letters, as in the two lowest lines of the passport.", field=field
        ),
        "too_long": _("%(field)s: this is too long. Please shorten it.", field=field),
        "bad_character": _("%(field)s: a character in it cannot be written. Please type it anew.", field=field),
        "no_letters": _("%(field)s: this has no letters. Please write it as in the passport.", field=field),
        "not_latin": _("%(field)s: please use the letters A to Z alone, as in the passport.", field=field),
        "bad_date": _("%(field)s: there is no such day. Please give day, month and year.", field=field),
        "impossible_date": _("%(field)s: nobody alive was born on this day. Please check the year.", field=field),
        "bad_country": _("%(field)s: please choose one of the list.", field=field),
        "unknown_state": _("%(field)s: please choose one of the list.", field=field),
        "unknown_category": _("%(field)s: please choose one of the list.", field=field),
        "unknown_meeting": _("%(field)s: please choose among those of the list.", field=field),
        "unknown_language": _("%(field)s: please choose one of the list.", field=field),
        "bad_email": _("%(field)s: this is no e-mail address. Write one such as name@example.org.", field=field),
        "not_yes_or_no": _("%(field)s: please answer yes or no.", field=field),
        "bad_number": _("%(field)s: please copy the number from the front of the pass.", field=field),
        "not_reachable": _(
            "%(field)s: please write a telephone number with its country code, or an e-mail address.", field=field
        ),
        "not_consented": _(
            "%(field)s: we need your consent to look at your application. Please tick the box.", field=field
        ),
        **_of_files(field),
    }


def _of_files(field: str) -> dict[str, str]:
    return {
        "empty": _("%(field)s: the file is empty. Please choose it again.", field=field),
        "file_too_large": _("%(field)s: the file is too large. Please send a smaller one.", field=field),
        "too_large": _("%(field)s: the file is too large. Please send a smaller one.", field=field),
        "not_an_image": _(
            "%(field)s: this is not a readable picture. Please send a JPEG, PNG or WebP file.", field=field
        ),
        "too_many_pixels": _("%(field)s: the picture has too many pixels. Please send a smaller one.", field=field),
        "too_small": _("%(field)s: the picture is too small to see a face. Please send a larger one.", field=field),
        "not_a_letter": _(
            "%(field)s: this is not a readable PDF, JPEG or PNG file. Please send another one.", field=field
        ),
        "too_many_pages": _("%(field)s: the document has too many pages. Please send the letter alone.", field=field),
        "locked": _("%(field)s: the PDF asks for a password. Please save it without one.", field=field),
        "gone": _("%(field)s: we kept your file for a day, and that is over. Please choose it once more.", field=field),
    }
