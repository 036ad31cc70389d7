"""Lists the names in the releases of a collection. Nothing is stored for it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from index.filters import NO_FILTERS, Filters, fold_name
from index.search.searcher import Searcher
from index.store.name_decisions import load_name_decisions
from qa.names.join import join_names
from qa.names.read import NameReader
from qa.names.roles import clean_role
from qa.names.types import Mention, NamedEntity, NamedRelease, NameSummary

if TYPE_CHECKING:
    from index.types import Span

READ_KINDS = frozenset({"body", "quote", "list", "question", "boilerplate"})
"""The kinds of passage that are read."""
_WORD = re.compile(r"\b[a-zà-ÿ]{3,}\b")
_SAMPLE_RELEASES = 3_000
_SAMPLE_TEXT = 1_500
"""How many releases, and how many characters of each, tell which words have no capitals."""
_SHOWN_ROLES = 3
_AT_ONCE = 50
"""Releases read between two reports of progress."""
_PASSAGES = "SELECT release, id, kind, start, stop, speaker, role FROM passages"
_SAMPLE = (
    f"SELECT substr(text, 1, {_SAMPLE_TEXT}) FROM releases ORDER BY id LIMIT {_SAMPLE_RELEASES}"  # noqa: S608
)


def list_names(
    searcher: Searcher,
    filters: Filters = NO_FILTERS,
    progress: Callable[[int, int], None] | None = None,
) -> list[NamedEntity]:
    """Return who and what the releases name, most releases first, then by name.

    Args:
        searcher: The collection.
        filters: What to read.
        progress: Called now and then with how many releases were read, and of how many.

    Raises:
        CollectionDamagedError: What the user said of names cannot be read.
    """
    store = searcher.store
    decisions = load_name_decisions(store)
    allowed = searcher.allowed(filters)
    spans: dict[int, list[Span]] = {}
    quoted: set[tuple[str, str]] = set()
    for release, key, kind, start, stop, speaker, role in store.iterate(_PASSAGES):
        if kind in READ_KINDS and (allowed is None or key in allowed):
            spans.setdefault(release, []).append((start, stop))
            if speaker and role:
                quoted.add((speaker, role))
    reader = name_reader(searcher)
    mentions: dict[int, Sequence[Mention]] = {}
    for key, text in store.iterate("SELECT id, text FROM releases"):
        if key in spans:
            mentions[key] = list(reader.mentions(text, spans[key]))
            if progress is not None and len(mentions) % _AT_ONCE == 0:
                progress(len(mentions), len(spans))
    releases = named_releases(searcher, mentions)
    found = join_names(
        {key: found for key, found in mentions.items() if key in releases},
        releases,
        people_quoted(reader, quoted),
        decisions,
    )
    return sorted(found, key=lambda e: (-len(e.releases), e.name, e.kind))


def summary_of(entity: NamedEntity) -> NameSummary:
    """Return what a long list shows of a name."""
    return NameSummary(
        kind=entity.kind,
        name=entity.name,
        names=tuple(name for name in entity.names if name != entity.name),
        roles=entity.roles[:_SHOWN_ROLES],
        can_be=entity.can_be,
        first=entity.first,
        last=entity.last,
        releases=tuple(release.key for release in entity.releases),
        text=f" {fold_name(' '.join(entity.names)).replace('-', ' ')}",
    )


def name_reader(searcher: Searcher) -> NameReader:
    """Return what finds names in the texts of a collection."""
    words: set[str] = set()
    for (text,) in searcher.store.iterate(_SAMPLE):
        words.update(_WORD.findall(text))
    return NameReader(frozenset(words))


def people_quoted(reader: NameReader, quoted: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return those speakers who have a job title and the form of a full name."""
    return frozenset(
        speaker for speaker, role in quoted if clean_role(role) and reader.can_be_person(speaker)
    )


def named_releases(searcher: Searcher, mentions: Mapping[int, object]) -> dict[int, NamedRelease]:
    """Return what a list of names needs of releases, by row number."""
    return {
        key: NamedRelease(key, stored.release.release_id, stored.release.date, stored.release.url)
        for key, stored in searcher.store.releases_by_key(mentions).items()
    }


def names_with(entities: Iterable[NamedEntity], text: str) -> list[NamedEntity]:
    """Return those of which one name has all words of a text; a word may go on."""
    words = [re.compile(rf"(?<!\w){re.escape(word)}") for word in fold_name(text).split()]
    return [
        entity
        for entity in entities
        if any(all(word.search(fold_name(name)) for word in words) for name in entity.names)
    ]
