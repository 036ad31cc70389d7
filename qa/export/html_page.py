"""A page of HTML that stands alone: no script, nothing fetched, readable on paper.

Every string from a document is cleaned and escaped here. What a browser could act on is not
made of it: the one link is a release's own web address, and only http and https are written.
A policy in the page forbids it to load anything, should a browser find something all the same.
"""

from collections.abc import Iterable, Iterator
from html import escape as escape_markup
from itertools import pairwise
from urllib.parse import urlsplit

from qa.display import clean, clean_line
from qa.types import Answer, Highlight, HighlightKind, RankedPassage, ReleaseRef

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #22262e; --quiet: #5d6778; --rule: #d9d4c6;
  --accent: #2d5fb4; --good: #2f7d3b; --bad: #b13a3a;
  --evidence: #fbeec9; --exact: #f0cf6e; --exact-ink: #11141a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171c; --card: #1c1f26; --ink: #d8dce6; --quiet: #9aa3b5; --rule: #343a48;
    --accent: #7aa2e8; --good: #8cc98c; --bad: #e27d7d;
    --evidence: #4a3f2c; --exact: #e5b567; --exact-ink: #15171c;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 46rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.55 "Source Serif 4", Charter, Georgia, "DejaVu Serif", serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, .facts, .verdict, .citation, nav, footer, .remark {
  font-family: system-ui, "Segoe UI", Roboto, "Liberation Sans", "DejaVu Sans", sans-serif;
}
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; line-height: 1.35; margin: 0 0 .35rem; }
h2 .number { color: var(--quiet); font-weight: 400; margin-right: .5em; }
h3 { font-size: .95rem; line-height: 1.35; margin: 0; }
a { color: var(--accent); }
p { margin: 0 0 .6rem; }
.facts, .citation, footer { color: var(--quiet); font-size: .82rem; line-height: 1.4; }
.facts { margin: 0 0 .45rem; }
nav { margin: 1.6rem 0 0; font-size: .9rem; }
nav h2 { font-size: .82rem; color: var(--quiet); font-weight: 600; }
nav ol { margin: 0; padding-left: 2.2em; }
nav li { margin: .15rem 0; }
nav a { text-decoration: none; }
section { margin-top: 2rem; padding-top: 1.4rem; border-top: 1px solid var(--rule); }
.verdict { font-size: .9rem; margin: 0 0 .9rem; }
.verdict.answered { color: var(--good); }
.verdict.declined, .asked-as { color: var(--quiet); }
.verdict.failed { color: var(--bad); }
.asked-as { font-size: .9rem; margin: -.15rem 0 .35rem; font-style: italic; }
article { margin: 0 0 1rem; padding: .8rem 1rem; background: var(--card);
  border: 1px solid var(--rule); border-radius: .35rem; }
article.pinned { border-left: .25rem solid var(--accent); }
article.brief { padding: .5rem 1rem; }
article.brief h3 { font-weight: 500; }
.words { white-space: pre-line; }
.brief .words { font-size: .92rem; }
.citation { margin: .3rem 0 0; font-size: .74rem; }
.remark { margin: .5rem 0 0; font-size: .88rem; padding-left: .7rem;
  border-left: .2rem solid var(--accent); white-space: pre-line; }
.remark.good { border-color: var(--good); } .remark.bad { border-color: var(--bad); }
mark { color: inherit; background: var(--evidence); padding: .05em 0; }
mark.answer { background: var(--exact); color: var(--exact-ink); font-weight: 600; }
.term { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .18em; }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
@page { margin: 18mm 16mm; }
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --card: #fff; --ink: #000; --quiet: #444; --rule: #bbb;
    --accent: #1b478f; --good: #1d5c28; --bad: #8c2222;
    --evidence: #fbeec9; --exact: #f0cf6e; --exact-ink: #000;
  }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  section, article.brief { break-inside: auto; }
  article.brief, .remark, .citation, h2, h3, .facts { break-inside: avoid; }
  h2, h3, .facts, .verdict, .asked-as { break-after: avoid; }
  .words { orphans: 3; widows: 3; }
  .citation { break-before: avoid; }
  mark { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  nav a { color: inherit; }
}
"""


def page(title: str, body: Iterable[str], *, lang: str = "en", style: str = "") -> Iterator[str]:
    """Yield a whole page, piece by piece.

    Args:
        title: As plain text.
        body: Pieces of HTML, each made by this module or of escaped text.
        lang: Of the page's own words.
        style: CSS that this kind of page needs besides.
    """
    yield (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{line(title)}</title>\n<style>{STYLE}{style}</style>\n</head>\n<body>\n"
    )
    for piece in body:
        yield piece + "\n"
    yield "</body>\n</html>\n"


def line(text: str) -> str:
    """Return text as it shows on one line, for an element or a quoted attribute."""
    return escape_markup(clean_line(text))


def lines(text: str) -> str:
    """Return text as it shows, its line ends kept."""
    return escape_markup(clean(text))


def verdict(answer: Answer) -> str:
    """Return how sure the answer is and its exact words, or why there is none."""
    sure = f"confidence {answer.confidence:.2f}"
    if answer.answered:
        words = f"<strong>{line(answer.answer.text)}</strong> · " if answer.answer else ""
        return f'<p class="verdict answered">{words}{sure}</p>'
    reason = line((answer.reason or "nothing in the collection answers the question").rstrip("."))
    nearest = " The nearest passages:" if answer.passages else ""
    return (
        f'<p class="verdict declined"><strong>No answer here:</strong> {reason} ({sure}).'
        f"{nearest}</p>"
    )


def passage_article(
    passage: RankedPassage, *, brief: bool = False, pinned: bool = False, below: str = ""
) -> str:
    """Return a passage: its headline, where it stands, its words with their marks, its citation.

    Args:
        passage: The passage.
        brief: Only its evidence, or its beginning.
        pinned: Set apart.
        below: HTML to stand at its end.
    """
    release = passage.release
    kinds = " ".join(["passage", *["brief"] * brief, *["pinned"] * pinned])
    lang = f' lang="{line(release.lang)}"' if release.lang else ""
    return (
        f'<article class="{kinds}">\n'
        f"<h3{lang}>{passage.rank}. {line(release.title) or 'Untitled'}</h3>\n"
        f'<p class="facts">{_facts(passage)}</p>\n'
        f'<p class="words"{lang}>{_words(passage, brief=brief)}</p>\n'
        f'<p class="citation">{line(passage.citation)}</p>\n{below}</article>'
    )


def web_address(release: ReleaseRef) -> str | None:
    """Return a release's own address, when it is one of the web."""
    try:
        parts = urlsplit(release.url or "")
    except ValueError:
        return None
    return release.url if parts.scheme in {"http", "https"} and parts.netloc else None


def _facts(passage: RankedPassage) -> str:
    release = passage.release
    facts = [release.issuer, release.date or "undated", passage.speaker]
    if passage.kind != "body":
        facts.append(passage.kind)
    shown = [line(fact) for fact in facts if fact]
    address = web_address(release)
    if address is not None:
        shown.append(f'<a rel="noopener noreferrer" href="{line(address)}">source</a>')
    return " · ".join(shown)


BRIEF = 280
"""Code points shown of a passage in brief that has no evidence."""


def _words(passage: RankedPassage, *, brief: bool) -> str:
    start, end = 0, len(passage.text)
    if brief:
        marks = [mark for mark in passage.highlights if mark.kind == "evidence"]
        best = max(marks, key=lambda mark: mark.score, default=None)
        start, end = best.span if best else (0, _beginning(passage.text))
    before = "… " if start else ""
    after = " …" if end < len(passage.text) else ""
    return before + marked(passage.text, passage.highlights, start, end) + after


def _beginning(text: str) -> int:
    """Return where the beginning of a text ends: after a whole word, if there is one."""
    if len(text) <= BRIEF:
        return len(text)
    return max(text.rfind(" ", 0, BRIEF + 1), 0) or BRIEF


def marked(text: str, highlights: Iterable[Highlight], start: int, end: int) -> str:
    """Return a stretch of a text with its highlights as elements, which may overlap.

    Args:
        text: As it is stored.
        highlights: Spans into it.
        start: Of the stretch.
        end: Of the stretch.
    """
    marks = [mark for mark in highlights if mark.span[0] < end and start < mark.span[1]]
    edges = {start, end} | {min(max(edge, start), end) for mark in marks for edge in mark.span}
    places = sorted(edges)
    shown, pieces = clean(text), []
    for first, last in pairwise(places):
        kinds = {m.kind for m in marks if m.span[0] <= first and last <= m.span[1]}
        pieces.append(_element(escape_markup(shown[first:last]), kinds))
    return "".join(pieces)


def _element(words: str, kinds: set[HighlightKind]) -> str:
    """Return words in the elements of their marks."""
    if "term" in kinds:
        words = f'<span class="term">{words}</span>'
    if "answer" in kinds:
        return f'<mark class="answer">{words}</mark>'
    return f"<mark>{words}</mark>" if "evidence" in kinds else words
