"""A report in HTML: contents, then each question with its passages and the evidence marked.

The contents stand before the questions, and are known after the last of them. Both are kept in
temporary files until then, so that a report of any length needs no more memory than a short one.
"""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, TextIO, cast

from qa.answer_json import Failure, Outcome
from qa.export.html_page import line, page, passage_article, verdict

_IN_MEMORY = 1 << 20
_PIECE = 1 << 16

BADGES = """
.badge { font-family: system-ui, "Segoe UI", Roboto, "Liberation Sans", "DejaVu Sans", sans-serif;
  font-size: .75rem; line-height: 1.5; white-space: nowrap; padding: 0 .5rem;
  border: 1px solid currentColor; border-radius: 1rem; }
.badge.answered { color: var(--good); } .badge.declined { color: var(--quiet); }
.badge.failed { color: var(--bad); }
.contents { list-style: none; padding: 0; }
.contents li { display: flex; gap: .8rem; align-items: baseline; break-inside: avoid; }
.contents a { flex: 1; }
.up { font-size: .82rem; } @media print { .up { display: none; } }
"""
"""Style of short verdicts and of a list of contents."""


class HtmlWriter:
    """Writes a page that stands alone: no script, nothing fetched, fit to print."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._contents, self._sections = _spool(), _spool()
        self._answered = self._declined = self._failed = 0

    def write(self, outcome: Outcome) -> None:
        """Write one outcome as a section, and its line in the contents."""
        if isinstance(outcome, Failure):
            self._failed += 1
        elif outcome.answered:
            self._answered += 1
        else:
            self._declined += 1
        place = self._answered + self._declined + self._failed
        self._contents.write(f'<li><a href="#q{place}">{_name(outcome)}</a>{badge(outcome)}</li>\n')
        self._sections.write("".join(_section(outcome, place)))

    def finish(self) -> None:
        """Write the page."""
        self._stream.writelines(page("Answers", self._body(), style=BADGES))

    def _body(self) -> Iterator[str]:
        total = self._answered + self._declined + self._failed
        yield (
            f'<header>\n<h1>Answers</h1>\n<p class="facts">{total:,} questions: '
            f"{self._answered:,} answered, {self._declined:,} without an answer here, "
            f"{self._failed:,} not asked.</p>\n</header>"
        )
        yield '<nav aria-labelledby="contents">\n<h2 id="contents">Contents</h2>'
        yield '<ol class="contents">'
        yield from _pieces(self._contents)
        yield "</ol>\n</nav>\n<main>"
        yield from _pieces(self._sections)
        yield (
            "</main>\n<footer>Every passage is copied word for word from its release; a citation "
            "can be checked with releaseqa cite.</footer>"
        )


def badge(outcome: Outcome) -> str:
    """Return how a question ended, in a few words: the colour adds nothing to them."""
    if isinstance(outcome, Failure):
        return '<span class="badge failed">not asked</span>'
    kind, words = ("answered", "answered") if outcome.answered else ("declined", "no answer here")
    return f'<span class="badge {kind}">{words} · {outcome.confidence:.2f}</span>'


def _spool() -> IO[str]:
    # closed when it is copied, or with the writer when the batch is interrupted
    found = SpooledTemporaryFile(  # noqa: SIM115
        _IN_MEMORY, "w+", encoding="utf-8", errors="replace", newline=""
    )
    return cast("IO[str]", found)


def _pieces(spool: IO[str]) -> Iterator[str]:
    """Yield what was kept, by whole lines, and let it go."""
    spool.seek(0)
    while lines := spool.readlines(_PIECE):
        yield "".join(lines).removesuffix("\n")
    spool.close()


def _name(outcome: Outcome) -> str:
    number = f'<span class="number">{line(outcome.id)}</span> ' if outcome.id else ""
    return f"{number}{line(outcome.question) or '(empty)'}"


def _section(outcome: Outcome, place: int) -> Iterator[str]:
    yield f'<section id="q{place}">\n<h2>{_name(outcome)}</h2>\n'
    if isinstance(outcome, Failure):
        yield f'<p class="verdict failed"><strong>Not asked:</strong> {line(outcome.error)}</p>\n'
    else:
        if outcome.asked_as != outcome.question.strip():
            yield f'<p class="asked-as">Asked as: {line(outcome.asked_as)}</p>\n'
        yield verdict(outcome) + "\n"
        for passage in outcome.passages:
            yield passage_article(passage) + "\n"
    yield '<p class="up"><a href="#contents">Contents</a></p>\n</section>\n'
