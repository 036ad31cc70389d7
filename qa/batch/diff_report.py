"""A comparison of two runs as text for a terminal, as JSON, and as a page of HTML."""

from collections.abc import Iterator
from typing import Any

from qa.batch.diff import CHANGE_KINDS, Change, ChangeKind, Comparison, Part, State, Verdict
from qa.display import clean_line
from qa.export.html import BADGES
from qa.export.html_page import line, lines, page
from qa.types import SCHEMA

_TITLES: dict[ChangeKind, str] = {
    "changed": "Answer changed",
    "gained": "Answer gained",
    "lost": "Answer lost",
    "moved": "Confidence moved",
    "only old": "Asked in the old run only",
    "only new": "Asked in the new run only",
}
_STYLE = """
.change { margin: 1.2rem 0 0; } .change h3 { margin-bottom: .35rem; }
.change h3 .number { color: var(--quiet); font-weight: 400; margin-right: .4em; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: .8rem; }
"""
_STATES: dict[State, str] = {
    "answered": "answered",
    "declined": "no answer here",
    "failed": "not asked",
}
_SIGNS = ("-", "+")
_PARTS: dict[Part, str] = {
    "words": "the exact words",
    "evidence": "the evidence",
    "passage": "the passage",
    "release": "the release",
    "error": "why it was not asked",
}


def summary(found: Comparison) -> str:
    """Return a comparison in one line."""
    total = found.same + len(found.changes)
    parts = [f"{found.counts[kind]} {kind}" for kind in CHANGE_KINDS if found.counts[kind]]
    return f"{total} questions: {', '.join([f'{found.same} the same', *parts])}."


def change_lines(found: Comparison) -> Iterator[str]:
    """Yield the changes as lines, cleaned, without line ends: `-` the old outcome, `+` the new."""
    for change in found.changes:
        number = f"{change.question.id}: " if change.question.id else ""
        parts = f" ({', '.join(_PARTS[part] for part in change.parts)})" if change.parts else ""
        yield clean_line(f"{change.kind}{parts}  {number}{change.question.question}")
        for sign, verdict in zip(_SIGNS, (change.old, change.new), strict=True):
            if verdict is not None:
                yield clean_line(f"  {sign} {_said(verdict)}")


def comparison_to_json(found: Comparison) -> dict[str, Any]:
    """Return a comparison as a JSON object, keys in their fixed order."""
    return {
        "schema": SCHEMA,
        "threshold": found.moved,
        "same": found.same,
        "counts": {kind.replace(" ", "_"): count for kind, count in found.counts.items()},
        "changes": [
            {
                "change": change.kind.replace(" ", "_"),
                "parts": list(change.parts),
                "id": change.question.id,
                "question": change.question.question,
                "old": _verdict_to_json(change.old),
                "new": _verdict_to_json(change.new),
            }
            for change in found.changes
        ],
    }


def comparison_page(found: Comparison, old: str, new: str) -> Iterator[str]:
    """Yield a comparison as a page of HTML, piece by piece.

    Args:
        found: What differs.
        old: Name of the earlier run.
        new: Name of the later one.
    """
    return page("What changed", _body(found, old, new), style=BADGES + _STYLE)


def _body(found: Comparison, old: str, new: str) -> Iterator[str]:
    yield f'<header>\n<h1>What changed</h1>\n<p class="facts">{line(summary(found))}</p>'
    yield f'<p class="facts">Old: {line(old)}<br>New: {line(new)}</p>\n</header>'
    if not found:
        yield "<main><p>The two runs give the same answers.</p></main>"
        return
    present = [kind for kind in CHANGE_KINDS if found.counts[kind]]
    yield '<nav aria-labelledby="contents">\n<h2 id="contents">Contents</h2>'
    yield '<ul class="contents">'
    for kind in present:
        yield f'<li><a href="#{_place(kind)}">{_TITLES[kind]}</a>{found.counts[kind]:,}</li>'
    yield "</ul>\n</nav>\n<main>"
    for kind in present:
        yield f'<section id="{_place(kind)}">\n<h2>{_TITLES[kind]}</h2>'
        yield from (_pair(change) for change in found.changes if change.kind == kind)
        yield '<p class="up"><a href="#contents">Contents</a></p>\n</section>'
    yield "</main>"


def _place(kind: ChangeKind) -> str:
    return f"k{CHANGE_KINDS.index(kind)}"


def _said(verdict: Verdict) -> str:
    """Return an outcome in one line."""
    if verdict.state == "failed":
        return f"not asked: {verdict.reason}"
    if verdict.state == "declined":
        return f"no answer here: {verdict.reason} ({verdict.confidence:.2f})"
    words = verdict.words or verdict.evidence or verdict.passage or ""
    source = ", ".join(fact for fact in (verdict.title, verdict.date) if fact)
    return f"“{words}” ({verdict.confidence:.2f}) {source} [{verdict.passage_id}]"


def _verdict_to_json(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {
        "state": verdict.state,
        "confidence": verdict.confidence,
        "words": verdict.words,
        "evidence": verdict.evidence,
        "passage_id": verdict.passage_id,
        "release_id": verdict.release_id,
        "title": verdict.title,
        "date": verdict.date,
        "citation": verdict.citation,
        "reason": verdict.reason,
    }


def _pair(change: Change) -> str:
    question = change.question
    number = f'<span class="number">{line(question.id)}</span> ' if question.id else ""
    parts = ", ".join(_PARTS[part] for part in change.parts)
    differs = f'<p class="facts">Differs in {parts}.</p>\n' if parts else ""
    sides = "".join(
        _side(name, verdict)
        for name, verdict in (("old", change.old), ("new", change.new))
        if verdict is not None
    )
    title = f"<h3>{number}{line(question.question) or '(empty)'}</h3>\n"
    return f'<div class="change">\n{title}{differs}<div class="pair">\n{sides}</div>\n</div>'


def _side(name: str, verdict: Verdict) -> str:
    sure = "" if verdict.confidence is None else f" · {verdict.confidence:.2f}"
    label = f'<span class="badge {verdict.state}">{_STATES[verdict.state]}{sure}</span>'
    head = f'<article>\n<p class="facts">{name} {label}</p>\n'
    if verdict.state != "answered":
        return f"{head}<p>{line(verdict.reason or '')}</p>\n</article>\n"
    exact = f"<p><strong>{line(verdict.words)}</strong></p>\n" if verdict.words else ""
    facts = " · ".join(line(fact) for fact in (verdict.title, verdict.date) if fact)
    return (
        f'{head}{exact}<p class="words">{lines(verdict.evidence or verdict.passage or "")}</p>\n'
        f'<p class="facts">{facts}</p>\n<p class="citation">{line(verdict.citation or "")}</p>\n'
        "</article>\n"
    )
