"""Archives, Word and PDF documents made to keep the program busy, as in `hostile_documents`."""

import io
import zipfile

from hostile_documents import PROSE, Maker, docx_with, pdf


def zip_members(count: int) -> bytes:
    """An archive of many short texts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            archive.writestr(f"{number}.txt", f"Bridge {number} is open.")
    return file.getvalue()


def zip_bomb(count: int) -> bytes:
    """An archive of one text that is packed to a thousandth of its size."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", " " * count)
    return file.getvalue()


def docx_paragraphs(count: int) -> bytes:
    """A Word document of paragraphs of one letter in three runs each."""
    run = "<w:r><w:t xml:space='preserve'>a </w:t></w:r>"
    return docx_with(f"<w:p><w:r><w:t>{PROSE}</w:t></w:r></w:p>{f'<w:p>{run * 3}</w:p>' * count}")


def docx_tables(count: int) -> bytes:
    """A Word document of tables in tables."""
    words = f"<w:p><w:r><w:t>{PROSE}</w:t></w:r></w:p>"
    return docx_with(
        words + "<w:tbl><w:tr><w:tc>" * count + words + "<w:p/></w:tc></w:tr></w:tbl>" * count
    )


def pdf_pages(count: int) -> bytes:
    """A PDF document of pages of one line."""
    return pdf(
        *(b"BT /F 10 Tf 1 0 0 1 40 700 Tm (Bridge %d is open.) Tj ET" % i for i in range(count))
    )


def pdf_states(count: int) -> bytes:
    """A PDF page that saves the state of drawing and never restores it."""
    return pdf(b"q 1 0 0 1 0 0 cm " * count + b"BT /F 10 Tf 1 0 0 1 40 700 Tm (It is open.) Tj ET")


MAKERS = {
    "zip, many members": Maker(zip_members, ".zip", (250, 500, 1_000)),
    "zip, bomb": Maker(zip_bomb, ".zip", (1_000_000, 10_000_000, 100_000_000)),
    "Word, many paragraphs": Maker(docx_paragraphs, ".docx", (2_000, 4_000, 8_000)),
    "Word, nested tables": Maker(docx_tables, ".docx", (20, 40, 80)),
    "PDF, many pages": Maker(pdf_pages, ".pdf", (250, 500, 1_000)),
    "PDF, saved states": Maker(pdf_states, ".pdf", (20_000, 40_000, 80_000)),
}
