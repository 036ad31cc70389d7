"""Finds the person, organisation or place of one name, without reading all releases.

Names are found when they are asked for. What joins the names of a person are their surnames, what
joins those of an organisation or a place their words. So it is enough to read the passages that
have the surname or the rarest word of a name, which the word index knows, and those that have such
a word of what it is joined with, until nothing new is found. The result is what `qa.names.search`
would list.
"""

import difflib
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from index.filters import NO_FILTERS, fold_name
from index.search.searcher import Searcher
from index.store.name_decisions import META, NameDecision, parse_name_decisions
from index.text.analyzer import extract_terms
from index.types import NAME_KINDS, NameKind, Span
from qa.errors import NameLookupError
from qa.names.join import join_names, names_of_place, organisation_key, place_key
from qa.names.read import NameReader
from qa.names.runs import can_be_surname
from qa.names.search import (
    READ_KINDS,
    name_reader,
    named_releases,
    names_with,
    people_quoted,
)
from qa.names.types import Mention, NamedEntity
from qa.near_names import MOST_SUGGESTED, did_you_mean, written_like
from qa.statements.people import NamedRole, People, name_words

_PASSAGES = "SELECT release, kind, start, stop FROM passages WHERE id IN ({keys})"
_KINDS = ", ".join(f"'{kind}'" for kind in sorted(READ_KINDS))
_QUOTED = (
    "SELECT DISTINCT speaker, role FROM passages "  # noqa: S608 - ours
    f"WHERE speaker IS NOT NULL AND role IS NOT NULL AND kind IN ({_KINDS})"
)
_CACHED_NAMES = 64
_MOST_LISTED = 5
_MOST_READ = 2_000
"""Number of passages that are read to suggest names for one that nobody has."""
_TERMS_A_WORD = 8
"""Number of terms written like a word of such a name that are looked up."""


@dataclass(frozen=True, slots=True)
class FoundName:
    """Who or what a name means.

    Attributes:
        entities: One, or one of each kind that has the name. If the name can be several, what is
            listed by that name alone; perhaps nothing.
        can_be: If the name can be several, these.
    """

    entities: tuple[NamedEntity, ...]
    can_be: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a collection before a name is looked up.

    Attributes:
        state: Differs from that of another collection, or of this one after a change.
        decisions: What the user said of names.
        reader: Finds names in its texts.
        speakers: Who is quoted with a job title.
    """

    state: tuple[object, ...]
    decisions: tuple[NameDecision, ...]
    reader: NameReader
    speakers: frozenset[str]


@dataclass(slots=True)
class _Reading:
    """What was read for one name.

    Attributes:
        words: The words that were looked up.
        spans: The passages that were read, by the row number of their release.
        mentions: The names in them.
    """

    words: set[str] = field(default_factory=set)
    spans: dict[int, set[Span]] = field(default_factory=dict)
    mentions: dict[int, list[Mention]] = field(default_factory=dict)


class NameLookup:
    """Looks up names in one open collection and remembers what it found. Thread-safe."""

    def __init__(self, searcher: Searcher) -> None:
        """Look up names in the collection of `searcher`."""
        self.searcher = searcher
        self._lock = threading.Lock()
        self._known: _Known | None = None
        self._found: dict[str, FoundName] = {}

    def releases(self, name: str) -> tuple[int, ...]:
        """Return the row numbers of the releases that name somebody or something, ascending.

        Raises:
            NameLookupError: Nobody and nothing is named so, or the name can mean several.
            CollectionDamagedError: What the user said of names cannot be read.
        """
        found = self.find(name)
        if found.can_be:
            more = len(found.can_be) - _MOST_LISTED
            listed = ", ".join(found.can_be[:_MOST_LISTED]) + f" and {more:,} more" * (more > 0)
            raise NameLookupError(f"{name!r} can be {listed}; give one of these names")
        return tuple(sorted({r.key for entity in found.entities for r in entity.releases}))

    def find(self, name: str) -> FoundName:
        """Return who or what a name means.

        Raises:
            NameLookupError: Nobody and nothing is named so; the message suggests other names.
            CollectionDamagedError: What the user said of names cannot be read.
        """
        with self._lock:
            known = self._refreshed()
            if name not in self._found:
                if len(self._found) >= _CACHED_NAMES:
                    self._found.clear()
                self._found[name] = self._find(name, known)
            return self._found[name]

    def _refreshed(self) -> _Known:
        """Return what is known of the collection as it is now."""
        store = self.searcher.store
        record = store.meta(META)
        state = (store.generation, record)
        if self._known is None or self._known.state != state:
            reader = name_reader(self.searcher)
            quoted = ((speaker, role) for speaker, role in store.rows(_QUOTED))
            self._known = _Known(
                state, parse_name_decisions(record), reader, people_quoted(reader, quoted)
            )
            self._found.clear()
        return self._known

    def _find(self, name: str, known: _Known) -> FoundName:
        reading = _Reading()
        found: FoundName | None = None
        names = {name, *_joined_with({name}, known.decisions)}
        words = {word for one in names for word in self._telling_words(one)}
        while words := words - reading.words:
            self._read(words, reading, known.reader)
            entities = self._joined(reading, known)
            found = _meant(name, entities, known.decisions)
            if found is not None:
                own = {n for entity in found.entities for n in entity.names}
                names |= own | _joined_with(own, known.decisions)
            words = {word for one in names for word in self._telling_words(one)}
            words |= _first_names(entities, names)
        if found is None:
            near = did_you_mean(self._written_nearly(name, known))
            tries = near or "see who is named: releaseqa names"
            raise NameLookupError(f"no release names {name!r}; {tries}")
        return found

    def _read(self, words: Iterable[str], reading: _Reading, reader: NameReader) -> None:
        """Read the passages that have one of some words."""
        reading.words.update(words)
        self._read_passages(
            {key for word in words for key in self._passages_with(word)}, reading, reader
        )

    def _read_passages(self, keys: Collection[int], reading: _Reading, reader: NameReader) -> None:
        """Read the names in some passages, and again those read before of the same releases."""
        touched: set[int] = set()
        for release, kind, start, stop in self.searcher.store.rows_among(_PASSAGES, keys):
            spans = reading.spans.setdefault(release, set())
            if kind in READ_KINDS and (start, stop) not in spans:
                spans.add((start, stop))
                touched.add(release)
        # All passages of a release at once: a job title is remembered for the next mention.
        for release, text in self.searcher.store.release_texts(touched).items():
            reading.mentions[release] = list(reader.mentions(text, sorted(reading.spans[release])))

    def _joined(self, reading: _Reading, known: _Known) -> list[NamedEntity]:
        """Return who and what is named in what was read."""
        releases = named_releases(self.searcher, reading.mentions)
        mentions = {key: reading.mentions[key] for key in releases}
        return join_names(mentions, releases, known.speakers, known.decisions)

    def _written_nearly(self, name: str, known: _Known) -> list[str]:
        """Return names like one that nobody has, from the passages with words like its words."""
        keys: dict[int, None] = {}
        for term in self._terms_like(name):
            keys.update(dict.fromkeys(self.searcher.search_all([{term}], NO_FILTERS)))
            if len(keys) >= _MOST_READ:
                break
        reading = _Reading()
        self._read_passages(list(keys)[:_MOST_READ], reading, known.reader)
        return closest(name, self._joined(reading, known))

    def _terms_like(self, name: str) -> list[str]:
        """Return terms of the collection like the words of a name, the most alike first.

        Of those that are equally alike, the rarest comes first.
        """
        found: dict[str, tuple[float, int]] = {}
        for word in fold_name(name).split():
            known = dict(self.searcher.terms(word[:1])) if word[:1].isalpha() else {}
            like = written_like(word, known, _TERMS_A_WORD)
            for term in {*like, *self._terms(word)}:
                ratio = difflib.SequenceMatcher(None, word, term).ratio()
                found[term] = (-ratio, known.get(term, 0))
        return sorted(found, key=lambda term: (*found[term], term))

    def _telling_words(self, name: str) -> set[str]:
        """Return words of which each passage with a name, or a form of it, has one, folded.

        They are the surname of a person, and the rarest word of an organisation and of a place.
        """
        written = (organisation_key(name), *names_of_place(name.partition(",")[0]))
        found = {min(words, key=self._frequency) for one in written if (words := one.split())}
        surname = name_words(name)[-1:]
        return found | {word for word in surname if can_be_surname(word)}

    def _frequency(self, word: str) -> tuple[bool, int]:
        """Return what is least for the word that fewest passages have.

        Last come those that can be written in several ways, such as "u.s.".
        """
        lexical = self.searcher.indexes.lexical
        found = max((lexical.document_frequency(term) for term in self._terms(word)), default=0)
        return not (word.isalpha() and len(word) > 2), found  # noqa: PLR2004

    def _terms(self, word: str) -> set[str]:
        languages = [*self.searcher.languages(), None]
        return {term for lang in languages for term in extract_terms(word, lang)}

    def _passages_with(self, word: str) -> set[int]:
        """Return the keys of the passages that have a word."""
        languages = [*self.searcher.languages(), None]
        # An apostrophe or a hyphen can make several terms of a word, or one, by the language.
        forms = {tuple(extract_terms(word, lang)) for lang in languages}
        return {
            key
            for terms in forms
            if terms
            for key in self.searcher.search_all([{term} for term in terms], NO_FILTERS)
        }


def closest(name: str, entities: Sequence[NamedEntity]) -> list[str]:
    """Return names that have the words of another or are written like it, the best first."""
    having = [entity.name for entity in names_with(entities, name)[:MOST_SUGGESTED]]
    by_folded = {fold_name(own): own for entity in entities for own in entity.names}
    alike = (by_folded[folded] for folded in written_like(fold_name(name), by_folded))
    return list(dict.fromkeys([*having, *alike]))[:MOST_SUGGESTED]


def name_key(kind: NameKind, name: str) -> str:
    """Return what is equal for two ways of writing a name."""
    if kind == "person":
        return " ".join(name_words(name))
    return organisation_key(name) if kind == "organisation" else place_key(name)


def _joined_with(names: Iterable[str], decisions: Sequence[NameDecision]) -> set[str]:
    """Return the names that the user said something of together with some, in steps."""
    keys = {(kind, name_key(kind, name)) for name in names for kind in NAME_KINDS}
    found: set[str] = set()
    grown = True
    while grown:
        grown = False
        for decision in decisions:
            pair = {(decision.kind, name_key(decision.kind, name)) for name in decision.names}
            if not pair.isdisjoint(keys) and not found.issuperset(decision.names):
                keys |= pair
                found.update(decision.names)
                grown = True
    return found


def _first_names(entities: Iterable[NamedEntity], names: Iterable[str]) -> set[str]:
    """Return the first names of people whose name is the end of another's, folded.

    Whether the two are joined depends on who else has that first name.
    """
    surnames = {words[-1] for name in names if (words := name_words(name))}
    people = {
        words
        for entity in entities
        if entity.kind == "person"
        for name in entity.names
        if (words := name_words(name)) and words[-1] in surnames
    }
    return {
        words[0]
        for words in people
        if len(words) == 2  # noqa: PLR2004
        and any(len(longer[0]) > 1 and longer[-2:] == words for longer in people - {words})
    }


def _meant(
    name: str, entities: Sequence[NamedEntity], decisions: Sequence[NameDecision]
) -> FoundName | None:
    """Return what a name means among the entities of its words; None for nothing."""
    found = [
        entity
        for entity in entities
        if entity.kind != "person"
        and name_key(entity.kind, name) in {name_key(entity.kind, own) for own in entity.names}
    ]
    people = _people_meant(name, entities, decisions)
    words = name_words(name)
    if found:  # a surname alone can be anybody's
        people = [p for p in people if words in {name_words(own) for own in p.names}]
    found += people if len(people) == 1 or not found else []
    if not found:
        found = [
            entity
            for entity in entities
            if entity.kind == "place"
            and place_key(name) in {place_key(own.partition(", ")[0]) for own in entity.names}
        ]
    if not found:
        return None
    kinds = [entity.kind for entity in found if not entity.can_be]
    if len(kinds) == len({*kinds}) and kinds:
        return FoundName(tuple(entity for entity in found if not entity.can_be))
    alone = tuple(
        e for e in entities if e.can_be and name_key(e.kind, name) == name_key(e.kind, e.name)
    )
    can_be = {one: None for e in (*alone, *found) for one in (e.can_be or (e.name,))}
    return FoundName(alone, tuple(can_be))


def _people_meant(
    name: str, entities: Sequence[NamedEntity], decisions: Sequence[NameDecision]
) -> list[NamedEntity]:
    """Return the people that a name can mean."""
    people = [entity for entity in entities if entity.kind == "person"]
    named = People((NamedRole(own, None) for e in people for own in e.names), decisions)
    return [
        entity
        for person in named.candidates(name)
        for entity in people
        if not entity.can_be and not {*entity.names}.isdisjoint(person.names)
    ]
