"""Ranking measures, computed by ir-measures over qrels and a run.

Only this module knows that library: the names it accepts, what it needs, and how it fails. It is
an extra, so it is imported where it is used.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.errors import MissingExtraError, SettingsError
from qa.export.trec import Qrels, Run

RECALL_AT = (5, 10, 20, 50, 100)
MAX_DEPTH = 1_000_000
MAX_GRADE = 1_000


@dataclass(frozen=True, slots=True)
class RunMeasures:
    """The measures of a run.

    Attributes:
        means: Means over the judged questions, by the measure's name; counts are summed. Empty
            without judgements.
        by_question: The values of every judged question, by its id; a question without a ranking
            gets the lowest.
    """

    means: Mapping[str, float]
    by_question: Mapping[str, Mapping[str, float]]


def default_measures(depth: int) -> tuple[str, ...]:
    """Return the measures used when none are named, with recall up to a depth."""
    return ("nDCG@10", "RR", "Success@1", *(f"R@{k}" for k in RECALL_AT if k <= depth))


def parse_measures(names: Iterable[str]) -> tuple[str, ...]:
    """Return measures in the field's own spelling (`MAP` is `AP`), each once.

    Raises:
        SettingsError: There is no such measure, or it lacks a part; the message lists what is
            known.
        MissingExtraError: ir-measures is not installed.
    """
    check_extra()
    return tuple(dict.fromkeys(str(_parsed(name)) for name in names))


def deepest_cutoff(measures: Iterable[str]) -> int:
    """Return the largest cutoff of the measures, 0 if none has one."""
    found = (_parsed(name).params.get("cutoff") for name in measures)
    return max((cutoff for cutoff in found if isinstance(cutoff, int)), default=0)


def measure(names: Sequence[str], qrels: Qrels, run: Run) -> RunMeasures:
    """Measure a run.

    Args:
        names: Names of measures, as `parse_measures` returns them.
        qrels: Judgements; grades of zero and below count for measures that use them.
        run: Scores by question and release; questions without judgements are left out.

    Raises:
        SettingsError: A measure cannot be computed here.
        MissingExtraError: ir-measures is not installed.
    """
    check_extra()
    import ir_measures

    if not qrels:
        return RunMeasures({}, {})
    wanted = {str(found): found for found in map(_parsed, names)}
    relevance = [
        ir_measures.Qrel(question, release, grade)
        for question, grades in qrels.items()
        for release, grade in grades.items()
    ]
    scored = [
        ir_measures.ScoredDoc(question, release, score)
        for question in qrels
        for release, score in run.get(question, {}).items()
    ]
    try:
        found: Any = ir_measures.calc(list(wanted.values()), relevance, scored)
    except Exception as error:  # the library's measures fail each in their own way
        line = " ".join(str(error).split())
        raise SettingsError(f"{', '.join(wanted)} cannot be computed: {line}.") from error
    values: dict[str, dict[str, float]] = {question: {} for question in qrels}
    for metric in found.per_query:
        values[metric.query_id][str(metric.measure)] = float(metric.value)
    means = {name: float(found.aggregated[wanted[name]]) for name in wanted}
    return RunMeasures(means, {q: _ordered(of, wanted) for q, of in values.items()})


def recall_curve(qrels: Qrels, run: Run, depth: int) -> list[tuple[float, float]]:
    """Return k and the mean recall of the first k documents, for every k up to a depth."""
    means = measure([f"R@{k}" for k in range(1, depth + 1)], qrels, run).means
    return [(float(k), value) for k, value in enumerate(means.values(), start=1)]


def _ordered(values: Mapping[str, float], names: Iterable[str]) -> dict[str, float]:
    """Return the values that a question has, in the order of the names."""
    return {name: values[name] for name in names if name in values}


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
            f"eval needs {error.name}, which is not installed: pip install 'releaseqa[eval]'"
        ) from error


def _parsed(name: str) -> Any:  # noqa: ANN401 - a measure of an untyped library
    """Return a measure of the library that can be computed here."""
    import ir_measures

    pipeline: Any = ir_measures.DefaultPipeline
    try:
        found = ir_measures.parse_measure(name.strip())
        usable = pipeline.supports(found) and _bounded(found.params)
    except (NameError, ValueError, KeyError, AssertionError, TypeError):
        usable = False
    if not usable:
        raise SettingsError(
            f"{name!r} is not a supported measure; choose from {', '.join(_known())}. A measure "
            "may take a cutoff (nDCG@10) and parameters (P(rel=2)@5)."
        )
    return found


def _bounded(values: Mapping[str, Any]) -> bool:
    """Return whether parameters are in range; on some others the library ends the process."""
    cutoff, grade, recall = (values.get(name) for name in ("cutoff", "rel", "recall"))
    return (
        (cutoff is None or (isinstance(cutoff, int) and 1 <= cutoff <= MAX_DEPTH))
        and (grade is None or (isinstance(grade, int) and 1 <= grade <= MAX_GRADE))
        and (recall is None or 0 <= recall <= 1)
    )


def _known() -> list[str]:
    """Return the names of the measures that can be computed, an example of each."""
    import ir_measures

    pipeline: Any = ir_measures.DefaultPipeline
    found: dict[str, None] = {}
    for name in ir_measures.measures.registry:
        for example in (name, f"{name}@10", f"{name}@0.1", f"{name}(max_rel=3)"):
            try:
                parsed = ir_measures.parse_measure(example)
                if pipeline.supports(parsed):
                    found[str(parsed)] = None
                    break
            except (ValueError, KeyError, AssertionError, TypeError):
                continue
    return sorted(found, key=str.casefold)
