"""The words of the page in English and French, by key. What a verdict says is in `labels` and in the table of reasons."""

from __future__ import annotations

from typing import Any

LANGUAGES = ("en", "fr")

_TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Gate", "Contrôle"),
    "ready": ("Ready", "Prêt"),
    "ready_sentence": ("Present the badge to the reader.", "Présenter le badge au lecteur."),
    "word_paper": ("ON PAPER", "SUR PAPIER"),
    "word_off": ("SWITCHED OFF", "DÉSACTIVÉ"),
    "word_note": ("NOTE", "AVIS"),
    "word_undone": ("TAKEN BACK", "ANNULÉ"),
    "same_scan": ("same scan", "même lecture"),
    "last_scan": ("last scan", "dernière lecture"),
    "also": ("also:", "aussi :"),
    "not_checked": ("not checked:", "non vérifié :"),
    "list_of_age": ("list of", "liste de"),
    "was_entry": ("entry", "entrée"),
    "was_exit": ("exit", "sortie"),
    "was_admit": ("admitted", "admis"),
    "was_ask": ("asked", "vérifié"),
    "was_refuse": ("refused", "refusé"),
    "document_match": ("Document: match", "Pièce : concordance"),
    "document_mismatch": ("Document: mismatch", "Pièce : ne concorde pas"),
    "document_absent": ("Document: not on the pass", "Pièce : pas sur le laissez-passer"),
    # The officer's part.
    "lane": ("Lane", "Passage"),
    "officer": ("Officer", "Agent"),
    "officer_number": ("Officer's number", "Numéro de l'agent"),
    "begin_shift": ("Begin the shift", "Commencer le service"),
    "checkpoint": ("Checkpoint", "Point de contrôle"),
    "choose_checkpoint": ("Choose the checkpoint", "Choisir le point de contrôle"),
    "pin": ("Supervisor's PIN", "PIN du responsable"),
    "direction": ("Direction", "Sens"),
    "entry": ("Entry", "Entrée"),
    "exit": ("Exit", "Sortie"),
    "language": ("Language", "Langue"),
    "theme": ("Bright or dark", "Clair ou sombre"),
    "sound": ("Sound", "Son"),
    "undo": ("Undo", "Annuler"),
    "refuse": ("Refuse", "Refuser"),
    "no_document": ("No document", "Sans pièce"),
    "document": ("Document", "Pièce"),
    "document_hint": (
        "Read the machine readable zone, or type its lines.",
        "Lire la zone de lecture automatique, ou en saisir les lignes.",
    ),
    "type_code": ("Type a code", "Saisir un code"),
    "typed_code": ("Short code under the bars", "Code court sous les barres"),
    "grounds_number": ("or number of a grounds pass", "ou numéro d'une carte d'accès au site"),
    "supervisor": ("Supervisor", "Responsable"),
    "supervisor_admits": ("The supervisor admits", "Le responsable laisse entrer"),
    "supervisor_reason": ("Reason", "Motif"),
    "names": ("Names", "Noms"),
    "show_names": ("Show names and photos", "Afficher noms et photos"),
    "door": ("Door", "Porte"),
    "hold_open": ("Hold the door open past its hours", "Tenir la porte ouverte hors horaire"),
    "open_for": ("For how long", "Pour combien de temps"),
    "open_minutes": ("{minutes} min", "{minutes} min"),
    "open_ends": ("Back to its own hours", "Retour à l'horaire"),
    "open_until": ("open until", "ouverte jusqu'à"),
    "door_open": ("The door is held open; it closes by itself.", "La porte est tenue ouverte ; elle se ferme d'elle-même."),
    "door_closes": ("The door keeps its own hours again.", "La porte suit de nouveau son horaire."),
    "head_count": ("Head count", "Comptage"),
    "people_inside": ("People inside, as counted", "Personnes présentes, selon le comptage"),
    "count_set": ("The counting goes on from there.", "Le comptage continue à partir de là."),
    "alerts": ("Alerts", "Alertes"),
    "seen": ("Seen", "Vu"),
    "alert_unwritten": ("The disk refuses; the alert stays.", "Le disque refuse ; l'alerte reste."),
    "by_sight": ("By sight", "Connu de vue"),
    "keys": ("Keys", "Touches"),
    "ok": ("OK", "OK"),
    "cancel": ("Cancel", "Fermer"),
    "key_home": ("Home", "Début"),
    "key_end": ("End", "Fin"),
    "key_delete": ("Del", "Suppr"),
    "reason_1": ("Escorted by protocol", "Accompagné par le protocole"),
    "reason_2": ("Known to the supervisor", "Connu du responsable"),
    "reason_3": ("Document was seen", "Pièce vue"),
    "reason_4": ("Badge damaged", "Badge abîmé"),
    "actions": ("What the officer can do", "Ce que l'agent peut faire"),
    "state": ("State of this scanner", "État de ce lecteur"),
    # What is counted and what is told.
    "last_ten": ("Last ten scans", "Dix dernières lectures"),
    "no_scans": ("No scan at this lane yet.", "Aucune lecture à ce passage."),
    "today": ("Today", "Aujourd'hui"),
    "admitted": ("Admitted", "Admis"),
    "asked": ("Asked", "Vérifiés"),
    "refused": ("Refused", "Refusés"),
    "inside": ("Inside", "Présents"),
    "on_paper": ("On paper", "Sur papier"),
    "network": ("Network", "Réseau"),
    "network_good": ("in step", "à jour"),
    "network_bad": ("not reached", "injoignable"),
    "network_none": ("sync does not run", "pas de synchronisation"),
    "list": ("List", "Liste"),
    "list_none": ("none yet", "aucune"),
    "waiting": ("Unsent", "À envoyer"),
    "set_aside": ("Set aside", "Écartées"),
    "clock": ("Clock", "Horloge"),
    "clock_unknown": ("not compared", "non comparée"),
    "reader_lost": (
        "The reader at {device} cannot be read. Plug it in again, or type the codes.",
        "Le lecteur {device} ne répond pas. Le rebrancher, ou saisir les codes.",
    ),
    "document_first": (
        "This is a document. Press F3 (Document), then read it once more.",
        "C'est une pièce d'identité. Appuyer sur F3 (Pièce), puis la lire encore une fois.",
    ),
    "not_in_front": (
        "This window is not in front: the reader types elsewhere. Click here.",
        "Cette fenêtre n'est pas au premier plan : le lecteur écrit ailleurs. Cliquer ici.",
    ),
    "unreachable": (
        "The scanner's program does not answer. Nobody is admitted by this page; note on paper and call the supervisor.",
        "Le programme du lecteur ne répond pas. Cette page n'admet personne ; noter sur papier, appeler le responsable.",
    ),
    "minutes": ("Undo within a minute", "Annuler dans la minute"),
    # Why the page's own request was not taken.
    "origin_foreign": ("This request came from another page.", "Cette requête vient d'une autre page."),
    "session_unknown": ("This page is not known any more. It is loaded anew.", "Cette page n'est plus connue. Rechargée."),
    "officer_needed": ("Begin the shift with your officer's number.", "Commencer le service par votre numéro d'agent."),
    "checkpoint_needed": ("The supervisor chooses the checkpoint first.", "Le responsable choisit d'abord le point de contrôle."),
    "checkpoint_unknown": ("The event has no such checkpoint.", "La manifestation n'a pas ce point de contrôle."),
    "field_wrong": ("This field is missing or cannot be taken.", "Ce champ manque ou ne peut pas être accepté."),
    "too_long": ("Too long, or with characters that cannot be shown.", "Trop long, ou avec des caractères illisibles."),
    "pin_wrong": ("The PIN is wrong.", "Le PIN est faux."),
    "pin_wait": ("The PIN is wrong too often. Wait {seconds} s.", "PIN faux trop souvent. Attendre {seconds} s."),
    "photo_none": ("There is no such photo here.", "Il n'y a pas cette photo ici."),
}  # fmt: skip


def text(key: str, language: str, **values: Any) -> str:
    """The words for `key`; a language that the page does not speak is English. Raises KeyError for an unknown key."""
    english, french = _TEXTS[key]
    chosen = french if language == "fr" else english
    return chosen.format(**values) if values else chosen


def all_texts() -> dict[str, tuple[str, str]]:
    """Every key with both texts, for tests."""
    return dict(_TEXTS)
