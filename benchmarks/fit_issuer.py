"""Fit the weights by which the issuer is chosen among the names that a release gives.

    python benchmarks/fit_issuer.py FOLDER… [--letterheads]

Each folder holds documents and `expected.jsonl` with their `file` and the accepted forms of their
`issuer`. `--letterheads` adds the styles of tests/data/letterheads in five formats. A conditional
logit (McFadden, 1974) is fitted by gradient descent, held near the present weights. Prints how many
issuers are right with the present weights, and cross-validated over documents (all formats of a
style are one), then the weights to copy into `index.structure.headline.issuer`. Needs the extra
`train`.
"""

import argparse
import json
import random
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from evaluation_sets import ROOT, Floats
from scipy.optimize import minimize
from scipy.special import logsumexp

from index.readers.base import HEAD, Draft
from index.readers.registry import reader_for
from index.structure.headline.head_split import split_head_lines
from index.structure.headline.issuer import (
    WEIGHTS,
    choose_issuer,
    evidence_for,
    forms_of,
    read_text,
)
from index.structure.headline.issuer_evidence import lead_of, mentions_in_text
from index.structure.headline.letterhead import read_letterhead
from index.structure.headline.match import title_span
from index.structure.paragraphs import split_paragraphs

FOLDS = 5
SEED = 0
HELD = 3.0
"""How strongly the weights are held near the present ones."""

STYLE_WEIGHT = 0.3
"""What one format of a style counts for, relative to a document."""

KEYS = tuple(WEIGHTS)


@dataclass(frozen=True)
class Document:
    """The names of a document, one row of evidence each, and which are right."""

    group: str
    names: tuple[str, ...]
    evidence: Floats
    right: np.ndarray
    chosen: str | None
    weight: float


def folded(name: str | None) -> str:
    """Return a name without case, accents and marks."""
    plain = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode().casefold()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def read_document(
    data: bytes, name: str, right: Sequence[str], group: str, weight: float
) -> Document | None:
    """Gather the evidence in a document; None when it is read as nothing."""
    reader = reader_for(data[:HEAD], Path(name).suffix.lower())
    draft = next((d for d in reader.read(BytesIO(data), 64_000_000) if isinstance(d, Draft)), None)
    if draft is None:
        return None
    text = draft.text.strip("\n")
    spans = split_head_lines(text, list(split_paragraphs(text)))
    head = read_letterhead(text, spans, title_span(text, spans, draft.title))
    found = [*draft.names, *mentions_in_text(text, spans, head.head, head.headline)]
    own = draft.title or ("" if head.headline is None else text[slice(*head.headline)])
    prepared = read_text(text, lead_of(text, head.head) or "", own)
    names = tuple(forms_of(found))
    rows = np.zeros((len(names), len(KEYS)))
    for row, form in zip(rows, names, strict=True):
        for key, value in evidence_for(form, found, prepared).items():
            row[KEYS.index(key)] = value
    accepted = set(map(folded, right))
    chosen = choose_issuer(found, prepared) if found else None
    is_right = np.array([folded(form) in accepted for form in names], dtype=bool)
    return Document(group, names, rows, is_right, chosen, weight)


def documents(folders: Sequence[Path], *, letterheads: bool) -> Iterator[Document | None]:
    """Yield the documents of the folders, and the styles."""
    for folder in folders:
        for line in (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            path = folder / Path(case["file"]).name
            right = [case["issuer"]] if isinstance(case["issuer"], str) else case["issuer"]
            yield read_document(path.read_bytes(), path.name, right, str(path), 1.0)
    if letterheads:
        sys.path.insert(0, str(ROOT / "tests" / "support"))
        from letterheads import FORMATS, styles

        for style in styles():
            for form, made in FORMATS.items():
                right = style.right["issuer"]
                yield read_document(
                    made(style), f"a.{form}", right, f"style {style.name}", STYLE_WEIGHT
                )


def fit(found: Sequence[Document]) -> Floats:
    """Return the weights under which right names are most likely chosen."""
    present = np.array([WEIGHTS[key] for key in KEYS])
    usable = [document for document in found if document.right.any()]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total = HELD / 2 * float(((weights - present) ** 2).sum())
        slope = HELD * (weights - present)
        for document in usable:
            worth = document.evidence @ weights
            every, good = logsumexp(worth), logsumexp(worth[document.right])
            total += document.weight * float(every - good)
            share = np.exp(worth - every)
            own = np.where(document.right, np.exp(worth - good), 0.0)
            slope = slope + document.weight * document.evidence.T @ (share - own)
        return total, slope

    return np.asarray(minimize(loss, present, jac=True, method="L-BFGS-B").x)


def count_right(found: Sequence[Document], weights: Floats) -> int:
    """Return in how many documents a right name is worth most."""
    return sum(
        bool(document.right[int(np.argmax(document.evidence @ weights))])
        for document in found
        if len(document.names)
    )


def cross_validated(found: Sequence[Document]) -> int:
    """Return how many issuers are right when weights are fitted without their documents."""
    groups = sorted({document.group for document in found})
    random.Random(SEED).shuffle(groups)
    right = 0
    for fold in range(FOLDS):
        out = set(groups[fold::FOLDS])
        weights = fit([document for document in found if document.group not in out])
        right += count_right([document for document in found if document.group in out], weights)
    return right


def main() -> None:
    """Run the fit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--letterheads", action="store_true")
    options = parser.parse_args()
    read = documents(options.folders, letterheads=options.letterheads)
    found = [document for document in read if document is not None]
    chosen = sum(
        any(
            name == document.chosen and right
            for name, right in zip(document.names, document.right, strict=True)
        )
        for document in found
    )
    print(f"present weights: {chosen} of {len(found)} issuers are right")
    print(f"fitted, cross-validated: {cross_validated(found)}")
    for key, before, after in zip(KEYS, WEIGHTS.values(), fit(found), strict=True):
        print(f"{key:15} {before:6.2f} {after:6.2f}")


if __name__ == "__main__":
    main()
