"""Which program asks, and whether its token is good for what it asks. Looked at before a body is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g

from accredit.db.session import reading
from accredit.domain.scopes import Scope, may
from accredit.services.accounts import TokenHolder, holder_of_token
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.web.access import bearer_token
from accredit.web.errors import stop, stop_unknown
from accredit.web.parts import parts


def wants(*scopes: Scope) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Ends the request of a program whose token is good for none of these scopes. Stands above what reads the body."""

    def wrapped(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*arguments: Any, **named: Any) -> Any:
            g.accredit_program = _program(scopes)
            return view(*arguments, **named)

        return guarded

    return wrapped


def program() -> TokenHolder:
    """The program that asks."""
    held: TokenHolder = g.accredit_program
    return held


def is_good_for(scope: Scope) -> bool:
    """Whether the token of this request is good for one thing."""
    held = program()
    return may(held.scopes, held.actor.roles, scope)


def event_of_service() -> LoadedEvent:
    """The event of this service; ends the request where there is none."""
    with reading(parts().engine) as session:
        event = find_event(session, parts().event_key)
    if event is None:
        stop(503, "not_ready", "No event is loaded yet.")
    return event


def _program(scopes: tuple[Scope, ...]) -> TokenHolder:
    with reading(parts().engine) as session:
        held = holder_of_token(session, bearer_token())
    if held is None:
        stop_unknown("no_token", "Send the token that an administrator gave you as a Bearer token.")
    if not any(may(held.scopes, held.actor.roles, scope) for scope in scopes):
        told = " or ".join(scope.value for scope in scopes)
        stop(
            403, "not_allowed", f"This token is not good for this; it needs the scope {told}, and an account that may."
        )
    return held
