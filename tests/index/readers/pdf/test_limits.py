"""Large PDF documents: the time to read one is in proportion to its size."""

import pypdfium2
import pytest
from growth import LINEAR, growth
from hostile_documents import PROSE, pdf_long_word, pdf_scattered

from index.readers.pdf import worker
from index.readers.pdf.columns import TextRun
from index.readers.pdf.layout import PageText, lay_out


def page(*lines: str) -> PageText:
    """A page of lines that all reach the right margin."""
    runs = (
        TextRun(words, 40, 560, 760 - 12 * number, 10) for number, words in enumerate(lines)
    )  # fmt: skip
    return PageText(612, 792, tuple(runs))


def one_paragraph(count: int) -> list[PageText]:
    """Pages of `count` lines in all, which join to one paragraph."""
    lines = [
        f"and on day {i} the town said that the bridge was open to walk-" for i in range(count)
    ]
    return [page(*lines[first : first + 50]) for first in range(0, count, 50)]


def test_a_paragraph_over_many_pages_is_joined_in_linear_time() -> None:
    """Adding a line to a paragraph does not depend on how long the paragraph is."""
    assert growth(lay_out, one_paragraph, 2_000) < LINEAR


def test_a_line_of_one_word_is_joined_in_linear_time() -> None:
    """The last word before a line's end is looked for near the end."""

    def long_word(size: int) -> list[PageText]:
        return [page("A bridge opens", "a" * size, "b" * size, "and it is open")]

    assert growth(lay_out, long_word, 10_000) < LINEAR


def test_the_worker_collects_a_long_run_in_linear_time() -> None:
    """Characters of one run are collected, not copied for each character that is added."""

    def read(data: bytes) -> object:
        return worker._read(pypdfium2, data)

    assert growth(read, pdf_long_word, 40_000) < LINEAR


def test_a_document_of_scattered_letters_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece of text takes memory of its own, so their number is limited as well."""
    monkeypatch.setattr(worker, "MAX_RUNS", 3_000)

    assert {"error": "runs"} == worker._read(pypdfium2, pdf_scattered(3_001))
    (page,) = worker._read(pypdfium2, pdf_scattered(2_999))["pages"]
    assert 2_999 == len(page["runs"])


def test_words_divided_at_line_ends_are_joined_over_several_lines() -> None:
    """A word divided twice is joined, and hyphens of the document's words stay."""
    pages = [
        page(
            f"{PROSE} This was inter-", "natio-", "nal, said the well-known builders of it,",
            "and well-", "known they are, as low-", "and high-income towns\u00ad", "folk.",
        )
    ]  # fmt: skip
    text = lay_out(pages).text

    assert " This was international, said the well-known builders of it, " in text
    assert text.endswith("and well-known they are, as low- and high-income townsfolk.")
