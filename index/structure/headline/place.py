"""Finds where a release was issued: in a field, beside its date, or in its dateline."""

import re
from collections.abc import Sequence
from itertools import pairwise

from index.structure.headline.head_lines import HeadLine
from index.structure.headline.line_words import has_date, place_beside_date, place_of
from index.types import Span

MAX_DATELINE = 130
"""Characters of a dateline, at most."""

_FEW_WORDS = 3
_LAST_PARAGRAPHS = 5
_MAX_STAMP = 60
"""Characters of a line with place and date below the text, at most."""

_MAX_ACRONYM = 4
_WIRE = re.compile(
    r"(?:/[A-Z][\w -]{2,25}/|\((?:[A-Z]{2,}[\w ]*|Marketwired|Newsfile[\w ]*|Business Wire)\))"
)
DASH = re.compile(r"\s*(?:–|—|−|--|(?<=[\s.)])-(?=[\sA-ZÀ-Þ(]))\s*")
_PLACE_AND_COLON = re.compile(
    r"\A(?P<place>[A-ZÀ-Þ][\w.’' -]{1,30}, (?:[A-Z]{2}|[A-Z][a-z]{1,4}\.|"
    r"[A-Z]\.[A-Z]\.)): (?=[A-ZÀ-Þ“\"])"
)
"""A dateline with a colon: "Kisik, BC: For the first time …"."""

_SINGLE_BREAK = re.compile(r"[^\n]\n[^\n]")
"""A line right below another; without any, all lines are separated alike."""

_NOT_PLACE = re.compile(
    r"\b(?:today|yesterday|update|note|statement|background|news|release|q|a|question|answer|"
    r"aujourd[’']hui|contact|press|presse|media|médias|information|when|where|what|who|embargo|communiqué|corrected|summary|date|time)\b",
    re.IGNORECASE,
)


def find_place(
    text: str, paragraphs: Sequence[Span], lines: Sequence[HeadLine], headline: Span | None
) -> str | None:
    """Return the place of a field, a dateline or a date line, as it is written there."""
    for line in lines:
        if line.kind == "field" and line.field == "place" and line.value is not None:
            return " ".join(text[slice(*line.value)].split())
    for line in lines:
        if line.kind == "prose" and (opening := opening_place(text[slice(*line.span)])):
            return opening[0]
    return (
        _place_on_date_line(text, lines)
        or _place_near_date(text, lines, headline)
        or _place_at_end(text, paragraphs)
    )


def _place_at_end(text: str, paragraphs: Sequence[Span]) -> str | None:
    """Return the place beside the date below the text, as at the end of a letter."""
    for span in paragraphs[-_LAST_PARAGRAPHS:]:
        words = text[slice(*span)]
        if len(words) > _MAX_STAMP or not has_date(words):
            continue
        place = place_beside_date(words)
        if place is not None and words.startswith(place) and not _NOT_PLACE.search(place):
            return place
    return None


def _place_on_date_line(text: str, lines: Sequence[HeadLine]) -> str | None:
    for line in lines:
        if line.kind != "date":
            continue
        if line.value is None:
            place = place_beside_date(text[slice(*line.span)])
        else:
            place = place_of(DASH.split(text[slice(*line.value)])[0])
        if place is not None and not _NOT_PLACE.search(place):
            return place
    return None


def _place_near_date(text: str, lines: Sequence[HeadLine], headline: Span | None) -> str | None:
    """Return the place that is a line of its own right above or below the date."""
    spaced = _SINGLE_BREAK.search(text[: lines[-1].span[0]] if lines else "") is None
    for above, below in pairwise(lines):
        if not spaced and "\n\n" in text[above.span[1] : below.span[0]]:
            continue
        for date, other in ((above, below), (below, above)):
            words = text[slice(*other.span)]
            plain = other.kind == "text" and other.span != headline
            acronym = words.isupper() and len(words) <= _MAX_ACRONYM
            if date.kind != "date" or not plain or acronym or len(words.split()) > _FEW_WORDS:
                continue
            if (place := place_of(words)) is not None and not _NOT_PLACE.search(words):
                return place
    return None


def opening_place(words: str) -> tuple[str, int] | None:
    """Return the place of the dateline that opens a paragraph, and where the dateline ends."""
    head = words[:MAX_DATELINE]
    colon = _PLACE_AND_COLON.match(head)
    if colon is not None and (place := place_of(colon["place"])) is not None:
        return place, colon.end()
    for dash in DASH.finditer(head):
        left = head[: dash.start()]
        if len(left) > MAX_DATELINE // 2 + 30:
            break
        wire = _WIRE.search(left)
        rest = _WIRE.sub(" ", left)
        if not rest.strip() and wire:
            continue
        dated = has_date(rest)
        place = place_beside_date(rest) if dated else place_of(rest)
        if place is not None and not _NOT_PLACE.search(place):
            end = dash.end()
            tail = _WIRE.match(words, end)
            if tail is not None:
                after = DASH.match(words, tail.end())
                end = after.end() if after else tail.end()
            shouted = place.split(",")[0].isupper() and len(place) > 2  # noqa: PLR2004
            if dated or wire or tail or shouted or "," in place or "(" in place:
                return place, end
            starts = words[end : end + 1]
            if starts.isupper() or starts in '“"«':
                return place, end
        if not dated:
            return None
    return None
