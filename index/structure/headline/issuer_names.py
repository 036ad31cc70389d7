"""Names of issuers: their written forms cleaned, what kind of name they are, which are the same.

One issuer is written in many ways: "CITY OF MARROW", "The City of Marrow (COM)", "Marrow Newsroom",
"Press Office – City of Marrow". Names are compared by their folded words without articles, legal
forms and abbreviations in brackets.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from index.structure.headline import head_words as patterns
from index.structure.headline.line_words import name_strength
from index.text.dates import MONTHS

NameKind = Literal["company", "holder", "organization", "plain", "word"]
"""A company by its legal form; the holder of an office; an organization by a word such as
"ministry"; several capitalized words; one word."""

_MAX_NAME = 110
"""Characters of a name, at most."""

_MAX_WORDS = 14
_FEW_WORDS = 4
_MIN_INITIALS = 3
_ABBREVIATED, _FULLER, _SHORTER = 0.8, 0.75, 0.5
"""What a mention in another form counts for: an abbreviation; one that a fuller name contains; one
that contains the name."""


_PRESS_SECTION = re.compile(
    r"(?<=\w)(?:[’']s)?,? (?:news|newsroom|(?:news|media|press) (?:centre|center|room|office|"
    r"service|team|"
    r"releases?|relations|inquiries|enquiries)|corporate communications|communications (?:team|"
    r"office)|"
    r"public (?:affairs|relations)|media|follow)\Z",
    re.IGNORECASE,
)
"""The section of an issuer's site or office, behind its name."""

_SECTION_FIRST = re.compile(
    r"\A(?:the )?(?:(?:press|media|news|communications?|public affairs|public information)"
    r" (?:office|team|service|centre|center|relations|department|section)|newsroom|"
    r"service (?:de )?(?:presse|communication)|bureau de presse|presse(?:stelle)?|"
    r"gabinete de (?:prensa|comunicación)|(?:direcci[oó]n de )?comunicaci[oó]n|ufficio stampa|"
    r"direction (?:de la communication|des communications|des relations médias)|communications)"
    r"(?:\s*[-–—|:,]\s*(?:the )?|(?= (?:presse)? ?[A-ZÀ-Þ]) )(?=[A-ZÀ-Þ])",
    re.IGNORECASE,
)
"""The section before the name: "Service Presse – Ville de Montcalm"."""

_PARTS = re.compile(r"\s+[|•·–—-]\s+|\s*[|•·]\s*")
_GERMAN_ARTICLE = re.compile(r"\A(?:Die|Der|Das|Dem|Den) (?=.+ (?:AG|GmbH|SE|KG|KGaA|eG|e\.V\.)\Z)")
_POSSESSIVE = re.compile(
    r"(?<=\w)[’']s?\Z| (?:today|yesterday|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\Z"
)
_OPEN_END = re.compile(r"(?:,? (?:of|for|and|the|de|du|des|del|la|et|y|für|und|at|in|&))+\Z")
"""Words after which a name was cut off."""

_EMPLOYER = re.compile(
    r"\A[^,]{3,40}, [^,]{0,40}\b(?:President|Director|Manager|Chair\w*|CEO|Officer|Head|"
    r"Executive)\b[^,]{0,30}?"
    r"(?: of| at| for|,) (?:the )?(?=[A-ZÀ-Þ])"
)
_ROLE = re.compile(
    r"\A[^,]{3,40}, (?:spokes\w+|director|manager|head|officer|communications)\b.*", re.IGNORECASE
)
"""A person with a job at the issuer."""

_DAY_FIRST = re.compile(
    r"\A(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Today|As)\b,? (?:the )?(?=[A-ZÀ-Þ])"
)
_PERSON_WITHIN = re.compile(
    r"(?<=\w) (?:Minister|Director|President|Chair\w*|CEO|Secretary|Commissioner|Spokes\w+|"
    r"Chief|Manager) "
    r"[A-ZÀ-Þ][\w.-]+ [A-ZÀ-Þ]"
)
"""A person with a title behind other words: "Education Minister Jane Roe"."""

_ABBREVIATION = re.compile(r"\s*\((?P<letters>[A-Z][A-Za-z&.]{1,11})\)")
_BRACKETS_AT_END = re.compile(r"\s*\([^()]{1,30}\)?\Z")
_LEGAL_FORM = frozenset({
    "inc", "ltd", "limited", "llc", "llp", "plc", "corp", "corporation", "co", "gmbh", "ag",
    "sa", "sas",
    "sarl", "spa", "nv", "bv", "ltée", "limitée", "pty", "ab", "asa", "oy", "oyj", "se", "kg",
    "kgaa", "company",
})  # fmt: skip
_SMALL = frozenset({
    "the", "a", "of", "for", "and", "on", "at", "in", "le", "la", "les", "l", "de", "du",
    "des", "d",
    "et", "der", "die", "das", "für", "und", "von", "el", "los", "las", "del", "y", "di", "e",
    "do", "da",
    "office",
})  # fmt: skip
"""Words that two forms of a name may differ in."""

_SAME_WORDS = {
    "u.s.": "united states",
    "u.s": "united states",
    "centre": "center",
    "dept": "department",
}
_WORD = re.compile(r"[\w.]+(?:[’'](?!s\b)\w+)?")
_NOT_IN_NAME = re.compile(r"@|https?:|www\.|\d{3}[-. ]\d{3}|[!?;“”\"»«=<>]|\.\.|\d{4}|\*")
_UNNAMED = re.compile(
    r"\A(?:the )?(?:(?:media|press|news|public|investor|general|further|more) .*|contacts?|"
    r"members?|"
    r"(?:the )?(?:company|agency|department|ministry|commission|board|council|committee|government|"
    r"court|trust|university|city|group|union|association|state|office|bureau|report|program|house|senate|"
    r"congress|parliament|administration|headquarters|chairman|president|director|minister|"
    r"secretary|festival|conference|headline|share|photos?|image|videos?)|washington.*|"
    r"(?:president|judge|justice|king|queen|pope) \w+|president of the united states|"
    r"(?:u\.?s\.? |united states )?(?:senators?|representatives?|congress\w*)|"
    r".* (?:act|bill|law|day|week|month|amendment|resolution|plan|report|caucus members)|"
    r".+ and the (?:republic|kingdom|united|government|province|state)\b.*|"
    r"cabinet (?:du|de la) (?:ministre|maire|mairesse|préfet|préfète|président|présidente)|"
    r"(?:associated|related|quick|useful|additional) (?:links?|facts?|documents?|resources?)|"
    r"(?:(?:united states|u\.?s\.?) senator ?){2,}|[\d\W]+)\Z",
    re.IGNORECASE,
)
"""A heading, or a word that stands for the name in the text: no name of an issuer."""

_PART = re.compile(
    r"\b(?:directorate|division|section|unit|subcommittee|communications?|public affairs|"
    r"(?:press|media) "
    r"(?:office|relations)|task force|program(?:me)?|bureau de la communication|relations "
    r"médias|(?:public|de l[’']) ?information|"
    r"direction des services|governing (?:board|council)|(?:supervisory|management) board|"
    r"board of directors)\b|\Acabinet (?:du |de la |de l[’'])",
    re.IGNORECASE,
)
"""A part of an issuer, rather than the issuer."""


_CHAMBER = re.compile(
    r"\A(?:the )?(?:u\.?s\.? |united states )?(?:senate|house|congress|parliament|"
    r"house of (?:representatives|commons|lords)|legislative assembly|legislature)"
    r"(?: and (?:senate|house))?(?:(?: [\w,&-]+)* (?:sub)?committee(?: on\b.*)?)?\Z",
    re.IGNORECASE,
)
_SENTENCE_WITHIN = re.compile(r"(?<=[a-z]{3})(?<!Corp)(?<!Dept)(?<!Univ)(?<!Assn)(?<!Bros)\.\s")
_PAPER = re.compile(
    r"#\s?\d|\b(?:bulletins?|advisor(?:y|ies)|updates?|alerts?)(?: (?:no\.? )?#?\d+)?\Z",
    re.IGNORECASE,
)
"""A number, or the kind of paper: "Ferry Bulletin #12" names a paper, not who issued it."""

_NETWORK = re.compile(r",? (?:twitter|facebook|instagram|youtube|linkedin)\Z", re.IGNORECASE)


_FULL_TITLES = {"Sen.": "Senator", "Rep.": "Representative", "Gov.": "Governor"}
_SHORT_TITLE = re.compile(
    r"(?:(?:U\.?S\.?|United States) )?(?P<title>Senator|Sen\.|Representative|Rep\.|Gov\.|"
    r"Congress(?:wo)?man) (?=[A-ZÀ-Þ])"
)
"""The title of the holder of an office, in the forms in which releases write it."""


def clean_name(words: str) -> str | None:
    """Return a written name without press office, article or marks; None when no name is left."""
    name = " ".join(words.split()).strip(" ,;:|–—-*•·[]").removesuffix(" today")
    name = _SECTION_FIRST.sub("", name)
    parts = [part for part in _PARTS.split(name) if part and not patterns.PRESS_UNIT.match(part)]
    named = [part for part in parts if not patterns.PORTAL.search(part)]
    name = (named or parts or [name])[0] if len(parts) != 1 or len(parts[0]) < len(name) else name
    name = _GERMAN_ARTICLE.sub("", _PRESS_SECTION.sub("", name)).strip(" ,;:|–—-*")
    name = _NETWORK.sub("", _POSSESSIVE.sub("", name))
    name = _OPEN_END.sub("", _ROLE.sub("", _EMPLOYER.sub("", _DAY_FIRST.sub("", name)))).strip(" ,")
    if name.count("(") != name.count(")"):
        name = name.replace(")", "") if "(" not in name else name[: name.rfind("(")].rstrip()
    return name if name and _can_be_name(name) else None


def _can_be_name(name: str) -> bool:
    if len(name) > _MAX_NAME or not any(map(str.isalpha, name)) or len(name.split()) > _MAX_WORDS:
        return False
    if name[0].islower() and not any(map(str.isupper, name[1:])):
        return False
    refused = (
        patterns.PORTAL.search(name)
        or _NOT_IN_NAME.search(name)
        or _UNNAMED.match(name)
        or _PAPER.search(name)
        or (_SENTENCE_WITHIN.search(name) and not patterns.NAME_OF_COMPANY.search(name))
        or _PERSON_WITHIN.search(name)
        or patterns.ADDRESS.search(name)
        or name.casefold() in MONTHS
        or patterns.LABEL.fullmatch(name)
        or patterns.PRESS_UNIT.match(name)
    )
    return not refused and len(name) > 1


def full_title(name: str) -> str:
    """Return a name with its title in full: "Senator Jane Roe" for "U.S. Sen. Jane Roe"."""
    found = _SHORT_TITLE.match(name)
    if found is None:
        return name
    title = found["title"]
    return f"{_FULL_TITLES.get(title, title)} {name[found.end() :]}"


def plain(text: str) -> str:
    """Return a text in lower case, with one kind of apostrophe."""
    return text.casefold().replace("’", "'")


@lru_cache(maxsize=4_096)
def name_kind(name: str) -> NameKind:
    """Return what kind of name it is."""
    plain = _BRACKETS_AT_END.sub("", name)
    if patterns.NAME_OF_COMPANY.search(plain):
        return "company"
    if patterns.NAME_OF_OFFICE_HOLDER.match(plain) and " " in plain:
        return "holder"
    if name_strength(plain) == "strong":
        return "organization"
    return "plain" if " " in plain else "word"


def is_part(name: str) -> bool:
    """Whether a name is that of a part of an issuer: its division, its communications."""
    return _PART.search(name) is not None


def is_state(name: str) -> bool:
    """Whether a name is that of the state or chamber that an issuer belongs to."""
    return patterns.STATE.match(name) is not None


def is_chamber(name: str) -> bool:
    """Whether a name is that of a chamber of a parliament or of its committee."""
    return _CHAMBER.match(name) is not None


@lru_cache(maxsize=16_384)
def name_words(name: str) -> tuple[str, ...]:
    """Return the folded words by which names are compared."""
    folded = plain(unicodedata.normalize("NFC", _ABBREVIATION.sub(" ", name)))
    found = (_SAME_WORDS.get(word, word.strip(".")) for word in _WORD.findall(folded))
    words = [part for word in found for part in word.replace("'", " ").split()]
    while len(words) > 1 and words[-1].replace(".", "") in _LEGAL_FORM:
        words.pop()
    kept = tuple(word.replace(".", "") for word in words if word not in _SMALL and word != "s")
    return kept or tuple(words)


def initials(name: str) -> str:
    """Return the initials of a name in lower case: "whw" for "World Health Workers"."""
    given = _ABBREVIATION.search(name)
    return given["letters"].casefold() if given else "".join(word[0] for word in name_words(name))


@lru_cache(maxsize=65_536)
def likeness(name: str, other: str) -> float:
    """Return how far a mention of `other` is one of `name`, from 0 to 1.

    1 when both are equal, less when one is the other's abbreviation, contains it or is within it.
    """
    own, mentioned = name_words(name), name_words(other)
    if own == mentioned or "".join(own) == "".join(mentioned):
        return 1.0
    for words, whole_name in ((own, other), (mentioned, name)):
        letters = "".join(words)
        if len(words) == 1 and len(letters) >= _MIN_INITIALS and letters == initials(whole_name):
            return _ABBREVIATED
    if _is_within(mentioned, own) or _is_short_for(mentioned, own, name, other):
        return _FULLER
    if _is_short_for(own, mentioned, other, name):
        return _SHORTER
    return _SHORTER if _is_within(own, mentioned) else 0.0


def _is_short_for(short: tuple[str, ...], long: tuple[str, ...], name: str, other: str) -> bool:
    """Whether a holder of an office is named by title and family name: "Senator Roe"."""
    if len(short) >= len(long) or short[-1] != long[-1] or not {*short} <= {*long}:
        return False
    return name_kind(name) == name_kind(other) == "holder"


def is_fuller(name: str, other: str) -> bool:
    """Whether a name contains another and says more."""
    own, mentioned = name_words(name), name_words(other)
    return own != mentioned and _is_within(mentioned, own)


def _is_within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    if len(short) == 1:
        return len(short[0]) > _MIN_INITIALS and long[0] == short[0] and len(long) <= _FEW_WORDS
    return any(long[place : place + len(short)] == short for place in range(len(long)))
