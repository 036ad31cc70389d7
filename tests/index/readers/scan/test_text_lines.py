"""The boxes of recognized lines as lines of text: turned upright, in sizes of fonts."""

import math

import pytest

from index.readers.pdf.layout import lay_out
from index.readers.scan.process import RecognizedLine, RecognizedPage
from index.readers.scan.text_lines import mean_confidence, page_text

LINES = [
    ("A headline in large letters", 60, 100),
    ("The first paragraph has a line that goes on to the mar-", 36, 200),
    ("gin and a second, which is as long as the line above,", 33, 245),
    ("AND A THIRD OF CAPITALS WITHOUT A LETTER BELOW.", 32.5, 290),
    ("The second paragraph stands below a gap of half a line", 38, 380),
    ("and ends.", 33, 425),
]
"""Text, height of its box, and its middle on the page."""


def recognized(degrees: float = 0.0) -> RecognizedPage:
    """The lines on a page that lies askew, in no order."""
    angle = math.radians(degrees)

    def turned(x: float, y: float) -> tuple[float, float]:
        x, y = x - 800, y - 1100
        return (
            800 + x * math.cos(angle) - y * math.sin(angle),
            1100 + x * math.sin(angle) + y * math.cos(angle),
        )

    lines = []
    for text, height, middle in LINES:
        right = 100 + 24 * len(text)
        upper, lower = middle - height / 2, middle + height / 2
        corners = ((100, upper), (right, upper), (right, lower), (100, lower))
        lines.append(RecognizedLine(text, 0.9, tuple(turned(*corner) for corner in corners)))
    return RecognizedPage(1600, 2200, tuple(reversed(lines)))


@pytest.mark.parametrize("degrees", [0, 1, -3])
def test_a_page_askew_is_read_from_the_top_in_paragraphs(degrees: float) -> None:
    """Paragraphs end at gaps, hyphens at line ends are joined, fonts have one size."""
    text = lay_out([page_text(recognized(degrees))])

    assert text.text.split("\n\n") == [
        "A headline in large letters",
        (
            "The first paragraph has a line that goes on to the margin and a second, which is as "
            "long as the line above, AND A THIRD OF CAPITALS WITHOUT A LETTER BELOW."
        ),
        "The second paragraph stands below a gap of half a line and ends.",
    ]
    assert [round(paragraph.size / text.size, 2) for paragraph in text.paragraphs] == [
        pytest.approx(60 / 36, abs=0.05), 1.0, 1.0,
    ]  # fmt: skip


def test_the_page_is_in_points() -> None:
    """The longer side is that of A4."""
    page = page_text(recognized())

    assert (round(page.width), round(page.height)) == (612, 842)
    assert all(0 < run.x0 < run.x1 < 700 and 0 < run.baseline < 842 for run in page.runs)


def test_a_page_without_lines_has_no_text() -> None:
    """A page that could not be read, and an empty one."""
    for page in (RecognizedPage(0, 0, None), RecognizedPage(100, 100, ())):
        assert page_text(page).runs == ()


def test_the_confidence_is_the_mean_of_all_lines() -> None:
    """Pages count by their lines."""
    corners = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
    sure, unsure = (RecognizedLine("a", value, corners) for value in (1.0, 0.4))
    pages = [
        RecognizedPage(9, 9, (sure, unsure)),
        RecognizedPage(9, 9, (sure,)),
        RecognizedPage(0, 0, None),
    ]

    assert mean_confidence(pages) == pytest.approx(0.8)
    assert mean_confidence([]) == 0.0
