"""How the name applied with agrees with the name on a document."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accredit.identity.likeness import are_alike
from accredit.identity.names import NameAgreement, NameAgreementKind, NamePart, PersonalName, closest, compare_names


def _kind(applied: tuple[str, str], document: tuple[str, str], *, truncated: bool = False) -> str:
    return compare_names(PersonalName(*applied), PersonalName(*document), truncated=truncated).kind


@pytest.mark.parametrize(
    ("applied", "document"),
    [
        (("Novák", "Lena"), ("NOVAK", "LENA")),
        (("Müller", "Jörg"), ("MUELLER", "JOERG")),
        (("Müller", "Jörg"), ("MULLER", "JORG")),
        (("Muñoz", "Íñigo"), ("MUNXXOZ", "INIGO")),
        (("O'Connor", "Aoife"), ("OCONNOR", "AOIFE")),
        (("van der Berg", "Jean-Pierre"), ("VAN DER BERG", "JEAN PIERRE")),
        (("Van Derberg", "Jeanpierre"), ("VAN DER BERG", "JEAN PIERRE")),
        (("Al-Hassan", "Omar"), ("ALHASSAN", "OMAR")),
        (("novák", "LENA"), ("NOVAK", "LENA")),
        (("Шевченко", "Ганна"), ("SHEVCHENKO", "HANNA")),
        (("Иванова", "Юлия"), ("IVANOVA", "IULIIA")),
        (("محمد", ""), ("MXHMD", "")),
        (("Suharto", ""), ("SUHARTO", "")),
    ],
)
def test_what_section_6_allows_is_the_same_name(applied: tuple[str, str], document: tuple[str, str]) -> None:
    """Any spelling of the tables, in any case, wherever words are parted."""
    assert _kind(applied, document) == "exact"


@pytest.mark.parametrize(
    ("applied", "document", "expected"),
    [
        (("Mendes Esteves Nogueira", "Rui Guilherme"), ("MENDES ESTEVES NOGUEIRA", "RUI G"), "truncated"),
        (("Carlos Monteiro", "Amélia Vanessa"), ("CARLOS MONTEIRO", "AMELIA VANESS"), "truncated"),
        (("Papandropoulos-Konstantinidou", "Eleni"), ("PAPANDROPOULOS KONSTANTINID", ""), "truncated"),
        (("Nilavadhanananda", "Chayapa Dejthamrong Krasuang"), ("NILAVADHANANANDA", "CHAYAPA DEJ K"), "shortened"),
        (("Bennelong Warrandyte", "Dingo"), ("BENNELONG W", "DINGO"), "shortened"),
        (("Nilavadhanananda", "Chayapa"), ("NILAVADHANANANDA", "PETRA"), "different"),
        (("Warrandyte", "Dingo Potoroo"), ("W", "D"), "different"),
    ],
)
def test_a_name_cut_by_its_field_agrees_as_far_as_it_goes(
    applied: tuple[str, str], document: tuple[str, str], expected: str
) -> None:
    """Cut at the end it is truncated; words cut within, or made initials, are shortened."""
    assert _kind(applied, document, truncated=True) == expected


def test_a_name_is_not_taken_as_cut_where_the_zone_does_not_say_so() -> None:
    """A shorter given name on an uncut document is another name, or an initial."""
    assert _kind(("Monteiro", "Amelia Vanessa"), ("MONTEIRO", "AMELIA VANESS")) == "spelling_variant"
    assert _kind(("Konstantinidou", "Eleni"), ("KONSTA", "ELENI")) == "other_surname"


@pytest.mark.parametrize(
    ("applied", "document", "expected"),
    [
        (("", "Suharto"), ("SUHARTO", ""), "one_name"),
        (("Suharto", "Suharto"), ("SUHARTO", ""), "one_name"),
        (("Suharto", "FNU"), ("SUHARTO", ""), "one_name"),
        (("Suharto", ""), ("SUHARTO", "FNU"), "one_name"),
        (("Sri Mulyani", ""), ("MULYANI", "SRI"), "one_name"),
        (("Lena", "Novák"), ("NOVAK", "LENA"), "order"),
        (("Novák", "Marie Lena"), ("NOVAK", "LENA MARIE"), "order"),
        (("Al Hassan", "Omar"), ("OMAR", "ALHASSAN"), "order"),
        (("Novák", "Lena"), ("NOVAK", "LENA MARIE"), "extra_given"),
        (("Novák", "Lena Marie"), ("NOVAK", "MARIE"), "extra_given"),
        (("García", "Ana"), ("GARCIA LOPEZ", "ANA"), "extra_surname"),
        (("García López", "Ana"), ("GARCIA", "ANA MARIA"), "extra_surname"),
        (("Mohammed", "Yusuf"), ("MUHAMMAD", "YOUSSEF"), "spelling_variant"),
        (("Pozdnyakov", "Alexander"), ("POZDNIAKOV", "ALEKSANDR"), "spelling_variant"),
        (("Abdel Rahman", "Aisha"), ("ABDULRAHMAN", "AISHA"), "spelling_variant"),
        (("Kennedy", "John F."), ("KENNEDY", "JOHN FITZGERALD"), "spelling_variant"),
        (("Sørensen", "Bo"), ("SORENSEN", "BO"), "spelling_variant"),
        (("Novák", "Lena"), ("SVOBODOVA", "LENA"), "other_surname"),
        (("Novák", "Lena"), ("SVOBODOVA", "LENA MARIE"), "other_surname"),
        (("Novák", "Lena"), ("NOVAK", "PETRA"), "different"),
        (("Novák", "Lena"), ("SVOBODOVA", "PETRA"), "different"),
        (("Li", "Wei"), ("LI", "WEN"), "different"),
    ],
)
def test_other_agreements_are_told_apart(applied: tuple[str, str], document: tuple[str, str], expected: str) -> None:
    """Each has its own word, because the officer asks another question for each."""
    assert _kind(applied, document) == expected


@pytest.mark.parametrize(
    "applied", [("王", "小明"), ("शर्मा", "प्रिया"), ("Μάριος", "Μενεξές"), ("Wang", "小明"), ("", ""), ("-", ".")]
)
def test_a_name_without_a_table_cannot_be_compared(applied: tuple[str, str]) -> None:
    """Neither yes nor no: it needs the Latin spelling of the document."""
    assert _kind(applied, ("WANG", "XIAOMING")) == "not_comparable"


def test_an_arabic_name_transcribed_by_ear_cannot_be_compared() -> None:
    """Most documents write MOHAMMED, which table C never gives; that says nothing against its bearer."""
    assert _kind(("محمد", "علي"), ("MOHAMMED", "ALI")) == "not_comparable"


def test_a_document_without_a_name_cannot_be_compared() -> None:
    """An empty side agrees with nothing."""
    assert _kind(("Novák", "Lena"), ("", "")) == "not_comparable"


def test_the_words_that_differ_are_named_for_the_screen() -> None:
    """Each as its own side writes it."""
    agreement = compare_names(PersonalName("Müller-Novák", "Lena"), PersonalName("MUELLER", "LENA MARIE"))
    shown = [(difference.part, difference.applied, difference.document) for difference in agreement.differences]
    assert shown == [(NamePart.SURNAME, "Novák", ""), (NamePart.GIVEN_NAMES, "", "MARIE")]


def test_names_stay_out_of_what_a_log_might_print() -> None:
    """The representation of an agreement has its kind, and no name."""
    agreement = compare_names(PersonalName("Novák", "Lena"), PersonalName("SVOBODOVA", "LENA"))
    shown = repr(agreement) + repr(PersonalName("Novák", "Lena"))
    assert "other_surname" in shown
    assert "Nov" not in shown
    assert "SVOBODOVA" not in shown


def test_the_best_of_several_agreements_counts() -> None:
    """The order of the kinds is from best to worst."""
    kinds = [NameAgreementKind.DIFFERENT, NameAgreementKind.ORDER, NameAgreementKind.NOT_COMPARABLE]
    assert closest([NameAgreement(kind) for kind in kinds]).kind is NameAgreementKind.ORDER


@pytest.mark.parametrize(
    ("one", "other"),
    [("AHMED", "AHMAD"), ("TCHAIKOVSKY", "CHAIKOVSKII"), ("MOHAMED", "MUHAMMAD"), ("STPEHEN", "STEPHEN")],
)
def test_words_of_one_sound_are_alike(one: str, other: str) -> None:
    """Transcriptions of one name, neighbours exchanged."""
    assert are_alike(one, other)
    assert are_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("WEI", "WEN"), ("PETRA", "LENA"), ("IVANOV", "PETROV"), ("", "A"), ("B", "ANNA")]
)
def test_words_of_another_sound_are_not(one: str, other: str) -> None:
    """Short names have no room for slips."""
    assert not are_alike(one, other)


def test_comparing_very_long_names_takes_no_time() -> None:
    """What a stranger types must not hold the desk."""
    began = time.process_time()
    compare_names(PersonalName("Å" * 200, "ab " * 60), PersonalName("A" * 300 + "B", "BA " * 60), truncated=True)
    assert time.process_time() - began < 2


_names = st.builds(PersonalName, st.text(max_size=20), st.text(max_size=20))


@settings(max_examples=300, deadline=None)
@given(applied=_names, document=_names, truncated=st.booleans())
def test_no_pair_of_names_raises(applied: PersonalName, document: PersonalName, truncated: bool) -> None:
    """Whatever was typed, there is an answer."""
    assert compare_names(applied, document, truncated=truncated).kind in set(NameAgreementKind)


@settings(max_examples=200, deadline=None)
@given(name=st.builds(PersonalName, *[st.text("ABCÄÖÜÑØßé -'", min_size=1, max_size=15)] * 2))
def test_a_name_agrees_with_its_own_spelling(name: PersonalName) -> None:
    """What the tables make of a name is that name; a name without a letter is no name."""
    kind = compare_names(name, name).kind
    has_letters = any(character.isalpha() for character in name.surname + name.given_names)
    assert kind is (NameAgreementKind.EXACT if has_letters else NameAgreementKind.NOT_COMPARABLE)
