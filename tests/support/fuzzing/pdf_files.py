"""PDF documents, opened as the parser's own process does it.

PDFium is C, and a document that makes it crash ends only that process. Here it would end the
fuzzer, so that what is looked for is what its values do to our code.
"""

import pypdfium2
from hostile_documents import pdf, pdf_one_paragraph
from raw_pdf import pdf_stream, raw_pdf

from fuzzing.core import Harness, declared
from fuzzing.documents import letterheads, parse_all
from index.errors import SourceError
from index.readers.pdf.reader import PdfReader, draft_of
from index.readers.pdf.worker import read_document


def run(data: bytes) -> None:
    """Read a document."""
    PdfReader().matches(data, ".pdf")
    with declared(SourceError):
        parse_all([draft_of(read_document(pypdfium2, data))])


def seeds() -> list[bytes]:
    """Documents of some issuers, and smaller ones made by hand."""
    operators = b"BT /F 12 Tf 1 0 0 1 50 700 Tm (A bridge) Tj 0 1 -1 0 9 9 Tm (up) Tj ET"
    return [
        pdf(operators),
        pdf(operators, b""),
        raw_pdf(pdf_stream(operators)),
        pdf_one_paragraph(3),
        *letterheads("pdf", 24),
    ]


HARNESS = Harness(
    run,
    seeds,
    words=(
        b"/Rotate 90",
        b"/MediaBox[0 0 1e9 -5]",
        b" Tf ",
        b" Tj ",
        b" Tm ",
        b" Td ",
        b"BT",
        b"ET",
        b"/Kids[3 0 R]",
        b"/Count -1",
        b"/CreationDate(D:99999999)",
        b"/Title(",
        b"endobj",
        b"stream\n",
        b"/ToUnicode",
        b"1e38",
        b"-32768",
        b"/UserUnit 0",
        b"/CropBox[",
        b"<feff",
        b"nan",
        b"/Encrypt",
    ),
)
