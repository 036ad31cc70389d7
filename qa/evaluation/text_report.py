"""An evaluation in figures: as JSON for programs, as lines for people."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from qa.display import clean_line
from qa.evaluation.evaluate import Evaluation
from qa.evaluation.html_report import comparison_row, score_rows
from qa.evaluation.scores import MeanScores, Share


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation as a JSON object."""
    found: dict[str, Any] = {"dataset": evaluation.name}
    if evaluation.scores is not None:
        found |= _scores_json(evaluation.scores)
    else:
        measured = evaluation.measured
        found |= {"judged": len(measured.by_question), "measures": dict(measured.means)}
    if evaluation.other is not None:
        scores = [{**asdict(c), "difference": c.difference} for c in evaluation.compared]
        found["comparison"] = {"with": evaluation.other.name, "scores": scores}
    return dict(_rounded(found))


def _scores_json(scores: MeanScores) -> dict[str, Any]:
    found = asdict(scores)
    for field in (
        "evidence_at_top",
        "evidence_in_gold",
        "answered",
        "declined",
        "right_when_answered",
    ):
        share: Share = getattr(scores, field)
        found[field] = {"value": share.value, "hits": share.hits, "cases": share.cases}
    return found


def _rounded(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    return round(value, 6) if isinstance(value, float) else value


def evaluation_lines(evaluation: Evaluation) -> Iterator[str]:
    """Yield an evaluation as lines for people, cleaned."""
    judged = f"{len(evaluation.measured.by_question)} judged"
    if evaluation.scores is not None:
        judged = f"{evaluation.scores.questions} questions, {judged}"
    yield f"{'dataset':<24} {clean_line(evaluation.name)}, {judged}"
    for name, value in evaluation.measured.means.items():
        yield f"{name:<24} {value:.4f}"
    if evaluation.scores is not None:
        yield from (f"{name:<24} {value}" for name, value in score_rows(evaluation.scores))
    if evaluation.other is not None:
        heads = ("this", "other", "difference", "p", "better", "worse")
        yield ""
        yield f"{'beside ' + clean_line(evaluation.other.name):<24} {_columns(heads)}"
        for compared in evaluation.compared:
            yield f"{compared.name:<24} {_columns(comparison_row(compared))}"


def _columns(cells: Sequence[str]) -> str:
    return " ".join(f"{cell:>10}" for cell in cells)
