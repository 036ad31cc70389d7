"""The engines that a collection can be searched with; each must pass the same tests."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol

import milvus_server

from index.ingest.update import remove_releases, update_collection
from index.reports import UpdateReport
from index.search.backend import SearchBackend
from index.search.searcher import Searcher
from index.store.writer import StoreWriter, writing_lock


class Engine(Protocol):
    """A collection in a folder, searched with one of the engines."""

    folder: Path
    place: str

    def update(self, sources: Sequence[Path], *, prune: bool = False) -> UpdateReport:
        """Index sources and make them searchable."""

    def remove(self, ids: Sequence[str]) -> None:
        """Remove releases."""

    def publish(self) -> None:
        """Make what the store holds searchable."""

    def searching(self) -> AbstractContextManager[SearchBackend]:
        """Open it for searching."""

    def drop(self) -> None:
        """Remove what is not in the folder."""


class Embedded:
    """FAISS and tantivy, in the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.place = folder, str(folder)

    def update(self, sources: Sequence[Path], *, prune: bool = False) -> UpdateReport:
        """Index sources."""
        return update_collection(self.folder, sources, prune=prune)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove releases."""
        remove_releases(self.folder, ids)

    def publish(self) -> None:
        """It has its indexes."""

    @contextmanager
    def searching(self) -> Iterator[SearchBackend]:
        """Open it for searching."""
        with closing(Searcher(self.folder)) as searcher:
            yield searcher

    def drop(self) -> None:
        """Nothing is outside the folder."""


class Milvus:
    """The store in the folder, published to a server."""

    def __init__(self, folder: Path, place: str) -> None:
        from index.milvus.address import parse_address

        self.folder, self.place, self.address = folder, place, parse_address(place)

    def update(self, sources: Sequence[Path], *, prune: bool = False) -> UpdateReport:
        """Index sources."""
        from index.milvus.writer import MilvusWriter

        with closing(MilvusWriter(self.address, self.folder)) as writer:
            return update_collection(self.folder, sources, prune=prune, engine=writer)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove releases."""
        from index.milvus.writer import MilvusWriter

        with closing(MilvusWriter(self.address, self.folder)) as writer:
            remove_releases(self.folder, ids, engine=writer)
        self.publish()

    def publish(self) -> None:
        """Publish the store."""
        from index.milvus.writer import MilvusWriter

        with (
            writing_lock(self.folder),
            closing(StoreWriter(self.folder)) as store,
            closing(MilvusWriter(self.address, self.folder)) as writer,
        ):
            writer.publish_vectors(store, store.dimension, str(store.meta("fingerprint")))

    @contextmanager
    def searching(self) -> Iterator[SearchBackend]:
        """Open it for searching."""
        from index.milvus.connection import Connection
        from index.milvus.searcher import MilvusSearcher

        with closing(Connection(self.address)) as connection:
            yield MilvusSearcher(connection)

    def drop(self) -> None:
        """Remove it from the server."""
        milvus_server.drop(self.place)
