"""The codes of States, organisations and persons without a State that a machine readable zone may carry.

Source: ICAO Doc 9303-3 section 5, which takes ISO 3166-1 alpha-3 and adds the codes of parts B to D.
"""

from __future__ import annotations

from typing import Final

_ALPHA_3: Final = """
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH
BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB
CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO
GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN
IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA
MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER
NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU
RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA
TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT
WLF WSM YEM ZAF ZMB ZWE
"""
_ISO_3166_1: Final = frozenset(_ALPHA_3.split())

# Codes for the British nationalities that are not citizenship of the United Kingdom (GBR).
BRITISH_NATIONALITIES: Final = frozenset({"GBD", "GBN", "GBO", "GBP", "GBS"})

# Organisations and other authorities that issue travel documents of their own.
ORGANISATIONS: Final = frozenset(
    {"UNO", "UNA", "UNK", "EUE", "XBA", "XCC", "XCE", "XCO", "XDC", "XEC", "XES", "XIM", "XMP", "XOM", "XPO"}
)

# Whose laissez-passer shows an office and not the nationality of its holder.
LAISSEZ_PASSER_ISSUERS: Final = frozenset({"UNO", "UNA", "EUE"})

# Stateless person, refugee by the 1951 Convention, other refugee, nationality unspecified.
WITHOUT_NATIONALITY: Final = frozenset({"XXA", "XXB", "XXC", "XXX"})

# States under another code than ISO's, or under a code that was in force when documents still valid were issued.
_OTHER_STATES: Final = frozenset({"D", "RKS", "XKX", "XXK", "ANT", "NTZ"})

SPECIMEN: Final = "UTO"
"""Utopia: ICAO's State of the specimens. A zone with it reads well, and no such document was ever issued to a person."""

KNOWN: Final = (
    _ISO_3166_1 | BRITISH_NATIONALITIES | ORGANISATIONS | WITHOUT_NATIONALITY | _OTHER_STATES | frozenset({SPECIMEN})
)

# One State, several codes: the key is another writing of the value. Germany alone has one letter in the zone.
_SAME_STATE: Final = {"D": "DEU", "XKX": "RKS", "XXK": "RKS"}


def canonical(code: str) -> str:
    """The one code for a State that has several: D gives DEU; case, spaces and fillers around are of no account."""
    bare = code.replace("<", "").strip().upper()
    return _SAME_STATE.get(bare, bare)


def is_known(code: str) -> bool:
    """Whether ICAO Doc 9303-3 section 5 allows this code; `UTO`, the State of specimens, is known too."""
    return code.replace("<", "").strip().upper() in KNOWN


def same_state(one: str, other: str) -> bool:
    """Whether two codes mean the same State; a British overseas nationality is not the same as GBR."""
    return canonical(one) == canonical(other)


def is_specimen(code: str) -> bool:
    """Whether this is Utopia, which issues specimens only."""
    return canonical(code) == SPECIMEN
