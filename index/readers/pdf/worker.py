"""A program that reads a PDF from standard input and writes its words and their places as JSON.

A PDF can make a parser written in C crash, hang or fill memory, so it is opened only here, in a
process with limits. Only words, numbers and a few properties come back, and
`index.readers.pdf.reader` treats them like any untrusted file. This module imports nothing of the
package, since it is started by its path.

The JSON is `{"error": NAME}` or `{"title", "author", "created", "failed", "pages"}`. Each page is
`{"width", "height", "runs"}`, each run `[text, x0, x1, baseline, size]`, in points from the lower
left corner and in the order of the file.
"""

import contextlib
import ctypes
import itertools
import json
import math
import sys
from collections.abc import Iterator
from typing import Any

CPU_SECONDS = 60
MAX_MEMORY = 1_500_000_000
"""Bytes of address space."""

MAX_OUTPUT = 256_000_000
"""Bytes of JSON."""

MAX_PAGES = 1_000
MAX_CHARACTERS = 4_000_000
MAX_RUNS = 500_000
"""Runs of all pages, each of which takes a hundred times the memory of a character; a page of text
has about a hundred."""

_PASSWORD = 4
"""PDFium's error code for a document that needs a password."""

_MAX_GAP = 1.0
"""Ems between words of one run; after a wider gap another column begins."""

_MAX_BACK = 0.5
"""Ems that a character may stand to the left of the last one's end."""

_MAX_SHIFT = 0.5
"""Ems that a character may stand above or below the last one's baseline."""

_UPRIGHT = 0.5
"""Sine of the angle to the page, from which a character stands upright and is left out."""

Run = list[Any]
"""`[text, x0, x1, baseline, size]`"""


def main() -> None:
    """Read standard input, write the JSON."""
    data = sys.stdin.buffer.read()
    import pypdfium2 as pdfium

    _set_limits()
    found = read_document(pdfium, data)
    sys.stdout.write(json.dumps(found))


def read_document(pdfium: Any, data: bytes) -> dict[str, Any]:  # noqa: ANN401 - untyped
    """Return what is written as JSON; `pdfium` is the library."""
    try:
        return _read(pdfium, data)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) == _PASSWORD
        return {"error": "encrypted" if locked else "damaged"}
    except MemoryError:
        return {"error": "memory"}


def _set_limits() -> None:
    """Limit time and memory, as far as the system can."""
    try:
        import resource
    except ImportError:  # Windows; the time limit of the process that started this one remains
        return
    for name, value in (
        ("RLIMIT_CPU", CPU_SECONDS),
        ("RLIMIT_AS", MAX_MEMORY),
        ("RLIMIT_FSIZE", MAX_OUTPUT),
        ("RLIMIT_CORE", 0),
    ):
        with contextlib.suppress(AttributeError, OSError, ValueError):  # some systems lack some
            kind = getattr(resource, name)
            _, most = resource.getrlimit(kind)
            limit = value if most == resource.RLIM_INFINITY else min(value, most)
            resource.setrlimit(kind, (limit, limit))


def _read(pdfium: Any, data: bytes) -> dict[str, Any]:  # noqa: ANN401 - the library is untyped
    document = pdfium.PdfDocument(data)
    properties = document.get_metadata_dict()
    if len(document) > MAX_PAGES:
        return {"error": "pages"}
    pages: list[dict[str, Any]] = []
    failed: list[int] = []
    left = MAX_CHARACTERS
    left_runs = MAX_RUNS
    for number in range(len(document)):
        try:
            page = document[number]
            width, height = page.get_size()
            left -= page.get_textpage().count_chars()
            if left < 0:
                return {"error": "characters"}
            runs = list(itertools.islice(_runs(pdfium.raw, page), left_runs + 1))
            left_runs -= len(runs)
            if left_runs < 0:
                return {"error": "runs"}
        except pdfium.PdfiumError:
            failed.append(number + 1)
            width, height, runs = 0, 0, []
        pages.append({"width": width, "height": height, "runs": runs})
    return {
        "title": properties.get("Title"), "author": properties.get("Author"),
        "created": properties.get("CreationDate"), "failed": failed, "pages": pages,
    }  # fmt: skip


def _runs(raw: Any, page: Any) -> Iterator[Run]:  # noqa: ANN401 - the library is untyped
    """Yield the text of a page in runs: characters on one line without a gap."""
    text_page = page.get_textpage()
    handle = text_page.raw
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    rotation = page.get_rotation()
    run: Run | None = None
    characters: list[str] = []  # of the run; a line can have millions
    for index in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, index)
        if raw.FPDFText_IsGenerated(handle, index) == 1 or code in {9, 10, 13, 32, 160}:
            if run is not None and characters[-1] != " ":
                characters.append(" ")
            continue
        if code == 0:
            continue
        character = "-" if code in {2, 0xFFFE} else chr(code)  # a hyphen at a line's end
        raw.FPDFText_GetLooseCharBox(handle, index, ctypes.byref(box))
        raw.FPDFText_GetCharOrigin(handle, index, ctypes.byref(x), ctypes.byref(y))
        left, right, baseline = _on_shown_page(page, rotation, box, (x.value, y.value))
        if run is not None and _continues(run, left, baseline):
            characters.append(character)
            run[2] = max(run[2], right)
            continue
        if run is not None:
            yield ["".join(characters), *run[1:]]
            run = None
        angle = raw.FPDFText_GetCharAngle(handle, index)
        if abs(math.sin(angle - math.radians(rotation))) < _UPRIGHT:
            characters = [character]
            run = ["", left, right, baseline, _em_size(raw, handle, index)]
    if run is not None:
        yield ["".join(characters), *run[1:]]


def _continues(run: Run, left: float, baseline: float) -> bool:
    """Whether a character belongs to the run before it."""
    _, _, right, run_baseline, size = run
    same_line = abs(baseline - run_baseline) < _MAX_SHIFT * size
    return bool(same_line and -_MAX_BACK * size < left - right < _MAX_GAP * size)


def _em_size(raw: Any, handle: Any, index: int) -> float:  # noqa: ANN401 - the library is untyped
    """Return the drawn size of an em, in points."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(handle, index, ctypes.byref(matrix))
    scale = math.hypot(matrix.c, matrix.d) or 1.0
    return float(min(max(raw.FPDFText_GetFontSize(handle, index) * scale, 1.0), 500.0))


def _on_shown_page(
    page: Any, rotation: int, box: Any, origin: tuple[float, float]  # noqa: ANN401 - untyped
) -> tuple[float, float, float]:  # fmt: skip
    """Return left, right and baseline on the page as shown, which may be rotated."""
    width, height = page.get_size()
    x, y = origin
    if rotation == 90:  # noqa: PLR2004 - degrees
        return box.bottom, box.top, height - x
    if rotation == 180:  # noqa: PLR2004
        return width - box.right, width - box.left, height - y
    if rotation == 270:  # noqa: PLR2004
        return width - box.top, width - box.bottom, x
    return box.left, box.right, y


if __name__ == "__main__":
    main()
