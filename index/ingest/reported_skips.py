"""Remember what updates skipped, so that a skipped file is reported as new only once.

Somebody who indexes a folder every morning has read about the encrypted file in it. Each update
tries it again, since it may have become readable, and counts it; but only its first report is news:
`UpdateReport.skipped_before` has the others. A skip is the same while the reason and the bytes of
the file are the same.

What a user names as a source, and what comes by standard input, is always news.
"""

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.ingest.discover import covers, names_of
from index.reports import Skip
from index.store.reader import Store
from index.store.stored_skips import StoredSkips, read_skips, write_skips
from index.store.writer import StoreWriter

_MARK = 16
"""Hexadecimal digits of a mark."""


@dataclass
class ReportedSkips:
    """The skips that earlier updates reported, and those of the current one.

    Attributes:
        before: The skips reported earlier.
    """

    before: StoredSkips = field(default_factory=dict)
    _now: dict[Skip, tuple[str, str]] = field(default_factory=dict)
    """The skips of this update, each with its file and its mark."""

    @classmethod
    def load(cls, store: Store | None) -> "ReportedSkips":
        """Read what was reported."""
        return cls() if store is None else cls(read_skips(store))

    def add(self, label: str, skip: Skip, stamp: str) -> None:
        """Note a skip.

        Args:
            label: The file that it is about, as users see it.
            skip: The skip.
            stamp: Changes when the file does.
        """
        said = f"{skip.item}\0{skip.reason}\0{stamp}".encode("utf-8", "replace")
        self._now[skip] = label, hashlib.sha256(said).hexdigest()[:_MARK]

    def known(
        self, skipped: Iterable[Skip], sources: Sequence[str | Path], base: Path
    ) -> tuple[Skip, ...]:
        """Return the skips that were reported before.

        Args:
            skipped: All skips of this update.
            sources: As the user named them.
            base: Files below it are labelled by their path from there.
        """
        named = {name for source in sources for name in names_of(source, base)}
        return tuple(
            skip
            for skip in skipped
            if skip in self._now
            and self._now[skip][0] not in named
            and self._now[skip][1] in self.before.get(self._now[skip][0], ())
        )

    def save(
        self,
        store: StoreWriter,
        skipped: Iterable[Skip],
        sources: Sequence[str | Path],
        base: Path,
        *,
        complete: bool,
    ) -> None:
        """Record what has been reported after this update, if it differs from before.

        Args:
            store: Where to write, in a transaction of its own.
            skipped: All skips of this update.
            sources: As the user named them.
            base: Files below it are labelled by their path from there.
            complete: Whether the update went to its end. If so, what is no longer skipped in
                `sources` is forgotten, so that it is news again when it comes back.
        """
        now: dict[str, dict[str, Skip]] = {}
        for skip in skipped:
            if skip in self._now:
                label, mark = self._now[skip]
                now.setdefault(label, {})[mark] = skip
        kept = {
            label: marks
            for label, marks in self.before.items()
            if not complete or _is_elsewhere(base / label, sources)
        }
        after = {**kept, **now}
        if after != self.before:
            write_skips(store, after)


def _is_elsewhere(path: Path, sources: Sequence[str | Path]) -> bool:
    """Return whether a file is there and not in one of the sources."""
    try:
        return os.path.lexists(path) and not covers(sources, os.fsencode(path))
    except ValueError:  # a null character, in a store of somebody else
        return False
