"""Runs the recognition of a scan in a process of its own, and passes on each page as it arrives."""

import importlib.util
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Any

from index.errors import SourceError
from index.readers.base import parser_guard
from index.readers.scan.worker import MAX_PAGES, MAX_PIXELS

INSTALL = "pip install 'releaseqa[ocr]'"
PAGE_WALL_SECONDS = 300.0
"""Longest wait for a page, however busy the machine is."""

WALL_SECONDS = 3_600.0
"""Longest time for a document."""

_MAX_LINE = 16_000_000
"""Bytes of an answer, which is about one page."""

_WORKER = Path(__file__).with_name("worker.py")
_ERRORS = {
    "damaged": "a damaged scan",
    "memory": "a scan that takes too much memory to read",
    "pages": f"a scan of more than {MAX_PAGES:,} pages",
    "pixels": f"a picture of more than {MAX_PIXELS // 1_000_000:,} million pixels",
    "shape": "a picture too small or too narrow to be a page",
    "models": f"the models of rapidocr are not in its package; {INSTALL} --force-reinstall",
}

PageProgress = Callable[[int, int], None]
"""Takes how many pages of a scan are read, and how many it has."""


def no_pages(done: int, total: int) -> None:
    """Report pages to nobody."""


@dataclass(frozen=True, slots=True)
class RecognizedLine:
    """A line of text on a page.

    Attributes:
        text: Its words.
        confidence: How sure the recognition is, in [0, 1].
        corners: Of its box, from the upper left clockwise, in pixels from the upper left corner of
            the page.
    """

    text: str
    confidence: float
    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class RecognizedPage:
    """A page: its size in pixels, and its lines in any order; None if it could not be read."""

    width: float
    height: float
    lines: tuple[RecognizedLine, ...] | None


def is_installed() -> bool:
    """Whether scans can be read; nothing of the library is imported."""
    return importlib.util.find_spec("rapidocr") is not None


def recognize(data: bytes, on_page: PageProgress = no_pages) -> Iterator[RecognizedPage]:
    """Yield the pages of a scan: of a PDF document, a PNG, a JPEG or a TIFF.

    Args:
        data: The bytes of its file.
        on_page: Told before each page.

    Raises:
        SourceError: When it cannot be read, is too large or takes too long.
    """
    with tempfile.TemporaryFile() as source:  # a pipe would fill while nobody reads it
        source.write(data)
        source.seek(0)
        process = subprocess.Popen(  # noqa: S603 - our own file, no words of the document
            # -P: the worker's own folder is not on its import path
            [sys.executable, "-P", "-X", "utf8", str(_WORKER)],
            stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        end = monotonic() + WALL_SECONDS
        count = _next_line(process, end)["pages"]
        for number in range(int(count)):
            on_page(number, int(count))
            with parser_guard("the scan"):
                page = _page(_next_line(process, end))
            yield page
    finally:  # also when the user interrupts it
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _next_line(process: subprocess.Popen[bytes], end: float) -> dict[str, Any]:
    """Return the next answer of the process.

    Raises:
        SourceError: When it is an error, or there is none in time.
    """
    late = threading.Event()

    def end_late() -> None:
        late.set()
        process.kill()

    seconds = max(0.0, min(PAGE_WALL_SECONDS, end - monotonic()))
    timer = threading.Timer(seconds, end_late)
    timer.daemon = True
    timer.start()
    try:
        line = _readline(process.stdout)
    finally:
        timer.cancel()
    if late.is_set():
        raise SourceError("a scan that takes too long to read")
    if not line.endswith(b"\n"):
        process.wait()
        raise SourceError("a scan that takes too long or too much memory to read")
    with parser_guard("the scan"):
        found = json.loads(line)
        if "error" in found:
            raise SourceError(_ERRORS[found["error"]])
        if not isinstance(found, dict):
            raise SourceError("the scan cannot be parsed")
        return found


def _readline(stream: IO[bytes] | None) -> bytes:
    return b"" if stream is None else stream.readline(_MAX_LINE)


def _page(found: dict[str, Any]) -> RecognizedPage:
    if found.get("failed"):
        return RecognizedPage(0.0, 0.0, None)
    return RecognizedPage(
        float(found["width"]), float(found["height"]), tuple(map(_line, found["lines"]))
    )


def _line(value: list[Any]) -> RecognizedLine:
    text, confidence, corners = value
    upper_left, upper_right, lower_right, lower_left = ((float(x), float(y)) for x, y in corners)
    return RecognizedLine(
        str(text),
        min(max(float(confidence), 0.0), 1.0),
        (upper_left, upper_right, lower_right, lower_left),
    )
