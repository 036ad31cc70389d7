"""The report of an evaluation as a page: figures, curves, kinds of question, the worst cases."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from qa.evaluation.compare import Compared
from qa.evaluation.curves import risk_at_coverage
from qa.evaluation.evaluate import Evaluation, OfKind, by_kind, recall_by_depth
from qa.evaluation.scores import MeanScores, Observed, Share
from qa.evaluation.svg_plot import PlotBars, PlotLine, bar_plot, line_plot
from qa.export.html_page import line, page
from qa.version import program_version

STEPS = 50
"""Points of the curve of risk and coverage."""
SHOWN = 20
"""Questions shown among the worst, of each sort."""
_MEASURES = 4
"""Measures shown by kind of question: a page is only so wide."""


def evaluation_page(evaluation: Evaluation, depth: int, asked_with: Mapping[str, str]) -> str:
    """Return the report of an evaluation as a whole HTML page.

    Args:
        evaluation: What was measured.
        depth: How far down the recall curve goes.
        asked_with: How the questions were asked, by names for people; shown as it is.
    """
    facts = [f"releaseqa {program_version()}", *(f"{k}: {v}" for k, v in asked_with.items())]
    asked = f"{len(evaluation.questions):,} questions, " if evaluation.questions else ""
    judged = f"{asked}{len(evaluation.measured.by_question):,} of them judged"
    if not evaluation.questions:
        judged = f"{len(evaluation.measured.by_question):,} judged questions"
    title = f"Evaluation of {evaluation.name}"
    body = [
        f"<h1>{line(title)}</h1>",
        f'<p class="facts">{line(judged)} · {line(" · ".join(facts))}</p>',
        *_figures(evaluation),
        *_comparison(evaluation),
        *_recall(evaluation, depth),
        *_risk(evaluation.observed),
        *_kinds(by_kind(evaluation)),
        *_worst(evaluation),
    ]
    return "".join(page(title, body, style=STYLE))


def score_rows(scores: MeanScores) -> Iterator[tuple[str, str]]:
    """Yield what was found of evidence and abstention, as names and values for people."""
    yield "evidence at the top", _share(scores.evidence_at_top)
    yield "evidence in the right", _share(scores.evidence_in_gold)
    yield "answered, of answerable", _share(scores.answered)
    yield "declined, of the others", _share(scores.declined)
    yield "right, of answered", _share(scores.right_when_answered)
    yield "AUROC answerable", _optional(scores.auroc_answerable)
    yield "AUROC top is right", _optional(scores.auroc_right)


def comparison_row(compared: Compared) -> tuple[str, ...]:
    """Return a comparison as cells: ours, theirs, difference, p, better, worse."""
    return (
        f"{compared.ours:.4f}", f"{compared.theirs:.4f}", f"{compared.difference:+.4f}",
        f"{compared.p:.4f}", f"{compared.better:,}", f"{compared.worse:,}",
    )  # fmt: skip


def _figures(evaluation: Evaluation) -> Iterator[str]:
    yield "<h2>Figures</h2>"
    rows = [(name, f"{value:.4f}") for name, value in evaluation.measured.means.items()]
    if evaluation.scores is not None:
        rows += score_rows(evaluation.scores)
    yield table(("score", "value"), rows, numbers=(1,))


def _comparison(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.other is None:
        return
    yield f"<h2>Beside {line(evaluation.other.name)}</h2>"
    heads = ("score", "questions", "this", "other", "difference", "p", "better", "worse")
    rows = [(c.name, f"{c.questions:,}", *comparison_row(c)) for c in evaluation.compared]
    yield table(heads, rows, numbers=range(1, len(heads)))
    yield (
        '<p class="facts">p: two-sided, of a paired randomisation test over the questions that '
        "both have a score of. Better and worse count questions.</p>"
    )


def _recall(evaluation: Evaluation, depth: int) -> Iterator[str]:
    lines = [PlotLine("this", recall_by_depth(evaluation.run, evaluation.judgements, depth))]
    if evaluation.other is not None and evaluation.other.run is not None:
        other = recall_by_depth(evaluation.other.run, evaluation.judgements, depth)
        lines.append(PlotLine(evaluation.other.name, other))
    if lines[0].points:
        yield "<h2>Recall</h2>"
        title = "Recall against the number of releases looked at"
        plot = line_plot(title, lines, x="releases looked at", y="recall", top=1.0)
        yield f"<figure>{plot}</figure>"


def _risk(observed: Sequence[Observed]) -> Iterator[str]:
    """Yield how the confidence sorts right from wrong, also over what has no answer here."""
    every = risk_at_coverage(((o.confidence, o.right) for o in observed), STEPS)
    able = [(o.confidence, o.right) for o in observed if o.question.answerable]
    lines = [PlotLine("all questions", every)]
    if len(able) < len(observed):
        lines.append(PlotLine("answerable questions", risk_at_coverage(able, STEPS)))
    if every:
        yield "<h2>Risk and coverage</h2>"
        title = "Share of wrong first releases against the share of questions answered"
        plot = line_plot(
            title, lines, x="coverage: share of questions, the most confident first",
            y="risk: share of wrong first releases",
        )  # fmt: skip
        yield f"<figure>{plot}</figure>"


def _kinds(kinds: Sequence[OfKind]) -> Iterator[str]:
    if not kinds:
        return
    names = list(dict.fromkeys(name for kind in kinds for name in kind.means))[:_MEASURES]
    yield "<h2>By kind of question</h2>"
    observed = any(kind.answered is not None for kind in kinds)
    heads = ["kind", "questions", *names, *(("first is right", "answered") if observed else ())]
    rows = [
        (
            kind.kind, f"{kind.questions:,}",
            *(_optional(kind.means.get(name)) for name in names),
            *((_optional(kind.right), _optional(kind.answered)) if observed else ()),
        )
        for kind in kinds
    ]  # fmt: skip
    yield table(heads, rows, numbers=range(1, len(heads)))
    shown = [name for name in names if all(0 <= k.means.get(name, 0) <= 1 for k in kinds)][:2]
    if shown:
        groups = [
            PlotBars(f"{kind.kind} ({kind.questions:,})", [kind.means.get(name) for name in shown])
            for kind in kinds
            if kind.means
        ]
        yield f"<figure>{bar_plot('Measures by kind of question', shown, groups)}</figure>"


def _worst(evaluation: Evaluation) -> Iterator[str]:
    """Yield the questions to look at: sure and wrong, and right but far down or not found."""
    wrong = [o for o in evaluation.observed if o.answered and not o.right]
    wrong.sort(key=lambda o: -o.confidence)
    if wrong:
        yield f"<h2>Answered wrongly: the surest of {len(wrong):,}</h2>"
        rows = [
            (o.question.id, o.question.text, f"{o.confidence:.2f}", _first(o), _wanted(o))
            for o in wrong[:SHOWN]
        ]
        heads = ("id", "question", "confidence", "first release", "relevant")
        yield table(heads, rows, numbers=(2,))
    missed = [o for o in evaluation.observed if o.question.relevant and _rank(o) is None]
    if missed:
        yield f"<h2>Not found at all: {len(missed):,}</h2>"
        cells = [(o.question.id, o.question.text, _first(o), _wanted(o)) for o in missed[:SHOWN]]
        yield table(("id", "question", "first release", "relevant"), cells)


def _rank(observed: Observed) -> int | None:
    """Return the rank of the first relevant release, or None."""
    relevant = observed.question.relevant
    places = (i for i, (release, _) in enumerate(observed.ranking, 1) if release in relevant)
    return next(places, None)


def _first(observed: Observed) -> str:
    return observed.ranking[0][0] if observed.ranking else "–"


def _wanted(observed: Observed) -> str:
    if not observed.question.relevant:
        return "no answer here"
    rank = _rank(observed)
    return f"{min(observed.question.relevant)} ({f'rank {rank}' if rank else 'not found'})"


def _share(share: Share) -> str:
    return f"{_optional(share.value)} ({share.hits:,} of {share.cases:,})"


def _optional(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


STYLE = """
body { max-width: 52rem; }
h2 { margin-top: 2.2rem; padding-bottom: .2rem; border-bottom: 1px solid var(--rule); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font: .875rem/1.4 system-ui, "Segoe UI", Roboto,
  "Liberation Sans", "DejaVu Sans", sans-serif; margin: .5rem 0; min-width: 50%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--rule);
  vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; white-space: nowrap; }
th:first-child, td:first-child { min-width: 7.5rem; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: auto; }
svg .paper { fill: var(--card); } svg text { fill: var(--ink); }
svg .grid { stroke: var(--rule); } svg .axis { stroke: var(--quiet); }
figure { margin: .5rem 0; break-inside: avoid; }
@media print { tr { break-inside: avoid; } .wide { overflow: visible; } svg { max-width: 14cm; } }
"""
"""Beside the style of every page."""


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = ()
) -> str:
    """Return a table.

    Args:
        heads: Plain text, a column each.
        rows: Plain text, as many cells as there are heads.
        numbers: Columns that hold numbers and stand to the right.
    """

    def cells(row: Sequence[str], tag: str) -> str:
        return "".join(
            f'<{tag} class="number">{line(cell)}</{tag}>'
            if place in numbers
            else f"<{tag}>{line(cell)}</{tag}>"
            for place, cell in enumerate(row)
        )

    body = "\n".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    head = f"<thead><tr>{cells(heads, 'th')}</tr></thead>"
    return f'<div class="wide"><table>{head}<tbody>\n{body}\n</tbody></table></div>'
