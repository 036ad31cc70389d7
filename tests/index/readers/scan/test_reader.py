"""Scans: their text with the extra `ocr`, the message without, and files that are refused."""

import io
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from index_parts import RELEASE, look, put, text_of
from PIL import Image
from scans import as_pdf, as_picture, as_tiff, needs_ocr, scanned_pages

from index.ingest.update import update_collection
from index.readers.scan import reader, worker
from index.structure.passages import EncoderWindow

if TYPE_CHECKING:
    from index.reports import Progress

HEADLINE = "New footbridge opens in Halifax harbour"
FIRST = [
    """HALIFAX, March 3, 2021 - The province has opened a footbridge across the
harbour. It cost $4.2 million and took two years to build. The govern-
ment paid for half of it.""",
    """The bridge is open from dawn to dusk. A second stage with a cycling lane
begins in 2023, when the ferry terminal is moved to the other side.""",
]
SECOND = [
    """The Province of Nova Scotia has built bridges since 1867, and more than forty of
them are still in use.""",
]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def huge_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A picture of a small file and nearly a thousand million pixels."""
    packer = zlib.compressobj()
    row = bytes(1 + width // 8)
    rows = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(
        b"IEND", b""
    )  # fmt: skip


def endless_tiff() -> bytes:
    """A file of more pages than are read, each of a few bytes."""
    page = as_picture(Image.new("1", (64, 64)), "TIFF")
    (first,) = struct.unpack("<I", page[4:8])
    (count,) = struct.unpack("<H", page[first : first + 2])
    directory = page[first : first + 2 + 12 * count]
    pages, end = [], len(page)
    for number in range(worker.MAX_PAGES + 1):
        after = end + (number + 1) * (len(directory) + 4)
        pages.append(directory + struct.pack("<I", after if number < worker.MAX_PAGES else 0))
    return page[:4] + struct.pack("<I", end) + page[8:] + b"".join(pages)


GOOD = as_picture(Image.effect_noise((400, 400), 50), "PNG")
REFUSED = {
    "huge.png": (huge_png(), "pixels"),
    "cut.png": (GOOD[: len(GOOD) // 2], "damaged"),
    "cut.jpg": (as_picture(Image.effect_noise((400, 400), 50), "JPEG")[:3_000], "damaged"),
    "cut.tif": (as_tiff([Image.effect_noise((400, 400), 50)])[:3_000], "damaged"),
    "nothing.png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10, "damaged"),
    "page.png": (b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script></html>", "damaged"),
    "document.jpg": (b"\xff\xd8\xff%PDF-1.4\n" + b"x" * 999, "damaged"),
    "pages.tif": (endless_tiff(), "pages"),
    "dot.png": (as_picture(Image.new("L", (9, 9)), "PNG"), "shape"),
    "strip.png": (as_picture(Image.new("1", (90_000, 40)), "PNG"), "shape"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_page_is_refused_before_it_is_recognized(name: str) -> None:
    """Too many pixels or pages, damaged files, and files of two formats."""
    content, reason = REFUSED[name]

    with pytest.raises(worker.RefusedError, match=f"^{reason}$"):
        list(worker._frames(content))


@pytest.mark.parametrize(
    ("picture", "upright"),
    [
        (Image.new("L", (3_000, 4_000)), (1732, 2309)),
        (Image.new("RGB", (600, 800)), (600, 800)),
        (Image.new("1", (600, 800)), (600, 800)),
        (Image.new("I;16", (600, 800)), (600, 800)),
        (Image.new("RGBA", (600, 800)), (600, 800)),
        (Image.new("CMYK", (600, 800)), (600, 800)),
    ],
    ids=lambda value: getattr(value, "mode", ""),
)
def test_a_page_is_gray_and_not_larger_than_is_needed(
    picture: Image.Image, upright: tuple[int, int]
) -> None:
    """Every kind of pixel; a transparent page is white."""
    kind = "TIFF" if picture.mode == "CMYK" else "PNG"
    count, page = worker._frames(as_picture(picture, kind))

    assert (count, page.mode, page.size) == (1, "L", upright)
    assert (page.getpixel((5, 5)) == 255) is (picture.mode in {"RGBA", "CMYK"})


def test_a_page_is_turned_and_stretched_as_its_file_says() -> None:
    """A camera states which side is up, a fax that it has fewer lines than dots."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (800, 600)).save(file, "JPEG", exif=exif)
    photograph = list(worker._frames(file.getvalue()))[1]
    file = io.BytesIO()
    Image.new("1", (816, 540)).save(file, "TIFF", dpi=(204, 98))
    fax = list(worker._frames(file.getvalue()))[1]

    assert photograph.size == (600, 800)
    assert fax.size == (816, 1124)


SCANS = {
    "a.png": (GOOD, "not text: a PNG image"),
    "a.txt": (as_picture(Image.new("L", (9, 9)), "JPEG"), "not text: a JPEG image"),
    "a.tif": (as_picture(Image.new("L", (9, 9)), "TIFF"), "not text: a TIFF image"),
    "a.pdf": (as_pdf([Image.new("L", (300, 300))]), "no text layer: its pages are images"),
}


@pytest.mark.parametrize("name", SCANS)
def test_without_the_extra_its_name_is_said(
    name: str, tmp_path: Path, window: EncoderWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scan is skipped, with what to install; the rest is read."""
    monkeypatch.setattr(reader, "is_installed", lambda: False)
    monkeypatch.setattr("index.readers.pdf.reader.is_installed", lambda: False)
    content, reason = SCANS[name]
    put(tmp_path / "s" / name, content)
    put(tmp_path / "s" / "b.txt", RELEASE)
    looked = look(window, tmp_path / "s", base=tmp_path / "s")

    assert looked.skipped == {name: f"{reason}; to read scans: pip install 'releaseqa[ocr]'"}
    assert set(looked.releases) == {"b"}


@needs_ocr
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_pages_are_read_in_paragraphs(kind: str, tmp_path: Path, window: EncoderWindow) -> None:
    """Headers and page numbers are dropped, hyphens joined, and the pages known."""
    pages = scanned_pages(FIRST, SECOND, headline=HEADLINE)
    looked = look(window, put(tmp_path / "a", as_tiff(pages) if kind == "TIFF" else as_pdf(pages)))
    text = text_of(looked)
    first = [paragraph.replace("govern-\nment", "government") for paragraph in FIRST]
    wanted = [HEADLINE, *(" ".join(paragraph.split()) for paragraph in (*first, *SECOND))]
    (parsed,) = looked.releases.values()

    assert text.split("\n\n") == wanted
    assert parsed.release.title == HEADLINE
    assert parsed.release.date == "2021-03-03"
    assert parsed.release.metadata["page_starts"] == [0, text.index(wanted[-1])]
    assert 0.9 < float(str(parsed.release.metadata["scan_confidence"])) <= 1


@needs_ocr
@pytest.mark.slow
def test_pictures_are_read_and_those_without_text_are_not(
    tmp_path: Path, window: EncoderWindow
) -> None:
    """A photograph of a page is a release, a logo is none; what follows a picture is ignored."""
    (page,) = scanned_pages(FIRST)
    (logo,) = scanned_pages(["Acme Bridges"])
    folder = tmp_path / "s"
    put(folder / "a.jpg", as_picture(page, "JPEG"))
    put(folder / "both.png", as_picture(page, "PNG") + b"%PDF-1.4 " + RELEASE.encode())
    put(folder / "logo.png", as_picture(logo, "PNG"))
    put(folder / "noise.pdf", as_pdf([Image.new("L", (300, 300), 255)]))
    looked = look(window, folder, base=folder)

    assert looked.skipped == {
        "logo.png": "a PNG image with hardly any text",
        "noise.pdf": "no text layer, and no text on the images of its pages",
    }
    assert {"a", "both"} == set(looked.releases)
    for parsed in looked.releases.values():
        assert "a footbridge across the harbour" in parsed.release.text


@needs_ocr
@pytest.mark.slow
def test_progress_tells_the_page(tmp_path: Path) -> None:
    """A page takes seconds, so each is reported."""
    source = put(tmp_path / "s" / "a.tif", as_tiff(scanned_pages(FIRST, SECOND)))
    told: list[Progress] = []
    update_collection(tmp_path / "index", [source], progress=told.append, dry_run=True)

    assert [item for p in told if (item := p.item or "").endswith("of 2")] == [
        f"{source.relative_to(tmp_path)}, page 1 of 2",
        f"{source.relative_to(tmp_path)}, page 2 of 2",
    ]


@needs_ocr
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_said(name: str, tmp_path: Path, window: EncoderWindow) -> None:
    """45: Each reason is a plain message, and the rest goes on."""
    content, reason = REFUSED[name]
    put(tmp_path / "s" / name, content)
    put(tmp_path / "s" / "b.txt", RELEASE)
    looked = look(window, tmp_path / "s", base=tmp_path / "s")

    assert looked.skipped == {
        name: {
            "pixels": "a picture of more than 100 million pixels",
            "damaged": "a damaged scan",
            "pages": "a scan of more than 200 pages",
            "shape": "a picture too small or too narrow to be a page",
        }[reason]
    }
    assert set(looked.releases) == {"b"}


def test_nothing_is_downloaded() -> None:
    """The process that recognizes refuses every connection."""
    for event in ("socket.connect", "socket.getaddrinfo"):
        with pytest.raises(PermissionError):
            worker._refuse_event(event, ())
    worker._refuse_event("open", ())
