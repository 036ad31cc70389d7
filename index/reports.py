"""What an update, a verification or a backup reports while it runs, and what it returns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Stage = Literal[
    "read",
    "words",
    "meaning",
    "publish",
    "store",
    "texts",
    "vectors",
    "copy",
    "pack",
    "check",
    "unpack",
    "build",
]
"""Of an update: reading sources, indexing words, encoding passages, in this order. Of a
verification: checking the store as a whole, each release, each vector. Of a backup: copying the
store, writing the archive. Of a restoration: checking the archive, unpacking it, building the
indexes."""


_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an update, a verification, a backup or a restoration is.

    Attributes:
        stage: The current stage.
        done: Finished items: releases while reading, passages afterwards; megabytes of an archive.
        total: All items, or None while their number is not known.
        item: The current item, as its source names it (untrusted text), or None.
    """

    stage: Stage
    done: int
    total: int | None = None
    item: str | None = None


def no_progress(_: Progress) -> None:
    """Report progress to nobody."""


def in_megabytes(
    progress: Callable[[Progress], None], stage: Stage, total: int
) -> Callable[[int], None]:
    """Return a function that takes bytes as they are done, and reports megabytes.

    Args:
        progress: Called with the progress.
        stage: The stage.
        total: All bytes.
    """
    done = 0

    def report(count: int) -> None:
        nonlocal done
        done += count
        progress(Progress(stage, done // _MEGABYTE, total // _MEGABYTE))

    return report


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was left out, and why."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did, or with `dry_run` would do. Counts are releases unless named.

    Attributes:
        vanished: Releases that are missing from their source, kept because `prune` was off.
        ignored: Files and folders that an ignore file leaves out; a folder counts once.
        skipped: Sources or records that could not be read.
        skipped_before: Those of `skipped` that an earlier update reported with the same reason and
            that have not changed since.
        notes: What a user may want to know, such as a guessed encoding.
        passages: Passages in the collection afterwards.
        encoded: Passages encoded by this update.
        to_encode: Passages still without a vector.
        interrupted: Whether it was cancelled; what was done until then is kept.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    vanished: int = 0
    ignored: int = 0
    skipped: tuple[Skip, ...] = ()
    skipped_before: tuple[Skip, ...] = ()
    notes: tuple[Skip, ...] = ()
    passages: int = 0
    encoded: int = 0
    to_encode: int = 0
    interrupted: bool = False
    dry_run: bool = False

    @property
    def newly_skipped(self) -> tuple[Skip, ...]:
        """What was skipped and not reported before."""
        before = set(self.skipped_before)
        return tuple(skip for skip in self.skipped if skip not in before)


@dataclass(frozen=True, slots=True)
class Status:
    """A collection in numbers; sizes in bytes, `updated_at` an ISO time in UTC or None.

    Attributes:
        skipped: What the last updates of each source could not read.
    """

    folder: str
    releases: int
    passages: int
    to_encode: int
    dated: int
    first_date: str | None
    last_date: str | None
    issuers: int
    languages: tuple[tuple[str, int], ...]
    model: str | None
    fingerprint: str | None
    store_bytes: int
    derived_bytes: int
    updated_at: str | None
    schema: int
    skipped: tuple[Skip, ...] = ()
    notes: tuple[str, ...] = ()


Counts = tuple[tuple[str, int], ...]
"""Values, each with how often it occurs."""


Facets = Mapping[str, Counts]
"""What a collection has to filter by: its values by the name of the filter (untrusted text)."""
