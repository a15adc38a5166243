"""The words of the gate: every way in which a checkpoint can answer, and the one table of what each means.

`Reason` is a closed list. The scanner's screen, the journal, the server's database, the figures and the tests all
use it, so a new member needs its row in the table below before anything accepts it. Nothing here looks at a pass;
which reason applies is decided by `verifying.verify` (the code itself) and by `admission.admit` (the whole).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What the officer does: let in, look and decide, or send on."""

    ADMIT = "admit"
    ASK = "ask"
    REFUSE = "refuse"


class CheckpointKind(StrEnum):
    """The gate of the site (documents are checked there) or the door of a meeting."""

    SITE = "site"
    DOOR = "door"


class Direction(StrEnum):
    """Which way the person walks."""

    ENTRY = "entry"
    EXIT = "exit"


class Source(StrEnum):
    """How the person was presented: signed code, typed short code, grounds pass, by sight, or by the supervisor."""

    CODE = "code"
    SHORT_CODE = "short_code"
    GROUNDS = "grounds"
    SIGHT = "sight"
    SUPERVISOR = "supervisor"


class PassState(StrEnum):
    """The life of a pass: prepared, collected, expired; suspended (reversible); revoked or replaced (not)."""

    PREPARED = "prepared"
    COLLECTED = "collected"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"
    EXPIRED = "expired"


class Reason(StrEnum):
    """Why a checkpoint answered as it did. Closed; the order is the order of the code's way through the checks."""

    OK = "ok"
    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    KEY_COMPROMISED = "key_compromised"
    WRONG_EVENT = "wrong_event"
    WRONG_CATEGORY = "wrong_category"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"
    SUSPENDED = "suspended"
    NOT_COLLECTED = "not_collected"
    NO_GRANT = "no_grant"
    CLOSED_NOW = "closed_now"
    READ_ELSEWHERE = "read_elsewhere"
    ALREADY_INSIDE = "already_inside"
    FULL = "full"
    DOCUMENT_MISMATCH = "document_mismatch"
    NO_DOCUMENT = "no_document"
    UNKNOWN_PASS = "unknown_pass"  # noqa: S105 - a reason, not a secret
    UNSIGNED_CODE = "unsigned_code"
    CONFIRMATION_NOT_PASS = "confirmation_not_pass"  # noqa: S105 - a reason, not a secret
    STALE_LIST = "stale_list"
    CLOCK_WRONG = "clock_wrong"
    BY_SIGHT = "by_sight"
    BY_SUPERVISOR = "by_supervisor"
    REFUSED_BY_OFFICER = "refused_by_officer"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One cell of the table: the verdict, the sentence that the officer says, and where the person goes (en, fr)."""

    verdict: Verdict
    sentence_en: str
    sentence_fr: str
    where_en: str
    where_fr: str


@dataclass(frozen=True, slots=True)
class _Verdicts:
    """The verdict at the site gate and at a door, each with a fresh and with an old list."""

    site_fresh: Verdict
    site_old: Verdict
    door_fresh: Verdict
    door_old: Verdict


@dataclass(frozen=True, slots=True)
class _Row:
    verdicts: _Verdicts
    say: tuple[str, str]
    where: tuple[str, str]


_ADMIT, _ASK, _REFUSE = Verdict.ADMIT, Verdict.ASK, Verdict.REFUSE
_ADMITS = _Verdicts(_ADMIT, _ADMIT, _ADMIT, _ADMIT)
_ASKS = _Verdicts(_ASK, _ASK, _ASK, _ASK)
_REFUSES = _Verdicts(_REFUSE, _REFUSE, _REFUSE, _REFUSE)
# An old list may simply not have heard yet; the officer looks at the document and decides.
_REFUSES_IF_FRESH = _Verdicts(_REFUSE, _ASK, _REFUSE, _ASK)
# The pass is valid at the site gate only together with a document; a door does not ask for one by itself.
_REFUSES_AT_SITE = _Verdicts(_REFUSE, _REFUSE, _ASK, _ASK)

_IN = ("Straight in.", "Entrée libre.")
_DESK = ("Registration desk.", "Bureau des inscriptions.")
_SUPERVISOR = ("The supervisor at this checkpoint.", "Le responsable de ce point de contrôle.")
_HERE = ("Stays here while the officer looks.", "Attend ici pendant que l'agent vérifie.")
_PROGRAMME = ("The information desk, to find the right door.", "Le bureau d'information, pour trouver la bonne porte.")
_OUTSIDE = ("Waits beside the door until there is room.", "Attend près de la porte qu'une place se libère.")
_BACK = ("Comes back at the hour shown.", "Revient à l'heure indiquée.")

_TABLE: dict[Reason, _Row] = {
    Reason.OK: _Row(_ADMITS, ("Welcome.", "Bienvenue."), _IN),
    Reason.MALFORMED: _Row(
        _REFUSES,
        (
            "I cannot read this code. Please show me the badge once more.",
            "Je ne peux pas lire ce code. Veuillez présenter le badge encore une fois.",
        ),
        _DESK,
    ),
    Reason.UNKNOWN_KEY: _Row(
        _REFUSES,
        ("This code was not issued for this meeting.", "Ce code n'a pas été délivré pour cette réunion."),
        _SUPERVISOR,
    ),
    Reason.BAD_SIGNATURE: _Row(
        _REFUSES,
        ("This code is not genuine. Please wait here.", "Ce code n'est pas authentique. Veuillez attendre ici."),
        _SUPERVISOR,
    ),
    Reason.KEY_COMPROMISED: _Row(
        _REFUSES,
        (
            "Passes of this printing are no longer valid. You will get a new one at once.",
            "Les laissez-passer de cette série ne sont plus valables. Un nouveau vous sera remis sans attendre.",
        ),
        _DESK,
    ),
    Reason.WRONG_EVENT: _Row(
        _REFUSES,
        ("This pass belongs to another event.", "Ce laissez-passer est celui d'une autre manifestation."),
        _DESK,
    ),
    Reason.WRONG_CATEGORY: _Row(
        _REFUSES,
        (
            "This pass does not agree with its own category. Please wait here.",
            "Ce laissez-passer ne correspond pas à sa propre catégorie. Veuillez attendre ici.",
        ),
        _SUPERVISOR,
    ),
    Reason.NOT_YET_VALID: _Row(
        _REFUSES,
        ("Your pass is not valid yet.", "Votre laissez-passer n'est pas encore valable."),
        _BACK,
    ),
    Reason.EXPIRED: _Row(
        _REFUSES, ("Your pass is no longer valid.", "Votre laissez-passer n'est plus valable."), _DESK
    ),
    Reason.REVOKED: _Row(_REFUSES, ("This pass has been withdrawn.", "Ce laissez-passer a été retiré."), _DESK),
    Reason.REPLACED: _Row(
        _REFUSES,
        (
            "A newer pass took the place of this one. Please show me the new one.",
            "Un laissez-passer plus récent remplace celui-ci. Veuillez présenter le nouveau.",
        ),
        _DESK,
    ),
    Reason.SUSPENDED: _Row(
        _REFUSES,
        ("I cannot let you in with this pass just now.", "Je ne peux pas vous laisser entrer avec ce laissez-passer."),
        _SUPERVISOR,
    ),
    Reason.NOT_COLLECTED: _Row(
        _REFUSES_IF_FRESH,
        (
            "This pass must first be collected, with your passport or identity card.",
            "Ce laissez-passer doit d'abord être retiré, avec votre passeport ou votre carte d'identité.",
        ),
        _DESK,
    ),
    Reason.NO_GRANT: _Row(
        _REFUSES,
        ("Your pass does not open this door.", "Votre laissez-passer n'ouvre pas cette porte."),
        _PROGRAMME,
    ),
    Reason.CLOSED_NOW: _Row(
        _ASKS, ("This entrance is not open at this hour.", "Cette entrée n'est pas ouverte à cette heure."), _BACK
    ),
    Reason.READ_ELSEWHERE: _Row(
        _ASKS,
        (
            "This pass was read at another lane just now. May I look at your document?",
            "Ce laissez-passer vient d'être lu à un autre passage. Puis-je voir votre pièce d'identité ?",
        ),
        _HERE,
    ),
    Reason.ALREADY_INSIDE: _Row(
        _REFUSES,
        ("The holder of this pass is inside already.", "Le titulaire de ce laissez-passer est déjà à l'intérieur."),
        _SUPERVISOR,
    ),
    Reason.FULL: _Row(_ASKS, ("The room is full at the moment.", "La salle est complète pour le moment."), _OUTSIDE),
    Reason.DOCUMENT_MISMATCH: _Row(
        _ASKS,
        (
            "This is not the document that you registered with. Do you have the other one?",
            "Ce n'est pas la pièce présentée lors du retrait. Avez-vous l'autre sur vous ?",
        ),
        _HERE,
    ),
    Reason.NO_DOCUMENT: _Row(
        _REFUSES_AT_SITE,
        (
            "The pass is valid only with your passport or identity card.",
            "Le laissez-passer n'est valable qu'avec votre passeport ou votre carte d'identité.",
        ),
        _SUPERVISOR,
    ),
    Reason.UNKNOWN_PASS: _Row(
        _REFUSES_IF_FRESH,
        ("This number is not on my list.", "Ce numéro ne figure pas sur ma liste."),
        _DESK,
    ),
    Reason.UNSIGNED_CODE: _Row(
        _ASKS,
        (
            "The number was typed. May I compare you with the photo?",
            "Le numéro a été saisi à la main. Puis-je vous comparer à la photo ?",
        ),
        _HERE,
    ),
    Reason.CONFIRMATION_NOT_PASS: _Row(
        _REFUSES,
        (
            "This is the confirmation of your application. Registration desk, please: your pass waits there.",
            "Ceci est la confirmation de votre demande. Au bureau des inscriptions, s'il vous plaît : votre laissez-passer"
            " vous y attend.",
        ),
        _DESK,
    ),
    Reason.STALE_LIST: _Row(
        _ASKS,
        (
            "My list is old. May I look at your document?",
            "Ma liste est ancienne. Puis-je voir votre pièce d'identité ?",
        ),
        _HERE,
    ),
    Reason.CLOCK_WRONG: _Row(
        _ASKS,
        (
            "My clock is wrong. May I look at the dates on your badge?",
            "Mon horloge n'est pas à l'heure. Puis-je voir les dates sur votre badge ?",
        ),
        _HERE,
    ),
    Reason.BY_SIGHT: _Row(_ADMITS, ("Welcome.", "Bienvenue."), _IN),
    Reason.BY_SUPERVISOR: _Row(_ADMITS, ("Welcome.", "Bienvenue."), _IN),
    Reason.REFUSED_BY_OFFICER: _Row(
        _REFUSES, ("I cannot let you in here.", "Je ne peux pas vous laisser entrer ici."), _SUPERVISOR
    ),
    Reason.UNDONE: _Row(
        _REFUSES,
        (
            "The last scan was taken back. Please show me the badge once more.",
            "La dernière lecture a été annulée. Veuillez présenter le badge encore une fois.",
        ),
        _HERE,
    ),
}


def judge(reason: Reason, kind: CheckpointKind, list_is_fresh: bool) -> Judgement:
    """Look up what a reason means at a checkpoint of this kind, with a fresh or with an old list.

    It speaks for entries: exits are never refused, and `admission.admit` says so itself. Every reason has its row.
    """
    row = _TABLE[reason]
    at = row.verdicts
    if kind is CheckpointKind.SITE:
        verdict = at.site_fresh if list_is_fresh else at.site_old
    else:
        verdict = at.door_fresh if list_is_fresh else at.door_old
    return Judgement(verdict, row.say[0], row.say[1], row.where[0], row.where[1])
