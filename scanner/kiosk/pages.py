"""The one page: its frame in the language of the session; the scripts fill it."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, current_app, g, make_response, render_template
from flask.typing import ResponseReturnValue

from scanner.kiosk.labels import switched_off
from scanner.kiosk.parts import Parts, parts_of
from scanner.kiosk.sessions import give_cookie, known_post
from scanner.kiosk.stations import Post
from scanner.kiosk.texts import LANGUAGES, text

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The page at the post of this browser's session; a newcomer gets a post, or is shown the door to one."""
    parts, post = parts_of(current_app), known_post()
    if post is not None:
        return _page(parts, post)
    came = parts.front.newcomer()
    if not isinstance(came, Post):
        return came
    g.language = came.language
    return give_cookie(_page(parts, came), parts, parts.stations.open(came))


def _page(parts: Parts, post: Post) -> Response:
    checkpoints, classes = parts.kiosk.watch.do(
        lambda watcher: (watcher.checkpoints(post.language), watcher.sight_classes(post.language))
    )
    names = {each["key"]: each["name"] for each in checkpoints}
    return make_response(
        render_template(
            "kiosk.html",
            t=partial(text, language=post.language),
            post=post,
            place=names.get(post.checkpoint, post.checkpoint),
            checkpoints=checkpoints,
            classes=classes,
            languages=LANGUAGES,
            off=switched_off(post.language),
            linger=parts.front.linger_s,
            has_readers=parts.kiosk.channel.is_open and post.lane == parts.kiosk.channel.lane,
        )
    )
