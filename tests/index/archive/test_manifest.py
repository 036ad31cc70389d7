"""What an archive may hold, decided on names and numbers alone."""

import json
import zipfile
from typing import Any

import pytest

from index.archive.manifest import (
    ArchivedFile,
    Manifest,
    check_contents,
    check_members,
    is_archived_name,
    parse_manifest,
    write_manifest,
)
from index.errors import ArchiveError

STORE = ArchivedFile("collection.sqlite3", 10, "0" * 64)
MANIFEST = Manifest("backup", "1.2.3", "2026-12-01T10:00:00Z", 3, 9, "a model", (STORE,))


def member(name: str, size: int = 10, **fields: Any) -> zipfile.ZipInfo:
    """An entry in the directory of an archive."""
    info = zipfile.ZipInfo(name)
    info.file_size, info.compress_type = size, zipfile.ZIP_DEFLATED
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def changed(**fields: Any) -> bytes:
    """A manifest with other fields."""
    return json.dumps({**json.loads(write_manifest(MANIFEST)), **fields}).encode()


def test_a_manifest_is_read_as_it_was_written() -> None:
    """Writing and reading give the same; a field of a later program is ignored."""
    assert MANIFEST == parse_manifest(write_manifest(MANIFEST))
    assert MANIFEST == parse_manifest(changed(colour="blue"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b"[]", "not a backup"),
        (changed(format="zip"), "not a backup"),
        (changed(version=True), "no version"),
        (changed(version="1"), "no version"),
        (changed(version=0), "no version"),
        (changed(version=2), "newer version of releaseqa"),
        (changed(kind="copy"), "incomplete"),
        (changed(program=1), "incomplete"),
        (changed(releases=-1), "incomplete"),
        (changed(passages=1.5), "incomplete"),
        (changed(model=[]), "incomplete"),
        (changed(files={}), "incomplete"),
        (changed(files=["x"]), "incomplete"),
        (changed(files=[{"name": "collection.sqlite3", "size": 1}]), "incomplete"),
        (changed(files=[{"name": "collection.sqlite3", "size": 1, "sha256": "x"}]), "incomplete"),
        (changed(files=[{"name": "../x", "size": 1, "sha256": "0" * 64}]), "'../x'"),
    ],
)
def test_what_is_no_manifest_is_refused(data: bytes, said: str) -> None:
    """Whatever stands in its place, one line says why it is not read."""
    with pytest.raises(ArchiveError, match=said):
        parse_manifest(data)


@pytest.mark.parametrize(
    "name",
    ["collection.sqlite3", "releaseqa.toml", "README.txt", "model/config.json",
     "model/model.safetensors", "model/1_Pooling/config.json", "model/LICENSE"],
)  # fmt: skip
def test_names_that_are_written(name: str) -> None:
    """The store, the texts of a bundle and the files of a model."""
    assert is_archived_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "lock", "manifest.json", "/collection.sqlite3", "../collection.sqlite3", "model",
     "model/", "model/../x.json", "model/./x.json", "model/.x.json", "model//x.json",
     "model/a/b/c.json", "model/x.bin", "model/x.py", "model\\x.json", "model/x.json\n",
     "C:/x.json", "model/a/../x.json", "model/\u202ex.json", "collection.sqlite3-journal",
     "derived/words-0123456789abcdef"],
)  # fmt: skip
def test_names_that_are_not(name: str) -> None:
    """Nothing that leads elsewhere, or that no backup has."""
    assert not is_archived_name(name)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([member("../x")], "'../x', which no backup has"),
        ([member("/etc/passwd")], "'/etc/passwd', which no backup has"),
        ([member("README.txt\0/../x")], "which no backup has"),
        ([member("collection.sqlite3", external_attr=0o120777 << 16)], "as a link"),
        ([member("collection.sqlite3", external_attr=0o010644 << 16)], "as a link or another"),
        ([member("collection.sqlite3", external_attr=0o040755 << 16)], "as a link or another"),
        ([member("collection.sqlite3", flag_bits=1)], "encrypted"),
        ([member("collection.sqlite3", compress_type=zipfile.ZIP_LZMA)], "packed in another way"),
        ([member("collection.sqlite3")] * 2, "two files of the same name"),
        ([member("model/a.json"), member("model/A.json")], "two files of the same name"),
        ([member(f"model/{n}.json") for n in range(201)], "more than 200 files"),
    ],
)
def test_members_that_are_refused(members: list[zipfile.ZipInfo], said: str) -> None:
    """Links, names that lead elsewhere, names that stand twice, and what is not unpacked."""
    with pytest.raises(ArchiveError, match=said):
        check_members(members)


@pytest.mark.parametrize(
    ("files", "members"),
    [
        ((STORE,), []),
        ((STORE,), [member("collection.sqlite3", 11)]),
        ((STORE,), [member("collection.sqlite3"), member("README.txt")]),
        ((STORE, STORE), [member("collection.sqlite3")]),
        ((), []),
    ],
)
def test_directory_and_manifest_name_the_same_files(
    files: tuple[ArchivedFile, ...], members: list[zipfile.ZipInfo]
) -> None:
    """A file too few or too many, or of another size, is refused; so is one without a store."""
    manifest = Manifest("backup", "1", "now", 1, 1, None, files)
    with pytest.raises(ArchiveError, match=r"not those that its manifest names|holds no"):
        check_contents(manifest, members)
    check_contents(MANIFEST, [member("collection.sqlite3"), member("manifest.json", 99)])
