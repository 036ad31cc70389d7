"""Paragraphs to passages: joined where too short to stand alone, split where too long.

A passage is what is embedded, searched and cited. None exceeds the encoder's window, so that
no word of a release is invisible to the vector search; the cut falls at a sentence end where
there is one.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.structure.types import Paragraph
from index.text.sentences import sentence_spans
from index.types import Passage, Span

MAX_CHARACTERS = 2_000
"""Bound of a passage whatever its tokens: one run of 1 MB can be a single unknown token."""

SHORT = 80
"""Characters; a paragraph shorter than this is joined to a neighbour."""

JOINED = 700
"""Characters; joining stops before a passage grows beyond this."""

_SPACES = " \n\t\u3000"

TokenStarts = Callable[[str], Sequence[int]]
"""Where each of the encoder's tokens begins in a text, in code points, in order."""


@dataclass(frozen=True, slots=True)
class EncoderWindow:
    """What fits into one passage: `tokens` of the encoder, and how to find them."""

    tokens: int
    token_starts: TokenStarts


def split_passages(
    text: str, paragraphs: Sequence[Paragraph], lang: str | None, window: EncoderWindow
) -> tuple[Passage, ...]:
    """Return the passages of a release, in order.

    Args:
        text: The release's text.
        paragraphs: Its paragraphs; end marks and empty stretches give no passage.
        lang: Language whose sentence rules apply; English when None.
        window: The encoder's limit.
    """
    found: list[Passage] = []
    for paragraph in _join_short_paragraphs(text, paragraphs):
        for span, sentences in _split_to_window(text, paragraph.span, lang, window):
            found.append(
                Passage(
                    len(found), paragraph.kind, span, sentences, paragraph.speaker, paragraph.role
                )
            )
    return tuple(found)


def _join_short_paragraphs(text: str, paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Join headings to what follows, and stray lines to what precedes them."""
    joined: list[Paragraph] = []
    pending = False
    for paragraph in paragraphs:
        start, end = paragraph.span
        if not any(map(str.isalnum, text[start:end])):
            continue
        last = joined[-1] if joined else None
        short = end - start < SHORT
        if last is None or last.standalone or paragraph.standalone:
            joined.append(paragraph)
            pending = short and not paragraph.standalone
            continue
        fits = end - last.span[0] <= JOINED
        tail = last.kind in {"contact", "boilerplate"}
        quoted = {last.speaker, paragraph.speaker} - {None}
        same = (paragraph.kind == last.kind or (pending and not tail)) and len(quoted) < 2  # noqa: PLR2004
        if fits and (pending or short) and (same or (short and paragraph.kind == "list")):
            kind = paragraph.kind if pending and last.span[1] - last.span[0] < SHORT else last.kind
            said = last if last.speaker else paragraph
            span = (last.span[0], end)
            joined[-1] = Paragraph(span, kind, speaker=said.speaker, role=said.role)
            pending = pending and short
        else:
            joined.append(paragraph)
            pending = short
    return joined


def _split_to_window(
    text: str, span: Span, lang: str | None, window: EncoderWindow
) -> Iterator[tuple[Span, tuple[Span, ...]]]:
    """Yield the parts of a paragraph that fit the window, each with its sentences."""
    words = text[slice(*span)]
    sentences = sentence_spans(words, lang)
    if len(words) <= window.tokens and words.isascii():  # a token is a character at least
        yield span, sentences
        return
    starts = window.token_starts(words)
    if len(starts) <= window.tokens and len(words) <= MAX_CHARACTERS:
        yield span, sentences
        return
    budget = _balanced_size(len(starts), window.tokens)
    part: list[Span] = []
    size = 0
    for piece, tokens in (
        p for s in sentences for p in _split_long_sentence(words, s, starts, window)
    ):
        longer = piece[1] - part[0][0] > MAX_CHARACTERS if part else False
        if part and (longer or size + tokens > window.tokens or size >= budget):
            yield _relative_to_part(span[0], part)
            part, size = [], 0
        part.append(piece)
        size += tokens
    if part:
        yield _relative_to_part(span[0], part)


def _relative_to_part(base: int, part: Sequence[Span]) -> tuple[Span, tuple[Span, ...]]:
    first = part[0][0]
    span = (base + first, base + part[-1][1])
    return span, tuple((start - first, end - first) for start, end in part)


def _balanced_size(tokens: int, limit: int) -> int:
    """Return the size of equal parts, so that no part is a stump of one sentence."""
    parts = -(-tokens // limit)
    return -(-tokens // parts)


def _split_long_sentence(
    words: str, sentence: Span, starts: Sequence[int], window: EncoderWindow
) -> Iterator[tuple[Span, int]]:
    """Yield a sentence with its tokens, or pieces of one that alone exceeds the window.

    The cut is at white space if there is any. Half a word has other tokens than it has within
    the whole, so these are counted anew.
    """
    start, end = sentence
    while start < end:
        stop = min(_position_of_token(starts, start, window.tokens), start + MAX_CHARACTERS, end)
        if stop < end:
            space = max(words.rfind(c, start + 1, stop + 1) for c in _SPACES)
            stop = space if space > start else max(stop, start + 1)
        tokens = _count_tokens(words, (start, stop), starts, window)
        while tokens > window.tokens and stop > start + 1:
            stop = start + (stop - start) * 7 // 8
            tokens = _count_tokens(words, (start, stop), starts, window)
        yield (start, start + len(words[start:stop].rstrip())), tokens
        start = stop
        while start < end and words[start].isspace():
            start += 1


def _count_tokens(words: str, span: Span, starts: Sequence[int], window: EncoderWindow) -> int:
    """Count the tokens that the words of `span` have when they stand alone."""
    if any(words[cut - 1 : cut].isalnum() and words[cut : cut + 1].isalnum() for cut in span):
        return len(window.token_starts(words[slice(*span)]))
    return _tokens_between(starts, span)


def _tokens_between(starts: Sequence[int], span: Span) -> int:
    return bisect_left(starts, span[1]) - bisect_left(starts, span[0])


def _position_of_token(starts: Sequence[int], position: int, count: int) -> int:
    index = bisect_left(starts, position) + count
    return starts[index] if index < len(starts) else 1 << 62
