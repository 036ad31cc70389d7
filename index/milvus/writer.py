"""Publish a store to Milvus: `index.search.backend.EngineWriter`.

What the store has and Milvus lacks is written under the number of the coming generation, which no
reader sees. Then, in a moment in which readers wait, the releases that left are deleted, the
document frequencies are brought up to date, and the state names the new generation. What is
published is compared with the store each time (`index.milvus.journal`), so that whatever was
interrupted is finished by the next `index`.
"""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from index.errors import EngineError, StorageError
from index.filters import SOURCE, fold_name
from index.milvus.address import MilvusAddress
from index.milvus.bm25 import Lengths, PassageWords, document_vector, term_number
from index.milvus.connection import Connection, Row
from index.milvus.journal import Journal
from index.milvus.schema import (
    FORMAT,
    LONGEST,
    MOST_TERMS,
    NO_VECTOR,
    PART,
    STATE,
    Names,
    fact,
    facts_schema,
    packed_text,
    passages_schema,
    release_row,
    short,
    term_id,
    terms_schema,
    text_row,
)
from index.milvus.state import State, read_state
from index.reports import Progress, no_progress
from index.search.vector import unpack
from index.store.reader import FINGERPRINT_META, MODEL_META, PENDING, Store
from index.store.related import release_frequency
from index.store.rows import PASSAGE, WHOLE_RELEASE, pack_spans, passage_of, release_of
from index.store.stats import collection_status
from index.store.writer import StoreWriter
from index.text.analyzer import ANALYZER_VERSION, extract_terms
from index.types import PAGE_STARTS, SCAN_CONFIDENCE, Passage

OWNER_META = "milvus"
"""Name under which a store records what it is called in the states that it publishes."""
_RELEASES = 100
"""Releases that are read and written at a time."""
_SAMPLE = 200
"""Releases whose mean length the first publication starts with."""
_DRIFT = 0.1
"""Everything is weighted anew when a mean length has changed by this share. BM25 is computed again
for what Milvus proposes, so a smaller change can only keep a passage from being proposed that would
come last."""
_LONGEST_PART = 65_000
_MANY = 1_000


def _never() -> bool:
    return False


class MilvusWriter:
    """Publishes the store of one folder to one address."""

    def __init__(
        self,
        address: MilvusAddress,
        folder: Path,
        progress: Callable[[Progress], None] = no_progress,
        cancelled: Callable[[], bool] = _never,
    ) -> None:
        """Connect to the server.

        Args:
            address: Where to publish.
            folder: The collection's, which holds the store.
            progress: Called with the progress.
            cancelled: Asked often; when true, the rest is left for the next publication.

        Raises:
            EngineError: As for `Connection`.
        """
        self._connection = Connection(address)
        self._names = Names.of(address)
        self._folder, self._progress, self._cancelled = folder, progress, cancelled
        self.written = 0

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def publish_words(self, store: StoreWriter) -> None:
        """Refuse a collection of another store; nothing is published before it is encoded.

        A passage is one row, with its words and its vector, and is written once.
        """
        self._owner(store)

    def publish_removal(self, store: StoreWriter) -> None:
        """Leave it to `publish_vectors`, after the transaction."""

    def publish_vectors(self, store: StoreWriter, dimension: int, fingerprint: str) -> None:
        """Make Milvus hold what the store holds."""
        owner = self._owner(store)
        with store.transaction():
            store.remove_unused_vectors()
        journal = Journal(self._folder)
        try:
            identity = f"{FORMAT}/{ANALYZER_VERSION}/{fingerprint}/{dimension}"
            self._prepare(journal, owner, identity, dimension)
            self._publish(store, journal, owner, identity, dimension)
        finally:
            journal.close()

    def _owner(self, store: StoreWriter) -> str:
        """Return what the store is called in Milvus.

        Raises:
            EngineError: When another store was published at the address.
        """
        owner = store.meta(OWNER_META)
        if owner is None:
            owner = uuid.uuid4().hex
            with store.transaction():
                store.set_meta(OWNER_META, owner)
        published = self._published()
        if published is not None and published.owner != owner:
            raise EngineError(
                f"{self._connection.address} was published from another store than the one in "
                f"{self._folder}; use that store (RELEASEQA_MILVUS_STORE), or another name"
            )
        return owner

    def _published(self) -> State | None:
        if not self._connection.has(self._names.facts):
            return None
        return read_state(self._connection)

    def _prepare(self, journal: Journal, owner: str, identity: str, dimension: int) -> None:
        """Make the collections, and make them anew where what they hold cannot be built upon."""
        missing = [name for name in self._names.all() if not self._connection.has(name)]
        known = journal.meta("address") == str(self._connection.address)
        same = (journal.meta("owner"), journal.meta("identity")) == (owner, identity)
        if known and same and not missing:
            return
        published = self._published() if self._names.facts not in missing else None
        for name in self._names.all():
            if name not in missing:
                self._connection.drop(name)
        self._connection.create(
            self._names.passages, lambda milvus: passages_schema(milvus, dimension)
        )
        self._connection.create(self._names.facts, facts_schema)
        self._connection.create(self._names.terms, terms_schema)
        journal.clear()
        with journal.transaction():
            latest = max(journal.count("generation"), published.generation if published else 0)
            journal.set_meta("generation", str(latest))
            journal.set_meta("address", str(self._connection.address))
            journal.set_meta("owner", owner)
            journal.set_meta("identity", identity)

    def _publish(
        self, store: StoreWriter, journal: Journal, owner: str, identity: str, dimension: int
    ) -> None:
        before = self._published()
        born = max(journal.count("generation"), before.generation if before else 0) + 1
        stored = _digests(store)
        known = journal.releases()
        self.written = 0
        if not journal.meta("mean"):
            self._set_mean(journal, _sampled_mean(store, sorted(stored)))
        if gone := sorted(known.keys() - stored.keys()):
            self._take_out(journal, gone)
        new = [key for key in sorted(stored) if known.get(key, (0, b""))[1] != stored[key]]
        self._write(store, journal, new, stored, known, born)
        if _drifted(_mean(journal), journal.mean) and not self._cancelled():
            with journal.transaction():
                self._set_mean(journal, journal.mean)
                journal.publish_again()
            known = journal.releases()
            self._write(store, journal, sorted(stored), stored, known, born)
        if self._cancelled():
            return
        state = self._state(store, journal, owner, identity, dimension, born)
        leaving, terms = journal.leaving(), dict(journal.changed_terms())
        if before == _at(state, before) and not (self.written or leaving or terms):
            return
        if before is not None:
            self._put_state(_switching(before))
        self._delete(store, leaving)
        self._connection.upsert(
            self._names.terms,
            (
                {
                    "id": term_id(term),
                    "body": n.body,
                    "title": n.title,
                    "no_vector": list(NO_VECTOR),
                }
                for term, n in terms.items()
            ),
        )
        self._put_state(state)
        with journal.transaction():
            journal.left()
            journal.terms_are_published()
            journal.set_meta("generation", str(born))
        if self.written > _MANY:
            self._connection.flush(self._names.passages)

    def _write(
        self,
        store: Store,
        journal: Journal,
        keys: Sequence[int],
        digests: dict[int, bytes],
        known: dict[int, tuple[int, bytes]],
        born: int,
    ) -> None:
        """Write releases with all of their passages; count the words of those that are new."""
        mean = _mean(journal)
        for start in range(0, len(keys), _RELEASES):
            if self._cancelled():
                return
            self._progress(Progress("publish", start, len(keys)))
            batch = keys[start : start + _RELEASES]
            births = {key: known[key][0] if key in known else born for key in batch}
            read = _read_releases(store, batch)
            passages = [passage for release in read for passage in release.passages]
            self._connection.upsert(
                self._names.passages,
                (
                    row
                    for release in read
                    for row in _rows(release, births[release.key], mean, store.dimension)
                ),
            )
            self._connection.upsert(
                self._names.facts,
                (row for release in read for row in _facts(release, births[release.key])),
            )
            self._write_texts(store, {p.key: p.text_key for p in passages})
            with journal.transaction():
                self._count(journal, (p for r in read if r.key not in known for p in r.passages))
                journal.put_releases((key, births[key], digests[key]) for key in births)
            self.written += len(passages)
        if keys:
            self._progress(Progress("publish", len(keys), len(keys)))

    def _write_texts(self, store: Store, text_keys: dict[int, bytes]) -> None:
        """Write the vectors of texts and in how many releases they are, by their passages."""
        frequency = release_frequency(store, text_keys)
        sql = "SELECT vector_key, passage, sentences FROM vectors WHERE vector_key IN ({keys})"
        vectors = {row[0]: row[1:] for row in store.rows_among(sql, set(text_keys.values()))}
        numbers = {text: frequency.get(key, 0) for key, text in text_keys.items()}
        rows: list[Row] = []
        for text, number in numbers.items():
            passage, sentences = vectors.get(text, (b"", b""))
            value = f"{packed_text(passage)}.{packed_text(sentences)}"
            parts = range(0, len(value), _LONGEST_PART)
            for part, start in enumerate(parts):
                cut = value[start : start + _LONGEST_PART]
                of_first = {"number": number, "parts": len(parts)} if not part else {}
                rows.append(fact(text_row(text.hex(), part), cut, **of_first))
        self._connection.upsert(self._names.facts, rows)

    def _take_out(self, journal: Journal, keys: Sequence[int]) -> None:
        """Count the words of releases no more, and note them to be deleted.

        Their words are counted in what was published, since the store has them no more.
        """
        for start in range(0, len(keys), _RELEASES):
            batch = keys[start : start + _RELEASES]
            rows = self._connection.query_in(
                self._names.passages, "release", batch, ("key", "text", "title", "lang"), size=20
            )
            with journal.transaction():
                words = (_words(row["text"], row["title"], row["lang"] or None) for row in rows)
                self._count_words(journal, words, -1)
                journal.leave(batch)

    def _delete(self, store: Store, keys: Sequence[int]) -> None:
        """Delete releases; of their texts, those that no passage has any more."""
        for start in range(0, len(keys), _RELEASES):
            batch = keys[start : start + _RELEASES]
            rows = self._connection.query_in(
                self._names.passages, "release", batch, ("key", "text_key"), size=20
            )
            self._connection.delete(self._names.passages, "release", batch)
            self._delete_facts([release_row(key) for key in batch])
            self._settle_texts(store, {row["text_key"] for row in rows})

    def _settle_texts(self, store: Store, text_keys: set[str]) -> None:
        """Count anew in how many releases texts are; delete those that are in none."""
        sql = (
            "SELECT min(id), vector_key FROM passages WHERE vector_key IN ({keys}) "
            "GROUP BY vector_key"
        )
        left = dict(store.rows_among(sql, map(bytes.fromhex, text_keys)))
        self._write_texts(store, left)
        gone = text_keys - {text.hex() for text in left.values()}
        self._delete_facts([text_row(key) for key in sorted(gone)])

    def _delete_facts(self, ids: Sequence[str]) -> None:
        """Delete rows of facts and their further parts, given by the ids of the first ones."""
        rows = self._connection.query_in(self._names.facts, "id", ids, ("id", "parts"))
        parts = [
            f"{row['id'].rpartition('/')[0]}/{part}" for row in rows for part in range(row["parts"])
        ]
        self._connection.delete(self._names.facts, "id", parts)

    def _count(self, journal: Journal, passages: Iterable["_Passage"]) -> None:
        self._count_words(journal, (passage.words for passage in passages), 1)

    def _count_words(self, journal: Journal, words: Iterable[PassageWords], sign: int) -> None:
        body, title = Counter[str](), Counter[str]()
        count, lengths = 0, [0, 0]
        for found in words:
            body.update(found.body.keys())
            title.update(found.title.keys())
            count += 1
            lengths[0] += sum(found.body.values())
            lengths[1] += sum(found.title.values())
        journal.count_terms(
            {term: (sign * body[term], sign * title[term]) for term in body.keys() | title.keys()}
        )
        journal.add_to("passages", sign * count)
        journal.add_to("body_length", sign * lengths[0])
        journal.add_to("title_length", sign * lengths[1])

    def _set_mean(self, journal: Journal, mean: Lengths) -> None:
        journal.set_meta("mean", json.dumps(asdict(mean)))

    def _put_state(self, state: State) -> None:
        self._connection.upsert(self._names.facts, [fact(STATE, state.to_json())])

    def _state(
        self, store: Store, journal: Journal, owner: str, identity: str, dimension: int, born: int
    ) -> State:
        """Return the state of the store, as it is about to be published."""
        status = asdict(collection_status(store))
        status.update(
            folder=str(self._connection.address),
            skipped=[],
            notes=[],
            store_bytes=0,
            derived_bytes=0,
        )
        languages = store.rows(
            "SELECT lang FROM releases WHERE lang IS NOT NULL GROUP BY lang "
            "ORDER BY count(*) DESC, lang"
        )
        made = store.value("SELECT applied_at FROM migrations ORDER BY version LIMIT 1")
        highest = store.value("SELECT seq FROM sqlite_sequence WHERE name = 'releases'")
        return State(
            format=FORMAT, owner=owner, generation=born, switching=False, identity=identity,
            fingerprint=store.meta(FINGERPRINT_META), model=store.meta(MODEL_META),
            dimension=dimension, passages=journal.count("passages"),
            encoded=journal.count("passages") - store.pending(), mean=journal.mean,
            languages=tuple(row[0] for row in languages), made=str(made or ""),
            newest=_newest(store), highest=int(highest or 0), status=json.loads(json.dumps(status)),
        )  # fmt: skip


def _newest(store: Store) -> int:
    """Return the newest release before which all are encoded."""
    pending = store.value(f"SELECT min(p.release) {PENDING}")
    if pending is not None:
        return int(pending) - 1
    return int(store.value("SELECT coalesce(max(id), 0) FROM releases"))


class _Passage:
    """A passage with its words, as it is published."""

    def __init__(
        self, key: int, text_key: bytes, passage: Passage, text: str,
        vector: list[float] | None, title: str,
        lang: str | None,
    ) -> None:  # fmt: skip
        self.key, self.text_key, self.passage, self.text = key, text_key, passage, text
        self.vector = vector
        self.words = _words(text, title, lang)


class _Release:
    """A release with its passages, as it is published."""

    def __init__(self, row: tuple[Any, ...], related: tuple[int, int, int]) -> None:
        *release, self.updated_at = row
        stored = release_of(tuple(release))
        self.key, self.release, self.source = stored.key, stored.release, stored.source
        self.cluster, self.replaced_by, self.newer = related
        self.passages: list[_Passage] = []


def _words(text: str, title: str, lang: str | None) -> PassageWords:
    return PassageWords.of(extract_terms(text, lang), extract_terms(title, lang))


_RELATED = (
    "SELECT f.release, coalesce(f.family, 0), coalesce(f.replaced_by, 0), coalesce(n.release, 0) "
    "FROM families f LEFT JOIN families n ON n.release = f.replaced_by AND n.family = f.family"
)


def _digests(store: Store) -> dict[int, bytes]:
    """Return, of each release, a digest of what can change while its row number stays."""
    encoded = dict(
        store.iterate(
            "SELECT p.release, count(*) FROM passages p "
            "JOIN vectors v ON v.vector_key = p.vector_key GROUP BY p.release"
        )
    )
    related = {row[0]: row[1:] for row in store.iterate(_RELATED)}
    sql = f"SELECT r.id, {SOURCE} FROM releases r JOIN sources s ON s.id = r.source_id"  # noqa: S608
    return {
        key: hashlib.sha256(
            json.dumps([source, related.get(key), encoded.get(key, 0)]).encode()
        ).digest()[:16]
        for key, source in store.iterate(sql)
    }


def _read_releases(store: Store, keys: Sequence[int]) -> list[_Release]:
    sql = (
        f"SELECT {WHOLE_RELEASE}, r.updated_at FROM releases r "  # noqa: S608 - ours
        "JOIN sources s ON s.id = r.source_id WHERE r.id IN ({keys})"
    )
    related = {
        row[0]: row[1:] for row in store.rows_among(_RELATED + " WHERE f.release IN ({keys})", keys)
    }
    read = {
        row[0]: _Release(row, related.get(row[0], (0, 0, 0))) for row in store.rows_among(sql, keys)
    }
    sql = (
        f"SELECT p.release, p.id, p.vector_key, v.passage, {PASSAGE} FROM passages p "  # noqa: S608
        "LEFT JOIN vectors v ON v.vector_key = p.vector_key WHERE p.release IN ({keys})"
    )
    dimension = store.dimension
    for key, passage_key, text_key, packed, *columns in store.rows_among(sql, keys):
        of, passage = read[key], passage_of(tuple(columns))
        text = short(of.release.text[slice(*passage.span)], LONGEST)
        vector = None if packed is None else unpack(packed, dimension)[0].tolist()
        title = short(of.release.title, LONGEST)
        of.passages.append(
            _Passage(passage_key, text_key, passage, text, vector, title, of.release.lang)
        )
    for release in read.values():
        release.passages.sort(key=lambda passage: passage.passage.ordinal)
    return [read[key] for key in keys if key in read]


def _rows(of: _Release, born: int, mean: Lengths, dimension: int) -> Iterator[Row]:
    """Yield the rows of a release's passages."""
    release = of.release
    for found in of.passages:
        passage = found.passage
        yield {
            "key": found.key, "release": of.key, "ordinal": passage.ordinal,
            "start": passage.span[0], "stop": passage.span[1], "newer": of.newer,
            "cluster": of.cluster, "born": born, "encoded": found.vector is not None,
            "release_id": short(release.release_id, LONGEST), "kind": passage.kind,
            "speaker": short(passage.speaker or ""), "role": short(passage.role or ""),
            "sentences": short(packed_text(pack_spans(passage.sentences)), LONGEST),
            "text": found.text, "title": short(release.title, LONGEST),
            "lang": short(release.lang or "", 200), "date": short(release.date or "", 200),
            "day": short(release.date or "", 200)[:10], "text_key": found.text_key.hex(),
            "updated_at": of.updated_at, "issuer_folded": short((release.issuer or "").casefold()),
            "speaker_folded": short(fold_name(passage.speaker or "")),
            "source": short(of.source, LONGEST), "body_terms": _numbers(found.words.body),
            "title_terms": _numbers(found.words.title),
            "meaning": found.vector or [0.0] * dimension,
            "words": document_vector(found.words, mean),
        }  # fmt: skip


def _numbers(terms: Iterable[str]) -> list[int]:
    return sorted({term_number(term) for term in terms})[:MOST_TERMS]


def _facts(of: _Release, born: int) -> Iterator[Row]:
    """Yield the rows of a release: its facts, then the parts of its text."""
    release = of.release
    metadata = {
        name: release.metadata[name]
        for name in (PAGE_STARTS, SCAN_CONFIDENCE)
        if name in release.metadata
    }
    facts = {
        "title": release.title, "date": release.date, "issuer": release.issuer,
        "lang": release.lang, "url": release.url, "source": of.source, "metadata": metadata,
    }  # fmt: skip
    value = json.dumps(facts, ensure_ascii=False)
    if len(value.encode("utf-8", "replace")) > LONGEST:
        raise StorageError(f"the facts of release {release.release_id} are too long for Milvus")
    parts = [release.text[start : start + PART] for start in range(0, len(release.text), PART)]
    yield fact(
        release_row(of.key), short(value, LONGEST), release=of.key, cluster=of.cluster,
        release_id=short(release.release_id, LONGEST), replaced_by=of.replaced_by,
        newer=of.newer, born=born, parts=1 + len(parts),
    )  # fmt: skip
    for number, text in enumerate(parts, start=1):
        yield fact(release_row(of.key, number), short(text, LONGEST))


def _sampled_mean(store: Store, keys: Sequence[int]) -> Lengths:
    """Return the mean lengths of some releases, spread over all."""
    words = [
        passage.words
        for release in _read_releases(store, keys[:: max(1, len(keys) // _SAMPLE)])
        for passage in release.passages
    ]
    count = max(1, len(words))
    return Lengths(
        sum(sum(found.body.values()) for found in words) / count,
        sum(sum(found.title.values()) for found in words) / count,
    )


def _mean(journal: Journal) -> Lengths:
    """Return the mean lengths that the published words are weighted by."""
    return Lengths(**json.loads(journal.meta("mean")))


def _drifted(used: Lengths, now: Lengths) -> bool:
    pairs = ((used.body, now.body), (used.title, now.title))
    return any(abs(new - old) > _DRIFT * max(old, 1.0) for old, new in pairs)


def _switching(state: State) -> State:
    return replace(state, switching=True)


def _at(state: State, published: State | None) -> State | None:
    """Return a state as if it were the published one, but for its content."""
    if published is None:
        return None
    return replace(state, generation=published.generation)
