"""What a verdict is called at arm's length: one short label for each reason, in English and French.

The sentence to say and where the person goes come from the one table in `accredit.credential.reasons`; the label is the
officer's own look at the cause, beside the shape, the colour and the word.
"""

from __future__ import annotations

import re

from accredit.credential.reasons import Reason
from scanner.offers import Unclear
from scanner.outcomes import NotReady

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
_CLASSES = {
    "delegate": ("Delegate", "Délégué"),
    "staff": ("UN staff", "Personnel ONU"),
    "technical": ("Interpreter, technical", "Interprète, technique"),
    "security": ("Security", "Sécurité"),
    "protocol": ("Protocol escort", "Escorte du protocole"),
}
# The gate speaks English; what it says most, the page says in French.
_IN_FRENCH = {
    "Read the pass first, then the document of its holder.": "Lire d'abord le laissez-passer, puis la pièce du titulaire.",
    "There is no scan of this lane to go back to.": "Ce passage n'a aucune lecture à reprendre.",
    "The last scan is older than a minute and stays. Ask the supervisor.": (
        "La dernière lecture date de plus d'une minute et reste. Appeler le responsable."
    ),
    'There is no list yet. Run "accredit-scanner sync" first.': (
        "Il n'y a pas encore de liste. Lancer d'abord « accredit-scanner sync »."
    ),
    "This scanner has no list yet that the code could continue. Let it sync first.": (
        "Ce lecteur n'a pas encore de liste que le code puisse compléter. Le laisser d'abord se synchroniser."
    ),
    "This code is no list of this event that this scanner can trust. Nothing changed; call the supervisor.": (
        "Ce code n'est pas une liste de cette manifestation à laquelle ce lecteur puisse se fier. "
        "Rien n'a changé ; appeler le responsable."
    ),
}
# The same for sentences with numbers and names in them.
_IN_FRENCH_WITH = (
    (
        r"Nothing new: this scanner holds list (\d+), the code brings (\d+)\.",
        "Rien de nouveau : ce lecteur a la liste {0}, le code apporte la {1}.",
    ),
    (
        r"The code continues list (\d+), and this scanner holds (\d+)\. Ask for one made with --since (\d+)\.",
        "Le code complète la liste {0}, et ce lecteur a la {1}. En demander un fait avec --since {2}.",
    ),
    (
        r"List (\d+) of withdrawn passes is in force: (\d+) more passes withdrawn, (\d+) given back\. It is (.+) old\.",
        "La liste {0} des laissez-passer retirés est en vigueur : {1} retirés en plus, {2} rendus. Elle date de {3}.",
    ),
    (
        r"The list names no checkpoint (.+) any more\. Choose another one\.",
        "La liste ne connaît plus le point de contrôle {0}. En choisir un autre.",
    ),
    (
        r"No class by sight is called (.+)\. The event has: (.+)\.",
        "Aucune classe connue de vue ne s'appelle {0}. La manifestation a : {1}.",
    ),
)
_SWITCHED_OFF = (
    "The service has switched this scanner off. It has forgotten its list and decides nothing any more. Take another one.",
    "Le service a désactivé ce lecteur. Il a oublié sa liste et ne décide plus rien. Prendre un autre lecteur.",
)
_UNWRITTEN = (
    "This scan could not be written to disk, so it admits nobody. Note it on paper, as number {number}, "
    "and call the supervisor.",
    "Cette lecture n'a pas pu être écrite sur le disque : elle n'admet personne. La noter sur papier, sous le numéro "
    "{number}, et appeler le responsable.",
)


def label(reason: Reason, language: str) -> str:
    """The short label of a reason."""
    return _either(_LABELS[reason], language)


def sight_class(key: str, language: str) -> str:
    """What a class by sight is called; one that only the event knows, by its own key."""
    return _either(_CLASSES.get(key, (key.replace("_", " ").capitalize(),) * 2), language)


def switched_off(language: str) -> str:
    """The sentence of a scanner that the service has switched off."""
    return _either(_SWITCHED_OFF, language)


def said(answer: NotReady | Unclear, language: str) -> str:
    """The sentence of an answer that is no verdict."""
    if isinstance(answer, NotReady) and answer.is_switched_off:
        return switched_off(language)
    if isinstance(answer, NotReady) and answer.is_unwritten:
        return _either(_UNWRITTEN, language).format(number=answer.on_paper)
    return _in_french(answer.sentence) if language == "fr" else answer.sentence


def _in_french(sentence: str) -> str:
    """The French of a sentence of the gate; one that the page does not know stays English rather than be lost."""
    for english, french in _IN_FRENCH_WITH:
        found = re.fullmatch(english, sentence)
        if found is not None:
            return french.format(*found.groups())
    return _IN_FRENCH.get(sentence, sentence)


def gate_sentences() -> tuple[str, ...]:
    """The gate's sentences that the page says in French, so that a test sees when one of them changes."""
    return tuple(_IN_FRENCH)


def _either(both: tuple[str, str], language: str) -> str:
    return both[1] if language == "fr" else both[0]
