"""The API's document: complete, and true."""

from __future__ import annotations

from typing import Any

import pytest
from web_under_test import WebUnderTest

from accredit.domain.submissions import FIELDS
from accredit.web import access
from accredit.web.access import Access


@pytest.fixture
def document(pages: WebUnderTest) -> dict[str, Any]:
    """The document as it is served."""
    told: dict[str, Any] = pages.client().get("/api/v1/openapi.json").get_json()
    return told


def test_every_route_of_the_api_is_documented(pages: WebUnderTest, document: dict[str, Any]) -> None:
    """Each address and method under /api stands in the document, and no other."""
    routes = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in pages.app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.endpoint != "api-docs.openapi_json"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    documented = {
        (path, method) for path, item in document["paths"].items() for method in item if method != "parameters"
    }
    assert documented == routes


def test_the_document_names_its_version_and_who_may_ask(pages: WebUnderTest, document: dict[str, Any]) -> None:
    """OpenAPI 3.1, with the schemes that the table of access asks for."""
    assert document["openapi"] == "3.1.0"
    schemes = document["components"]["securitySchemes"]
    assert {name: scheme["scheme"] for name, scheme in schemes.items()} == {"token": "bearer", "device": "bearer"}
    wanted = {Access.OPEN: None, Access.TOKEN: [{"token": []}], Access.DEVICE: [{"device": []}]}
    for rule in pages.app.url_map.iter_rules():
        item = document["paths"].get(rule.rule.replace("<", "{").replace(">", "}"))
        for method, operation in (item or {}).items():
            if method != "parameters":
                needed = access.ROUTES[rule.endpoint]
                assert isinstance(needed, Access)
                assert operation.get("security") == wanted[needed], rule
                assert operation["summary"]


def test_errors_are_documented_as_what_they_are(document: dict[str, Any]) -> None:
    """Every operation refers to the problem document, under its own media type."""
    for item in document["paths"].values():
        for method, operation in item.items():
            if method != "parameters":
                assert operation["responses"]["default"] == {"$ref": "#/components/responses/DEFAULT_ERROR"}
    content = document["components"]["responses"]["DEFAULT_ERROR"]["content"]
    assert list(content) == ["application/problem+json"]
    problem = document["components"]["schemas"]["Problem"]
    assert set(problem["required"]) == {"type", "title", "status", "code", "detail"}


def test_the_application_has_the_fields_of_the_import(document: dict[str, Any]) -> None:
    """The body's members are the import's columns, but for the time of receipt."""
    schema = document["components"]["schemas"]["Application"]
    assert set(schema["properties"]) == set(FIELDS) - {"received_at"}
    assert schema["additionalProperties"] is False
