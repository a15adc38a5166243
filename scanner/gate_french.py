"""The gate speaks English; here is what it says in French, for the page and for a lane on the command line."""

from __future__ import annotations

import re

_IN_FRENCH = {
    "The server has switched this scanner off. It has forgotten its list and decides nothing any more. "
    "Take another scanner.": (
        "Le service a désactivé ce lecteur. Il a oublié sa liste et ne décide plus rien. Prendre un autre lecteur."
    ),
    "The next people are taken for: entry.": "Les prochaines personnes comptent comme des entrées.",
    "The next people are taken for: exit.": "Les prochaines personnes comptent comme des sorties.",
    "The PIN is wrong. Nothing was done.": "Le PIN est faux. Rien n'a été fait.",
    "Nothing was done: what is typed here can be seen. Type the word without the PIN; it is asked for, and not shown.": (
        "Rien n'a été fait : ce qui est saisi ici se voit. Saisir le mot sans le PIN ; il est demandé, et ne se voit pas."
    ),
    "The supervisor's PIN is needed: on a terminal it is asked for, else start check with --pin-file or "
    "ACCREDIT_SCANNER_PIN. Nothing was done.": (
        "Il faut le PIN du responsable : un terminal le demande, sinon lancer check avec --pin-file ou "
        "ACCREDIT_SCANNER_PIN. Rien n'a été fait."
    ),
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
        r"This could not be written to disk \((.+)\), so it admits nobody\. "
        r"Note it on paper, as number (\d+), and call the supervisor\.",
        "Ceci n'a pas pu être écrit sur le disque ({0}) et n'admet personne. "
        "Le noter sur papier, sous le numéro {1}, et appeler le responsable.",
    ),
    (
        r"The disk takes scans again\. (\d+) stand on paper alone: hand the sheet in\.",
        "Le disque prend de nouveau les lectures. {0} ne sont que sur papier : remettre la feuille.",
    ),
    (
        r"A door is held open for 1 to (\d+) minutes at once; 0 ends it\.",
        "Une porte se tient ouverte de 1 à {0} minutes à la fois ; 0 y met fin.",
    ),
    (r"(.+) keeps its own hours again\.", "{0} suit de nouveau son horaire."),
    (r"(.+) is held open until (.+)\.", "{0} reste ouvert jusqu'à {1}."),
    (r"A head count is a number from 0 to (\d+)\.", "Un comptage est un nombre de 0 à {0}."),
    (
        r"(\d+) people are inside (.+); the counting goes on from there\.",
        "{0} personnes sont présentes à {1} ; le comptage continue à partir de là.",
    ),
    (r"Officer (.+) has taken over\.", "L'agent {0} a pris la relève."),
    (
        r"No class by sight is called (.+)\. The event has: none\.",
        "Aucune classe connue de vue ne s'appelle {0}. La manifestation n'en a aucune.",
    ),
    (
        r"List (\d+) of withdrawn passes is in force: (\d+) more passes withdrawn, (\d+) given back\. It is (\d+) d old\.",
        "La liste {0} des laissez-passer retirés est en vigueur : {1} retirés en plus, {2} rendus. Elle date de {3} jours.",
    ),
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


def in_french(sentence: str) -> str:
    """The French of a sentence of the gate; one that is not known here stays English rather than be lost."""
    for english, french in _IN_FRENCH_WITH:
        found = re.fullmatch(english, sentence)
        if found is not None:
            return french.format(*found.groups())
    return _IN_FRENCH.get(sentence, sentence)


def gate_sentences() -> tuple[str, ...]:
    """The gate's sentences that never change, so that a test sees when one of them does."""
    return tuple(_IN_FRENCH)
