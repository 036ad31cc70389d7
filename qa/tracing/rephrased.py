"""Judges whether sentences of an article rephrase those of a release, by meaning and facts. Pure.

A logistic model on a few features of two sentences gives a probability. It was fitted by
benchmarks/fit_trace.py, with cross-validation over articles
(docs/decisions/0029-trace-knows-the-release.md).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from index.types import Span
from qa.linear_model import LinearModel, logistic
from qa.packaged_data import packaged
from qa.tracing.facts import FactComparison, ReleaseFacts, compare_facts, sentence_facts
from qa.tracing.match import ArticleSentence
from qa.tracing.words import common_content

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from qa.tracing.releases import ReleaseSentence

    Float32 = npt.NDArray[np.float32]

MODEL = "trace.json"
FEATURES = (
    "cosine",  # of the two sentences
    "content",  # the share of the content words of the article's sentence that both have
    "agreed number",  # whether a number of both agrees
    "strange numbers",  # numbers that differ or that the release does not have, 2 at most
    "strange names",  # names that the release does not have, 3 at most
    "repeated",  # whether another sentence of the article repeats the release's by its words
    "mutual",  # whether each is the nearest to the other
    "margin",  # how much nearer it is than any other sentence of the release
)
_CONTENT = 0.3
"""Weight of common content words against the cosine, where the nearest sentences are looked for."""
_NEAREST = 3
"""Sentences of a release that are judged for a sentence of the article."""
_LEAST_COSINE = 0.3
"""Lower ones are taken for chance. Of 129 sentences labelled as rephrased, six have a lower one."""
_MOST_NUMBERS, _MOST_NAMES = 2, 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of an article and one of a release that it may rephrase.

    Attributes:
        row: The number of the article's sentence among those that were compared.
        column: The number of the release's sentence.
        cosine: Of the two.
        facts: How their facts compare.
        features: In the order of `FEATURES`.
    """

    row: int
    column: int
    cosine: float
    facts: FactComparison
    features: tuple[float, ...]

    @property
    def probability(self) -> float:
        """How probable it is that one rephrases the other, in [0, 1]."""
        model = _model()
        weighed = zip(model.weights, self.features, strict=True)
        return logistic(model.intercept + sum(weight * value for weight, value in weighed))


def candidates(
    article: Sequence[ArticleSentence],
    release: "Sequence[ReleaseSentence]",
    cosines: "Float32",
    whole: ReleaseFacts,
    repeated: Collection[Span],
    lang: str | None,
) -> Iterator[Candidate]:
    """Yield, for each sentence of an article, the nearest ones of one release that are near.

    Args:
        article: The sentences of the article that have no match by words.
        release: The sentences of the release.
        cosines: Of both, shape (article, release).
        whole: The facts of the release.
        repeated: The spans of the sentences of the release that others repeat by their words.
        lang: The language of the article.
    """
    import numpy as np

    if not article or not release:
        return
    content = np.array(
        [[common_content(one.words, two.words) for two in release] for one in article]
    )
    near = cosines + _CONTENT * content
    nearest_article = near.argmax(axis=0)
    facts = [sentence_facts(sentence.text, lang) for sentence in release]
    for row, sentence in enumerate(article):
        order = np.argsort(-near[row], kind="stable")
        for place, column in enumerate(order[:_NEAREST].tolist()):
            rival = order[1 if place == 0 else 0] if len(order) > 1 else None
            cosine = float(cosines[row, column])
            if cosine < _LEAST_COSINE:
                continue
            found = compare_facts(sentence.facts, facts[column], whole, (), lang)
            numbers = sum(difference.kind == "number" for difference in found.differences)
            features = (
                cosine,
                float(content[row, column]),
                float(found.agreed > 0),
                float(min(numbers, _MOST_NUMBERS)),
                float(min(found.strange_names, _MOST_NAMES)),
                float(release[column].span in repeated),
                float(place == 0 and nearest_article[column] == row),
                float(near[row, column] - (0.0 if rival is None else near[row, rival])),
            )
            yield Candidate(row, column, cosine, found, features)


@cache
def _model() -> LinearModel:
    model = LinearModel.from_json(packaged(MODEL))
    if model.features != FEATURES:
        raise ValueError(f"{MODEL} has other features than the program")
    return model
