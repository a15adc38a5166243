"""The application: reads from top to bottom like a contents page."""

from __future__ import annotations

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_smorest import Api
from flask_wtf import CSRFProtect

from accredit import __version__
from accredit.web import access, api, errors, gate_api, headers, health, pages, parts, shown, staff
from accredit.web.parts import Parts


def create_app(given: Parts) -> Flask:
    """The web service over these parts."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=given.session_key,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=given.base_url.startswith("https://"),
        MAX_CONTENT_LENGTH=8 * 1024 * 1024,
        BOOTSTRAP_SERVE_LOCAL=True,
        API_TITLE="accredit",
        API_VERSION=f"v1, accredit {__version__}",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    parts.keep(app.extensions, given)
    Bootstrap5(app)
    csrf = CSRFProtect(app)
    staff.set_up(app)
    access.set_up(app)
    headers.set_up(app)
    errors.set_up(app)
    shown.set_up(app)

    app.register_blueprint(health.blueprint)
    app.register_blueprint(pages.blueprint)
    rest = Api(app)
    for blueprint in (api.blueprint, gate_api.blueprint):
        # Both authenticate by a token in each request; a browser's cookie opens nothing there.
        csrf.exempt(blueprint)
        rest.register_blueprint(blueprint)
    errors.keep_problem_shape(app)
    return app
