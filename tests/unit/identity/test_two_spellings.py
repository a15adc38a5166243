"""Is a name given in two spellings one name?"""

from __future__ import annotations

import pytest

from accredit.identity.two_spellings import spellings_disagree


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        (("Miller", "Bruno"), ("Okoro-Vale", "Tamsin")),
        (("Miller", "Bruno"), ("Okoro-Vale", "")),
        (("Иванов", "Пётр"), ("Okoro-Vale", "Tamsin")),
    ],
)
def test_two_names_disagree(native: tuple[str, str], latin: tuple[str, str]) -> None:
    """Another surname, or another name altogether, in any script that has a table."""
    assert spellings_disagree(*native, *latin)


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        (("Müller", "Jörg"), ("Mueller", "Joerg")),
        (("Щербаков", "Евгений"), ("Shcherbakov", "Evgeny")),
        (("Nguyễn", "Thị Hoa"), ("Nguyen", "Hoa")),
        (("Kenyatta", "Adaeze"), ("", "")),
        (("Kenyatta", "Adaeze"), ("", "Adaeze")),
    ],
)
def test_one_name_agrees(native: tuple[str, str], latin: tuple[str, str]) -> None:
    """Another rule of spelling, a name left out, or no Latin spelling at all."""
    assert not spellings_disagree(*native, *latin)


@pytest.mark.parametrize("native", [("王", "小明"), ("शर्मा", "राम"), ("محمد", "علي"), ("王", "Lena")])
def test_a_script_that_cannot_be_compared_never_disagrees(native: tuple[str, str]) -> None:
    """The Latin spelling alone speaks, as for Arabic, which documents transcribe by ear."""
    assert not spellings_disagree(*native, "Okoro-Vale", "Tamsin")
