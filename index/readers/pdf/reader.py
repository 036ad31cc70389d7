"""PDF documents: the text of their pages in reading order, joined to paragraphs.

PDFium reads the file in a process of its own (`index.readers.pdf.worker`); which words make a
line, a column and a paragraph is worked out here and in `index.readers.pdf.layout`.
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
from index.readers.base import BadRecord, Draft, issuer_name, parser_guard, read_limited
from index.readers.charset import normalize_text
from index.readers.pdf.columns import TextRun
from index.readers.pdf.layout import LaidOutText, PageText, laid_out
from index.readers.pdf.worker import CPU_SECONDS, MAX_CHARACTERS, MAX_PAGES, OUTPUT
from index.structure.headline.line_types import MAX_HEADLINE, is_release_label
from index.types import PAGE_STARTS

WALL_SECONDS = 300
"""Longest that is waited for a document, whatever else the machine does."""

_WORKER = Path(__file__).with_name("worker.py")
_ERRORS = {
    "encrypted": "an encrypted PDF document",
    "damaged": "a damaged PDF document",
    "memory": "a PDF document that takes too much memory to read",
    "pages": f"a PDF document of more than {MAX_PAGES:,} pages",
    "characters": f"a PDF document of more than {MAX_CHARACTERS:,} characters",
}
_CREATED = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")
_MARK = re.compile(rb"\A[\s\x00]{0,64}%PDF-\d")
_LARGER = 1.15
"""How much larger than the text a headline is set."""

_HEADLINE_WORDS = 3
"""A banner such as “News Release” has fewer words than a headline."""


class PdfReader:
    """Reads one PDF document as one release."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether it begins as a PDF document does."""
        del extension
        return _MARK.match(head) is not None

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the document's text, with where each page begins in its metadata."""
        found = _read_apart(read_limited(stream, max_bytes))
        with parser_guard("the PDF document"):
            if "error" in found:
                raise SourceError(_ERRORS[found["error"]])
            pages = [
                PageText(page["width"], page["height"], tuple(_run(run) for run in page["runs"]))
                for page in found["pages"]
            ]
            text = laid_out(pages)
            failed = ", ".join(str(int(number)) for number in found["failed"])
            draft = Draft(
                text.text,
                title=_headline(text) or _named_in(text, found["title"]),
                issuer=issuer_name(found["author"]),
                metadata={PAGE_STARTS: list(text.page_starts)},
                created=_day(found["created"]),
                note=f"pages that cannot be read left out: {failed}" if failed else None,
            )
        if not any(map(str.isalnum, draft.text)):
            raise SourceError("no text layer: its pages are pictures")
        yield draft


def _run(values: list[Any]) -> TextRun:
    text, *numbers = values
    x0, x1, base, size = map(float, numbers)
    return TextRun(normalize_text(str(text)), x0, x1, base, size)


def _read_apart(data: bytes) -> dict[str, Any]:
    """Have a document read in a process that may be killed."""
    with tempfile.TemporaryFile() as output:
        try:
            # -P: beside the worker lie modules named as those of the standard library
            done = subprocess.run(  # noqa: S603 - our own file, no words of the document
                [sys.executable, "-P", "-X", "utf8", str(_WORKER)],
                input=data, stdout=output, stderr=subprocess.DEVNULL,
                timeout=WALL_SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise SourceError(f"reading it took more than {WALL_SECONDS} seconds") from error
        if done.returncode in {-signal.SIGKILL, -getattr(signal, "SIGXCPU", signal.SIGKILL)}:
            raise SourceError(f"reading it took more than {CPU_SECONDS} seconds")
        if done.returncode:
            raise SourceError("a PDF document that cannot be read")
        output.seek(0)
        written = output.read(OUTPUT)
    with parser_guard("the PDF document"):
        found = json.loads(written)
        if not isinstance(found, dict):
            raise SourceError("a PDF document that cannot be read")
        return found


def _headline(text: LaidOutText) -> str | None:
    """Return the first of the largest paragraphs near the start, if it is larger than the text."""
    found = [
        paragraph for paragraph in text.paragraphs[:8]
        if paragraph.size >= _LARGER * text.size
        and len(paragraph.words.split()) >= _HEADLINE_WORDS
        and len(paragraph.words) <= MAX_HEADLINE
        and not is_release_label(paragraph.words)
    ]  # fmt: skip
    return max(found, key=lambda paragraph: paragraph.size).words if found else None


def _named_in(text: LaidOutText, title: object) -> str | None:
    """Return the title that the file states if its text says it too; many are leftovers."""
    words = " ".join(normalize_text(str(title or "")).split())
    start = " ".join(text.text[:2_000].split()).casefold()
    return words if words and words.casefold() in start else None


def _day(created: object) -> str | None:
    found = _CREATED.match(str(created or ""))
    return "-".join(found.groups()) if found else None
