"""Whatever somebody types: the form is answered by a page with a sentence, and shows what was typed as text."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest
from applying import file, hidden_fields, person, posted, with_lists
from factories.letters import portrait
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from web_under_test import WebUnderTest

from accredit.db.session import make_engine
from accredit.db.types import Sealer

_TEXT_FIELDS = sorted(
    set(person()) - {"consent"} | {"accessibility", "guardian_name", "guardian_contact", "latin_surname"}
)
_CALM = settings(max_examples=25, deadline=None, derandomize=True, database=None)
# What a browser can send: no lone halves of characters.
_TYPED = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    ["=1+1", "<script>alert(1)</script>", "{{ 7*7 }}", "%(field)s", "\u202e", "' OR 1=1 --", "../../etc/passwd", "\0"]
)


@pytest.fixture(scope="module")
def service(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebUnderTest]:
    """One service for all that is tried; nothing of it is ever sent."""
    path = tmp_path_factory.mktemp("any") / "accredit.db"
    shutil.copy(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}", Sealer(bytes(range(32))))
    web = WebUnderTest(engine)
    web.now = datetime(2017, 8, 30, 8, 0, tzinfo=UTC)
    yield with_lists(web)
    engine.dispose()


@pytest.fixture(scope="module")
def client(service: WebUnderTest) -> FlaskClient:
    """One browser."""
    return service.client()


@pytest.fixture(scope="module")
def hidden(client: FlaskClient) -> dict[str, str]:
    """The hidden fields of its page."""
    return dict(hidden_fields(client.get("/apply"), "/apply"))


@_CALM
@given(changes=st.dictionaries(st.sampled_from(_TEXT_FIELDS), _TYPED, min_size=1, max_size=6))
def test_any_text_in_any_field(client: FlaskClient, hidden: dict[str, str], changes: dict[str, str]) -> None:
    """Taken to the check, or told beside the field; never code, never a defect."""
    answer = posted(client, "/apply", {**hidden, **person(**changes)})
    assert answer.status_code in {200, 422}
    assert "<script>alert" not in answer.text
    assert "%(field)s: this" not in answer.text
    organisation = changes.get("organisation", "")
    if answer.status_code == 200 and organisation.isalnum():
        assert escape(organisation) in answer.text


@_CALM
@given(
    data=st.binary(max_size=400),
    kind=st.sampled_from(["photo", "photo_now", "letter"]),
    begins=st.sampled_from(
        [b"", b"%PDF-1.4\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP", b"GIF89a", b"<svg "]
    ),
)
def test_any_bytes_as_a_file(
    client: FlaskClient, hidden: dict[str, str], data: bytes, kind: str, begins: bytes
) -> None:
    """A file that only begins like one is none, and is told so."""
    answer = posted(client, "/apply", {**hidden, **person(**{kind: file(begins + data, "x.pdf")})})
    assert answer.status_code == 422
    assert ("Letter: " if kind == "letter" else "Photo: ") in answer.text


@_CALM
@given(crop=_TYPED | st.lists(st.floats(), min_size=3, max_size=5).map(lambda parts: ",".join(map(str, parts))))
def test_any_crop(client: FlaskClient, hidden: dict[str, str], crop: str) -> None:
    """A crop that makes no sense is none."""
    fields = {**hidden, **person(photo=file(portrait(), "me.jpg")), "crop": crop}
    assert posted(client, "/apply", fields).status_code in {200, 422}


@_CALM
@given(query=st.text(max_size=80))
def test_any_query_for_names(client: FlaskClient, query: str) -> None:
    """Answered in one shape, whatever is asked."""
    answer = client.get("/organisations", query_string={"q": query.encode("utf-8", "surrogatepass")})
    assert answer.status_code == (400 if "\0" in query else 200)


@_CALM
@given(table=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_as_a_table(client: FlaskClient, table: bytes) -> None:
    """Read or refused in a sentence."""
    fields = dict(hidden_fields(client.get("/apply/group"), "/apply/group"))
    fields |= {"organisation": "Alpine Migrants Forum", "category": "ngo", "consent": "y"}
    answer = posted(client, "/apply/group", {**fields, "table": file(table, "a.csv")})
    assert answer.status_code == 422
    assert "Table: " in answer.text
