"""`accredit devices`: scanners."""

from __future__ import annotations

import json

import click

from accredit.cli.house import event_in, open_house, reading, refuse, say_if_empty, writing


@click.group("devices")
def command() -> None:
    """Enrol scanners and switch them off."""


@command.command("enrol")
@click.argument("scanners", nargs=-1, required=True, metavar="NAME=CHECKPOINT…")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, name to code.")
def enrol(scanners: tuple[str, ...], as_json: bool) -> None:
    """Prepare scanners and show the one-time code of each.

    On the scanner: accredit-scanner enrol --server URL --code CODE. A code works once, and for the hours that
    ACCREDIT_ENROLMENT_HOURS names.

    \b
      accredit devices enrol gate-1=pregny door-1=door-xix
    """
    from accredit.services.devices import DeviceRefused, prepare_device

    house = open_house()
    codes: dict[str, str] = {}
    with writing(house) as session:
        event = event_in(session, house)
        for scanner in scanners:
            name, equals, checkpoint = scanner.partition("=")
            if not equals:
                raise click.UsageError("write NAME=CHECKPOINT, such as gate-1=pregny")
            hours = house.settings.enrolment_hours
            prepared = prepare_device(session, house.context(), event, name, checkpoint, hours=hours)
            if isinstance(prepared, DeviceRefused):
                refuse(prepared.message)
            codes[prepared.device.name] = prepared.code
    if as_json:
        click.echo(json.dumps(codes))
        return
    for name, code in codes.items():
        click.echo(f"{name}: accredit-scanner enrol --server {house.settings.base_url} --code {code}")


@command.command("list")
def list_() -> None:
    """List the scanners and how they are."""
    from accredit.services.devices import devices_of

    house = open_house()
    with reading(house) as session:
        devices = devices_of(session, event_in(session, house))
    for one in devices:
        state = "switched off" if one.switched_off_at else "enrolled" if one.enrolled_at else "waits for its code"
        seen = f"last seen {one.last_seen_at:%Y-%m-%d %H:%M} UTC" if one.last_seen_at else ""
        click.echo(f"{one.name:<20} {one.checkpoint:<12} {state:<20} {seen}".rstrip())
    say_if_empty(devices, "no scanner is prepared; “accredit devices enrol NAME=CHECKPOINT” prepares one")


@command.command("switch-off")
@click.argument("name")
def switch_off_(name: str) -> None:
    """Switch a scanner off for good.

    It forgets its data at its next contact with the server, and is never let in again.
    """
    from accredit.services.devices import DeviceRefused, switch_off

    house = open_house()
    with writing(house) as session:
        device = switch_off(session, house.context(), event_in(session, house), name)
        if isinstance(device, DeviceRefused):
            refuse(device.message)
    click.echo(f"{name} is switched off")
