"""The letters of ICAO Doc 9303-3 section 6: which spelling each has in a machine readable zone.

Upper case only, since case is folded before the tables are asked. The first spelling is the recommended one, the others
are those that the same row of the table allows: another way for the same letter (Latin) or the way of one language
(Cyrillic). Letters of the Latin script that no row names, as in Vietnamese, lose their marks in `transliteration`.
"""

from __future__ import annotations

from typing import Final

# Section 6, table A. Rows whose spelling is only the bare letter are left to the rule about marks. The Azerbaijani schwa
# has no row; documents print A or E for it.
_LATIN: Final = """
Ä AE A|Å AA A|Æ AE|Ð D|Đ D|Ħ H|Ĳ IJ|Ł L|Ŀ L|Ñ N NXX|Ŋ N|Ö OE O|Ø OE|Œ OE|Ŧ T|Ü UE UXX U|Þ TH|ẞ SS|ß SS|İ I|ı I|Ə A E
"""

# Section 6, table B. Belarusian H and IO, Bulgarian SHT, Macedonian GJ, KJ, DJ, Serbian and Macedonian H and C, Serbian
# Z, C and S, Ukrainian H and Y. The soft sign has no spelling.
_CYRILLIC: Final = """
А A|Б B|В V|Г G H|Д D|Е E|Ё E IO|Ж ZH Z|З Z|И I Y|І I|Й I|К K|Л L|М M|Н N|О O|П P|Р R|С S|Т T|У U|Ф F|Х KH H|Ц TS C|
Ч CH C|Ш SH S|Щ SHCH SHT|Ы Y|Ъ IE|Э E|Ю IU|Я IA|Ѵ Y|Ґ G|Ў U|Ѫ U|Ѓ G GJ|Ђ D|Ѕ DZ|Ј J|Ќ K KJ|Љ LJ|Њ NJ|Ћ C|Һ C|Џ DZ DJ|
Є IE|Ї I
"""

# Section 6, table C. An X opens every spelling that has to be told from a plainer letter.
_ARABIC: Final = """
ء XE|آ XAA|أ XAE|ؤ U|إ I|ئ XI|ا A|ب B|ت T|ث XTH|ج J|ح XH|خ XKH|د D|ذ XDH|ر R|ز Z|س S|ش XSH|ص XSS|ض XDZ|ط XTT|ظ XZZ|
ع E|غ G|ف F|ق Q|ك K|ل L|م M|ن N|ه H|و W|ى XAY|ي Y|ٱ XXA|ٹ XXT|ټ XRT|پ P|ځ XKE|څ XXH|چ XC|ڈ XXD|ډ XDR|ڑ XXR|ړ XRR|
ږ XRX|ژ XJ|ښ XXS|ک XKK|ګ XXK|ڭ XNG|گ XGG|ں XNN|ڼ XXN|ھ XDO|ۀ XYH|ہ XXG|ۂ XGE|ۃ XTG|ی XYA|ۍ XXY|ې Y|ے XYB|ۓ XBE
"""


def _rows(table: str) -> dict[str, tuple[str, ...]]:
    cells = (row.split() for row in table.replace("\n", "").split("|"))
    return {letter: tuple(spellings) for letter, *spellings in cells}


LATIN: Final = _rows(_LATIN)
CYRILLIC: Final = _rows(_CYRILLIC)
ARABIC: Final = _rows(_ARABIC)
SPELLINGS: Final = LATIN | CYRILLIC | ARABIC

TEH_MARBUTA: Final = "ة"
TEH_MARBUTA_WITHIN: Final = ("XTA",)
TEH_MARBUTA_AT_END: Final = ("XAH",)

SHADDA: Final = "\u0651"
"""Doubles the letter before it (table C, note)."""

# Written, and not in the zone: the soft sign and the stroke that stretches an Arabic word.
SILENT: Final = frozenset({"Ь", "\u0640"})
