"""How often one address may send the forms that somebody could try out: log-in, apply, status.

Counted in the memory of each process, or in a Valkey that all of them share. What is counted by name stands in the database,
see `services/log_ins.py`.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

_FORMS = ("POST",)
_ALSO_READING = ("GET", "POST")

# Beginning of the endpoint, methods, limit of one network address. A congress of people shares one address.
LIMITS = (
    ("staff.", _FORMS, "30 per minute"),
    ("second_step.", _FORMS, "30 per minute"),
    ("account.", _FORMS, "30 per minute"),
    ("choose_password.", _FORMS, "30 per minute"),
    ("apply.", _FORMS, "120 per minute"),
    ("group_apply.", _FORMS, "10 per minute"),
    ("status_files.", _FORMS, "60 per minute"),
    ("names.", ("GET",), "1200 per minute"),
    ("status.", _ALSO_READING, "240 per minute"),
    ("focal.", _ALSO_READING, "240 per minute"),
)


def set_up(app: Flask, storage: str) -> None:
    """Wraps the routes of the table; call it when all are registered. Without a storage nothing is limited."""
    if not storage:
        return
    limiter = Limiter(get_remote_address, storage_uri=storage, in_memory_fallback_enabled=True)
    # The hooks that the library puts before every request stay on an application that serves nobody: a scanner's poll
    # is not to wait for a limiter that does not concern it.
    limiter.init_app(Flask(__name__))
    app.extensions["accredit limiter"] = limiter  # its routes hold it weakly
    for endpoint, view in app.view_functions.items():
        for beginning, methods, limit in LIMITS:
            if endpoint.startswith(beginning):
                limited: Any = limiter.limit(limit, methods=list(methods))(view)
                app.view_functions[endpoint] = limited
