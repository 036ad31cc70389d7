"""Questions asked of collections of every kind and size, and whether the first passage was right.

These are the training data of the confidence (fit_confidence.py): often the answer is missing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from evaluation_sets import EvaluationSet, SetQuestion, SubCollection
from folds import SEED, fold_of

from qa.answering.confidence import confidence_features
from qa.answering.rerank import predicted_words
from qa.evaluation.squad import exact_match
from qa.query.question import ParsedQuestion, parse_question
from qa.ranking.ranker import RankedCandidate

FEW = 4
"""A small collection has fewer other passages than this."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the confidence model sees of a question and a collection, and whether it was right.

    Attributes:
        right: Whether the first passage was judged to answer.
        told: Whether the reader's words in it match a known answer, judged or not: of several
            passages that answer, the sets have mostly one judged.
    """

    of: str
    article: str
    kind: str
    values: dict[str, float]
    right: bool
    told: bool


def collections(
    of: EvaluationSet, row: int, random: np.random.Generator
) -> Iterator[tuple[str, SubCollection]]:
    """Yield collections for a question.

    The whole set; the set without what answers; without its article; a collection of random size,
    of whole articles or of single records, with what answers, with only the rest of its article, or
    with neither; and a few passages, as of a single release, with and without one that answers.
    What answers is the relevant record, and its article those it is drawn from; if passages are
    judged, it is the passages that hold an answer, and the article is their release. For a question
    that was written to have no answer: the whole set, as "not said".
    """
    rows = np.arange(of.passages)
    asked = of.questions[row]
    if not asked.relevant:
        yield "not said", SubCollection(of, rows)
        return
    record = np.isin(of.record_of, list(asked.relevant))
    answers = np.array([of.is_right(asked, place) for place in rows])
    mine, articles = record, of.record_of
    if not of.by_passage:
        articles = np.array(of.articles)[of.record_of]
        mine = np.isin(articles, np.unique(articles[record]))
    yield "all", SubCollection(of, rows)
    yield "paragraph absent", SubCollection(of, rows[~answers])
    grouped = of.by_passage or len(set(of.articles)) < 0.7 * len(of.records)
    if grouped:
        yield "article absent", SubCollection(of, rows[~mine])
    size = int(np.exp(random.uniform(0, np.log(0.6 * of.passages))))
    if random.random() < 0.5 and grouped:
        order = random.permutation(np.unique(articles))
        ends = np.cumsum([(articles == name).sum() for name in order])
        drawn = rows[np.isin(articles, order[: int(np.searchsorted(ends, size)) + 1])]
    else:
        drawn = random.choice(of.passages, size, replace=False)
    case = int(random.integers(3))
    if case == 0:
        some = np.union1d(drawn, rows[record])
    elif case == 1 and grouped:
        some = np.union1d(drawn, rows[mine])
        some = some[~answers[some]]
    else:
        some = np.sort(drawn[~(mine if grouped else record)[drawn]])
    if len(some):
        yield f"small {case}", SubCollection(of, some)
    near = rows[mine & ~answers] if grouped else drawn[~record[drawn]]
    near = random.choice(near, min(len(near), int(random.integers(FEW))), replace=False)
    if answers.any():  # else the program parts the release in the middle of the answer
        yield "few 0", SubCollection(of, np.union1d(near, rows[answers][:1]))
    if len(near):
        yield "few 1", SubCollection(of, np.sort(near))


Order = Callable[[ParsedQuestion, int, SubCollection, int], Sequence[RankedCandidate]]
"""Searches a part of a set: the question, its row, the part, the fold of its article."""


def verdicts(of: EvaluationSet, rows: Sequence[int], order: Order) -> list[Verdict]:
    """Ask questions of a set on collections of every kind and size.

    Args:
        of: The set.
        rows: Rows of the questions.
        order: Ranks with weights fitted without the given fold.
    """
    random = np.random.default_rng(SEED)
    found = []
    for row in rows:
        asked = of.questions[row]
        article = of.article(asked)
        for kind, part in collections(of, row, random):
            ranked = order(parse_question(asked.text), row, part, fold_of(article))
            if ranked:
                found.append(verdict(of, asked, article, kind, ranked))
    return found


def verdict(
    of: EvaluationSet,
    asked: SetQuestion,
    article: str,
    kind: str,
    ranked: Sequence[RankedCandidate],
) -> Verdict:
    """Return the features of a list of at least one passage, and whether its first is right."""
    first = ranked[0]
    words = predicted_words(first)
    told = words is not None and bool(exact_match(words, asked.answers))
    right = of.is_right(asked, first.candidate.key)
    return Verdict(of.name, article, kind, confidence_features(ranked), right, told)
