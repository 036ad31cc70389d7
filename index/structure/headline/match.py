"""Where a headline that is known from the source stands in the text, if it does."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

from index.types import Span

MAX_HEADLINE = 220
"""Characters; a first line longer than this is a paragraph, not a headline."""

HEAD = 1_500
"""Characters from the start in which a release's headline and its own date can stand."""

HEAD_BLOCKS = 8
"""Blocks in which they can."""

_PAGE_BLOCKS = 250
"""Blocks in which it can when it has a line of its own: pages were saved with their menus."""

_FEW_LETTERS = 12
"""A shorter headline can be an entry of a menu."""

DATE_LINE = 60
"""A line that holds a date and is no longer than this is a date line."""

_BEGINNING = 30
"""Letters that a line has in common with a headline of which it is another wording, at least."""

_LETTERS_LOST = 0.85
"""How alike the letters of a line and of a garbled headline are, at least."""

_WORDS_SHARED = 0.75
"""Share of a headline's words that a line saying the same in another form has, at least."""

_WORDS_ADDED = 0.4
"""Share of such a line's words that do not stand in the headline, at most."""

_FEW = 5
"""Words; fewer in common are no sign that two lines say the same."""

_NAME_OF_COLUMN = 40
"""Characters before a headline that name what it heads: "The senator's view:"."""

_MORE = 12
"""Characters that a line goes on for after the headline as its source has it."""

_SENTENCE = re.compile(
    r"\b(?:following|issued|released|made|said|today)\b|\s[–—]\s|--|\A(?:What|Who|Where|When|WHAT|WHO):"
)
"""What stands in a sentence that announces a statement, in small letters, or opens the line of an
event, and is in no headline."""

_STATEMENT = re.compile(r"\b(?:statement|remarks|comments|letter)\b", re.IGNORECASE)
"""What a headline that ends with a colon is about: what follows it."""

_ENTITY = re.compile(r"&(?:amp|quot|lt|gt|nbsp|#\d{1,4});")
_WORD = re.compile(r"\w[\w'’]+")
_MARKS = "“”„«»‘’'\"()[]!?.*:-–—"
_AFTER_TITLE = re.compile(r"\s*(?:\Z|\n|[A-ZÀ-Þ0-9(“\"«])")


def title_span(text: str, blocks: Sequence[Span], title: str | None) -> Span | None:
    """Find a known headline in the first blocks, also run into a line or broken into several.

    Letter case, punctuation and blanks count for nothing: copies differ in them.
    """
    whole = (title or "").removesuffix("...").removesuffix("…").strip()
    if not whole or len(whole) > MAX_HEADLINE or not blocks:
        return None
    wanted, _ = _letters(whole, (0, len(whole)))
    limit = min(blocks[min(HEAD_BLOCKS, len(blocks)) - 1][1], HEAD)
    letters, places = _letters(text, (blocks[0][0], limit))
    position = letters.find(wanted) if wanted else -1
    while position >= 0:
        span = (places[position], places[position + len(wanted) - 1] + 1)
        found = _headline_at(text, blocks, _with_marks(text, span, whole), cut_short=whole != title)
        if found is not None:
            return found
        position = letters.find(wanted, position + 1)
    below = _line_of_its_own(text, blocks, wanted) if len(wanted) >= _FEW_LETTERS else None
    if below is not None:
        return below
    otherwise = _worded_otherwise(text, blocks, wanted)
    if otherwise is not None or wanted in letters:  # none were lost
        return otherwise
    return _garbled(text, blocks, wanted) or _rephrased(text, blocks, whole)


def _line_of_its_own(text: str, blocks: Sequence[Span], wanted: str) -> Span | None:
    """Return the line that is a headline letter by letter, below the menus of a saved page."""
    for span in blocks[HEAD_BLOCKS:_PAGE_BLOCKS]:
        long = len(wanted) <= span[1] - span[0] <= 2 * len(wanted)
        first = text[span[0]].lower()
        begins = first == wanted[0] or not first.isalnum()  # of most lines this is enough
        if long and begins and _letters(text, span)[0] == wanted:
            return span
    return None


def _worded_otherwise(text: str, blocks: Sequence[Span], wanted: str) -> Span | None:
    """Return the short line that begins as a headline does and goes on in other words."""
    for span in blocks[:HEAD_BLOCKS]:
        if span[1] - span[0] > MAX_HEADLINE:
            continue
        pairs = zip(wanted, _letters(text, span)[0], strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if same >= max(_BEGINNING, len(wanted) // 2):
            return span
    return None


def _garbled(text: str, blocks: Sequence[Span], wanted: str) -> Span | None:
    """Return the short line whose letters a headline has, but for some that were lost or changed.

    Sources whose fonts could not be read leave letters out of a title that the text has whole.
    """
    matcher = SequenceMatcher(None, "", wanted, autojunk=False)
    best: Span | None = None
    least = _LETTERS_LOST
    for span in _short_lines(text, blocks):
        matcher.set_seq1(_letters(text, span)[0])
        if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least:
            close = matcher.ratio()
            if close >= least:
                best, least = span, close
    return best


def _rephrased(text: str, blocks: Sequence[Span], title: str) -> Span | None:
    """Return the short line that has most words of a headline and few others.

    "Senator Doe issues statement on the bridge" is "STATEMENT FROM SEN. JANE DOE ON THE BRIDGE:".
    """
    wanted = _content(title)
    for span in _short_lines(text, blocks):
        words = _content(text[slice(*span)])
        shared = len(wanted & words)
        added = len(words) - shared
        if shared >= max(_FEW, _WORDS_SHARED * len(wanted)) and added <= _WORDS_ADDED * len(words):
            return span
    return None


def _short_lines(text: str, blocks: Sequence[Span]) -> Iterator[Span]:
    """Yield the first blocks that can be headlines: short, and no sentences."""
    for span in blocks[:HEAD_BLOCKS]:
        words = text[slice(*span)]
        leads_on = words[-1] in ".;," or (words[-1] == ":" and not _STATEMENT.search(words))
        if len(words) <= MAX_HEADLINE and not (leads_on or _SENTENCE.search(words)):
            yield span


def _content(words: str) -> frozenset[str]:
    return frozenset(_WORD.findall(words.casefold()))


def _headline_at(text: str, blocks: Sequence[Span], found: Span, *, cut_short: bool) -> Span | None:
    """Return where a headline stands if it is one there, and not words of a sentence."""
    first = next((span for span in blocks if span[0] <= found[0] < span[1]), None)
    last = next((span for span in blocks if span[0] < found[1] <= span[1]), None)
    if first is None or last is None:
        return None
    before = text[first[0] : found[0]]
    glued = before[-1:].islower() and text[found[0]].isupper()  # lines that lost their ends
    alone = not before.strip() or before.rstrip().endswith((".", "!", "?")) or glued
    named = len(before) <= _NAME_OF_COLUMN and before.rstrip().endswith(":")
    dated = len(before) <= DATE_LINE and any(map(str.isdigit, before))
    if first != last and ((before.strip() and not dated) or found[1] != last[1]):
        return None  # of several lines it takes the whole, but for a date before it
    if alone and cut_short and last[1] - found[0] <= 2 * MAX_HEADLINE:
        return (found[0], last[1])
    if not ((alone or named or dated) and _AFTER_TITLE.match(text, found[1])):
        return None
    rest = text[found[1] : last[1]]
    whole = 0 < len(rest) <= _MORE and rest.replace(" ", "").isalpha()
    return (found[0], last[1]) if whole else found


def _letters(text: str, span: Span) -> tuple[str, list[int]]:
    """Return the letters and digits of a stretch in small letters, and where each stands."""
    letters: list[str] = []
    places: list[int] = []
    entities = {n for m in _ENTITY.finditer(text, *span) for n in range(*m.span())}
    for place in range(*span):
        small = text[place].lower()
        if small.isalnum() and len(small) == 1 and place not in entities:
            letters.append(small)
            places.append(place)
    return "".join(letters), places


def _with_marks(text: str, span: Span, title: str) -> Span:
    """Return a headline's span with the marks that it begins and ends with."""
    opening = len(title) - len(title.lstrip(_MARKS))
    closing = len(title) - len(title.rstrip(_MARKS))
    start, end = span
    while opening and start and text[start - 1] in _MARKS:
        start, opening = start - 1, opening - 1
    while closing and end < len(text) and text[end] in _MARKS:
        end, closing = end + 1, closing - 1
    return start, end
