"""What the pages say of roles, and of a change of an account that is refused."""

from __future__ import annotations

from flask_babel import lazy_gettext

from accredit.domain.permissions import Role
from accredit.domain.scopes import Scope
from accredit.services.accounts import AccountObstacle

ROLES = {
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
    Role.REVIEWER: lazy_gettext("Reviewer"),
    Role.SENIOR_REVIEWER: lazy_gettext("Senior reviewer"),
    Role.DESK: lazy_gettext("Desk"),
    Role.SUPERVISOR: lazy_gettext("Supervisor"),
    Role.GATE: lazy_gettext("Gate"),
    Role.AUDITOR: lazy_gettext("Auditor"),
    Role.INTAKE: lazy_gettext("Intake"),
}

ABOUT_ROLES = {
    Role.ADMINISTRATOR: lazy_gettext("event, lists, accounts, scanners, keys; decides about nobody"),
    Role.REVIEWER: lazy_gettext("reads applications and decides about them"),
    Role.SENIOR_REVIEWER: lazy_gettext("decides, waives, substitutes, revokes, sets holds"),
    Role.DESK: lazy_gettext("hands out passes and prints badges"),
    Role.SUPERVISOR: lazy_gettext("settles what stops a pick-up, revokes passes"),
    Role.GATE: lazy_gettext("sees the figures"),
    Role.AUDITOR: lazy_gettext("reads everything, the trail of actions too; changes nothing"),
    Role.INTAKE: lazy_gettext("hands in applications; for programs"),
}

SCOPES = {
    Scope.SUBMIT: lazy_gettext("hand in applications"),
    Scope.OWN: lazy_gettext("ask how the applications stand that it handed in"),
    Scope.READ: lazy_gettext("read all applications"),
    Scope.ORGANISATIONS: lazy_gettext("look up listed bodies"),
    Scope.EVENT: lazy_gettext("read what the event is"),
}

FAULTS = {
    AccountObstacle.BAD_NAME: lazy_gettext("Give the account a name of at most 75 letters, such as j.doe."),
    AccountObstacle.NAME_TAKEN: lazy_gettext("There is an account of this name already. Choose another name."),
    AccountObstacle.NO_ROLE: lazy_gettext("Choose at least one role: an account without one can do nothing."),
    AccountObstacle.SHORT_PASSWORD: lazy_gettext(
        "Choose a password of 12 to 200 characters; a sentence is easy to keep in mind."
    ),
    AccountObstacle.WEAK_PASSWORD: lazy_gettext(
        "This password is easily guessed: it holds your name, or few different characters. Choose another."
    ),
    AccountObstacle.UNKNOWN: lazy_gettext("There is no such account any more. Look at the list again."),
    AccountObstacle.OWN_ACCOUNT: lazy_gettext(
        "This is your own account. Another administrator changes it; nobody changes their own."
    ),
    AccountObstacle.LAST_ADMINISTRATOR: lazy_gettext(
        "This is the last administrator who can log in. Make somebody else an administrator first."
    ),
    AccountObstacle.CHANGED_MEANWHILE: lazy_gettext(
        "Somebody else changed this account meanwhile. It is shown as it is now; look at it, then decide."
    ),
    AccountObstacle.LINK_USED: lazy_gettext(
        "This link was used already, or is too old. Ask an administrator for a new one."
    ),
}
