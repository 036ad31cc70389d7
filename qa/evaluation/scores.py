"""How good the answers to a dataset are: ranking, evidence, abstention.

Rankings are of releases, each by its best passage, and `qa.evaluation.measures` measures them. What
no library measures is here: whether the highlighted sentence contains an answer string, and the
area under the ROC curve of the confidence.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from qa.answer_json import Failure, Outcome
from qa.evaluation.dataset import JudgedQuestion
from qa.evaluation.measures import RunMeasures
from qa.export.trec import ranking
from qa.types import Answer, RankedPassage

EVIDENCE = "evidence at the top"
"""The one score of a question that does not measure its ranking."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share of cases; `value` is None when there are none."""

    hits: int
    cases: int

    @property
    def value(self) -> float | None:
        """The share, in [0, 1]."""
        return self.hits / self.cases if self.cases else None


@dataclass(frozen=True, slots=True)
class MeanScores:
    """The scores of a dataset.

    Attributes:
        questions: Questions asked.
        judged: Questions of which a release was judged.
        measures: Means over the judged questions, by the measure's name.
        evidence_at_top: Questions whose top passage's evidence contains an answer, of those with
            known answers.
        evidence_in_gold: The same for the best passage of a relevant release that contains an
            answer, of the questions for which one was found.
        answered: Share of the answerable questions that were answered.
        declined: Share of the unanswerable questions that were declined.
        right_when_answered: Share of relevant top releases among all answers given.
        auroc_answerable: Of the confidence, answerable against unanswerable questions.
        auroc_right: Of the confidence, right against wrong tops of answerable questions.
    """

    questions: int
    judged: int
    measures: Mapping[str, float]
    evidence_at_top: Proportion
    evidence_in_gold: Proportion
    answered: Proportion
    declined: Proportion
    right_when_answered: Proportion
    auroc_answerable: float | None
    auroc_right: float | None


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What scoring needs of the answer to one question.

    Attributes:
        question: The question.
        ranking: Release ids and scores, best first.
        confidence: The confidence of the answer.
        answered: Whether an answer was given.
        right: Whether the top passage's release is relevant.
        evidence_at_top: Whether the top passage's evidence contains an answer; None if no answer
            string is known.
        evidence_in_gold: The same for the best passage of a relevant release that contains an
            answer; None if there is none.
    """

    question: JudgedQuestion
    ranking: tuple[tuple[str, float], ...]
    confidence: float
    answered: bool
    right: bool
    evidence_at_top: bool | None
    evidence_in_gold: bool | None


def question_result(question: JudgedQuestion, outcome: Outcome) -> QuestionResult:
    """Return the result of a question; one that failed counts as declined."""
    if isinstance(outcome, Failure):
        known = False if question.answerable and question.answers else None
        return QuestionResult(question, (), 0.0, False, False, known, None)  # noqa: FBT003 - by place
    top = outcome.passages[0] if outcome.passages else None
    at_top = None
    if question.answerable and question.answers:
        at_top = top is not None and contains_answer(_evidence(top), question.answers)
    return QuestionResult(
        question=question,
        ranking=tuple(ranking(outcome, "release")),
        confidence=outcome.confidence,
        answered=outcome.answered,
        right=top is not None and top.release.id in question.relevant,
        evidence_at_top=at_top,
        evidence_in_gold=_evidence_in_gold(question, outcome),
    )


def mean_scores(results: Sequence[QuestionResult], measures: RunMeasures) -> MeanScores:
    """Return the scores of the results of all questions and of their measured rankings."""
    relevant = [result for result in results if result.question.relevant]
    return MeanScores(
        questions=len(results),
        judged=len(measures.by_question),
        measures=measures.means,
        evidence_at_top=_proportion(result.evidence_at_top for result in results),
        evidence_in_gold=_proportion(result.evidence_in_gold for result in results),
        answered=_proportion(r.answered for r in results if r.question.answerable),
        declined=_proportion(not r.answered for r in results if not r.question.answerable),
        right_when_answered=_proportion(r.right for r in results if r.answered),
        auroc_answerable=auroc((r.confidence, r.question.answerable) for r in results),
        auroc_right=auroc((r.confidence, r.right) for r in relevant),
    )


def auroc(cases: Iterable[tuple[float, bool]]) -> float | None:
    """Return the chance that a positive case scores above a negative one, ties counting half.

    Args:
        cases: Score and whether the case is positive.

    Returns:
        In [0, 1]; None when there are no positive or no negative cases.
    """
    import numpy as np

    cases = list(cases)
    positive = [score for score, is_positive in cases if is_positive]
    negative = np.sort([score for score, is_positive in cases if not is_positive])
    if not positive or not len(negative):
        return None
    below = np.searchsorted(negative, positive, "left")
    not_above = np.searchsorted(negative, positive, "right")
    return float((below + not_above).mean() / (2 * len(negative)))


def risk_at_coverage(
    cases: Iterable[tuple[float, bool]], steps: int = 10
) -> list[tuple[float, float]]:
    """Return the share of wrong answers among the most confident ones, as more are given.

    El-Yaniv and Wiener, "On the foundations of noise-free selective classification", 2010.

    Args:
        cases: Confidence of each question and whether its first release is right.
        steps: Points, evenly spaced over the share of the questions that are answered.

    Returns:
        Coverage and risk, both in [0, 1], coverage rising; none without cases.
    """
    ordered = sorted(cases, key=lambda case: -case[0])
    if not ordered:
        return []
    wrong = list(accumulate(not right for _, right in ordered))
    counts = [max(1, round(len(ordered) * step / steps)) for step in range(1, steps + 1)]
    return [(step / steps, wrong[count - 1] / count) for step, count in enumerate(counts, start=1)]


def contains_answer(text: str, answers: Iterable[str]) -> bool:
    """Return whether a text contains one of the answers; case and white space do not matter."""
    plain = _plain(text)
    return any(found and found in plain for found in map(_plain, answers))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


def _evidence_in_gold(question: JudgedQuestion, answer: Answer) -> bool | None:
    """Return whether the evidence of the best right passage contains an answer, if there is one."""
    for passage in answer.passages:
        if passage.release.id in question.relevant and contains_answer(
            passage.text, question.answers
        ):
            return contains_answer(_evidence(passage), question.answers)
    return None


def _evidence(passage: RankedPassage) -> str:
    """Return the passage's best evidence, empty when nothing is marked."""
    marks = [mark for mark in passage.highlights if mark.kind == "evidence"]
    if not marks:
        return ""
    best = max(marks, key=lambda mark: mark.score)
    return passage.text[slice(*best.span)]


def _proportion(cases: Iterable[bool | None]) -> Proportion:
    """Count cases, leaving out those that are None."""
    known = [case for case in cases if case is not None]
    return Proportion(sum(known), len(known))
