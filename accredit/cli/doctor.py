"""`accredit doctor`: what is missing, before people stand in the queue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from accredit.cli.house import open_house

if TYPE_CHECKING:
    from accredit.wiring import House


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `cure` is empty when it is well; `grave` is what nothing works without."""

    name: str
    told: str
    cure: str = ""
    grave: bool = True


@click.command("doctor")
def command() -> None:
    """Say what is missing, and what cures it.

    Looks at the state folder, secrets, database, event, signing keys, badge templates and fonts, and changes nothing.
    Ends with 1 if something is missing without which passes cannot be issued.
    """
    house = open_house()
    broken = False
    for check in _checks(house):
        mark = "ok     " if not check.cure else "MISSING" if check.grave else "note   "
        click.echo(f"{mark} {check.name:<14} {check.told}")
        if check.cure:
            click.echo(f"{'':<22} → {check.cure}")
        broken = broken or bool(check.cure and check.grave)
    if broken:
        raise SystemExit(1)


def _checks(house: House) -> Iterator[Check]:
    yield from _state(house)
    yield from _database(house)
    yield from _keys(house)
    yield from _mail(house)
    yield from _templates()
    yield from _fonts()


def _state(house: House) -> Iterator[Check]:
    from accredit.services.key_folder import SecretsMissing

    folder = house.settings.state
    if not folder.is_dir():
        yield Check("state folder", str(folder), "run “accredit init”, or name the folder in ACCREDIT_STATE")
        return
    entered = "others can enter it" if folder.stat().st_mode & 0o077 else ""
    told = f"{folder.resolve()}{' (demonstration)' if house.settings.is_demo else ''}"
    yield Check("state folder", f"{told}: {entered}" if entered else told, entered and f"run “chmod 700 {folder}”")
    open_files = [path.name for path in folder.glob("*/*.key") if path.stat().st_mode & 0o077]
    if open_files:
        yield Check("secrets", f"others can read {', '.join(open_files)}", f"run “chmod 600 {folder}/*/*.key”")
    try:
        house.secret_folder.load()
        house.secret_folder.data_key()
    except SecretsMissing as missing:
        yield Check("secrets", str(missing), "run “accredit init”, or restore them from your backup")
    else:
        yield Check("secrets", "all there")


def _database(house: House) -> Iterator[Check]:
    from accredit.cli.failures import sentence_of
    from accredit.db.revisions import NEWEST, current_revision
    from accredit.services.key_folder import SecretsMissing

    if not house.settings.state.is_dir():
        return  # SQLite would make the file; a doctor makes nothing
    try:
        current = current_revision(house.engine)
    except SecretsMissing:
        return  # told already
    except Exception as fault:
        sentence = sentence_of(fault)
        if sentence is None:
            raise
        yield Check("database", sentence, "mend ACCREDIT_DATABASE_URL, or start the server that it names")
        return
    cure = "" if current == NEWEST else "run “accredit db upgrade”"
    yield Check("database", f"{house.engine.dialect.name}, at {current or 'nothing'}", cure)
    if not cure:
        yield from _event(house)


def _event(house: House) -> Iterator[Check]:
    from accredit.cli.house import reading
    from accredit.services.event_loading import find_event

    with reading(house) as session:
        loaded = find_event(session, house.settings.event)
    if loaded is None:
        yield Check("event", "none, or more than one", "run “accredit events load”, or set ACCREDIT_EVENT")
    else:
        yield Check("event", loaded.event.key)


def _keys(house: House) -> Iterator[Check]:
    from accredit.services.key_folder import SecretsMissing

    asked = "“accredit keys request”, then “keys sign” on the root machine, then “keys import”"
    if house.settings.is_demo:
        asked = "“accredit keys demo”, with the clock of the demonstration set to before the end of the event"
    try:
        keyset, ring = house.key_folder.keyset(), house.keyring
    except SecretsMissing as missing:
        yield Check("signing keys", str(missing), "restore the folder of the keys from your backup")
        return
    if keyset is None:
        yield Check("signing keys", "no key set of a root is here", asked)
        return
    told = f"key set {keyset.number}{' of a DEMO root' if keyset.demo else ''}"
    if ring is None:
        spans = ", ".join(f"kid {key.kid} until {key.not_after:%Y-%m-%d}" for key in keyset.keys) or "it is empty"
        vouches = f"{told} vouches for no pass key and list key that are here and in time ({spans})"
        yield Check("signing keys", vouches, asked.replace("request”", "request --renew”"))
        return
    cure = "a scanner refuses a DEMO root: sign with a real one" if keyset.demo and not house.settings.is_demo else ""
    yield Check("signing keys", f"{told}, until {keyset.next_update:%Y-%m-%d}", cure)


def _mail(house: House) -> Iterator[Check]:
    """Whether mail can go out. No mail server is asked: a doctor sends nothing."""
    settings = house.settings
    if settings.smtp_url and settings.mail_from:
        yield Check("mail", f"from {settings.mail_from}")
        return
    missing = [
        name
        for name, value in (("ACCREDIT_SMTP_URL", settings.smtp_url), ("ACCREDIT_MAIL_FROM", settings.mail_from))
        if not value
    ]
    waits = "none is sent, and messages wait"
    yield Check("mail", waits, f"set {' and '.join(missing)}, and run “accredit worker”", grave=False)


def _templates() -> Iterator[Check]:
    from accredit.rendering.templates import TemplateInvalid, load_template
    from accredit.wiring import templates_folder

    for folder in sorted(path.parent for path in templates_folder().glob("*/template.toml")):
        try:
            load_template(folder)
        except TemplateInvalid as invalid:
            yield Check("template", folder.name, str(invalid))
        else:
            yield Check("template", folder.name)


def _fonts() -> Iterator[Check]:
    from accredit.rendering.fonts import FontBook, system_font_folders

    coverage = FontBook(system_font_folders()).coverage()
    written = ", ".join(one.script for one in coverage if one.family is not None)
    yield Check("fonts", f"can write {written or 'no script at all'}")
    for one in coverage:
        if one.family is None:
            cure = f"{one.cure}; until then badges carry the Latin spelling alone"
            yield Check("fonts", f"cannot write {one.script}", cure, grave=False)
