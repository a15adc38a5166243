"""What a browser is told beside every page: what may run, what may be shown, and what may be kept."""

from __future__ import annotations

import re

from web_under_test import WebUnderTest
from werkzeug.datastructures import Headers

from accredit.web import headers


def _headers(web: WebUnderTest, address: str) -> Headers:
    answer = web.client().get(address)
    answer.close()  # a file that is served stays open until then
    return answer.headers


def _policy(web: WebUnderTest, address: str) -> dict[str, str]:
    """The content security policy of an answer, directive by directive."""
    told = _headers(web, address)["Content-Security-Policy"]
    return {name: value for name, _, value in (one.strip().partition(" ") for one in told.split(";"))}


def test_scripts_run_by_the_nonce_of_their_answer(pages: WebUnderTest) -> None:
    """Every script tag carries it, no other answer has the same, and nothing runs by its address alone."""
    client, seen = pages.client(), set()
    for _ in range(3):
        page = client.get("/")
        [nonce] = re.findall(r"script-src 'nonce-([^']+)'(?:;|$)", page.headers["Content-Security-Policy"])
        tags = re.findall(r"<script[^>]*>", page.text)
        assert tags
        assert all(f'nonce="{nonce}"' in tag for tag in tags)
        seen.add(nonce)
    assert len(seen) == 3
    assert min(len(nonce) for nonce in seen) >= 22  # 128 bits and more


def test_what_has_no_script_may_run_none(pages: WebUnderTest) -> None:
    """Answers for programs, files and redirects allow no script at all."""
    for address in ("/health", "/static/accredit.css", "/applications", "/api/v1/openapi.json"):
        assert _policy(pages, address)["script-src"] == "'none'", address


def test_a_page_shows_and_sends_to_nobody_else(pages: WebUnderTest) -> None:
    """Styles, forms and frames are ours; pictures of the browser's own making only where a page asks for them."""
    policy = _policy(pages, "/log-in")
    assert policy["default-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["img-src"] == "'self' data:"
    with pages.app.test_request_context("/"):
        headers.allow_own_pictures()
        assert "img-src 'self' data: blob:" in headers._policy()


def test_the_camera_is_the_only_thing_that_a_page_may_use(pages: WebUnderTest) -> None:
    """And no window of another site gets hold of ours."""
    told = pages.client().get("/").headers
    assert "camera=(self)" in told["Permissions-Policy"]
    assert {"microphone=()", "geolocation=()", "usb=()"} <= set(told["Permissions-Policy"].split(", "))
    assert told["Cross-Origin-Opener-Policy"] == "same-origin"
    assert told["Referrer-Policy"] == "same-origin"
    assert told["X-Content-Type-Options"] == "nosniff"


def test_only_files_may_be_kept(pages: WebUnderTest) -> None:
    """Pages are about people: a shared machine does not show them to the next one."""
    assert _headers(pages, "/")["Cache-Control"] == "no-store"
    assert "no-store" not in _headers(pages, "/static/accredit.css")["Cache-Control"]
