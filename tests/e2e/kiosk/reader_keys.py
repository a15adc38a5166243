"""A keyboard reader, as the browser sees one: real key events, each with its place on the keyboard and the sign there.

The reader always presses the keys of a US keyboard. What sign comes out is the machine's business: on a French or Swiss
one `code` stays the same and `key` is another.
"""

from __future__ import annotations

import string
from typing import Any

from playwright.sync_api import Page

_PLAIN = {
    " ": "Space",
    "-": "Minus",
    "=": "Equal",
    "/": "Slash",
    ".": "Period",
    ",": "Comma",
    ";": "Semicolon",
    "`": "Backquote",
}
_SHIFTED = {":": "Semicolon", "+": "Equal", "<": "Comma", "~": "Backquote", "?": "Slash"}
_DIGITS_SHIFTED = ")!@#$%^&*("

# What these places are on other keyboards, without and with shift; a place that is not named is as on a US one.
LAYOUTS: dict[str, dict[str, tuple[str, str]]] = {
    "us": {},
    "fr": {
        "KeyA": ("q", "Q"), "KeyQ": ("a", "A"), "KeyZ": ("w", "W"), "KeyW": ("z", "Z"), "KeyM": (",", "?"),
        "Semicolon": ("m", "M"),
        "Digit1": ("&", "1"), "Digit2": ("é", "2"), "Digit3": ('"', "3"), "Digit4": ("'", "4"), "Digit5": ("(", "5"),
        "Digit6": ("-", "6"), "Digit7": ("è", "7"), "Digit8": ("_", "8"), "Digit9": ("ç", "9"), "Digit0": ("à", "0"),
        "Minus": (")", "°"), "Equal": ("=", "+"), "Slash": ("!", "§"), "Period": (":", "/"), "Comma": (";", "."),
    },
    "ch": {
        "KeyY": ("z", "Z"), "KeyZ": ("y", "Y"), "Semicolon": ("ö", "é"), "Minus": ("'", "?"), "Equal": ("Dead", "Dead"),
        "Slash": ("-", "_"), "Period": (".", ":"), "Comma": (",", ";"), "Digit1": ("1", "+"), "Digit2": ("2", '"'),
        "Digit3": ("3", "*"), "Digit4": ("4", "ç"), "Digit5": ("5", "%"), "Digit8": ("8", "("),
    },
}  # fmt: skip


def place_of(sign: str) -> tuple[str, bool]:
    """The key of a US keyboard that gives this sign, and whether with shift."""
    if sign in string.ascii_letters:
        return f"Key{sign.upper()}", sign.isupper()
    if sign in string.digits:
        return f"Digit{sign}", False
    if sign in _DIGITS_SHIFTED:
        return f"Digit{_DIGITS_SHIFTED.index(sign)}", True
    return (_PLAIN[sign], False) if sign in _PLAIN else (_SHIFTED[sign], True)


def read_by_wedge(page: Page, text: str, layout: str = "us", end: str = "Enter") -> None:
    """The reader types this text on a machine of this layout, and ends it."""
    session = page.context.new_cdp_session(page)
    for sign in text:
        code, shift = place_of(sign)
        plain, shifted = LAYOUTS[layout].get(code, (sign, sign))
        _press(session, code, shifted if shift else plain, shift=shift)
    _press(session, end, end)
    session.detach()


def _press(session: Any, code: str, key: str, *, shift: bool = False) -> None:
    text = {"Enter": "\r", "Tab": ""}.get(key, key if len(key) == 1 else "")
    number = {"Enter": 13, "Tab": 9}.get(key, ord(key[0].upper()) if len(key) == 1 else 0)
    about = {"code": code, "key": key, "modifiers": 8 if shift else 0, "windowsVirtualKeyCode": number}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown" if text else "rawKeyDown", "text": text, **about})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **about})
