"""A whole evaluation: the rankings and the answers of a dataset, scored and compared."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.evaluation.compare import ScoreComparison, ScoresByQuestion, compare
from qa.evaluation.dataset import JudgedQuestion, qrels_of
from qa.evaluation.measures import RunMeasures, measure
from qa.evaluation.scores import EVIDENCE, MeanScores, QuestionResult, mean_scores
from qa.export.trec import Qrels, Run
from qa.query.question import parse_question


@dataclass(frozen=True, slots=True)
class Baseline:
    """What an evaluation is compared with.

    Attributes:
        name: The name of its file.
        scores: The scores of each question; empty while it is a run that was not measured.
        run: Its rankings, if it is a run.
    """

    name: str
    scores: ScoresByQuestion
    run: Run | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Rankings measured against relevance judgements.

    Attributes:
        name: The name of the dataset, or of the run.
        measures: The measures of the rankings.
        qrels: The judgements.
        run: The rankings.
        questions: The questions, if their text is known.
        results: One for each question, if the questions were asked.
        scores: The scores of the results.
        baseline: What it is compared with.
        comparison: The comparison, one for each score.
    """

    name: str
    measures: RunMeasures
    qrels: Qrels
    run: Run
    questions: tuple[JudgedQuestion, ...] = ()
    results: tuple[QuestionResult, ...] = ()
    scores: MeanScores | None = None
    baseline: Baseline | None = None
    comparison: tuple[ScoreComparison, ...] = ()

    def by_question(self) -> ScoresByQuestion:
        """Return every score of every question: measures and evidence."""
        found = {question: dict(scores) for question, scores in self.measures.by_question.items()}
        for result in self.results:
            if result.evidence_at_top is not None:
                scores = found.setdefault(result.question.id, {})
                scores[EVIDENCE] = float(result.evidence_at_top)
        return found

    def kinds(self) -> Mapping[str, str]:
        """Return the kind of each question whose text is known, by its id."""
        return {question.id: parse_question(question.text).kind for question in self.questions}


def evaluate_answers(
    name: str, results: Sequence[QuestionResult], measures: Sequence[str]
) -> Evaluation:
    """Evaluate the answers to the questions of a dataset."""
    questions = tuple(result.question for result in results)
    qrels = qrels_of(questions)
    run = {result.question.id: dict(result.ranking) for result in results}
    measured = measure(measures, qrels, run)
    scores = mean_scores(results, measured)
    return Evaluation(name, measured, qrels, run, questions, tuple(results), scores)


def evaluate_run(
    name: str,
    run: Run,
    qrels: Qrels,
    measures: Sequence[str],
    questions: Sequence[JudgedQuestion] = (),
) -> Evaluation:
    """Evaluate an existing run, of this program or of another."""
    return Evaluation(name, measure(measures, qrels, run), qrels, run, tuple(questions))


def compare_with_baseline(evaluation: Evaluation, baseline: Baseline) -> Evaluation:
    """Return an evaluation with its comparison; a baseline that is a run is measured here.

    Raises:
        DatasetError: They have no question in common.
        SettingsError: As `qa.evaluation.measures.measure`.
    """
    scores = baseline.scores
    if baseline.run is not None:
        names = list(evaluation.measures.means)
        scores = measure(names, evaluation.qrels, baseline.run).by_question
    comparison = compare(evaluation.by_question(), scores)
    return replace(
        evaluation, baseline=replace(baseline, scores=scores), comparison=tuple(comparison)
    )


@dataclass(frozen=True, slots=True)
class KindScores:
    """The scores of the questions of one kind.

    Attributes:
        means: The mean of each measure over the judged questions.
        right: Share of questions whose first release is relevant, None if they were not asked.
        answered: Share of questions that were answered, likewise.
    """

    kind: str
    questions: int
    means: Mapping[str, float]
    right: float | None
    answered: float | None


def by_kind(evaluation: Evaluation) -> list[KindScores]:
    """Return the scores by kind of question, the most frequent first; empty without text."""
    kinds = evaluation.kinds()
    counts = Counter(kinds.values())
    return [
        _kind_scores(kind, {question for question, of in kinds.items() if of == kind}, evaluation)
        for kind in sorted(counts, key=lambda name: (-counts[name], name))
    ]


def _kind_scores(kind: str, questions: set[str], evaluation: Evaluation) -> KindScores:
    scores = [of for q, of in evaluation.measures.by_question.items() if q in questions]
    results = [result for result in evaluation.results if result.question.id in questions]
    judged = [result for result in results if result.question.relevant]
    names = evaluation.measures.means if scores else ()
    return KindScores(
        kind=kind,
        questions=len(questions),
        means={name: sum(of.get(name, 0.0) for of in scores) / len(scores) for name in names},
        right=sum(result.right for result in judged) / len(judged) if judged else None,
        answered=sum(result.answered for result in results) / len(results) if results else None,
    )
