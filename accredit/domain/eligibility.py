"""The rules of eligibility (DESIGN section 4): small functions from facts to a finding, and `assess`, which combines them.

The facts are plain: the matcher's answer and the rows of the database come in as values. Nothing here refuses anybody; a
finding against is a proposal that a reviewer carries out or waives.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from accredit.domain.aliases import AliasUsed
from accredit.domain.application_facts import ApplicationFacts, Band, ListedBody
from accredit.domain.applications import AffiliationKind
from accredit.domain.assessments import Assessment, Finding, FindingOutcome, Rule, combine
from accredit.domain.events import CategoryRule, Event

_A_DAY = timedelta(days=1)
_OF_AGE = 18
WAITS_FOR_FOCAL_POINT = "waits_for_focal_point"
_HOW = {
    "exact": "its name",
    "alias": "another name",
    "former_name": "former name",
    "similar": "a like name",
    "country": "its country",
    "confirmed": "a reviewer's word",
}


def assess(event: Event, facts: ApplicationFacts) -> Assessment:
    """The findings of all rules and their outcome. Pure: the same facts give the same assessment."""
    rules: tuple[Callable[[Event, ApplicationFacts], Finding], ...] = (
        deadline,
        organisation,
        category,
        affiliation,
        person,
        quota,
        hold,
    )
    return combine(tuple(_waived(rule(event, facts), facts.waived) for rule in rules))


def _waived(finding: Finding, waived: frozenset[Rule]) -> Finding:
    """A waiver stands beside what was found: the finding stays readable and stops counting. A hold is never waived."""
    if (
        finding.rule is Rule.HOLD
        or finding.rule not in waived
        or finding.outcome in {FindingOutcome.CLEAR, FindingOutcome.NOT_APPLICABLE}
    ):
        return finding
    evidence = {**finding.evidence, "waived": finding.code}
    return Finding(
        finding.rule,
        FindingOutcome.CLEAR,
        "waived",
        finding.applicant,
        f"waived by a reviewer; found before: {finding.staff}",
        finding.legal_basis,
        evidence,
    )


def waits_for_others(assessment: Assessment) -> bool:
    """Whether nobody of the staff needs to look before somebody else has answered: the focal point of the body."""
    against = any(one.outcome is FindingOutcome.AGAINST for one in assessment.findings)
    return not against and any(one.code == WAITS_FOR_FOCAL_POINT for one in assessment.findings)


def is_late(event: Event, received_at: datetime) -> bool:
    """Whether an application arrived after the end of the deadline day in the event's zone."""
    return _late_by(event, received_at) >= timedelta()


def may_be_refused_in_bulk(event: Event, received_at: datetime) -> bool:
    """Late by 24 hours or more. Less always goes to a person: the call named no time zone."""
    return _late_by(event, received_at) >= _A_DAY


def _late_by(event: Event, received_at: datetime) -> timedelta:
    """Time that really passed. Two times of one zone are subtracted by their clocks, and clocks are put forward and back."""
    return received_at.astimezone(UTC) - event.deadline_at.astimezone(UTC)


def deadline(event: Event, facts: ApplicationFacts) -> Finding:
    """Rule 1: the deadline belongs to the category."""
    basis = "Information note, Logistical arrangements: stakeholders must have applied by the deadline"
    if not facts.category.deadline:
        return Finding(
            Rule.DEADLINE,
            FindingOutcome.NOT_APPLICABLE,
            "no_deadline",
            "No deadline applies to you.",
            f"category {facts.category.key} has no deadline",
            basis,
        )
    shown = facts.received_at.astimezone(event.zone).strftime("%d %B %Y at %H:%M:%S")
    evidence = {"received_at": facts.received_at.isoformat(), "deadline_at": event.deadline_at.isoformat()}
    if not is_late(event, facts.received_at):
        text = f"Your application arrived in time, on {shown}."
        return Finding(Rule.DEADLINE, FindingOutcome.CLEAR, "in_time", text, f"received {shown}", basis, evidence)
    late_by = _late_by(event, facts.received_at)
    code = "late" if late_by >= _A_DAY else "late_by_less_than_a_day"
    last_day = event.deadline_on.strftime("%d %B %Y")
    return Finding(
        Rule.DEADLINE,
        FindingOutcome.AGAINST,
        code,
        f"Your application arrived on {shown}; the last day to apply was {last_day}.",
        f"received {shown}, {late_by} after the end of {last_day}",
        basis,
        evidence,
    )


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
    evidence = {"typed": facts.organisation_typed, "how": answer.how, **_numbered("candidate", answer.candidates)}
    evidence |= _numbered("flag", answer.flags)
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


def _numbered(word: str, values: tuple[str, ...]) -> dict[str, str]:
    return {f"{word}_{number}": value for number, value in enumerate(values, 1)}


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


def affiliation(event: Event, facts: ApplicationFacts) -> Finding:
    """Rule 3: that the person speaks for the body. Without a proof nobody is approved automatically."""
    basis = event.legal_basis
    if facts.category.rule is CategoryRule.INVITED:
        return Finding(
            Rule.AFFILIATION,
            FindingOutcome.NOT_APPLICABLE,
            "invited",
            "You are invited in person.",
            "the invitation names the person",
            basis,
        )
    confirmed = facts.affiliation is AffiliationKind.FOCAL_POINT and not facts.affiliation_claimed
    if event.focal_point_confirms and not confirmed:
        return Finding(
            Rule.AFFILIATION,
            FindingOutcome.CANNOT_TELL,
            WAITS_FOR_FOCAL_POINT,
            "We wait until the focal point of your organisation confirms you.",
            "the focal point of the body has not confirmed this person yet: send the link, or remind",
            basis,
            {"by": facts.affiliation.value} if facts.affiliation is not None else {},
        )
    if facts.affiliation is None:
        return Finding(
            Rule.AFFILIATION,
            FindingOutcome.CANNOT_TELL,
            "no_proof",
            "Please send a letter of your organisation, or ask its focal point to confirm you.",
            "no letter, nomination, delegate list or confirmation that this person speaks for the body",
            basis,
        )
    kind = facts.affiliation.value
    if facts.affiliation_claimed:
        return Finding(
            Rule.AFFILIATION,
            FindingOutcome.CANNOT_TELL,
            "own_claim",
            "Please send a letter of your organisation, or ask its focal point to confirm you.",
            f"the applicant names a {kind}; nobody of the staff has seen it",
            basis,
            {"claimed": kind},
        )
    return Finding(
        Rule.AFFILIATION,
        FindingOutcome.CLEAR,
        "proved",
        "Your organisation told us that you speak for it.",
        f"by {kind}",
        basis,
        {"by": kind},
    )


def age_on(born: date, day: date) -> int:
    """Full years on the day; somebody born on 29 February turns a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def person(event: Event, facts: ApplicationFacts) -> Finding:
    """Rule 5: the same person twice is shown, not merged; a minor comes with a guardian; one grounds pass has one holder.

    All of these may be true; the first one gives the code.
    """
    first_day = event.valid_from.astimezone(event.zone).date()
    is_minor = age_on(facts.birth_date, first_day) < _OF_AGE
    basis = event.legal_basis
    if not facts.same_person and not is_minor and not facts.same_grounds_pass:
        return Finding(
            Rule.PERSON, FindingOutcome.CLEAR, "one_person", "We know who you are.", "no other application", basis
        )
    applicant, staff = [], []
    if facts.same_person:
        applicant.append("We have another application with your name and date of birth.")
        staff.append(f"same name and birth date as {', '.join(facts.same_person)}")
    if is_minor:
        applicant.append("You are under 18 on the first day: please name the adult who comes with you.")
        staff.append(f"under {_OF_AGE} on {first_day}: needs a guardian")
    if facts.same_grounds_pass:
        applicant.append("We check the number of your grounds pass.")
        staff.append(f"another person gave the same grounds pass number: {', '.join(facts.same_grounds_pass)}")
    code = "same_person" if facts.same_person else "minor" if is_minor else "same_grounds_pass"
    evidence = _numbered("same_person", facts.same_person)
    evidence |= {"minor": "yes", "first_day": first_day.isoformat()} if is_minor else {}
    evidence |= _numbered("same_grounds_pass", facts.same_grounds_pass)
    return Finding(Rule.PERSON, FindingOutcome.REVIEW, code, " ".join(applicant), "; ".join(staff), basis, evidence)


def quota(event: Event, facts: ApplicationFacts) -> Finding:
    """Rule 5: delegates per organisation against the quota, in the order of receipt."""
    limit = facts.category.quota
    if limit == 0:
        return Finding(
            Rule.QUOTA,
            FindingOutcome.NOT_APPLICABLE,
            "no_quota",
            "No quota applies to you.",
            "no quota",
            event.legal_basis,
        )
    evidence = {"before": str(facts.delegates_before), "quota": str(limit)}
    if facts.delegates_before >= limit:
        place = facts.delegates_before - limit + 1
        return Finding(
            Rule.QUOTA,
            FindingOutcome.REVIEW,
            "quota_reached",
            f"Your organisation already has {limit} delegates; you are number {place} on its waiting list.",
            f"{facts.delegates_before} delegates came before, the quota is {limit}: number {place} of those who wait",
            event.legal_basis,
            {**evidence, "waits_as": str(place)},
        )
    return Finding(
        Rule.QUOTA,
        FindingOutcome.CLEAR,
        "within_quota",
        "There is room in your delegation.",
        f"{facts.delegates_before} of {limit} before this one",
        event.legal_basis,
        evidence,
    )


def hold(event: Event, facts: ApplicationFacts) -> Finding:
    """Whoever is on hold for security waits for a person who may know more; nothing is told here, to nobody."""
    if not facts.held:
        words = "There is no other question about your application."
        return Finding(Rule.HOLD, FindingOutcome.NOT_APPLICABLE, "no_hold", words, "no hold", event.legal_basis)
    words = "A reviewer looks at your application."
    return Finding(
        Rule.HOLD, FindingOutcome.REVIEW, "hold", words, "ask the supervisor", event.legal_basis, {"held": "yes"}
    )
