"""What an update of a collection tells while it runs and when it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Stage = Literal["read", "words", "meaning", "store", "texts", "vectors"]
"""Of an update: reading sources, indexing their words, encoding their meaning, in this order. Of
verifying: looking at the store as a whole, at each release, at each vector."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an update, or verifying, is.

    Attributes:
        stage: What is being done.
        done: Items finished: releases while reading, passages afterwards.
        total: Items in all, or None while it is not known.
        item: What is in hand, as given by its source (untrusted text), or None.
    """

    stage: Stage
    done: int
    total: int | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was left out, and why."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did, or with `dry_run` would do. Counts are releases unless named.

    Attributes:
        vanished: Releases whose source no longer holds them, kept because `prune` was off.
        skipped: Sources or records that could not be read.
        notes: Things done that a user may want to know, such as a guessed encoding.
        passages: Passages in the collection afterwards.
        encoded: Passages encoded by this update.
        to_encode: Passages still without a vector.
        interrupted: True when cancelled; what was done so far stands.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    vanished: int = 0
    skipped: tuple[Skip, ...] = ()
    notes: tuple[Skip, ...] = ()
    passages: int = 0
    encoded: int = 0
    to_encode: int = 0
    interrupted: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """A collection in numbers; sizes in bytes, `updated_at` an ISO time in UTC or None."""

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
    notes: tuple[str, ...] = ()


Counts = tuple[tuple[str, int], ...]
"""Values, each with how often it occurs."""


Facets = Mapping[str, Counts]
"""What a collection has to filter by: its values by the name of the filter (untrusted text)."""
