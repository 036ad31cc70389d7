"""What the last updates skipped, as the store has it.

`index.ingest.reported_skips` writes this record, so that a skip is news only once; `status` lists
it. Each skip stands below its file and its mark, which changes when the file or the reason does.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from index.reports import Skip
from index.store.reader import Store

if TYPE_CHECKING:
    from index.store.writer import StoreWriter

_META = "skips_reported"

StoredSkips = Mapping[str, Mapping[str, Skip]]
"""Skips by the label of the file that they are about, then by their mark."""


def read_skips(store: Store) -> StoredSkips:
    """Return what is stored; nothing of what makes no sense, since others may have written it."""
    try:
        found = json.loads(store.meta(_META) or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    marks = {label: value for label, value in found.items() if isinstance(value, dict)}
    return {
        label: {
            mark: Skip(item, reason)
            for mark, said in value.items()
            if isinstance(said, list) and len(said) == 2  # noqa: PLR2004 - item and reason
            for item, reason in [map(str, said)]
        }
        for label, value in marks.items()
    }


def write_skips(store: "StoreWriter", skips: StoredSkips) -> None:
    """Store skips in place of those before, in a transaction of its own."""
    written = {
        label: {mark: [skip.item, skip.reason] for mark, skip in sorted(marks.items())}
        for label, marks in sorted(skips.items())
    }
    with store.transaction():
        store.set_meta(_META, json.dumps(written, ensure_ascii=True))
