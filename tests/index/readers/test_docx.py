"""Word documents: what is read from them, and which are refused (bad-inputs.md 37 to 43)."""

import datetime as dt
import io
import time
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from growth import LINEAR, growth
from hostile_documents import docx_lists
from index_parts import RELEASE, look, put, text_of
from made_sources import GOOD_DOCX, HEADLINE, PARAGRAPHS, document_bytes, made_document

from index.ingest.parse import MAX_BYTES
from index.readers.base import BadRecord, Draft
from index.readers.docx import DocxReader
from index.structure.passages import EncoderWindow


def altered(data: bytes, **parts: bytes) -> bytes:
    """Return a package with some parts replaced; `_` stands for characters names cannot have."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(Path(name).stem, None) or old.read(name))
    assert not parts
    return file.getvalue()


def test_headings_paragraphs_lists_and_tables_in_order(
    tmp_path: Path, window: EncoderWindow
) -> None:
    """All text of the document is read in order, list items with their marks."""
    document = docx.Document()
    document.add_paragraph("New footbridge opens", style="Title")
    document.add_paragraph("HALIFAX, March 3, 2021 - The province\thas opened a footbridge.")
    document.add_heading("What it costs", 2)
    for item in ("Steel", "Wood"):
        document.add_paragraph(item, style="List Bullet")
    for item in ("Plan", "Build"):
        document.add_paragraph(item, style="List Number")
    table = document.add_table(2, 2)
    for cell, words in zip(table._cells, ("Part", "Cost", "Deck", "$4.2 million"), strict=True):
        cell.text = words
    document.add_paragraph("Second line.\nAfter a break.")
    looked = look(window, put(tmp_path / "a.docx", document_bytes(document)))

    assert [
        "New footbridge opens",
        "HALIFAX, March 3, 2021 - The province has opened a footbridge.",
        "What it costs", "• Steel", "• Wood", "1. Plan", "2. Build",
        "Part | Cost", "Deck | $4.2 million", "Second line.\nAfter a break.",
    ] == text_of(looked).split("\n\n")  # fmt: skip
    (prepared,) = looked.releases.values()
    assert ("New footbridge opens", "2021-03-03") == (
        prepared.release.title, prepared.release.date,
    )  # fmt: skip


def test_properties_are_used_and_the_date_of_the_text_comes_first(
    tmp_path: Path, window: EncoderWindow
) -> None:
    """Title, author and language come from the properties; the file's date is a last resort."""
    found = {}
    for name, text in (("dated", RELEASE), ("undated", "The bridge is open to all from today.")):
        document = made_document(*text.split("\n\n"))
        document.core_properties.title = "A footbridge"
        document.core_properties.author = "Province of Nova Scotia"
        document.core_properties.language = "en-CA"
        document.core_properties.created = dt.datetime(2022, 5, 6, tzinfo=dt.UTC)
        looked = look(window, put(tmp_path / f"{name}.docx", document_bytes(document)))
        release = looked.releases[name].release
        assert ("A footbridge", "Province of Nova Scotia", "en") == (
            release.title, release.issuer, release.lang,
        )  # fmt: skip
        found[name] = release.date

    assert {"dated": "2021-03-03", "undated": "2022-05-06"} == found


def test_words_that_python_docx_leaves_out_are_read(tmp_path: Path, window: EncoderWindow) -> None:
    """Tracked insertions, content controls, links and text boxes are read; deletions are not."""
    document = made_document(HEADLINE)
    names = nsdecls("w")
    box = "<w:p><w:r><w:t>In a box.</w:t></w:r></w:p>"
    for inner in (
        "<w:ins w:id='1' w:author='x'><w:r><w:t>Inserted words.</w:t></w:r></w:ins>",
        "<w:del w:id='2' w:author='x'><w:r><w:t>Deleted.</w:t></w:r></w:del>",
        "<w:sdt><w:sdtContent><w:r><w:t>Inside a control.</w:t></w:r></w:sdtContent></w:sdt>",
        "<w:hyperlink><w:r><w:t>A link.</w:t></w:r></w:hyperlink>",
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden.</w:t></w:r><w:r><w:t>Seen.</w:t></w:r>",
        f"<w:r><w:t>Anchor.</w:t><w:pict><w:txbxContent>{box}</w:txbxContent></w:pict></w:r>",
    ):
        document.element.body.append(parse_xml(f"<w:p {names}>{inner}</w:p>"))
    looked = look(window, put(tmp_path / "a.docx", document_bytes(document)))

    assert [
        HEADLINE, "Inserted words.", "Inside a control.", "A link.", "Seen.",
        "In a box.", "Anchor.",
    ] == text_of(looked).split("\n\n")  # fmt: skip


def test_a_table_used_for_layout_is_read_as_paragraphs(
    tmp_path: Path, window: EncoderWindow
) -> None:
    """A letterhead in a table of one row, with a table inside, gives its paragraphs."""
    document = docx.Document()
    left, right = document.add_table(1, 2).rows[0].cells
    left.text = "FOR IMMEDIATE RELEASE"
    right.text = "March 3, 2021"
    inner = right.add_table(2, 2)
    for cell, words in zip(inner._cells, "abcd", strict=True):
        cell.text = words
    for cell, words in zip(document.add_table(1, 2)._cells, ("Contact:", "Press"), strict=True):
        cell.text = words
    document.add_paragraph(HEADLINE)
    looked = look(window, put(tmp_path / "a.docx", document_bytes(document)))

    assert [
        "FOR IMMEDIATE RELEASE", "March 3, 2021", "a | b", "c | d", "Contact:", "Press", HEADLINE,
    ] == text_of(looked).split("\n\n")  # fmt: skip


@pytest.mark.parametrize("name", ["a.docx", "a.txt", "a.pdf", "a"])
def test_62_a_document_is_recognized_by_content(
    name: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """62: A Word document is read under any name."""
    looked = look(window, put(tmp_path / name, document_bytes(made_document(*PARAGRAPHS))))

    assert PARAGRAPHS == text_of(looked).split("\n\n")


BOMB = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><d>&b;</d>'


def _many(count: int, name: str = "word/m{}.xml") -> bytes:
    file = io.BytesIO(GOOD_DOCX)
    with zipfile.ZipFile(file, "a") as package:
        for number in range(count):
            package.writestr(name.format(number), "")
    return file.getvalue()


def _encrypted_member() -> bytes:
    """Return a package whose main part is flagged as encrypted in both of its headers."""
    data = bytearray(GOOD_DOCX)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 1)
    return bytes(data)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04" + b"no zip" * 99, "a damaged zip archive or office document"),
        (GOOD_DOCX[: len(GOOD_DOCX) // 2], "a damaged zip archive or office document"),
        (
            altered(GOOD_DOCX, document=b"<" + b" " * 100_000_000),
            "unpacks to more than 100 times its size",
        ),
        (_many(10_000), "an archive of more than 2,000 files"),
        (altered(GOOD_DOCX, document=BOMB), "it declares XML entities, which are not allowed"),
        (altered(GOOD_DOCX, core=BOMB), "it declares XML entities, which are not allowed"),
        (altered(GOOD_DOCX, document=b"<w:document"), "the document cannot be parsed"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "an encrypted office document",
        ),
        (_encrypted_member(), "encrypted"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9,
            "not text: an old office document (such as .doc or .msg), which is not supported",
        ),
    ],
    ids=["37_no_zip", "38_cut", "39_bomb", "40_members", "42_entities", "42_in_properties",
         "no_xml", "43_container", "43_member", "old"],
)  # fmt: skip
def test_37_to_43_bad_documents_are_skipped(
    content: bytes, reason: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """37 to 43: A damaged, encrypted or hostile document is skipped at once, with the reason."""
    put(tmp_path / "s" / "a.docx", content)
    put(tmp_path / "s" / "b.txt", RELEASE)
    started = time.process_time()
    looked = look(window, tmp_path / "s", base=tmp_path / "s")

    assert ({"a.docx": reason}, {"b"}) == (looked.skipped, set(looked.releases))
    assert time.process_time() - started < 10


def test_39_wrong_sizes_are_not_trusted(tmp_path: Path, window: EncoderWindow) -> None:
    """39: A part that unpacks to more than it declares is read no further than that."""
    data = altered(GOOD_DOCX, document=b"<" + b" " * 50_000_000)
    small = (1000).to_bytes(4, "little")
    lying = data.replace((50_000_001).to_bytes(4, "little"), small)
    assert lying != data
    looked = look(window, put(tmp_path / "a.docx", lying))

    assert {"a.docx": "damaged inside its archive"} == looked.skipped


def test_41_a_member_outside_is_only_a_name(tmp_path: Path, window: EncoderWindow) -> None:
    """41: A member with a path outside the archive is not written anywhere."""
    folder = tmp_path / "a" / "b"
    looked = look(window, put(folder / "a.docx", _many(1, "../../x{}.xml")))

    assert PARAGRAPHS == text_of(looked).split("\n\n")
    assert [folder / "a.docx"] == [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_empty_document_has_no_text(tmp_path: Path, window: EncoderWindow) -> None:
    """A document without words is skipped; so is a spreadsheet."""
    put(tmp_path / "s" / "a.docx", document_bytes(made_document("")))
    put(tmp_path / "s" / "b.xlsx", _many(1, "xl/workbook{}.xml"))
    looked = look(window, tmp_path / "s", base=tmp_path / "s")

    assert {
        "a.docx": "no text",
        "b.xlsx": "a spreadsheet, which is not supported",
    } == looked.skipped


@pytest.mark.parametrize("label", ["News Release", "Pressemitteilung", "Ad hoc"])
def test_a_label_in_the_properties_is_not_the_title(
    label: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """A template's title is a label with which the text begins, too; the headline is below."""
    headline = "Ferry fares to fall by a tenth in spring"
    document = made_document(f"{label}", headline, "March 3, 2025", *PARAGRAPHS[1:])
    document.core_properties.title = label
    looked = look(window, put(tmp_path / "a.docx", document_bytes(document)))
    (prepared,) = looked.releases.values()

    assert headline == prepared.release.title


def test_many_lists_take_linear_time() -> None:
    """Numbering a paragraph does not depend on how many lists the document has."""

    def read(data: bytes) -> list[Draft | BadRecord]:
        return list(DocxReader().read(io.BytesIO(data), MAX_BYTES))

    (draft,) = read(docx_lists(3))
    assert isinstance(draft, Draft)
    assert ["1. item 0", "1. item 1", "1. item 2"] == draft.text.split("\n\n")
    assert growth(read, docx_lists, 2_000) < LINEAR


def test_the_margin_of_the_pages_names_the_issuer(tmp_path: Path, window: EncoderWindow) -> None:
    """An office whose name is only in the header of its pages is the issuer."""
    document = made_document("Bridge opens", "The bridge over the river is open from today.")
    document.core_properties.author = "jroe"
    document.sections[0].header.paragraphs[0].text = "Marrow Bridge Authority\nPress office"
    looked = look(window, put(tmp_path / "a.docx", document_bytes(document)))

    assert ["Marrow Bridge Authority"] == [p.release.issuer for p in looked.releases.values()]
