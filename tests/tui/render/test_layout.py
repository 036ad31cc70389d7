"""Rows and excerpts: nothing lost, nothing wider than the screen, spans still true."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_engine import Document
from releases import HOSTILE, ORDINARY, SEOUL
from rich.cells import cell_len

from index.types import Passage
from tui.render.layout import (
    beginning,
    excerpt,
    flow,
    flow_release,
    release_rows,
    shorten,
    title_of,
    wrap,
)

WORDS = st.text(
    st.sampled_from("ab é  語한ن\u0301-,.“" + "x" * 3), min_size=1, max_size=120
).filter(lambda text: "\n" not in text)


def slow_wrap(text: str, width: int) -> list[str]:
    """Greedy breaking at spaces, one character at a time: for texts without wide words."""
    rows, row = [], ""
    for word in text.split(" "):
        joined = f"{row} {word}" if row else word
        if len(joined) > width and row:
            rows.append(row)
            row = word
        else:
            row = joined
    return [*rows, row]


@given(WORDS, st.integers(8, 40))
def test_rows_hold_the_whole_text_and_fit(text: str, width: int) -> None:
    """Joined, the rows are the text; without blanks at their ends none is too wide."""
    rows = list(wrap(text, 0, len(text), width))
    assert "".join(text[start:end] for start, end in rows) == text
    assert all(start < end for start, end in rows)
    for start, end in rows:
        row = text[start:end].rstrip(" ")
        assert cell_len(row) <= width or len(row) == 1


@given(
    st.lists(st.text("abcé", min_size=1, max_size=8), min_size=1, max_size=30), st.integers(8, 40)
)
def test_lines_break_where_a_greedy_reader_would(words: list[str], width: int) -> None:
    """Words are added to a row while they fit, however their cells are counted."""
    text = " ".join(words)
    rows = [text[start:end].rstrip(" ") for start, end in wrap(text, 0, len(text), width)]
    assert rows == slow_wrap(text, width)
    counted = text + " \u05d0"  # not of the plain ranges: its cells have to be counted
    rows = [counted[start:end].rstrip(" ") for start, end in wrap(counted, 0, len(counted), width)]
    assert rows == slow_wrap(counted, width)


def test_a_word_wider_than_a_row_is_cut() -> None:
    """A long address and Chinese without spaces fill their rows."""
    assert list(wrap("x" * 25, 0, 25, 10)) == [(0, 10), (10, 20), (20, 25)]
    assert list(wrap("語" * 12, 0, 12, 10)) == [(0, 5), (5, 10), (10, 12)]


@pytest.mark.parametrize("width", [8, 30, 60, 140])
@pytest.mark.parametrize("document", [*ORDINARY, HOSTILE], ids=lambda d: d.ref.id[:7])
def test_every_word_of_a_release_is_on_some_row(document: Document, width: int) -> None:
    """Everything but white space is drawn, in order, at any width."""
    shown = flow_release(document.text, document.passages)
    assert len(shown) == len(document.text)
    rows = release_rows(shown, document.passages, width)
    assert "".join("".join(shown[row.start : row.end].split()) for row in rows) == "".join(
        shown.split()
    )
    assert all(row.indent + cell_len(shown[row.start : row.end].rstrip()) <= width for row in rows)


def test_paragraphs_are_one_row_apart_and_know_their_kind() -> None:
    """Paragraphs are one empty row apart, however many line ends are between them."""
    text = "Head\nBody one.\n\n\nBody two."
    passages = (
        Passage(0, "headline", (0, 4), ()),
        Passage(1, "body", (5, 14), ()),
        Passage(2, "quote", (17, 26), ()),
    )
    rows = release_rows(text, passages, 40)
    assert [(text[row.start : row.end], row.kind, row.indent) for row in rows] == [
        ("Head", "headline", 0), ("", "", 0), ("Body one.", "body", 0), ("", "", 0),
        ("Body two.", "quote", 3),
    ]  # fmt: skip


def test_lines_broken_to_fit_a_page_are_joined() -> None:
    """Inside a paragraph a full line goes on in the next; a short line ends."""
    long = "This line was broken by somebody to fit on a page of paper"
    assert flow(f"{long}\nand goes on") == f"{long} and goes on"
    assert flow("Ottawa\nCanada") == "Ottawa\nCanada"


def test_an_excerpt_holds_the_evidence_from_its_start() -> None:
    """A long passage is cut at words around what answers; a short one is whole."""
    text = SEOUL.text.replace("\n", " ")
    start = text.index("welcomed")
    first, last = excerpt(text, (start, start + 60), 200)
    assert first <= start
    assert last >= start + 60
    assert last - first <= 210
    assert text[first - 1] == " "
    assert text[last] == " "
    assert excerpt("short", (0, 5), 200) == (0, 5)
    assert excerpt(text, None, 200)[0] == 0


@given(st.lists(st.text("abé", min_size=1, max_size=9), min_size=1), st.data())
def test_an_excerpt_is_cut_between_words(words: list[str], data: st.DataObject) -> None:
    """No word is drawn in part, whatever the evidence and the budget are."""
    text = " ".join(words)
    start = data.draw(st.sampled_from([0, *(at + 1 for at, c in enumerate(text) if c == " ")]))
    first, last = excerpt(text, (start, len(text)), data.draw(st.integers(20, 90)))
    assert first <= start < last
    assert first == 0 or text[first - 1] == " "
    assert last == len(text) or text[last] == " "
    rows = data.draw(st.integers(1, 3))
    end = beginning(text, start, len(text), 24, rows)
    assert end == len(text) or text[end - 1] == " " or text[end] == " "


def test_evidence_longer_than_the_excerpt_is_shown_from_its_start() -> None:
    """The beginning of a very long sentence is shown."""
    text = "word " * 400
    first, last = excerpt(text, (500, 1900), 300)
    assert 450 <= first <= 500
    assert last > first


def test_plain_text_is_laid_out_without_measuring_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two megabytes of one-cell characters are wrapped by position: no character is measured."""
    measured: list[str] = []
    monkeypatch.setattr("tui.render.layout.cell_len", measured.append)
    monkeypatch.setattr("tui.render.layout.get_character_cell_size", measured.append)
    text = ("Minister Joly met with Foreign Affairs Minister Park Jin here. " * 12 + "\n") * 2_600
    rows = release_rows(flow_release(text, ()), (), 60)
    assert measured == []
    assert len(rows) > 30_000


def test_a_line_is_cut_to_its_cells() -> None:
    """A headline that is too wide ends in an ellipsis; one that fits is unchanged."""
    assert shorten("Ferry", 5) == "Ferry"
    assert shorten("Ferry to Halifax", 7) == "Ferry…"
    assert shorten("語語語語", 6) == "語語…"
    assert shorten("語語語語", 8) == "語語語語"


def test_a_headline_of_several_lines_is_drawn_on_one() -> None:
    """Its line ends are spaces, not symbols."""
    ref = replace(SEOUL.ref, title=" Minister Joly\r\n  concludes visit\u2028to Korea\n")
    assert title_of(ref) == "Minister Joly concludes visit to Korea"
