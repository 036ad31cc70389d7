"""The report of an evaluation: JSON for programs, lines and a page of HTML for people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from qa.display import clean_line
from qa.evaluation.compare import ScoreComparison
from qa.evaluation.evaluate import Evaluation, by_kind
from qa.evaluation.line_plot import LinePlot
from qa.evaluation.measures import recall_curve
from qa.evaluation.scores import MeanScores, Proportion, QuestionResult, risk_at_coverage
from qa.export.html import render
from qa.version import program_version

STEPS = 50
"""Points of the curve of risk and coverage."""
SHOWN = 20
"""Questions shown among the worst, of each sort."""
_MEASURES = 4
"""Measures shown by kind of question: a page is only so wide."""
_COMPARED = ("this", "other", "difference", "p", "better", "worse")


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation as a JSON object."""
    found: dict[str, Any] = {"dataset": evaluation.name}
    if evaluation.scores is None:
        measures = evaluation.measures
        found |= {"judged": len(measures.by_question), "measures": dict(measures.means)}
    else:
        for name, value in asdict(evaluation.scores).items():
            given = getattr(evaluation.scores, name)
            found[name] = (
                {"value": given.value, **value} if isinstance(given, Proportion) else value
            )
    if evaluation.baseline is not None:
        scores = [{**asdict(c), "difference": c.difference} for c in evaluation.comparison]
        found["comparison"] = {"with": evaluation.baseline.name, "scores": scores}
    return dict(_rounded(found))


def evaluation_lines(evaluation: Evaluation) -> Iterator[str]:
    """Yield an evaluation as lines for people, cleaned."""
    judged = f"{len(evaluation.measures.by_question)} judged"
    if evaluation.scores is not None:
        judged = f"{evaluation.scores.questions} questions, {judged}"
    yield f"{'dataset':<24} {clean_line(evaluation.name)}, {judged}"
    for name, value in _score_rows(evaluation):
        yield f"{name:<24} {value}"
    if evaluation.baseline is not None:
        yield ""
        yield f"{'vs ' + clean_line(evaluation.baseline.name):<24} {_columns(_COMPARED)}"
        for compared in evaluation.comparison:
            yield f"{compared.name:<24} {_columns(_comparison_row(compared))}"


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of the page: a table, a plot or both; `numbers` are the columns that hold numbers."""

    title: str
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    numbers: Sequence[int] = ()
    plot: LinePlot | None = None
    note: str = ""


def evaluation_page(
    evaluation: Evaluation, depth: int, asked_with: Mapping[str, str]
) -> Iterator[str]:
    """Yield the report of an evaluation as a whole HTML page, piece by piece.

    Args:
        evaluation: What was measured.
        depth: How far down the recall curve goes.
        asked_with: How the questions were asked, by names for people.
    """
    judged = f"{len(evaluation.measures.by_question):,}"
    if evaluation.questions:
        questions = f"{len(evaluation.questions):,} questions, {judged} of them judged"
    else:
        questions = f"{judged} judged questions"
    given = [f"{name}: {value}" for name, value in asked_with.items()]
    return render(
        "evaluation.html.j2",
        name=evaluation.name,
        facts=[questions, f"releaseqa {program_version()}", *given],
        sections=[
            _Section("Scores", ("score", "value"), [*_score_rows(evaluation)], numbers=(1,)),
            *_comparison(evaluation),
            *_recall(evaluation, depth),
            *_risk(evaluation.results),
            *_kinds(evaluation),
            *_wrong(evaluation.results),
            *_missed(evaluation.results),
        ],
    )


def _score_rows(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Yield the scores as names and values for people."""
    for name, value in evaluation.measures.means.items():
        yield name, f"{value:.4f}"
    if evaluation.scores is not None:
        yield from _answer_rows(evaluation.scores)


def _answer_rows(scores: MeanScores) -> Iterator[tuple[str, str]]:
    yield "evidence at the top", _proportion(scores.evidence_at_top)
    yield "evidence in the right", _proportion(scores.evidence_in_gold)
    yield "answered, of answerable", _proportion(scores.answered)
    yield "declined, of the others", _proportion(scores.declined)
    yield "right, of answered", _proportion(scores.right_when_answered)
    yield "AUROC answerable", _optional(scores.auroc_answerable)
    yield "AUROC top is right", _optional(scores.auroc_right)


def _comparison(evaluation: Evaluation) -> Iterator[_Section]:
    if evaluation.baseline is not None:
        heads = ("score", "questions", *_COMPARED)
        yield _Section(
            f"Compared with {evaluation.baseline.name}",
            heads,
            [(c.name, f"{c.questions:,}", *_comparison_row(c)) for c in evaluation.comparison],
            numbers=range(1, len(heads)),
            note="p: from a two-sided paired randomization test on the questions that both have "
            "a score for. Better and worse are numbers of questions.",
        )


def _recall(evaluation: Evaluation, depth: int) -> Iterator[_Section]:
    runs = {"this": evaluation.run}
    if evaluation.baseline is not None and evaluation.baseline.run is not None:
        runs[evaluation.baseline.name] = evaluation.baseline.run
    lines = {name: recall_curve(evaluation.qrels, run, depth) for name, run in runs.items()}
    if lines["this"]:
        plot = LinePlot.of(
            "Recall by the number of releases looked at",
            lines,
            x_label="releases looked at",
            y_label="recall",
        )
        yield _Section("Recall", plot=plot)


def _risk(results: Sequence[QuestionResult]) -> Iterator[_Section]:
    """Yield how well the confidence sorts right from wrong first releases."""
    lines = {"all questions": risk_at_coverage(((r.confidence, r.right) for r in results), STEPS)}
    able = [(r.confidence, r.right) for r in results if r.question.answerable]
    if len(able) < len(results):
        lines["answerable questions"] = risk_at_coverage(able, STEPS)
    if results:
        plot = LinePlot.of(
            "Share of wrong first releases by the share of questions answered",
            lines,
            x_label="coverage: share of questions, the most confident first",
            y_label="risk: share of wrong first releases",
        )
        yield _Section("Risk and coverage", plot=plot)


def _kinds(evaluation: Evaluation) -> Iterator[_Section]:
    kinds = by_kind(evaluation)
    names = list(dict.fromkeys(name for kind in kinds for name in kind.means))[:_MEASURES]
    asked = any(kind.answered is not None for kind in kinds)
    heads = ["kind", "questions", *names, *(("first is right", "answered") if asked else ())]
    rows = [
        (
            kind.kind, f"{kind.questions:,}",
            *(_optional(kind.means.get(name)) for name in names),
            *((_optional(kind.right), _optional(kind.answered)) if asked else ()),
        )
        for kind in kinds
    ]  # fmt: skip
    if rows:
        yield _Section("By kind of question", heads, rows, numbers=range(1, len(heads)))


def _wrong(results: Sequence[QuestionResult]) -> Iterator[_Section]:
    wrong = sorted((r for r in results if r.answered and not r.right), key=lambda r: -r.confidence)
    if wrong:
        yield _Section(
            f"Answered wrongly: {len(wrong):,}, the most confident first",
            ("id", "question", "confidence", "first release", "relevant release"),
            [
                (r.question.id, r.question.text, f"{r.confidence:.2f}", _first(r), _relevant(r))
                for r in wrong[:SHOWN]
            ],
            numbers=(2,),
        )


def _missed(results: Sequence[QuestionResult]) -> Iterator[_Section]:
    missed = [r for r in results if r.question.relevant and _rank(r) is None]
    if missed:
        yield _Section(
            f"No relevant release found: {len(missed):,}",
            ("id", "question", "first release", "relevant release"),
            [(r.question.id, r.question.text, _first(r), _relevant(r)) for r in missed[:SHOWN]],
        )


def _rank(result: QuestionResult) -> int | None:
    """Return the rank of the first relevant release, or None."""
    relevant = result.question.relevant
    ranks = (i for i, (release, _) in enumerate(result.ranking, 1) if release in relevant)
    return next(ranks, None)


def _first(result: QuestionResult) -> str:
    return result.ranking[0][0] if result.ranking else "–"


def _relevant(result: QuestionResult) -> str:
    if not result.question.relevant:
        return "none in the collection"
    rank = _rank(result)
    return f"{min(result.question.relevant)} ({f'rank {rank}' if rank else 'not found'})"


def _comparison_row(compared: ScoreComparison) -> tuple[str, ...]:
    return (
        f"{compared.ours:.4f}", f"{compared.theirs:.4f}", f"{compared.difference:+.4f}",
        f"{compared.p:.4f}", f"{compared.better:,}", f"{compared.worse:,}",
    )  # fmt: skip


def _columns(cells: Sequence[str]) -> str:
    return " ".join(f"{cell:>10}" for cell in cells)


def _proportion(proportion: Proportion) -> str:
    return f"{_optional(proportion.value)} ({proportion.hits:,} of {proportion.cases:,})"


def _optional(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _rounded(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    return round(value, 6) if isinstance(value, float) else value
