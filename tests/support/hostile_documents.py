"""Inputs made to keep the program busy, fill memory or end it, in any size.

Each maker takes a number of repetitions and returns the bytes of one file. What is small here is
harmless; what counts is how time and memory grow with the number. `benchmarks/hostile.py` measures
that, and the tests of readers and structure use the makers one by one. More of them are in
`hostile_records`, `hostile_markup` and `hostile_packages`.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from made_sources import XML_HEAD

PROSE = (
    "The province will open a new bridge across the harbour in the spring, the minister said, and "
    "the town has waited for it longer than anyone who lives there would care to remember."
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_LINES_A_PAGE = 60
_PIECE = 20_000
"""Characters of one string in a PDF's page; longer ones are cut by the format."""


def many_stops(count: int) -> bytes:
    """A text with a line of signs, half of which can end a sentence."""
    return f"{PROSE}\n\nShe said {'@!' * count} to him.\n".encode()


def short_sentences(count: int) -> bytes:
    """A text of sentences of one short word, no two paragraphs alike."""
    words = ("Yes.", "Go!", "Me?", "So.", "Ah!", "Us?", "On!")
    sentences = (words[(i * i + i // 150) % 7] for i in range(count))
    lines = [" ".join(line) for line in zip(*[sentences] * 150, strict=False)]
    return "\n\n".join((PROSE, *lines)).encode()


def one_paragraph(count: int) -> bytes:
    """A text of one line of `count` sentences."""
    return " ".join(f"{PROSE} That was day {i}." for i in range(count)).encode()


def one_word(count: int) -> bytes:
    """A text with a word of `count` letters."""
    return f"{PROSE}\n\n{'a' * count}\n".encode()


def long_space(count: int) -> bytes:
    """A text with `count` tabs in a row."""
    tabs = "\t" * count
    return f"{PROSE}\n\nA word{tabs}and another.\n".encode()


def deep_json(count: int) -> bytes:
    """A JSON Lines record with a value of `count` lists in each other, and a good record."""
    deep = '{"id": "deep", "text": "A bridge.", "more": ' + "[" * count + "]" * count + "}"
    return f"{deep}\n{json.dumps({'id': 'good', 'text': PROSE})}\n".encode()


def pdf(*pages: bytes) -> bytes:
    """A PDF document with the operators of each page, which may use the font /F."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, operators in enumerate(pages):
        packed = zlib.compress(operators)
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F 3 0 R>>>>"
            b"/Contents %d 0 R>>" % (5 + 2 * number),
            b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
        ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(b"%010d 00000 n \n" % len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)
    return bytes(out)


def pdf_long_word(count: int) -> bytes:
    """A PDF document in which a word of `count` letters fills a line, drawn very narrow."""
    sizes = [min(_PIECE, count - done) for done in range(0, count, _PIECE)]
    word = b"".join(b"(%s) Tj " % (b"a" * size) for size in sizes)
    line = b"BT /F 1 Tf 0.001 0 0 1 20 %.1f Tm %s ET\n"
    rest = b"BT /F 1 Tf 1 0 0 1 20 697.6 Tm (and then the bridge was open.) Tj ET"
    return pdf(line % (700, word) + line % (698.8, word) + rest)


def pdf_one_paragraph(count: int) -> bytes:
    """A PDF document of one paragraph of `count` lines, over many pages."""
    pages = []
    for first in range(0, count, _LINES_A_PAGE):
        lines = (
            b"1 0 0 1 40 %d Tm (and the town said on day %d that it would open the bridge to all "
            b"of those who had waited for it and) Tj\n" % (760 - 12 * (number - first), number)
            for number in range(first, min(count, first + _LINES_A_PAGE))
        )
        pages.append(b"BT /F 10 Tf\n" + b"".join(lines) + b"ET")
    return pdf(*pages)


def pdf_scattered(count: int) -> bytes:
    """A PDF document of `count` letters, each of them far from the others."""
    letters = (
        b"1 0 0 1 %d %d Tm (a) Tj\n" % (10 + 6 * (i % 95), 780 - 3 * (i // 95 % 255))
        for i in range(count)
    )
    return pdf(b"BT /F 2 Tf\n" + b"".join(letters) + b"ET")


def docx_with(body: str, numbering: str = "") -> bytes:
    """A Word document of these elements, with definitions of lists."""
    content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{content_type}.document.main'
            '+xml"/><Override PartName="/word/numbering.xml" '
            f'ContentType="{content_type}.numbering+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="a" '
            f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
        ),
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="a" '
            f'Type="{_OFFICE}/numbering" Target="numbering.xml"/></Relationships>'
        ),
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{_WORD}">{numbering}</w:numbering>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, f"{XML_HEAD}{content}")
    return file.getvalue()


def docx_lists(count: int) -> bytes:
    """A Word document with `count` numbered lists of one item each."""
    kind = (
        '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>'
        "</w:abstractNum>"
    )
    numbers = "".join(
        f'<w:num w:numId="{i}"><w:abstractNumId w:val="7"/></w:num>' for i in range(count)
    )
    items = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{i}"/></w:numPr></w:pPr>'
        f"<w:r><w:t>item {i}</w:t></w:r></w:p>"
        for i in range(count)
    )
    return docx_with(items, kind + numbers)


_MAIL = (
    "From: Press Office <press@example.org>\r\nSubject: New footbridge opens in Halifax\r\n"
    "Date: Mon, 17 Apr 2023 22:00:00 -0400\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=edge\r\n\r\n"
    f"--edge\r\nContent-Type: text/plain\r\n\r\n{PROSE}\r\n"
)


def mail_long_field(count: int) -> bytes:
    """A message whose attachment has `count` parameters in a field that follows a bare CR."""
    parameters = '; size="1"' * count
    field = f'X-Of: us\rContent-Disposition: attachment; filename="a.txt"{parameters}'
    part = f"--edge\r\n{field}\r\nContent-Type: text/plain\r\n\r\nA second bridge.\r\n"
    return f"{_MAIL}{part}--edge--\r\n".encode()


def mail_many_parts(count: int) -> bytes:
    """A message of `count` attachments, which bare CR separates."""
    part = (
        "--edge\rContent-Type: text/plain\rContent-Disposition: attachment; filename=a{0}.txt\r\r"
        "Bridge number {0} is open.\r"
    )
    parts = "".join(map(part.format, range(count)))
    return f"{_MAIL}\r{parts}--edge--\r".encode()


def page(inside: str) -> bytes:
    """A page with an article, and something inside it."""
    head = "<html><head><title>A bridge for Halifax</title></head><body><article>"
    return f"{head}<h1>A bridge for Halifax</h1><p>{PROSE}</p>{inside}</article></body>".encode()


def html_images(count: int) -> bytes:
    """A page with `count` images and a line end after each."""
    return page("<img src='b.png' alt='bridge'>&#10; " * count)


def html_short_paragraphs(count: int) -> bytes:
    """A page of `count` paragraphs of one letter, and as many of a year."""
    return page("<p>1999</p><p>b</p>" * count)


def html_attributes(count: int) -> bytes:
    """A page with `count` attributes on one element."""
    attributes = " ".join(f"data-{i}=1" for i in range(count))
    return page(f"<p {attributes}>A bridge.</p><p>{PROSE}</p>")


def feed_attributes(count: int) -> bytes:
    """A feed with `count` attributes on one item."""
    attributes = " ".join(f'n{i}="1"' for i in range(count))
    return (
        f'{XML_HEAD}<rss version="2.0"><channel><title>News</title><item {attributes}>'
        f"<title>A bridge</title><guid>b</guid><description>{PROSE}</description></item>"
        "</channel></rss>"
    ).encode()


@dataclass(frozen=True)
class Maker:
    """A hostile input: how it is made, its file's extension, and three sizes to measure."""

    make: Callable[[int], bytes]
    extension: str
    sizes: tuple[int, int, int]


MAKERS = {
    "many stops": Maker(many_stops, ".txt", (50_000, 100_000, 200_000)),
    "short sentences": Maker(short_sentences, ".txt", (25_000, 50_000, 100_000)),
    "one paragraph": Maker(one_paragraph, ".txt", (5_000, 10_000, 20_000)),
    "one word": Maker(one_word, ".txt", (1_000_000, 2_000_000, 4_000_000)),
    "long white space": Maker(long_space, ".txt", (50_000, 100_000, 200_000)),
    "deep JSON": Maker(deep_json, ".jsonl", (250, 500, 1_000)),
    "PDF, long word": Maker(pdf_long_word, ".pdf", (50_000, 100_000, 200_000)),
    "PDF, one paragraph": Maker(pdf_one_paragraph, ".pdf", (5_000, 10_000, 20_000)),
    "PDF, scattered letters": Maker(pdf_scattered, ".pdf", (25_000, 50_000, 100_000)),
    "Word, many lists": Maker(docx_lists, ".docx", (4_000, 8_000, 16_000)),
    "mail, long field": Maker(mail_long_field, ".eml", (2_000, 4_000, 8_000)),
    "mail, many parts": Maker(mail_many_parts, ".eml", (5_000, 10_000, 20_000)),
    "HTML, images": Maker(html_images, ".html", (19_000, 38_000, 76_000)),
    "HTML, short paragraphs": Maker(html_short_paragraphs, ".html", (4_500, 9_000, 18_000)),
    "HTML, attributes": Maker(html_attributes, ".html", (50_000, 100_000, 200_000)),
    "feed, attributes": Maker(feed_attributes, ".xml", (10_000, 20_000, 40_000)),
}
