"""Fit the confidence that the first passage answers, and measure it out of fold.

The training data are verdicts on questions asked of collections of every kind and size
(`verdicts`). Used by fit_ranking.py and fit_reading.py.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from calibration import calibration_error, calibration_floor
from evaluation_sets import Floats, Rows
from folds import FOLDS, SETS, fold_of
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score
from verdicts import Verdict

from qa.linear_model import LinearModel

CONFIDENCE_PENALTY = 1e-3
NEVER = 0.995
"""Threshold of a risk that no confidence keeps to."""
RISKS = (0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4)

KINDS = {
    # kind of collection: weight in fitting confidence
    "all": 0.5,
    "article absent": 0.15,
    "paragraph absent": 0.1,
    "small 0": 0.1,
    "small 1": 0.05,
    "small 2": 0.1,
    "few 0": 0.05,
    "few 1": 0.05,
    "not said": 0.1,
}
"""The assumed mix: three of five questions have their answer in the collection.

A probability of an answer depends on how often there is one; this is the assumption.
"""


def fit_confidence(
    data: Sequence[Verdict],
    penalty: float = CONFIDENCE_PENALTY,
    kinds: Mapping[str, float] = KINDS,
) -> LinearModel:
    """Fit a logistic regression; each set counts by its weight."""
    names = tuple(data[0].values)
    values = np.array([[v.values[name] for name in names] for v in data])
    right = np.array([v.right for v in data], dtype=float)
    weights = _counted(data, kinds)
    mean, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    values = (values - mean) / scale

    def loss(beta: Floats) -> tuple[float, Floats]:
        margin = values @ beta[1:] + beta[0]
        miss = weights * (1 / (1 + np.exp(-np.clip(margin, -60, 60))) - right)
        gradient = np.r_[miss.sum(), values.T @ miss + penalty * beta[1:]]
        value = (weights * (np.logaddexp(0, margin) - right * margin)).sum()
        return float(value + penalty * (beta[1:] @ beta[1:]) / 2), gradient

    beta = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B").x
    slopes = beta[1:] / scale
    return LinearModel(names, tuple(slopes.tolist()), (), (), float(beta[0] - slopes @ mean))


def recalibrated(
    model: LinearModel, data: Sequence[Verdict], kinds: Mapping[str, float]
) -> LinearModel:
    """Return the same model with probabilities that hold if `kinds` are as frequent as given.

    Fits two numbers by maximum likelihood (Platt, "Probabilistic outputs for support vector
    machines", 1999).
    """
    p = probabilities(data, model)
    margins = np.log(np.clip(p, 1e-9, 1) / np.clip(1 - p, 1e-9, 1))
    right = np.array([v.right for v in data], dtype=float)
    weights = _counted(data, kinds)

    def loss(beta: Floats) -> float:
        margin = beta[0] * margins + beta[1]
        return float((weights * (np.logaddexp(0, margin) - right * margin)).sum())

    slope, shift = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return replace(
        model,
        weights=tuple(slope * w for w in model.weights),
        intercept=float(slope * model.intercept + shift),
    )


def _counted(data: Sequence[Verdict], kinds: Mapping[str, float]) -> Floats:
    """Return the weight of each verdict, by its set and its kind of collection; sums to 1."""
    totals = Counter(v.of for v in data)
    weights = np.array([SETS[v.of][3] / totals[v.of] * kinds[v.kind] for v in data])
    return weights / weights.sum()


def probabilities(data: Sequence[Verdict], model: LinearModel) -> Floats:
    """Return the model's confidence in each verdict."""
    names = model.features
    values = np.array([[v.values[name] for name in names] for v in data])
    return 1 / (1 + np.exp(-np.clip(values @ np.array(model.weights) + model.intercept, -60, 60)))


def thresholds(
    data: Sequence[Verdict], p: Floats, kinds: Mapping[str, float] = KINDS
) -> list[list[float]]:
    """Return for each risk the lowest threshold that keeps to it, over all sets together.

    A share of wrong answers can only be promised under an assumption on how often there is an
    answer: `kinds` is this assumption. A passage whose words match a known answer does not count as
    wrong.
    """
    right = np.array([v.right or v.told for v in data])
    weights = _counted(data, kinds)
    order = np.argsort(-p)
    share = np.cumsum(weights[order] * ~right[order]) / np.cumsum(weights[order])
    table = []
    for risk in RISKS:
        within = np.flatnonzero(share <= risk)
        least = float(p[order[within[-1]]]) if len(within) else NEVER
        table.append([risk, round(least, 4)])
    return table


def strictest(
    data: Sequence[Verdict], p: Floats, kinds: Mapping[str, float] = KINDS
) -> list[list[float]]:
    """Return for each risk the threshold at which every single set keeps to it."""
    names = np.array([v.of for v in data])
    each = [
        thresholds([v for v in data if v.of == name], p[names == name], kinds)
        for name in dict.fromkeys(names)
    ]
    return [[risk, max(table[at][1] for table in each)] for at, risk in enumerate(RISKS)]


def is_foreign_first(data: Sequence[Verdict]) -> npt.NDArray[np.bool_]:
    """Return which first passages the reader read in a language other than English."""
    return np.array([v.values.get("read foreign", 0.0) > 0 for v in data])


def tables(
    data: Sequence[Verdict], p: Floats, kinds: Mapping[str, float] = KINDS
) -> tuple[list[list[float]], list[list[float]]]:
    """Return the thresholds of each risk for English and for other languages.

    In other languages every set has to keep to the risk by itself: translated questions, worded
    like their passage, say little about questions that people ask in that language. None of these
    thresholds is below the English one, whatever a few verdicts say about a small risk.
    """
    foreign = is_foreign_first(data)
    parts = [
        ([v for v, chosen in zip(data, rows, strict=True) if chosen], p[rows])
        for rows in (~foreign, foreign)
    ]
    english = thresholds(*parts[0], kinds)
    others = strictest(*parts[1], kinds) if foreign.any() else english
    return english, [
        [risk, max(own, other)] for (risk, own), (_, other) in zip(english, others, strict=True)
    ]


def _area(right: Rows, p: Floats, rows: Rows) -> str:
    """Return the area under the ROC curve of some verdicts; a dash if all are alike."""
    mixed = 0 < right[rows].sum() < rows.sum()
    return f"{roc_auc_score(right[rows], p[rows]):.3f}" if mixed else "-"


def report_confidence(
    data: Sequence[Verdict],
    fit: Callable[[Sequence[Verdict]], LinearModel] = fit_confidence,
    kinds: Mapping[str, float] = KINDS,
) -> Floats:
    """Print discrimination, calibration and selective risk out of fold; return confidences."""
    p = np.zeros(len(data))
    folds = np.array([fold_of(v.article) for v in data])
    for fold in range(FOLDS):
        model = fit([v for v in data if fold_of(v.article) != fold])
        p[folds == fold] = probabilities(data, model)[folds == fold]
    right = np.array([v.right for v in data])
    told = np.array([v.told for v in data])
    print(
        "\nconfidence, out of fold: set, n, AUROC of a right first passage, article absent, "
        "paragraph absent, all (each also without wrong ones where the right was there); ECE as "
        "supposed, with everything there, each beside what chance alone would show; wrong at "
        "threshold of risk .05 as supposed (of these, where the reader's words are no answer's), "
        "with everything there (coverage of what is right and there)"
    )
    limit, is_foreign = np.zeros(len(data)), is_foreign_first(data)
    for fold in range(FOLDS):  # a threshold, too, is chosen on other articles
        others = [v for v, of in zip(data, folds, strict=True) if of != fold]
        english, foreign = (
            dict(map(tuple, table))[0.05] for table in tables(others, p[folds != fold], kinds)
        )
        limit[folds == fold] = np.where(is_foreign[folds == fold], foreign, english)
    weights = _counted(data, kinds)
    of_kind = np.array([v.kind for v in data])
    for name in SETS:
        own = np.array([v.of == name for v in data])
        if not own.any():
            continue
        cells = []
        for absent in ("article absent", "paragraph absent", None):
            part = own & (np.isin(of_kind, ["all", absent]) if absent else own)
            apart = part & (right | (of_kind != "all"))
            asked = absent is None or absent in of_kind[part]
            cells.append(
                "/".join(_area(right, p, rows) if asked else "-" for rows in (part, apart))
            )
        full = own & (of_kind == "all")
        given = own & (p >= limit)
        wrong = [
            float(np.average(miss[part], weights=weights[part])) if part.any() else 0.0
            for miss, part in ((~right, given), (~right & ~told, given), (~right, given & full))
        ]
        errors = [
            f"{calibration_error(p[part], right[part], weights[part]):.3f}"
            f"/{calibration_floor(p[part], weights[part]):.3f}"
            for part in (own, full)
        ]
        kept = (given & full & right).sum() / max((full & right).sum(), 1)
        print(f"{name:14} {own.sum():5} {' '.join(cells)}  {errors[0]} {errors[1]}"
              f"  {wrong[0]:.3f} ({wrong[1]:.3f}) {wrong[2]:.3f} ({kept:.3f})")  # fmt: skip
    return p
