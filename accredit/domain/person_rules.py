"""Rules 3, 5 and 6: that the person speaks for the body, who it is, how many come, and whether a hold lies on somebody."""

from __future__ import annotations

from datetime import date

from accredit.domain.application_facts import ApplicationFacts, DelegateAnswer, OnList
from accredit.domain.applications import AffiliationKind
from accredit.domain.assessments import Finding, FindingOutcome, Rule, numbered
from accredit.domain.events import CategoryRule, Event
from accredit.domain.sentences import Code, Told, joined

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
            Told("the invitation names the person"),
            basis,
        )
    confirmed = facts.affiliation is AffiliationKind.FOCAL_POINT and not facts.affiliation_claimed
    if event.focal_point_confirms and not confirmed:
        return Finding(
            Rule.AFFILIATION,
            FindingOutcome.CANNOT_TELL,
            WAITS_FOR_FOCAL_POINT,
            "We wait until the focal point of your organisation confirms you.",
            Told("the focal point of the body has not confirmed this person yet: send the link, or remind"),
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
            Told("no letter, nomination, delegate list or confirmation that this person speaks for the body"),
            basis,
        )
    kind = facts.affiliation.value
    if facts.affiliation_claimed:
        return Finding(
            Rule.AFFILIATION,
            FindingOutcome.CANNOT_TELL,
            "own_claim",
            "Please send a letter of your organisation, or ask its focal point to confirm you.",
            Told("the applicant names a %(kind)s; nobody of the staff has seen it", kind=Code(kind)),
            basis,
            {"claimed": kind},
        )
    return Finding(
        Rule.AFFILIATION,
        FindingOutcome.CLEAR,
        "proved",
        "Your organisation told us that you speak for it.",
        Told("by %(kind)s", kind=Code(kind)),
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
        words = Told("on the delegate list of the body, of %(day)s", day=answer.as_of)
        if answer.on_list is OnList.NAME:
            words = Told("%(words)s, by name alone: the list gives no birth date", words=words)
        return Finding(
            Rule.AFFILIATION,
            FindingOutcome.CLEAR,
            "on_delegate_list",
            "You are on the list of delegates that your organisation sent us.",
            words,
            basis,
            {"by": AffiliationKind.DELEGATE_LIST.value} | _of_list(answer),
        )
    is_named = answer.on_list is OnList.OTHER_BIRTH_DATE
    other, absent = Told("somebody of this name, born on another day, is on it"), Told("nobody of this name is on it")
    return Finding(
        Rule.AFFILIATION,
        FindingOutcome.REVIEW,
        "other_birth_date_on_delegate_list" if is_named else "not_on_delegate_list",
        "We ask your organisation whether you speak for it.",
        Told(
            "the body sent a delegate list of %(day)s, and %(listed)s: ask the body",
            day=answer.as_of,
            listed=other if is_named else absent,
        ),
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
            Rule.PERSON, FindingOutcome.CLEAR, "one_person", "We know who you are.", Told("no other application"), basis
        )
    applicant, staff = [], []
    if facts.same_person:
        applicant.append("We have another application with your name and date of birth.")
        staff.append(Told("same name and birth date as %(references)s", references=", ".join(facts.same_person)))
    if facts.spellings_disagree:
        applicant.append("Your name in its own script and in Latin letters look like two names; please compare them.")
        staff.append(
            Told(
                "the name in its own script and the name in Latin letters are two names: ask which one the passport has"
            )
        )
    if is_minor:
        asked = "" if facts.guardian_named else ": please name the adult who comes with you"
        applicant.append(f"You are under {_OF_AGE} on the first day{asked}.")
        look = Told("look at the guardian") if facts.guardian_named else Told("no guardian named")
        staff.append(Told("under %(age)s on %(day)s: %(look)s", age=_OF_AGE, day=first_day, look=look))
    if facts.same_grounds_pass:
        applicant.append("We check the number of your grounds pass.")
        others = ", ".join(facts.same_grounds_pass)
        staff.append(Told("another person gave the same grounds pass number: %(references)s", references=others))
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
    return Finding(Rule.PERSON, FindingOutcome.REVIEW, code, " ".join(applicant), joined(staff), basis, evidence)


def quota(event: Event, facts: ApplicationFacts) -> Finding:
    """Rule 5: delegates per organisation against the quota, in the order of receipt."""
    limit = facts.category.quota
    if limit == 0:
        return Finding(
            Rule.QUOTA,
            FindingOutcome.NOT_APPLICABLE,
            "no_quota",
            "No quota applies to you.",
            Told("no quota"),
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
            Told(
                "%(before)s delegates came before, the quota is %(quota)s: number %(place)s of those who wait",
                before=facts.delegates_before,
                quota=limit,
                place=place,
            ),
            event.legal_basis,
            {**evidence, "waits_as": str(place)},
        )
    return Finding(
        Rule.QUOTA,
        FindingOutcome.CLEAR,
        "within_quota",
        "There is room in your delegation.",
        Told("%(before)s of %(quota)s before this one", before=facts.delegates_before, quota=limit),
        event.legal_basis,
        evidence,
    )


def hold(event: Event, facts: ApplicationFacts) -> Finding:
    """Whoever is on hold for security waits for a person who may know more; nothing is told here, to nobody."""
    if not facts.held:
        words = "There is no other question about your application."
        return Finding(Rule.HOLD, FindingOutcome.NOT_APPLICABLE, "no_hold", words, Told("no hold"), event.legal_basis)
    words = "A reviewer looks at your application."
    return Finding(
        Rule.HOLD, FindingOutcome.REVIEW, "hold", words, Told("ask the supervisor"), event.legal_basis, {"held": "yes"}
    )
