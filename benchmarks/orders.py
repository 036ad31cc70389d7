"""Linear rankings of competing rows: fitting, scoring out of fold, writing.

Used by fit_ranking.py, fit_reading.py and ablation.py.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from evaluation_sets import EvaluationSet, Floats, Rows, SetQuestion
from folds import FOLDS, SETS, fold_of
from scipy.optimize import minimize

from qa.linear_model import LinearModel
from qa.ranking.features import PASSAGE_FEATURES
from qa.ranking.query_features import QUERY_FEATURES

LIST_DEPTH = 30


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


def has_vectors(item: Item) -> bool:
    """Whether a question's list was searched by vector."""
    return bool(item.whole[QUERY_FEATURES.index("has_vectors")])


def judged(
    of: EvaluationSet, asked: SetQuestion, keys: Sequence[int]
) -> tuple[Rows, Rows, frozenset[int]]:
    """Return which passages are right, what is ranked as one, and which of that is relevant.

    Records are ranked by their best passage, or passages by themselves, depending on the set.
    """
    right = np.array([of.is_right(asked, key) for key in keys], dtype=bool)
    if not of.by_passage:
        return right, of.record_of[keys], asked.relevant
    rows = np.flatnonzero(np.isin(of.record_of, list(asked.relevant)))
    return right, np.array(keys), frozenset(int(r) for r in rows if of.is_right(asked, r))


def design(
    item: Item,
    names: Sequence[str],
    columns: Sequence[str],
    products: Sequence[tuple[str, str]],
    of_list: Sequence[str] = QUERY_FEATURES,
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
    of_list: Sequence[str] = QUERY_FEATURES,
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
    """Return the rows to fit on: the best by a plain fusion, and at least one right row."""
    if len(item.values) <= LIST_DEPTH or "lexical" not in columns:
        return np.arange(len(item.values))
    plain = item.values @ [(name == "combined") + 0.3 * (name == "lexical") for name in columns]
    best = np.argsort(-plain, kind="stable")[:LIST_DEPTH]
    return best if item.right[best].any() else np.r_[best, np.flatnonzero(item.right)[:1]]


def scores(
    item: Item,
    model: LinearModel,
    columns: Sequence[str] = PASSAGE_FEATURES,
    of_list: Sequence[str] = QUERY_FEATURES,
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


def cross_validated(
    items: Sequence[Item], fit: Callable[[Sequence[Item]], LinearModel], columns: Sequence[str]
) -> dict[int, Floats]:
    """Return each item's scores by a model fitted without its article's fold, by `id(item)`."""
    found: dict[int, Floats] = {}
    for fold in range(FOLDS):
        model = fit([item for item in items if fold_of(item.article) != fold])
        for item in items:
            if fold_of(item.article) == fold:
                found[id(item)] = scores(item, model, columns)
    return found


def shown_from(
    items: Sequence[Item],
    model: LinearModel,
    columns: Sequence[str],
    of_list: Sequence[str] = QUERY_FEATURES,
) -> float:
    """Return the intercept with which the median score of a right first passage is shown as .9."""
    tops = [
        scores(i, model, columns, of_list)[int(np.argmax(i.right))] for i in items if i.right.any()
    ]
    return float(np.log(9) - np.median(tops))


def written(model: LinearModel, intercept: float | None = None) -> dict[str, object]:
    """Return a model as it is written to the files, with five significant digits."""

    def short(value: float) -> float:
        return float(f"{value:.5g}")

    products = zip(model.products, model.product_weights, strict=True)
    return {
        "intercept": short(model.intercept if intercept is None else intercept),
        "weights": {n: short(w) for n, w in zip(model.features, model.weights, strict=True)},
        "products": {f"{left} * {right}": short(w) for (left, right), w in products},
    }


def write_json(path: Path, data: object) -> None:
    """Write a file of weights, one number a line, so that a change can be reviewed."""
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")
