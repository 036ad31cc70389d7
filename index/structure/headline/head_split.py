"""Separates the lines of a letterhead that were joined as if they were wrapped text."""

from collections.abc import Iterator, Sequence

from index.structure.headline.head_lines import classify_line, is_prose
from index.structure.headline.line_words import name_strength
from index.types import Span

_FIRST_LINES = 25
"""Paragraphs from the start in which lines of a letterhead may have been joined."""

_SHORT_LINE = 0.7
"""Length of a line that stands alone, relative to the longest beside it, at most."""

_MAX_NAME = 65
"""Characters of a name that stands alone, at most."""

_MAX_NAME_WORDS = 4
"""Words of each line where all are names."""


def split_head_lines(text: str, paragraphs: Sequence[Span]) -> list[Span]:
    """Return the paragraphs, lines of a letterhead that were joined as wrapped text separated.

    A label, a date, a name or the like is a line of its own; the lines of a headline stay together,
    and so do those of a text.
    """
    found: list[Span] = []
    for number, span in enumerate(paragraphs[:_FIRST_LINES]):
        words = text[slice(*span)]
        whole = classify_line(text, span)
        mixed = whole.kind in {"text", "name", "site", "prose"} or whole.value is not None
        if "\n" in words and (mixed or words.count("\n") > 1):
            found += _split_joined_lines(text, span)
        else:
            found.append(span)
        if classify_line(text, found[-1]).kind == "prose":
            return [*found, *paragraphs[number + 1 :]]
    return [*found, *paragraphs[_FIRST_LINES:]]


def _split_joined_lines(text: str, span: Span) -> Iterator[Span]:
    """Yield the lines that stand alone, and the lines between them together."""
    lines = [*_lines_of(text, span)]
    longest = max(end - start for start, end in lines)
    together: Span | None = None
    if all(_is_short_name(text[slice(*line)]) for line in lines):
        yield from lines
        return
    for line in lines:
        rest = (line[0], span[1])
        if together is None and is_prose(text[slice(*rest)]) and not _is_formal(text, line, 0):
            yield rest
            return
        above = "" if together is None else text[slice(*together)]
        if len(above) <= longest and _is_formal(text, line, longest):
            if together is not None:
                yield together
                together = None
            yield line
        else:
            together = (together[0] if together else line[0], line[1])
    if together is not None:
        yield together


def _is_short_name(words: str) -> bool:
    return name_strength(words) is not None and len(words.split()) <= _MAX_NAME_WORDS


def _lines_of(text: str, span: Span) -> Iterator[Span]:
    place = span[0]
    for line in text[slice(*span)].split("\n"):
        if stripped := line.strip():
            start = place + line.index(stripped[0])
            yield start, start + len(stripped)
        place += len(line) + 1


def _is_formal(text: str, span: Span, longest: int) -> bool:
    """Whether a line among others that were joined stands alone.

    Args:
        text: The text of the release.
        span: The line.
        longest: Characters of the longest line beside it; in a line nearly as long, words beside a
            date or a label are no sign.
    """
    line = classify_line(text, span)
    words = text[slice(*span)]
    if line.kind in {"label", "date"} and line.value is not None:
        return len(words) < _SHORT_LINE * longest
    if line.kind == "name":
        return words[-1] not in ",;" and len(words) <= _MAX_NAME
    if line.kind == "field":
        return line.field != "other" and (line.value is None or len(words) <= _MAX_NAME)
    return line.kind in {"label", "date", "reference"}
