"""The words of the camera: what it is for, what it asks for, and why there is none."""

from __future__ import annotations

from scanner.frames import SeenKind

_TEXTS: dict[str, tuple[str, str]] = {
    "camera": ("Camera", "Caméra"),
    "key_insert": ("Ins", "Inser"),
    "which": ("Which camera", "Quelle caméra"),
    "torch": ("Torch", "Lampe"),
    "picture": ("What the camera sees", "Ce que voit la caméra"),
    "hold": ("Hold the code before the camera, a hand's width away.", "Tenir le code devant la caméra, à une main."),
    "again": ("Scanned. Take the code away for the next one.", "Lu. Retirer le code pour le suivant."),
    "too_small": ("A code is seen, but too small: hold it nearer.", "Un code est visible, mais trop petit : l'approcher."),
    "unclear": (
        "A code is seen, but not clearly: hold it still and flat, with more light.",
        "Un code est visible, mais pas net : le tenir immobile et à plat, avec plus de lumière.",
    ),
    "refused": (
        "This picture could not be used. Choose another camera.",
        "Cette image n'a pas pu être utilisée. Choisir une autre caméra.",
    ),
    "no_decoder": (
        "The decoder of the camera is started again. Use the reader, or type the code.",
        "Le décodeur de la caméra redémarre. Utiliser le lecteur ou saisir le code.",
    ),
    "starting": ("The camera starts …", "La caméra démarre …"),
    "denied": (
        "The browser was not allowed to use the camera. Allow it in the browser's settings for this page.",
        "Le navigateur n'a pas le droit d'utiliser la caméra. L'autoriser dans ses réglages pour cette page.",
    ),
    "none": (
        "No camera was found. Use the reader, or type the code.",
        "Aucune caméra trouvée. Utiliser le lecteur ou saisir le code.",
    ),
    "busy": (
        "The camera is used by another program. Close that one.",
        "La caméra est prise par un autre programme. Le fermer.",
    ),
    "insecure": (
        "This browser gives no camera here: install the certificate of this gate first, at /gate-ca.",
        "Ce navigateur ne donne pas de caméra ici : installer d'abord le certificat du point de contrôle, à /gate-ca.",
    ),
    "unreached": ("The gate does not answer; the camera waits.", "Le point de contrôle ne répond pas ; la caméra attend."),
}  # fmt: skip
_HINTS = {
    SeenKind.TOO_SMALL: "too_small",
    SeenKind.UNCLEAR: "unclear",
    SeenKind.REFUSED: "refused",
    SeenKind.NO_DECODER: "no_decoder",
}


def camera_text(key: str, language: str) -> str:
    """The words for `key`; a language that the page does not speak is English. Raises KeyError for an unknown key."""
    english, french = _TEXTS[key]
    return french if language == "fr" else english


def hint(kind: SeenKind, language: str) -> str:
    """What to do after a frame of this kind; empty where nothing is to be said."""
    return camera_text(_HINTS[kind], language) if kind in _HINTS else ""


def all_camera_texts() -> dict[str, tuple[str, str]]:
    """Every key with both texts, for tests."""
    return dict(_TEXTS)
