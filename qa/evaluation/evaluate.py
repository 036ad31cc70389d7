"""A whole evaluation: what was measured, by question and by kind, and beside what.

It is what `qa.evaluation.scores` observed or another program ranked, put together for whoever shows it:
the command line, the file of scores by question, the report.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.evaluation.compare import ByQuestion, Compared, compare
from qa.evaluation.dataset import JudgedQuestion
from qa.evaluation.measures import Measured, measure
from qa.evaluation.scores import MeanScores, Observed, by_question, judgements, rankings, score
from qa.export.trec import Qrels, Run
from qa.query.question import parse_question


@dataclass(frozen=True, slots=True)
class Other:
    """What an evaluation is compared with.

    Attributes:
        name: Of its file.
        scores: Of each question; empty while it is a run that was not measured.
        run: Its rankings, where it is a run.
    """

    name: str
    scores: ByQuestion
    run: Run | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Rankings measured against judgements.

    Attributes:
        name: Of the evaluation set, or of the run.
        measured: The rankings by the measures.
        judgements: What they were measured against.
        run: The rankings.
        questions: The questions, where their words are known.
        observed: What was seen of the answers, where the questions were asked.
        scores: The same in figures.
        other: What it is compared with.
        compared: The comparison, score by score.
    """

    name: str
    measured: Measured
    judgements: Qrels
    run: Run
    questions: tuple[JudgedQuestion, ...] = ()
    observed: tuple[Observed, ...] = ()
    scores: MeanScores | None = None
    other: Other | None = None
    compared: tuple[Compared, ...] = ()

    def by_question(self) -> ByQuestion:
        """Return every score of every question."""
        return by_question(self.observed, self.measured)

    def kinds(self) -> Mapping[str, str]:
        """Return the kind of each question whose words are known, by its id."""
        return {question.id: parse_question(question.text).kind for question in self.questions}


@dataclass(frozen=True, slots=True)
class OfKind:
    """The questions of one kind.

    Attributes:
        means: Of each measure, over those of them that are judged.
        right: Share of them whose first release is relevant, None where that was not observed.
        answered: Share of them that were answered, likewise.
    """

    kind: str
    questions: int
    means: Mapping[str, float]
    right: float | None
    answered: float | None


def of_answers(name: str, observed: Sequence[Observed], measures: Sequence[str]) -> Evaluation:
    """Evaluate answers that were given to the questions of a set."""
    questions = tuple(seen.question for seen in observed)
    judged, run = judgements(questions), rankings(observed)
    measured = measure(measures, judged, run)
    scores = score(observed, measured)
    return Evaluation(name, measured, judged, run, questions, tuple(observed), scores)


def of_run(
    name: str,
    run: Run,
    judged: Qrels,
    measures: Sequence[str],
    questions: Sequence[JudgedQuestion] = (),
) -> Evaluation:
    """Evaluate a run that is there already, of this program or of another."""
    return Evaluation(name, measure(measures, judged, run), judged, run, tuple(questions))


def compared_with(evaluation: Evaluation, other: Other) -> Evaluation:
    """Return an evaluation beside another one of the same questions; a run is measured here.

    Raises:
        DatasetError: They have nothing in common.
        SettingsError: As `qa.evaluation.measures.measure`.
    """
    scores = other.scores
    if other.run is not None:
        names = list(evaluation.measured.means)
        scores = measure(names, evaluation.judgements, other.run).by_question
    found = compare(evaluation.by_question(), scores)
    return replace(evaluation, other=replace(other, scores=scores), compared=tuple(found))


def by_kind(evaluation: Evaluation) -> list[OfKind]:
    """Return the evaluation by kinds of question, the commonest first; empty without words."""
    kinds = evaluation.kinds()
    observed = {seen.question.id: seen for seen in evaluation.observed}
    counts = Counter(kinds.values())
    return [
        _of_kind(kind, [q for q, of in kinds.items() if of == kind], evaluation, observed)
        for kind in sorted(counts, key=lambda name: (-counts[name], name))
    ]


def _of_kind(
    kind: str,
    questions: Sequence[str],
    evaluation: Evaluation,
    observed: Mapping[str, Observed],
) -> OfKind:
    scores = [
        evaluation.measured.by_question[question]
        for question in questions
        if question in evaluation.measured.by_question
    ]
    names = evaluation.measured.means if scores else ()
    seen = [observed[question] for question in questions if question in observed]
    judged = [found for found in seen if found.question.relevant]
    return OfKind(
        kind=kind,
        questions=len(questions),
        means={name: sum(found.get(name, 0.0) for found in scores) / len(scores) for name in names},
        right=sum(found.right for found in judged) / len(judged) if judged else None,
        answered=sum(found.answered for found in seen) / len(seen) if seen else None,
    )
