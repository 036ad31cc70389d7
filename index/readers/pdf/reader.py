"""PDF documents: the text of their pages in reading order, joined to paragraphs.

PDFium parses the document in a process of its own (`index.readers.pdf.worker`). Lines, columns
and paragraphs are then found by `index.readers.pdf.layout`.
"""

import json
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from index.errors import SourceError
from index.readers.base import (
    BadRecord,
    Draft,
    confirmed_title,
    parser_guard,
    read_limited,
    stated_names,
)
from index.readers.charset import normalize_text
from index.readers.pdf.columns import TextRun
from index.readers.pdf.headline import headline
from index.readers.pdf.layout import PageText, lay_out
from index.readers.pdf.worker import CPU_SECONDS, MAX_CHARACTERS, MAX_OUTPUT, MAX_PAGES, MAX_RUNS
from index.readers.scan.process import INSTALL, PageProgress, is_installed, no_pages
from index.readers.scan.reader import read_scan
from index.types import PAGE_STARTS

WALL_SECONDS = 300
"""Longest wait for a document, however busy the machine is."""

_WORKER = Path(__file__).with_name("worker.py")
_ERRORS = {
    "encrypted": "an encrypted PDF document",
    "damaged": "a damaged PDF document",
    "memory": "a PDF document that takes too much memory to read",
    "pages": f"a PDF document of more than {MAX_PAGES:,} pages",
    "runs": f"a PDF document of more than {MAX_RUNS:,} separate pieces of text",
    "characters": f"a PDF document of more than {MAX_CHARACTERS:,} characters",
}
_CREATED = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")
_MARK = re.compile(rb"\A[\s\x00]{0,64}%PDF-\d")


class PdfReader:
    """Reads one PDF document as one release; one without a text layer is read as a scan."""

    def __init__(self, on_page: PageProgress = no_pages) -> None:
        """Tell `on_page` of each page of a scan."""
        self._on_page = on_page

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the source begins like a PDF document."""
        del extension
        return _MARK.match(head) is not None

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the document's text, with the start of each page in its metadata."""
        data = read_limited(stream, max_bytes)
        found = _run_worker(data)
        document = draft_of(found)
        if _has_words(document.text):
            yield document
        else:
            yield self._scanned(data, document, found["title"])

    def _scanned(self, data: bytes, document: Draft, stated_title: object) -> Draft:
        """Return a document without a text layer with the text of its pages."""
        if not is_installed():
            raise SourceError(f"no text layer: its pages are images; to read scans: {INSTALL}")
        scan = read_scan(data, self._on_page)
        if not _has_words(scan.text):
            raise SourceError("no text layer, and no text on the images of its pages")
        title = scan.title or confirmed_title(stated_title, scan.text)
        return replace(
            document, text=scan.text, title=title, metadata=scan.metadata, note=scan.note
        )


def draft_of(found: dict[str, Any]) -> Draft:
    """Return the draft of what the worker found, which is as little to be trusted as the document.

    Its text is empty when the pages have none, or are images.

    Raises:
        SourceError: When it could not read the document, or this is not what it writes.
    """
    with parser_guard("the PDF document"):
        if "error" in found:
            raise SourceError(_ERRORS[found["error"]])
        pages = [
            PageText(page["width"], page["height"], tuple(map(_text_run, page["runs"])))
            for page in found["pages"]
        ]
        text = lay_out(pages)
        failed = ", ".join(str(int(number)) for number in found["failed"])
        return Draft(
            text.text,
            title=headline(text) or confirmed_title(found["title"], text.text),
            names=stated_names(("author", found["author"])),
            metadata={PAGE_STARTS: list(text.page_starts)},
            created=_iso_day(found["created"]),
            note=f"pages that cannot be read are left out: {failed}" if failed else None,
        )


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


def _text_run(values: list[Any]) -> TextRun:
    text, *numbers = values
    x0, x1, baseline, size = map(float, numbers)
    return TextRun(normalize_text(str(text)), x0, x1, baseline, size)


def _run_worker(data: bytes) -> dict[str, Any]:
    """Parse a document in a process that can be killed."""
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(  # noqa: S603 - our own file, no words of the document
                # -P: the worker's own folder is not on its import path
                [sys.executable, "-P", "-X", "utf8", str(_WORKER)],
                input=data, stdout=output, stderr=subprocess.DEVNULL,
                timeout=WALL_SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise SourceError(f"reading it took more than {WALL_SECONDS} seconds") from error
        if _exceeded_cpu_limit(done.returncode):
            raise SourceError(f"reading it took more than {CPU_SECONDS} seconds")
        if done.returncode:
            raise SourceError("a PDF document that cannot be read")
        output.seek(0)
        written = output.read(MAX_OUTPUT)
    with parser_guard("the PDF document"):
        found = json.loads(written)
        if not isinstance(found, dict):
            raise SourceError("a PDF document that cannot be read")
        return found


def _exceeded_cpu_limit(returncode: int) -> bool:
    """Whether the system ended the worker for its CPU time; Windows has neither signal."""
    signals = (getattr(signal, name, None) for name in ("SIGKILL", "SIGXCPU"))
    return returncode in {-number for number in signals if number is not None}


def _iso_day(created: object) -> str | None:
    found = _CREATED.match(str(created or ""))
    return "-".join(found.groups()) if found else None
