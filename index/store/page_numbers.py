"""The pages of its document on which a passage is, for releases whose reader recorded pages."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from index.store.reader import Store
from index.types import PAGE_STARTS, Span


def page_starts(metadata: Mapping[str, object]) -> tuple[int, ...]:
    """Return where the pages of a release begin in its text; empty when that is not known.

    A record of any source can have a field of this name, so the value is checked.
    """
    starts = metadata.get(PAGE_STARTS)
    if not isinstance(starts, list) or not starts or starts[0] != 0:
        return ()
    if not all(type(start) is int for start in starts) or sorted(starts) != starts:
        return ()
    return tuple(starts)


def page_range(starts: tuple[int, ...], span: Span) -> tuple[int, int] | None:
    """Return the first and last page of a span, counted from 1; None without pages."""
    if not starts:
        return None
    return bisect_right(starts, span[0]), bisect_right(starts, max(span[0], span[1] - 1))


def format_pages(pages: tuple[int, int]) -> str:
    """Return pages as they are shown: `page 3`, `pages 3–4`."""
    first, last = pages
    return f"page {first}" if first == last else f"pages {first}–{last}"


def page_starts_of(store: Store, keys: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return where pages begin, by row number, for the releases that have pages."""
    sql = (
        f"SELECT release_id, id FROM releases WHERE instr(metadata, '\"{PAGE_STARTS}\"') > 0 "  # noqa: S608
        "AND id IN ({keys})"
    )
    starts = {
        key: page_starts(store.release(release_id).release.metadata)
        for release_id, key in store.rows_among(sql, keys)
    }
    return {key: found for key, found in starts.items() if found}
