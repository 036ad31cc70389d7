"""Searches a collection for what one person says.

Candidates are the passages that are stored with the speaker and those that have the surname. Their
releases are read for who says what (`index.structure.said`), which is remembered for
each release, since another question about the person reads the same ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from index.dedup.near_duplicates import comparison_words
from index.filters import NO_FILTERS, Filters
from index.search.searcher import Searcher
from index.store.lookups import BatchCache
from index.store.name_decisions import META, parse_name_decisions
from index.store.related import NO_RELATED, related_releases
from index.structure.quotations.attribution import has_verb_of_saying
from index.structure.quotations.job_titles import is_title_word
from index.structure.said import SaidSpan, said_spans
from index.text.analyzer import extract_terms
from index.types import Passage, StoredRelease
from qa.citations import citation_of
from qa.errors import SpeakerError, UnknownSpeakerError
from qa.finding.query import FindQuery
from qa.finding.search import find_passages
from qa.finding.types import Match
from qa.near_names import did_you_mean, near_names
from qa.release_refs import release_ref
from qa.statements.folds import LEAST_SIMILARITY, fold_texts, similarity
from qa.statements.people import NamedRole, People, Person, new_person, surnames_of
from qa.statements.types import AlsoSaid, Fold, Statement, Statements

_CACHED_RELEASES = 4_096
_NAMED_PEOPLE = 5
"""People who are named where a name is ambiguous."""
_TELLING_WORDS = 5
"""The longest words of a statement, which a passage that says nearly the same has as well."""
_QUOTING = "SELECT speaker, role, id FROM passages WHERE speaker IS NOT NULL AND kind <> 'question'"
_FEW_PEOPLE = 20
"""Of an office that more people hold, passages are read that are stored with one of them."""
_READ = frozenset({"body", "quote", "list"})


_Said = tuple[tuple[SaidSpan, Passage], ...]
"""Who says what in a release, and in which passage."""


class StatementSearch:
    """Searches for statements and remembers who is who. Safe to share between threads."""

    def __init__(self, searcher: Searcher) -> None:
        """Search the collection of `searcher`."""
        self.searcher = searcher
        self._people: tuple[object, People, dict[str, list[int]]] | None = None
        self._said: BatchCache[int, _Said] = BatchCache(_CACHED_RELEASES)

    def people(self) -> People:
        """Return the people who are quoted in the collection."""
        return self._quoted()[0]

    def person(self, words: str) -> Person:
        """Return who is meant, or all who hold an office, such as "the minister".

        Raises:
            UnknownSpeakerError: When words name nobody.
            SpeakerError: When a name can mean several people.
        """
        found = self.people().candidates(words)
        if len(found) != 1 and (office := self.people().office(words)) is not None:
            return office
        if not found:
            person = new_person(words)
            if person is None:
                if is_title_word(words.rsplit(maxsplit=1)[-1]):
                    raise SpeakerError(f"{words!r} can be several people; give a name")
                tries = did_you_mean(self.near(words)) or "give a full name"
                raise UnknownSpeakerError(f"nobody is quoted as {words!r}; {tries}")
            return person
        if len(found) > 1:
            named = ", ".join(
                f"{person.name} ({', '.join((*person.roles[:1], f'{person.times:,}'))})"
                for person in found[:_NAMED_PEOPLE]
            )
            more = f" and {len(found) - _NAMED_PEOPLE:,} others" * (len(found) > _NAMED_PEOPLE)
            raise SpeakerError(
                f"{len(found):,} people can be meant by {words!r}: {named}{more}; give a full name"
            )
        return found[0]

    def near(self, words: str) -> list[str]:
        """Return the names of people who are quoted that are written like another."""
        known = sorted(self.people(), key=lambda person: (-person.times, person.name))
        return near_names(words, (person.name for person in known))

    def statements(
        self, person: Person, topic: FindQuery | None, filters: Filters, *, words_only: bool = False
    ) -> Statements:
        """Return everything that a person said.

        Args:
            person: From `person`.
            topic: What it is about: only statements in passages that match; None for all.
            filters: What to search.
            words_only: Leave out what matches the topic by meaning alone.
        """
        searcher = self.searcher
        keys = self._candidates(person, filters)
        text_keys = searcher.searchable_text_keys(sorted(keys), filters)
        matches: dict[bytes, Match] = {}
        by_meaning = False
        if topic is not None:
            findings = find_passages(searcher, topic, filters, words_only=words_only)
            by_meaning = findings.by_meaning
            found = {match.key: match for match in findings.matches}
            of_matches = searcher.searchable_text_keys(sorted(found), filters, headlines=True)
            matches = {text_key: found[key] for key, text_key in of_matches.items()}
            text_keys = {key: text for key, text in text_keys.items() if text in matches}
        facts = searcher.lookups.passage_facts(text_keys)
        wanted = {(fact.release, fact.ordinal): text_keys[key] for key, fact in facts.items()}
        stored = searcher.store.releases_by_key({release for release, _ in wanted})
        texts = searcher.store.release_texts(stored)
        said = self._said.get(stored, searcher.store.generation, partial(self._read, texts))
        people = self.people()
        statements = [
            _statement(
                stored[release],
                texts[release],
                passage,
                span,
                matches.get(wanted[release, span.ordinal]),
            )
            for release, spans in said.items()
            for span, passage in spans
            if (release, span.ordinal) in wanted
            and (span.speaker in person.names or people.person(span.speaker) == person)
        ]
        related = related_releases(searcher.store, stored)
        releases = {
            key: release_ref(release, related.get(key, NO_RELATED))
            for key, release in stored.items()
        }
        ordered = sorted(
            statements,
            key=lambda s: (
                releases[s.release].date is None, releases[s.release].date or "",
                releases[s.release].id, s.span,
            ),
        )  # fmt: skip
        single = self._without_copies(ordered, {key: ref.id for key, ref in releases.items()})
        return Statements(
            person=person,
            topic=topic,
            folds=self._fold(person, single),
            releases={s.release: releases[s.release] for s in single},
            unjoined=tuple(people.unjoined(person)) if person.people == 1 else (),
            by_meaning=by_meaning,
        )

    def also_said(self, person: Person, fold: Fold) -> tuple[AlsoSaid, ...]:
        """Return who else says nearly the same, by date, each person in each release once."""
        searcher, people = self.searcher, self.people()
        text = fold.statements[0].text
        own = {word for name in person.names for word in comparison_words(name)}
        words = sorted({*comparison_words(text)} - own, key=lambda word: (-len(word), word))
        terms = [self._terms(word) for word in words[:_TELLING_WORDS]]
        keys = searcher.searchable_text_keys(sorted(self._with_all(terms)))
        facts = searcher.lookups.passage_facts(keys).values()
        places = {(fact.release, fact.ordinal) for fact in facts}
        stored = searcher.store.releases_by_key({release for release, _ in places})
        texts = searcher.store.release_texts(stored)
        said = self._said.get(stored, searcher.store.generation, partial(self._read, texts))
        found = set()
        for key, spans in said.items():
            release = stored[key].release
            for span, _ in spans:
                other = people.person(span.speaker) if (key, span.ordinal) in places else None
                if other is None or not {*other.names}.isdisjoint(person.names):
                    continue
                if similarity(text, texts[key][slice(*span.span)]) >= LEAST_SIMILARITY:
                    place = f"{release.release_id}#{span.ordinal}"
                    found.add(AlsoSaid(other.name, release.release_id, release.date, place))
        return tuple(
            sorted(found, key=lambda f: (f.date is None, f.date or "", f.passage_id, f.speaker))
        )

    def _fold(self, person: Person, statements: Sequence[Statement]) -> tuple[Fold, ...]:
        """Group statements that are nearly the same; those of several people stay apart."""
        by_speaker: dict[str, list[int]] = {}
        for number, statement in enumerate(statements):
            who = self.people().person(statement.speaker) if person.people > 1 else person
            name = statement.speaker if who is None else who.name
            by_speaker.setdefault(name, []).append(number)
        folds = [
            [own[number] for number in fold]
            for own in by_speaker.values()
            for fold in fold_texts([statements[number].text for number in own])
        ]
        return tuple(Fold(tuple(statements[number] for number in fold)) for fold in sorted(folds))

    def _quoted(self) -> tuple[People, dict[str, list[int]]]:
        """Return who is quoted, and the passages of each name."""
        store = self.searcher.store
        state = (store.generation, store.meta(META))
        if self._people is None or self._people[0] != state:
            times: dict[tuple[str, str | None], int] = {}
            keys: dict[str, list[int]] = {}
            for name, role, key in self.searcher.store.iterate(_QUOTING):
                times[name, role] = times.get((name, role), 0) + 1
                keys.setdefault(name, []).append(key)
            named = [NamedRole(name, role, count) for (name, role), count in times.items()]
            self._people = (state, People(named, parse_name_decisions(state[1])), keys)
        return self._people[1:]

    def _candidates(self, person: Person, filters: Filters) -> set[int]:
        """Return the passages that may have words of a person."""
        people, keys_of = self._quoted()
        keys = {key for name in person.names for key in keys_of.get(name, ())}
        titled = (name for name in keys_of if name[0].islower() and people.person(name) == person)
        keys |= {key for name in titled for key in keys_of[name]}
        mentions: set[int] = set()
        for surname in surnames_of(person) if person.people <= _FEW_PEOPLE else ():
            mentions |= set(self._with_all([self._terms(surname)]))
        facts = self.searcher.lookups.passage_facts(sorted(mentions - keys))
        unread = [key for key, fact in facts.items() if fact.kind in _READ]
        passages = self.searcher.lookups.passages(unread)
        keys |= {key for key, passage in passages.items() if has_verb_of_saying(passage.text)}
        allowed = self.searcher.allowed(filters)
        return keys if allowed is None else keys & allowed

    def _terms(self, word: str) -> set[str]:
        languages = [*self.searcher.languages(), None]
        return {term for lang in languages for term in extract_terms(word, lang)[:1]}

    def _with_all(self, terms: Sequence[set[str]]) -> Iterable[int]:
        return self.searcher.search_all([t for t in terms if t], NO_FILTERS)

    def _read(self, texts: Mapping[int, str], keys: Iterable[int]) -> dict[int, _Said]:
        found: dict[int, _Said] = {}
        for key in keys:
            passages = self.searcher.store.passages_of(key)
            said = said_spans(texts[key], passages)
            found[key] = tuple((span, passages[span.ordinal]) for span in said)
        return found

    def _without_copies(
        self, statements: Sequence[Statement], names: dict[int, str]
    ) -> list[Statement]:
        """Return statements; what copies or versions of a release repeat is there once."""
        clusters = self.searcher.lookups.duplicate_clusters({s.release for s in statements})
        first: dict[tuple[int, tuple[str, ...]], int] = {}
        single: list[Statement] = []
        for statement in statements:
            words = tuple(comparison_words(statement.text))
            same = (clusters.get(statement.release, statement.release), words)
            if same not in first:
                first[same] = len(single)
                single.append(statement)
                continue
            kept = single[first[same]]
            if kept.release != statement.release:
                copies = {*kept.also_in, names[statement.release]}
                single[first[same]] = replace(kept, also_in=tuple(sorted(copies)))
        return single


def _statement(
    stored: StoredRelease, written: str, passage: Passage, said: SaidSpan, match: Match | None
) -> Statement:
    text = written[slice(*said.span)]
    words = written[slice(*passage.span)]
    score = None if match is None else (match.dense if match.dense is not None else match.lexical)
    return Statement(
        release=stored.key,
        passage=passage,
        span=said.span,
        text=text,
        speaker=said.speaker,
        role=said.role,
        quoted=said.quoted,
        by=match.by if match else None,
        score=score,
        citation=citation_of(stored.release, passage, words),
    )
