"""Whatever the API's document allows, and much that it forbids, is answered as the document says.

Made-up requests by schemathesis against the service in this process, the same ones in each run. That a request which fits
its schema is taken is not asked for: the schema says that a field is text, and the one validation what text it takes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from applying import with_lists
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from sqlalchemy import Engine
from web_under_test import WebUnderTest

from accredit.db.session import make_engine
from accredit.db.types import Sealer
from accredit.domain.permissions import Role
from accredit.domain.scopes import Scope

# Every operation of the document; a test below sees that none is missing.
OPERATIONS = (
    ("GET", "/api/v1/applications"),
    ("POST", "/api/v1/applications"),
    ("GET", "/api/v1/applications/{reference}"),
    ("GET", "/api/v1/event"),
    ("GET", "/api/v1/organisations"),
    ("POST", "/api/v1/gate/enrol"),
    ("GET", "/api/v1/gate/bundle"),
    ("POST", "/api/v1/gate/scans"),
    ("GET", "/api/v1/gate/inside"),
    ("POST", "/api/v1/gate/admit"),
    ("GET", "/api/v1/gate/photos/{serial}"),
)
_LEFT_OUT = frozenset({"positive_data_acceptance", "use_after_free", "ensure_resource_availability"})


@schemathesis.serializer("application/cbor")
def raw_bytes(_context: Any, value: Any) -> bytes:
    """A body of bytes is sent as it is; no made-up one is ever signed."""
    return value.encode("utf-8", "replace") if isinstance(value, str) else bytes(getattr(value, "data", b""))


@dataclass
class Served:
    """The service and who asks."""

    web: WebUnderTest
    schema: Any
    headers: dict[str, dict[str, str]]

    def operation(self, method: str, path: str) -> Any:
        """One operation of the document."""
        return self.schema[path][method]

    def credentials(self, path: str) -> dict[str, str]:
        """The headers of a scanner for its routes, of a program for the others."""
        return self.headers["gate" if "/gate/" in path else "program"]


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service with lists, a program whose token is good for everything, and an enrolled scanner."""
    path = tmp_path_factory.mktemp("schemathesis") / "accredit.db"
    shutil.copy(sqlite_template, path)
    engine: Engine = make_engine(f"sqlite:///{path}", Sealer(bytes(range(32))))
    web = with_lists(WebUnderTest(engine))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", web.app)
    scanner = web.scanner()
    program = web.token(Role.INTAKE, Role.REVIEWER, scopes=set(Scope))
    yield Served(web, schema, {"program": program, "gate": {"Authorization": f"Bearer {scanner.token}"}})
    engine.dispose()


def _requests(served: Served, method: str, path: str, mode: GenerationMode, most: int) -> None:
    """Sends so many made-up requests to one operation and has every answer judged."""
    checks = [check for check in CHECKS.get_all() if check.__name__ not in _LEFT_OUT]
    operation = served.operation(method, path)

    @seed(17)
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        # A parameter with an empty list for a value is not sent at all, and so forbidden by nobody.
        assume(all(value not in ([], {}, None) for value in dict(case.query or {}).values()))
        case.call_and_validate(headers=served.credentials(path), checks=checks)

    ask()


def test_every_operation_is_asked(served: Served) -> None:
    """A new one has to be added to the table above."""
    documented = {
        (method.upper(), path)
        for path, item in served.schema.raw_schema["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert documented == set(OPERATIONS)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_the_answers_are_those_of_the_document(served: Served, method: str, path: str, mode: GenerationMode) -> None:
    """No failure: status, media type, headers and body as documented; nothing breaks; without a token nothing opens."""
    _requests(served, method, path, mode, 8)


@pytest.mark.soak
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_the_answers_are_those_of_the_document_at_length(
    served: Served, method: str, path: str, mode: GenerationMode
) -> None:
    """The same with hundreds of requests."""
    _requests(served, method, path, mode, 300)
