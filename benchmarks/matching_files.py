"""Reads the files of the matching benchmark: a register, labelled queries, labelled pairs, in either column layout."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from accredit.matching.index import Alias, Listed

NO_MATCH = "NO_MATCH"
_RENAMES = ("former name", "later name")


@dataclass(frozen=True, slots=True)
class Query:
    """One typed name and what it means: `expected` is an entry id, None where the body is on no list.

    `group` is "variant", "negative", "rename" (found by data alone) or "exact" (typed just as listed).
    """

    name: str
    expected: str | None
    group: str
    kind: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names and whether they are one body's."""

    one: str
    other: str
    same: bool


def read_register(path: Path, *, aliases: bool) -> list[Listed]:
    """A register with org_id and org_name, or a list with name alone, where the name is the id."""
    found: dict[str, Listed] = {}
    for row in _rows(path):
        name = row.get("org_name") or row["name"]
        entry_id = row.get("org_id") or name
        others = tuple(_aliases_of(row.get("aliases", ""))) if aliases else ()
        found.setdefault(entry_id, Listed(entry_id, name, row.get("country") or None, others))
    return list(found.values())


def _aliases_of(text: str) -> Iterator[Alias]:
    for alias in json.loads(text) if text.strip() else []:
        name = alias if isinstance(alias, str) else alias.get("name", "")
        kind = "alias" if isinstance(alias, str) else alias.get("kind", "alias")
        yield Alias(name, "former_name" if "former" in kind else kind)


def read_queries(path: Path) -> list[Query]:
    """Queries with expected_org_id or NO_MATCH, or with gold_name and is_match."""
    return [_query(row) for row in _rows(path)]


def _query(row: dict[str, str]) -> Query:
    kind = row.get("kind", "")
    if "expected_org_id" in row:
        expected = None if row["expected_org_id"] == NO_MATCH else row["expected_org_id"]
    else:
        expected = row["gold_name"] if row["is_match"].strip().lower() in {"true", "1", "yes"} else None
    return Query(row["query"], expected, _group(expected, kind), kind)


def _group(expected: str | None, kind: str) -> str:
    if expected is None:
        return "negative"
    if any(rename in kind for rename in _RENAMES):
        return "rename"
    return "exact" if kind == "exact" else "variant"


def read_pairs(path: Path) -> dict[str, list[Pair]]:
    """Pairs by who labelled them: "hand", "automatic", "source". Those marked unsure are left out."""
    groups: dict[str, list[Pair]] = {}
    for row in _rows(path):
        if row["label"] in {"same", "different"}:
            source = row.get("label_source", "hand").partition(":")[0]
            groups.setdefault(source, []).append(Pair(row["name_a"], row["name_b"], row["label"] == "same"))
    return groups


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
