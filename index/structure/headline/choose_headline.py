"""Chooses the line of a letterhead that is the headline.

Every line that is no label, date, contact or the like is worth something: for its length, for its
verb, for standing below a label. The first that is worth enough is taken. When none is, the words
that a line shares with the text below count as well. Names of issuers read otherwise: they recur
within the text below as a whole, headlines do not.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from index.structure.headline import head_words as patterns
from index.structure.headline.head_lines import HeadLine
from index.structure.headline.line_types import HEAD_MATTER, MAX_HEADLINE
from index.structure.headline.line_words import name_strength
from index.text.dates import MONTHS
from index.types import Span

_LEAST = -2
"""Score below which a line is no headline, even when there is no other."""

_SHARED = 2.0
"""What it is worth that all content words of a line stand in the text below."""

_LATER = 1.75
"""What a line must be worth more than each one above it that may be a headline."""

_ENOUGH = 2.0
"""Score of a line that is taken for the headline without looking further."""

_MAX_CANDIDATES = 12

_FEW_WORDS, _MANY_WORDS = 3, 5
_MAX_RECURRING_WORDS = 7
_MAX_BODY = 30_000
"""Characters in which a name recurs."""

_MAX_MORE_LINES = 3
_MAX_LEAD = 1_200
_CONTENT_WORD, _STEM = 4, 5
"""Letters of a word that carries meaning, and by how many first letters words are compared."""

_DAY_FIRST = re.compile(r"\d{1,2}, \d{4}\s+(?=\S)")
"""The second half of a date whose month is the line above."""

_WORD = re.compile(r"\w[\w’'-]*")
_OPEN_END = re.compile(
    r"(?:[,–—-]|\b(?:a|an|the|of|for|to|in|on|at|and|or|with|by|from|as|de|du|des|la|le|les|et|"
    r"à|au|aux|en|sur|pour|par|dans|un|une))\Z",
    re.IGNORECASE,
)
"""The end of a line of a headline that goes on in the next."""


def find_headline(text: str, lines: Sequence[HeadLine]) -> Span | None:
    """Return the span of the headline among the lines of the head; None without one."""
    for line in lines:
        if line.kind == "field" and line.field == "title" and line.value is not None:
            return line.value
    times = Counter(fold_lines(text[slice(*line.span)]) for line in lines)
    below = _lead_words(text, lines)
    best: tuple[float, int, Span] | None = None
    above = 0
    for number, span, place in islice(_candidates(text, lines), _MAX_CANDIDATES):
        line = lines[number]
        score = place + _headline_score(text, span, line.kind)
        score += times[fold_lines(text[slice(*line.span)])] > 1
        worth = score + _SHARED * _shared_words(text, span, below) - _LATER * above
        if best is None or worth > best[0] or score >= _ENOUGH:
            best = (worth, number, span)
        if score >= _ENOUGH:
            break
        above += worth >= 0
    if best is not None and best[0] >= _LEAST:
        _, number, span = best
        if span != lines[number].span:
            return _alone_below(text, lines[number + 1 :], span)
        return _with_next_lines(text, lines, number, span)
    return next((line.span for line in lines if _is_titled_label(text, line)), None)


def _lead_words(text: str, lines: Sequence[HeadLine]) -> frozenset[str]:
    """Return the beginnings of the content words of the text below the head."""
    start = lines[-1].span[0] if lines else 0
    return _content_words(text[start : start + _MAX_LEAD])


def _content_words(words: str) -> frozenset[str]:
    return frozenset(
        word[:_STEM] for word in _WORD.findall(words.casefold()) if len(word) >= _CONTENT_WORD
    )


def _shared_words(text: str, span: Span, below: frozenset[str]) -> float:
    """Return the share of a line's content words that stand in the text below; 0 for few words."""
    words = text[slice(*span)]
    content = _content_words(words)
    return (
        len(content & below) / len(content) if len(words.split()) >= _FEW_WORDS and content else 0.0
    )


def _candidates(text: str, lines: Sequence[HeadLine]) -> Iterator[tuple[int, Span, float]]:
    """Yield each line that can be the headline: its number, span, and what its place is worth.

    A headline stands below a label, a date or a contact rather than above all of them, and above
    the first sentence.
    """
    formal = 0.0
    for number, line in enumerate(lines):
        span = line.span
        if line.kind in {"label", "date"} and line.value is not None:
            span = line.value
            if name_strength(text[slice(*span)]) is not None:
                formal = 1.0
                continue
        elif line.kind not in {"text", "name"}:
            if line.kind in {"label", "date", "reference", "contact"}:
                formal = 1.0
            continue
        if is_sentence(text[slice(*span)]):
            return
        day = _DAY_FIRST.match(text, *span)
        if number and day and _is_month(text, lines[number - 1]):
            span = (day.end(), span[1])
        last = number + 1 == len(lines) and line.kind == "text"
        yield number, span, formal - last


def _is_month(text: str, line: HeadLine) -> bool:
    return text[slice(*line.span)].strip().casefold() in MONTHS


def _is_titled_label(text: str, line: HeadLine) -> bool:
    """Whether a label is all the headline there is: "Harvest Bulletin #12"."""
    words = text[slice(*line.span)]
    return (
        line.kind == "label"
        and len(words.split()) > 1
        and not patterns.STRONG_LABEL.search(words)
        and any(map(str.isalpha, patterns.SITE.sub("", patterns.SMALL_WORDS.sub("", words))))
    )


def _alone_below(text: str, lines: Sequence[HeadLine], span: Span) -> Span:
    """Return the line below with the words of `span`, which stand beside a label; else `span`."""
    wanted = fold_lines(text[slice(*span)])
    return next(
        (line.span for line in lines if fold_lines(text[slice(*line.span)]) == wanted), span
    )


def is_sentence(words: str) -> bool:
    """Whether a line is a short paragraph, below which no headline stands."""
    ended = words.endswith((".", "!”", "?”", ".”", '."', ",”", ',"', "…", ".)"))
    return (
        ended
        and len(words.split()) > _MANY_WORDS
        and any(part[0].islower() for part in _WORD.findall(words))
    )


def _headline_score(text: str, span: Span, kind: str) -> float:
    """Return how much a line reads like a headline."""
    words = " ".join(text[slice(*span)].split())
    if len(words) > MAX_HEADLINE or not any(map(str.isalpha, words)):
        return _LEAST - _FEW_WORDS
    if words.endswith((":", ";", ",")) or words.casefold() in MONTHS:
        return _LEAST - _FEW_WORDS
    parts = [part.casefold() for part in _WORD.findall(words)]
    score = 2.0 if len(parts) >= _MANY_WORDS else 0.0 if len(parts) >= _FEW_WORDS else -1.0
    lower = [
        part for part in _WORD.findall(words)
        if part[0].islower() and part not in patterns.CONNECTORS
    ]  # fmt: skip
    if lower or not patterns.VERBS.isdisjoint(parts):
        score += 2 if len(parts) > _FEW_WORDS else 1
    if kind == "name":
        score -= 4
    elif len(parts) <= _MAX_RECURRING_WORDS:
        others = f"{text[: span[0]]}\n{text[span[1] : span[1] + _MAX_BODY]}"
        score -= 3 * recurs(fold_lines(others), words)
    score -= 4 * bool(HEAD_MATTER.search(words))
    if words[0] in '“"«' and words[-1] in '”"»' and len(parts) <= _MAX_RECURRING_WORDS:
        score -= 3  # a motto
    if words.endswith(".") and not words.endswith(("...", "U.S.")):
        score -= 2
    return score


def is_recurring_name(words: str, text: str) -> bool:
    """Whether a short line stands within the sentences of a text, as names do and headlines not."""
    body = "\n".join(line for line in text[:_MAX_BODY].split("\n") if is_sentence(line.strip()))
    return len(words.split()) <= _MAX_RECURRING_WORDS and recurs(fold_lines(body), words)


def recurs(body: str, words: str) -> bool:
    """Whether words stand within longer lines of the text, as a name does."""
    folded = re.escape(fold_lines(words).strip(" .:,–—-|"))
    return re.search(rf"[\w,’'”)]\W? {folded}\b|\b{folded}\W? [\w(’'“]", body) is not None


def fold_lines(words: str) -> str:
    """Return a text in lower case with single blanks within its lines."""
    return "\n".join(" ".join(line.split()) for line in words.casefold().split("\n"))


def _with_next_lines(text: str, lines: Sequence[HeadLine], number: int, span: Span) -> Span:
    """Return the span of a headline with the lines right below it in which it goes on."""
    for line in lines[number + 1 : number + 1 + _MAX_MORE_LINES]:
        between = text[span[1] : line.span[0]]
        words = text[slice(*line.span)]
        if line.kind != "text" or "\n\n" in between or line.span[1] - span[0] > MAX_HEADLINE:
            break
        above = text[slice(*span)]
        capitals = above.isupper() and words.isupper()
        if not (words[0].islower() or _OPEN_END.search(above) or capitals):
            break
        span = (span[0], line.span[1])
    return span
