"""What a use case is handed in a test: a clock that stands still until it is set, fresh randomness, an actor with all roles."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from accredit.domain.permissions import Role
from accredit.services.context import Actor, Context, Secrets

REVIEW_DAY = datetime(2017, 9, 20, 9, 0, tzinfo=UTC)
HEARING_MORNING = datetime(2017, 10, 11, 6, 30, tzinfo=UTC)


def make_context(
    now: datetime = REVIEW_DAY, *, roles: Iterable[Role] = tuple(Role), actor: str = "test:reviewer"
) -> Context:
    """A context at a fixed time."""
    secrets = Secrets(pepper=b"p" * 32, roster_key=b"r" * 32, session_key=b"s" * 32)
    return Context(Actor(actor, frozenset(roles)), lambda: now, os.urandom, secrets)


def at(context: Context, now: datetime) -> Context:
    """The same at another time."""
    return replace(context, clock=lambda: now)


def acting(context: Context, actor: str, *roles: Role) -> Context:
    """The same with another actor, who has these roles alone."""
    return replace(context, actor=Actor(actor, frozenset(roles)))
