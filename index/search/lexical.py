"""Search by words: BM25 over passages and their headlines, with tantivy.

Text is analysed by `index.text.analyzer` and handed over as terms separated by spaces, so that
tantivy adds no rules of its own. BM25 has tantivy's usual parameters, k1 = 1.2 and b = 0.75
(Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009).
"""

import os
import shutil
import tempfile
import weakref
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import tantivy

from index.errors import CollectionDamagedError
from index.store import artifacts
from index.store.reader import Store
from index.text.analyzer import ANALYZER_VERSION, extract_terms

TITLE_WEIGHT = 0.3
"""What a word in the headline counts beside one in the passage: enough to find a release by
its headline, too little to lift every paragraph of it (benchmarks/fit_ranking.py)."""

IDENTITY = f"analyser {ANALYZER_VERSION}, fields 1"
_HEAP_BYTES = 64_000_000
_RELEASES = "releases.u32"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("body", "title"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("key", "release"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    return builder.build()


class LexicalIndex:
    """A searchable word index. Safe to share between threads."""

    def __init__(self, index: tantivy.Index, scratch: Path | None = None) -> None:
        """Wrap an opened tantivy index; `scratch` is removed on close."""
        self._schema = index.schema
        self._searcher = index.searcher()
        # However it ends: closed, forgotten by a refresh, or at exit.
        self._remove = weakref.finalize(self, _remove_scratch, scratch) if scratch else None

    @property
    def passages(self) -> int:
        """Passages in the index."""
        return int(self._searcher.num_docs)

    def documents(self) -> dict[int, int]:
        """Return the release of each passage in the index, by the passage's row number."""
        found = self._searcher.search(
            tantivy.Query.all_query(), max(1, self.passages), count=False
        ).hits
        addresses = [address for _, address in found]
        keys = self._searcher.fast_field_values("key", addresses)
        releases = self._searcher.fast_field_values("release", addresses)
        return {int(key or 0): int(of or 0) for key, of in zip(keys, releases, strict=True)}

    def document_frequency(self, term: str) -> int:
        """Return how many passages hold `term` in their own words."""
        return int(self._searcher.doc_freq("body", term))

    def search(
        self, words: Iterable[str], limit: int, allowed: tuple[str, Sequence[int]] | None = None
    ) -> list[tuple[int, float]]:
        """Return the passages that match `words` best.

        Args:
            words: Analysed terms; repeated ones count once.
            limit: Passages at most.
            allowed: Field (`key` or `release`) and the numbers allowed in it, ascending; None
                for everything.

        Returns:
            Passage keys and BM25 scores, best first, equal scores by key.
        """
        query = self._query(words)
        if query is None or limit < 1 or (allowed is not None and not allowed[1]):
            return []
        if allowed is not None:
            inside = tantivy.Query.term_set_query(self._schema, allowed[0], list(allowed[1]))
            must = tantivy.Occur.Must
            query = tantivy.Query.boolean_query(
                [(must, tantivy.Query.const_score_query(inside, 0.0)), (must, query)]
            )
        hits = self._searcher.search(query, limit, count=False).hits
        keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        found = [(int(key or 0), float(score)) for key, (score, _) in zip(keys, hits, strict=True)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def _query(self, words: Iterable[str]) -> tantivy.Query | None:
        clauses: list[tuple[Any, tantivy.Query]] = []
        for word in sorted(set(words)):
            body = tantivy.Query.term_query(self._schema, "body", word)
            title = tantivy.Query.term_query(self._schema, "title", word)
            clauses.append((tantivy.Occur.Should, body))
            clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(title, TITLE_WEIGHT)))
        return tantivy.Query.boolean_query(clauses) if clauses else None

    def close(self) -> None:
        """Let go of the files."""
        if self._remove is not None:
            self._remove()


def _remove_scratch(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def build_lexical_index(
    store: Store, target: Path | None, previous: Path | None = None
) -> tantivy.Index:
    """Write the word index of a store.

    Args:
        store: Where the passages are.
        target: Folder to write to, which must not exist; None to build in memory.
        previous: Folder of an earlier index of the same analyser, continued from: only
            releases that came or went since are analysed.
    """
    if target is None:
        index = tantivy.Index(_schema())
    else:
        known = _clone(previous, target)
        index = tantivy.Index.open(str(target)) if known else tantivy.Index(_schema(), str(target))
    current = {int(row[0]) for row in store.rows("SELECT id FROM releases")}
    before = indexed_releases(target) if target is not None else set()
    writer = index.writer(_HEAP_BYTES, 1)
    if gone := sorted(before - current):
        # not delete_documents_by_term: for numbers it deletes nothing, without a word
        writer.delete_documents_by_query(
            tantivy.Query.term_set_query(index.schema, "release", gone)
        )
    for document in _documents(store, before):
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    if target is not None:
        (target / _RELEASES).write_bytes(array("I", sorted(current)).tobytes())
    return index


def _documents(store: Store, known: set[int]) -> Iterable[tantivy.Document]:
    """Yield the passages of the releases that are not `known`, a release at a time."""
    for (release,) in store.rows("SELECT id FROM releases ORDER BY id"):
        if release in known:
            continue
        found = store.rows("SELECT title, lang, text FROM releases WHERE id = ?", (release,))
        for title, lang, text in found:
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
    """Open a word index after comparing its hash.

    tantivy makes a lock file beside whatever it opens, so the index is opened through a
    scratch folder of links: reading must not write to the collection.

    Raises:
        CollectionDamagedError: When a file is missing or differs.
    """
    scratch: Path | None = None
    try:
        if artifacts.sha256(folder) != digest:
            raise CollectionDamagedError(f"{folder} is damaged")
        scratch = Path(tempfile.mkdtemp(prefix="releaseqa-words-"))
        for path in artifacts.files(folder):
            _link(path, scratch / path.name)
        opened = LexicalIndex(tantivy.Index.open(str(scratch)), scratch)
    except (OSError, ValueError) as error:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)
        raise CollectionDamagedError(f"{folder} cannot be read ({error})") from error
    # Every file is mapped by now. Where that can be, the links go at once, so that a process that
    # is killed leaves none behind.
    _remove_scratch(scratch)
    return opened


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source.resolve())
    except OSError:  # where links need privileges
        shutil.copyfile(source, target)


def _clone(previous: Path | None, target: Path) -> bool:
    """Start `target` as a copy of `previous`, sharing its immutable segments; True if done."""
    if previous is None or not (previous / "meta.json").is_file():
        target.mkdir()
        return False
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
    return True


def indexed_releases(folder: Path) -> set[int]:
    """Return which releases the word index in a folder is of, by row number."""
    numbers = array("I")
    path = folder / _RELEASES
    if path.is_file():
        numbers.frombytes(path.read_bytes())
    return set(numbers)
