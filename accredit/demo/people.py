"""The cast: invented people of many scripts, the same ones at every run. None of them exists; the pairing is by lot."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Origin:
    """Names as people of one nationality write them: (own letters, Latin letters of the passport; empty: same)."""

    nationality: str
    surnames: tuple[tuple[str, str], ...]
    given_names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person."""

    surname: str
    given_names: str
    latin_surname: str
    latin_given_names: str
    birth_date: date
    nationality: str


def _same(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, "") for name in names)


LATIN = (
    Origin(
        "CHE",
        _same("Käser", "Rochat", "Bernasconi", "Zürcher", "Dutoit"),
        _same("Anouk", "Jürg", "Chiara", "Beat", "Élodie"),
    ),
    Origin(
        "KEN",
        _same("Wanjiru", "Odhiambo", "Mutua", "Chebet", "Njoroge"),
        _same("Achieng", "Kamau", "Naliaka", "Otieno", "Makena"),
    ),
    Origin(
        "FRA",
        _same("Lefèvre", "Garnier", "Le Goff", "Bonnet-Maçon", "Faure"),
        _same("Maëlys", "Benoît", "Solène", "Jean-Luc", "Océane"),
    ),
    Origin(
        "D",
        _same("Größler", "Müller-Wöhrl", "Böttcher", "Strauß", "Jäger"),
        _same("Jörg", "Friederike", "Günther", "Anke", "Sören"),
    ),
    Origin(
        "PHL",
        _same("Dimaculangan", "Ocampo", "Salonga", "Villanueva", "Magsino"),
        _same("Ligaya", "Jun", "Maricel", "Rodel", "Amihan"),
    ),
    Origin(
        "MEX",
        _same("Peñaloza", "Ibáñez Quiroga", "Zúñiga", "Lucero", "Treviño"),
        _same("Itzel", "José María", "Ximena", "Darío", "Lupita"),
    ),
    Origin(
        "VNM", _same("Nguyễn", "Trần", "Lê", "Phạm", "Đỗ"), _same("Thị Mai", "Văn Hùng", "Ngọc Ánh", "Đức", "Thu Hà")
    ),
    Origin(
        "TUR",
        _same("Öztürk", "Yıldız", "Çelik", "Şimşek", "Aydoğan"),
        _same("Gülşen", "İbrahim", "Çiğdem", "Oğuz", "Şule"),
    ),
    Origin(
        "POL",
        _same("Wójcik", "Żak", "Śliwińska", "Łuczak", "Dąbek"),
        _same("Jadwiga", "Łukasz", "Zofia", "Paweł", "Małgorzata"),
    ),
    Origin(
        "NGA",
        _same("Okonkwo", "Adébáyò", "Ezenwa", "Balarabe", "Oyelaran"),
        _same("Chiamaka", "Tunde", "Ngozi", "Ibrahim", "Folake"),
    ),
    Origin("IDN", (("", ""),), _same("Sukmawati", "Hartono", "Wulandari", "Prasetyo", "Lestari")),
    Origin(
        "BRA",
        _same("Gonçalves", "de Araújo", "Nóbrega", "Teixeira", "Brandão"),
        _same("Thaís", "João Pedro", "Luíza", "Ângelo", "Conceição"),
    ),
)
OTHER_SCRIPTS = (
    Origin(
        "EGY",
        (("الشربيني", "ELSHERBINY"), ("حنفي", "HANAFY"), ("درويش", "DARWISH"), ("البنا", "ELBANNA"), ("رزق", "RIZK")),
        (("نهى", "NOHA"), ("كريم", "KARIM"), ("ياسمين", "YASMINE"), ("طارق", "TAREK"), ("سلمى", "SALMA")),
    ),
    Origin(
        "UKR",
        (
            ("Коваленко", "KOVALENKO"),
            ("Шевчук", "SHEVCHUK"),
            ("Бондар", "BONDAR"),
            ("Мельник", "MELNYK"),
            ("Савчук", "SAVCHUK"),
        ),
        (("Олена", "OLENA"), ("Тарас", "TARAS"), ("Наталія", "NATALIIA"), ("Дмитро", "DMYTRO"), ("Ірина", "IRYNA")),
    ),
    Origin(
        "CHN",
        (("欧阳", "OUYANG"), ("林", "LIN"), ("郑", "ZHENG"), ("谢", "XIE"), ("宋", "SONG")),
        (("雪梅", "XUEMEI"), ("建国", "JIANGUO"), ("思远", "SIYUAN"), ("晓燕", "XIAOYAN"), ("文博", "WENBO")),
    ),
    Origin(
        "NPL",
        (("श्रेष्ठ", "SHRESTHA"), ("थापा", "THAPA"), ("गुरुङ", "GURUNG"), ("अधिकारी", "ADHIKARI"), ("तामाङ", "TAMANG")),
        (("सरिता", "SARITA"), ("विष्णु", "BISHNU"), ("अनुषा", "ANUSHA"), ("दीपक", "DIPAK"), ("कमला", "KAMALA")),
    ),
)


class Cast:
    """Draws people, never the same name twice; seeded, so that every run has the same cast."""

    def __init__(self, seed: int) -> None:
        self.lot = random.Random(seed)
        self._used: set[tuple[str, str]] = set()

    def draw(self, *, other_script: bool = False, age: tuple[int, int] = (22, 74)) -> Person:
        """A person nobody has been yet, of an age on 11 October 2017."""
        while True:
            origin = self.lot.choice(OTHER_SCRIPTS if other_script else LATIN)
            surname, given = self.lot.choice(origin.surnames), self.lot.choice(origin.given_names)
            second = self.lot.choice(origin.given_names)
            written = given[0] if second == given or other_script or " " in given[0] else f"{given[0]} {second[0]}"
            if (surname[0], written) not in self._used:
                break
        self._used.add((surname[0], written))
        days = self.lot.randrange(age[0] * 365 + 20, age[1] * 365)
        return Person(
            # Somebody with one name only carries it as the surname, as the machine-readable zone does.
            surname=surname[0] or written,
            given_names=written if surname[0] else "",
            latin_surname=surname[1],
            latin_given_names=given[1] if surname[1] else "",
            birth_date=date(2017, 10, 11) - timedelta(days=days),
            nationality=origin.nationality,
        )
