"""The tables and the plot of benchmarks/rivals.py show what was measured."""

from collections.abc import Mapping
from typing import Any

import pytest
from log_plot import Panel, log_plot, log_ticks
from lxml.etree import fromstring
from marked_page import fill
from rivals import in_turn, question_texts
from speed_page import growth, plot, stages_table, table

SVG = "{http://www.w3.org/2000/svg}"
OURS = {"cold ms": 800.0, "p50 ms": 50.0, "p95 ms": 100.0, "memory MB": 400.0, "disk MB": 8.14}
BM25 = {"cold ms": 200.0, "p50 ms": 0.25, "p95 ms": 5.0, "memory MB": 60.0, "disk MB": 1302.4}
MEASURED = {"bm25s": BM25, "releaseqa": OURS}


def size(passages: int, **systems: Mapping[str, float]) -> dict[str, Any]:
    """Return the figures of one collection."""
    return {"passages": passages, "systems": systems}


def test_a_table_has_figures_and_ratios_to_ours() -> None:
    """Ours comes first, and a system that was not measured has no row."""
    first, middle, ninetyfifth = "first answer of a new process", "warm, median", "95th percentile"
    assert (
        f"|  | {first} | {middle} | warm, {ninetyfifth} | memory | on disk |\n"
        "|---|---:|---:|---:|---:|---:|\n"
        "| releaseqa | 800 ms | 50 ms | 100 ms | 400 MB | 8.1 MB |\n"
        "| BM25 (bm25s) | 200 ms (0.25×) | 0.2 ms (0.005×) | 5.0 ms (0.05×) | 60 MB (0.15×) "
        "| 1,302 MB (160×) |"
    ) == table(MEASURED)


def test_a_table_of_times_alone_has_their_columns() -> None:
    """What was not measured while other programs ran has no column."""
    times = {name: {"cold ms": row["cold ms"]} for name, row in MEASURED.items()}

    assert table(times).endswith("| releaseqa | 800 ms |\n| BM25 (bm25s) | 200 ms (0.25×) |")


def test_each_size_has_a_table() -> None:
    """The headings say how many passages."""
    text = growth([size(1000, releaseqa=OURS), size(321_063, releaseqa=OURS)])

    assert ["### 1,000 passages", "### 321,063 passages"] == [
        line for line in text.splitlines() if line.startswith("#")
    ]


def test_the_parts_of_a_question_are_listed() -> None:
    """A table for the first question, one for later ones."""
    stages = {"cold": {"start Python": 33.3, "answer": 231.7}, "warm": {"read": 4.25}}

    assert (
        "| first question of a process | ms |\n|---|---:|\n| start Python | 33 |\n"
        "| answer | 232 |\n\n| later question | ms |\n|---|---:|\n| read | 4.2 |"
    ) == stages_table(stages)


def test_equal_ratios_are_equal_distances() -> None:
    """Both axes are logarithmic: ten times as much is as far everywhere."""
    line = [(1000.0, 1.0), (10_000.0, 10.0), (100_000.0, 100.0)]
    root = fromstring(log_plot("Title", "passages", [Panel("Panel", {"a < b": line})]))
    drawn = root.find(f".//{SVG}polyline")
    assert drawn is not None
    (x1, y1), (x2, y2), (x3, y3) = (
        tuple(map(float, point.split(","))) for point in drawn.attrib["points"].split()
    )

    assert (x2 - x1, y2 - y1) == pytest.approx((x3 - x2, y3 - y2), abs=0.2)
    assert (x1, x3, y1, y3) == (58, 326, 284, 34)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"Panel", "passages", "a < b", "1,000", "10,000", "100,000", "1", "10", "100"} == {
        *texts
    }
    assert "prefers-color-scheme:dark" in "".join(root.itertext())


@pytest.mark.parametrize(
    ("values", "ticks"),
    [([1000, 321_063], [1e3, 1e4, 1e5, 1e6]), ([0.5, 6], [0.1, 1, 10]), ([10], [10, 100])],
)
def test_ticks_are_powers_of_ten_around_the_values(values: list[float], ticks: list[float]) -> None:
    """They hold all values, and there are two at least, for a collection of one size."""
    assert ticks == pytest.approx(log_ticks(values))


def test_a_system_that_failed_at_one_size_has_a_shorter_line() -> None:
    """Its other points are drawn, and the legend names each system once."""
    both, alone = size(1000, **MEASURED), size(10_000, releaseqa=OURS)
    root = fromstring(plot([both, alone]))
    points = [len(line.attrib["points"].split()) for line in root.iter(f"{SVG}polyline")]
    names = [text.text for text in root.iter(f"{SVG}text")]

    assert [2, 1, 2, 1] == points
    assert (1, 1) == (names.count("releaseqa"), names.count("BM25 (bm25s)"))


def test_marks_are_filled_again_and_again() -> None:
    """Backslashes stay as they are, and the rest of the page too."""
    page = "Before\n<!-- a -->\nold\n<!-- end -->\nbetween\n<!-- b -->\n<!-- end -->\n"
    filled = fill(page, {"a": r"\1 new", "b": "more"})

    assert filled == fill(filled, {"a": r"\1 new", "b": "more"})
    assert filled == (
        "Before\n<!-- a -->\n\\1 new\n<!-- end -->\nbetween\n<!-- b -->\nmore\n<!-- end -->\n"
    )


@pytest.mark.parametrize("page", ["No mark.\n<!-- end -->\n", "<!-- a -->\nNo end.\n"])
def test_a_page_without_a_mark_or_its_end_is_not_filled(page: str) -> None:
    """What follows a mark without an end would be lost."""
    with pytest.raises(ValueError, match="no <!-- a -->"):
        fill(page, {"a": "text"})


def test_each_system_is_first_in_its_turn() -> None:
    """So that none always follows the slowest."""
    assert ["abc", "bca", "cab", "abc"] == ["".join(in_turn("abc", turn)) for turn in range(4)]


def test_the_default_questions_are_sixty_different_ones() -> None:
    """A question asked twice would find its passages in memory."""
    assert 60 == len(set(question_texts(None)))
