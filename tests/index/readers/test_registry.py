"""Unsupported formats, and files with the wrong extension (62)."""

import gzip
import io
import json
from pathlib import Path

import pytest
from index_parts import RELEASE, look, put

from index.structure.passages import EncoderWindow


def test_unsupported_formats_are_named(tmp_path: Path, window: EncoderWindow) -> None:
    """RTF is recognized by content and skipped, so that its markup is not stored as words."""
    looked = look(window, put(tmp_path / "x.txt", b"{\\rtf1\\ansi Words}"))

    assert {"x.txt": "not text: an RTF document, which is not supported"} == looked.skipped


@pytest.mark.parametrize(
    ("name", "content", "ids"),
    [
        ("62-page.txt", "<html><body><p>" + "The bridge is open. " * 9, {"62-page"}),
        ("62-records.md", json.dumps({"id": "r1", "text": RELEASE}), {"r1"}),
        ("62-text.html", RELEASE, {"62-text"}),
        ("62-text.docx", RELEASE, {"62-text"}),
        ("62-text.jsonl", RELEASE, {"62-text"}),
        ("62-packed.txt", gzip.compress(RELEASE.encode(), mtime=0), {"62-packed"}),
        ("62-packed.html.gz", gzip.compress(RELEASE.encode(), mtime=0), {"62-packed"}),
    ],
)
def test_62_a_wrong_extension_does_not_matter(
    name: str, content: str | bytes, ids: set[str], tmp_path: Path, window: EncoderWindow
) -> None:
    """62: The content decides the format: a page, records or gzip under any extension."""
    looked = look(window, put(tmp_path / name, content))

    assert ({}, ids) == (looked.skipped, set(looked.releases))
    (prepared,) = looked.releases.values()
    assert "<" not in prepared.release.text


def test_damaged_gzip_is_skipped(tmp_path: Path, window: EncoderWindow) -> None:
    """A gzip file that is cut off or changed is skipped with the reason."""
    packed = gzip.compress(json.dumps({"text": RELEASE * 9}).encode())
    put(tmp_path / "s" / "cut.gz", packed[:-20])
    put(tmp_path / "s" / "flip.gz", packed[:30] + bytes([packed[30] ^ 255]) + packed[31:])
    looked = look(window, tmp_path / "s", base=tmp_path / "s")

    assert {"cut.gz", "flip.gz"} == set(looked.skipped)
    assert not looked.releases


def test_bad_records_are_named_and_the_rest_goes_on(tmp_path: Path, window: EncoderWindow) -> None:
    """A line that is not a record is skipped with its number and the reason; others are read."""
    lines = [
        json.dumps({"id": "good", "text": RELEASE}),
        "{broken",
        "[1, 2]",
        json.dumps({"id": "no text"}),
        json.dumps({"id": "blank", "text": " "}),
        json.dumps({"id": ["list"], "text": RELEASE}),
        "[" * 100_000,
        json.dumps({"id": 7, "text": RELEASE}),
        json.dumps({"id": "good", "text": RELEASE + "changed"}),
    ]
    from index.ingest.parse import read_stream
    from index.readers.base import BadRecord

    found = list(read_stream(io.BytesIO("\n".join(lines).encode()), "a.jsonl", window))
    bad = [item.where for item in found if isinstance(item, BadRecord)]
    ids = [item.release.release_id for item in found if not isinstance(item, BadRecord)]
    looked = look(window, put(tmp_path / "a.jsonl", "\n".join(lines)))

    assert ["line 2", "line 3", "line 4", "blank", "line 6", "line 7"] == bad
    assert ["good", "7", "good"] == ids
    assert "its id occurs twice" == looked.skipped["a.jsonl: good"]


MESSAGE = (
    "From: A <a@b.org>\nDate: Mon, 17 Apr 2023 10:00:00 +0000\nSubject: A road\n"
    "Message-ID: <1@b>\n\nLe pont à Québec.\n"
)
PAGE = (
    "<!DOCTYPE html><html><head><title>A bridge</title><meta charset='utf-16'></head><body>"
    "<article><h1>A bridge opens</h1><p>The minister opened the bridge in Québec on May 3.</p>"
    "<p>It cost four million dollars.</p></article></body></html>"
)


BRIDGE_AND_ROAD = ["Le pont à Québec.", "A road."]
WIDE = [
    ("a.html", PAGE, ["The minister opened the bridge in Québec on May 3."]),
    ("a.jsonl", '{"text": "Le pont à Québec."}\n{"text": "A road."}', BRIDGE_AND_ROAD),
    ("a.tsv", "title\ttext\nA\tLe pont à Québec.\nB\tA road.\n", BRIDGE_AND_ROAD),
    ("a.eml", MESSAGE, ["Le pont à Québec."]),
]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(
    ("mark", "name", "text", "expected"),
    # Without a mark nothing tells a table or a mail from other text.
    [(True, *source) for source in WIDE] + [(False, *source) for source in WIDE[:2]],
)
def test_a_source_of_wide_characters_is_read_in_its_format(
    name: str, text: str, expected: list[str], encoding: str, tmp_path: Path,
    window: EncoderWindow, *, mark: bool,
) -> None:  # fmt: skip
    """A page, records, a table or a mail that is UTF-16 or UTF-32 is never stored as raw text."""
    data = (("\ufeff" if mark else "") + text).encode(encoding)
    looked = look(window, put(tmp_path / name, data))

    assert {} == looked.skipped
    texts = [prepared.release.text for prepared in looked.releases.values()]
    assert len(expected) == len(texts)
    for words, found in zip(expected, texts, strict=True):
        assert words in found
        assert "<" not in found
        assert '"text"' not in found
