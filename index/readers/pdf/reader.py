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
from index.readers.pdf.layout import DocumentText, PageText, lay_out
from index.readers.pdf.worker import CPU_SECONDS, MAX_CHARACTERS, MAX_OUTPUT, MAX_PAGES, MAX_RUNS
from index.structure.headline.choose_headline import is_recurring_name
from index.structure.headline.stated_title import is_headline_like
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
_HEADLINE_SIZE = 1.15
"""Font size of a headline relative to the text, at least."""

_HEADLINE_WORDS = 3
"""Words of a headline, at least; a banner such as “News Release” has fewer."""


class PdfReader:
    """Reads one PDF document as one release."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the source begins like a PDF document."""
        del extension
        return _MARK.match(head) is not None

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the document's text, with the start of each page in its metadata."""
        yield draft_of(_run_worker(read_limited(stream, max_bytes)))


def draft_of(found: dict[str, Any]) -> Draft:
    """Return the draft of what the worker found, which is as little to be trusted as the document.

    Raises:
        SourceError: When it found no text, or this is not what it writes.
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
        draft = Draft(
            text.text,
            title=_headline(text) or confirmed_title(found["title"], text.text),
            names=stated_names(("author", found["author"])),
            metadata={PAGE_STARTS: list(text.page_starts)},
            created=_iso_day(found["created"]),
            note=f"pages that cannot be read are left out: {failed}" if failed else None,
        )
    if not any(map(str.isalnum, draft.text)):
        raise SourceError("no text layer: its pages are images")
    return draft


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


def _headline(text: DocumentText) -> str | None:
    """Return the first of the largest paragraphs near the start, if larger than the text."""
    found = [
        paragraph for paragraph in text.paragraphs[:8]
        if paragraph.size >= _HEADLINE_SIZE * text.size
        and len(paragraph.words.split()) >= _HEADLINE_WORDS
        and is_headline_like(paragraph.words)
        and not is_recurring_name(paragraph.words, text.text)
    ]  # fmt: skip
    return max(found, key=lambda paragraph: paragraph.size).words if found else None


def _iso_day(created: object) -> str | None:
    found = _CREATED.match(str(created or ""))
    return "-".join(found.groups()) if found else None
