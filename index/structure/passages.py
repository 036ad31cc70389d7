"""Paragraphs to passages: short paragraphs are joined, long ones are split.

A passage is what is embedded, searched and cited. None exceeds the encoder's window, so that
the vector search sees every word of a release. Long paragraphs are split at sentence ends where
possible.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.structure.paragraphs import bounded_pieces
from index.structure.types import Paragraph
from index.text.sentences import sentence_spans
from index.types import Passage, Span

MAX_CHARACTERS = 2_000
"""Characters of a passage, at most: a word of 1 MB can be a single unknown token."""

MAX_SENTENCES = 24
"""Sentences of a passage, each of which has a vector. Of a hundred thousand passages of releases,
twenty have more, which are lists of names; a text of one-word sentences has five times as many."""

MIN_ALONE = 80
"""Characters; a shorter paragraph is joined to a neighbour."""

MAX_JOINED = 700
"""Characters; paragraphs are not joined to a longer passage than this."""

_SPACES = " \n\t\u3000"

TokenStarts = Callable[[str], Sequence[int]]
"""Returns where each of the encoder's tokens begins in a text, in code points, in order."""


@dataclass(frozen=True, slots=True)
class EncoderWindow:
    """The encoder's limit for one passage: a number of tokens, and how to find them."""

    tokens: int
    token_starts: TokenStarts


def split_passages(
    text: str, paragraphs: Sequence[Paragraph], lang: str | None, window: EncoderWindow
) -> tuple[Passage, ...]:
    """Return the passages of a release, in order.

    Args:
        text: The release's text.
        paragraphs: Its paragraphs; one without a letter or digit gives no passage.
        lang: ISO 639-1 code that chooses the sentence rules; English when None.
        window: The encoder's limit.
    """
    found: list[Passage] = []
    for paragraph in _join_short_paragraphs(text, paragraphs):
        for piece in bounded_pieces(text, paragraph.span):
            for span, sentences in _split_to_window(text, piece, lang, window):
                found.append(
                    Passage(
                        len(found), paragraph.kind, span, _join_sentences(sentences),
                        paragraph.speaker, paragraph.role,
                    )
                )  # fmt: skip
    return tuple(found)


def _join_sentences(sentences: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the sentences of a passage; neighbours are joined where there are too many."""
    count = len(sentences)
    if count <= MAX_SENTENCES:
        return sentences
    edges = [number * count // MAX_SENTENCES for number in range(MAX_SENTENCES + 1)]
    return tuple((sentences[a][0], sentences[b - 1][1]) for a, b in pairwise(edges))


def _join_short_paragraphs(text: str, paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Join headings to the paragraph after them, and stray lines to the one before them."""
    joined: list[Paragraph] = []
    pending = False
    for paragraph in paragraphs:
        start, end = paragraph.span
        if not any(map(str.isalnum, text[start:end])):
            continue
        last = joined[-1] if joined else None
        short = end - start < MIN_ALONE
        if last is None or last.standalone or paragraph.standalone:
            joined.append(paragraph)
            pending = short and not paragraph.standalone
            continue
        fits = end - last.span[0] <= MAX_JOINED
        heading = pending and last.kind not in {"contact", "boilerplate"}
        one_speaker = not (last.speaker and paragraph.speaker) or last.speaker == paragraph.speaker
        alike = (paragraph.kind == last.kind or heading) and one_speaker
        if fits and (pending or short) and (alike or (short and paragraph.kind == "list")):
            last_is_short = last.span[1] - last.span[0] < MIN_ALONE
            kind = paragraph.kind if pending and last_is_short else last.kind
            quoted = last if last.speaker else paragraph
            span = (last.span[0], end)
            joined[-1] = Paragraph(span, kind, speaker=quoted.speaker, role=quoted.role)
            pending = pending and short
        else:
            joined.append(paragraph)
            pending = short
    return joined


def _split_to_window(
    text: str, span: Span, lang: str | None, window: EncoderWindow
) -> Iterator[tuple[Span, tuple[Span, ...]]]:
    """Yield the parts of a paragraph that fit the window, with their sentences."""
    words = text[slice(*span)]
    sentences = sentence_spans(words, lang)
    if len(words) <= window.tokens and words.isascii():  # a token has at least one character
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
    """Return the span of a part of a paragraph at `base`, and its sentences relative to it."""
    first = part[0][0]
    span = (base + first, base + part[-1][1])
    return span, tuple((start - first, end - first) for start, end in part)


def _balanced_size(tokens: int, limit: int) -> int:
    """Return the number of tokens of equal parts, so that the last part is not too short."""
    parts = -(-tokens // limit)
    return -(-tokens // parts)


def _split_long_sentence(
    words: str, sentence: Span, starts: Sequence[int], window: EncoderWindow
) -> Iterator[tuple[Span, int]]:
    """Yield a sentence with its number of tokens, or pieces of one that exceeds the window.

    It is split at white space if it has any. Half a word has other tokens than the whole word, so
    its tokens are counted again.
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
    """Count the tokens of the words of `span` on their own."""
    if any(words[cut - 1 : cut].isalnum() and words[cut : cut + 1].isalnum() for cut in span):
        return len(window.token_starts(words[slice(*span)]))
    return _tokens_between(starts, span)


def _tokens_between(starts: Sequence[int], span: Span) -> int:
    return bisect_left(starts, span[1]) - bisect_left(starts, span[0])


def _position_of_token(starts: Sequence[int], position: int, count: int) -> int:
    index = bisect_left(starts, position) + count
    return starts[index] if index < len(starts) else 1 << 62
