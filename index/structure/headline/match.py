"""Finds a headline that the source gives in the text of the release."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

from index.structure.headline.line_types import (
    HEAD_CHARACTERS,
    HEAD_PARAGRAPHS,
    MAX_DATE_LINE,
    MAX_HEADLINE,
)
from index.types import Span

_PAGE_PARAGRAPHS = 250
"""Paragraphs in which a headline on its own line can stand: some pages were saved with menus."""

_MIN_EXACT_LETTERS = 12
"""Letters; a shorter headline may also be an entry of a menu."""

_MIN_COMMON_LETTERS = 30
"""Letters that a headline in other words has in common with the title at its start, at least."""

_MIN_SIMILARITY = 0.85
"""Similarity (`SequenceMatcher.ratio`) of a line to a title that lost letters, at least."""

_MIN_SHARED_WORDS = 0.75
"""Share of the title's words in a rephrased headline, at least."""

_MAX_ADDED_WORDS = 0.4
"""Share of a rephrased headline's words that are not in the title, at most."""

_MIN_COMMON_WORDS = 5
"""Words that a rephrased headline shares with the title, at least."""

_MAX_COLUMN_NAME = 40
"""Characters; the longest name of a column before a headline, such as "The senator's view:"."""

_MAX_REST = 12
"""Characters by which a headline may be longer than the title."""

_ANNOUNCEMENT = re.compile(
    r"\b(?:following|issued|released|made|said|today)\b|\s[–—]\s|--|\A(?:What|Who|Where|When|WHAT|WHO):"
)
"""Words and marks of a sentence that announces a statement or an event; headlines have none."""

_STATEMENT = re.compile(r"\b(?:statement|remarks|comments|letter)\b", re.IGNORECASE)
"""Words of a headline that may end with a colon, since it announces what follows."""

_ENTITY = re.compile(r"&(?:amp|quot|lt|gt|nbsp|#\d{1,4});")
_WORD = re.compile(r"\w[\w'’]+")
_MARKS = "“”„«»‘’'\"()[]!?.*:-–—"
_AFTER_TITLE = re.compile(r"\s*(?:\Z|\n|[A-ZÀ-Þ0-9(“\"«])")


def title_span(text: str, paragraphs: Sequence[Span], title: str | None) -> Span | None:
    """Return where a title stands in the text, perhaps within a line or over several lines.

    Letter case, punctuation and white space are ignored, since copies differ in them.
    """
    shortened = (title or "").removesuffix("...").removesuffix("…").strip()
    if not shortened or len(shortened) > MAX_HEADLINE or not paragraphs:
        return None
    wanted, _ = _letters(shortened, (0, len(shortened)))
    limit = min(paragraphs[min(HEAD_PARAGRAPHS, len(paragraphs)) - 1][1], HEAD_CHARACTERS)
    letters, positions = _letters(text, (paragraphs[0][0], limit))
    place = letters.find(wanted) if wanted else -1
    while place >= 0:
        match = (positions[place], positions[place + len(wanted) - 1] + 1)
        match = _include_marks(text, match, shortened)
        found = _as_headline(text, paragraphs, match, shortened=shortened != title)
        if found is not None:
            return found
        place = letters.find(wanted, place + 1)
    found = _exact_line(text, paragraphs, wanted) or _same_beginning(text, paragraphs, wanted)
    if found is not None or wanted in letters:  # in the latter case the title lost no letters
        return found
    return _most_similar_line(text, paragraphs, wanted) or _same_words(text, paragraphs, shortened)


def _exact_line(text: str, paragraphs: Sequence[Span], wanted: str) -> Span | None:
    """Return the line with exactly the title's letters, further down a page saved with menus."""
    if len(wanted) < _MIN_EXACT_LETTERS:
        return None
    for span in paragraphs[HEAD_PARAGRAPHS:_PAGE_PARAGRAPHS]:
        similar_length = len(wanted) <= span[1] - span[0] <= 2 * len(wanted)
        first = text[span[0]].lower()
        same_first = first == wanted[0] or not first.isalnum()  # a cheap test rejects most lines
        if similar_length and same_first and _letters(text, span)[0] == wanted:
            return span
    return None


def _same_beginning(text: str, paragraphs: Sequence[Span], wanted: str) -> Span | None:
    """Return the short line that begins like the title and continues in other words."""
    for span in paragraphs[:HEAD_PARAGRAPHS]:
        if span[1] - span[0] > MAX_HEADLINE:
            continue
        pairs = zip(wanted, _letters(text, span)[0], strict=False)
        common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if common >= max(_MIN_COMMON_LETTERS, len(wanted) // 2):
            return span
    return None


def _most_similar_line(text: str, paragraphs: Sequence[Span], wanted: str) -> Span | None:
    """Return the short line most similar to a title that lost or changed some letters.

    Sources whose fonts could not be read leave out letters of a title that the text has in full.
    """
    matcher = SequenceMatcher(None, "", wanted, autojunk=False)
    best: Span | None = None
    least = _MIN_SIMILARITY
    for span in _short_lines(text, paragraphs):
        matcher.set_seq1(_letters(text, span)[0])
        if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least:
            similarity = matcher.ratio()
            if similarity >= least:
                best, least = span, similarity
    return best


def _same_words(text: str, paragraphs: Sequence[Span], title: str) -> Span | None:
    """Return the short line with most words of the title and few others.

    The title "Senator Doe issues statement on the bridge" finds the headline "STATEMENT FROM SEN.
    JANE DOE ON THE BRIDGE:".
    """
    wanted = _word_set(title)
    for span in _short_lines(text, paragraphs):
        words = _word_set(text[slice(*span)])
        shared = len(wanted & words)
        added = len(words) - shared
        if shared >= max(
            _MIN_COMMON_WORDS, _MIN_SHARED_WORDS * len(wanted)
        ) and added <= _MAX_ADDED_WORDS * len(words):
            return span
    return None


def _short_lines(text: str, paragraphs: Sequence[Span]) -> Iterator[Span]:
    """Yield the first paragraphs that can be headlines: short, and not sentences."""
    for span in paragraphs[:HEAD_PARAGRAPHS]:
        words = text[slice(*span)]
        incomplete = words[-1] in ".;," or (words[-1] == ":" and not _STATEMENT.search(words))
        if len(words) <= MAX_HEADLINE and not (incomplete or _ANNOUNCEMENT.search(words)):
            yield span


def _word_set(words: str) -> frozenset[str]:
    return frozenset(_WORD.findall(words.casefold()))


def _as_headline(
    text: str, paragraphs: Sequence[Span], match: Span, *, shortened: bool
) -> Span | None:
    """Return the span of the headline at `match`; None when the match is part of a sentence."""
    first = next((span for span in paragraphs if span[0] <= match[0] < span[1]), None)
    last = next((span for span in paragraphs if span[0] < match[1] <= span[1]), None)
    if first is None or last is None:
        return None
    before = text[first[0] : match[0]]
    unspaced = before[-1:].islower() and text[match[0]].isupper()  # lines joined without a space
    alone = not before.strip() or before.rstrip().endswith((".", "!", "?")) or unspaced
    named = len(before) <= _MAX_COLUMN_NAME and before.rstrip().endswith(":")
    dated = len(before) <= MAX_DATE_LINE and any(map(str.isdigit, before))
    if first != last and ((before.strip() and not dated) or match[1] != last[1]):
        return None  # over several lines, it must fill them, except for a date before it
    if alone and shortened and last[1] - match[0] <= 2 * MAX_HEADLINE:
        return (match[0], last[1])
    if not ((alone or named or dated) and _AFTER_TITLE.match(text, match[1])):
        return None
    rest = text[match[1] : last[1]]
    longer = 0 < len(rest) <= _MAX_REST and rest.replace(" ", "").isalpha()
    return (match[0], last[1]) if longer else match


def _letters(text: str, span: Span) -> tuple[str, list[int]]:
    """Return the letters and digits of a span in lower case, and the position of each."""
    letters: list[str] = []
    positions: list[int] = []
    entities = {n for m in _ENTITY.finditer(text, *span) for n in range(*m.span())}
    for place in range(*span):
        letter = text[place].lower()
        if letter.isalnum() and len(letter) == 1 and place not in entities:
            letters.append(letter)
            positions.append(place)
    return "".join(letters), positions


def _include_marks(text: str, span: Span, title: str) -> Span:
    """Return a headline's span with the punctuation that the title begins and ends with."""
    opening = len(title) - len(title.lstrip(_MARKS))
    closing = len(title) - len(title.rstrip(_MARKS))
    start, end = span
    while opening and start and text[start - 1] in _MARKS:
        start, opening = start - 1, opening - 1
    while closing and end < len(text) and text[end] in _MARKS:
        end, closing = end + 1, closing - 1
    return start, end
