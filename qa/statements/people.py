"""Which names in different releases are one person. Pure.

A release stores each speaker by the fullest name that it has. Between releases, names differ:
"Warren Truss", "Warren E. Truss", "Mr Truss", "the Deputy Prime Minister". Two names are joined if
nothing speaks against it and nobody else can be meant:

- Names in full are one person if the first name and the surname are equal and no middle names or
  initials differ. An initial stands for a first name, and a nickname in quotation marks is one.
- A surname, or the end of a name ("Cortez Masto"), is the only person whose name ends with it.
- A title of two words or more, without a name, is the only person who has it as a job title.

A name that could be several people is joined to nobody. There is no list of names. What the user
said of names goes before all of this.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.filters import fold_name
from index.store.name_decisions import NameDecision
from index.structure.quotations.job_titles import TITLE_CONNECTORS, is_title_word

_SUFFIX = re.compile(r",?\s+(jr|sr|ii|iii|iv)\.?\s*\Z")
_NICKNAME = re.compile(r"[\"“'‘(]\s*(\w[\w.-]*)\s*[\"”'’)]")
_ARTICLE = re.compile(r"\A(?:the|le|la|les|a|an|un|une)\s+|\Al['’]", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?\Z")
_SEGMENT = re.compile(r"\s*(?:,|;|\band\b|\bet\b|&)\s*")
_OF = re.compile(r"\s(?:of|for|de|des|du|à|aux|responsible)\s")
_MOST_WORDS = 6
"""Words of a name, at most."""


@dataclass(frozen=True, slots=True)
class NamedRole:
    """How often a name stands with a job title in the collection.

    Attributes:
        name: As a release has it.
        role: The job title beside it, or None.
        times: Passages.
    """

    name: str
    role: str | None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Person:
    """A person, as far as names tell.

    Attributes:
        name: The most frequent name.
        names: All names that are joined, sorted.
        roles: Job titles, the most frequent first.
        times: Passages that quote the person.
        people: How many people it stands for: more than 1 for an office that several hold.
    """

    name: str
    names: tuple[str, ...]
    roles: tuple[str, ...]
    times: int
    people: int = 1


@dataclass(frozen=True, slots=True)
class _Name:
    """The parts of a name, folded.

    Attributes:
        words: All words but the suffix and nicknames.
        nicknames: Other first names.
        suffix: Such as `jr`; empty without one.
    """

    words: tuple[str, ...]
    nicknames: frozenset[str]
    suffix: str

    @property
    def surname(self) -> str:
        return self.words[-1]

    @property
    def firsts(self) -> frozenset[str]:
        return self.nicknames | {self.words[0]}

    @property
    def middles(self) -> tuple[str, ...]:
        return self.words[1:-1]


class People:
    """The people who are quoted in a collection."""

    def __init__(self, named: Iterable[NamedRole], decisions: Sequence[NameDecision] = ()) -> None:
        """Join names.

        Args:
            named: The names.
            decisions: What the user said of names, the earliest first.
        """
        times: dict[str, int] = {}
        roles: dict[str, dict[str, int]] = {}
        for row in named:
            times[row.name] = times.get(row.name, 0) + row.times
            if row.role:
                own = roles.setdefault(row.name, {})
                own[row.role] = own.get(row.role, 0) + row.times
        parsed = {name: parts for name in times if (parts := _parse(name)) is not None}
        said = _parsed_decisions(decisions)
        for name, parts in _merged_names(said, parsed).items():
            parsed[name] = parts
            times[name] = 0
        groups = _join_ends(_join_full_names(parsed), parsed)
        groups = _decide(groups, parsed, [one for one in said if one.between_full_names])
        groups = [group for group in groups if any(times[name] for name in group)]
        groups = _join_surnames(groups, parsed)
        groups = _decide(groups, parsed, [one for one in said if not one.between_full_names])
        groups = [group for group in groups if any(times[name] for name in group)]
        self._people = [_person(group, times, roles) for group in groups]
        grouped = {name for group in groups for name in group}
        self._parsed = {n: parts for n, parts in parsed.items() if times[n] or n in grouped}
        decided = {parts for one in said for parts in one.names}
        self._decided = {
            parsed[name]: person
            for person in self._people
            for name in person.names
            if parsed[name] in decided
        }
        self._of: dict[str, Person] = {
            name: person for person in self._people for name in person.names
        }
        self._meant: dict[str, Person | None] = dict(self._of)
        self._surnames: dict[str, list[Person]] = {}
        for person in self._people:
            for surname in {parsed[name].surname for name in person.names}:
                self._surnames.setdefault(surname, []).append(person)
        self._titles: dict[str, list[Person]] = {}
        for person in self._people:
            for title in {title for role in person.roles for title in _titles(role)}:
                self._titles.setdefault(title, []).append(person)

    def __iter__(self) -> Iterator[Person]:
        """Iterate over the people."""
        return iter(self._people)

    def person(self, name: str) -> Person | None:
        """Return who is meant by a name in a release; None if it could be several, or nobody."""
        if name not in self._meant:
            found = self.candidates(name)
            self._meant[name] = found[0] if len(found) == 1 else None
        return self._meant[name]

    def candidates(self, words: str) -> list[Person]:
        """Return the people that words can mean: a name, a title with a name, or a title.

        The most frequent first.
        """
        found = self._named(words) or self._titled(words)
        return sorted(found, key=lambda person: (-person.times, person.name))

    def office(self, words: str) -> Person | None:
        """Return all people of an office, such as "the minister", as one; None for another name.

        They are those with this job title or, if there are none, with one that has its words.
        """
        title = _fold(_ARTICLE.sub("", " ".join(words.split())))
        if self._named(words) or not any(map(is_title_word, title.split())):
            return None
        wanted = set(title.split())
        holders = self._titled(words) or [
            person
            for person in self._people
            if any(wanted <= set(_fold(role).replace(",", " ").split()) for role in person.roles)
        ]
        if len(holders) < 2:  # noqa: PLR2004 - a single one is found by `candidates`
            return holders[0] if holders else None
        names = tuple(sorted(name for person in holders for name in person.names))
        times = sum(person.times for person in holders)
        return Person(" ".join(words.split()), names, (), times, len(holders))

    def unjoined(self, person: Person) -> list[str]:
        """Return stored names that may mean a person, but may mean another as well."""
        surnames = {self._parsed[name].surname for name in person.names if name in self._parsed}
        return sorted(
            name
            for name, parts in self._parsed.items()
            if name not in self._of and parts.surname in surnames and person in self._named(name)
        )

    def _named(self, words: str) -> list[Person]:
        for parts in _readings(words):
            if parts in self._decided:
                return [self._decided[parts]]
            holders = self._surnames.get(parts.surname, [])
            if len(parts.words) == 1:
                found = holders
            else:
                full = [(person, self._full_names(person)) for person in holders]
                exact = [p for p, names in full if _agrees(parts, names)]
                found = exact or [p for p, names in full if any(_is_end(parts, n) for n in names)]
            if found:
                return found
        return []

    def _full_names(self, person: Person) -> list[_Name]:
        parsed = [self._parsed[name] for name in person.names if name in self._parsed]
        return [parts for parts in parsed if len(parts.words) > 1]

    def _titled(self, words: str) -> list[Person]:
        return self._titles.get(_fold(_ARTICLE.sub("", words)), [])


def new_person(words: str) -> Person | None:
    """Return the person of a full name that nobody in the collection is quoted by."""
    parts = next((parts for parts in _readings(words) if len(parts.words) > 1), None)
    if parts is None or not TITLE_CONNECTORS.isdisjoint(parts.words):
        return None  # "Premier of Nova Scotia" is a title
    name = " ".join(word for word in words.split() if not is_title_word(word))
    return Person(name, (name,), (), 0)


def surnames_of(person: Person) -> set[str]:
    """Return the surnames of a person, folded."""
    return {parts.surname for name in person.names if (parts := _parse(name)) is not None}


def name_words(words: str) -> tuple[str, ...]:
    """Return the words of a person's name, folded, without titles before it and what follows it.

    They are empty for words that are no name.
    """
    parts = _parts(_ARTICLE.sub("", " ".join(words.split())))
    return () if parts is None else parts.words


@lru_cache(maxsize=4096)
def _parse(name: str) -> _Name | None:
    """Return the parts of a name; None for words that name nobody ("the lawmakers")."""
    words = " ".join(name.split())
    if not words or words[0].islower() or _ARTICLE.match(words):
        return None
    return _parts(words)


def _parts(words: str) -> _Name | None:
    folded = _fold(words)
    suffix = _SUFFIX.search(folded)
    if suffix:
        folded = folded[: suffix.start()]
    nicknames = frozenset(word.strip(".") for word in _NICKNAME.findall(folded))
    plain = [
        _POSSESSIVE.sub("", word.strip('.,"“”()')) for word in _NICKNAME.sub(" ", folded).split()
    ]
    plain = [word for word in plain if word]
    while len(plain) > 1 and is_title_word(plain[0].replace("women", "woman")):
        plain.pop(0)
    if not plain or len(plain) > _MOST_WORDS or not any(map(str.isalpha, "".join(plain))):
        return None
    return _Name(tuple(plain), nicknames, suffix[1] if suffix else "")


def _readings(words: str) -> Iterable[_Name]:
    """Yield the names that words can end with, the longest first; before it stand titles alone."""
    given = _ARTICLE.sub("", " ".join(words.split())).split()
    for start in range(len(given)):
        titled = any(is_title_word(word) for word in given[:start])
        if start and not titled:
            continue
        parts = _parts(" ".join(given[start:]))
        if parts is not None:
            yield parts


def _fold(words: str) -> str:
    return fold_name(words).replace("’", "'")


def _same_word(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _same_person(one: _Name, other: _Name) -> bool:
    """Whether two full names can be one person's."""
    if one.surname != other.surname or (one.suffix and other.suffix and one.suffix != other.suffix):
        return False
    if not any(_same_word(a, b) for a in one.firsts for b in other.firsts):
        return False
    return all(map(_same_word, one.middles, other.middles))


def _agrees(name: _Name, names: Sequence[_Name]) -> bool:
    """Whether a full name can be that of a person with some full names.

    "Jason Smith" is not "J. Smith" who is also called "Joanne Smith".
    """
    same = [other for other in names if _same_person(name, other)]
    return any(not name.firsts.isdisjoint(other.firsts) for other in same) or (
        bool(same) and all(other in same or _is_end(name, other) for other in names)
    )


def _is_end(short: _Name, full: _Name) -> bool:
    """Whether a name is the end of another: "Randy Forbes" of "J. Randy Forbes"."""
    return len(short.words) < len(full.words) and full.words[-len(short.words) :] == short.words


def _join_full_names(parsed: Mapping[str, _Name]) -> list[list[str]]:
    """Group full names; one that could be in several groups is in none."""
    names = {name: parts for name, parts in parsed.items() if len(parts.words) > 1}
    by_surname: dict[str, list[str]] = {}
    for name in sorted(names):
        by_surname.setdefault(names[name].surname, []).append(name)
    groups: list[list[str]] = []
    for alike in by_surname.values():
        # The names that say most come first, so that the others can be compared with all of them.
        order = sorted(alike, key=lambda n: (-_information(names[n]), n))
        own: list[list[str]] = []
        for name in order:
            found = [
                g
                for g in own
                if any(_same_person(names[name], names[o]) for o in g)
                and all(
                    _same_person(names[name], names[o]) or _is_end(names[name], names[o]) for o in g
                )
            ]
            if len(found) == 1:
                found[0].append(name)
            elif not found:
                some = [g for g in own if any(_same_person(names[name], names[o]) for o in g)]
                if not some:
                    own.append([name])
        groups += own
    return groups


def _information(name: _Name) -> int:
    return (
        sum(min(len(word), 2) for word in name.words) + 2 * len(name.nicknames) + len(name.suffix)
    )


def _join_ends(groups: list[list[str]], parsed: Mapping[str, _Name]) -> list[list[str]]:
    """Join names that are the end of one other person's name to that person.

    Not if the first word is a first name of others: "Jane Roe" need not be "Mary Jane Roe". After
    an initial it is the same person: "J. Randy Forbes".
    """
    surnames: dict[str, set[str]] = {}
    for parts in parsed.values():
        if len(parts.words) > 1:
            surnames.setdefault(parts.words[0], set()).add(parts.surname)
    kept = list(groups)
    alike: dict[str, list[list[str]]] = {}
    for group in groups:
        alike.setdefault(parsed[group[0]].surname, []).append(group)
    for group in groups:
        short = parsed[group[0]]
        if any(len(parsed[name].words) > 2 for name in group):  # noqa: PLR2004 - more than an end
            continue
        longer = [
            other
            for other in alike[short.surname]
            if other is not group and any(_is_end(short, parsed[name]) for name in other)
        ]
        if len(longer) != 1:
            continue
        initial = any(
            _is_end(short, parsed[name]) and len(parsed[name].words[0]) == 1 for name in longer[0]
        )
        if initial or len(surnames[short.words[0]]) == 1:
            longer[0].extend(group)
            alike[short.surname] = [other for other in alike[short.surname] if other is not group]
            kept = [other for other in kept if other is not group]
    return kept


@dataclass(frozen=True, slots=True)
class _Decision:
    """What the user said of two people's names.

    Attributes:
        merges: Whether they name the same person.
        names: The two.
        written: The two, as the user has them.
    """

    merges: bool
    names: tuple[_Name, _Name]
    written: tuple[str, str]

    @property
    def between_full_names(self) -> bool:
        return all(len(parts.words) > 1 for parts in self.names)


def _parsed_decisions(decisions: Iterable[NameDecision]) -> list[_Decision]:
    found = []
    for decision in decisions:
        one, other = map(_parts, decision.names)
        if decision.kind == "person" and one is not None and other is not None:
            found.append(_Decision(decision.act == "merge", (one, other), decision.names))
    return found


def _merged_names(said: Sequence[_Decision], parsed: Mapping[str, _Name]) -> dict[str, _Name]:
    """Return the names that the user merged with others and that nobody is called by here."""
    known = {*parsed.values()}
    return {
        name: parts
        for one in said
        if one.merges
        for name, parts in zip(one.written, one.names, strict=True)
        if parts not in known and name not in parsed
    }


def _decide(
    groups: list[list[str]], parsed: Mapping[str, _Name], said: Sequence[_Decision]
) -> list[list[str]]:
    """Merge and part groups of names as the user said, in this order."""
    alike: dict[_Name, list[str]] = {}
    for name, parts in parsed.items():
        alike.setdefault(parts, []).append(name)
    for one in said:
        named, others = (alike.get(parts, []) for parts in one.names)
        if not named or not others:
            continue
        if one.merges:
            touched = [g for g in groups if not {*named, *others}.isdisjoint(g)]
            merged = dict.fromkeys([*(name for g in touched for name in g), *others, *named])
            groups = [*(g for g in groups if g not in touched), list(merged)]
        elif any(not {*others}.isdisjoint(g) and not {*named}.isdisjoint(g) for g in groups):
            left = [[name for name in g if name not in named] for g in groups]
            groups = [*filter(None, left), named]
    return groups


def _join_surnames(groups: list[list[str]], parsed: Mapping[str, _Name]) -> list[list[str]]:
    """Join surnames to the only person who has them; what nobody has in full is a person alone."""
    holders: dict[str, list[list[str]]] = {}
    for group in groups:
        for surname in {parsed[name].surname for name in group}:
            holders.setdefault(surname, []).append(group)
    alone: dict[str, list[str]] = {}
    for name, parts in parsed.items():
        if len(parts.words) == 1:
            alone.setdefault(parts.surname, []).append(name)
    for surname, names in sorted(alone.items()):
        if surname not in holders:
            groups.append(names)
        elif len(holders[surname]) == 1:
            holders[surname][0].extend(names)
    return groups


def _person(
    group: Sequence[str], times: Mapping[str, int], roles: Mapping[str, Mapping[str, int]]
) -> Person:
    held: dict[str, int] = {}
    for name in group:
        for role, count in roles.get(name, {}).items():
            held[role] = held.get(role, 0) + count
    return Person(
        name=min(group, key=lambda name: (len(name.split()) == 1, -times[name], name)),
        names=tuple(sorted(group)),
        roles=tuple(sorted(held, key=lambda role: (-held[role], role))),
        times=sum(times[name] for name in group),
    )


def _titles(role: str) -> set[str]:
    """Return the titles in a job title: the whole, its parts, and each without its noun.

    A single word is none: "the minister" is anybody.
    """
    folded = _fold(_ARTICLE.sub("", role))
    parts = {folded, *_SEGMENT.split(folded)}
    return {
        title for part in parts for title in (part, _OF.split(part)[0]) if len(title.split()) > 1
    }
