"""The application of one front, read like a contents page."""

from __future__ import annotations

from flask import Flask

from scanner.kiosk import api, pages, supervising
from scanner.kiosk.front import Front
from scanner.kiosk.parts import Kiosk, Parts, keep_parts
from scanner.kiosk.safety import guard

# The longest offer is one frame's text or a shown list; frames of a camera have a limit of their own.
_LARGEST_REQUEST = 64 * 1024


def create_app(kiosk: Kiosk, front: Front) -> Flask:
    """The page and its API over one scanner, at the addresses of `front`. Others may register blueprints of theirs on it."""
    app = Flask("scanner.kiosk")
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.compact = True  # type: ignore[attr-defined]
    keep_parts(app, Parts(kiosk, front))
    guard(app, front)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(supervising.blueprint)
    return app
