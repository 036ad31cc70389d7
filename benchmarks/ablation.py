"""Measure what each group of ranking features is worth, out of fold.

    python benchmarks/ablation.py --data ../shared/data --cache /tmp/fit-cache

The ranker is fitted without each group of features in the five folds of fit_ranking.py. Prints the
change of nDCG@10 on each set, in thousandths; negative means that the group helps. Needs the extra
`train`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orders as base
from evaluation_sets import ROOT
from fit_ranking import NEEDS_VECTORS, PRODUCTS, RANKER_PENALTY, read_set
from folds import FOLDS, SETS, fold_of, load_sets, ranked_sets
from orders import Item

from qa.ranking.features import PASSAGE_FEATURES

GROUPS = {
    "vectors": NEEDS_VECTORS,
    "sentence vectors": frozenset(
        {"sentence", "sentence_gap", "sentence_rank", "two_sentence_cosine"}
    ),
    "BM25": frozenset({"lexical", "lexical_rank", "match", "match_gap"}),
    "coverage of the question's words": frozenset(
        {"coverage", "coverage_gap", "sentence_coverage", "two_sentence_coverage", "soft_coverage",
         "soft_gap", "combined", "combined_gap"}
    ),
    "rare words, names, numbers": frozenset(
        {"rarest_missing", "rarest_present", "names", "numbers"}
    ),
    "word pairs, closeness": frozenset({"pairs", "sentence_pairs", "closeness"}),
    "headline": frozenset({"title_coverage", "title_gain"}),
    "the release's other paragraphs": frozenset(
        {"release_support", "release_best", "release_gain", "release_coverage",
         "release_coverage_gap", "release_rarest_missing"}
    ),
    "kind of answer": frozenset({"offers", "offers_in_best"}),
    "length": frozenset({"length", "sentence_count"}),
}  # fmt: skip


def scored(items: Sequence[Item], without: frozenset[str], *, products: bool) -> dict[str, float]:
    """Return nDCG@10 of each set by models fitted without some features, out of fold."""
    names = [name for name in PASSAGE_FEATURES if name not in without]
    pairs = [pair for pair in PRODUCTS if pair[0] not in without] if products else []
    models = [
        base.fit_lists([i for i in items if fold_of(i.article) != fold], names, PASSAGE_FEATURES,
                       pairs, RANKER_PENALTY)
        for fold in range(FOLDS)
    ]  # fmt: skip
    return {
        name: float(
            base.quality(
                [i for i in items if i.of == name],
                lambda i: base.scores(i, models[fold_of(i.article)]),
            )[1]
        )
        for name in dict.fromkeys(i.of for i in items)
    }


def main() -> int:
    """Print the table, one line per group."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "releaseqa-fit")
    options = parser.parse_args()
    if not (options.data / "eval").is_dir():
        sys.exit(f"no judged sets in {options.data / 'eval'}; name their folder with --data")
    items: list[Item] = []
    sets = load_sets(options.data, options.cache)
    for name in ranked_sets(sets):
        found = (item for item, _ in read_set(sets[name], SETS[name][1]))
        items += filter(base.has_vectors, found)
    whole = scored(items, frozenset(), products=True)
    print(f"| without | {' | '.join(whole)} | mean |")
    print("|---" * (len(whole) + 2) + "|")
    print(f"| nothing: nDCG@10 | {' | '.join(f'{value:.3f}' for value in whole.values())} "
          f"| {np.mean(list(whole.values())):.3f} |", flush=True)  # fmt: skip
    rows = {"weights that follow the question": (frozenset[str](), False)} | {
        name: (features, True) for name, features in GROUPS.items()
    }
    for name, (without, products) in rows.items():
        anew = scored(items, without, products=products)
        change = [1000 * (anew[n] - whole[n]) for n in whole]
        cells = " | ".join(f"{value:+.0f}" for value in change)
        print(f"| {name} | {cells} | {np.mean(change):+.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
