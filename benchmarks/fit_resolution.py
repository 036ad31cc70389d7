"""Fit the models that decide whether a follow-up is self-contained and which terms it needs.

    python benchmarks/fit_resolution.py --data ../shared/data

Two logistic regressions over canard-dev, whose follow-ups a person has rewritten. One is over
questions: is the rewrite the question itself? The other is over the terms said before: is the term
among the words the rewrite adds? The second has an L1 penalty, so few of the products remain.
Thresholds are set on held-out conversations. Writes the keys `alone` and `term` of
qa/data/followups.json.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.conversations import FOLDS, AskedTurn, read_turns  # noqa: E402
from index.text.analyzer import extract_terms, fold  # noqa: E402
from index.text.stopwords import function_words  # noqa: E402
from qa.conversation.mentions import conversation_terms  # noqa: E402
from qa.conversation.references import find_references  # noqa: E402
from qa.conversation.resolution import (  # noqa: E402
    QUESTION_FEATURES,
    TERM_FEATURES,
    ResolutionModels,
    question_features,
    term_features,
)
from qa.linear_model import LinearModel  # noqa: E402

Floats = npt.NDArray[np.float64]
FILE = ROOT / "qa" / "data" / "followups.json"
CONTEXT = (
    "person", "several", "thing", "this", "noun", "possessive", "opening", "more", "any name",
    "pointless", "short", "bare", "first", "few", "new", "depth",
)  # fmt: skip
KEPT = 0.955
"""Share of the questions whose rewrite is the question itself that should be left unchanged."""
RECOVERED = 0.74
"""Share of the content words that rewrites add that should be added."""
PENALTY = 0.02
LEAST = 1e-4


def content_words(text: str) -> frozenset[str]:
    """Return the content words of an English text in the form in which they are compared."""
    return frozenset(extract_terms(text, "en")) - function_words("en")


def is_unchanged(turn: AskedTurn) -> bool:
    """Whether the rewrite is the question itself, ignoring punctuation and case."""
    return fold(turn.question).strip(" ?.") == fold(turn.rewrite).strip(" ?.")


@dataclass(slots=True)
class Seen:
    """The features of a set: every turn with its heading, then later turns without it.

    A conversation over releases has no heading, so the models must work without one; the thresholds
    are set where there is one.

    Attributes:
        questions: Shape (turns, QUESTION_FEATURES).
        unchanged: Shape (turns,).
        terms: Shape (terms of all turns, TERM_FEATURES + products).
        added: Whether the rewrite adds the term, shape (terms of all turns,).
        row: The turn of each term.
        words: How many words each rewrite adds, shape (turns,).
        folds: Shape (turns,).
        headed: Whether the turn has its heading, shape (turns,).
    """

    questions: Floats
    unchanged: npt.NDArray[np.bool_]
    terms: Floats
    added: npt.NDArray[np.bool_]
    row: npt.NDArray[np.intp]
    words: npt.NDArray[np.intp]
    folds: npt.NDArray[np.intp]
    headed: npt.NDArray[np.bool_]


def see(turns: Sequence[AskedTurn]) -> Seen:
    """Compute the features of every turn."""
    questions, unchanged, rows, added, row, words = [], [], [], [], [], []
    headless = [replace(turn, heading=None) for turn in turns if turn.history and turn.heading]
    every = [*turns, *headless]
    for place, turn in enumerate(every):
        before = turn.before()
        found = find_references(turn.question, "en")
        known = conversation_terms(before, "en")
        of_question = question_features(found, known, before.spoken)
        questions.append([of_question[name] for name in QUESTION_FEATURES])
        unchanged.append(is_unchanged(turn))
        own = {word.term for word in found.content}
        new = content_words(turn.rewrite) - content_words(turn.question)
        words.append(len(new))
        context = np.array([of_question[name] for name in CONTEXT])
        for term in known.values():
            if term.term not in own:
                values = np.array(term_features(found, term))
                rows.append(np.concatenate([values, np.outer(values, context).ravel()]))
                added.append(term.term in new)
                row.append(place)
    return Seen(
        np.array(questions), np.array(unchanged), np.array(rows), np.array(added),
        np.array(row), np.array(words), np.array([turn.fold for turn in every]),
        np.arange(len(every)) < len(turns),
    )  # fmt: skip


def _logistic(values: Floats, wanted: npt.NDArray[np.bool_], c: float, *, sparse: bool) -> Any:  # noqa: ANN401
    """Fit on columns of one scale; return weights and intercept for the original columns."""
    deviation = values.std(axis=0)
    scale = np.where(deviation > 0, deviation, 1.0)
    model = LogisticRegression(
        C=c, solver="liblinear", l1_ratio=1.0 if sparse else 0.0, max_iter=200, random_state=0
    )
    model.fit(values / scale, wanted)
    return model.coef_[0] / scale, float(model.intercept_[0])


def fit(seen: Seen, rows: npt.NDArray[np.bool_]) -> ResolutionModels:
    """Fit both models on some turns; thresholds stay 0.

    Args:
        seen: All features.
        rows: Which turns, shape (turns,).
    """
    weights, intercept = _logistic(seen.questions[rows], seen.unchanged[rows], 1.0, sparse=False)
    alone = LinearModel(QUESTION_FEATURES, tuple(weights.tolist()), (), (), intercept)
    inside = rows[seen.row]
    weights, intercept = _logistic(seen.terms[inside], seen.added[inside], PENALTY, sparse=True)
    products = [(left, right) for left in TERM_FEATURES for right in CONTEXT]
    size = len(TERM_FEATURES)
    kept = [i for i, w in enumerate(weights[size:]) if abs(w) > LEAST]
    term = LinearModel(
        TERM_FEATURES,
        tuple(weights[:size].tolist()),
        tuple(products[i] for i in kept),
        tuple(weights[size:][kept].tolist()),
        intercept,
    )
    return ResolutionModels(alone, 0.0, term, 0.0)


def _scores(seen: Seen, models: ResolutionModels) -> tuple[Floats, Floats]:
    alone = seen.questions @ np.array(models.alone.weights) + models.alone.intercept
    columns = {(a, b): i for i, (a, b) in enumerate((a, b) for a in TERM_FEATURES for b in CONTEXT)}
    weights = np.zeros(seen.terms.shape[1])
    weights[: len(TERM_FEATURES)] = models.term.weights
    for pair, weight in zip(models.term.products, models.term.product_weights, strict=True):
        weights[len(TERM_FEATURES) + columns[pair]] = weight
    term = seen.terms @ weights + models.term.intercept
    return 1 / (1 + np.exp(-alone)), 1 / (1 + np.exp(-term))


def cross_validated(seen: Seen) -> tuple[list[ResolutionModels], Floats, Floats]:
    """Return the models fitted without each fold, and their predictions for it."""
    models = [fit(seen, seen.folds != k) for k in range(FOLDS)]
    alone, term = np.zeros(len(seen.folds)), np.zeros(len(seen.row))
    for k, model in enumerate(models):
        of_questions, of_terms = _scores(seen, model)
        alone[seen.folds == k] = of_questions[seen.folds == k]
        inside = seen.folds[seen.row] == k
        term[inside] = of_terms[inside]
    return models, alone, term


def thresholds(seen: Seen, alone: Floats, term: Floats) -> tuple[float, float]:
    """Return the thresholds that reach the wanted shares on held-out conversations."""
    alone_from = float(np.quantile(alone[seen.unchanged & seen.headed], 1 - KEPT))
    open_ = (seen.headed & (alone < alone_from))[seen.row]
    order = np.argsort(-np.where(open_, term, -1))
    recovered = np.cumsum(seen.added[order]) / seen.words[seen.headed].sum()
    place = min(int(np.searchsorted(recovered, RECOVERED)), int(open_.sum()) - 1)
    return round(alone_from, 4), round(float(term[order[place]]), 4)


def as_json(model: LinearModel) -> dict[str, Any]:
    """Return a model in the form that `LinearModel.from_json` reads."""
    products = {
        f"{a} * {b}": round(w, 4)
        for (a, b), w in zip(model.products, model.product_weights, strict=True)
    }
    weights = {n: round(w, 4) for n, w in zip(model.features, model.weights, strict=True)}
    return {"intercept": round(model.intercept, 4), "weights": weights, "products": products}


def main() -> None:
    """Fit, print the results on held-out conversations, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options = parser.parse_args()
    seen = see(read_turns(options.data / "eval" / "canard-dev"))
    _, alone, term = cross_validated(seen)
    alone_from, term_from = thresholds(seen, alone, term)
    left, inside = alone >= alone_from, seen.headed[seen.row]
    chosen = (term >= term_from) & ~left[seen.row] & inside
    print(
        f"held out: {left[seen.headed & seen.unchanged].mean():.3f} of the unchanged left as they "
        f"are, {left[seen.headed & ~seen.unchanged].mean():.3f} of the others; "
        f"{(chosen & seen.added).sum() / seen.words[seen.headed].sum():.3f} of the added words "
        f"recovered, {seen.added[chosen].mean():.3f} of what is added is theirs"
    )
    whole = fit(seen, np.ones(len(seen.folds), dtype=bool))
    data = json.loads(FILE.read_text("utf-8")) if FILE.is_file() else {}
    data |= {
        "alone": as_json(whole.alone), "alone_from": alone_from,
        "term": as_json(whole.term), "term_from": term_from,
    }  # fmt: skip
    FILE.write_text(json.dumps(data, indent=1) + "\n", "utf-8")
    print(f"{len(whole.term.products)} products kept")


if __name__ == "__main__":
    main()
