"""What a collection has to filter by: each value with how often it occurs."""

from index.report import Counts, Facets
from index.store import Store

MOST = 500
"""Values of one facet that are told, the most frequent first."""


def collection_facets(store: Store) -> Facets:
    """Count a collection's issuers, years, languages, kinds and speakers.

    Raises:
        CollectionDamagedError: When the store is damaged.
    """
    return Facets(
        issuers=_counts(store, "issuer", "releases"),
        years=tuple(sorted(_counts(store, "substr(date, 1, 4)", "releases"))),
        languages=_counts(store, "lang", "releases"),
        kinds=_counts(store, "kind", "passages"),
        speakers=_counts(store, "speaker", "passages"),
    )


def _counts(store: Store, value: str, table: str) -> Counts:
    """Count the rows of a table by one of its columns; rows without a value are left out."""
    sql = (
        f"SELECT {value}, count(*) FROM {table} WHERE {value} <> '' "  # noqa: S608 - of this module
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST}"
    )
    return tuple((str(name), int(count)) for name, count in store.rows(sql))
