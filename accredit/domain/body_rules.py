"""Rules 2 and 4: which listed body is meant, and what the category asks of it (DESIGN section 4)."""

from __future__ import annotations

from accredit.domain.aliases import AliasUsed
from accredit.domain.application_facts import ApplicationFacts, Band, ListedBody
from accredit.domain.assessments import Finding, FindingOutcome, Rule, numbered
from accredit.domain.events import CategoryRule, Event

_HOW = {
    "exact": "its name",
    "alias": "another name",
    "former_name": "former name",
    "similar": "a like name",
    "country": "its country",
    "confirmed": "a reviewer's word",
}


def organisation(event: Event, facts: ApplicationFacts) -> Finding:
    """Rule 4: which listed body is meant. None is never a refusal by itself: a person asks and decides."""
    answer = facts.organisation
    basis = event.legal_basis
    if facts.category.rule is CategoryRule.INVITED:
        return Finding(
            Rule.ORGANISATION,
            FindingOutcome.NOT_APPLICABLE,
            "invited",
            "You are invited in person.",
            "invited persons are checked against the invitation list, not their organisation",
            basis,
        )
    evidence = {"typed": facts.organisation_typed, "how": answer.how, **numbered("candidate", answer.candidates)}
    evidence |= numbered("flag", answer.flags)
    if answer.band is Band.ACCEPT and answer.body is not None:
        evidence |= _listed(answer.body) | _by_alias(answer.alias)
        found_by = answer.alias.told if answer.alias is not None else _HOW.get(answer.how, answer.how)
        return Finding(
            Rule.ORGANISATION,
            FindingOutcome.CLEAR,
            f"matched_{answer.how}",
            f"We found your organisation on the list as “{answer.body.name}”.",
            f"“{answer.body.name}” on {answer.body.list_key} of {answer.body.edition_on}, found by {found_by}",
            basis,
            evidence,
        )
    if not answer.lists_loaded:
        names = ", ".join(facts.category.lists)
        return Finding(
            Rule.ORGANISATION,
            FindingOutcome.CANNOT_TELL,
            "no_list",
            "We are still checking your organisation.",
            f"no edition of {names} is in force on {event.reference_on}: import one, then screen again",
            basis,
            evidence,
        )
    code = "candidates" if answer.band is Band.REVIEW else "not_found"
    why = (
        "; ".join((*answer.flags, *(f"candidate: {name}" for name in answer.candidates))) or "nothing similar is listed"
    )
    return Finding(
        Rule.ORGANISATION,
        FindingOutcome.REVIEW,
        code,
        "We could not match your organisation to the list by its name alone; a reviewer looks at it.",
        why,
        basis,
        evidence,
    )


def _by_alias(alias: AliasUsed | None) -> dict[str, str]:
    if alias is None:
        return {}
    told = {"alias": alias.name, "alias_kind": alias.kind, "alias_source": alias.source}
    told |= {"alias_of": alias.known_on.isoformat()} if alias.known_on is not None else {}
    return told | ({"alias_number": str(alias.number)} if alias.number is not None else {})


def _listed(body: ListedBody) -> dict[str, str]:
    return {
        "entry": body.entry_id,
        "list": body.list_key,
        "edition": body.edition_on.isoformat(),
        "listed": body.name,
        "status": body.status,
    }


def category(event: Event, facts: ApplicationFacts) -> Finding:
    """Rule 2: what the category asks of the listed body."""
    if facts.category.rule is CategoryRule.INVITED:
        return _invited(facts)
    body = facts.organisation.body
    basis = facts.category.legal_basis
    if body is None:
        return Finding(
            Rule.CATEGORY,
            FindingOutcome.CANNOT_TELL,
            "body_not_known",
            "We check the status of your organisation once we know which one it is.",
            "no listed body is settled yet",
            basis,
        )
    if not body.in_force:
        return _finding_of_body(
            facts, body, FindingOutcome.REVIEW, "not_in_force", f"{body.status} is not in force on {event.reference_on}"
        )
    if body.in_force_on_deadline is False:
        words = f"in force on {event.reference_on}, but not on the deadline day {event.deadline_on}"
        return _finding_of_body(facts, body, FindingOutcome.REVIEW, "status_changed", words)
    if facts.category.rule is CategoryRule.GRADED:
        return _graded(facts, body)
    return _finding_of_body(
        facts, body, FindingOutcome.CLEAR, "in_force", f"{body.status}, in force on {event.reference_on}"
    )


def _graded(facts: ApplicationFacts, body: ListedBody) -> Finding:
    if body.status_on_deadline not in {None, body.status}:
        words = f"status {body.status} now, {body.status_on_deadline} on the deadline day"
        return _finding_of_body(facts, body, FindingOutcome.REVIEW, "status_changed", words)
    if body.status in facts.category.clear_grades:
        return _finding_of_body(facts, body, FindingOutcome.CLEAR, "grade_clear", f"status {body.status}")
    if body.status in facts.category.review_grades:
        return _finding_of_body(
            facts, body, FindingOutcome.REVIEW, "grade_review", f"status {body.status}: only partly compliant"
        )
    return _finding_of_body(
        facts, body, FindingOutcome.AGAINST, "grade_against", f"status {body.status} does not suffice"
    )


def _finding_of_body(
    facts: ApplicationFacts, body: ListedBody, outcome: FindingOutcome, code: str, words: str
) -> Finding:
    text = {
        FindingOutcome.CLEAR: "Your organisation holds the status that is asked for.",
        FindingOutcome.REVIEW: "A reviewer looks at the status of your organisation.",
    }.get(outcome, "Your organisation does not hold the status that is asked for.")
    staff = f"“{body.name}”: {words}"
    return Finding(Rule.CATEGORY, outcome, code, text, staff, facts.category.legal_basis, _listed(body))


def _invited(facts: ApplicationFacts) -> Finding:
    basis = facts.category.legal_basis
    if facts.invited_as is None:
        return Finding(
            Rule.CATEGORY,
            FindingOutcome.REVIEW,
            "not_on_invitation_list",
            "We ask the organiser whether you are invited.",
            "the name is not on the organiser's invitation list: ask the organiser",
            basis,
        )
    if facts.on_invitation:
        return Finding(
            Rule.CATEGORY,
            FindingOutcome.REVIEW,
            "invitation_used",
            "We ask the organiser about your invitation.",
            f"{facts.on_invitation} other on the same invitation: ask the organiser who is meant",
            basis,
            {"invited_as": facts.invited_as, "on_invitation": str(facts.on_invitation)},
        )
    return Finding(
        Rule.CATEGORY,
        FindingOutcome.CLEAR,
        "on_invitation_list",
        "You are on the organiser's invitation list.",
        f"on the invitation list: {facts.invited_as}",
        basis,
        {"invited_as": facts.invited_as},
    )
