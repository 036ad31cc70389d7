"""Texts that are long in an unusual way: linear time, bounded pieces, few enough vectors."""

import re
from itertools import pairwise

from growth import LINEAR, growth
from hostile_documents import long_space, many_stops, one_paragraph, one_word, short_sentences

from index.readers.charset import normalize_text
from index.structure.analyze import analyze
from index.structure.passages import MAX_SENTENCES, EncoderWindow, split_passages
from index.types import Passage


def read(text: str, asked: list[int] | None = None) -> tuple[Passage, ...]:
    """The passages of a text, for an encoder of words; lengths that are tokenized go to `asked`."""

    def token_starts(words: str) -> list[int]:
        if asked is not None:
            asked.append(len(words))
        return [found.start() for found in re.finditer(r"\w{1,12}|[^\w\s]", words)]

    paragraphs = analyze(text).paragraphs
    return split_passages(text, paragraphs, "en", EncoderWindow(254, token_starts))


def test_a_long_paragraph_is_tokenized_in_pieces() -> None:
    """However long a paragraph is, the tokenizer gets little at once, and no word is lost."""
    asked: list[int] = []
    text = one_paragraph(2_000).decode()
    passages = read(text, asked)

    assert len(text) > 300_000
    assert max(asked) <= 50_000
    between = (text[a.span[1] : b.span[0]] for a, b in pairwise(passages))
    assert {" "} == set(between)
    assert (0, len(text)) == (passages[0].span[0], passages[-1].span[1])
    assert all(text[p.span[0]].isupper() and text[p.span[1] - 1] == "." for p in passages)


def test_a_word_longer_than_a_piece_is_cut_without_loss() -> None:
    """A word of 200,000 letters is covered by passages."""
    text = one_word(200_000).decode()
    passages = read(text)

    assert all(a.span[1] >= b.span[0] - 2 for a, b in pairwise(passages))
    assert 200_000 < sum(p.span[1] - p.span[0] for p in passages)


def test_a_passage_has_a_bounded_number_of_sentences() -> None:
    """Sentences of one word are joined where a passage has very many; all words stay covered."""
    text = short_sentences(3_000).decode()
    passages = read(text)

    assert max(len(p.sentences) for p in passages) == MAX_SENTENCES
    assert sum(len(p.sentences) for p in passages) < 3_000 / 3
    for p in passages:
        assert (0, p.span[1] - p.span[0]) == (p.sentences[0][0], p.sentences[-1][1])
        words = text[slice(*p.span)]
        assert all(words[a[1] : b[0]].isspace() for a, b in pairwise(p.sentences))


def test_long_white_space_takes_linear_time() -> None:
    """Space of any length stands between words like a short one, and a blank line like another."""

    def read_normalized(text: bytes) -> tuple[Passage, ...]:
        return read(normalize_text(text.decode()))

    long = f"A word{chr(0x2003) * 2_000}and more{f'{chr(10)} ' * 2_000}end."
    assert "A word and more\n\nend." == normalize_text(long)
    assert long_space(90).decode() == normalize_text(long_space(90).decode())
    assert growth(read_normalized, long_space, 4_000) < LINEAR


def test_reading_takes_linear_time() -> None:
    """The structure of hostile texts is found in time in proportion to their length."""
    for make, size in ((many_stops, 4_000), (short_sentences, 3_000), (one_paragraph, 300)):
        assert growth(read, lambda count, make=make: make(count).decode(), size) < LINEAR, make
