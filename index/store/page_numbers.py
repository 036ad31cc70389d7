"""On which page of its document a passage stands, where a reader has told where pages begin."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from index.store.reader import Store
from index.types import PAGE_STARTS, Span


def page_starts(metadata: Mapping[str, object]) -> tuple[int, ...]:
    """Return where the pages of a release begin; none where that is not known.

    Any source may bring a field of this name along, so that what is no such list is none.
    """
    found = metadata.get(PAGE_STARTS)
    if not isinstance(found, list) or not found or found[0] != 0:
        return ()
    if not all(type(start) is int for start in found) or sorted(found) != found:
        return ()
    return tuple(found)


def page_range(starts: tuple[int, ...], span: Span) -> tuple[int, int] | None:
    """Return the pages, counted from 1, on which a stretch of text begins and ends.

    None where there are no pages.
    """
    if not starts:
        return None
    return bisect_right(starts, span[0]), bisect_right(starts, max(span[0], span[1] - 1))


def format_pages(pages: tuple[int, int]) -> str:
    """Return pages as they are shown: `page 3`, `pages 3–4`."""
    first, last = pages
    return f"page {first}" if first == last else f"pages {first}–{last}"


def page_starts_of(store: Store, keys: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return where pages begin in those releases of which it is known, by row number."""
    sql = (
        f"SELECT release_id, id FROM releases WHERE instr(metadata, '\"{PAGE_STARTS}\"') > 0 "  # noqa: S608
        "AND id IN ({keys})"
    )
    found = {
        key: page_starts(store.release(release_id).release.metadata)
        for release_id, key in store.rows_among(sql, keys)
    }
    return {key: starts for key, starts in found.items() if starts}
