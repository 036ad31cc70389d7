"""What verifying a collection finds: what is damaged and where, and what mends it."""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Literal

Verdict = Literal["note", "wrong"]

Part = Literal["dimension", "families", "files", "indexes", "vector file", "vectors", "word index"]
"""What is made from the stored texts, and so can be made again."""

SHOWN = 100
"""Findings of one name and verdict that are kept one by one; the rest is counted."""

MEND = "to mend it run: releaseqa verify --repair"
GO_ON = "run: releaseqa index on the same sources, or releaseqa verify --repair"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        name: What was looked at: `store`, `release`, `passage`, `vector`, `word index` and so on.
        place: Which one: an id, the name of a file or of a table (untrusted text).
        verdict: `wrong` when it is damaged, `note` when it is worth knowing.
        detail: What is the matter.
        remedy: What to do, or None when there is nothing to do.
        mends: What a repair makes again to mend it; None when it cannot.
    """

    name: str
    place: str
    verdict: Verdict
    detail: str
    remedy: str | None = None
    mends: Part | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What a collection is made of, and what is not as it should be.

    Attributes:
        folder: The collection's.
        releases, passages, vectors: How many were looked at.
        files: Derived files that are whole.
        findings: In the order of the checks; of many alike the first hundred, then their number.
        damaged: How many things are damaged, those that are only counted included.
        broken: Whether SQLite itself finds its file damaged.
        bad_vectors: Row numbers of the vectors that are damaged.
        dimension: The length of the vectors, where the store names another one.
    """

    folder: Path
    releases: int
    passages: int
    vectors: int
    files: int
    findings: tuple[Finding, ...]
    damaged: int
    broken: bool
    bad_vectors: tuple[int, ...] = ()
    dimension: int | None = None

    @property
    def parts(self) -> frozenset[Part]:
        """What a repair would make again, or go on with."""
        return frozenset(found.mends for found in self.findings if found.mends is not None)

    @property
    def damaged_parts(self) -> frozenset[Part]:
        """What a repair has to make anew: what is there is damaged."""
        wrong = (found for found in self.findings if found.verdict == "wrong")
        return frozenset(found.mends for found in wrong if found.mends is not None)


class Findings:
    """Takes what the checks find; what one has found, a later one may go by.

    Attributes:
        store: The store's file.
        bad_releases: Row numbers of the releases that were named as damaged.
        Others as in `Verification`.
    """

    def __init__(self, store: Path) -> None:
        """Begin with nothing found in the store at this path."""
        self.store = store
        self.releases = self.passages = self.vectors = self.files = 0
        self.broken = False
        self.bad_releases: set[int] = set()
        self.bad_vectors: list[int] = []
        self.dimension: int | None = None
        self._found: dict[tuple[str, Verdict], list[Finding]] = {}
        self._counts: Counter[tuple[str, Verdict]] = Counter()

    def wrong(
        self, name: str, place: str, detail: str, remedy: str | None = None,
        mends: Part | None = None,
    ) -> None:  # fmt: skip
        """Take something damaged; without a remedy it is mended by a repair, or by a copy."""
        remedy = remedy or (MEND if mends else self.lost)
        self._take(Finding(name, place, "wrong", detail, remedy, mends))

    def note(
        self, name: str, place: str, detail: str, remedy: str | None = None,
        mends: Part | None = None,
    ) -> None:  # fmt: skip
        """Take something worth knowing."""
        self._take(Finding(name, place, "note", detail, remedy, mends))

    def _take(self, found: Finding) -> None:
        kind = (found.name, found.verdict)
        self._counts[kind] += 1
        if self._counts[kind] <= SHOWN:
            self._found.setdefault(kind, []).append(found)

    @property
    def lost(self) -> str:
        """What to do about a store that is damaged."""
        return (
            f"restore the collection from a copy, or move {quote(str(self.store.parent))} away "
            "and index the sources again"
        )

    def lost_release(self, release_id: str, source: bytes | None) -> str:
        """What to do about a release that is damaged, read from the file of this path."""
        name = quote(os.fsdecode(source)) if source else "SOURCE"
        return (
            "restore the collection from a copy, or, while its source is there, run: "
            f"releaseqa remove {quote(release_id)} && releaseqa index {name}"
        )

    def done(self) -> Verification:
        """Return everything found."""
        findings: list[Finding] = []
        for (name, verdict), found in self._found.items():
            findings += found
            more = self._counts[name, verdict] - len(found)
            if more:
                last = found[-1]
                findings.append(
                    Finding(name, f"{more:,} more", verdict, "as above", last.remedy, last.mends)
                )
        damaged = sum(n for (_, verdict), n in self._counts.items() if verdict == "wrong")
        return Verification(
            self.store.parent, self.releases, self.passages, self.vectors, self.files,
            tuple(findings), damaged, self.broken, tuple(self.bad_vectors), self.dimension,
        )  # fmt: skip
