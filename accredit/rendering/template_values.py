"""Reading the values of a template.toml: each of the right kind, or a TemplateInvalid that names its key and the cure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from accredit.domain.errors import AccreditError


class TemplateInvalid(AccreditError):
    """A badge template that cannot be used: `template` and `key` say where, `cure` what to do."""

    def __init__(self, template: str, key: str, cure: str) -> None:
        super().__init__(f"badge template {template}, {key}: {cure}")
        self.template, self.key, self.cure = template, key, cure


@dataclass(frozen=True, slots=True)
class Reader:
    """One table of the file, with the path that leads to it."""

    template: str
    values: Mapping[str, Any]
    path: str = ""

    def refuse(self, key: str, cure: str) -> NoReturn:
        """Raises TemplateInvalid for `key` of this table."""
        raise TemplateInvalid(self.template, f"{self.path}{key}", cure)

    def only(self, known: frozenset[str]) -> None:
        """Refuses keys that nobody reads: mostly a slip of the pen."""
        for key in sorted(set(self.values) - known):
            self.refuse(key, f"unknown key; choose from {', '.join(sorted(known))}")

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value:
            self.refuse(key, "write a text in quotation marks")
        return value

    def number(self, key: str, smallest: float, largest: float) -> float:
        """A number between the two."""
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not smallest <= value <= largest:
            self.refuse(key, f"write a number from {smallest:g} to {largest:g}")
        return value

    def names(self, key: str) -> frozenset[str]:
        """A list of texts."""
        value = self.values.get(key)
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            self.refuse(key, "write a list of names in quotation marks")
        return frozenset(value)

    def table(self, key: str) -> Reader:
        """A table with at least one entry."""
        value = self.values.get(key)
        if not isinstance(value, dict) or not value:
            self.refuse(key, "add this table with at least one entry")
        return Reader(self.template, value, f"{self.path}{key}.")

    def tables(self, key: str) -> Iterator[tuple[str, Reader]]:
        """The tables inside the table `key`."""
        outer = self.table(key)
        return ((name, outer.table(name)) for name in outer.values)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two #rrggbb colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
