"""Takes runs of words with capitals apart: what in them names a person, organisation or place.

Pure, and of the words alone, so that a run that a collection repeats is read once. What stands
around a run is looked at by `qa.names.read`. English and French.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from index.structure.quotations.job_titles import (
    NON_NAME_WORDS,
    ORGANIZATION_WORDS,
    SURNAME_TITLES,
    lookup_form,
)
from index.structure.quotations.job_titles import TITLE_WORDS as JOB_TITLE_WORDS
from index.text.sentences import is_initial
from index.types import NameKind
from qa.conversation.entities import (
    FIRST_NAMES,
    MORE_ORGANIZATIONS,
    PLACE_PHRASES,
    PLACE_WORDS,
    PLACES,
    THINGS,
)
from qa.names.regions import REGION_OF
from qa.names.types import Form

_ABBREVIATED = (
    "Sens?|Reps?|Gov|Dr|Mrs?|Ms|St|Ste|Lt|Gen|Hon|Prof|Col|Capt|Sgt|Rev|Ft|Mt|Maj|Adm|Brig|Supt"
)
_WORD = rf"(?:(?:{_ABBREVIATED})\.|(?:[A-Z]\.-?)+|[A-ZÀ-ÖØ-Þ][\w’'-]*(?:&[A-Z]\w*)?)"
_CONNECTOR = r"(?:of|for|on|and|the|&|de|du|des|la|et|van|von|der|del|da|bin|al)"
_NICKNAME = r"(?:[“\"][A-Z][\w’-]+[”\"]|\([A-Z][a-z’]+\))"
RUN = re.compile(
    rf"(?<![\w@.$&/’'-]){_WORD}"
    rf"(?:[ \xa0]+(?:(?:{_CONNECTOR}[ \xa0]+){{0,2}}{_WORD}|{_NICKNAME}(?=[ \xa0][A-Z])))*"
    r"(?:,? (?:Jr|Sr|III|II|IV)\b\.?|,? (?:Inc|Corp|Ltd|Co)\b\.?|,? LL[CP]\b)?"
    r"(?:(?:(?<= Inc)|(?<= Ltd)|(?<= Corp)|(?<= Co)|(?<= Jr)|(?<= Sr))\.)?"
)
"""Words with capitals, and the small words that may join them in a name."""

_TOKEN = re.compile(r"[^ \xa0]+")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_SUFFIX = re.compile(r",?(?:Jr|Sr|III|II|IV)\.?\Z")
_COMPANY = re.compile(r"(?:Inc|Corp|Ltd|Co|LLC|LLP)\.?\Z")
_ACRONYM = re.compile(r"[A-Z]{2,8}\Z")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SMALL = _set("of for on and the & de du des la et")
_PERSON_PARTICLES = _set("de van von der del da bin al la")
_HEADS = _set(
    """
    academy administration agency assembly association authority board bureau center centers centre
    chamber coalition college commission committee conference corporation council department
    directorate division embassy faculty federation foundation government institute institutes
    ministry office school secretariat senate service society subcommittee union university
    agence association chambre comité commission conseil fédération fondation institut ministère
    société université bank league museum bibliothèque library hospital fund
    """
)
"""Words that begin the name of an organisation with "of" or "for": "Department of Health"."""

_LISTING_HEADS = _set(
    """
    agency association board bureau center centers centre commission committee council department
    division institute institutes ministère ministry museum office secretariat society subcommittee
    """
)
"""Those in whose names "and" can join two nouns: "Department of Health and Human Services"."""

_WEAK_TAILS = _set(
    """
    circle club energy enterprises gallery government group guard health house international labs
    office partners party plant police press restaurants school security services service systems
    team trust utility works parliament church clinic care health hall shop store union company
    senate companies office network center centre court industries program forces
    """
)
"""Last words of organisations that end other names as well: at least two words stand before."""

_NO_TAILS = _set("health care services security program energy systems utility works restaurants")
"""Last words of organisations that end too many other names."""

_GENERIC = _set(
    """
    federal provincial state states local national regional municipal territorial county city
    town community government public private general joint special standing select senate house
    house’s congressional legislative the our your all each many new united u.s us full
    administration agency authority board bureau chamber center centre coalition college commission
    committee company corporation council department division foundation group institute ministry
    office party school secretariat service services society subcommittee union university directors
    governors trustees commissioners regents press media communications conference executive
    majority minority democratic republican advisory working task ministers ministre
    constituency district campaign foundation association high middle elementary first fire police
    field main head central
    of for on and the & de du des la et
    """
)
"""Words that tell no organisation from others: "the Board of Directors"."""

_NO_SURNAME = _set(
    """
    act acts amendment award awards bill budget caucus day days democrat democrats republican
    republicans program programme project plan week year month initiative january february march
    april may june july august september october november december monday tuesday wednesday thursday
    friday saturday sunday congress senate house announces announced applauds statement release
    news today national federal american americans canadian canadians district administration
    world war health care security services affairs resources development relations justice
    defense defence
    energy water river lake county city state states university college school street avenue road
    airport base north south east west northern southern eastern western english french latino
    hispanic african asian european iraqi chinese russian israeli christian catholic jewish muslim
    medicare medicaid covid internet veterans veteran indian indians native tribe tribes nation
    first second third will said calls urges introduces votes secures
    """
)
"""Words with capitals that are no name of a person."""

_NO_FIRST_NAMES = frozenset(form.casefold().rstrip(".") for form in REGION_OF) | _set(
    "u.s u.k u.n mount mt lake fort port cape"
)
_NO_ORGANISATION_STARTS = _set("their his her its our this that these those each every any some no")
_TITLED = _set(
    """
    mr mrs ms miss dr senator sen rep representative congressman congresswoman minister premier
    governor gov president mayor secretary judge justice professor prof sénateur sénatrice ministre
    """
)
"""Titles behind which a single word is a surname."""

_WEAK_TITLES = _set(
    """
    first general private major majority minority principal former acting executive responsible
    shadow grand partner owner member assistant associate deputy state leader officer elder chief
    chairs vice administrator advisor analyst agent assistant
    """
)
"""Words of job titles that stand before other things than names as well: "First Nations"."""

_PLACE_TAILS = PLACE_WORDS - _set(
    """
    avenue district street road highway square station trail plains plain point port region
    province territory reserve ridge heights hills junction landing field fort sound falls town
    bridge territories village park forest beach springs
    """
)
_PLACE_STARTS = _set("lake mount mt fort ft cape")
_NO_PLACE = _GENERIC | _set("north south east west street avenue road")
_MORE_PLACE_TAILS = _set("park forest beach springs falls heights bridge")
_NO_NAME = _NO_SURNAME | JOB_TITLE_WORDS | ORGANIZATION_WORDS | NON_NAME_WORDS
_NO_LAST_NAMES = PLACE_WORDS | THINGS | MORE_ORGANIZATIONS
_NO_TOWN = (
    (_NO_SURNAME - _set("city lake north south east west river"))
    | THINGS
    | ORGANIZATION_WORDS
    | MORE_ORGANIZATIONS
)
_NOT_BEFORE_CANADA = _set(
    "upper lower atlantic western eastern central northern southern rural o across team minister "
    "invest in to all"
)
_MOST_PERSON_WORDS = 4
_MOST_TOWN_WORDS = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A name in a run of words.

    Attributes:
        kind: What it may stand for.
        name: As written, with single blanks and without a possessive.
        span: Into the run.
        form: As of a mention; `acronym` for capitals alone.
        first_name: Whether it begins with a common first name.
        may_be_town: Whether it is a town if a state follows.
    """

    kind: NameKind
    name: str
    span: tuple[int, int]
    form: Form
    first_name: bool = False
    may_be_town: bool = False


class _Token(NamedTuple):
    """A word of a run; `plain` is its form in the lists of words."""

    word: str
    start: int
    end: int
    plain: str

    @property
    def is_small(self) -> bool:
        return self.word in _SMALL


@lru_cache(maxsize=1 << 16)
def _plain(word: str) -> str:
    return lookup_form(_POSSESSIVE.sub("", word)).strip(",")


def parts_of_run(run: str) -> tuple[Part, ...]:
    """Return the names in a run, in order."""
    if " " not in run and not _ACRONYM.match(run):
        token = _Token(run, 0, len(run), _plain(run))
        is_name = token.plain not in NON_NAME_WORDS and token.plain not in JOB_TITLE_WORDS
        if is_name and _may_be_town([token]) and token.plain not in PLACES:
            return (_part("place", [token], "short", may_be_town=True),)
        if token.plain not in PLACES:
            return ()
    found: list[Part] = []
    for tokens in _split_possessives(
        [_Token(m[0], *m.span(), _plain(m[0])) for m in _TOKEN.finditer(run)]
    ):
        _read_tokens(tokens, found)
    return tuple(found)


def _split_possessives(tokens: list[_Token]) -> list[list[_Token]]:
    """Return the parts of a run that possessives end: "Nova Scotia's Jane Doe" are two."""
    parts: list[list[_Token]] = [[]]
    for token in tokens:
        parts[-1].append(token)
        if _POSSESSIVE.search(token.word):
            parts.append([])
    return [part for part in parts if part]


def _read_tokens(tokens: list[_Token], found: list[Part]) -> None:
    chunks = _chunks(tokens)
    place = 0
    while place < len(chunks):
        used = _organisation(chunks, place, found)
        if not used:
            _read_chunk(chunks[place], found)
            used = 1
        place += used


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Words with capitals next to each other, and the small words before them."""

    joined_by: str
    tokens: tuple[_Token, ...]

    @property
    def last(self) -> str:
        return self.tokens[-1].plain


def _chunks(tokens: Sequence[_Token]) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    small: list[str] = []
    own: list[_Token] = []
    for token in tokens:
        if token.is_small:
            if own:
                chunks.append(_Chunk(" ".join(small), tuple(own)))
                own, small = [], []
            small.append(token.word)
        else:
            own.append(token)
    if own:
        chunks.append(_Chunk(" ".join(small), tuple(own)))
    return chunks


def _organisation(chunks: Sequence[_Chunk], place: int, found: list[Part]) -> int:
    """Add the organisation whose name begins in a chunk; returns how many chunks it takes."""
    own = _without_opening(chunks[place].tokens)
    if not own:
        return 0
    head = own[-1].plain
    after = chunks[place + 1] if place + 1 < len(chunks) else None
    joins = after is not None and after.joined_by in _OF and not _POSSESSIVE.search(own[-1].word)
    if head in _HEADS and joins and after is not None and not _is_titled(after.tokens):
        used = 2
        while place + used < len(chunks) and _continues(chunks[place + used], head, used):
            used += 1
        tokens = [
            *own,
            *(token for chunk in chunks[place + 1 : place + used] for token in chunk.tokens),
        ]
        start = _after_title(own)
        if start is not None:
            _add_organisation(chunks, place, used, start, tokens, found)
        return used
    if (both := _joined_by_and(chunks, place, own)) is not None:
        _add_organisation(chunks, place, 2, own[0], both, found)
        return 2
    if _ends_organisation(own) and not (joins and head in _HEADS):
        start = _after_title(own)
        if start is not None and not _begins_with_person(own):
            tokens = list(own)
            _add_organisation(chunks, place, 1, start, tokens, found)
        return 1
    return 0


def _joined_by_and(
    chunks: Sequence[_Chunk], place: int, own: Sequence[_Token]
) -> list[_Token] | None:
    """Return the words of "Food and Drug Administration", which "and" does not part."""
    if place + 1 >= len(chunks) or chunks[place + 1].joined_by not in {"and", "&"}:
        return None
    after = chunks[place + 1].tokens
    two = len(after) == 2 and after[-1].plain in _JOINED_TAILS  # noqa: PLR2004
    if not two and not (len(after) == 3 and after[-1].plain in _COMMITTEES):  # noqa: PLR2004
        return None
    no_noun = own[-1].plain in {"congress", "senate", "house"} or own[-1].plain in PLACES
    if no_noun or len(own) > 3 or _ends_organisation(own) or _POSSESSIVE.search(own[-1].word):  # noqa: PLR2004
        return None
    if any(
        t.plain in FIRST_NAMES or t.plain in JOB_TITLE_WORDS or t.plain in NON_NAME_WORDS
        for t in own
    ):
        return None
    return [*own, *after]


_COMMITTEES = frozenset({"committee", "subcommittee", "committees"})
_JOINED_TAILS = _COMMITTEES | frozenset(
    {"administration", "commission", "agency", "bureau", "board"}
)
_OF = frozenset({"of", "for", "on", "of the", "for the", "on the", "de", "de la", "du", "des"})


def _add_organisation(
    chunks: Sequence[_Chunk],
    place: int,
    used: int,
    start: _Token,
    tokens: Sequence[_Token],
    found: list[Part],
) -> None:
    words = [token for token in tokens if token.start >= start.start]
    country = next((i for i, t in enumerate(words) if i and t.word == "U.S."), 0)
    words = _before_title(words[country:])
    start = words[0]
    last = words[-1]
    telling = [t for t in words if t.plain not in _GENERIC and not is_initial(t.word)]
    if len(words) < 2 or not telling or _shouted(words):  # noqa: PLR2004
        return
    if words[0].plain in _NO_ORGANISATION_STARTS or len(words) > _MOST_ORGANISATION_WORDS:
        return
    if last.plain in THINGS or last.plain in {"republicans", "democrats"}:
        return
    joined: list[str] = []
    for number in range(place, place + used):
        own = [t.word for t in chunks[number].tokens if start.start <= t.start <= last.start]
        if own:
            joined += [chunks[number].joined_by, *own] if number > place else own
    name = _POSSESSIVE.sub("", " ".join(piece for piece in joined if piece))
    end = last.end - (len(last.word) - len(_POSSESSIVE.sub("", last.word)))
    found.append(Part("organisation", name, (start.start, end), "full"))


def _before_title(words: list[_Token]) -> list[_Token]:
    """Return the words before the job title of somebody: "University of Maine President …"."""
    for place, token in enumerate(words[1:], 1):
        if place > 1 and token.plain in JOB_TITLE_WORDS - _TITLES_IN_ORGANISATIONS:
            return words[:place]
    return words


_TITLES_IN_ORGANISATIONS = _set(
    "general state chief chiefs first executive governors private justice me m master elder "
    "principal major officer clerk surgeon counsel majority minority leader judge member"
)
_MOST_ORGANISATION_WORDS = 9


def _continues(chunk: _Chunk, head: str, used: int) -> bool:
    """Whether a chunk goes on with the name of an organisation: "… and Human Services"."""
    if chunk.joined_by in {"of", "of the", "for", "de", "de la", "du", "des"}:
        return used < 4  # noqa: PLR2004
    if chunk.joined_by not in {"and", "&", "et"} or head not in _LISTING_HEADS:
        return False
    first, last = chunk.tokens[0].plain, chunk.last
    if first in JOB_TITLE_WORDS or first in FIRST_NAMES or first in PLACES:
        return False
    if " ".join(token.plain for token in chunk.tokens) in PLACE_PHRASES or _ACRONYM.match(
        chunk.tokens[0].word
    ):
        return False
    return last not in {"congress", "senate", "house"} and (
        last in {"services", "affairs", "security"}
        or (not _ends_organisation(chunk.tokens) and last not in _HEADS)
    )


def _without_opening(tokens: Sequence[_Token]) -> Sequence[_Token]:
    """Return words without those that only begin a sentence: "Today", "The"."""
    start = 0
    while start < len(tokens) and tokens[start].plain in NON_NAME_WORDS:
        start += 1
    return tokens[start:]


def _is_titled(tokens: Sequence[_Token]) -> bool:
    return tokens[0].plain in _TITLED


def _after_title(tokens: Sequence[_Token]) -> _Token | None:
    """Return the first word behind a title of somebody: "Senate" of "Chairman Senate …"."""
    start = 0
    while start < len(tokens) - 1 and tokens[start].plain in _TITLED | {
        "chairman",
        "chair",
        "director",
    }:
        start += 1
    return tokens[start] if start < len(tokens) else None


def _ends_organisation(tokens: Sequence[_Token]) -> bool:
    last = tokens[-1].plain
    if _COMPANY.match(tokens[-1].word.strip(",")):
        return len(tokens) > 1
    if last == "canada":
        telling = all(t.plain not in _NO_SURNAME - {"health"} for t in tokens[1:-1])
        short = 1 < len(tokens) < 5  # noqa: PLR2004
        return short and telling and tokens[0].plain not in _NOT_BEFORE_CANADA
    if last in _WEAK_TAILS:
        return len(tokens) > 2 and last not in _NO_TAILS  # noqa: PLR2004
    return len(tokens) > 1 and (last in ORGANIZATION_WORDS or last in MORE_ORGANIZATIONS)


def _begins_with_person(tokens: Sequence[_Token]) -> bool:
    """Whether a name of a person runs into it: "Jane Doe Senate"."""
    return any(
        token.plain in JOB_TITLE_WORDS - SURNAME_TITLES - {"general", "chief", "first", "state"}
        for token in tokens[1:-1]
    )


def _shouted(words: Sequence[_Token]) -> bool:
    """Whether all words are in capitals, as in a headline."""
    long = [token.word for token in words if len(token.plain) > 4 and not token.is_small]  # noqa: PLR2004
    return bool(long) and all(map(str.isupper, long))


def _read_chunk(chunk: _Chunk, found: list[Part]) -> None:
    """Add the person, the place or the acronym of some words next to each other."""
    tokens = _without_opening(chunk.tokens)
    titles = [
        number
        for number, token in enumerate(tokens)
        if token.plain in JOB_TITLE_WORDS
        and not is_initial(token.word)
        and not (number == len(tokens) - 1 > 0 and token.plain in SURNAME_TITLES)
    ]
    rest = tokens[titles[-1] + 1 :] if titles else tokens
    if not rest:
        return
    title = tokens[titles[-1]].plain if titles else None
    part = _untitled(rest) if title is None else None
    if part is None:
        part = _surname(rest, title) if len(rest) == 1 else _person(rest, title)
    if part is None and title is None and _may_be_town(rest):
        part = _part("place", rest, "short", may_be_town=True)
    if part is not None:
        found.append(part)


def _part(
    kind: NameKind,
    tokens: Sequence[_Token],
    form: Form,
    *,
    first_name: bool = False,
    may_be_town: bool = False,
) -> Part:
    name = _POSSESSIVE.sub("", " ".join(token.word for token in tokens))
    last = tokens[-1].word
    end = tokens[-1].end - (len(last) - len(_POSSESSIVE.sub("", last)))
    return Part(kind, name, (tokens[0].start, end), form, first_name, may_be_town)


def _untitled(tokens: Sequence[_Token]) -> Part | None:
    """Return the known place, the place by its last word, or the acronym that words are."""
    whole = " ".join(token.plain for token in tokens)
    if whole in PLACES or whole in PLACE_PHRASES:
        return _part("place", tokens, "full", may_be_town=True)
    if _is_place(tokens):
        return _part("place", tokens, "full")
    if len(tokens) == 1 and _ACRONYM.match(tokens[0].word):
        return _part("organisation", tokens, "acronym")
    return None


def _surname(tokens: Sequence[_Token], title: str | None) -> Part | None:
    if title in _TITLED and _is_surname(tokens[0]):
        return _part("person", tokens, "short")
    return None


def _may_be_town(tokens: Sequence[_Token]) -> bool:
    return (
        len(tokens) <= _MOST_TOWN_WORDS
        and not _shouted(tokens)
        and not all(is_initial(token.word) for token in tokens)
        and not any(token.plain in _NO_TOWN for token in tokens)
    )


def _is_place(tokens: Sequence[_Token]) -> bool:
    last = tokens[-1].plain
    if tokens[0].plain in _PLACE_STARTS and len(tokens) == 2 and not _shouted(tokens):  # noqa: PLR2004
        return last not in _NO_TOWN
    if len(tokens) < 2 or _shouted(tokens):  # noqa: PLR2004
        return False
    if any(token.plain in THINGS or token.plain in NON_NAME_WORDS for token in tokens[:-1]):
        return False
    telling = [t for t in tokens[:-1] if t.plain not in _NO_PLACE]
    if any(t.plain in ORGANIZATION_WORDS or t.plain in MORE_ORGANIZATIONS for t in tokens[:-1]):
        return False
    return last in _PLACE_TAILS | _MORE_PLACE_TAILS and bool(telling) and len(tokens) <= 5  # noqa: PLR2004


def _is_surname(token: _Token) -> bool:
    return not token.word.isupper() and can_be_surname(token.plain)


def can_be_surname(word: str) -> bool:
    """Whether a word, in small letters, is taken for a surname where a name can stand."""
    return (
        len(word) > 2  # noqa: PLR2004
        and word not in _NO_SURNAME
        and word not in JOB_TITLE_WORDS
        and word not in ORGANIZATION_WORDS
        and word not in THINGS
        and word not in NON_NAME_WORDS
        and not any(map(str.isdigit, word))
    )


def _person(tokens: Sequence[_Token], title: str | None) -> Part | None:
    """Return the person of some words, behind whatever stands before the first name."""
    words = [t for t in tokens if not _SUFFIX.match(t.word) or t is tokens[0]]
    begin = _first_name_at(words)
    name = words[begin:]
    if not 1 < len(name) <= _MOST_PERSON_WORDS or name[0].plain in _NO_FIRST_NAMES:
        return None
    if name[-1].plain in _NO_LAST_NAMES or not _is_surname(name[-1]):
        return None
    if name[-1].plain in PLACES and name[0].plain not in FIRST_NAMES:
        return None
    if all(is_initial(t.word) for t in name) or not all(map(_is_first_name, name[:-1])):
        return None
    first_name = (name[0].plain in FIRST_NAMES or is_initial(name[0].word)) and any(
        t.plain in FIRST_NAMES for t in name[:2] if not is_initial(t.word)
    )
    certain = title is not None and title not in _WEAK_TITLES and not begin
    return _part(
        "person",
        [t for t in tokens if t.start >= name[0].start],
        "full" if certain else "likely",
        first_name=first_name,
        may_be_town=not first_name and title is None,
    )


def _first_name_at(words: Sequence[_Token]) -> int:
    """Return where a common first name, or the initial before it, begins; 0 without one."""
    for number, token in enumerate(words[:-1]):
        if token.plain in FIRST_NAMES and len(words) - number <= _MOST_PERSON_WORDS:
            return number - 1 if number and is_initial(words[number - 1].word) else number
    return 0


def _is_first_name(token: _Token) -> bool:
    """Whether a word can stand before a surname: a name, an initial, a nickname, "de"."""
    if is_initial(token.word) or token.word[0] in '“"(' or token.plain in _PERSON_PARTICLES:
        return True
    if token.word.isupper() and len(token.plain) > 2:  # noqa: PLR2004
        return False
    return token.plain not in _NO_NAME and not any(map(str.isdigit, token.plain))
