"""The own status page in words: where an application stands, its steps, and why something was not done."""

from __future__ import annotations

from flask_babel import gettext as _

from accredit.domain.applications import ApplicationState
from accredit.domain.messages import RequestKind, RequestState
from accredit.services.amending import AmendFault
from accredit.services.applicant_requests import RequestShown
from accredit.services.own_status import OwnStatus, StepKind
from accredit.services.status_links import StatusLinkFault
from accredit.services.withdrawing import WithdrawFault
from accredit.web.problem_texts import label_of


def standing(shown: OwnStatus) -> tuple[str, str]:
    """How far it is: a heading and a sentence. Once the event is over: how it ended, and nothing to do."""
    match shown.state:
        case ApplicationState.APPROVED:
            return _approved(shown) if shown.last_day is None else _was_approved(shown)
        case ApplicationState.REFUSED:
            return _("Refused"), _("We are sorry: your application was refused.")
        case ApplicationState.WITHDRAWN:
            return _("Withdrawn"), _("Your application was withdrawn. If a pass had been prepared, it is void.")
        case _:
            return _undecided(shown)


def _undecided(shown: OwnStatus) -> tuple[str, str]:
    if shown.last_day is not None:
        return _("Not decided"), _("The event ended before your application was decided. You need not do anything.")
    if shown.question:
        return _("We need an answer from you"), _("A reviewer asked you something. Your application waits until then.")
    if shown.state is ApplicationState.WAITING:
        return _("Waiting"), _("Your application waits for somebody else. You need not do anything now.")
    return _("Under review"), _("We have your application and look at it. We write to you when it is decided.")


def _was_approved(shown: OwnStatus) -> tuple[str, str]:
    if shown.enters_on_grounds_pass:
        return _("Approved"), _("You were approved to enter on your UN grounds pass.")
    match shown.pass_state:
        case "collected":
            return _("You had your pass"), _("You were approved and picked up your pass. It opens no door any more.")
        case "prepared":
            return _("Approved"), _("You were approved. Your pass was not picked up.")
        case _:
            return _("Approved"), _("You were approved, but at the end you held no pass that was good.")


def _approved(shown: OwnStatus) -> tuple[str, str]:
    if shown.enters_on_grounds_pass:
        return _("Approved"), _("You enter on your UN grounds pass. You need no other pass and no registration desk.")
    match shown.pass_state:
        case "collected":
            return _("You have your pass"), _("Please carry your passport or identity card with it.")
        case "prepared" if shown.pickup_over:
            return _("Approved"), _("Your pass was not picked up while the registration desk was open.")
        case "prepared":
            return _("Approved"), _("Please pick up your special event pass in person.")
        case _:
            return _("Please ask us"), _("Your pass does not hold just now. Please come to the registration desk.")


def step(kind: StepKind) -> str:
    """One step of the way."""
    return str(
        {
            StepKind.RECEIVED: _("We received your application."),
            StepKind.CONFIRMED: _("The focal point of your organization confirmed you."),
            StepKind.ASKED: _("We asked you a question."),
            StepKind.ANSWERED: _("You answered."),
            StepKind.AMENDED: _("Your application was changed."),
            StepKind.APPROVED: _("Your application was approved."),
            StepKind.REFUSED: _("Your application was refused."),
            StepKind.REOPENED: _("We look at your application once more."),
            StepKind.WITHDRAWN: _("Your application was withdrawn."),
            StepKind.COLLECTED: _("You picked up your pass."),
        }[kind]
    )


def request_line(one: RequestShown) -> str:
    """What was asked for, and how it stands; empty for what needs no word."""
    match one.kind, one.state:
        case RequestKind.AMENDMENT, RequestState.OPEN:
            told = _("A reviewer looks at the change that you asked for: %(fields)s.", fields=field_names(one.wanted))
        case RequestKind.AMENDMENT, RequestState.DECLINED:
            told = _("The change that you asked for was declined: %(fields)s.", fields=field_names(one.wanted))
        case RequestKind.DELETION, RequestState.OPEN if one.due_at is None:
            told = _("You asked us to erase your data; an administrator answers.")
        case _:
            told = ""
    return str(told)


def field_names(names: object) -> str:
    """The names of fields as the form shows them."""
    return ", ".join(label_of(str(name)) for name in names) if hasattr(names, "__iter__") else ""


def amend_fault(code: AmendFault) -> str:
    """Why nothing was changed."""
    return str(
        {
            AmendFault.STALE: _(
                "This application was changed in the meantime, perhaps in another window. "
                "Nothing that you typed is lost: please compare it with the page and send it once more."
            ),
            AmendFault.UNCHANGED: _("Nothing was changed: every field is as it was."),
            AmendFault.CLOSED: _(
                "This application is closed; nothing can be changed any more. Please write to the organizer."
            ),
            AmendFault.COLLECTED: _("You have your pass already; please ask at the registration desk."),
            AmendFault.NO_REQUEST: _("There is no such request."),
        }[code]
    )


def withdraw_fault(code: WithdrawFault) -> str:
    """Why nothing was withdrawn."""
    return str(
        {
            WithdrawFault.STALE: _(
                "This application was changed in the meantime, perhaps in another window. Please look at it, then try again."
            ),
            WithdrawFault.ALREADY: _("This application is withdrawn already."),
            WithdrawFault.CLOSED: _("This application is closed; there is nothing to withdraw."),
            WithdrawFault.COLLECTED: _("You have your pass already; please bring it back to the registration desk."),
        }[code]
    )


def link_fault(code: StatusLinkFault) -> str:
    """Why a link opens nothing."""
    return str(
        {
            StatusLinkFault.BROKEN: _(
                "This link is not whole. Please copy it from the mail once more, to its last letter."
            ),
            StatusLinkFault.REVOKED: _(
                "This link was replaced by a newer one. Please take the one in the newest mail."
            ),
            StatusLinkFault.OVER: _(
                "The event has been over for a while, and so is this link. Please write to the organizer."
            ),
        }[code]
    )
