"""The API's document, and how bodies are read: JSON is JSON, and every error is a problem (RFC 9457)."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Api, Blueprint
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import HTTPException, UnsupportedMediaType

from accredit import __version__
from accredit.web import errors

SETTINGS = {
    "API_TITLE": "accredit",
    "API_VERSION": __version__,
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api/v1",
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "info": {"description": "Applications as JSON, and what scanners talk to. Errors are problems (RFC 9457)."},
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API token, made by “accredit users token”.",
                },
                "device": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token that a scanner got when it enrolled.",
                },
            }
        },
    },
}


class FieldProblemSchema(Schema):
    """One field that cannot be taken."""

    field = fields.String(required=True)
    code = fields.String()
    detail = fields.String(required=True)


class ProblemSchema(Schema):
    """Why a request was not served: `code` for programs, `detail` for people, `field` where one is to blame."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    field = fields.String()
    errors = fields.List(fields.Nested(FieldProblemSchema))


class ProblemApi(Api):
    """The API extension with our errors in place of its own."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"  # of errors; each route names that of its good answer

    def handle_http_exception(self, error: HTTPException) -> Response:
        """The same answer as everywhere."""
        return errors.answer(error)


class JsonParser(FlaskParser):
    """Reads arguments; a body that does not call itself JSON is refused, not taken for an empty one.

    A parameter in the address that nobody knows is refused as well: it may be a misspelt one.
    """

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # noqa: RUF012 - the library's

    def load_json(self, req: Any, schema: Schema) -> Any:
        """The JSON body."""
        if not req.is_json:
            raise UnsupportedMediaType("Send the body as application/json.")
        return super().load_json(req, schema)


class ApiBlueprint(Blueprint):
    """Routes of the API."""

    ARGUMENTS_PARSER = JsonParser()


class BodySchema(Schema):
    """A body whose members are all known."""

    class Meta:
        """Anything else is an error, and is said so."""

        unknown = RAISE

    error_messages = {  # noqa: RUF012 - the library reads it from the class
        "unknown": "there is no field of this name here; please leave it out",
        "type": "send one JSON object with these fields",
    }


class Writable(validate.Validator):
    """Text that can be kept: without NUL, and without halves of characters, which JSON can tell and no database can hold."""

    def __call__(self, value: str) -> str:
        """The same text; raises `ValidationError` otherwise."""
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ValidationError("please leave out NUL and halves of characters")
        return value


def text_field(*, required: bool = False, shortest: int = 0, longest: int | None = None) -> fields.String:
    """A member that is text; empty where it is left out, unless it is required."""
    words = "please write this as text in quotation marks"
    told: dict[str, Any] = {"invalid": words, "null": words, "required": "please add this field"}
    rules: list[validate.Validator] = [Writable()]
    if shortest or longest is not None:
        rules.append(validate.Length(shortest or None, longest))
    if required:
        return fields.String(required=True, validate=rules, error_messages=told)
    return fields.String(load_default="", validate=rules, error_messages=told)
