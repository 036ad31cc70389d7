"""What verifying a collection finds: what is damaged and where, and how to repair it."""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Literal

from index.text.shell_words import operand

Verdict = Literal["note", "wrong"]

Part = Literal[
    "dimension",
    "families",
    "files",
    "former releases",
    "indexes",
    "log",
    "seals",
    "vector file",
    "vectors",
    "word index",
]
"""What is made from the stored texts and so can be made again; the log can be merged, rows without
a seal can be sealed, and damaged records of former releases can be dropped."""

SHOWN = 100
"""Findings of one name and verdict that are kept; the others are only counted."""

MEND = "to repair it, run: releaseqa verify --repair"
GO_ON = "run releaseqa index on the same sources, or releaseqa verify --repair"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        name: What was checked: `store`, `release`, `passage`, `vector`, `word index` and so on.
        place: Which one: an id, the name of a file or of a table (untrusted text).
        verdict: `wrong` when it is damaged, `note` when it is worth knowing.
        detail: What is wrong with it.
        remedy: What to do, or None when nothing has to be done.
        mends: What a repair makes again to mend it; None when a repair cannot mend it.
    """

    name: str
    place: str
    verdict: Verdict
    detail: str
    remedy: str | None = None
    mends: Part | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What a collection contains, and what is wrong with it.

    Attributes:
        folder: The collection's.
        releases, passages, vectors: How many there are.
        files: Artifacts that are intact.
        findings: In the order of the checks; of many alike the first hundred, then their number.
        damaged: How many things are damaged, including those that are only counted.
        broken: Whether SQLite itself reports that its file is damaged.
        bad_vectors: Row numbers of the damaged vectors.
        dimension: The dimension of the vectors, when the store records another one.
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
        """What a repair makes again or completes."""
        return frozenset(found.mends for found in self.findings if found.mends is not None)

    @property
    def damaged_parts(self) -> frozenset[Part]:
        """What a repair makes again because it is damaged."""
        wrong = (found for found in self.findings if found.verdict == "wrong")
        return frozenset(found.mends for found in wrong if found.mends is not None)


class Findings:
    """Collects what the checks find. A check can read what an earlier one found.

    Attributes:
        bad_releases: Row numbers of the releases that were reported as damaged.
        Others as in `Verification`.
    """

    def __init__(self, folder: Path) -> None:
        """Start without findings for the collection in `folder`."""
        self.folder = folder
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
        """Add a damaged thing; default remedy: a repair when it mends it, else a backup copy."""
        remedy = remedy or (MEND if mends else self.restore)
        self._add(Finding(name, place, "wrong", detail, remedy, mends))

    def note(
        self, name: str, place: str, detail: str, remedy: str | None = None,
        mends: Part | None = None,
    ) -> None:  # fmt: skip
        """Add something worth knowing."""
        self._add(Finding(name, place, "note", detail, remedy, mends))

    def _add(self, finding: Finding) -> None:
        kind = (finding.name, finding.verdict)
        alike = self._found.setdefault(kind, [])
        if finding in alike:
            return
        self._counts[kind] += 1
        if self._counts[kind] <= SHOWN:
            alike.append(finding)

    @property
    def restore(self) -> str:
        """The remedy for a damaged store."""
        return (
            f"restore the collection from a backup, or move {quote(str(self.folder))} away "
            "and index the sources again"
        )

    def restore_release(self, release_id: str, source: bytes | None) -> str:
        """Return the remedy for a damaged release that was read from the file `source`."""
        name = operand(os.fsdecode(source)) if source else "SOURCE"
        return (
            "restore the collection from a backup or, if its source still exists, run: "
            f"releaseqa remove {operand(release_id)} && releaseqa index {name}"
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
            self.folder, self.releases, self.passages, self.vectors, self.files,
            tuple(findings), damaged, self.broken, tuple(self.bad_vectors), self.dimension,
        )  # fmt: skip
