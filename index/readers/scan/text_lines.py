"""Turns the boxes of recognized lines into runs of text as a PDF has them.

A page lies askew on the scanner, and the box of a line is as high as its letters happen to be. So
the page is turned upright by the slope of its long lines, and boxes of about one height get one
font size. What then follows, columns and paragraphs, is the same for all documents with pages.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from index.readers.charset import normalize_text
from index.readers.pdf.columns import TextRun
from index.readers.pdf.layout import PageText
from index.readers.scan.process import RecognizedLine, RecognizedPage

_PAGE_LENGTH = 842.0
"""Points of a page's longer side: that of A4. A picture does not say how large its paper was."""

_LONG = 5.0
"""How many times wider than high a line is whose slope counts."""

_MAX_SLOPE = math.radians(15)
_SIZE_TOLERANCE = 1.12
"""How many times higher a line may be than another of the same font size."""

_DESCENDING = re.compile(r"[gjpqyçQ,;(){}\[\]|]")
_WITHOUT_DESCENDERS = 0.9
"""Height of a line of which nothing is below the baseline, such as one of capitals, relative to one
of the same font size."""

_BASELINE = 0.3
"""Ems from the middle of a line down to its baseline."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A line's box on the upright page: its left, right and middle, with the y-axis downwards."""

    line: RecognizedLine
    x0: float
    x1: float
    middle: float
    height: float


def page_text(page: RecognizedPage) -> PageText:
    """Return the text of a page in points from its lower left corner, upright."""
    if not page.lines or not (page.width > 0 and page.height > 0):
        return PageText(0.0, 0.0, ())
    points = _PAGE_LENGTH / max(page.width, page.height)
    boxes = _upright(page)
    sizes = _font_sizes(boxes)
    runs = (
        TextRun(
            normalize_text(box.line.text),
            box.x0 * points,
            box.x1 * points,
            (page.height - box.middle - _BASELINE * size) * points,
            size * points,
        )
        for box, size in zip(boxes, sizes, strict=True)
    )
    return PageText(page.width * points, page.height * points, tuple(runs))


def mean_confidence(pages: Sequence[RecognizedPage]) -> float:
    """Return the mean confidence of all lines, in [0, 1]; 0 without lines."""
    found = [line.confidence for page in pages for line in page.lines or ()]
    return sum(found) / len(found) if found else 0.0


def _upright(page: RecognizedPage) -> list[_Box]:
    """Return the lines' boxes on the page turned about its middle."""
    lines = page.lines or ()
    slopes = [slope for line in lines if (slope := _slope(line)) is not None]
    angle = median(slopes) if slopes else 0.0
    cosine, sine = math.cos(angle), math.sin(angle)
    across, down = page.width / 2, page.height / 2

    def turned(corner: tuple[float, float]) -> tuple[float, float]:
        x, y = corner[0] - across, corner[1] - down
        return across + x * cosine + y * sine, down + y * cosine - x * sine

    boxes: list[_Box] = []
    for line in lines:
        corners = [turned(corner) for corner in line.corners]
        upper = (corners[0][1] + corners[1][1]) / 2
        lower = (corners[2][1] + corners[3][1]) / 2
        x0 = (corners[0][0] + corners[3][0]) / 2
        x1 = (corners[1][0] + corners[2][0]) / 2
        boxes.append(
            _Box(line, x0, x1, (upper + lower) / 2, _full_height(line, abs(lower - upper)))
        )
    return boxes


def _full_height(line: RecognizedLine, height: float) -> float:
    """Return the height that a line would have with letters that descend."""
    full = height if _DESCENDING.search(line.text) else height / _WITHOUT_DESCENDERS
    return max(full, 1.0)


def _slope(line: RecognizedLine) -> float | None:
    """Return the angle of a long line to the horizontal, in radians; None of a short one."""
    (left, top), (right, end), (_, low_end), (_, low) = line.corners
    width, height = right - left, (low - top + low_end - end) / 2
    if width < _LONG * max(height, 1.0):
        return None
    angle = math.atan2(end - top + low_end - low, 2 * width)
    return angle if abs(angle) < _MAX_SLOPE else None


def _font_sizes(boxes: Sequence[_Box]) -> list[float]:
    """Return the font size of each box: the usual height of those of about its height.

    The height of most letters takes all that are close to it, then the height of most letters of
    the remaining ones, and so on.
    """
    sizes = [0.0] * len(boxes)
    left = set(range(len(boxes)))
    while left:
        usual = _weighted_median([(boxes[i].height, len(boxes[i].line.text)) for i in left])
        near = {
            i for i in left
            if usual / _SIZE_TOLERANCE <= boxes[i].height <= usual * _SIZE_TOLERANCE
        }  # fmt: skip
        for i in near:
            sizes[i] = usual
        left -= near
    return sizes


def _weighted_median(values: Sequence[tuple[float, int]]) -> float:
    """Return the value in the middle of all weights."""
    half = sum(weight for _, weight in values) / 2
    for value, weight in sorted(values):
        half -= weight
        if half <= 0:
            return value
    return max(values)[0]
