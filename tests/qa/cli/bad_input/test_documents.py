"""Pages, Word documents, PDF documents and feeds that are damaged or hostile (31 to 56)."""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from console_script import Indexed, index_files
from fpdf import FPDF
from fpdf.enums import AccessPermission
from index_parts import RELEASE
from made_sources import GOOD_DOCX, HEADLINE, PARAGRAPHS, XML_HEAD, item, rss
from PIL import Image
from raw_pdf import packed_blanks, pdf_stream, raw_pdf
from scans import TEXTLESS_PDF

pytestmark = pytest.mark.usefixtures("exported_encoder")

ARTICLE = """<html><head>{head}<title>Bridge opens</title></head><body><article>
<h1>Bridge opens</h1>
<p>The province has opened a footbridge across the harbour, the minister said on Monday.</p>
<p>It cost €4.2 million and took two years to build, and people may walk on it at night.</p>
</article></body></html>"""
MENU = "".join(f"<li><a href='/{number}'>Topic {number}</a></li>" for number in range(60))
TOO_DEEP = "its elements are nested too deeply to be an article"
NO_ARTICLE = "no article found in the page"

ANY = "any reason"
"""Stands for a reason that depends on which limit is reached first."""

Content = bytes | str
Made = Callable[[], Content]
"""Makes the content of a file. What is large is not made before it is needed."""

PAGES: dict[str, tuple[Content | Made, str]] = {
    "31_no_body.html": ("<html><head><title>T</title></head></html>", NO_ARTICLE),
    "32_nested_divs.html": ("<html><body>" + "<div>" * 100_000 + "text", TOO_DEEP),
    "33_scripts_only.html": (
        "<html><script>var a = 'words';</script><style>p {color: red}</style></html>", NO_ARTICLE,
    ),
    "34_wrong_charset.html": (ARTICLE.format(head='<meta charset="shift_jis">').encode(), ""),
    "35_unclosed_tags.html": (
        lambda: "<html><body>" + "<p><b>" * 8_400_000, "it has too many elements to be an article",
    ),
    "36_menus.html": (f"<html><body><ul>{MENU}</ul></body></html>", ""),
}  # fmt: skip


def altered_docx(**parts: bytes) -> bytes:
    """A Word document with some parts replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD_DOCX)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(Path(name).stem) or old.read(name))
    return file.getvalue()


def with_members(*names: str) -> bytes:
    """A Word document with more members."""
    file = io.BytesIO(GOOD_DOCX)
    with zipfile.ZipFile(file, "a") as package:
        for name in names:
            package.writestr(name, "")
    return file.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><d>&b;</d>'
DAMAGED_ZIP = "a damaged zip archive or office document"
WORD: dict[str, tuple[Content | Made, str]] = {
    "37_no_zip.docx": (b"PK\x03\x04" + b"no zip" * 99, DAMAGED_ZIP),
    "38_truncated.docx": (GOOD_DOCX[: len(GOOD_DOCX) // 2], DAMAGED_ZIP),
    "39_bomb.docx": (
        lambda: altered_docx(document=b"<" + b" " * 100_000_000),
        "unpacks to more than 100 times its size",
    ),
    "40_members.docx": (
        lambda: with_members(*(f"word/m{number}.xml" for number in range(10_000))),
        "an archive of more than 2,000 files",
    ),
    "41_outside.docx": (with_members("../../outside.xml", "/tmp/outside.xml"), ""),  # noqa: S108
    "42_entities.docx": (
        altered_docx(document=BOMB), "it declares XML entities, which are not allowed",
    ),
    "43_encrypted.docx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "an encrypted office document",
    ),
}  # fmt: skip


def made_pdf() -> FPDF:
    """A document of a release."""
    document = FPDF()
    document.add_page()
    document.set_font("Times", size=11)
    for paragraph in PARAGRAPHS:
        plain = paragraph.encode("ascii", "ignore").decode()
        document.multi_cell(0, 5, plain, new_x="LMARGIN", new_y="NEXT")
        document.ln(3)
    return document


def encrypted_pdf() -> bytes:
    """A document that needs a password."""
    document = made_pdf()
    document.set_encryption("owner", "user", permissions=AccessPermission.none())
    return bytes(document.output())


def scanned_pdf() -> bytes:
    """A document whose page is a picture."""
    document = FPDF()
    document.add_page()
    picture = io.BytesIO()
    Image.new("L", (50, 50), 128).save(picture, "PNG")
    document.image(picture)
    return bytes(document.output())


SHOWN = pdf_stream(b"BT /F1 12 Tf 72 700 Td (The bridge is open to all people.) Tj ET")
PDF: dict[str, tuple[Content | Made, str]] = {
    "44_encrypted.pdf": (encrypted_pdf, "an encrypted PDF document"),
    "45_pictures.pdf": (scanned_pdf, TEXTLESS_PDF),
    "46_no_xref.pdf": (raw_pdf(SHOWN), ""),
    "46_nothing_else.pdf": (b"%PDF-1.4\nxref broken", "a damaged PDF document"),
    "47_bomb.pdf": (lambda: raw_pdf(packed_blanks(300)), ANY),
    "48_inline_image.pdf": (
        raw_pdf(pdf_stream(b"BI /W 9 /H 9 /BPC 8 /CS /G ID " + b"x" * 9_000)), ANY,
    ),
    "49_pages_in_a_loop.pdf": (
        raw_pdf(pdf_stream(b""), pages=b"[2 0 R 2 0 R]"), ANY,
    ),
}  # fmt: skip

NO_ENTITIES = "a feed that declares XML entities, which are not supported"
FEEDS: dict[str, tuple[Content | Made, str]] = {
    "50_entities.xml": (
        rss(
            item(text="&b;" * 50),
            head=XML_HEAD + '<!DOCTYPE rss [<!ENTITY a "aaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        ),
        NO_ENTITIES,
    ),
    "51_file_entity.xml": (
        rss(
            item(text="&b;"),
            head=XML_HEAD + '<!DOCTYPE rss [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        ),
        NO_ENTITIES,
    ),
    "52_letters.xml": (
        rss(item("52", "Le caf&eacute; est ouvert &agrave; Qu&#233;bec.")), "",
    ),
    "53_address.xml": (
        rss(item("53", "file:///etc/passwd"), item("53b", "https://example.org/other")), "",
    ),
    "54_link.xml": (rss(item("54", more="<link>file:///../../etc/passwd</link>")), ""),
    "55_same_guid.xml": (rss(item("same"), item("same", "Other words about a ferry.")), ""),
    "56_page.rss": ("<!DOCTYPE html>" + ARTICLE.format(head=""), ""),
}  # fmt: skip
FILES = PAGES | WORD | PDF | FEEDS


@pytest.fixture(scope="module", name="indexed")
def _indexed(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    """All the files, indexed by one run of the program, in bounded time."""
    folder = tmp_path_factory.mktemp("documents") / "a" / "b"
    files = {name: made() if callable(made) else made for name, (made, _) in FILES.items()}
    started = time.process_time()
    indexed = index_files(folder, files)
    assert time.process_time() - started < 60
    return indexed


@pytest.mark.parametrize("name", [name for name, (_, reason) in FILES.items() if reason])
def test_31_to_51_what_cannot_be_read_is_skipped_with_the_reason(
    name: str, indexed: Indexed
) -> None:
    """31 to 33, 35, 37 to 40, 42 to 51: The file is named with the reason, and not stored."""
    assert FILES[name][1] in {indexed.skipped[name], ANY}
    assert name.rpartition(".")[0] not in indexed.listed


def test_34_a_charset_that_is_not_true_is_not_believed(indexed: Indexed) -> None:
    """34: A page in UTF-8 is read as what it is, whatever it declares."""
    assert "It cost €4.2 million" in indexed.text("34_wrong_charset")


def test_36_a_page_of_menus_is_read_or_skipped(indexed: Indexed) -> None:
    """36: What there is of text is read, or the page is skipped with a reason."""
    if reason := indexed.skipped.get("36_menus.html"):
        assert NO_ARTICLE == reason
    else:
        assert "Topic 1" in indexed.text("36_menus")


def test_41_a_member_outside_the_archive_is_written_nowhere(indexed: Indexed) -> None:
    """41: The document is read, and no file has appeared anywhere beside the collection."""
    assert HEADLINE in indexed.text("41_outside")
    top = indexed.folder.parents[1]
    assert not [path for path in top.rglob("*") if path.name == "outside.xml"]
    assert not Path("/tmp/outside.xml").exists()  # noqa: S108 - what the archive names
    assert {"in", ".releaseqa"} == {path.name for path in indexed.folder.iterdir()}


def test_46_a_document_without_its_table_is_read(indexed: Indexed) -> None:
    """46: The objects of a PDF are found without the table of their positions."""
    assert "The bridge is open to all people." in indexed.text("46_no_xref")


def entries(indexed: Indexed, name: str) -> list[str]:
    """The ids of the releases that came from a feed."""
    return sorted(
        release for release, facts in indexed.listed.items() if facts["source"] == f"in/{name}"
    )


def test_52_letters_written_as_entities_are_read(indexed: Indexed) -> None:
    """52: `&eacute;` is é, whether or not the feed declares it."""
    (release,) = entries(indexed, "52_letters.xml")

    assert "Le café est ouvert à Québec." in indexed.text(release)


def test_53_54_no_address_in_a_feed_is_followed(indexed: Indexed) -> None:
    """53, 54: A body that is an address stays one, and a link to a file is no link."""
    shown = [indexed.text(release) for release in entries(indexed, "53_address.xml")]
    (linked,) = entries(indexed, "54_link.xml")

    assert len(shown) == 2
    assert any("file:///etc/passwd" in text for text in shown)
    assert any("https://example.org/other" in text for text in shown)
    assert indexed.listed[linked]["url"] is None
    assert "root:" not in " ".join([*shown, indexed.text(linked)])


def test_55_entries_that_share_a_guid_are_kept_apart(indexed: Indexed) -> None:
    """55: Both are stored, without a date, and stay the same when the feed is read again."""
    found = entries(indexed, "55_same_guid.xml")
    again = indexed.run("index", "in/55_same_guid.xml", "--dry-run")

    assert len(found) == 2
    assert {None} == {indexed.listed[release]["date"] for release in found}
    assert "Other words about a ferry." in " ".join(map(indexed.text, found))
    assert "0 added, 0 updated, 2 unchanged" in again.out


def test_56_a_page_served_as_a_feed_is_a_page(indexed: Indexed) -> None:
    """56: It is recognized by its content and read like any page."""
    (release,) = entries(indexed, "56_page.rss")

    assert "Bridge opens" == indexed.listed[release]["title"]
    assert "It cost €4.2 million" in indexed.text(release)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("document.txt", GOOD_DOCX, HEADLINE),
        ("pdf.html", raw_pdf(SHOWN), "The bridge is open to all people."),
        ("page.csv", "<!DOCTYPE html>" + ARTICLE.format(head=""), "took two years to build"),
        ("feed.docx", rss(item()), "The province has opened a footbridge across the harbour."),
        ("text.pdf", RELEASE, "It cost $4.2 million"),
        ("records.md", '{"id": "records", "text": "A record of a ferry."}', "A record of a ferry."),
    ],
    ids=lambda value: value if isinstance(value, str) and value.count(".") == 1 else "",
)
def test_62_the_extension_does_not_decide(
    name: str, content: bytes | str, words: str, tmp_path: Path
) -> None:
    """62: A file is read as what it is."""
    indexed = index_files(tmp_path, {name: content})
    (release,) = set(indexed.listed) - {"good"}

    assert words in indexed.text(release)


def test_the_documents_without_their_damage_are_read(tmp_path: Path) -> None:
    """What the bad documents are made from is read."""
    document = io.BytesIO()
    docx.Document(io.BytesIO(GOOD_DOCX)).save(document)
    indexed = index_files(
        tmp_path,
        {
            "page.html": ARTICLE.format(head=""), "word.docx": document.getvalue(),
            "pdf.pdf": bytes(made_pdf().output()), "feed.xml": rss(item()),
        },
    )  # fmt: skip

    assert {} == indexed.skipped
    assert len(indexed.listed) == 5
