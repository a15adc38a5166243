"""Why an application waits or was refused, in the words of a letter: by the rule and the code of a finding.

The findings' own texts are English and hold dates and numbers; these are whole sentences that can be translated. A code
that is not named here is told by the last sentence, which is true of everything that is not clear.
"""

from __future__ import annotations

from accredit.domain.assessments import Rule
from accredit.rendering.mails.catalog import Tongue

REVIEWER = "A reviewer looks at your application."
_ORGANISATION = "We could not match your organisation to the list by its name alone; a reviewer looks at it."
_STATUS = "A reviewer looks at the status of your organisation."
_SAYS = "A reviewer looks at what your organisation says about you."
_PROOF = "Please send a letter of your organisation, or ask its focal point to confirm you."

SENTENCES: dict[tuple[Rule, str], str] = {
    (Rule.DEADLINE, "late"): "Your application arrived after the last day to apply.",
    (Rule.DEADLINE, "late_by_less_than_a_day"): "Your application arrived after the last day to apply.",
    (Rule.ORGANISATION, "no_list"): "We are still checking your organisation.",
    (Rule.ORGANISATION, "candidates"): _ORGANISATION,
    (Rule.ORGANISATION, "not_found"): _ORGANISATION,
    (
        Rule.CATEGORY,
        "body_not_known",
    ): "We check the status of your organisation once we know which one it is.",
    (Rule.CATEGORY, "not_in_force"): _STATUS,
    (Rule.CATEGORY, "status_changed"): _STATUS,
    (Rule.CATEGORY, "grade_review"): _STATUS,
    (Rule.CATEGORY, "grade_against"): "Your organisation does not hold the status that is asked for.",
    (Rule.CATEGORY, "not_on_invitation_list"): "We ask the organiser about your invitation.",
    (Rule.CATEGORY, "invitation_used"): "We ask the organiser about your invitation.",
    (Rule.AFFILIATION, "waits_for_focal_point"): "We wait until the focal point of your organisation confirms you.",
    (Rule.AFFILIATION, "no_proof"): _PROOF,
    (Rule.AFFILIATION, "own_claim"): _SAYS,
    (Rule.AFFILIATION, "not_on_delegate_list"): _SAYS,
    (Rule.AFFILIATION, "other_birth_date_on_delegate_list"): _SAYS,
    (
        Rule.PERSON,
        "same_person",
    ): "We have another application with your name and date of birth; a reviewer looks at both.",
    (
        Rule.PERSON,
        "spellings_disagree",
    ): "Your name in its own letters and in Latin letters look like two names; please compare them.",
    (Rule.PERSON, "minor"): "You are under 18 on the first day; a reviewer looks at who comes with you.",
    (Rule.PERSON, "same_grounds_pass"): "We check the number of your grounds pass.",
    (
        Rule.QUOTA,
        "quota_reached",
    ): "Your organisation has as many delegates as it may send; you are on its waiting list.",
}


def sentence(tongue: Tongue, rule: Rule, code: str) -> str:
    """One reason in this language."""
    return tongue.say(SENTENCES.get((rule, code), REVIEWER))
