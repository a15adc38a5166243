"""The guards: what makes two near names two bodies, each by a class of errors and never by a name."""

from __future__ import annotations

import pytest

from accredit.matching.answer import Band, Guard, How
from accredit.matching.index import Alias, Index, Listed, build_index
from accredit.matching.match import match


@pytest.fixture(scope="module")
def index() -> Index:
    """Made-up bodies, one for each way in which names come near."""
    return build_index(
        Listed(str(number), name)
        for number, name in enumerate(
            [
                "Lantern Society for Refugee Children",
                "Lantern Society of Kenya",
                "Orchard Law Centre (Nairobi)",
                "International Council for Estuary Rights",
                "Breakwater",
                "Women in Fisheries Development",
                "Fondation Marée Haute",
                "Общество друзей маяка",
                "Amis du Phare / Friends of the Old Lighthouse",
                "Estuary Observers Training Federation Worldwide",
                "Beacon Advocacy and Research Network",
            ]
        )
    )


@pytest.mark.parametrize(
    ("typed", "guard"),
    [
        ("Lantern Society of Uganda", Guard.COUNTRY_CONFLICT),
        ("Lantern Society for Refugee Children Uganda", Guard.COUNTRY_ON_ONE_SIDE),
        ("Lantern Society for Refugee Children (Ugandan)", Guard.COUNTRY_IN_BRACKETS),
        ("Lantern Society for Refugee Musicians", Guard.WORDS_CONFLICT),
        ("Lantern Society for Young Refugee Children", Guard.WORD_ON_ONE_SIDE),
        ("Lantern Society for Refugee Children Trust", Guard.BRANCH_OR_PARENT),
        ("Orchard Law Centre (Kisumu)", Guard.BRACKET_CONFLICT),
        ("Orchard Law Centre", Guard.BRACKET_ON_ONE_SIDE),
        ("International Estuary Rights Council", Guard.WORD_ORDER),
        ("The Breakwater", Guard.ONE_WORD),
        ("Women for Fisheries Development", Guard.LINK_WORD),
        ("Breakwatr", Guard.SPELLING),
        ("Stiftung Marée Haute", Guard.TRANSLATION),
        ("Obshchestvo druzey mayaka", Guard.OTHER_LETTERS),
        ("Amis du Phare", Guard.ONE_OF_TWO_NAMES),
        ("EOTFW", Guard.ACRONYM_ONLY),
    ],
)
def test_a_guard_names_what_parts_two_names(index: Index, typed: str, guard: Guard) -> None:
    """The right body comes first, the guard is named and told in a sentence, and nobody is accepted."""
    answer = match(index, typed, None)
    assert (answer.band, answer.entry_id) == (Band.REVIEW, None)
    assert guard in {flag.guard for flag in answer.candidates[0].flags}
    assert len(answer.flags) >= len(answer.candidates[0].flags)
    assert all(sentence.endswith((".", "?")) for sentence in answer.flags)


@pytest.mark.parametrize(
    "typed",
    [
        "LANTERN SOCIETY FOR REFUGEE CHILDREN, Inc.",
        "Stichting Lantern Society for Refugee Children",
        "Lantern Society for Refugee Children, Limited by Guarantee",
        "Lanternsociety for Refugee-Children",
        "Lantern Society for Refugee Child",
        "Lantern Society for Refugge Children",
        "Lantern Society for the Refugee Children",
        "BARN - Beacon Advocacy & Research Network",
        "Beacon Advocacy et Research Network (BEARN)",
    ],
)
def test_a_slip_is_no_other_body(index: Index, typed: str) -> None:
    """Legal forms, blanks, articles, number, the own acronym and one misspelt word of a telling name are looked over."""
    answer = match(index, typed, None)
    assert answer.band is Band.ACCEPT, answer.flags
    assert answer.candidates[0].name in {index.listed[0].name, index.listed[10].name}


def test_two_as_near_are_for_a_person() -> None:
    """A slip that lies between two listed bodies is nobody's until a person says whose."""
    index = build_index([Listed("1", "Harbour Voices Alpha Network"), Listed("2", "Harbour Voices Alphe Network")])
    answer = match(index, "Harbour Voices Alphi Network", None)
    assert (answer.band, answer.entry_id) == (Band.REVIEW, None)
    assert any("as near as" in flag for flag in answer.flags)


def test_the_country_of_a_near_name_is_looked_at_too() -> None:
    """A slip in the name of a body in another country is not accepted."""
    index = build_index([Listed("1", "Lantern Society for Refugee Children", "AUS")])
    assert match(index, "Lantern Society for Refugee Childern", "AUS").band is Band.ACCEPT
    answer = match(index, "Lantern Society for Refugee Childern", "GBR")
    assert answer.band is Band.REVIEW
    assert "The listed body is of Australia (AUS); the application says United Kingdom (GBR)." in answer.flags


def test_a_former_name_finds_its_body_and_says_so() -> None:
    """With the renames loaded, the old name is certain, and the answer tells by which name it was found."""
    index = build_index([Listed("1", "Tidewater Action", None, (Alias("Coastal Technology Group", "former_name"),))])
    answer = match(index, "Coastal Technology Group", "GBR")
    assert (answer.band, answer.entry_id, answer.how) == (Band.ACCEPT, "1", How.FORMER_NAME)
    assert answer.candidates[0].by == "Coastal Technology Group"


def test_doubts_are_about_the_name_and_flags_about_the_bodies(index: Index) -> None:
    """What parts a near name from the typed one is no doubt about the typed one."""
    assert match(index, "Lantern Society of Uganda", None).doubts == ()
    assert len(match(index, "Lantern Society of Uganda\u200f", None).doubts) == 1
