"""Ready sentences of the reviewers: what applicants are asked and told, in their own language, and what the staff keeps.

The first text of each is for the applicant, the second names it for the staff.
"""

from __future__ import annotations

from flask_babel import force_locale, lazy_gettext
from flask_babel.speaklater import LazyString

from accredit.web.languages import ENGLISH, NAMES

_ = lazy_gettext

QUESTIONS: dict[str, tuple[LazyString, LazyString]] = {
    "organisation": (
        _(
            "We did not find your organisation on the list by the name that you gave. What is its full name on the list, "
            "or its former name, or its name in English or French?"
        ),
        _("Which organisation is it?"),
    ),
    "letter": (
        _("Please send a letter of your organisation, signed by its head, that names you as its delegate."),
        _("A letter of the organisation"),
    ),
    "another_letter": (
        _("We cannot read the letter that you sent. Please send it once more, as a PDF or a sharp photograph."),
        _("The letter cannot be read"),
    ),
    "photo": (
        _(
            "Your photo cannot be used on a badge. Please send another one, from the front, with nothing that hides the face."
        ),
        _("Another photo"),
    ),
    "two": (
        _("There are two applications in your name. Which organisation do you speak for?"),
        _("Which of two applications counts?"),
    ),
    "guardian": (
        _(
            "You are under 18 on the first day. Which adult comes with you? Please give the name and a way to reach them."
        ),
        _("Who comes with a minor?"),
    ),
}

REFUSALS: dict[str, tuple[LazyString, LazyString]] = {
    "late": (_("Your application arrived after the last day to apply."), _("Too late")),
    "not_listed": (
        _("We did not find your organisation on the list on which it has to stand for this category."),
        _("Not on the list"),
    ),
    "status": (
        _("Your organisation does not hold the status that is asked for."),
        _("Status does not suffice"),
    ),
    "no_letter": (
        _("Nothing of your organisation says that you speak for it."),
        _("No letter, nomination or confirmation"),
    ),
    "quota": (
        _("Your organisation has as many delegates as it may send."),
        _("The delegation is full"),
    ),
    "twice": (
        _("You applied more than once; another application of yours counts."),
        _("The same person twice"),
    ),
    "no_answer": (
        _("We asked you a question about your application and had no answer in time."),
        _("No answer to our question"),
    ),
}

APPROVALS: dict[str, LazyString] = {
    "letter_seen": _("The letter was seen and names this person"),
    "asked_the_body": _("The body confirmed it when asked"),
    "site": _("The name was compared with the body's own site"),
    "one_of_two": _("The other application of this person is refused or withdrawn"),
    "quota_agreed": _("The place is given back by another delegate"),
}


def in_words_of(code: str, texts: dict[str, tuple[LazyString, LazyString]], spoken: str) -> str:
    """The applicant's text in the applicant's language; empty for no known code."""
    if code not in texts:
        return ""
    with force_locale(spoken if spoken in NAMES else ENGLISH):
        return str(texts[code][0])


def for_the_staff(code: str, texts: dict[str, tuple[LazyString, LazyString]]) -> str:
    """What the staff keeps of a ready sentence: in English, whoever wrote it."""
    if code not in texts:
        return ""
    with force_locale(ENGLISH):
        return str(texts[code][1])


def approval_reason(code: str) -> str:
    """The same of a reason to approve."""
    if code not in APPROVALS:
        return ""
    with force_locale(ENGLISH):
        return str(APPROVALS[code])


def joined(ready: str, typed: str) -> str:
    """A ready sentence and what was written beside it."""
    return "\n".join(filter(None, (ready, typed.strip())))
