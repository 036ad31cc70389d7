"""PDF documents written by hand, with what no library would write."""

import zlib


def raw_pdf(content: bytes, pages: bytes = b"[3 0 R]") -> bytes:
    """A document of one page, without a table of its objects' positions.

    Args:
        content: The content of the page, as of `pdf_stream`.
        pages: The list of pages.
    """
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids" + pages + b">>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources 6 0 R>>",
        content, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", b"<</Font<</F1 5 0 R>>>>",
    ]  # fmt: skip
    body = b"%PDF-1.4\n"
    for number, part in enumerate(parts, start=1):
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    return body + b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % (len(parts) + 1)


def pdf_stream(content: bytes, filters: bytes = b"") -> bytes:
    """The content of a page."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), filters, content)


def packed_blanks(megabytes: int) -> bytes:
    """The content of a page of nothing but blanks, packed twice."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b" " * 1_000_000) for _ in range(megabytes)) + packer.flush()
    return pdf_stream(zlib.compress(once, 9), b"/Filter[/FlateDecode/FlateDecode]")
