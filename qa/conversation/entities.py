"""What a name stands for: a person, a place, an organisation or a thing.

A conversation needs the type to know whom "she" means and where "there" is. There is no tagger:
titles, first names, the last word of the name and the words before it decide, in this order. A
word with a capital that nothing speaks for is a thing, which no pronoun for a person replaces. The
lists are of English; in other languages the form of the name decides.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.structure.quotations.job_titles import (
    TITLE_WORDS,
    is_organization_word,
    lookup_form,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


EntityKind = Literal["person", "place", "organisation", "thing"]
Gender = Literal["f", "m", ""]

_MOST_PERSON_WORDS = 4
_ACRONYM = re.compile(r"[A-Z]{2,6}s?\Z|(?:[A-Z]\.){2,}\Z")
_POSSESSIVE = re.compile(r"['’]s?\Z")

WOMEN = _words(
    """
abigail alexandria alice alison amanda amy andrea angela anita ann anna anne annie ashley
barbara beth bettina betty bonnie brenda carol carolyn caroline cassidy cathy catherine cathleen
charlotte cheri cheryl christina christine cindy claire claudia cynthia dana deb deborah debbie
debra denise diana diane dianne dina donna doris dorothy eileen elaine eleanor elise elizabeth
ellen emily emma erin eva eve evelyn frances frederica gail gina gloria grace gwen hannah
heather heidi helen hillary holly ilhan irene jackie jacky jaime jan jane janet janice jean
jeanne jenna jennifer jenny jessica jill joan joanne jodi josephine joyce judith judy julia
julie kamala karen kate kathleen kathryn kathy katie kay kelly kim kirsten kristi kyrsten laura
lauren laurie linda lisa lois lori louise lucille lucy lynn maggie margaret maria marian marie
marilyn marjorie martha mary maureen mazie megan melanie melissa mélanie michelle mikie mona
monica nancy naomi nicole nita olivia olympia pamela patricia patty paula pauline phyllis
pramila rachel rebecca rita robin rosa rose rosemary roslyn ruth sally samantha sandra sandy
sara sarah sharon sheila shelley shelly sheryl shirley sonia stacey stephanie sue susan susie
suzanne sydney tammy teresa theresa tina tracey val valerie veronica vicky victoria virginia
wendy yvette yvonne zoe
    """
)
MEN = _words(
    """
aaron adam adrian alan albert alex alexander alfred allan allen andrew andy anthony antonio
arlen arnold arthur austin barack barney barry ben benjamin bernard bernie bill blaine bob bobby
brad brady brendan brent brett brian bruce byron cameron carl cedric charles charlie chip chris
christopher chuck claude clifford cliff clint cory craig curt daniel dan danny darren darrell
dave david dean dennis derek dick don donald doug douglas duncan dwight ed eddie edward eli
elijah eric ernest evan francis frank franklin fred frederick gary gene geoff george gerald
gerry glenn gordon greg gregory gus harold harry heath henry herb herbert howard hugh ian isaac
jack jacob james jamie jared jason jay jeff jeffrey jerome jerry jesse jim jimmy joaquin joe
joel johann john johnny jon jonathan jordan jorge jose joseph josh joshua juan justin keith ken
kenneth kent kevin kofi kurt kyle lamar lance larry lawrence lee leon leonard lindsey lloyd lou
louis luis luke marc marcel marco mario mark martin marvin matt matthew max michael mick mike
mitch monte morgan nathan neil nicholas nick norm norman oliver oscar orrin pat patrick paul
pedro pete peter phil philip pierre ralph ramon randy raul ray raymond richard rick rob robert
rodney roger roland ron ronald roy russ russell ryan saddam sam samuel sander saxby scott sean
sergio seth shawn sheldon sherrod sid simon spencer stan stanley stephen steve steven stewart
stuart ted terry thad theodore thomas tim timothy tobias todd tom tommy tony travis trent trey
troy tyler vernon victor vince vincent wade walter warren wayne will william zachary zell
    """
)
FIRST_NAMES = WOMEN | MEN
FEMALE_TITLES = _words(
    """
mrs ms miss mme madam madame lady queen congresswoman assemblywoman chairwoman councilwoman
spokeswoman sénatrice ministerin
    """
)
MALE_TITLES = _words(
    """
mr sir lord king congressman assemblyman chairman councilman spokesman monsieur maire président
    directeur député sénateur préfet vice-président recteur ministro presidente alcalde consejero
    bürgermeister präsident
    """
)
PLACES = _words(
    """
alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii
idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan
minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania
tennessee texas utah vermont virginia washington wisconsin wyoming alberta manitoba newfoundland
labrador ontario quebec québec saskatchewan yukon nunavut canada america usa africa asia europe
iraq iran israel syria ukraine russia china japan korea india mexico haiti cuba afghanistan
pakistan france germany england britain ireland scotland italy spain poland taiwan vietnam
brazil australia ottawa toronto vancouver montreal montréal winnipeg regina saskatoon halifax
calgary edmonton whitehorse yellowknife fredericton moncton charlottetown victoria seoul tokyo
beijing paris london chicago boston atlanta houston dallas denver seattle detroit baltimore
philadelphia
    """
)
_PLACE_PHRASE_LIST = """
british columbia|new brunswick|nova scotia|prince edward island|northwest territories|
new hampshire|new jersey|new mexico|new york|north carolina|south carolina|north dakota|
south dakota|rhode island|west virginia|puerto rico|united states|united kingdom|bc|
b.c|pei|nwt|n.w.t|u.s|us|d.c
"""
PLACE_PHRASES = frozenset(phrase.strip() for phrase in _PLACE_PHRASE_LIST.split("|"))
PLACE_WORDS = _words(
    """
avenue bay beach bridge canyon city county creek district falls field forest fort harbor harbour
heights highway hills island islands junction lake lakes landing mountain mountains park
peninsula plains point port province region reserve ridge river road sound springs square
station street territories territory town township trail valley village ville
    """
)
THINGS = _words(
    """
act agreement amendment award bill budget campaign challenge clause code convention covenant day
deal declaration fund grant initiative law month order package pact plan policy prize program
programme project protocol provision resolution scheme strategy survey treaty tax trophy vaccine
week year covid covid-19 medicare medicaid everglades internet
    """
)
MORE_ORGANIZATIONS = _words(
    """
academy airport airways bank caucus centre center church circle clinic club companies company
conservancy consortium court democrats electric energy enterprises forces gallery government
group guard health holdings hospital house industries international laboratory labs league
legislature library museum navy network organization organisation parliament partners
partnership party pharmaceuticals plant police polytechnic press republicans restaurants school
secretariat security senate systems team trust utility works
    """
)
_NOT_PEOPLE = _words("the new north south east west upper lower great old grand")
_BEFORE_PLACE = re.compile(
    r"\b(?:in|at|near|across|throughout|outside|around|visit(?:s|ed|ing)?|tour(?:s|ed|ing)?"
    r"|reach(?:es|ed)?|left|nach|aus|en|desde|hacia|besuch\w*)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_BEFORE_AGENT = re.compile(
    r"\b(?:did|does|do|has|have|had|is|was|will|would|could|can|should|whom|per|by|with"
    r"|to|told|said|hat|tat)\s+$",
    re.IGNORECASE,
)
_BEFORE_TITLED = re.compile(r"([\w.-]+),?\s+$")


@dataclass(frozen=True, slots=True)
class EntityType:
    """What a name stands for.

    Attributes:
        kind: Of each of those it names.
        gender: Of a person, where a title or a first name tells it.
        several: Whether it names more than one: "Boyle and Kinzinger".
    """

    kind: EntityKind
    gender: Gender = ""
    several: bool = False


def entity_type(name: str, before: str = "", after: str = "") -> EntityType:
    """Return what a name stands for.

    Args:
        name: As written, with its title.
        before: The text before it, which may hold a cue such as "in" or "Senator".
        after: The text after it.
    """
    parts = [part for part in re.split(r",\s+|\s+(?:and|et|und|y|&)\s+", name) if part]
    if len(parts) > 1:
        kinds = [_single(part, "").kind for part in parts]
        if "person" in (kinds[0], kinds[-1]) and {*kinds} <= {"person", "thing"}:
            return EntityType("person", several=True)
        if {*kinds} in ({"place"}, {"thing"}) and len(name.split()) == len(parts) * 2 - 1:
            return EntityType(kinds[0], several=True)
    return _single(name, before, after)


def _single(name: str, before: str, after: str = "") -> EntityType:
    words = [_plain(word) for word in name.split()]
    title = _BEFORE_TITLED.search(before)
    titled = [w for w in words[:-1] if w in TITLE_WORDS] or (
        [_plain(title.group(1))] if title and _plain(title.group(1)) in TITLE_WORDS else []
    )
    gender = _gender(words, titled)
    by_word = _by_last_word(words, after if not gender else "")
    if by_word is not None:
        return by_word
    if titled or gender:
        return EntityType("person", gender)
    if _ACRONYM.match(_POSSESSIVE.sub("", name)) or any(map(is_organization_word, words)):
        return EntityType("organisation")
    return _by_place(name, words, before)


def _by_last_word(words: list[str], after: str) -> EntityType | None:
    """Return the type that the last word of a name gives, or in "Veterans Day" the one after it."""
    last, whole = words[-1] if words else "", " ".join(words)
    following = _plain(after.split(maxsplit=1)[0]) if after[:1] == " " and after.split() else ""
    if last in THINGS or (len(words) > 1 and following in THINGS):
        return EntityType("thing")
    if last in PLACE_WORDS or last in PLACES or whole in PLACE_PHRASES:
        return EntityType("place")
    if is_organization_word(last) or last in MORE_ORGANIZATIONS:
        return EntityType("organisation")
    return None


def _by_place(name: str, words: list[str], before: str) -> EntityType:
    """Return the type of a name that none of the lists knows, by the words before it and its form.

    Two to four words are most likely a person.
    """
    if _BEFORE_PLACE.search(before):
        return EntityType("place")
    plural = words[-1:] and words[-1].endswith("s")
    plural = plural and not words[-1].endswith(("ss", "us", "is", "es"))
    if len(words) > 1 and plural:
        return EntityType("thing", several=True)
    if len(words) == 1:
        is_agent = _BEFORE_AGENT.search(before) and not any(map(str.isdigit, name))
        return EntityType("person" if is_agent else "thing")
    may_be_person = 1 < len(words) <= _MOST_PERSON_WORDS and words[0] not in _NOT_PEOPLE
    may_be_person = may_be_person and "and" not in words and not any(map(str.isdigit, name))
    return EntityType("person" if may_be_person else "thing")


def _gender(words: list[str], titles: list[str]) -> Gender:
    for title in titles:
        if title in FEMALE_TITLES:
            return "f"
        if title in MALE_TITLES:
            return "m"
    first = next((w for w in words if w not in TITLE_WORDS and len(w) > 1), "")
    if len(words) > 1 and first in WOMEN:
        return "f"
    if len(words) > 1 and first in MEN:
        return "m"
    return ""


@lru_cache(maxsize=1 << 12)
def _plain(word: str) -> str:
    return lookup_form(_POSSESSIVE.sub("", word))
