"""The session of a request: its token in a cookie that scripts cannot read, and the post that it stands for."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, g, request

from scanner.kiosk.parts import Parts, parts_of
from scanner.kiosk.problems import problem
from scanner.kiosk.stations import Post


def load_session() -> Response | None:
    """Before each request of the API: whose it is, or 401 for a page that has to be loaded anew."""
    post = known_post()
    return None if post is not None else problem(401, "session_unknown", "session_unknown")


def known_post() -> Post | None:
    """The post of this request's session, kept for its time; None where there is none."""
    parts = parts_of(current_app)
    token = request.cookies.get(parts.front.cookie)
    found = parts.stations.find(token)
    if found is not None:
        g.token, g.post, g.language = token, found, found.language
    return found


def change_post(parts: Parts, **changes: Any) -> Post:
    """Change the post of this request's session."""
    post = parts.stations.change(g.token, **changes)
    g.post, g.language = post, post.language
    return post


def give_cookie(response: Response, parts: Parts, token: str) -> Response:
    """Let the browser keep the session; no other site's page ever sends it."""
    response.set_cookie(
        parts.front.cookie,
        token,
        httponly=True,
        samesite="Strict",
        secure=parts.front.is_tls,
        path="/",
        max_age=7 * 86_400,
    )
    return response
