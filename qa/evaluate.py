"""How good the answers over an evaluation set are: ranking, evidence, abstention.

Rankings are of releases, each by its best passage, and are scored with ir-measures. Evidence
and abstention have no library of their own: whether the highlighted sentence holds an answer
string, and the area under the ROC curve of the confidence.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa.answer import Answer, RankedPassage
from qa.dataset import JudgedQuestion
from qa.errors import MissingExtraError
from qa.outcomes import Failure, Outcome
from qa.writers.run_file import ranking

RECALL_AT = (5, 10, 20, 50, 100)


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
class Scores:
    """What an evaluation found.

    Attributes:
        questions: Questions asked; `judged` of them have a relevant release.
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


def score(observed: Sequence[Observed], depth: int) -> Scores:
    """Score what was observed of all questions.

    Args:
        observed: One a question.
        depth: Passages that were asked for; recall is given up to it.

    Raises:
        MissingExtraError: ir-measures is not installed.
    """
    judged = [seen for seen in observed if seen.question.relevant]
    return Scores(
        questions=len(observed),
        judged=len(judged),
        measures=_measures(judged, depth),
        evidence_at_top=_share(seen.evidence_at_top for seen in observed),
        evidence_in_gold=_share(seen.evidence_in_gold for seen in observed),
        answered=_share(seen.answered for seen in observed if seen.question.answerable),
        declined=_share(not seen.answered for seen in observed if not seen.question.answerable),
        right_when_answered=_share(seen.right for seen in observed if seen.answered),
        auroc_answerable=auroc((seen.confidence, seen.question.answerable) for seen in observed),
        auroc_right=auroc((seen.confidence, seen.right) for seen in judged),
    )


def auroc(cases: Iterable[tuple[float, bool]]) -> float | None:
    """Return the chance that a positive case scores above a negative one, ties counting half.

    Args:
        cases: Score and whether the case is positive.

    Returns:
        In [0, 1]; None when there are no positive or no negative cases.
    """
    ordered = sorted(cases)
    positives = sum(positive for _, positive in ordered)
    negatives = len(ordered) - positives
    if not positives or not negatives:
        return None
    wins, below, start = 0.0, 0, 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end][0] == ordered[start][0]:
            end += 1
        tied_positives = sum(positive for _, positive in ordered[start:end])
        tied_negatives = end - start - tied_positives
        wins += tied_positives * (below + tied_negatives / 2)
        below += tied_negatives
        start = end
    return wins / (positives * negatives)


def holds(text: str, answers: Iterable[str]) -> bool:
    """Whether a text holds one of the answers; case and white space do not matter."""
    plain = _plain(text)
    return any(found and found in plain for found in map(_plain, answers))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


def check_extra() -> None:
    """Check that the measures are installed, before any work is done.

    Raises:
        MissingExtraError: They are not.
    """
    try:
        import ir_measures  # noqa: F401 - an extra
        import pytrec_eval  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            f"{error.name} is not installed, which eval needs: pip install 'releaseqa[eval]'"
        ) from error


def _measures(judged: Sequence[Observed], depth: int) -> dict[str, float]:
    """Return the means of the ranking measures, in the field's notation."""
    check_extra()
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    if not judged:
        return {}
    measures = [nDCG @ 10, RR, Success @ 1, *(R @ k for k in RECALL_AT if k <= depth)]
    qrels = [
        ir_measures.Qrel(seen.question.id, release, grade)
        for seen in judged
        for release, grade in seen.question.relevant.items()
    ]
    run = [
        ir_measures.ScoredDoc(seen.question.id, release, value)
        for seen in judged
        for release, value in seen.ranking
    ]
    found = ir_measures.calc_aggregate(measures, qrels, run)
    return {str(measure): float(found[measure]) for measure in measures}


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
