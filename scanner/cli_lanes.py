"""The commands for a gate of several lanes: its certificate authority, and another PIN."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli_options import json_option, sentences, state_option

if TYPE_CHECKING:
    from scanner.gate_ca import GateCa
    from scanner.opening import OpenScanner


@click.command("gate-ca")
@click.option("--new", "is_new", is_flag=True, help="Make a new one; every tablet has to install it.")
@click.option(
    "--host", "hosts", multiple=True, help="With --new: a name or address, not a private one, of this machine."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the certificate into this file, for a tablet."
)
@json_option
@state_option
def gate_ca(is_new: bool, hosts: tuple[str, ...], out: Path | None, as_json: bool, state: Path) -> None:
    """Show the certificate authority of this gate, by which tablets know its lanes.

    Compare the fingerprint with the one that a tablet shows when it installs the certificate. The key never leaves this
    machine.
    """
    import json

    from scanner.clock import rfc3339, system_clock
    from scanner.gate_ca import ca_warning
    from scanner.opening import CannotRun, opened

    if hosts and not is_new:
        raise click.UsageError("--host goes with --new.")
    with sentences(), opened(state, os.environ) as scanner:
        scanner.refuse_if_switched_off()
        authority = _made(scanner, hosts) if is_new else _held(scanner)
        if out is not None:
            try:
                out.write_bytes(authority.pem)
            except OSError as fault:
                raise CannotRun(f"--out: {out} cannot be written ({fault.strerror}).") from None
    told = {"fingerprint": authority.fingerprint, "expires_at": rfc3339(authority.expires_at)}
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(f"Fingerprint  {authority.fingerprint}\nEnds         {authority.expires_at:%Y-%m-%d}")
    warning = ca_warning(authority.certificate, system_clock())
    if warning is not None:
        click.echo(warning, err=True)


@click.command("change-pin")
@click.option("--old-pin-file", type=click.Path(path_type=Path, dir_okay=False), help="A file with the old PIN in it.")
@click.option("--new-pin-file", type=click.Path(path_type=Path, dir_okay=False), help="A file with the new PIN in it.")
@state_option
def change_pin(old_pin_file: Path | None, new_pin_file: Path | None, state: Path) -> None:
    """Change the PIN of this scanner. Lanes that came in with the old one have to come in again."""
    from scanner.opening import CannotRun, given_pin, opened
    from scanner.pin_change import change_pin as change

    with sentences(), opened(state, os.environ) as scanner:
        old = given_pin(old_pin_file, {}) or click.prompt("Old PIN", hide_input=True)
        new = given_pin(new_pin_file, {}) or click.prompt("New PIN", hide_input=True, confirmation_prompt=True)
        problem = change(scanner.trust, old, new, scanner.device_secret, os.urandom)
        if problem is not None:
            raise CannotRun(problem)
    click.echo("The PIN is changed. Lanes that came in with the old one have to come in again.")


def _held(scanner: OpenScanner) -> GateCa:
    from scanner.gate_ca import load_gate_ca
    from scanner.opening import CannotRun

    found = load_gate_ca(scanner.trust, scanner.device_secret)
    if found is None:
        raise CannotRun("This scanner has no CA yet. Make one with: accredit-scanner gate-ca --new")
    return found


def _made(scanner: OpenScanner, hosts: tuple[str, ...]) -> GateCa:
    import platform

    from scanner.clock import system_clock
    from scanner.gate_ca import as_address, is_host_name, machine_names, make_gate_ca
    from scanner.opening import CannotRun

    for host in hosts:
        if as_address(host) is None and not is_host_name(host):
            raise CannotRun(f"--host: {host!r} is neither a name of a network, in small letters, nor an address.")
    return make_gate_ca(
        scanner.trust,
        scanner.device_secret,
        title=scanner.enrolled.facts.title,
        hosts=[*machine_names(platform.node()), *hosts],
        entropy=os.urandom,
        now=system_clock(),
    )
