"""Lexical search: BM25 over passages and their headlines, with tantivy.

Text is analyzed by `index.text.analyzer` and passed on as terms separated by spaces, so that
tantivy adds no rules of its own. BM25 has tantivy's default parameters, k1 = 1.2 and b = 0.75
(Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009).

tantivy counts a deleted document in its statistics until it merges the segment, so nothing is ever
deleted: scores would depend on which updates led to the passages that there are. The documents are
stored, so that an index without some of them is made from another without analyzing texts.
"""

import os
import shutil
import tempfile
import weakref
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any

import tantivy

from index.errors import CollectionDamagedError
from index.store import artifacts
from index.store.reader import Store
from index.text.analyzer import ANALYZER_VERSION, extract_terms

TITLE_WEIGHT = 0.3
"""Weight of a word in the headline, against 1 for a word in the passage: enough to find a release
by its headline, too little to rank all of its paragraphs high (benchmarks/fit_ranking.py)."""

IDENTITY = f"analyser {ANALYZER_VERSION}, fields 2"
_MANY_ALLOWED = 2_000
_LEAST_FETCHED = 100
_HEAP_BYTES = 64_000_000
_RELEASES = "releases.u32"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("body", "title"):
        builder.add_text_field(name, stored=True, tokenizer_name="whitespace", index_option="freq")
    for name in ("key", "release"):
        builder.add_unsigned_field(name, stored=True, indexed=True, fast=True)
    return builder.build()


class LexicalIndex:
    """An open lexical index. Safe to share between threads."""

    def __init__(self, index: tantivy.Index, scratch: Path | None = None) -> None:
        """Wrap an open tantivy index; `scratch` is a folder to remove when it is closed."""
        self._schema = index.schema
        self._searcher = index.searcher()
        # On close, when it is freed, or at exit.
        self._remove = weakref.finalize(self, _remove_scratch, scratch) if scratch else None

    @property
    def passages(self) -> int:
        """How many passages are in the index."""
        return int(self._searcher.num_docs)

    def documents(self) -> dict[int, int]:
        """Return the row number of the release of each passage, by the passage's row number."""
        return {key: release for key, release, _ in self._addresses()}

    def stored(self, releases: AbstractSet[int]) -> Iterator[tantivy.Document]:
        """Yield the documents of the passages of some releases, given by row numbers, by key."""
        for _, release, address in sorted(self._addresses(), key=itemgetter(0)):
            if release in releases:
                yield self._searcher.doc(address)

    def _addresses(self) -> list[tuple[int, int, tantivy.DocAddress]]:
        """Return the key, the release and the address of each passage."""
        found = self._searcher.search(
            tantivy.Query.all_query(), max(1, self.passages), count=False
        ).hits
        addresses = [address for _, address in found]
        keys = self._searcher.fast_field_values("key", addresses)
        releases = self._searcher.fast_field_values("release", addresses)
        return [
            (int(key or 0), int(of or 0), address)
            for key, of, address in zip(keys, releases, addresses, strict=True)
        ]

    def document_frequency(self, term: str) -> int:
        """Return how many passages contain `term`, headlines aside."""
        return int(self._searcher.doc_freq("body", term))

    def occurs(self, term: str) -> bool:
        """Return whether any passage or headline contains `term`."""
        return any(self._searcher.doc_freq(field, term) for field in ("body", "title"))

    def terms(self, prefix: str) -> list[tuple[str, int]]:
        """Return the terms that begin with `prefix`, with the number of passages each is in."""
        return list(self._searcher.terms_with_prefix("body", prefix))

    def search(
        self, terms: Iterable[str], limit: int, allowed: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return the passages that match `terms` best.

        Args:
            terms: Analyzed terms; a repeated one counts once.
            limit: How many to return at most.
            allowed: Keys of the passages to search among; default: all.

        Returns:
            Passage keys and BM25 scores, best first, equal scores by key.

        Raises:
            CollectionDamagedError: When a file was changed after the index was opened.
        """
        query = self._query(terms)
        if query is None or limit < 1 or (allowed is not None and not allowed):
            return []
        if allowed is None:
            hits = self._hits(query, limit)
        else:
            hits = self._hits_among(query, limit, allowed)
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def search_all(
        self, words: Sequence[Collection[str]], *, headlines: bool = False
    ) -> dict[int, float]:
        """Return every passage that has all of some words, with its BM25 score, by key.

        Args:
            words: For each word, the terms that stand for it: a passage with one of them has it.
            headlines: Whether a word may stand in the headline of the release instead.

        Raises:
            CollectionDamagedError: As for `search`.
        """
        fields = ("body", "title") if headlines else ("body",)
        clauses = [
            (
                tantivy.Occur.Must,
                tantivy.Query.boolean_query(
                    [
                        (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, field, term))
                        for term in sorted(terms)
                        for field in fields
                    ]
                ),
            )
            for terms in words
        ]
        if not clauses or not all(words) or not self.passages:
            return {}
        return dict(self._hits(tantivy.Query.boolean_query(clauses), self.passages))

    def _hits_among(
        self, query: tantivy.Query, limit: int, allowed: Collection[int]
    ) -> list[tuple[int, float]]:
        """Return the best hits that are allowed.

        tantivy looks up every allowed key, which takes longer the more there are. Where they are
        many, enough of the best hits are fetched for `limit` of them to be allowed, as a rule.
        """
        if len(allowed) > _MANY_ALLOWED:
            count = max(_LEAST_FETCHED, limit + limit * self.passages // len(allowed))
            while count < self.passages:
                hits = self._hits(query, count)
                among = [hit for hit in hits if hit[0] in allowed][:limit]
                if len(among) == limit or len(hits) < count:
                    return among
                count *= 8
        keys = tantivy.Query.term_set_query(self._schema, "key", list(allowed))
        must = tantivy.Occur.Must
        return self._hits(
            tantivy.Query.boolean_query(
                [(must, tantivy.Query.const_score_query(keys, 0.0)), (must, query)]
            ),
            limit,
        )

    def _hits(self, query: tantivy.Query, limit: int) -> list[tuple[int, float]]:
        with _panics_are_damage():
            hits = self._searcher.search(query, limit, count=False).hits
            keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        return [(int(key or 0), float(score)) for key, (score, _) in zip(keys, hits, strict=True)]

    def releases_with(self, term: str) -> set[int]:
        """Return the row numbers of the releases that have `term` in a passage or the headline."""
        query = self._query([term])
        if query is None:
            return set()
        unranked = tantivy.Query.const_score_query(query, 1.0)
        hits = self._searcher.search(unranked, max(1, self.passages), count=False).hits
        found = self._searcher.fast_field_values("release", [address for _, address in hits])
        return {int(key or 0) for key in found}

    def _query(self, terms: Iterable[str]) -> tantivy.Query | None:
        clauses: list[tuple[Any, tantivy.Query]] = []
        for term in sorted(set(terms)):
            body = tantivy.Query.term_query(self._schema, "body", term)
            title = tantivy.Query.term_query(self._schema, "title", term)
            clauses.append((tantivy.Occur.Should, body))
            clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(title, TITLE_WEIGHT)))
        return tantivy.Query.boolean_query(clauses) if clauses else None

    def close(self) -> None:
        """Remove the scratch folder."""
        if self._remove is not None:
            self._remove()


@contextmanager
def _panics_are_damage() -> Iterator[None]:
    """Raise `CollectionDamagedError` for a panic of tantivy.

    The files are mapped into memory. When another program writes into one of them in place, the
    index changes under the reader, and tantivy panics. A panic derives from `BaseException`, by a
    class that cannot be imported, and would end the whole program.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise CollectionDamagedError(
            "the word index was changed by another program while it was in use; close the "
            "collection and run: releaseqa verify --repair"
        ) from error


def _remove_scratch(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def build_lexical_index(
    store: Store, target: Path | None, previous: Path | None = None
) -> tantivy.Index:
    """Build the lexical index of a store.

    Args:
        store: The collection's.
        target: Folder to write to, which must not exist; None to build in memory.
        previous: Folder of an earlier index with the same analyzer, to continue from: only
            releases that were added since are analyzed.
    """
    current = {int(row[0]) for row in store.rows("SELECT id FROM releases")}
    before: set[int] = set()
    kept: Iterable[tantivy.Document] = ()
    if target is None:
        index = tantivy.Index(_schema())
    elif previous is None or not (previous / "meta.json").is_file():
        target.mkdir()
        index = tantivy.Index(_schema(), str(target))
    elif (before := indexed_releases(previous)) <= current:
        _clone(previous, target)
        index = tantivy.Index.open(str(target))
    else:
        target.mkdir()
        index = tantivy.Index(_schema(), str(target))
        kept = _kept(previous, before & current)
    writer = index.writer(_HEAP_BYTES, 1)
    for document in chain(kept, _documents(store, before)):
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    if target is not None:
        (target / _RELEASES).write_bytes(array("I", sorted(current)).tobytes())
    return index


def _kept(previous: Path, releases: AbstractSet[int]) -> Iterator[tantivy.Document]:
    """Yield the documents of some releases in the index in a folder."""
    with closing(_opened(previous)) as index:
        yield from index.stored(releases)


def _documents(store: Store, indexed: set[int]) -> Iterable[tantivy.Document]:
    """Yield the passages of the releases that are not `indexed`, one release at a time."""
    for (release,) in store.rows("SELECT id FROM releases ORDER BY id"):
        if release in indexed:
            continue
        rows = store.rows("SELECT title, lang, text FROM releases WHERE id = ?", (release,))
        for title, lang, text in rows:
            title_terms = " ".join(extract_terms(title, lang))
            sql = "SELECT id, start, stop FROM passages WHERE release = ? ORDER BY id"
            for key, start, stop in store.rows(sql, (release,)):
                document = tantivy.Document()
                document.add_text("body", " ".join(extract_terms(text[start:stop], lang)))
                document.add_text("title", title_terms)
                document.add_unsigned("key", key)
                document.add_unsigned("release", release)
                yield document


def open_lexical_index(folder: Path, digest: str) -> LexicalIndex:
    """Open a lexical index after comparing its hash.

    Raises:
        CollectionDamagedError: When a file is missing or differs.
    """
    try:
        if artifacts.sha256(folder) != digest:
            raise CollectionDamagedError(f"{folder} is damaged")
        return _opened(folder)
    except (OSError, ValueError) as error:
        raise CollectionDamagedError(f"{folder} cannot be read ({error})") from error


def _opened(folder: Path) -> LexicalIndex:
    """Open a lexical index.

    tantivy creates a lock file in the folder it opens, so the index is opened through a scratch
    folder of links: reading must not write to the collection.

    Raises:
        OSError, ValueError: When it cannot be read.
    """
    scratch = Path(tempfile.mkdtemp(prefix="releaseqa-words-"))
    try:
        for path in artifacts.files(folder):
            _link(path, scratch / path.name)
        opened = LexicalIndex(tantivy.Index.open(str(scratch)), scratch)
    except BaseException:
        _remove_scratch(scratch)
        raise
    # Every file is mapped now. The links are removed at once where the system allows it, so that
    # a process that is killed leaves none behind.
    _remove_scratch(scratch)
    return opened


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source.resolve())
    except OSError:  # where links need privileges
        shutil.copyfile(source, target)


def _clone(previous: Path, target: Path) -> None:
    """Create `target` as a copy of `previous` that shares its segments."""
    target.mkdir()
    for path in previous.iterdir():
        if path.suffix == ".lock":
            continue
        if path.suffix in {".json", ".u32"} or path.name.startswith("."):
            shutil.copyfile(path, target / path.name)
        else:
            try:
                os.link(path, target / path.name)
            except OSError:
                shutil.copyfile(path, target / path.name)


def indexed_releases(folder: Path) -> set[int]:
    """Return the row numbers of the releases in the lexical index in a folder."""
    numbers = array("I")
    path = folder / _RELEASES
    if path.is_file():
        numbers.frombytes(path.read_bytes())
    return set(numbers)
