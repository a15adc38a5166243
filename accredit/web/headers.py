"""Headers that every answer carries: no inline code, no framing, no sniffing, no cache for what is personal.

A script runs only with the nonce of its answer, which `script("name.js")` writes into a template. A route whose page shows
pictures that the browser itself made (a photo before it is sent) calls `allow_own_pictures()`.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request, url_for
from markupsafe import Markup

from accredit.web.parts import parts

# The framework draws arrows and ticks of form fields with data: pictures; a picture runs nothing.
_PICTURES = "img-src 'self' data:"
_POLICY = "default-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_FEATURES = "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), serial=(), browsing-topics=()"
_AT_ONCE = Markup('<script src="{}" nonce="{}"></script>')
_DEFERRED = Markup('<script src="{}" nonce="{}" defer></script>')
_STATIC = frozenset({"static", "bootstrap.static"})
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", _FEATURES),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_TLS_ONLY = ("Strict-Transport-Security", "max-age=31536000")
NOT_KEPT = ("Cache-Control", "no-store")
"""The header of an answer that nobody keeps."""


def set_up(app: Flask) -> None:
    """Adds the headers to every answer, and the script tag to every template."""
    app.after_request(_add)
    app.add_template_global(script, "script")


def script(filename: str, *, defer: bool = True) -> Markup:
    """The tag of one of our scripts, with the nonce of this answer. Deferred: it runs when the page is read."""
    address = url_for("static", filename=filename)
    return (_DEFERRED if defer else _AT_ONCE).format(address, _nonce())


def allow_own_pictures() -> None:
    """Lets this answer's page show pictures that the browser made (blob:), such as the preview of a photo."""
    g.own_pictures = True


def _nonce() -> str:
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _policy() -> str:
    runs = f"'nonce-{g.nonce}'" if "nonce" in g else "'none'"
    pictures = f"{_PICTURES} blob:" if "own_pictures" in g else _PICTURES
    return f"{_POLICY}; script-src {runs}; {pictures}"


def _add(response: Response) -> Response:
    for name, value in of_every_answer(parts().base_url, _policy()):
        response.headers.setdefault(name, value)
    if request.endpoint not in _STATIC:
        response.headers.setdefault(*NOT_KEPT)
    return response


def of_every_answer(base_url: str, policy: str = "") -> tuple[tuple[str, str], ...]:
    """The headers that every answer carries; without a policy, those of an answer that is no page."""
    told = (("Content-Security-Policy", policy or f"{_POLICY}; script-src 'none'; {_PICTURES}"), *_ALWAYS)
    return (*told, _TLS_ONLY) if base_url.startswith("https://") else told
