"""What a verdict is called at arm's length: one short label for each reason, in English and French.

The sentence to say and where the person goes come from the one table in `accredit.credential.reasons`; the label is the
officer's own look at the cause, beside the shape, the colour and the word.
"""

from __future__ import annotations

from accredit.credential.reasons import Reason

_LABELS: dict[Reason, tuple[str, str]] = {
    Reason.OK: ("Valid", "Valable"),
    Reason.MALFORMED: ("Unreadable", "Illisible"),
    Reason.UNKNOWN_KEY: ("Unknown issuer", "Émetteur inconnu"),
    Reason.BAD_SIGNATURE: ("Not genuine", "Pas authentique"),
    Reason.KEY_COMPROMISED: ("Printing withdrawn", "Série retirée"),
    Reason.WRONG_EVENT: ("Another event", "Autre manifestation"),
    Reason.WRONG_CATEGORY: ("Wrong category", "Catégorie fausse"),
    Reason.NOT_YET_VALID: ("Not valid yet", "Pas encore valable"),
    Reason.EXPIRED: ("Expired", "Expiré"),
    Reason.REVOKED: ("Withdrawn", "Retiré"),
    Reason.REPLACED: ("Replaced", "Remplacé"),
    Reason.SUSPENDED: ("Suspended", "Suspendu"),
    Reason.NOT_COLLECTED: ("Not collected", "Non retiré au bureau"),
    Reason.NO_GRANT: ("Another door", "Autre porte"),
    Reason.CLOSED_NOW: ("Closed at this hour", "Fermé à cette heure"),
    Reason.READ_ELSEWHERE: ("Just read elsewhere", "Lu ailleurs à l'instant"),
    Reason.ALREADY_INSIDE: ("Inside already", "Déjà à l'intérieur"),
    Reason.FULL: ("Room full", "Salle complète"),
    Reason.DOCUMENT_MISMATCH: ("Another document", "Autre pièce"),
    Reason.NO_DOCUMENT: ("No document", "Sans pièce"),
    Reason.UNKNOWN_PASS: ("Not on the list", "Pas sur la liste"),
    Reason.UNSIGNED_CODE: ("Typed number", "Numéro saisi"),
    Reason.CONFIRMATION_NOT_PASS: ("Confirmation, no pass", "Confirmation, pas un laissez-passer"),
    Reason.STALE_LIST: ("Old list", "Liste ancienne"),
    Reason.CLOCK_WRONG: ("Clock wrong", "Horloge fausse"),
    Reason.BY_SIGHT: ("By sight", "Connu de vue"),
    Reason.BY_SUPERVISOR: ("By the supervisor", "Par le responsable"),
    Reason.REFUSED_BY_OFFICER: ("Refused by the officer", "Refusé par l'agent"),
    Reason.UNDONE: ("Taken back", "Annulé"),
}


def label(reason: Reason, language: str) -> str:
    """The short label of a reason."""
    return _LABELS[reason][1 if language == "fr" else 0]
