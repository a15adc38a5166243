"""Rules 3, 5 and 6: that the person speaks for the body, who it is, how many come, and whether a hold lies on somebody."""

from __future__ import annotations

from datetime import date

from accredit.domain.application_facts import ApplicationFacts, DelegateAnswer, OnList
from accredit.domain.applications import AffiliationKind
from accredit.domain.assessments import Finding, FindingOutcome, Rule, numbered
from accredit.domain.events import CategoryRule, Event

WAITS_FOR_FOCAL_POINT = "waits_for_focal_point"
QUOTA_REACHED = "quota_reached"
_OF_AGE = 18


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
            _by(facts) | _of_list(facts.delegate_list),
        )
    if facts.delegate_list is not None and not confirmed:
        return _by_delegate_list(facts, facts.delegate_list, basis)
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
        {"by": kind} | _of_list(facts.delegate_list),
    )


def _by(facts: ApplicationFacts) -> dict[str, str]:
    """By what else the person says, or proves, to speak for the body."""
    if facts.affiliation is None:
        return {}
    return {"claimed" if facts.affiliation_claimed else "by": facts.affiliation.value}


def _of_list(answer: DelegateAnswer | None) -> dict[str, str]:
    return {} if answer is None else {"delegate_list": answer.as_of.isoformat(), "on_list": answer.on_list.value}


def _by_delegate_list(facts: ApplicationFacts, answer: DelegateAnswer, basis: str) -> Finding:
    """The body said itself whom it sends. Whoever is not among them may still be sent, so that a person asks."""
    if answer.on_list in {OnList.PERSON, OnList.NAME}:
        alone = "" if answer.on_list is OnList.PERSON else ", by name alone: the list gives no birth date"
        return Finding(
            Rule.AFFILIATION,
            FindingOutcome.CLEAR,
            "on_delegate_list",
            "You are on the list of delegates that your organisation sent us.",
            f"on the delegate list of the body, of {answer.as_of}{alone}",
            basis,
            {"by": AffiliationKind.DELEGATE_LIST.value} | _of_list(answer),
        )
    is_named = answer.on_list is OnList.OTHER_BIRTH_DATE
    listed = "somebody of this name, born on another day, is on it" if is_named else "nobody of this name is on it"
    return Finding(
        Rule.AFFILIATION,
        FindingOutcome.REVIEW,
        "other_birth_date_on_delegate_list" if is_named else "not_on_delegate_list",
        "We ask your organisation whether you speak for it.",
        f"the body sent a delegate list of {answer.as_of}, and {listed}: ask the body",
        basis,
        _by(facts) | _of_list(answer),
    )


def age_on(born: date, day: date) -> int:
    """Full years on the day; somebody born on 29 February turns a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def person(event: Event, facts: ApplicationFacts) -> Finding:
    """Rule 5: the same person twice is shown, not merged; a name in two spellings is one name; a minor comes with a
    guardian; one grounds pass has one holder.

    All of these may be true; the first one gives the code.
    """
    first_day = event.valid_from.astimezone(event.zone).date()
    is_minor = age_on(facts.birth_date, first_day) < _OF_AGE
    basis = event.legal_basis
    if not (facts.same_person or facts.spellings_disagree or is_minor or facts.same_grounds_pass):
        return Finding(
            Rule.PERSON, FindingOutcome.CLEAR, "one_person", "We know who you are.", "no other application", basis
        )
    applicant, staff = [], []
    if facts.same_person:
        applicant.append("We have another application with your name and date of birth.")
        staff.append(f"same name and birth date as {', '.join(facts.same_person)}")
    if facts.spellings_disagree:
        applicant.append("Your name in its own script and in Latin letters look like two names; please compare them.")
        staff.append(
            "the name in its own script and the name in Latin letters are two names: ask which one the passport has"
        )
    if is_minor:
        asked = "" if facts.guardian_named else ": please name the adult who comes with you"
        applicant.append(f"You are under {_OF_AGE} on the first day{asked}.")
        guardian = "look at the guardian" if facts.guardian_named else "no guardian named"
        staff.append(f"under {_OF_AGE} on {first_day}: {guardian}")
    if facts.same_grounds_pass:
        applicant.append("We check the number of your grounds pass.")
        staff.append(f"another person gave the same grounds pass number: {', '.join(facts.same_grounds_pass)}")
    found = {
        "same_person": facts.same_person,
        "spellings_disagree": facts.spellings_disagree,
        "minor": is_minor,
        "same_grounds_pass": facts.same_grounds_pass,
    }
    code = next(one for one, holds in found.items() if holds)
    evidence = numbered("same_person", facts.same_person)
    evidence |= {"spellings": "disagree"} if facts.spellings_disagree else {}
    if is_minor:
        guardian = "named" if facts.guardian_named else "none named"
        evidence |= {"minor": "yes", "first_day": first_day.isoformat(), "guardian": guardian}
    evidence |= numbered("same_grounds_pass", facts.same_grounds_pass)
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
            QUOTA_REACHED,
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
