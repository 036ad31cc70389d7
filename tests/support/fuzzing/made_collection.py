"""A small collection, and the same with other bytes in its store."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index_parts import RELEASE, index_words, put

from index.store.reader import STORE_NAME, Store


def _base() -> Path:
    """Index a few releases by words."""
    folder = Path(tempfile.mkdtemp(prefix="releaseqa-fuzz-"))
    put(folder / "s" / "bridge.txt", RELEASE)
    put(folder / "s" / "again.txt", RELEASE.replace("HALIFAX", "CORRECTION: HALIFAX"))
    put(folder / "s" / "more.jsonl", '{"id": "é #1", "title": "A", "text": "A ferry.", "x": [1]}\n')
    index_words(folder / "c", [folder / "s"])
    return folder / "c"


BASE = _base()
STORE_BYTES = (BASE / STORE_NAME).read_bytes()


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """Open the store of a collection."""
    with Store(folder) as store:
        yield store
