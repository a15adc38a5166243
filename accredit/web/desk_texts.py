"""The words of the desk: ready reasons, causes, lines of the comparison, and how slips end."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import force_locale, lazy_gettext
from flask_babel.speaklater import LazyString

from accredit.web.languages import ENGLISH

_ = lazy_gettext

REASONS: dict[str, LazyString] = {
    "name_truncated": _("name cut in the zone"),
    "name_shortened": _("name shortened in the zone"),
    "name_one_only": _("one name only"),
    "name_order": _("names in another order"),
    "name_extra_given": _("a further given name"),
    "name_extra_surname": _("a further surname"),
    "name_spelling": _("another spelling of the same name"),
    "name_one_spelling": _("one of two spellings agrees"),
    "name_other_surname": _("maiden or married name"),
    "name_not_comparable": _("name read by the officer"),
    "birth_date_incomplete": _("birth date incomplete in the document"),
    "birth_century": _("age agrees with the person"),
    "nationality_unknown": _("nationality confirmed by the person"),
    "nationality_differs": _("second nationality"),
    "issued_to_a_foreigner": _("codes compared with the document"),
    "no_expiry": _("valid today by what the document says"),
}
"""Ready reasons by the finding that they settle."""

GENERAL: dict[str, LazyString] = {
    "photo": _("compared with the photo"),
    "second_document": _("a second document was shown"),
    "known": _("known to the officer"),
}

WORDS_OF_SUPERVISORS: dict[str, LazyString] = {
    "asked_security": _("asked security"),
    "document_seen": _("document seen and accepted"),
    "late": _("came late for a good reason"),
}

CAUSES: dict[str, LazyString] = {
    "hold": _("On hold for security"),
    "not_approved": _("Not approved"),
    "has_grounds_pass": _("Enters on the UN grounds pass"),
    "no_pass": _("No pass is prepared"),
    "pass_collected": _("Collected already"),
    "pass_suspended": _("Suspended"),
    "pass_revoked": _("Revoked"),
    "pass_replaced": _("Replaced"),
    "desk_closed": _("The desk is closed"),
    "not_the_holder": _("Not the holder"),
    "document_not_accepted": _("Document does not count"),
    "document_needs_supervisor": _("Document needs the supervisor"),
    "document_in_use": _("Document collected a pass already"),
    "document_of_a_revoked_pass": _("Pass of this document was revoked"),
    "red": _("Another person or document"),
    "amber": _("Differences"),
    "mrz_unreadable": _("Zone cannot be read"),
    "lost_pass": _("Lost pass"),
    "walk_in": _("Not found"),
    "other": _("Something else"),
}

LINES: dict[str, LazyString] = {
    "surname": _("Surname"),
    "given_names": _("Given names"),
    "latin_surname": _("Surname, Latin"),
    "latin_given_names": _("Given names, Latin"),
    "birth_date": _("Date of birth"),
    "nationality": _("Nationality"),
}

SLIP_ENDS: dict[str, LazyString] = {
    "back_to_the_desk": _("Back to the desk"),
    "to_a_reviewer": _("To a reviewer"),
    "sent_away": _("Sent away"),
    "handed_over": _("Pass handed over"),
}

REPRINT = _("The sheet did not come out right and is destroyed.")


def cause(code: str) -> str:
    """A cause in few words."""
    return str(CAUSES.get(code, CAUSES["other"]))


def reasons_for(codes: Iterable[str], *, at_my_word: bool) -> list[tuple[str, str]]:
    """Ready reasons, key and words: first the one that settles all that was found, then the general ones."""
    fitting = [code for code in codes if code in REASONS]
    offered = [("+".join(fitting), "; ".join(str(REASONS[code]) for code in fitting))] if fitting else []
    general = {**WORDS_OF_SUPERVISORS, **GENERAL} if at_my_word else GENERAL
    return offered + [(key, str(words)) for key, words in general.items()]


def reason_kept(chosen: str, typed: str) -> str:
    """What stays with the pass: the ready reason in English, whoever chose it, and what was typed beside it."""
    known = {**REASONS, **GENERAL, **WORDS_OF_SUPERVISORS}
    with force_locale(ENGLISH):
        ready = "; ".join(str(known[key]) for key in chosen.split("+") if key in known)
        return "; ".join(filter(None, (ready, typed.strip())))


def reprint_reason() -> str:
    """The same of why a badge is printed again."""
    with force_locale(ENGLISH):
        return str(REPRINT)
