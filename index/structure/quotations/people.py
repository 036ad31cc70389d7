"""Recognizes names of people as releases write them: in full with a job title, then by surname.

There is no list of names. A person is recognized by the capital letters of the name, by job titles
beside it, and by being named in full somewhere in the same release.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.structure.quotations.job_titles import (
    NAME_PARTICLES,
    NON_NAME_WORDS,
    STANDALONE_TITLES,
    SURNAME_TITLES,
    TITLE_CONNECTORS,
    TITLE_QUALIFIERS,
    expects_title_noun,
    find_job_title,
    headline_capitals,
    is_capitalized,
    is_document,
    is_organization_word,
    is_title_word,
    lookup_form,
)
from index.text.sentences import ends_sentence, is_initial, last_sentence_start
from index.types import Span

_MAX_READ = 200_000
"""Characters of a release in which full names are looked for."""

_MAX_TOKENS = 24
"""Tokens of a title with a name: "Attorney General and Minister of Justice Jane Doe"."""

_TITLE_REACH = 120
"""Characters before a name in which its title is looked for."""

_FRENCH_WORD = re.compile(r"\b(?:le|la|les|des|du|et|une|est)\b")
_ENGLISH_WORD = re.compile(r"\b(?:the|of|and|to|is)\b")
_LANGUAGE_SAMPLE = 4_000
"""Characters by which a text is taken for French."""

_ARTICLE = re.compile(r"\A(?:[Ll][ea]s?\s+|[Ll]['’])(?=\w)")
_MISTER = re.compile(r"\AMM?\.\s+")
_FEMININE = re.compile(r"\b(?:la|sa|une|Mme|Mmes|[Mm]adame)\b", re.IGNORECASE)
_MASCULINE = re.compile(r"\b(?:le|son|un|MM?\.|[Mm]onsieur)(?!\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s\Z")
_SUFFIX = re.compile(r"(?:,\s*)?(?:Jr|Sr|II|III|IV)\b\.?")
_TOKEN = re.compile(r"&|[\w&](?:[\w&'’./-]*[\w'’])?\.?|[^\s\w]")
_WORD = re.compile(r"\S+")
_FULL = re.compile(
    r"(?<![\w.])(?:[A-ZÀ-ÖØ-Þ][\w'’-]*[\w’']|(?:[A-ZÀ-Þ]\.-?){1,3})"
    r"(?:\s+(?:[A-ZÀ-Þ]\.(?:[A-ZÀ-Þ]\.)*|(?:de|da|di|del|der|den|van|von|la|al|bin)\b|"
    r"[“\"'‘][A-ZÀ-Þ][\w'’-]+[”\"'’]|[a-z]{2}-[A-Z]\w+|[A-ZÀ-ÖØ-Þ][\w'’-]*\w)){1,12}"
)

_TITLE_LIST = re.compile(
    r"\b(?i:minister|secretary|commissioner|ministre) (?:of|for|de|des|du) "
    r"(?:[A-ZÀ-Þ][\w’'-]*(?:, | )){1,8}(?:and|&|et) \Z"
)
"""The beginning of a title whose last noun stands before a name: "Minister of Skills and"."""

_Tokens = list[tuple[str, Span]]
"""Words of a phrase with their spans."""

NameAndRole = tuple[str | None, str | None]
"""The name of a speaker and the job title, as far as the release gives them."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person named at a place in the text.

    Attributes:
        name: The name as it is written there.
        span: The span of the name.
        role: The job title before the name, or None.
        end: Where the phrase of title and name ends.
        full: Whether it is more than a surname.
    """

    name: str
    span: Span
    role: str | None
    end: int
    full: bool


def read_person(text: str, start: int, end: int) -> Person | None:
    """Read the name that begins at `start`, with the job title before it.

    Args:
        text: The release's text.
        start: Where the title or the name begins.
        end: Where the phrase ends at the latest.
    """
    tokens = _phrase_tokens(text, start, end)
    while tokens and lookup_form(tokens[0][0]) in NON_NAME_WORDS - TITLE_QUALIFIERS:
        tokens.pop(0)
    while tokens and (
        lookup_form(tokens[-1][0]) in TITLE_CONNECTORS and not is_capitalized(tokens[-1][0])
    ):
        tokens.pop()
    if not tokens:
        return None
    titles = [i for i in range(len(tokens)) if _is_title_here(tokens, i)]
    first = titles[-1] + 1 if titles else 0
    rest = tokens[first:]
    shouted = headline_capitals([token for token, _ in tokens[:first]])
    has_noun = bool(titles and rest) and not is_capitalized(rest[0][0])
    if has_noun and is_capitalized(tokens[first - 1][0]):
        # "Mayor de Blasio" has none, "ministre de la Santé" has one
        has_noun = lookup_form(rest[0][0]) not in NAME_PARTICLES
    rest = _name_after_title_noun(rest) if has_noun else _name_before_connector(rest)
    rest = [(token, span) for token, span in rest if token not in {"'", "’"}]
    rest = _split_possessive(rest, titled=bool(titles))
    if not rest or not any(is_capitalized(token) for token, _ in rest):
        return None
    begin, stop = rest[0][1][0], rest[-1][1][1]
    if suffix := _SUFFIX.match(text, stop, min(end, stop + 8)):
        stop = suffix.end()
    name = " ".join(text[begin:stop].split())
    if not titles and lookup_form(name.split()[0]) in NON_NAME_WORDS:
        return None
    if is_document(name):
        return None
    role = " ".join(text[tokens[shouted][1][0] : begin].split()).strip(" ,-–—") if titles else None
    return Person(name, (begin, stop), role, max(stop, rest[-1][1][1]), len(rest) > 1)


def read_person_before_title(text: str, start: int, end: int) -> Person | None:
    """Read a full name that a title follows without a comma: "Jane Doe Minister of Health"."""
    tokens = _phrase_tokens(text, start, end)
    first = 0
    while first < len(tokens) and is_title_word(tokens[first][0]):
        first += 1
    stop = first
    while (
        stop < len(tokens) and is_capitalized(tokens[stop][0]) and not _is_title_here(tokens, stop)
    ):
        stop += 1
    if stop - first < 2 or stop == len(tokens) or not _is_title_here(tokens, stop):  # noqa: PLR2004
        return None
    begin, after = tokens[first][1][0], tokens[stop - 1][1][1]
    return Person(" ".join(text[begin:after].split()), (begin, after), None, after, full=True)


def _is_title_here(tokens: _Tokens, place: int) -> bool:
    """Whether a word is part of a title: in "Bishop John Doe" it is, in "John Bishop" it is not."""
    word = tokens[place][0]
    if not is_title_word(word) or is_initial(word):
        return False
    return not (place == len(tokens) - 1 > 0 and lookup_form(word) in SURNAME_TITLES)


def _phrase_tokens(text: str, start: int, end: int) -> _Tokens:
    """Return the tokens from `start` that can be a title and a name."""
    tokens: _Tokens = []
    for match in _TOKEN.finditer(text, start, end):
        word, span = match[0], match.span()
        form = lookup_form(word)
        allowed = (
            is_capitalized(word)
            or word[0].isdigit()
            or form in TITLE_CONNECTORS | NAME_PARTICLES | {"’"}
            or is_title_word(word)
            or (form in TITLE_QUALIFIERS and not tokens)
        )
        if len(tokens) == _MAX_TOKENS or not allowed:
            break
        if ends_sentence(word):
            tokens.append((word[:-1], (span[0], span[1] - 1)))
            break
        tokens.append((word, span))
    return tokens


def _name_after_title_noun(rest: _Tokens) -> _Tokens:
    """Return the name at the end of "of Justice Mark Furey", if it has one."""
    last = max(i for i, (token, _) in enumerate(rest) if not is_capitalized(token))
    tail = rest[last + 1 :]
    if len(tail) < 3 or is_organization_word(tail[-1][0]):  # noqa: PLR2004 - a noun, first name and surname
        return []
    return _last_name_words(tail)


def _last_name_words(tail: _Tokens) -> _Tokens:
    """Return first name and surname at the end, with an initial between them."""
    after = 1 if _SUFFIX.fullmatch(tail[-1][0]) else 0
    middle = len(tail) > 3 + after and is_initial(tail[-2 - after][0])
    return tail[-(3 if middle else 2) - after :]


def _split_possessive(rest: _Tokens, *, titled: bool) -> _Tokens:
    """Return the name in "Sen. Jane Doe's Remarks" and in "Nova Scotia's Jane Doe"."""
    owner = next((i for i, (token, _) in enumerate(rest[:-1], 1) if _POSSESSIVE.search(token)), 0)
    if not owner:
        return rest
    return rest[:owner] if titled else rest[owner:]


def _name_before_connector(rest: _Tokens) -> _Tokens:
    """Return the name at the start of "Gary Happ of Barrington Brewery"."""
    name: _Tokens = []
    for token, span in rest:
        if not is_capitalized(token) and lookup_form(token) not in NAME_PARTICLES:
            break
        name.append((token, span))
    while name and not is_capitalized(name[-1][0]):
        name.pop()
    return name


class NamedPeople:
    """The people a release names in full, found again by surname or by title."""

    def __init__(self, text: str, paragraphs: Sequence[Span]) -> None:
        """Read the names in the `paragraphs` of `text`."""
        self._by_surname: dict[str, tuple[str, str | None]] = {}
        self._double_surnames: set[str] = set()
        self._by_title: dict[str, list[tuple[int, str, str | None]]] = {}
        self._text = text
        self._genders: dict[str, str | None] = {}
        self._french = _is_french(text[:_LANGUAGE_SAMPLE])
        near = (paragraph for paragraph in paragraphs if paragraph[0] < _MAX_READ)
        french = self._french
        for start, span in (
            (part[0], name) for part in near for name in _full_names(text, part, french=french)
        ):
            name = " ".join(text[slice(*span)].split())
            role = find_job_title(text, span, start)
            surname = surname_of(name)
            if _follows_title(text, span):
                self._double_surnames |= _double_surname(name)
            known = self._by_surname.get(surname)
            if known is None or (role is not None and known[0] == name and known[1] is None):
                self._by_surname[surname] = (name, role)
            for word in (role or "").casefold().split():
                if word in STANDALONE_TITLES:
                    self._by_title.setdefault(word, []).append((span[0], name, role))

        self._in_capitals = {surname.upper(): surname for surname in self._by_surname}

    def has_surname(self, name: str) -> bool:
        """Whether somebody with this surname is named in full."""
        return name in self._by_surname

    def resolve(self, name: str, role: str | None) -> tuple[str, str | None]:
        """Return the fullest name and the job title of the person named `name`."""
        if self._french:
            if mister := _MISTER.match(name):  # not an initial
                name, role = name[mister.end() :], role or mister[0].strip()
            role = _ARTICLE.sub("", role) if role else role
        known = self._by_surname.get(surname_of(name))
        if known is None and name.isupper():  # in a headline in capitals
            name = self._in_capitals.get(surname_of(name), name)
            known = self._by_surname.get(name)
        if known is None:
            return name, role
        full, known_role = known
        words = name.split()
        if name.endswith(f" {full}") and not is_initial(
            words[0]
        ):  # "Training Jane Doe", behind "Minister of Skills and"
            return full, role or known_role
        surname_alone = name in self._double_surnames and full.endswith(f" {name}")
        if len(words) > 1 and not (surname_alone or _can_be_same_person(name, full)):
            return name, role
        longer_role = role if role and len(role) >= len(known_role or "") else known_role or role
        return full if len(full.split()) > len(words) else name, longer_role

    def last_holder(self, title: str, before: int, words: str) -> NameAndRole | None:
        """Return the person last named with a title before a position: "the minister".

        A French article that tells a woman or a man passes over the other: "la ministre".

        Args:
            title: The title.
            before: Where it stands alone.
            words: The title with its article, as it stands there.
        """
        found = [entry for entry in self._by_title.get(title, ()) if entry[0] < before]
        if self._french and (asked := _gender(words)) is not None:
            found = [e for e in found if self._gender_of_name(e[0]) in {asked, None}] or found
        return found[-1][1:] if found else None

    def can_be(self, name: str, pronoun: str) -> bool:
        """Whether a person can be meant by a French pronoun, as far as the text shows."""
        if name not in self._genders:
            self._genders[name] = self._gender_shown(name)
        shown = self._genders[name]
        return shown is None or (shown == "feminine") == (pronoun in {"elle", "elles"})

    def _gender_shown(self, name: str) -> str | None:
        """Return the gender that a title before one of the mentions of a name shows, or None."""
        surname = rf"\bM(?:\.|me) {re.escape(surname_of(name))}"
        for mention in re.finditer(rf"{re.escape(name)}|{surname}", self._text[:_MAX_READ]):
            start = mention.start() if mention[0] == name else mention.end()
            if (found := self._gender_of_name(start)) is not None:
                return found
        return None

    def _gender_of_name(self, start: int) -> str | None:
        """Return the gender that the words before a name in its sentence show, or None."""
        before = self._text[max(0, start - _TITLE_REACH) : start].rpartition("\n")[2]
        return _gender(before[last_sentence_start(before, 0, len(before)) :])


def _gender(words: str) -> str | None:
    """Return the gender that the last French article before a title shows, or None."""
    titled = [
        match[0]
        for match in re.finditer(r"\S+(?=\s+(\S+))", words)
        if is_title_word(match[1]) or _MISTER.match(f"{match[1]} ")
    ]
    for word in reversed([*titled, words.rsplit(maxsplit=1)[-1]] if words.split() else titled):
        if _FEMININE.fullmatch(word):
            return "feminine"
        if _MASCULINE.fullmatch(word):
            return "masculine"
    return None


def _is_french(text: str) -> bool:
    """Whether a text has more French function words than English ones."""
    return len(_FRENCH_WORD.findall(text)) > len(_ENGLISH_WORD.findall(text))


def _full_names(text: str, paragraph: Span, *, french: bool) -> Iterator[Span]:
    """Yield the spans of full names, without titles and other capitalized words around them."""
    for match in _FULL.finditer(text, *paragraph):
        run: list[Span] = []
        for word in _WORD.finditer(text, *match.span()):
            mister = french and not run and word[0] in {"M.", "MM."}
            if (
                mister
                or _is_title_not_name(word[0])
                or (not run and lookup_form(word[0]) in NON_NAME_WORDS)
            ):
                yield from _full_name_in_run(text, paragraph[0], run)
                run = []
                continue
            run.append(word.span())
            if _POSSESSIVE.search(word[0]):  # "Nova Scotia's Jane Doe" are two
                yield from _full_name_in_run(text, paragraph[0], run)
                run = []
        yield from _full_name_in_run(text, paragraph[0], run)


def _full_name_in_run(text: str, start: int, run: list[Span]) -> Iterator[Span]:
    """Yield the name in a run of capitalized words of a paragraph from `start`, if it has one."""
    words = [text[slice(*span)] for span in run]
    small = [i for i, word in enumerate(words) if not (word.isupper() and len(word) > 3)]  # noqa: PLR2004
    if len(small) < len(words) and small:  # the name follows a headline in capitals
        run = run[small[0] :]
    if len(run) < 2 or not small or not is_capitalized(words[-1]):  # noqa: PLR2004
        return
    if is_document(" ".join(words)):
        return
    before = text[max(start, run[0][0] - _TITLE_REACH) : run[0][0]]
    listed = len(run) > 2 and _TITLE_LIST.search(before) is not None  # noqa: PLR2004
    noun = listed or expects_title_noun(before.split())
    if noun and len(run) == 2:  # noqa: PLR2004 - "Minister of Advanced Education, Skills and …"
        return
    if noun:
        run = [span for _, span in _last_name_words([(text[slice(*span)], span) for span in run])]
    end = run[-1][1] - (2 if _POSSESSIVE.search(words[-1]) else 0)
    if suffix := _SUFFIX.match(text, end, end + 8):
        end = suffix.end()
    yield (run[0][0], end)


def _is_title_not_name(word: str) -> bool:
    return is_title_word(word) and not is_initial(word) and lookup_form(word) not in SURNAME_TITLES


def surname_of(name: str) -> str:
    """Return the last word of a name, without a suffix such as "Jr."."""
    words = _SUFFIX.sub("", name).split()
    return words[-1].removesuffix("’s").removesuffix("'s") if words else name


def _can_be_same_person(name: str, full: str) -> bool:
    """Whether two names with the same surname can be one person's, judged by the first letter."""
    return name[:1] == full[:1]


def _double_surname(name: str) -> set[str]:
    """Return the two words after a first name that may be a double surname: "Ruiz Doe"."""
    first, *rest = _SUFFIX.sub("", name).split()
    while rest and is_initial(rest[0]):
        rest.pop(0)
    two = len(rest) == 2 and not is_title_word(first) and not any(map(is_initial, rest))  # noqa: PLR2004
    return {" ".join(rest)} if two else set()


def _follows_title(text: str, span: Span) -> bool:
    """Whether a title stands right before a name, which then begins with a first name."""
    before = text[max(0, span[0] - _TITLE_REACH) : span[0]].split()[-1:]
    return bool(before) and is_title_word(before[0])
