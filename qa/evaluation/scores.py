"""How good the answers over an evaluation set are: ranking, evidence, abstention.

Rankings are of releases, each by its best passage, and are measured in `qa.evaluation.measures`. Evidence
and abstention have no library of their own: whether the highlighted sentence holds an answer
string, and the area under the ROC curve of the confidence.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from qa.answer_json import Failure, Outcome
from qa.evaluation.dataset import JudgedQuestion
from qa.evaluation.measures import Measured
from qa.export.trec import Qrels, Run, ranking
from qa.types import Answer, RankedPassage

EVIDENCE = "evidence at the top"
"""The score of a question that is no measure of its ranking."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of cases; `value` is None when there are none."""

    hits: int
    cases: int

    @property
    def value(self) -> float | None:
        """The share, in [0, 1]."""
        return self.hits / self.cases if self.cases else None


@dataclass(frozen=True, slots=True)
class MeanScores:
    """What an evaluation found.

    Attributes:
        questions: Questions asked; of `judged` of them a release was judged.
        measures: Means over the judged questions, by the measure's name.
        evidence_at_top: Questions whose top passage's evidence holds an answer, of those with
            known answers.
        evidence_in_gold: The same of the best passage of a relevant release that holds an
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
    evidence_at_top: Share
    evidence_in_gold: Share
    answered: Share
    declined: Share
    right_when_answered: Share
    auroc_answerable: float | None
    auroc_right: float | None


@dataclass(frozen=True, slots=True)
class Observed:
    """What scoring needs of one answer, so that the answer itself need not be kept.

    Attributes:
        ranking: Release ids and scores, best first.
        confidence: Of the answer.
        answered: Whether an answer was given.
        right: Whether the top passage's release is relevant.
        evidence_at_top: Whether the top passage's evidence holds an answer; None when no answer
            string is known.
        evidence_in_gold: The same of the best right passage; None when none was found.
    """

    question: JudgedQuestion
    ranking: tuple[tuple[str, float], ...]
    confidence: float
    answered: bool
    right: bool
    evidence_at_top: bool | None
    evidence_in_gold: bool | None


def observe(question: JudgedQuestion, outcome: Outcome) -> Observed:
    """Reduce an outcome to what scoring needs; a question that failed counts as declined."""
    if isinstance(outcome, Failure):
        known = False if question.answerable and question.answers else None
        return Observed(question, (), 0.0, False, False, known, None)  # noqa: FBT003 - by place
    top = outcome.passages[0] if outcome.passages else None
    at_top = None
    if question.answerable and question.answers:
        at_top = top is not None and holds(_evidence(top), question.answers)
    return Observed(
        question=question,
        ranking=tuple(ranking(outcome, "release")),
        confidence=outcome.confidence,
        answered=outcome.answered,
        right=top is not None and top.release.id in question.relevant,
        evidence_at_top=at_top,
        evidence_in_gold=_evidence_in_gold(question, outcome),
    )


def rankings(observed: Iterable[Observed]) -> Run:
    """Return the rankings of questions as a run."""
    return {seen.question.id: dict(seen.ranking) for seen in observed}


def judgements(questions: Iterable[JudgedQuestion]) -> Qrels:
    """Return the grades of the questions that were judged."""
    return {question.id: question.grades for question in questions if question.grades}


def by_question(observed: Iterable[Observed], measured: Measured) -> dict[str, dict[str, float]]:
    """Return every score that a question has, for comparing them: measures and evidence."""
    found = {question: dict(scores) for question, scores in measured.by_question.items()}
    for seen in observed:
        if seen.evidence_at_top is not None:
            found.setdefault(seen.question.id, {})[EVIDENCE] = float(seen.evidence_at_top)
    return found


def score(observed: Sequence[Observed], measured: Measured) -> MeanScores:
    """Score what was observed of all questions.

    Args:
        observed: One a question.
        measured: Their rankings, measured.
    """
    answerable = [seen for seen in observed if seen.question.relevant]
    return MeanScores(
        questions=len(observed),
        judged=len(measured.by_question),
        measures=measured.means,
        evidence_at_top=_share(seen.evidence_at_top for seen in observed),
        evidence_in_gold=_share(seen.evidence_in_gold for seen in observed),
        answered=_share(seen.answered for seen in observed if seen.question.answerable),
        declined=_share(not seen.answered for seen in observed if not seen.question.answerable),
        right_when_answered=_share(seen.right for seen in observed if seen.answered),
        auroc_answerable=auroc((seen.confidence, seen.question.answerable) for seen in observed),
        auroc_right=auroc((seen.confidence, seen.right) for seen in answerable),
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


def holds(text: str, answers: Iterable[str]) -> bool:
    """Whether a text holds one of the answers; case and white space do not matter."""
    plain = _plain(text)
    return any(found and found in plain for found in map(_plain, answers))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


def _evidence_in_gold(question: JudgedQuestion, answer: Answer) -> bool | None:
    """Whether the evidence of the best right passage holds an answer; None without one."""
    for passage in answer.passages:
        if passage.release.id in question.relevant and holds(passage.text, question.answers):
            return holds(_evidence(passage), question.answers)
    return None


def _evidence(passage: RankedPassage) -> str:
    """Return the passage's best evidence, empty when nothing is marked."""
    marks = [mark for mark in passage.highlights if mark.kind == "evidence"]
    if not marks:
        return ""
    best = max(marks, key=lambda mark: mark.score)
    return passage.text[slice(*best.span)]


def _share(cases: Iterable[bool | None]) -> Share:
    """Count cases, leaving out those that are None."""
    found = [case for case in cases if case is not None]
    return Share(sum(found), len(found))
