"""The store of a collection with some of its bytes changed."""

from fuzzing.core import Harness, declared, edited
from fuzzing.made_collection import BASE, STORE_BYTES
from index.errors import ReleaseIndexError
from index.filters import NO_FILTERS, Filters
from index.search.searcher import Searcher
from index.store.lookups import StoreLookups
from index.store.reader import STORE_NAME, Store
from index.store.related import related_releases
from index.store.stats import collection_facets, collection_status
from index.verify.verify import verify_collection


def run(data: bytes) -> None:
    """Read all there is in a store with these edits, search it by words, and verify it."""
    (BASE / STORE_NAME).write_bytes(edited(STORE_BYTES, data))
    with declared(ReleaseIndexError), Store(BASE) as store:
        _read_all(store)
    with declared(ReleaseIndexError):
        searcher = Searcher(BASE)
        try:
            hits = searcher.search_lexical(("footbridge", "ferry"), 5, Filters(lang="en"))
            StoreLookups(searcher.store).passages([key for key, _ in hits])
        finally:
            searcher.close()
    with declared(ReleaseIndexError):
        verify_collection(BASE)


def _read_all(store: Store) -> None:
    acts = (
        lambda: collection_status(store),
        lambda: collection_facets(store),
        lambda: related_releases(store),
        store.integrity_errors,
        lambda: store.allowed_passages(Filters(since="2020-01-01", kinds=("body",))),
    )
    for act in acts:
        with declared(ReleaseIndexError):
            act()
    lookups = StoreLookups(store)
    for stored in store.releases(NO_FILTERS):
        with declared(ReleaseIndexError):
            store.release(stored.release.release_id)
            store.passages_of(stored.key)
            lookups.lead_paragraphs([stored.key])
            lookups.duplicate_clusters([stored.key])
    keys = list(range(9))
    with declared(ReleaseIndexError):
        lookups.passages(keys)
        lookups.passage_facts(keys)
        lookups.identical_passages(keys)


def seeds() -> list[bytes]:
    """An edit in each page, and one in each table's first bytes."""
    pages = range(0, len(STORE_BYTES), 4096)
    head = [start.to_bytes(3, "big") + b"\0\x05" for start in pages]
    return [
        b"",
        *head,
        *((start + 4000).to_bytes(3, "big") + b"\x03\xff\0\x80A" for start in pages),
    ]


HARNESS = Harness(run, seeds, words=(b"\xff" * 9, b"\0\0\0\0", b"\x0d\x0a\x05\x02", b"NaN", b"[[["))
