"""Rules 2 and 4: which listed body is meant, and what the category asks of it (DESIGN section 4)."""

from __future__ import annotations

from accredit.domain.aliases import AliasUsed
from accredit.domain.application_facts import ApplicationFacts, Band, ListedBody, OrganisationAnswer
from accredit.domain.assessments import Finding, FindingOutcome, Rule, numbered
from accredit.domain.events import CategoryRule, Event
from accredit.domain.sentences import Told, joined

_HOW = {
    "exact": Told("its name"),
    "alias": Told("another name"),
    "former_name": Told("former name"),
    "acronym": Told("acronym"),
    "similar": Told("a like name"),
    "country": Told("its country"),
    "confirmed": Told("a reviewer's word"),
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
            Told("invited persons are checked against the invitation list, not their organisation"),
            basis,
        )
    evidence = {"typed": facts.organisation_typed, "how": answer.how, **numbered("candidate", answer.candidates)}
    evidence |= numbered("flag", answer.flags)
    if answer.band is Band.ACCEPT and answer.body is not None:
        evidence |= _listed(answer.body) | _by_alias(answer.alias)
        return Finding(
            Rule.ORGANISATION,
            FindingOutcome.CLEAR,
            f"matched_{answer.how}",
            f"We found your organisation on the list as “{answer.body.name}”.",
            _found(answer, answer.body),
            basis,
            evidence,
        )
    if not answer.lists_loaded:
        missing = "no edition of %(lists)s is in force on %(day)s: import one, then screen again"
        return Finding(
            Rule.ORGANISATION,
            FindingOutcome.CANNOT_TELL,
            "no_list",
            "We are still checking your organisation.",
            Told(missing, lists=", ".join(facts.category.lists), day=event.reference_on),
            basis,
            evidence,
        )
    code = "candidates" if answer.band is Band.REVIEW else "not_found"
    named = [Told("candidate: %(name)s", name=name) for name in answer.candidates]
    why = joined((*answer.flags, *named) or (Told("nothing similar is listed"),))
    return Finding(
        Rule.ORGANISATION,
        FindingOutcome.REVIEW,
        code,
        "We could not match your organisation to the list by its name alone; a reviewer looks at it.",
        why,
        basis,
        evidence,
    )


def _found(answer: OrganisationAnswer, body: ListedBody) -> Told:
    return Told(
        "“%(name)s” on %(list)s of %(day)s, found by %(how)s",
        name=body.name,
        list=body.list_key,
        day=body.edition_on,
        how=answer.alias.told if answer.alias is not None else _HOW.get(answer.how, answer.how),
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
            Told("no listed body is settled yet"),
            basis,
        )
    if not body.in_force:
        words = Told("%(status)s is not in force on %(day)s", status=body.status, day=event.reference_on)
        return _finding_of_body(facts, body, FindingOutcome.REVIEW, "not_in_force", words)
    if body.in_force_on_deadline is False:
        words = Told(
            "in force on %(day)s, but not on the deadline day %(deadline)s",
            day=event.reference_on,
            deadline=event.deadline_on,
        )
        return _finding_of_body(facts, body, FindingOutcome.REVIEW, "status_changed", words)
    if facts.category.rule is CategoryRule.GRADED:
        return _graded(facts, body)
    words = Told("%(status)s, in force on %(day)s", status=body.status, day=event.reference_on)
    return _finding_of_body(facts, body, FindingOutcome.CLEAR, "in_force", words)


def _graded(facts: ApplicationFacts, body: ListedBody) -> Finding:
    if body.status_on_deadline not in {None, body.status}:
        words = Told("status %(now)s now, %(then)s on the deadline day", now=body.status, then=body.status_on_deadline)
        return _finding_of_body(facts, body, FindingOutcome.REVIEW, "status_changed", words)
    if body.status in facts.category.clear_grades:
        words = Told("status %(status)s", status=body.status)
        return _finding_of_body(facts, body, FindingOutcome.CLEAR, "grade_clear", words)
    if body.status in facts.category.review_grades:
        words = Told("status %(status)s: only partly compliant", status=body.status)
        return _finding_of_body(facts, body, FindingOutcome.REVIEW, "grade_review", words)
    words = Told("status %(status)s does not suffice", status=body.status)
    return _finding_of_body(facts, body, FindingOutcome.AGAINST, "grade_against", words)


def _finding_of_body(
    facts: ApplicationFacts, body: ListedBody, outcome: FindingOutcome, code: str, words: Told
) -> Finding:
    text = {
        FindingOutcome.CLEAR: "Your organisation holds the status that is asked for.",
        FindingOutcome.REVIEW: "A reviewer looks at the status of your organisation.",
    }.get(outcome, "Your organisation does not hold the status that is asked for.")
    staff = Told("“%(name)s”: %(words)s", name=body.name, words=words)
    return Finding(Rule.CATEGORY, outcome, code, text, staff, facts.category.legal_basis, _listed(body))


def _invited(facts: ApplicationFacts) -> Finding:
    basis = facts.category.legal_basis
    if facts.invited_as is None:
        return Finding(
            Rule.CATEGORY,
            FindingOutcome.REVIEW,
            "not_on_invitation_list",
            "We ask the organiser whether you are invited.",
            Told("the name is not on the organiser's invitation list: ask the organiser"),
            basis,
        )
    if facts.on_invitation:
        return Finding(
            Rule.CATEGORY,
            FindingOutcome.REVIEW,
            "invitation_used",
            "We ask the organiser about your invitation.",
            Told("%(count)s other on the same invitation: ask the organiser who is meant", count=facts.on_invitation),
            basis,
            {"invited_as": facts.invited_as, "on_invitation": str(facts.on_invitation)},
        )
    return Finding(
        Rule.CATEGORY,
        FindingOutcome.CLEAR,
        "on_invitation_list",
        "You are on the organiser's invitation list.",
        Told("on the invitation list: %(invited)s", invited=facts.invited_as),
        basis,
        {"invited_as": facts.invited_as},
    )
