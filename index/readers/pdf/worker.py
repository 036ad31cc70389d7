"""Run as a program of its own: a PDF on standard input to its words and places as JSON.

A PDF can make a parser written in C crash, hang or fill memory, so it is opened here, in a
process with limits, and nowhere else. Nothing but words, numbers and a few facts comes back;
`index.readers.pdf.reader` reads them as it would read any untrusted file. This file imports nothing
of the package: it is started by its path.

The JSON is `{"error": NAME}` or `{"title", "author", "created", "failed", "pages"}`, each page
`{"width", "height", "runs"}`, each run `[text, x0, x1, baseline, size]` in points from the lower
left corner, in the order of the file.
"""

import contextlib
import ctypes
import json
import math
import sys
from collections.abc import Iterator
from typing import Any

CPU_SECONDS = 60
MEMORY = 1_500_000_000
OUTPUT = 256_000_000
"""Bytes of address space and of what may be written."""

MAX_PAGES = 1_000
MAX_CHARACTERS = 4_000_000

_PASSWORD = 4
"""PDFium's code for a document that wants one."""

_GAP = 1.0
"""Widths of an em after which the words on a line are a run of their own: the next column."""

_BACK = 0.5
_SHIFT = 0.5
"""Ems to the left, or up and down, after which a character is not on the line of the last one."""

Run = list[Any]


def main() -> None:
    """Read standard input, write what was found."""
    data = sys.stdin.buffer.read()
    import pypdfium2 as pdfium

    _limit()
    try:
        found = _read(pdfium, data)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) == _PASSWORD
        found = {"error": "encrypted" if locked else "damaged"}
    except MemoryError:
        found = {"error": "memory"}
    sys.stdout.write(json.dumps(found))


def _limit() -> None:
    """Give up the right to more time and memory than a release takes, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the time limit of the process that started this one remains
        return
    for kind, value in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(kind)
        within = value if most == resource.RLIM_INFINITY else min(value, most)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (within, within))


def _read(pdfium: Any, data: bytes) -> dict[str, Any]:  # noqa: ANN401 - the library is untyped
    document = pdfium.PdfDocument(data)
    facts = document.get_metadata_dict()
    if len(document) > MAX_PAGES:
        return {"error": "pages"}
    pages: list[dict[str, Any]] = []
    failed: list[int] = []
    left = MAX_CHARACTERS
    for number in range(len(document)):
        try:
            page = document[number]
            width, height = page.get_size()
            left -= page.get_textpage().count_chars()
            if left < 0:
                return {"error": "characters"}
            runs = list(_runs(pdfium.raw, page))
        except pdfium.PdfiumError:
            failed.append(number + 1)
            width, height, runs = 0, 0, []
        pages.append({"width": width, "height": height, "runs": runs})
    return {
        "title": facts.get("Title"), "author": facts.get("Author"),
        "created": facts.get("CreationDate"), "failed": failed, "pages": pages,
    }  # fmt: skip


def _runs(raw: Any, page: Any) -> Iterator[Run]:  # noqa: ANN401 - the library is untyped
    """Yield the stretches of a page that stand on one line without a gap."""
    text_page = page.get_textpage()
    handle = text_page.raw
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    turned = page.get_rotation()
    run: Run | None = None
    for index in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, index)
        if raw.FPDFText_IsGenerated(handle, index) == 1 or code in {9, 10, 13, 32, 160}:
            if run is not None and not run[0].endswith(" "):
                run[0] += " "
            continue
        if code == 0:
            continue
        character = "-" if code in {2, 0xFFFE} else chr(code)  # how PDFium marks a line-end hyphen
        raw.FPDFText_GetLooseCharBox(handle, index, ctypes.byref(box))
        raw.FPDFText_GetCharOrigin(handle, index, ctypes.byref(x), ctypes.byref(y))
        left, right, base = _upright(page, turned, box, (x.value, y.value))
        if run is not None and _goes_on(run, left, base):
            run[0] += character
            run[2] = max(run[2], right)
            continue
        if run is not None:
            yield run
            run = None
        angle = raw.FPDFText_GetCharAngle(handle, index)
        if abs(math.sin(angle - math.radians(turned))) < 0.5:  # noqa: PLR2004 - else it stands upright
            run = [character, left, right, base, _size(raw, handle, index)]
    if run is not None:
        yield run


def _goes_on(run: Run, left: float, base: float) -> bool:
    size = run[4]
    return bool(abs(base - run[3]) < _SHIFT * size and -_BACK * size < left - run[2] < _GAP * size)


def _size(raw: Any, handle: Any, index: int) -> float:  # noqa: ANN401 - the library is untyped
    """Return the height of an em as it is drawn."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(handle, index, ctypes.byref(matrix))
    scale = math.hypot(matrix.c, matrix.d) or 1.0
    return float(min(max(raw.FPDFText_GetFontSize(handle, index) * scale, 1.0), 500.0))


def _upright(
    page: Any, turned: int, box: Any, origin: tuple[float, float]  # noqa: ANN401 - untyped
) -> tuple[float, float, float]:  # fmt: skip
    """Return left, right and baseline on the page as it is shown, which may be turned."""
    width, height = page.get_size()
    x, y = origin
    if turned == 90:  # noqa: PLR2004 - degrees
        return box.bottom, box.top, height - x
    if turned == 180:  # noqa: PLR2004
        return width - box.right, width - box.left, height - y
    if turned == 270:  # noqa: PLR2004
        return width - box.top, width - box.bottom, x
    return box.left, box.right, y


if __name__ == "__main__":
    main()
