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
        "assocn": "association",
        "ass": "association",
        "fed": "federation",
        "fdn": "foundation",
        "inst": "institute",
        "soc": "society",
        "ctr": "center",
        "govt": "government",
        "st": "saint",
        "mt": "mount",
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
        "ageing": "aging",
        "archaeological": "archeological",
        "archaeology": "archeology",
        "catalogue": "catalog",
        "dialogues": "dialogs",
        "dialogue": "dialog",
        "encyclopaedia": "encyclopedia",
        "fulfilment": "fulfillment",
        "grey": "gray",
        "haemophilia": "hemophilia",
        "leukaemia": "leukemia",
        "licence": "license",
        "orthopaedic": "orthopedic",
        "orthopaedics": "orthopedics",
        "paediatrics": "pediatrics",
        "saviour": "savior",
        "sceptics": "skeptics",
        "travelling": "traveling",
        "traveller": "traveler",
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
ENDINGS = (("isations", "izations"), ("isation", "ization"), ("ising", "izing"), ("ised", "ized"))
SHORTEST_FOR_ENDINGS = 9

# Only the definite ones: an "a" in front may be an initial.
LEADING_ARTICLES = frozenset(
    {"the", "la", "le", "les", "l", "el", "los", "las", "il", "lo", "gli", "der", "die", "das"}
)

# Several words that are written as one, too. Only names that stand for one thing in every language they occur in.
PHRASES = MappingProxyType(
    {
        ("united", "states", "of", "america"): ("usa",),
        ("united", "states"): ("usa",),
        ("united", "kingdom", "of", "great", "britain", "and", "northern", "ireland"): ("uk",),
        ("united", "kingdom"): ("uk",),
        ("world", "wide"): ("worldwide",),
    }
)

# Small words that languages put or leave out between the same words. Those that say how two things stand to each other
# ("for", "against", "without") are not among them, nor are those that end a list ("or").
PARTICLES = LEADING_ARTICLES | frozenset(
    {
        "a",
        "an",
        "of",
        "d",
        "de",
        "del",
        "della",
        "delle",
        "dei",
        "di",
        "do",
        "da",
        "dos",
        "das",
        "du",
        "des",
        "von",
        "van",
    }
)
AND_WORDS = frozenset({"and", "et", "e", "y", "und", "en", "och", "og"})

# Words that say nothing about which body is meant. A name of these alone is never recognised.
STOP_WORDS = (
    PARTICLES
    | AND_WORDS
    | frozenset(
        {
            *("at", "by", "for", "in", "on", "or", "to", "with", "from", "into"),
            *("au", "aux", "pour", "par", "sur", "dans", "un", "une", "para", "por", "con", "al", "ao", "per"),
            *("fur", "im", "zu", "zur", "zum", "und", "voor", "het", "na", "za", "dla", "w"),
        }
    )
)

# Kinds of bodies in several languages, each with one word for all. Two bodies that differ by the kind differ.
KINDS = MappingProxyType(
    {
        word: kind
        for kind, words in {
            "association": "asociacion associacao associazione associacio verein vereniging dernek stowarzyszenie",
            "foundation": "fondation fundacion fundacao fondazione fundacja stiftung nadace nadacia vakfi fond fundatia fundacio",
            "society": "sociedad societe sociedade societa gesellschaft samaj",
            "federation": "federacion federacao federazione foderation verband",
            "organization": "organizacion organizacao organizzazione organisatie",
            "network": "reseau red rede rete netzwerk netwerk",
            "institute": "institut instituto istituto instytut",
            "center": "centro zentrum centrum tsentr",
            "committee": "comite comitato komitee komitet",
            "council": "conseil consejo conselho consiglio",
            "union": "unione unie",
            "league": "ligue liga lega",
            "movement": "mouvement movimiento movimento bewegung",
            "international": "internationale internacional internazionale internationaal internationales internationaler",
            "national": "nationale nacional nazionale nationaal",
            "world": "mondial mondiale mundial welt",
            "women": "femmes femme mujeres mujer mulheres donne frauen",
            "youth": "jeunesse juventud juventude gioventu jugend jeunes",
            "children": "enfants enfant ninos bambini kinder criancas",
            "peace": "paix paz pace frieden",
            "rights": "droits derechos direitos diritti rechte",
            "human": "humains humanos umani",
            "development": "developpement desarrollo desenvolvimento sviluppo entwicklung",
        }.items()
        for word in words.split()
    }
)

# Words that many names share. In a short list they would pass for rare, and one of them alone identifies nobody.
GENERIC = frozenset(KINDS.values()) | frozenset(
    {
        *(
            "alliance",
            "group",
            "fund",
            "trust",
            "project",
            "program",
            "initiative",
            "action",
            "forum",
            "club",
            "academy",
        ),
        *(
            "university",
            "school",
            "college",
            "service",
            "services",
            "support",
            "aid",
            "help",
            "relief",
            "care",
            "house",
        ),
        *("global", "regional", "rural", "community", "social", "environment", "environmental", "health", "education"),
        *(
            "research",
            "studies",
            "welfare",
            "charity",
            "charitable",
            "humanitarian",
            "sustainable",
            "economic",
            "legal",
        ),
        *("justice", "law", "democracy", "freedom", "culture", "cultural", "science", "policy", "rights", "future"),
        *("hope", "life", "people", "family", "families", "men", "man", "woman", "child", "young", "new", "united"),
        *("coalition", "confederation", "chamber", "board", "office", "agency", "company", "commission", "congress"),
        *("empowerment", "training", "resource", "resources", "information", "promotion", "protection", "defense"),
    }
)

# Words that a parent, a branch or a sister body adds to the name it shares.
BRANCH_WORDS = frozenset(
    {
        *(
            "branch",
            "chapter",
            "section",
            "region",
            "regional",
            "office",
            "division",
            "district",
            "committee",
            "council",
        ),
        *(
            "foundation",
            "fund",
            "trust",
            "institute",
            "center",
            "school",
            "academy",
            "youth",
            "women",
            "womens",
            "student",
        ),
        *(
            "students",
            "alumni",
            "friends",
            "local",
            "national",
            "international",
            "global",
            "world",
            "worldwide",
            "auxiliary",
        ),
        *("federation", "league", "network", "union", "coalition", "section", "filiale", "antenne", "delegation"),
    }
)
