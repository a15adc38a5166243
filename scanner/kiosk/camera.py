"""The camera's frames: a picture in, and the verdict on the code in it out, or what would help.

One frame of a page is under way at a time; the page asks again when it has its answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request

from scanner.frames import LARGEST_FRAME_BYTES, FrameDecoder, Seen
from scanner.kiosk.camera_texts import camera_text, hint
from scanner.kiosk.camera_views import Answer, Fresh, Held, Views
from scanner.kiosk.parts import Parts, parts_of
from scanner.kiosk.problems import problem
from scanner.kiosk.sessions import load_session
from scanner.offers import read_code

SHOWN = "Kiosk-Shown"
"""The header in which a page names the answer that it was told last, so that a held code is not told again and again."""

_PICTURES = ("image/jpeg", "image/png")


class Camera:
    """The decoder, started with the first frame, and what stands before each camera."""

    def __init__(self, say: Callable[[str], None], seconds: Callable[[], float] = time.monotonic) -> None:
        self.views = Views(seconds)
        self._say = say
        self._lock = threading.Lock()
        self._decoder: FrameDecoder | None = None

    def look(self, page: str, frame: bytes) -> Seen:
        """What is in this frame."""
        with self._lock:
            if self._decoder is None:
                self._decoder = FrameDecoder(self._say)
            decoder = self._decoder
        return decoder.look(page, frame)

    def close(self) -> None:
        """End the decoder."""
        with self._lock:
            if self._decoder is not None:
                self._decoder.close()


def camera_blueprint(camera: Camera) -> Blueprint:
    """The route for frames of a front; all fronts share one decoder."""
    blueprint = Blueprint("camera", __name__, url_prefix="/api")
    blueprint.before_request(load_session)
    blueprint.app_context_processor(lambda: {"camera_text": camera_text})

    @blueprint.post("/frames")
    def frame() -> Response:
        if request.mimetype not in _PICTURES:
            return problem(415, "field_wrong", "field_wrong")
        missing = g.post.missing
        if missing is not None:
            return problem(409, missing, missing)
        request.max_content_length = LARGEST_FRAME_BYTES
        return jsonify(_told(camera, parts_of(current_app), request.get_data()))

    return blueprint


def _told(camera: Camera, parts: Parts, frame: bytes) -> dict[str, Any]:
    page, language = g.token, g.language
    seen = camera.look(page, frame)
    taken = camera.views.take(page, seen)
    if isinstance(taken, Fresh):
        said = parts.kiosk.decide((read_code(taken.text),), g.post)
        answer = camera.views.answered(page, taken.text, said)
        return {"seen": "read", "look": seen.look, **_answer(answer), "hint": camera_text("again", language)}
    if isinstance(taken, Held):
        told = {"seen": "held", "hint": camera_text("again", language)}
        is_told = taken.answer is None or taken.answer.mark == request.headers.get(SHOWN)
        return told if is_told or taken.answer is None else told | _answer(taken.answer)
    return {"seen": seen.kind.value, "hint": hint(seen.kind, language)}


def _answer(answer: Answer) -> dict[str, Any]:
    return {"answer": answer.told, "mark": answer.mark}
