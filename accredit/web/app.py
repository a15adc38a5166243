"""The application: reads from top to bottom like a contents page."""

from __future__ import annotations

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from accredit.web import (
    access,
    account,
    admin_devices,
    admin_event,
    admin_home,
    admin_jobs,
    admin_lists,
    admin_mail,
    admin_printers,
    admin_templates,
    admin_users,
    api,
    api_facts,
    apply,
    audit_pages,
    choose_password,
    dashboard,
    desk,
    desk_photo,
    desk_steps,
    desk_supervisor,
    desk_typing,
    errors,
    evidence_words,
    exports,
    focal,
    gate_admit,
    gate_api,
    gate_inside,
    group_apply,
    headers,
    health,
    hot_routes,
    languages,
    limits,
    menu,
    name_lookup,
    openapi,
    pages,
    parts,
    requests,
    review,
    review_bulk,
    review_steps,
    second_step,
    shown,
    split_alerts,
    staff,
    status,
    status_files,
    substitution,
    telling,
)
from accredit.web.parts import Parts


def create_app(given: Parts) -> Flask:
    """The web service over these parts."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=given.session_key,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=given.base_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=staff.A_SHIFT,
        WTF_CSRF_TIME_LIMIT=None,  # a form holds as long as its session
        MAX_CONTENT_LENGTH=8 * 1024 * 1024,
        BOOTSTRAP_SERVE_LOCAL=True,
        **openapi.SETTINGS,
    )
    if given.proxies:
        # The address before them is the reader's; it is counted, so that what a reader claims is not believed.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=given.proxies, x_proto=0)  # type: ignore[method-assign]
    app.wsgi_app = hot_routes.HotRoutes(app.wsgi_app, given)  # type: ignore[method-assign]
    parts.keep(app.extensions, given)
    languages.set_up(app)  # first: a refusal is told in the language that its address asks for
    access.set_up(app)
    csrf = CSRFProtect(app)
    staff.set_up(app)
    headers.set_up(app)
    shown.set_up(app)
    telling.set_up(app)
    evidence_words.set_up(app)
    menu.set_up(app)
    admin_home.set_up(app)
    review.set_up(app)
    Bootstrap5(app)

    _register_pages(app, csrf)
    _register_programs(app, csrf)
    errors.set_up(app)
    limits.set_up(app, given.limits_storage)
    return app


def _register_pages(app: Flask, csrf: CSRFProtect) -> None:
    """What people see."""
    app.register_blueprint(health.blueprint)
    app.register_blueprint(staff.blueprint)
    app.register_blueprint(second_step.blueprint)
    app.register_blueprint(account.blueprint)
    app.register_blueprint(choose_password.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(dashboard.blueprint)
    app.register_blueprint(split_alerts.blueprint)
    for section in (admin_home, admin_event, admin_lists, admin_users, admin_devices, admin_jobs, admin_templates):
        app.register_blueprint(section.blueprint)
    for section in (status, status_files, requests, admin_mail, admin_printers):
        app.register_blueprint(section.blueprint)
    for screen in (desk, desk_steps, desk_typing, desk_photo, desk_supervisor):
        app.register_blueprint(screen.blueprint)
    for section in (review, review_steps, review_bulk, substitution, audit_pages, exports):
        app.register_blueprint(section.blueprint)
    app.register_blueprint(name_lookup.blueprint)
    app.register_blueprint(focal.blueprint)
    for blueprint in (apply.blueprint, group_apply.blueprint):
        # Their forms check their token themselves: where it is stale, nothing that was typed is lost.
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint)


def _register_programs(app: Flask, csrf: CSRFProtect) -> None:
    """What programs talk to."""
    programs = openapi.ProblemApi(app)
    rooms = (api, api_facts, gate_api, gate_inside, gate_admit)
    for blueprint in (room.blueprint for room in rooms):
        # All of them authenticate by a token in each request; a browser's cookie opens nothing there.
        csrf.exempt(blueprint)
        programs.register_blueprint(blueprint)
