"""Splitting any text into passages and sentences: no word is lost, all fits the window."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from index_parts import check_offsets

from index.ingest.parse import parse_release
from index.readers.base import Draft
from index.store.rows import pack_spans, unpack_spans
from index.structure.analyze import analyze
from index.structure.passages import EncoderWindow

PIECES = st.sampled_from(
    [
        "The bridge is open.", "Mr. Smith paid $4.2 million, e.g. for steel.", "“Glad,” she said.",
        "HALIFAX, March 3, 2021 -", "• first point", "1. second point", "About Acme",
        "Media contact:", "FOR IMMEDIATE RELEASE", "March 3, 2021", "橋が開いた。四百万ドル。",
        "다리가 열렸다. 밟고 간다.", "ภาษาไทยเป็นภาษาที่มีระดับเสียง", "a/b-c/" * 60, "x" * 130,
        "각" * 90, "e\u0301te\u0301", "👍🏽", "ﬁ", "ß",
        "\u202eabc\u202c", "###", "- 30 -", "word " * 300, "no end", "\u00a0", "\u3000", "٣٤", "½",
    ]
)  # fmt: skip
GAPS = st.sampled_from([" ", "\n", "\n\n", "\n \n", "", "\t", "  "])
TEXTS = st.lists(st.tuples(PIECES | st.text(max_size=20), GAPS), min_size=1, max_size=25).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs)
)
END_MARK = re.compile(r"[-–—]+\s*30\s*[-–—]+")
SETTINGS = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SETTINGS
@given(text=TEXTS, lang=st.sampled_from([None, "en", "fr", "ja", "ko", "th", "zz"]))
@example(text="각각 밟읽 " * 40, lang="ko")
@example(text="/".join(f"abcdefghij{n}" for n in range(300)), lang=None)
@example(text="word\n30\nword", lang=None)
def test_every_word_is_in_a_passage_and_fits_the_window(
    text: str, lang: str | None, window: EncoderWindow
) -> None:
    """Passages are in order, within the encoder's window, and hold every letter and digit."""
    prepared = parse_release(Draft(text.encode(errors="replace").decode(), lang=lang), "a", window)
    check_offsets(prepared, window)
    stored = prepared.release.text
    covered = [False] * len(stored)
    for passage in prepared.passages:
        start, stop = passage.span
        covered[start:stop] = [True] * (stop - start)
    for match in END_MARK.finditer(stored):
        covered[match.start() : match.end()] = [True] * (match.end() - match.start())

    assert [] == [
        c for c, inside in zip(stored, covered, strict=True) if c.isalnum() and not inside
    ]


@SETTINGS
@given(text=TEXTS)
def test_paragraphs_are_in_order_and_hold_every_word(text: str) -> None:
    """Paragraphs are spans of the text, in order, with every letter and digit."""
    structure = analyze(text)
    end = 0
    for paragraph in structure.paragraphs:
        start, stop = paragraph.span
        assert end <= start < stop <= len(text)
        assert not any(map(str.isalnum, END_MARK.sub("", text[end:start])))
        end = stop

    assert not any(map(str.isalnum, END_MARK.sub("", text[end:])))


@given(
    st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)), max_size=20).map(
        tuple
    )
)
def test_spans_survive_packing(spans: tuple[tuple[int, int], ...]) -> None:
    """Spans of any size are the same after the store has packed and unpacked them."""
    assert spans == unpack_spans(pack_spans(spans))
    assert 8 * len(spans) == len(pack_spans(spans))


def test_short_paragraphs_are_joined_and_long_ones_split(
    window: EncoderWindow,
) -> None:
    """A stray line joins its neighbour; a long paragraph is split evenly at sentence ends."""
    sentence = "The province has opened a footbridge across the harbour of the old town. "
    text = f"Headline of the release\n\nNote.\n\n{sentence.strip()}\n\n{sentence * 30}"
    prepared = parse_release(Draft(text), "a", window)
    words = [prepared.release.text[slice(*p.span)] for p in prepared.passages]

    assert "Headline of the release" == words[0]
    assert f"Note.\n\n{sentence.strip()}" == words[1]
    cut = words[2:]
    assert 2 == len(cut)
    assert all(part.startswith("The province") and part.endswith("town.") for part in cut)
    assert 15 == len(prepared.passages[2].sentences) == len(prepared.passages[3].sentences)


@pytest.mark.parametrize("mark", ["-30-", "– 30 –", "###", "# # #"])
def test_end_marks_are_not_passages_but_a_plain_30_is(mark: str, window: EncoderWindow) -> None:
    """The mark at the end is left out; a line that is only the number 30 is kept."""
    text = (
        "Headline\n\nThe sum of the table of all the bridges of the province is below here.\n\n30"
    )
    (last, marked) = (
        parse_release(Draft(f"{text}{end}"), "a", window).passages[-1]
        for end in ("", f"\n\n{mark}")
    )

    assert len(text) == last.span[1] == marked.span[1]
