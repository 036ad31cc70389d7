"""Word documents: their XML, and their packages."""

from hostile_documents import docx_lists, docx_with

from fuzzing.core import Harness
from fuzzing.documents import read
from index.readers.docx import DocxReader

_APART = "\x1f"


def run(data: bytes) -> None:
    """Read a package, or one that is made of the XML of a body and of its lists."""
    if not data.startswith(b"PK"):
        body, _, numbering = data.decode("utf-8", errors="replace").partition(_APART)
        data = docx_with(body, numbering)
    read(DocxReader(), data)


def seeds() -> list[bytes]:
    """Bodies with lists, tables, boxes and hidden words; a small package."""
    words = (
        "<w:p><w:pPr><w:pStyle w:val='Title'/></w:pPr><w:r><w:t>A bridge opens</w:t></w:r></w:p>"
    )
    cell = f"<w:tc>{words}</w:tc>"
    listed = (
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr>{}</w:p>"
    )
    kind = (
        "<w:abstractNum w:abstractNumId='7'><w:lvl w:ilvl='0'><w:numFmt w:val='lowerLetter'/>"
        "</w:lvl></w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>"
    )
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r><w:del>x</w:del></w:p>"
    bodies = [
        words,
        f"<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl>",
        hidden + words,
        listed.format("<w:r><w:t>one</w:t></w:r>") * 3 + _APART + kind,
        f"<w:p><w:r><w:txbxContent>{words}</w:txbxContent></w:r></w:p><w:sectPr/>",
    ]
    return [*(body.encode() for body in bodies), docx_lists(2)]


HARNESS = Harness(
    run,
    seeds,
    words=(
        b"<w:p>",
        b"</w:p>",
        b"<w:r>",
        b"</w:r>",
        b"<w:t>",
        b"</w:t>",
        b"<w:tbl>",
        b"<w:tr>",
        b"<w:tc>",
        b"<w:br/>",
        b"<w:tab/>",
        b"<w:numPr>",
        b"<w:ilvl w:val='9'/>",
        b"<w:numId w:val='1'/>",
        b"<w:vanish w:val='0'/>",
        b"<w:sectPr>",
        b"<w:ins>",
        b"<w:del>",
        b"<w:sdt>",
        b"<w:pStyle ",
        b"<w:headerReference ",
        b"\x1f",
        b"<w:num ",
        b"<w:lvl ",
        b"w:val='-1'",
        b"PK\x03\x04",
    ),
)
