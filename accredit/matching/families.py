"""Words that are written in several ways, as data. No entry names an organisation; each stands for a class."""

from __future__ import annotations

from types import MappingProxyType

# British and American spelling, and the abbreviations that forms and letterheads use.
SPELLINGS = MappingProxyType(
    {
        "organisation": "organization",
        "organisations": "organizations",
        "organisational": "organizational",
        "org": "organization",
        "intl": "international",
        "int'l": "international",
        "natl": "national",
        "nat'l": "national",
        "assoc": "association",
        "assn": "association",
        "ass'n": "association",
        "cttee": "committee",
        "dept": "department",
        "univ": "university",
        "centre": "center",
        "centres": "centers",
        "theatre": "theater",
        "programme": "program",
        "programmes": "programs",
        "labour": "labor",
        "defence": "defense",
        "neighbour": "neighbor",
        "neighbours": "neighbors",
        "behaviour": "behavior",
        "honour": "honor",
        "colour": "color",
        "favour": "favor",
        "harbour": "harbor",
        "travellers": "travelers",
        "counsellors": "counselors",
        "counselling": "counseling",
        "paediatric": "pediatric",
        "gynaecology": "gynecology",
        "cooperation": "co operation",
        "cooperative": "co operative",
    }
)

# Endings of the same two traditions, for words so long that "-is-" is the verb's ending and not its stem.
ENDINGS = (("isations", "izations"), ("isation", "ization"), ("ising", "izing"))
SHORTEST_FOR_ENDINGS = 9

# Only the definite ones: an "a" in front may be an initial.
LEADING_ARTICLES = frozenset(
    {"the", "la", "le", "les", "l", "el", "los", "las", "il", "lo", "gli", "der", "die", "das"}
)

# Dropped at the end of a name only. In front ("Stichting ...") they are part of how the body is known.
LEGAL_FORMS = frozenset(
    {
        *("inc", "incorporated", "ltd", "limited", "llc", "llp", "plc", "corp"),
        *("gmbh", "ggmbh", "ev", "asbl", "aisbl", "vzw", "ivzw", "onlus", "sarl", "srl", "nv", "bv"),
    }
)

# Words that say nothing about which body is meant. A name of these alone is never recognised.
STOP_WORDS = LEADING_ARTICLES | frozenset(
    {
        *("a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "to", "with"),
        *("d", "de", "del", "della", "di", "do", "du", "des", "e", "et", "und", "y"),
    }
)
