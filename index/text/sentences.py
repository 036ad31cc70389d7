"""Sentence boundaries, as offsets.

`sentence_spans` splits a paragraph with sentencex, which has rules for some 300 languages. The
other functions are cheap rules for English and French: they look at a few words beside a
quotation or a name, where splitting the whole paragraph again would be slow.
"""

import re
from collections.abc import Iterator

import sentencex

from index.types import Span

DEFAULT_LANG = "en"

_PIECE = 10_000
"""Characters that sentencex is given at once: its time grows with the square of what it is given
where signs such as "@!" follow each other, and nothing interrupts it. Few paragraphs are longer."""

_INITIAL_APART = re.compile(r"(?<!\w\w)(?<=\w)\s+(?=\.)")
"""White space between a single letter and its full stop. sentencex takes each of these characters
for one byte, and ends the program when one has more, such as the space that does not break."""

_SAINT = re.compile(r"(?<=\w)-(?=Ste?\.\s)|(?<=\bSte)\.(?=\s+[A-ZÀ-Þ])")
"""The hyphen before "St.", and the full stop of "Ste.": sentencex knows only the word "St.", and
ends a sentence inside "Minneapolis-St. Paul" and "Sault Ste. Marie"."""

_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.-?){1,3}[A-ZÀ-Þ]?\.?")
_ABBREVIATION = re.compile(
    r"(?:dr|mr|mrs|ms|sen|sens|rep|reps|gov|hon|gen|lt|col|sgt|supt|prof|rev|st|jr|sr|m|mme|me|"
    r"u\.s|capt|maj|brig|adm|cpl|const|insp|ste)\.",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?][”\"»)]?\s+(?=\W?[A-ZÀ-Þ])|[.!?](?=[A-ZÀ-Þ“])")
_ABBREVIATION_BEFORE = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Sen|Sens|Rep|Reps|Gov|Hon|Gen|Lt|Col|Sgt|Supt|Prof|Rev|St|Jr|Sr|M|"
    r"Mme|U\.S|D\.C|No|Capt|Maj|Ste|vs|Inc|Corp|Co|Ltd)|\b[A-ZÀ-Þ])\.\Z"
)


def sentence_spans(text: str, lang: str | None = None) -> tuple[Span, ...]:
    """Return the spans of the sentences of `text`, in order, without surrounding space.

    Args:
        text: Any text, usually a paragraph.
        lang: ISO 639-1 code that chooses the rules; English when None.
    """
    spans: list[Span] = []
    for start, end in _sentences(text, lang or DEFAULT_LANG):
        piece = text[start:end]
        body = piece.strip()
        if body:
            lead = start + len(piece) - len(piece.lstrip())
            spans.append((lead, lead + len(body)))
    return tuple(spans)


def _sentences(text: str, lang: str) -> Iterator[Span]:
    """Yield the spans of the sentences of `text` with the space around them, piece by piece.

    The last sentence of a piece may go on behind it, so the next piece begins with that sentence;
    when it is the only one of its piece, the next piece continues it.
    """
    begun = place = 0
    while place < len(text):
        last = place + _PIECE >= len(text)
        piece = text[place : place + _PIECE]
        found = [
            place + boundary["start_index"]
            for boundary in sentencex.get_sentence_boundaries(
                lang, _SAINT.sub(" ", _INITIAL_APART.sub(_narrow, piece))
            )
        ]
        for start in found[1:]:
            yield begun, start
            begun = start
        place = len(text) if last else begun if len(found) > 1 else place + _PIECE
    if begun < len(text):
        yield begun, len(text)


def _narrow(space: re.Match[str]) -> str:
    """Return white space of one byte a character."""
    return space[0] if space[0].isascii() else " " * len(space[0])


def last_sentence_start(text: str, start: int, end: int) -> int:
    """Return where the last sentence between `start` and `end` begins."""
    found = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if not _is_abbreviation_at(text, match.start()):
            found = match.end()
    return found


def first_sentence_end(text: str, start: int, end: int) -> int:
    """Return where the first sentence between `start` and `end` ends, its full stop included."""
    for match in _SENTENCE_END.finditer(text, start, end):
        if not _is_abbreviation_at(text, match.start()):
            return match.start() + 1
    return end


def _is_abbreviation_at(text: str, stop: int) -> bool:
    """Whether the full stop at `stop` is part of an abbreviation."""
    return _ABBREVIATION_BEFORE.search(text, max(0, stop - 5), stop + 1) is not None


def ends_sentence(word: str) -> bool:
    """Whether a word ends a sentence; the stop of an abbreviation or an initial does not."""
    return word.endswith((".", "!", "?")) and not (
        _ABBREVIATION.fullmatch(word) or is_initial(word)
    )


def is_initial(word: str) -> bool:
    """Whether a word is one or more initials: J., R.J., U.S."""
    return _INITIALS.fullmatch(word) is not None
