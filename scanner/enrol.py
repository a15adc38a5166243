"""Enrolment: a one-time code becomes a device key, a trusted root and the keys of the event, kept sealed in one folder.

Everything that can fail on this machine is tried before the code is handed in, because a code works once.
"""

from __future__ import annotations

import base64
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from accredit.credential.device_keys import DeviceKey
from scanner.clock import Clock, system_clock
from scanner.enrolment import DeviceSecrets, Enrolled, Enrolment, load_enrolment, save_enrolment, seal_secrets
from scanner.gate_ca import machine_names, make_gate_ca
from scanner.sealing import Entropy, PinCost, make_device_secret, pin_problem, seal_with_pin
from scanner.server import CLIENT, Server, address_problem, key_in
from scanner.store import StoreUnusable, device_secret_path, make_folder, open_journal, open_trust

QR_PREFIX = "SEN1:"
"""So begins the text of the QR code by which the service enrols a scanner: SEN1:CODE@ADDRESS."""


def in_qr(text: str) -> tuple[str, str] | None:
    """Address and code in the text of an enrolment's QR code; None for any other text."""
    code, mark, address = text.strip().removeprefix(QR_PREFIX).partition("@")
    return (address, code) if text.strip().startswith(QR_PREFIX) and mark else None


@dataclass(frozen=True, slots=True)
class EnrolRequest:
    """What an officer gives: the server, its one-time code, a name for this scanner, the PIN, and whether a demo is meant."""

    server: str
    code: str = field(repr=False)
    name: str
    pin: str = field(repr=False)
    allow_demo: bool = False


@dataclass(frozen=True, slots=True)
class EnrolRefused:
    """Why there is no enrolment, and what to do."""

    sentence: str


@dataclass(frozen=True, slots=True)
class _Told:
    """The service's answer, with every field of the kind that it must be."""

    facts: Enrolment
    token: str
    roster_key: bytes
    tag_key: bytes
    grounds_key: bytes


def enrol(
    state: Path,
    request: EnrolRequest,
    server: Server,
    entropy: Entropy,
    *,
    clock: Clock = system_clock,
    cost: PinCost | None = None,
) -> Enrolment | EnrolRefused:
    """Enrol this machine and keep everything in `state`. The facts to show, or a sentence why not."""
    refused = _refused_beforehand(request)
    if refused is not None:
        return EnrolRefused(refused)
    try:
        make_folder(state, is_demo=False)
        secret = make_device_secret(device_secret_path(state), entropy)
        trust = open_trust(state)
    except (OSError, StoreUnusable) as fault:
        return EnrolRefused(f"The state folder {state} cannot be used: {fault}")
    try:
        if load_enrolment(trust) is not None:
            return EnrolRefused(f"{state} holds an enrolment already. Choose another folder with --state.")
        open_journal(state).close()
        device = DeviceKey.generate(entropy)
        told = _ask(server, request, device, clock)
        if isinstance(told, EnrolRefused):
            return told
        make_folder(state, is_demo=told.facts.is_demo)
        secrets = DeviceSecrets(device.private_bytes, told.token, told.tag_key, told.grounds_key)
        roster = seal_with_pin(told.roster_key, request.pin, secret, entropy, cost or PinCost())
        save_enrolment(trust, Enrolled(told.facts, seal_secrets(secrets, secret, entropy), roster))
        hosts = machine_names(platform.node())
        make_gate_ca(trust, secret, title=told.facts.title, hosts=hosts, entropy=entropy, now=clock())
        return told.facts
    except StoreUnusable as fault:
        return EnrolRefused(str(fault))
    finally:
        trust.close()


def _refused_beforehand(request: EnrolRequest) -> str | None:
    if not request.code.strip():
        return "The one-time code is empty. The service shows one with: accredit devices enrol"
    return pin_problem(request.pin) or address_problem(request.server)


def _ask(server: Server, request: EnrolRequest, device: DeviceKey, clock: Clock) -> _Told | EnrolRefused:
    answer = server.enrol(
        {
            "code": request.code.strip(),
            "device_public_key": base64.b64encode(device.public_bytes).decode(),
            "name": request.name,
            "hardware": f"{platform.system()} {platform.machine()}".strip() or "unknown",
            "version": CLIENT,
        }
    )
    if not isinstance(answer, dict):
        return EnrolRefused(answer.sentence)
    told = _read(answer, request, clock)
    if told is None:
        return EnrolRefused("The server's answer lacks what a scanner needs. Update the scanner or the service.")
    if told.facts.is_demo and not request.allow_demo:
        return EnrolRefused(
            f"The root of this server ({told.facts.root_fingerprint}) is marked DEMO: its passes protect nothing. "
            f"For a demonstration enrol again, with a new code and --allow-demo."
        )
    return told


def _read(answer: Mapping[str, Any], request: EnrolRequest, clock: Clock) -> _Told | None:
    keys = {name: key_in(answer, name) for name in ("root_public", "roster_key", "tag_key", "grounds_key")}
    root, roster, tags, grounds = keys.values()
    match answer:
        case {
            "device_id": str() as device_id,
            "token": str() as token,
            "event": int() as event,
            "event_key": str() as event_key,
            "demo": bool() as is_demo,
        } if token and _is_uuid(device_id):
            pass
        case _:
            return None
    if root is None or roster is None or tags is None or grounds is None:
        return None
    own = answer.get("checkpoint")
    checkpoints = (own,) if isinstance(own, str) and own else tuple(_checkpoint_keys(answer.get("checkpoints")))
    facts = Enrolment(
        device_id=device_id,
        name=str(answer.get("name") or request.name),
        server=request.server,
        event=event,
        event_key=event_key,
        root_public=root,
        is_demo=is_demo,
        checkpoints=checkpoints,
        enrolled_at=clock(),
    )
    return _Told(facts, token, roster, tags, grounds)


def _checkpoint_keys(told: object) -> list[str]:
    """The keys of checkpoints, told as such or as facts with a key among them."""
    each = told if isinstance(told, list) else []
    keys = [entry.get("key") if isinstance(entry, dict) else entry for entry in each]
    return [key for key in keys if isinstance(key, str)]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
