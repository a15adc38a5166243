"""The page from which a tablet takes the gate's certificate authority, and the gate's own page to compare it with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Blueprint, Flask, Response, render_template, request
from flask.typing import ResponseReturnValue

from scanner.gate_ca import fingerprint_of
from scanner.kiosk.lane_texts import lane_text
from scanner.kiosk.texts import LANGUAGES

Certificate = Callable[[], "x509.Certificate | None"]
_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class CaPlace:
    """Where a page with the authority stands: on the gate's own machine or not, over TLS or not, and the addresses it names."""

    is_here: bool
    is_tls: bool
    lanes_url: str
    here_url: str


def ca_blueprint(certificate: Certificate, place: CaPlace, language: str) -> Blueprint:
    """`/gate-ca` and the certificate itself; open to everybody who reaches the machine, since neither is a secret."""
    blueprint = Blueprint("ca", __name__)
    blueprint.add_url_rule("/gate-ca", "page", partial(_page, certificate, place, language))
    blueprint.add_url_rule("/gate-ca.crt", "file", partial(_file, certificate))
    return blueprint


def create_install_app(certificate: Certificate, place: CaPlace, language: str) -> Flask:
    """The page for a tablet that does not trust this gate yet: plain HTTP, and nothing but the authority."""
    app = Flask("scanner.kiosk")
    app.register_blueprint(ca_blueprint(certificate, place, language))
    app.add_url_rule("/", "index", partial(_page, certificate, place, language))
    app.after_request(_with_headers)
    return app


def _page(certificate: Certificate, place: CaPlace, language: str) -> ResponseReturnValue:
    asked = request.args.get("language", language)
    chosen = asked if asked in LANGUAGES else language
    other = next(each for each in LANGUAGES if each != chosen)
    found = certificate()
    pairs = [] if found is None else fingerprint_of(found).split(":")
    return render_template(
        "gate_ca.html",
        t=partial(lane_text, language=chosen),
        language=chosen,
        other=other,
        place=place,
        lines=[" ".join(pairs[at : at + 8]) for at in range(0, len(pairs), 8)],
        ends="" if found is None else found.not_valid_after_utc.date().isoformat(),
    )


def _file(certificate: Certificate) -> ResponseReturnValue:
    found = certificate()
    if found is None:
        return Response("", 404)
    named = {"Content-Disposition": 'attachment; filename="gate-ca.crt"'}
    return Response(found.public_bytes(Encoding.DER), content_type="application/x-x509-ca-cert", headers=named)


def _with_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
