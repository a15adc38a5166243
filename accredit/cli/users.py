"""`accredit users`: staff accounts and API tokens."""

from __future__ import annotations

import os
import sys

import click

from accredit.cli.house import open_house, refuse, writing


@click.group("users")
def command() -> None:
    """Add staff accounts and API tokens."""


@command.command("add")
@click.argument("name")
@click.option("--role", "roles", metavar="ROLE", multiple=True, required=True, help="May be given more than once.")
def add(name: str, roles: tuple[str, ...]) -> None:
    """Add a member of staff.

    Asks for the password twice; a script sets ACCREDIT_PASSWORD instead.

    Roles: administrator, reviewer, senior-reviewer, desk, supervisor, gate, auditor.
    """
    from accredit.domain.permissions import Role
    from accredit.services.accounts import AccountRefused, add_account

    known = {role.value: role for role in Role}
    unknown = [role for role in roles if role not in known]
    if unknown:
        raise click.UsageError(f"there is no role “{unknown[0]}”; choose among {', '.join(known)}")
    house = open_house()
    password = _password()
    with writing(house) as session:
        added = add_account(session, house.context(), name, password, [known[role] for role in roles])
        if isinstance(added, AccountRefused):
            refuse(added.message)
    click.echo(f"{name}: {', '.join(roles)}")


def _password() -> str:
    given = os.environ.get("ACCREDIT_PASSWORD")
    if given:
        return given
    if not sys.stdin.isatty():
        refuse("there is no terminal to ask for the password at; set ACCREDIT_PASSWORD")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return asked


@command.command("token")
@click.argument("name")
@click.option("--scope", "scopes", metavar="SCOPE", multiple=True, help="What it is good for; may be given again.")
def token(name: str, scopes: tuple[str, ...]) -> None:
    """Make an API token for an account.

    It is shown once: this installation keeps only its hash. It never does more than its account may.

    Scopes: applications:submit, applications:own (how those stand that it sent), applications:read (all of them),
    organisations:read, event:read. Without any: all but applications:read.
    """
    from accredit.domain.scopes import USUAL, Scope
    from accredit.services.accounts import AccountRefused, add_token

    known = {scope.value: scope for scope in Scope}
    unknown = [scope for scope in scopes if scope not in known]
    if unknown:
        raise click.UsageError(f"there is no scope “{unknown[0]}”; choose among {', '.join(known)}")
    house = open_house()
    with writing(house) as session:
        made = add_token(session, house.context(), name, scopes=[known[scope] for scope in scopes] or USUAL)
        if isinstance(made, AccountRefused):
            refuse(made.message)
    click.echo(made)


@command.command("reset-totp")
@click.argument("name")
def reset_totp(name: str) -> None:
    """Take the second step of the log-in away from an account.

    For somebody who lost the telephone and the recovery codes: the next log-in sets a new one. Open sessions end.
    """
    from accredit.services.accounts import AccountRefused
    from accredit.services.second_step import reset

    house = open_house()
    with writing(house) as session:
        refused = reset(session, house.context(), name)
        if isinstance(refused, AccountRefused):
            refuse(refused.message)
    click.echo(f"{name}: the next log-in sets a new second step")
