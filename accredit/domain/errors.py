"""Broken promises between rooms. An expected "no" is a value with a reason, not one of these.

    AccreditError
    ├── NotAllowed          the actor's roles do not carry the permission
    ├── IllegalTransition   a state was asked to move where no arrow leads
    ├── StaleDecision       the record changed since the decider read it
    └── EventInvalid        an event file that cannot be used, with every problem named

Texts carry ids, states and field names; never personal data and never key material.
"""

from __future__ import annotations

from dataclasses import dataclass


class AccreditError(Exception):
    """The root of all errors that a caller of ours may catch."""


class NotAllowed(AccreditError):
    """The actor may not do this."""

    def __init__(self, permission: str) -> None:
        super().__init__(f"this needs the permission “{permission}”")
        self.permission = permission


class IllegalTransition(AccreditError):
    """No arrow leads from one state to the other."""

    def __init__(self, subject: str, current: str, wanted: str) -> None:
        super().__init__(f"{subject} is {current} and cannot become {wanted}")
        self.subject = subject
        self.current = current
        self.wanted = wanted


class StaleDecision(AccreditError):
    """Somebody else decided in the meantime."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"{reference} was changed by somebody else meanwhile; read it again, then decide")
        self.reference = reference


@dataclass(frozen=True, slots=True)
class EventProblem:
    """One thing wrong in an event file: where it stands (dotted key) and what would cure it."""

    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.key}: {self.message}"


class EventInvalid(AccreditError):
    """An event file that cannot be used."""

    def __init__(self, problems: tuple[EventProblem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
