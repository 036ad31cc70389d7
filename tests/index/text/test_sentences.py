"""Sentence boundaries: pieces of long texts, and time that stays linear."""

import pytest
import sentencex
from growth import LINEAR, growth
from hostile_documents import PROSE, many_stops

from index.text.sentences import sentence_spans
from index.types import Span


def split_whole(text: str) -> list[Span]:
    """The sentences of a text that sentencex is given as a whole."""
    spans = []
    for found in sentencex.get_sentence_boundaries("en", text):
        piece = text[found["start_index"] : found["end_index"]]
        if piece.strip():
            start = found["start_index"] + len(piece) - len(piece.lstrip())
            spans.append((start, start + len(piece.strip())))
    return spans


def test_a_long_text_has_the_sentences_of_the_whole() -> None:
    """Sentences are the same wherever a piece of a long text ends, also one longer than a piece."""
    sentences = [
        f"On day {i} Dr. Roy said {'so ' * (i % 90)}“It’s 3.{i}. Go.” " for i in range(400)
    ]
    endless = "and then they all crossed the harbour, " * 700
    text = f"{''.join(sentences)}{endless}. {PROSE} “So it is.”"

    assert len(text) > 60_000
    assert split_whole(text) == list(sentence_spans(text))


def test_signs_that_end_sentences_take_linear_time() -> None:
    """A text of "@!@!@!" takes time in proportion to its length."""
    assert growth(sentence_spans, lambda size: many_stops(size).decode(), 10_000) < LINEAR


@pytest.mark.parametrize("space", ["\u00a0", "\u2028", "\u3000", "\t\u2009"])
@pytest.mark.parametrize("lang", ["en", "fr", "de", "ar"])
def test_white_space_before_the_stop_of_an_initial(space: str, lang: str) -> None:
    """Sentencex ends the program at this; the sentences are those with a plain space there."""
    text = f"He met J{space}. Smith. It was late."

    assert sentence_spans(text.replace(space, " " * len(space)), lang) == sentence_spans(text, lang)


@pytest.mark.parametrize("town", ["Minneapolis-St. Paul", "Port-Ste. Anne", "Sault Ste. Marie"])
def test_the_name_of_a_saint_ends_no_sentence(town: str) -> None:
    """A town named after a saint stays in one sentence."""
    text = f"They met in {town} on Monday. Nobody spoke."
    assert [text[a:b] for a, b in sentence_spans(text)] == [
        f"They met in {town} on Monday.", "Nobody spoke.",
    ]  # fmt: skip
