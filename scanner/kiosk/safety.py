"""What a browser on this machine may be tricked into, and why it does not work here.

Any page that the officer's browser opens can send requests to 127.0.0.1. So each request must name a host of ours (a
name that was bound to this address afterwards is none), whatever changes something must come from our own page, and
answers load nothing from elsewhere, run no inline script, stand in no frame and stay in no cache.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, request

from scanner.kiosk.front import Front
from scanner.kiosk.problems import problem

_SAFE = frozenset({"GET", "HEAD"})
_SITES = frozenset({"same-origin", "none", ""})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self';"
    " worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


def guard(app: Flask, front: Front) -> None:
    """Put both ends of every request under these rules."""

    def refuse_foreign() -> Response | None:
        if request.host not in front.hosts:
            return problem(421, "host_foreign", "origin_foreign")
        if request.headers.get("Sec-Fetch-Site", "") not in _SITES and request.endpoint != "pages.index":
            return problem(403, "origin_foreign", "origin_foreign")
        if request.method in _SAFE:
            return None
        if request.headers.get("Origin") != f"{front.scheme}://{request.host}":
            return problem(403, "origin_foreign", "origin_foreign")
        return None

    app.before_request(refuse_foreign)
    app.after_request(_with_headers)


def _with_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static" or current_app.debug:
        response.headers["Cache-Control"] = "no-store"
    return response
