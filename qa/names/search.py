"""Lists the names in the releases of a collection. Nothing is stored for it."""

import re
from collections.abc import Iterable

from index.filters import Filters, fold_name
from index.search.searcher import Searcher
from qa.names.join import join_names
from qa.names.read import NameReader
from qa.names.roles import clean_role
from qa.names.types import Mention, NamedEntity, NamedRelease

_READ = frozenset({"body", "quote", "list", "question", "boilerplate"})
_WORD = re.compile(r"\b[a-zà-ÿ]{3,}\b")
_SAMPLE_RELEASES = 3_000
_SAMPLE_TEXT = 1_500
"""How many releases, and how many characters of each, tell which words have no capitals."""
_PASSAGES = "SELECT release, id, kind, start, stop, speaker, role FROM passages"
_TEXTS = "SELECT id, text FROM releases"


_Passage = tuple[tuple[int, int], str | None, str | None]
"""The span of a passage, its speaker and the speaker's job title."""


def list_names(searcher: Searcher, filters: Filters) -> list[NamedEntity]:
    """Return who and what the releases name, most releases first, then by name."""
    store = searcher.store
    allowed = searcher.allowed(filters)
    passages: dict[int, list[_Passage]] = {}
    for release, key, kind, start, stop, speaker, role in store.iterate(_PASSAGES):
        if kind in _READ and (allowed is None or key in allowed):
            passages.setdefault(release, []).append(((start, stop), speaker, role))
    reader = NameReader(
        _common_words(
            text for _, text in store.iterate(f"{_TEXTS} ORDER BY id LIMIT {_SAMPLE_RELEASES}")
        )
    )
    mentions: dict[int, list[Mention]] = {}
    for key, text in store.iterate(_TEXTS):
        if key in passages:
            mentions[key] = list(reader.mentions(text, [span for span, _, _ in passages[key]]))
    stored = store.releases_by_key(mentions)
    releases = {k: NamedRelease(s.release.release_id, s.release.date) for k, s in stored.items()}
    speakers = frozenset(
        speaker
        for found in passages.values()
        for _, speaker, role in found
        if speaker and role and clean_role(role) and reader.can_be_person(speaker)
    )
    found = join_names({k: m for k, m in mentions.items() if k in releases}, releases, speakers)
    return sorted(found, key=lambda e: (-len(e.releases), e.name, e.kind))


def names_with(entities: Iterable[NamedEntity], text: str) -> list[NamedEntity]:
    """Return those of which one name has all words of a text; a word may go on."""
    words = [re.compile(rf"(?<!\w){re.escape(word)}") for word in fold_name(text).split()]
    return [
        entity
        for entity in entities
        if any(all(word.search(fold_name(name)) for word in words) for name in entity.names)
    ]


def _common_words(texts: Iterable[str]) -> frozenset[str]:
    words: set[str] = set()
    for text in texts:
        words.update(_WORD.findall(text, 0, _SAMPLE_TEXT))
    return frozenset(words)
