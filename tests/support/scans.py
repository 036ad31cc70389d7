"""Scans: pages as pictures, and what is said of them with and without the extra `ocr`."""

import io
from collections.abc import Sequence

import pypdfium2
import pytest
from fpdf import FPDF
from PIL import Image

from index.readers.scan.process import INSTALL, is_installed

needs_ocr = pytest.mark.skipif(not is_installed(), reason=f"reads scans: {INSTALL}")
"""Marks a test that recognizes text, which takes seconds a page."""

DAMAGED_PNG = (
    "a damaged scan" if is_installed() else f"not text: a PNG image; to read scans: {INSTALL}"
)
"""Why a file that begins like a PNG and is none is skipped."""

TEXTLESS_PDF = (
    "no text layer, and no text on the images of its pages"
    if is_installed()
    else f"no text layer: its pages are images; to read scans: {INSTALL}"
)
"""Why a PDF of pictures without words is skipped."""


class Letter(FPDF):
    """Pages with a running header and page numbers."""

    def header(self) -> None:
        """Write the header."""
        self.set_font("Helvetica", size=10)
        self.cell(0, 8, "Province of Nova Scotia - News", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        """Write the number."""
        self.set_y(-15)
        self.set_font("Helvetica", size=10)
        self.cell(0, 8, str(self.page_no()), align="C")


def scanned_pages(*pages: Sequence[str], headline: str = "", dpi: int = 150) -> list[Image.Image]:
    """Return pages of paragraphs as pictures, one degree askew; lines end where the text says."""
    document = Letter()
    for number, paragraphs in enumerate(pages):
        document.add_page()
        if headline and not number:
            document.set_font("Times", "B", size=18)
            document.multi_cell(0, 8, headline, new_x="LMARGIN", new_y="NEXT")
            document.ln(4)
        document.set_font("Times", size=12)
        for paragraph in paragraphs:
            document.multi_cell(0, 6, paragraph, new_x="LMARGIN", new_y="NEXT")
            document.ln(4)
    return [
        page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L").rotate(1, fillcolor=255)
        for page in pypdfium2.PdfDocument(bytes(document.output()))
    ]


def as_tiff(pages: Sequence[Image.Image]) -> bytes:
    """Return pages as one file."""
    file = io.BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    return file.getvalue()


def as_picture(page: Image.Image, kind: str) -> bytes:
    """Return a page as a file of a kind, such as PNG."""
    file = io.BytesIO()
    page.save(file, kind)
    return file.getvalue()


def as_pdf(pages: Sequence[Image.Image]) -> bytes:
    """Return pages as a PDF document without a text layer."""
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return file.getvalue()
