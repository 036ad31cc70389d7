"""HTML by Jinja2 templates: pages that stand alone, run no script and load nothing.

Every string that a template prints is cleaned (`qa.display`) and escaped here, so what a document
holds is shown and never obeyed. The only links are a release's own web address. A policy in the
page forbids a browser to load anything.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from tempfile import SpooledTemporaryFile
from urllib.parse import urlsplit

from qa.answer_json import (
    Outcome,
    OutcomeState,
    dumps,
    outcome_from_json,
    outcome_state,
    outcome_to_json,
)
from qa.display import clean, clean_line
from qa.presentation import (
    CLOSEST_PASSAGES,
    candidates_line,
    certainty,
    headline,
    no_answer,
    painted,
    quotation,
    searched_instead,
)
from qa.types import HighlightKind, RankedPassage, ReleaseRef

BRIEF = 280
"""Code points shown of a passage in brief that has no evidence."""
_IN_MEMORY = 1 << 20


def render(template: str, **values: object) -> Iterator[str]:
    """Yield the text of a template from `qa/export/templates`, piece by piece."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("qa.export"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_cleaned,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "searched_instead": searched_instead,
        "candidates_line": candidates_line,
        "certainty": certainty,
        "headline": headline,
        "lines": _cleaned_lines,
        "marked_text": marked_text,
        "no_answer": no_answer,
        "quotation": quotation,
        "state": outcome_state,
        "web_address": web_address,
    }
    environment.globals["CLOSEST_PASSAGES"] = CLOSEST_PASSAGES
    return environment.get_template(template).generate(values)


def html_report(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield a report: contents, then each question with its passages, the evidence marked.

    The contents come first on the page and are complete only after the last outcome. Until then
    the outcomes are in a temporary file, so a long report needs no more memory than a short one.
    """
    counts: Counter[OutcomeState] = Counter()
    with SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8") as lines:
        for outcome in outcomes:
            counts[outcome_state(outcome)] += 1
            lines.write(dumps(outcome_to_json(outcome)) + "\n")

        def from_start() -> Iterator[Outcome]:
            lines.seek(0)
            return (outcome_from_json(json.loads(line)) for line in lines)

        yield from render("answers.html.j2", outcomes=from_start, counts=counts)


def marked_text(
    passage: RankedPassage, brief: bool = False
) -> Iterator[tuple[str, set[HighlightKind]]]:
    """Yield a passage's text in pieces, each as HTML with the kinds of highlights that cover it.

    Args:
        passage: The passage; its highlights may overlap.
        brief: Yield its best evidence only, or its beginning.
    """
    from markupsafe import escape

    start, end = _brief_span(passage) if brief else (0, len(passage.text))
    marks = [mark for mark in painted(passage) if mark.span[0] < end and start < mark.span[1]]
    edges = {start, end} | {min(max(edge, start), end) for mark in marks for edge in mark.span}
    shown = clean(passage.text)
    if start:
        yield "… ", set()
    for first, last in pairwise(sorted(edges)):
        kinds = {mark.kind for mark in marks if mark.span[0] <= first and last <= mark.span[1]}
        yield escape(shown[first:last]), kinds
    if end < len(shown):
        yield " …", set()


def web_address(release: ReleaseRef) -> str | None:
    """Return a release's address when it is one of the web, else None."""
    try:
        parts = urlsplit(release.url or "")
    except ValueError:
        return None
    return release.url if parts.scheme in {"http", "https"} and parts.netloc else None


def _brief_span(passage: RankedPassage) -> tuple[int, int]:
    marks = [mark for mark in painted(passage) if mark.kind == "evidence"]
    if marks:
        return max(marks, key=lambda mark: mark.score).span
    text = passage.text
    if len(text) <= BRIEF:
        return 0, len(text)
    return 0, max(text.rfind(" ", 0, BRIEF + 1), 0) or BRIEF


def _cleaned(value: object) -> object:
    """Return what a template may print of a value; HTML that was escaped before stays."""
    return value if hasattr(value, "__html__") else clean_line(str(value))


def _cleaned_lines(text: str) -> str:
    """Return a text as HTML that keeps its line ends."""
    from markupsafe import escape

    return escape(clean(text))
