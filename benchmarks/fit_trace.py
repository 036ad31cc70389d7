"""Fit how surely a sentence of an article rephrases one of a release.

    python benchmarks/fit_trace.py --cache DIR [--write]

The labelled articles of benchmarks/trace_articles.py of use `fit` are traced in the collection of
that script. Each sentence that no release repeats by its words is compared with the nearest ones of
the releases from which most of its article comes; a logistic regression learns which of them it
rephrases. Prints precision and recall of all traced sentences at several probabilities, by
cross-validation: each article is judged by a model that was fitted on the others. --write writes
qa/data/trace.json.
"""

import argparse
import json
import sys
from collections.abc import Collection as Several
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import trace_articles
from sklearn.linear_model import LogisticRegression

from index.types import Span
from qa import open_collection
from qa.collection import Collection
from qa.tracing.facts import ReleaseFacts
from qa.tracing.match import ArticleSentence
from qa.tracing.releases import ReleaseSentence
from qa.tracing.rephrased import FEATURES, MODEL, Candidate, candidates
from samples import ROOT

WEIGHTS = ROOT / "qa" / "data" / MODEL
PROBABILITIES = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75)
_DIGITS = 3


class Example(NamedTuple):
    """A sentence of a labelled article and one of a release that it may rephrase.

    Attributes:
        article: The number of the article.
        sentence: The article's sentence.
        features: In the order of `FEATURES`.
        right: Whether it rephrases that sentence.
    """

    article: int
    sentence: str
    features: tuple[float, ...]
    right: bool


class Counts(NamedTuple):
    """Sentences that are traced by their words: rightly, wrongly; and all that have a source."""

    right: int
    wrong: int
    labelled: int


def main() -> None:
    """Gather examples, cross-validate, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, required=True, help="folder of the collection")
    parser.add_argument("--write", action="store_true", help="write the weights")
    given = parser.parse_args()
    if not (given.data / "press").is_dir():
        sys.exit(f"no press releases in {given.data}; name the folder with --data")
    articles = [article for article in trace_articles.load() if article["use"] == "fit"]
    texts = trace_articles.release_texts(given.data, articles)
    with open_collection(given.cache) as collection:
        examples, by_words = _gather(collection, articles, texts)
    print(f"{len(articles)} articles, {len(examples)} pairs of sentences, by words: {by_words}")
    _cross_validate(examples, by_words)
    model = _fitted(examples)
    found = {
        "intercept": round(float(model.intercept_[0]), _DIGITS),
        "weights": {
            name: round(float(weight), _DIGITS)
            for name, weight in zip(FEATURES, model.coef_[0], strict=True)
        },
    }
    print(json.dumps(found, indent=1))
    if given.write:
        WEIGHTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _gather(
    collection: Collection, articles: Sequence[dict[str, Any]], texts: dict[str, str]
) -> tuple[list[Example], Counts]:
    """Return what the program compares by meaning, and what it traces by words."""
    examples: list[Example] = []
    right = wrong = labelled = 0
    for number, article in enumerate(articles):
        labels = {trace_articles.written(s, texts): s for s in article["sentences"]}
        recorder = _Recorder(number, labels, texts)
        with patch("qa.tracing.search.near_sentences", recorder):
            ((_, trace, _),) = trace_articles.traces(collection, [article], texts)
        examples += recorder.examples
        for label, sentence in zip(article["sentences"], trace.sentences, strict=True):
            labelled += label["label"] != "own"
            if sentence.form in {"verbatim", "close"}:
                good = trace_articles.is_right(label, sentence, trace, texts)
                right, wrong = right + good, wrong + (not good)
    return examples, Counts(right, wrong, labelled)


class _Recorder:
    """Stands for `candidates` and keeps what it yields."""

    def __init__(
        self,
        number: int,
        labels: dict[str, dict[str, Any]],
        texts: dict[str, str],
    ) -> None:
        self._number = number
        self._labels = labels
        self._texts = texts
        self.examples: list[Example] = []

    def __call__(
        self,
        article: Sequence[ArticleSentence],
        release: Sequence[ReleaseSentence],
        cosines: npt.NDArray[np.float32],
        whole: ReleaseFacts,
        repeated: Several[Span],
        lang: str | None,
    ) -> Iterator[Candidate]:
        """Yield the candidates, as the program does."""
        for found in candidates(article, release, cosines, whole, repeated, lang):
            text = article[found.row].text
            label = self._labels[text]
            right = trace_articles.has_label(label, release[found.column].text, self._texts)
            self.examples.append(Example(self._number, text, found.features, right))
            yield found


def _fitted(examples: Sequence[Example]) -> LogisticRegression:
    model = LogisticRegression(max_iter=5_000)
    return model.fit([e.features for e in examples], [e.right for e in examples])


def _cross_validate(examples: Sequence[Example], by_words: Counts) -> None:
    """Print precision and recall over all sentences at several probabilities."""
    best: dict[tuple[int, str], tuple[float, bool]] = {}
    for article in sorted({example.article for example in examples}):
        model = _fitted([example for example in examples if example.article != article])
        own = [example for example in examples if example.article == article]
        sure = model.predict_proba([example.features for example in own])[:, 1]
        for example, probability in zip(own, sure.tolist(), strict=True):
            key = (article, example.sentence)
            best[key] = max(best.get(key, (0.0, False)), (probability, example.right))
    for least in PROBABILITIES:
        told = [right for probability, right in best.values() if probability >= least]
        right = by_words.right + sum(told)
        traced = by_words.right + by_words.wrong + len(told)
        print(
            f"{least:.2f}: precision {right / traced:.3f}, recall {right / by_words.labelled:.3f}"
        )


if __name__ == "__main__":
    main()
