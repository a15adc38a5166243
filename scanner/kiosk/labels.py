"""What the page calls a class by sight, and the gate's answers that are no verdict, in English and French."""

from __future__ import annotations

from scanner.gate_french import in_french
from scanner.offers import Unclear
from scanner.outcomes import NotReady

_CLASSES = {
    "delegate": ("Delegate", "Délégué"),
    "staff": ("UN staff", "Personnel ONU"),
    "technical": ("Interpreter, technical", "Interprète, technique"),
    "security": ("Security", "Sécurité"),
    "protocol": ("Protocol escort", "Escorte du protocole"),
}
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
    return in_french(answer.sentence) if language == "fr" else answer.sentence


def _either(both: tuple[str, str], language: str) -> str:
    return both[1] if language == "fr" else both[0]
