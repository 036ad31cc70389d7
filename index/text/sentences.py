"""Sentences of a paragraph, as offsets.

The splitting itself is sentencex's, which has rules for some 300 languages; this module
turns its result into spans without the white space around them.
"""

import sentencex

from index.types import Span

DEFAULT_LANG = "en"


def sentence_spans(text: str, lang: str | None = None) -> tuple[Span, ...]:
    """Return the spans of the sentences of `text`, in order, without surrounding space.

    Args:
        text: Any text; a paragraph as a rule.
        lang: ISO 639-1 code whose abbreviations and marks apply; English when None.
    """
    spans: list[Span] = []
    for boundary in sentencex.get_sentence_boundaries(lang or DEFAULT_LANG, text):
        start, end = boundary["start_index"], boundary["end_index"]
        piece = text[start:end]
        body = piece.strip()
        if body:
            lead = start + len(piece) - len(piece.lstrip())
            spans.append((lead, lead + len(body)))
    return tuple(spans)
