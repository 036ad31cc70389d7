"""Fit the ranker, the evidence model and the confidence model; write them into qa/data.

    python benchmarks/fit_ranking.py --data ../shared/data --cache /tmp/fit-cache

Everything is scored on articles it was not fitted on: five folds over articles, the same fold
for an article in every set and language, and, with --leave-out, on whole families of sets.
The files that are written are fitted on all of it. Needs the extra `train`.
"""

import argparse
import json
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from evaluation_sets import ROOT, EvaluationSet, Floats, Rows, SetQuestion, everything
from fit_confidence import CONFIDENCE_PENALTY, fit_confidence, report_confidence, thresholds
from folds import FOLDS, RANKED, SEED, SETS, chosen, fold_of, load_sets
from scipy.optimize import minimize
from verdicts import verdicts

from qa import features
from qa.evidence import marked_sentences
from qa.features import PASSAGE_FEATURES, SENTENCE_FEATURES
from qa.list_features import LIST_FEATURES
from qa.model import LinearModel
from qa.question import read_question
from qa.ranking import RankerWeights

RANKER_PENALTY, SENTENCE_PENALTY = 1e-2, 3e-3
LIST_DEPTH = 30
FIRST_ORDERS = "first-orders.pickle"
JOIN_WITHIN = 0.8
"""A second sentence is marked when the first is less than e^.8 = 2.2 times as probable."""
_CONTEXT = (
    "best_coverage", "best_match", "mean_coverage", "dense_spread", "match_spread", "dense_lead",
    "match_lead", "agreement", "words", "mean_length", "best_dense", "match_of_dense_top",
    "dense_of_lexical_top", "dense_mean", "dense_deviation", "legs_agree",
)  # fmt: skip
_SIGNALS = (
    "dense", "sentence", "lexical", "match", "coverage", "combined", "sentence_coverage",
    "lexical_rank", "dense_rank",
)  # fmt: skip
PRODUCTS = tuple((signal, context) for signal in _SIGNALS for context in _CONTEXT)
SENTENCE_PRODUCTS = tuple(
    (name, asked)
    for name in ("new_names", "new_numbers", "offers")
    for asked in LIST_FEATURES
    if asked.startswith("asks")
)
NEEDS_VECTORS = frozenset(
    {"dense", "dense_gap", "dense_rank", "sentence", "sentence_gap", "sentence_rank",
     "two_sentence_cosine"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """Rows that compete: a question's candidates, or the sentences of its passage.

    Attributes:
        of: The set's name.
        article: What folds must not divide.
        values: Shape (rows, features).
        whole: Shape (LIST_FEATURES,).
        right: Which rows are right, shape (rows,).
        records: For candidates, the record each is of.
        relevant: For candidates, the relevant records.
        legs: For candidates, cosine and BM25, shape (2, rows).
    """

    of: str
    article: str
    values: Floats
    whole: Floats
    right: Rows
    records: Rows
    relevant: frozenset[int]
    legs: Floats


def read_set(
    of: EvaluationSet, limit: int, *, vectors: bool = True
) -> Iterator[tuple[Item, Item | None]]:
    """Yield each question's candidates, and the sentences of its relevant passage."""
    for row in chosen(of, limit):
        asked = of.questions[row]
        here = everything(of, row)
        candidates = here.candidates(row, vectors=vectors)
        if not candidates:
            continue
        seen = features.compute(read_question(asked.text), candidates, of)
        right, records, relevant = judged(of, asked, [c.key for c in candidates])
        article = of.articles[min(asked.relevant)]
        legs = np.array([[c.dense or 0.0, c.lexical or 0.0] for c in candidates]).T
        item = Item(of.name, article, seen.passages, seen.whole, right, records, relevant, legs)
        gold = candidates[int(np.argmax(right))]
        yield item, _sentences(item, gold.text, seen, of, asked.answers, gold.sentences)


def judged(
    of: EvaluationSet, asked: SetQuestion, keys: Sequence[int]
) -> tuple[Rows, Rows, frozenset[int]]:
    """Return which passages are right, what counts once in a ranking, and what of it is relevant.

    Records are ranked by their best passage, or passages by themselves, as the set is judged.
    """
    right = np.array([of.is_right(asked, key) for key in keys], dtype=bool)
    if not of.by_passage:
        return right, of.record_of[keys], asked.relevant
    rows = np.flatnonzero(np.isin(of.record_of, list(asked.relevant)))
    return right, np.array(keys), frozenset(int(r) for r in rows if of.is_right(asked, r))


def _sentences(
    item: Item,
    text: str,
    seen: features.ListFeatures,
    of: EvaluationSet,
    answers: Sequence[str],
    spans: Sequence[tuple[int, int]],
) -> Item | None:
    if not item.right.any():
        return None
    holds = np.array([any(a in text[s:e] for a in answers) for s, e in spans])
    if not holds.any():
        return None
    place = int(np.argmax(item.right))
    rows = slice(seen.rows[place], seen.rows[place + 1])
    nothing = np.zeros(0, dtype=np.intp)
    return Item(of.name, item.article, seen.sentences[rows], seen.whole, holds, nothing,
                frozenset(), np.zeros((2, 0)))  # fmt: skip


def design(
    item: Item,
    names: Sequence[str],
    columns: Sequence[str],
    products: Sequence[tuple[str, str]],
    of_list: Sequence[str] = LIST_FEATURES,
) -> Floats:
    """Return an item's rows of features and products, shape (rows, names + products)."""
    plain = item.values[:, [columns.index(name) for name in names]]
    left = item.values[:, [columns.index(name) for name, _ in products]]
    context = item.whole[[of_list.index(name) for _, name in products]]
    return np.hstack([plain, left * context])


def fit_lists(
    items: Sequence[Item],
    names: Sequence[str],
    columns: Sequence[str],
    products: Sequence[tuple[str, str]],
    penalty: float,
    of_list: Sequence[str] = LIST_FEATURES,
) -> LinearModel:
    """Fit by the likelihood of a right row among its competitors.

    ListNet's top-one softmax (Cao et al., "Learning to rank: from pairwise to listwise
    approach", 2007).
    """
    kept = [item for item in items if item.right.any()]
    blocks, right, weights = [], [], []
    for item in kept:
        rows = _deepest(item, columns)
        blocks.append(design(item, names, columns, products, of_list)[rows].astype(np.float32))
        right.append(item.right[rows].astype(bool))
    totals = {name: sum(i.of == name for i in kept) for name in SETS}
    weights = np.array([SETS[i.of][3] / totals[i.of] for i in kept])
    weights /= weights.sum()
    values, hit = np.vstack(blocks), np.concatenate(right)
    sizes = np.array([len(block) for block in blocks])
    starts, owner = np.r_[0, np.cumsum(sizes)[:-1]], np.repeat(np.arange(len(sizes)), sizes)
    scale = values.std(axis=0) + 1e-6
    values /= scale

    def loss(beta: Floats) -> tuple[float, Floats]:
        score = (values @ beta.astype(np.float32)).astype(float)
        grown = np.exp(score - np.maximum.reduceat(score, starts)[owner])
        share = grown / np.add.reduceat(grown, starts)[owner]
        good = np.maximum(np.add.reduceat(np.where(hit, share, 0), starts), 1e-12)
        slope = weights[owner] * (share - np.where(hit, share, 0) / good[owner])
        gradient = (values.T @ slope.astype(np.float32)).astype(float) + penalty * beta
        return float(-(weights * np.log(good)).sum() + penalty * (beta @ beta) / 2), gradient

    start = np.zeros(values.shape[1])
    beta = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x / scale
    return LinearModel(
        tuple(names), tuple(beta[: len(names)].tolist()), tuple(products),
        tuple(beta[len(names) :].tolist()), 0.0,
    )  # fmt: skip


def _deepest(item: Item, columns: Sequence[str]) -> Rows:
    """Return the rows to fit on: the best by a plain fusion, and a right one at least."""
    if len(item.values) <= LIST_DEPTH or "lexical" not in columns:
        return np.arange(len(item.values))
    plain = item.values @ [(name == "combined") + 0.3 * (name == "lexical") for name in columns]
    best = np.argsort(-plain, kind="stable")[:LIST_DEPTH]
    return best if item.right[best].any() else np.r_[best, np.flatnonzero(item.right)[:1]]


def scores(
    item: Item,
    model: LinearModel,
    columns: Sequence[str] = PASSAGE_FEATURES,
    of_list: Sequence[str] = LIST_FEATURES,
) -> Floats:
    """Return the model's score of each row."""
    whole = dict(zip(of_list, item.whole.tolist(), strict=True))
    return item.values @ model.effective(columns, whole)


def quality(items: Sequence[Item], score: Callable[[Item], Floats]) -> Floats:
    """Return mean hit@1 and nDCG@10 over records, each by its best passage."""
    found = []
    for item in items:
        order = np.argsort(-score(item), kind="stable")
        ranked = list(dict.fromkeys(item.records[order].tolist()))[:10]
        gains = [float(record in item.relevant) for record in ranked]
        discounts = 1 / np.log2(np.arange(2, 12))
        ideal = discounts[: len(item.relevant)].sum()
        found.append((gains[0], float(np.dot(gains, discounts[: len(gains)]) / ideal)))
    return np.array(found).mean(axis=0)


def written(model: LinearModel, intercept: float | None = None) -> dict[str, object]:
    """Return a model as it stands in the files, with five significant digits."""

    def short(value: float) -> float:
        return float(f"{value:.5g}")

    products = zip(model.products, model.product_weights, strict=True)
    return {
        "intercept": short(model.intercept if intercept is None else intercept),
        "weights": {n: short(w) for n, w in zip(model.features, model.weights, strict=True)},
        "products": {f"{left} * {right}": short(w) for (left, right), w in products},
    }


def fit_ranker(items: Sequence[Item], wordy: Sequence[Item]) -> RankerWeights:
    """Fit the model with vectors, and the one for words alone."""
    plain = [name for name in PASSAGE_FEATURES if name not in NEEDS_VECTORS]
    return RankerWeights(
        fit_lists(items, PASSAGE_FEATURES, PASSAGE_FEATURES, PRODUCTS, RANKER_PENALTY),
        fit_lists(wordy, plain, PASSAGE_FEATURES, (), RANKER_PENALTY),
    )


_COLUMNS = ("dense", "BM25", "RRF", "convex", "ours")


def report(title: str, items: Sequence[Item], score: Callable[[Item], Floats]) -> None:
    """Print hit@1 and nDCG@10 of the legs, of a fixed fusion and of the model, for each set."""
    print(
        f"\n{title}\n{'set':14} {'n':>5}  dense        BM25         RRF          convex       ours"
    )
    for name in SETS:
        own = [item for item in items if item.of == name]
        if own:
            columns = (_dense, _lexical, _rrf, _convex, score)
            cells = [quality(own, column) for column in columns]
            print(f"{name:14} {len(own):5}  " + "  ".join(f"{h:.3f}/{n:.3f}" for h, n in cells))


def _dense(item: Item) -> Floats:
    return item.legs[0]


def _lexical(item: Item) -> Floats:
    return item.legs[1]


def _rrf(item: Item) -> Floats:
    ranks = np.argsort(np.argsort(-item.legs, axis=1, kind="stable"), axis=1)
    return (1 / (60 + ranks)).sum(axis=0)


def _convex(item: Item) -> Floats:
    sentence = item.values[:, PASSAGE_FEATURES.index("sentence")]
    return 0.25 * _scaled(item.legs[0]) + 0.25 * _scaled(sentence) + 0.5 * _scaled(item.legs[1])


def _scaled(values: Floats) -> Floats:
    return (values - values.min()) / max(values.max() - values.min(), 1e-9)


def cross_validated(
    items: Sequence[Item], fit: Callable[[Sequence[Item]], LinearModel], columns: Sequence[str]
) -> dict[int, Floats]:
    """Return each item's scores by a model its article's fold had no part in, by `id(item)`."""
    found: dict[int, Floats] = {}
    for fold in range(FOLDS):
        model = fit([item for item in items if fold_of(item.article) != fold])
        for item in items:
            if fold_of(item.article) == fold:
                found[id(item)] = scores(item, model, columns)
    return found


def report_evidence(items: Sequence[Item], within: float) -> None:
    """Print how often the marked sentence, alone or joined, holds an answer."""
    found = cross_validated(items, fit_sentences, SENTENCE_FEATURES)
    print("\nevidence in the gold passage: n, best cosine, best coverage, ours, joined (share)")
    for name in SETS:
        own = [item for item in items if item.of == name]
        if not own:
            continue
        by = [
            np.mean([i.right[np.argmax(i.values[:, SENTENCE_FEATURES.index(f)])] for i in own])
            for f in ("cosine", "coverage")
        ]
        alone, joined, hits = [], [], []
        for item in own:
            margins = found[id(item)]
            first, last = marked_sentences(margins, within)
            alone.append(item.right[int(np.argmax(margins))])
            joined.append(last - first > 1)
            hits.append(item.right[first:last].any())
        print(f"{name:14} {len(own):5} {by[0]:.3f} {by[1]:.3f} {np.mean(alone):.3f} "
              f"{np.mean(hits):.3f} ({np.mean(joined):.3f})")  # fmt: skip


def fit_sentences(items: Sequence[Item]) -> LinearModel:
    """Fit the evidence model."""
    return fit_lists(items, SENTENCE_FEATURES, SENTENCE_FEATURES, (), SENTENCE_PENALTY)


def shown_from(
    items: Sequence[Item],
    model: LinearModel,
    columns: Sequence[str],
    of_list: Sequence[str] = LIST_FEATURES,
) -> float:
    """Return the intercept with which the median top margin of a right passage shows as .9."""
    tops = [
        scores(i, model, columns, of_list)[int(np.argmax(i.right))] for i in items if i.right.any()
    ]
    return float(np.log(9) - np.median(tops))


def main() -> int:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "releaseqa-fit")
    parser.add_argument("--dry-run", action="store_true", help="report, write nothing")
    parser.add_argument("--leave-out", action="store_true", help="also leave out each family")
    options = parser.parse_args()
    if not (options.data / "eval").is_dir():
        print(f"no judged sets in {options.data / 'eval'}: nothing to fit on; name the folder "
              "with --data", file=sys.stderr)  # fmt: skip
        return 1
    items: list[Item] = []
    wordy: list[Item] = []
    sentences: list[Item] = []
    sets = load_sets(options.data, options.cache)
    for name in RANKED:
        limit = SETS[name][1]
        for item, of_gold in read_set(sets[name], limit):
            items.append(item)
            if of_gold is not None:
                sentences.append(of_gold)
        wordy += [item for item, _ in read_set(sets[name], limit // 3 + 1, vectors=False)]
        print(f"{name}: {sets[name].passages} passages", file=sys.stderr, flush=True)

    folded = [
        fit_ranker(
            [i for i in items if fold_of(i.article) != fold],
            [i for i in wordy if fold_of(i.article) != fold],
        )
        for fold in range(FOLDS)
    ]
    kept = options.cache / FIRST_ORDERS
    kept.write_bytes(pickle.dumps(folded))  # fit_reading.py goes on from them
    report("five folds over articles", items,
           lambda i: scores(i, folded[fold_of(i.article)].with_vectors))  # fmt: skip
    report("words alone, five folds", wordy,
           lambda i: scores(i, folded[fold_of(i.article)].words_only))  # fmt: skip
    if options.leave_out:
        for family in dict.fromkeys(SETS[name][0] for name in RANKED):
            model = fit_ranker([i for i in items if SETS[i.of][0] != family], wordy).with_vectors
            own = [i for i in items if SETS[i.of][0] == family]
            report(f"without {family}", own, lambda i: scores(i, model))  # noqa: B023
    report_evidence(sentences, JOIN_WITHIN)

    told, told_wordy = [], []
    for name, (_, _, limit, _) in SETS.items():
        if limit:
            told += verdicts(sets[name], limit, folded)
            told_wordy += verdicts(sets[name], limit // 3 + 1, folded, vectors=False)
    table = thresholds(told, report_confidence(told))
    report_confidence(told_wordy)
    if options.dry_run:
        return 0

    ranker = fit_ranker(items, wordy)
    counted = {name: sum(i.of == name for i in items) for name in RANKED}
    target = ROOT / "qa" / "data"
    write_json(target / "ranker.json", {
        "provenance": {"script": "benchmarks/fit_ranking.py", "seed": SEED, "questions": counted},
        "with_vectors": written(
            ranker.with_vectors, shown_from(items, ranker.with_vectors, PASSAGE_FEATURES)
        ),
        "words_only": written(
            ranker.words_only, shown_from(wordy, ranker.words_only, PASSAGE_FEATURES)
        ),
        "sentences": written(fit_sentences(sentences))
        | {"least_cosine": 0.15, "least_coverage": 0.0, "join_within": JOIN_WITHIN},
    })  # fmt: skip
    write_json(target / "confidence.json", {
        "provenance": {"script": "benchmarks/fit_ranking.py", "seed": SEED, "verdicts": len(told)},
        "with_vectors": written(fit_confidence(told, CONFIDENCE_PENALTY)),
        "words_only": written(fit_confidence(told_wordy, CONFIDENCE_PENALTY)),
        "thresholds": table,
    })  # fmt: skip
    return 0


def write_json(path: Path, data: object) -> None:
    """Write a coefficients file, a number a line, so that a change can be reviewed."""
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
