"""The words of the other lanes' pages: coming in, and installing the gate's certificate authority."""

from __future__ import annotations

from typing import Any

_TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Lane", "Passage"),
    "lead": (
        "This tablet becomes a lane of the gate. One gate has one memory: a pass that was read here is known at the other "
        "lanes at once.",
        "Cette tablette devient un passage du point de contrôle. Tous ont la même mémoire : un laissez-passer lu ici est "
        "connu aussitôt aux autres passages.",
    ),
    "lane": ("Name of this lane", "Nom de ce passage"),
    "lane_hint": ("Such as 2. No two lanes bear the same.", "Par exemple 2. Jamais deux passages du même nom."),
    "pin": ("Supervisor's PIN", "PIN du responsable"),
    "take_over": (
        "Take this lane over from another tablet, which is sent out",
        "Reprendre ce passage à une autre tablette, qui en sort",
    ),
    "come_in": ("Come in", "Entrer"),
    "language": ("Français", "English"),
    "leave": ("Leave", "Quitter"),
    "leave_sure": (
        "This tablet stops being a lane. To come in again it needs the supervisor's PIN.",
        "Cette tablette cesse d'être un passage. Pour revenir, il lui faut le PIN du responsable.",
    ),
    "to_ca": ("Certificate of this gate", "Certificat de ce point de contrôle"),
    "no_camera": (
        "This browser gives no camera here. The certificate of this gate has to be installed on the tablet first; "
        "readers and typed codes work all the same.",
        "Ce navigateur ne donne pas de caméra ici. Installer d'abord le certificat de ce point de contrôle sur la "
        "tablette ; lecteurs et codes saisis fonctionnent quand même.",
    ),
    "unreachable": (
        "The gate does not answer. Check the network of the tablet.",
        "Le point de contrôle ne répond pas. Vérifier le réseau de la tablette.",
    ),
    "lane_missing": ("Give the lane a name of at most 20 characters.", "Donner au passage un nom de 20 signes au plus."),
    "pin_missing": ("Type the supervisor's PIN.", "Saisir le PIN du responsable."),
    "lane_pin_wrong": ("The PIN is wrong.", "Le PIN est faux."),
    "lane_pin_wait": (
        "Too many wrong PINs. The next try can be made in {seconds} s.",
        "Trop de PIN faux. Le prochain essai est possible dans {seconds} s.",
    ),
    "lane_taken": (
        "Another tablet is this lane. Choose another name, or tick that you take it over.",
        "Une autre tablette est ce passage. Choisir un autre nom, ou cocher la reprise.",
    ),
    "lane_own": (
        "This is the lane of the gate's own machine. Choose another name.",
        "C'est le passage de la machine du point de contrôle. Choisir un autre nom.",
    ),
    "lane_off": (
        "The service has switched this scanner off. Nobody comes in any more; take another one.",
        "Le service a désactivé ce lecteur. Plus personne n'entre ; prendre un autre lecteur.",
    ),
    "lane_busy": ("Others are coming in at this moment. Try again.", "D'autres entrent en ce moment. Réessayer."),
    # The page with the authority.
    "ca_title": ("Certificate of this gate", "Certificat de ce point de contrôle"),
    "ca_lead": (
        "A tablet shows the gate's pages without a warning, and gives them its camera, once it trusts this certificate. "
        "It vouches for this machine and for addresses of private networks, for no site of the internet.",
        "Une tablette affiche les pages du point de contrôle sans avertissement, et leur donne sa caméra, dès qu'elle se "
        "fie à ce certificat. Il vaut pour cette machine et les adresses de réseaux privés, pour aucun site d'internet.",
    ),
    "ca_insecure": (
        "This page came without protection, so no camera and no PIN here. Install the certificate, compare the "
        "fingerprint, then open the lane.",
        "Cette page est arrivée sans protection : ni caméra ni PIN ici. Installer le certificat, comparer l'empreinte, "
        "puis ouvrir le passage.",
    ),
    "ca_compare": ("1. Compare the fingerprint", "1. Comparer l'empreinte"),
    "ca_compare_how": (
        "The gate's own machine shows it at {address} and with the command accredit-scanner gate-ca. Both must agree in "
        "every pair. If they differ, install nothing and call the supervisor.",
        "La machine du point de contrôle l'affiche à {address} et par la commande accredit-scanner gate-ca. Les deux "
        "doivent concorder paire par paire. Sinon, ne rien installer et appeler le responsable.",
    ),
    "ca_here": (
        "This is the gate's own machine: compare the tablets with what stands here.",
        "Ceci est la machine du point de contrôle : comparer les tablettes avec ce qui figure ici.",
    ),
    "ca_until": ("Holds until {day}.", "Valable jusqu'au {day}."),
    "ca_get": ("2. Install it", "2. L'installer"),
    "ca_download": ("Download the certificate", "Télécharger le certificat"),
    "ca_ipad": (
        "iPad, iPhone: download, then Settings › Profile Downloaded › Install. Then Settings › General › About › "
        "Certificate Trust Settings: switch it on.",
        "iPad, iPhone : télécharger, puis Réglages › Profil téléchargé › Installer. Puis Réglages › Général › "
        "Informations › Réglages de confiance des certificats : l'activer.",
    ),
    "ca_android": (
        "Android: download, then Settings › Security › More security settings › Install from storage › CA certificate, "
        "and choose the file.",
        "Android : télécharger, puis Paramètres › Sécurité › Autres paramètres › Installer depuis la mémoire › "
        "Certificat CA, et choisir le fichier.",
    ),
    "ca_windows": (
        "Windows: open the file, Install Certificate › Local Machine › Trusted Root Certification Authorities.",
        "Windows : ouvrir le fichier, Installer le certificat › Ordinateur local › Autorités de certification racines "
        "de confiance.",
    ),
    "ca_linux": (
        "Linux: in Chromium Settings › Privacy and security › Security › Manage certificates › Authorities › Import; in "
        "Firefox Settings › Privacy & Security › View Certificates › Authorities › Import.",
        "Linux : dans Chromium Paramètres › Confidentialité et sécurité › Sécurité › Gérer les certificats › Autorités › "
        "Importer ; dans Firefox Paramètres › Vie privée et sécurité › Afficher les certificats › Autorités › Importer.",
    ),
    "ca_open": ("3. Open the lane", "3. Ouvrir le passage"),
    "ca_open_how": (
        "The address has to open without any warning. If the browser warns, do not go on: the certificate is not "
        "installed yet, or this is not the gate.",
        "L'adresse doit s'ouvrir sans avertissement. Si le navigateur avertit, ne pas continuer : le certificat n'est pas "
        "encore installé, ou ce n'est pas le point de contrôle.",
    ),
    "ca_none": (
        "This scanner has no certificate authority. Make one with: accredit-scanner gate-ca --new",
        "Ce lecteur n'a pas d'autorité de certification. La créer par : accredit-scanner gate-ca --new",
    ),
}  # fmt: skip


def lane_text(key: str, language: str, **values: Any) -> str:
    """The words for `key`; a language that the page does not speak is English. Raises KeyError for an unknown key."""
    english, french = _TEXTS[key]
    chosen = french if language == "fr" else english
    return chosen.format(**values) if values else chosen


def all_lane_texts() -> dict[str, tuple[str, str]]:
    """Every key with both texts, for tests."""
    return dict(_TEXTS)
