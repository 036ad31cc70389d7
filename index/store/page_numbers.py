"""The pages of its document on which a passage is, and how surely a scan was read.

Both are known of releases whose reader recorded pages.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.store.reader import Store
from index.types import PAGE_STARTS, SCAN_CONFIDENCE, Span


@dataclass(frozen=True, slots=True)
class DocumentPages:
    """The pages of a release.

    Attributes:
        starts: Where each begins in the text; empty when that is not known.
        scan_confidence: How sure the recognition of the text is, in [0, 1]; None if the text was
            not read from a scan.
    """

    starts: tuple[int, ...] = ()
    scan_confidence: float | None = None


NO_PAGES = DocumentPages()


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


def scan_confidence(metadata: Mapping[str, object]) -> float | None:
    """Return how surely the text was read from a scan, in [0, 1]; None if it was not.

    The value is checked, as that of `page_starts`.
    """
    value = metadata.get(SCAN_CONFIDENCE)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    return None


def page_range(starts: tuple[int, ...], span: Span) -> tuple[int, int] | None:
    """Return the first and last page of a span, counted from 1; None without pages."""
    if not starts:
        return None
    return bisect_right(starts, span[0]), bisect_right(starts, max(span[0], span[1] - 1))


def format_pages(pages: tuple[int, int]) -> str:
    """Return pages as they are shown: `page 3`, `pages 3–4`."""
    first, last = pages
    return f"page {first}" if first == last else f"pages {first}–{last}"


def format_scan(confidence: float) -> str:
    """Return how a text came about, as it is shown: `read from a scan, 87 %`."""
    return f"read from a scan, {int(100 * confidence)} %"


def document_pages(store: Store, keys: Iterable[int]) -> dict[int, DocumentPages]:
    """Return the pages of releases, by row number; without those that have none."""
    sql = (
        f"SELECT release_id, id FROM releases WHERE instr(metadata, '\"{PAGE_STARTS}\"') > 0 "  # noqa: S608
        "AND id IN ({keys})"
    )
    found = {}
    for release_id, key in store.rows_among(sql, keys):
        metadata = store.release(release_id).release.metadata
        if starts := page_starts(metadata):
            found[key] = DocumentPages(starts, scan_confidence(metadata))
    return found
