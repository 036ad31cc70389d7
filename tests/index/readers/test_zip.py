"""Archives of releases: each member is read like a file, under limits."""

import io
import json
import time
import zipfile
from pathlib import Path

import pytest
from index_parts import RELEASE, contents, index_words, look, put
from made_sources import GOOD_DOCX, item, mail, rss
from scans import DAMAGED_PNG

from index.readers.base import HEAD, BadRecord
from index.readers.registry import reader_for
from index.structure.passages import EncoderWindow


def packed(members: dict[str, bytes | str]) -> bytes:
    """An archive of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_each_member_is_read_as_a_file_would_be(tmp_path: Path) -> None:
    """An archive may contain releases in any format; their names include the archive's."""
    letter = mail("Body.")
    letter.add_attachment("Attached.", filename="more.txt")
    archive = packed({
        "a.txt": RELEASE, "sub/a.txt": "Other words.", "a.md": "# Heading\n\nText.",
        "d.docx": GOOD_DOCX, "feed.xml": rss(item("https://example.org/n1")),
        "m.eml": letter.as_bytes(),
        "r.jsonl": json.dumps({"id": "r1", "text": "Text.", "@member": "elsewhere"}),
        "__MACOSX/x.txt": "of a tool", "sub/.hidden": "hidden",
        "~$d.docx": "a lock", "sub/Site.url": "a shortcut",
    })  # fmt: skip
    report = index_words(tmp_path / "c", [put(tmp_path / "s" / "News 2023.zip", archive)])
    found = {key: source for key, (_, source, _) in contents(tmp_path / "c").items()}
    entry = next(key for key in found if key.startswith("n1-"))

    assert () == report.skipped
    assert {
        "news-2023-a": "a.txt", "news-2023-sub-a": "sub/a.txt", "news-2023-a-2": "a.md",
        "news-2023-d": "d.docx", entry: "feed.xml", "news-2023-m": "m.eml",
        "news-2023-m.eml-more": "m.eml/more.txt", "r1": "r.jsonl",
    } == {key: source.split("News 2023.zip/")[1] for key, source in found.items()}  # fmt: skip


def test_records_cannot_set_their_source(tmp_path: Path) -> None:
    """A record's own field with the reserved name is dropped: the source shown is the file."""
    record = json.dumps({"id": "r1", "text": "Text.", "@member": "elsewhere", "topic": "roads"})
    index_words(tmp_path / "c", [put(tmp_path / "s" / "r.jsonl", record)])
    ((release, source, _),) = contents(tmp_path / "c").values()

    assert ({"topic": "roads"}, True) == (release.metadata, source.endswith("/r.jsonl"))


def test_members_can_be_filtered_by_their_source(tmp_path: Path) -> None:
    """`--source` matches the member's path after the archive's."""
    from index.filters import Filters
    from index.store.reader import Store

    archive = packed({"x/a.txt": RELEASE, "y/b.txt": "Other words."})
    index_words(tmp_path / "c", [put(tmp_path / "s" / "n.zip", archive)])
    with Store(tmp_path / "c") as store:
        ids = [r.release.release_id for r in store.releases(Filters(source="*n.zip/x/*"))]

    assert ["n-x-a"] == ids


def test_bad_members_are_named_and_the_rest_is_read(tmp_path: Path, window: EncoderWindow) -> None:
    """A member that cannot be read is skipped with its path and the reason; the others are read."""
    archive = packed({
        "bad.txt": "some words to break " * 9, "empty.txt": "",
        "inner.zip": packed({"a.txt": "x"}), "p.png": b"\x89PNG\r\n", "cut.docx": GOOD_DOCX[:900],
        "good.txt": RELEASE,
    })  # fmt: skip
    broken = bytearray(archive)
    broken[45] ^= 255  # within the packed bytes of the first member
    looked = look(window, put(tmp_path / "a.zip", bytes(broken)))

    assert {
        "a.zip: bad.txt": "damaged inside its archive",
        "a.zip: empty.txt": "no text",
        "a.zip: inner.zip": "an archive inside another file, which is not opened",
        "a.zip: p.png": DAMAGED_PNG,
        "a.zip: cut.docx": "a damaged zip archive or office document",
    } == looked.skipped
    data = bytes(broken)
    found = reader_for(data[:HEAD], ".zip").read(io.BytesIO(data), 1_000_000)
    assert [RELEASE.strip()] == [d.text.strip() for d in found if not isinstance(d, BadRecord)]


def _many(count: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.txt", "")
    return file.getvalue()


@pytest.mark.parametrize(
    ("archive", "skipped"),
    [
        (packed({}), {"a.zip": "an archive without files"}),
        (packed({"a.txt": RELEASE})[:-9], {"a.zip": "a damaged zip archive or office document"}),
        (_many(20_001), {"a.zip": "an archive of more than 20,000 files"}),
        (packed({"mimetype": "application/epub+zip", "content.xml": "x"}),
         {"a.zip": "an OpenDocument file, which is not supported"}),
        (packed({"a.txt": b" " * 50_000_000}),
         {"a.zip: a.txt": "unpacks to more than 100 times its size"}),
        (packed({"../../x.txt": b"x" * 2_000_000, "b.txt": b"y" * 2_000_000}),
         {"a.zip: ../../x.txt": "larger than 1 MB when unpacked",
          "a.zip: b.txt": "unpacks to more than 100 times its size"}),
    ],
    ids=["empty", "cut", "members", "other", "bomb", "large"],
)  # fmt: skip
def test_hostile_archives_are_skipped_at_once(
    archive: bytes, skipped: dict[str, str], tmp_path: Path, window: EncoderWindow
) -> None:
    """Limits of files, size and ratio hold; nothing is written."""
    folder = tmp_path / "s" / "t"
    path = put(folder / "a.zip", archive)
    started = time.process_time()
    looked = look(window, path, max_bytes=1_000_000 if "b.txt" in str(skipped) else 64_000_000)

    assert skipped == looked.skipped
    assert [path] == [found for found in tmp_path.rglob("*") if found.is_file()]
    assert time.process_time() - started < 20
