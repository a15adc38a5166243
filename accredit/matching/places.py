"""Names of countries and regions as they stand in the names of bodies: "Kenya", "Kenyan", "Suisse", "Latin American".

Facts, as data. A word that is as often something else ("Chad" the given name, "Jordan" the river) is a place here all the
same: the worst that follows is a look by a person. Codes are ISO 3166-1 alpha-3; parts of a country that name bodies of
their own (Scotland, Québec) and regions of the world have a code of more letters, which equals nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from accredit.matching.normalise import romanised

# code | name in English | adjective in English | other names and adjectives in any language, parted by commas
_TABLE = """
AFG|Afghanistan|Afghan|afghane, afgano, afgana
ALB|Albania|Albanian|albanie, albanais, albanaise, shqiperia
DZA|Algeria|Algerian|algerie, algerien, algerienne, algeriens, argelia
AND|Andorra|Andorran|andorre
AGO|Angola|Angolan|angolais, angolaise, angolano, angolana
ATG|Antigua and Barbuda|Antiguan|antigua
ARG|Argentina|Argentine|argentinian, argentino, argentine, argentin
ARM|Armenia|Armenian|armenie, armenien, armenienne
AUS|Australia|Australian|australie, australien, australienne
AUT|Austria|Austrian|autriche, autrichien, autrichienne, osterreich, osterreichische, osterreichischer
AZE|Azerbaijan|Azerbaijani|azerbaidjan, azeri
BHS|Bahamas|Bahamian|
BHR|Bahrain|Bahraini|bahrein
BGD|Bangladesh|Bangladeshi|
BRB|Barbados|Barbadian|barbade
BLR|Belarus|Belarusian|belarussian, bielorussie
BEL|Belgium|Belgian|belgique, belge, belges, belgie, belgische, belgica
BLZ|Belize|Belizean|
BEN|Benin|Beninese|beninois, beninoise
BTN|Bhutan|Bhutanese|bhoutan
BOL|Bolivia|Bolivian|bolivie, boliviano, boliviana, bolivien
BIH|Bosnia and Herzegovina|Bosnian|bosnia, bosnie
BWA|Botswana|Botswanan|
BRA|Brazil|Brazilian|brasil, brasileiro, brasileira, bresil, bresilien, bresilienne
BRN|Brunei|Bruneian|
BGR|Bulgaria|Bulgarian|bulgarie, bulgare
BFA|Burkina Faso|Burkinabe|burkina
BDI|Burundi|Burundian|burundais, burundaise
CPV|Cape Verde|Cape Verdean|cabo verde, cap vert
KHM|Cambodia|Cambodian|cambodge, cambodgien
CMR|Cameroon|Cameroonian|cameroun, camerounais, camerounaise
CAN|Canada|Canadian|canadien, canadienne, canadiens
CAF|Central African Republic|Central African|republique centrafricaine, centrafrique, centrafricain, centrafricaine
TCD|Chad|Chadian|tchad, tchadien, tchadienne
CHL|Chile|Chilean|chili, chilien, chileno, chilena
CHN|China|Chinese|chine, chinois, chinoise
COL|Colombia|Colombian|colombie, colombien, colombiano, colombiana
COM|Comoros|Comorian|comores, comorien
COG|Congo|Congolese|congolais, congolaise, republic of the congo, congo brazzaville
COD|Democratic Republic of the Congo|Congolese (Kinshasa)|rdc, drc, dr congo, rd congo, congo kinshasa
CRI|Costa Rica|Costa Rican|costarricense
CIV|Côte d'Ivoire|Ivorian|ivory coast, ivoirien, ivoirienne
HRV|Croatia|Croatian|croatie, croate, hrvatska
CUB|Cuba|Cuban|cubain, cubaine, cubano, cubana
CYP|Cyprus|Cypriot|chypre
CZE|Czech Republic|Czech|czechia, tcheque
DNK|Denmark|Danish|danemark, danois, danoise, danmark, dansk, danske
DJI|Djibouti|Djiboutian|
DMA|Dominica|Dominican (Dominica)|
DOM|Dominican Republic|Dominican|republica dominicana, dominicano, dominicana
ECU|Ecuador|Ecuadorian|equateur, ecuatoriano, ecuatoriana, equatorien
EGY|Egypt|Egyptian|egypte, egyptien, egyptienne
SLV|El Salvador|Salvadoran|salvador, salvadoreno, salvadorena
GNQ|Equatorial Guinea|Equatoguinean|guinee equatoriale
ERI|Eritrea|Eritrean|erythree
EST|Estonia|Estonian|estonie, eesti
SWZ|Eswatini|Swazi|swaziland
ETH|Ethiopia|Ethiopian|ethiopie, ethiopien, ethiopienne
FJI|Fiji|Fijian|fidji
FIN|Finland|Finnish|finlande, finlandais, suomi, suomen
FRA|France|French|francais, francaise, francaises, francesa
GAB|Gabon|Gabonese|gabonais, gabonaise
GMB|Gambia|Gambian|gambie
GEO|Georgia|Georgian|georgie, georgien
DEU|Germany|German|allemagne, allemand, allemande, deutschland, deutsche, deutscher, deutsches, alemania
GHA|Ghana|Ghanaian|ghanean
GRC|Greece|Greek|grece, grec, grecque, hellenic, hellas
GRD|Grenada|Grenadian|grenade
GTM|Guatemala|Guatemalan|guatemalteco, guatemalteca
GIN|Guinea|Guinean|guinee, guineen, guineenne
GNB|Guinea-Bissau|Bissau-Guinean|guinee bissau, guine bissau
GUY|Guyana|Guyanese|
HTI|Haiti|Haitian|haitien, haitienne
HND|Honduras|Honduran|hondureno, hondurena
HUN|Hungary|Hungarian|hongrie, hongrois, magyar
ISL|Iceland|Icelandic|islande
IND|India|Indian|inde, indien, indienne, bharat, bharatiya
IDN|Indonesia|Indonesian|indonesie
IRN|Iran|Iranian|iranien, iranienne, persian
IRQ|Iraq|Iraqi|irak, irakien, irakienne
IRL|Ireland|Irish|irlande, irlandais
ISR|Israel|Israeli|israelien
ITA|Italy|Italian|italie, italien, italienne, italia, italiano, italiana, italiani, italiane
JAM|Jamaica|Jamaican|jamaique
JPN|Japan|Japanese|japon, japonais, japonaise, nippon
JOR|Jordan|Jordanian|jordanie
KAZ|Kazakhstan|Kazakh|kazakhstani
KEN|Kenya|Kenyan|kenyane
KIR|Kiribati|I-Kiribati|
KOR|Korea|Korean|south korea, republic of korea, coree, coreen, coreenne
PRK|Democratic People's Republic of Korea|North Korean|north korea, dprk
KWT|Kuwait|Kuwaiti|koweit
KGZ|Kyrgyzstan|Kyrgyz|kirghizistan, kyrgyz republic
LAO|Laos|Lao|laotian
LVA|Latvia|Latvian|lettonie, latvijas
LBN|Lebanon|Lebanese|liban, libanais, libanaise
LSO|Lesotho|Basotho|
LBR|Liberia|Liberian|
LBY|Libya|Libyan|libye, libyen, libyenne
LIE|Liechtenstein|Liechtensteiner|
LTU|Lithuania|Lithuanian|lituanie, lietuvos
LUX|Luxembourg|Luxembourgish|luxembourgeois
MDG|Madagascar|Malagasy|malgache
MWI|Malawi|Malawian|
MYS|Malaysia|Malaysian|malaisie
MDV|Maldives|Maldivian|
MLI|Mali|Malian|malien, malienne, maliens
MLT|Malta|Maltese|malte
MHL|Marshall Islands|Marshallese|
MRT|Mauritania|Mauritanian|mauritanie, mauritanien, mauritanienne
MUS|Mauritius|Mauritian|maurice, mauricien
MEX|Mexico|Mexican|mexique, mexicain, mexicano, mexicana
FSM|Micronesia|Micronesian|
MDA|Moldova|Moldovan|moldavie
MCO|Monaco|Monegasque|
MNG|Mongolia|Mongolian|mongolie
MNE|Montenegro|Montenegrin|
MAR|Morocco|Moroccan|maroc, marocain, marocaine, marruecos
MOZ|Mozambique|Mozambican|mocambique
MMR|Myanmar|Burmese|burma, birmanie
NAM|Namibia|Namibian|namibie
NRU|Nauru|Nauruan|
NPL|Nepal|Nepalese|nepali
NLD|Netherlands|Dutch|holland, nederland, nederlandse, nederlands, pays bas, neerlandais
NZL|New Zealand|New Zealander|aotearoa
NIC|Nicaragua|Nicaraguan|nicaraguense
NER|Niger|Nigerien|nigerienne
NGA|Nigeria|Nigerian|
MKD|North Macedonia|Macedonian|macedonia, macedoine
NOR|Norway|Norwegian|norvege, norvegien, norge, norsk, norske
OMN|Oman|Omani|
PAK|Pakistan|Pakistani|pakistanais
PLW|Palau|Palauan|
PSE|Palestine|Palestinian|palestinien, palestinienne, palestiniens
PAN|Panama|Panamanian|panameno, panamena
PNG|Papua New Guinea|Papua New Guinean|papua
PRY|Paraguay|Paraguayan|paraguayo
PER|Peru|Peruvian|perou, peruano, peruana, peruvien
PHL|Philippines|Philippine|filipino, filipina, pilipinas
POL|Poland|Polish|pologne, polonais, polska, polskie, polski
PRT|Portugal|Portuguese|portugais, portugaise, portuguesa
QAT|Qatar|Qatari|
ROU|Romania|Romanian|roumanie, roumain
RUS|Russia|Russian|russian federation, russie, russe, rossiiskaya
RWA|Rwanda|Rwandan|rwandais, rwandaise, rwandese
KNA|Saint Kitts and Nevis|Kittitian|
LCA|Saint Lucia|Saint Lucian|
VCT|Saint Vincent and the Grenadines|Vincentian|
WSM|Samoa|Samoan|
SMR|San Marino|Sammarinese|
STP|Sao Tome and Principe|Santomean|sao tome
SAU|Saudi Arabia|Saudi|arabie saoudite
SEN|Senegal|Senegalese|senegalais, senegalaise
SRB|Serbia|Serbian|serbie, serbe
SYC|Seychelles|Seychellois|
SLE|Sierra Leone|Sierra Leonean|
SGP|Singapore|Singaporean|singapour
SVK|Slovakia|Slovak|slovaquie, slovak republic
SVN|Slovenia|Slovenian|slovene, slovenie
SLB|Solomon Islands|Solomon Islander|
SOM|Somalia|Somali|somalie, somalien
ZAF|South Africa|South African|afrique du sud, sudafrica
SSD|South Sudan|South Sudanese|soudan du sud
ESP|Spain|Spanish|espagne, espagnol, espagnole, espana, espanol, espanola, espanoles
LKA|Sri Lanka|Sri Lankan|lanka
SDN|Sudan|Sudanese|soudan, soudanais, soudanaise
SUR|Suriname|Surinamese|
SWE|Sweden|Swedish|suede, suedois, svenska, sverige, sveriges
CHE|Switzerland|Swiss|suisse, suisses, schweiz, schweizer, schweizerische, schweizerischer, svizzera, suiza
SYR|Syria|Syrian|syrie, syrien, syrienne, syrian arab republic
TWN|Taiwan|Taiwanese|chinese taipei
TJK|Tajikistan|Tajik|tadjikistan
TZA|Tanzania|Tanzanian|tanzanie
THA|Thailand|Thai|thailande
TLS|Timor-Leste|Timorese|east timor
TGO|Togo|Togolese|togolais, togolaise
TON|Tonga|Tongan|
TTO|Trinidad and Tobago|Trinidadian|trinidad
TUN|Tunisia|Tunisian|tunisie, tunisien, tunisienne
TUR|Turkey|Turkish|turkiye, turquie, turc, turque, turk, turks
TKM|Turkmenistan|Turkmen|
TUV|Tuvalu|Tuvaluan|
UGA|Uganda|Ugandan|ouganda, ougandais
UKR|Ukraine|Ukrainian|ukrainien
ARE|United Arab Emirates|Emirati|uae, emirates, emirats, arabes, unis
GBR|United Kingdom|British|uk, britain, great britain, royaume uni, britannique, reino unido
USA|United States|American|usa, americain, americaine, etats unis, estados unidos, estadounidense
URY|Uruguay|Uruguayan|uruguayo, uruguaya
UZB|Uzbekistan|Uzbek|ouzbekistan
VUT|Vanuatu|Ni-Vanuatu|
VEN|Venezuela|Venezuelan|venezolano, venezolana
VNM|Viet Nam|Vietnamese|vietnam
YEM|Yemen|Yemeni|yemenite
ZMB|Zambia|Zambian|zambie
ZWE|Zimbabwe|Zimbabwean|
HKG|Hong Kong|Hong Kong|hongkong
MAC|Macao|Macanese|macau
RKS|Kosovo|Kosovar|
PRI|Puerto Rico|Puerto Rican|puertorriqueno, puertorriquena
GRL|Greenland|Greenlandic|
ESH|Western Sahara|Sahrawi|saharawi, sahraoui
VAT|Holy See|Vatican|
part:scotland|Scotland|Scottish|
part:wales|Wales|Welsh|
part:england|England|English|
part:northern-ireland|Northern Ireland|Northern Irish|
part:quebec|Québec|Quebecois|quebecoise
part:catalonia|Catalonia|Catalan|catalunya, cataluna
part:kurdistan|Kurdistan|Kurdish|kurde
part:tibet|Tibet|Tibetan|tibetain
region:africa|Africa|African|afrique, africain, africaine, africains, africaines, afrika, africano, africana
region:west-africa|West Africa|West African|afrique de l'ouest, afrique occidentale
region:east-africa|East Africa|East African|afrique de l'est
region:southern-africa|Southern Africa|Southern African|afrique australe
region:central-africa|Central Africa|Central African (region)|afrique centrale
region:europe|Europe|European|europeen, europeenne, europa, europaische, europeo, europea
region:asia|Asia|Asian|asie, asiatique, asiatico
region:asia-pacific|Asia Pacific|Asia-Pacific|
region:pacific|Pacific|Pacific|pacifique, pacifico
region:caribbean|Caribbean|Caribbean|caraibes, caribe
region:latin-america|Latin America|Latin American|amerique latine, america latina, latinoamerica, latinoamericano
region:americas|Americas|Americas|ameriques
region:north-america|North America|North American|amerique du nord
region:south-america|South America|South American|amerique du sud
region:arab|Arab States|Arab|arabe, arabes, arab world
region:middle-east|Middle East|Middle Eastern|moyen orient
region:mediterranean|Mediterranean|Mediterranean|euro mediterranean, mediterranee, mediterraneen
region:nordic|Nordic|Nordic|scandinavia, scandinavian
region:balkans|Balkans|Balkan|
region:caucasus|Caucasus|Caucasian|caucase
region:maghreb|Maghreb|Maghreb|
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A country, a part of one, or a region: its code, its name, and the adjective made of it."""

    code: str
    name: str
    adjective: str


def _places() -> tuple[Mapping[str, Place], Mapping[tuple[str, ...], str]]:
    by_code: dict[str, Place] = {}
    by_words: dict[tuple[str, ...], str] = {}
    for line in _TABLE.strip().splitlines():
        code, name, adjective, more = line.split("|")
        by_code[code] = Place(code, name, adjective.partition(" (")[0])
        for spelling in (name, by_code[code].adjective, *filter(None, more.split(", "))):
            by_words.setdefault(tuple(romanised(spelling).split()), code)
    return MappingProxyType(by_code), MappingProxyType(by_words)


PLACES, _BY_WORDS = _places()
_FIRST_WORDS = frozenset(words[0] for words in _BY_WORDS)
_LONGEST = max(map(len, _BY_WORDS))


def places_in(words: Sequence[str]) -> list[tuple[int, int, str]]:
    """Where places stand among romanised words: first word, word after the last, code. Longer names win."""
    found: list[tuple[int, int, str]] = []
    start = 0
    while start < len(words):
        end, code = _place_at(words, start) if words[start] in _FIRST_WORDS else (start + 1, None)
        if code is not None:
            found.append((start, end, code))
        start = end
    return found


def _place_at(words: Sequence[str], start: int) -> tuple[int, str | None]:
    for length in range(min(_LONGEST, len(words) - start), 0, -1):
        code = _BY_WORDS.get(tuple(words[start : start + length]))
        if code is not None:
            return start + length, code
    return start + 1, None


def told(code: str) -> str:
    """A country in words, for a sentence; a code without a name here is told as it is."""
    place = PLACES.get(code)
    return code if place is None else place.name
