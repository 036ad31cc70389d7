"""Scans: the text of pages that are pictures, recognized where the extra `ocr` is installed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from index.errors import SourceError
from index.readers.base import BadRecord, Draft, read_limited
from index.readers.pdf.headline import headline
from index.readers.pdf.layout import lay_out
from index.readers.scan.process import (
    INSTALL,
    PageProgress,
    RecognizedPage,
    is_installed,
    no_pages,
    recognize,
)
from index.readers.scan.text_lines import mean_confidence, page_text
from index.types import PAGE_STARTS, SCAN_CONFIDENCE

_MIN_WORDS = 15
"""Words in a picture that is a release, at least; with fewer it is a logo or a photograph."""

_PICTURES = (
    (b"\x89PNG", "a PNG image"), (b"\xff\xd8\xff", "a JPEG image"),
    (b"II*\0", "a TIFF image"), (b"MM\0*", "a TIFF image"),
)  # fmt: skip


class PictureReader:
    """Reads one PNG, JPEG or TIFF as one release; the pages of a TIFF are its pages."""

    def __init__(self, on_page: PageProgress = no_pages) -> None:
        """Tell `on_page` of each page."""
        self._on_page = on_page

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the source begins like such a picture."""
        del extension
        return _format(head) is not None

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the text of the picture, with the start of each page in its metadata."""
        data = read_limited(stream, max_bytes)
        name = _format(data) or "an image"
        if not is_installed():
            raise SourceError(f"not text: {name}; to read scans: {INSTALL}")
        draft = read_scan(data, self._on_page)
        if len(draft.text.split()) < _MIN_WORDS:
            raise SourceError(f"{name} with hardly any text")
        yield draft


def read_scan(data: bytes, on_page: PageProgress) -> Draft:
    """Return the text of a document whose pages are pictures; empty when there is none.

    Args:
        data: The bytes of the document.
        on_page: Told of each page.

    Raises:
        SourceError: When it cannot be read.
    """
    pages = list(recognize(data, on_page))
    text = lay_out([page_text(page) for page in pages])
    failed = ", ".join(str(number) for number in _failed(pages))
    draft = Draft(
        text.text,
        title=headline(text),
        metadata={
            PAGE_STARTS: list(text.page_starts),
            SCAN_CONFIDENCE: round(mean_confidence(pages), 3),
        },
    )
    if failed:
        return replace(draft, note=f"pages that cannot be read are left out: {failed}")
    return draft


def _failed(pages: list[RecognizedPage]) -> Iterator[int]:
    yield from (number for number, page in enumerate(pages, start=1) if page.lines is None)


def _format(head: bytes) -> str | None:
    return next((name for mark, name in _PICTURES if head.startswith(mark)), None)
