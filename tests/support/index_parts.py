"""What the tests of `index` share: making sources, indexing without the encoder, looking inside."""

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from index.encoders.cached_folder import cache_folder
from index.encoders.onnx import Float32, OnnxQueryEncoder
from index.filters import NO_FILTERS, Filters
from index.ingest.discover import LeftOut, SourceFile, scan
from index.ingest.parse import MAX_BYTES, ParsedRelease, UnchangedRecord, read_source
from index.ingest.previous_state import PreviousState
from index.ingest.sync import Sync
from index.ingest.update import update_collection
from index.readers.base import BadRecord
from index.reports import Progress, Skip, UpdateReport
from index.search.searcher import Searcher
from index.store.reader import Store
from index.structure.passages import EncoderWindow
from index.text.analyzer import extract_terms

RELEASE = """New footbridge opens in Halifax harbour

HALIFAX, March 3, 2021 - The province has opened a footbridge across the harbour. It cost
$4.2 million and took two years to build.

“People asked for this for twenty years,” said Minister Anna Leblanc. “Now they can walk.”

The bridge is open from dawn to dusk. A second stage with a cycling lane begins in 2023.
"""
"""A release like many, for where only the container of its words matters."""


def put(path: Path, content: str | bytes, *, age_s: float = 60) -> Path:
    """Write a file as if it had been there for a while, so that its time can be trusted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    stamp = time.time() - age_s
    os.utime(path, (stamp, stamp))
    return path


@dataclass(frozen=True)
class Looked:
    """What one dry reading of sources found."""

    releases: dict[str, ParsedRelease]
    skipped: dict[str, str]
    notes: list[Skip]


def look(
    window: EncoderWindow,
    *sources: Path,
    max_bytes: int = MAX_BYTES,
    follow: bool = False,
    base: Path | None = None,
) -> Looked:
    """Scan and read sources as an update does, and keep nothing."""
    run = Sync(None, PreviousState(), window, max_bytes, lambda _: None, lambda: False)
    releases: dict[str, ParsedRelease] = {}
    for item in scan(sources, base or sources[0].parent, follow=follow):
        if isinstance(item, Skip):
            run.skipped.append(item)
        elif isinstance(item, LeftOut):
            run.leave_out(item)
        else:
            run.sync_file(item)
            if item.key in run.complete:
                releases.update(_read(item, window, max_bytes))
    return Looked(releases, {s.item: s.reason for s in run.skipped}, run.notes)


def _read(
    item: SourceFile, window: EncoderWindow, max_bytes: int
) -> Iterator[tuple[str, ParsedRelease]]:
    for prepared in read_source(item, window, max_bytes):
        assert not isinstance(prepared, BadRecord | UnchangedRecord)
        check_offsets(prepared, window)
        yield prepared.release.release_id, prepared


def text_of(looked: Looked) -> str:
    """Return the text of the one release found."""
    assert {} == looked.skipped
    (prepared,) = looked.releases.values()
    return prepared.release.text


def check_offsets(prepared: ParsedRelease, window: EncoderWindow) -> None:
    """Assert what holds of every release: spans in order, inside, within the encoder's window."""
    text = prepared.release.text
    end = 0
    for number, passage in enumerate(prepared.passages):
        assert number == passage.ordinal
        start, stop = passage.span
        assert end <= start < stop <= len(text)
        end = stop
        words = text[start:stop]
        assert words == words.strip()
        assert len(window.token_starts(words)) <= window.tokens
        last = 0
        assert passage.sentences
        for first, after in passage.sentences:
            assert last <= first < after <= len(words)
            assert words[first:after] == words[first:after].strip()
            assert "" == words[last:first].strip()
            last = after
        assert "" == words[last:].strip()


class Stopper:
    """Cancels an update at the first progress of a stage; remembers all progress."""

    def __init__(self, stage: str | None = None, done: int = 0) -> None:
        self.seen: list[Progress] = []
        self._stage, self._done = stage, done

    def progress(self, progress: Progress) -> None:
        """Take note of it."""
        self.seen.append(progress)

    def cancelled(self) -> bool:
        """Whether the moment has come."""
        return any(p.stage == self._stage and p.done >= self._done for p in self.seen)

    def stages(self) -> set[str]:
        """Return the stages that were reached."""
        return {p.stage for p in self.seen}


def index_words(folder: Path, sources: Sequence[str | Path], **options: Any) -> UpdateReport:
    """Update a collection up to the words: no encoder is loaded."""
    stopper = Stopper("meaning")
    return update_collection(
        folder, sources, progress=stopper.progress, cancelled=stopper.cancelled, **options
    )


@contextmanager
def searching(folder: Path) -> Iterator[Searcher]:
    """Open a collection."""
    with closing(Searcher(folder)) as searcher:
        yield searcher


def by_words(
    searcher: Searcher, question: str, limit: int = 5, filters: Filters = NO_FILTERS
) -> list[tuple[str, float]]:
    """Return passage ids and scores for the words of a question."""
    return _named(searcher, searcher.search_lexical(extract_terms(question, "en"), limit, filters))


def by_meaning(
    searcher: Searcher, question: str, limit: int = 5, filters: Filters = NO_FILTERS
) -> list[tuple[str, float]]:
    """Return passage ids and cosines for the meaning of a question."""
    query = _encoded(str(cache_folder(str(searcher.fingerprint))), question)
    return _named(searcher, searcher.search_dense(query, limit, filters))


@lru_cache(maxsize=4)
def _encoder(folder: str) -> OnnxQueryEncoder:
    return OnnxQueryEncoder(Path(folder))


@lru_cache
def _encoded(folder: str, question: str) -> Float32:
    """Encode a question once in a session: loading the encoder is what takes the time."""
    (query,) = _encoder(folder).encode([question])
    return query


def _named(searcher: Searcher, hits: Iterable[tuple[int, float]]) -> list[tuple[str, float]]:
    hits = list(hits)
    passages = searcher.store.passages([key for key, _ in hits])
    return [(passages[key].passage_id, round(score, 3)) for key, score in hits]


def contents(folder: Path) -> dict[str, Any]:
    """Return all that a collection says of its releases, by id."""
    found = {}
    with Store(folder) as store:
        for stored in store.releases(NO_FILTERS):
            whole = store.release(stored.release.release_id)
            found[stored.release.release_id] = (
                whole.release,
                whole.source,
                store.passages_of(stored.key),
            )
    return found


def fingerprint(folder: Path) -> dict[str, str]:
    """Return every path below a folder with the hash of its content."""
    return {
        str(path.relative_to(folder)): "folder"
        if path.is_dir()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
    }
