"""What an archive says it holds, and what an archive may hold. No file is touched here.

An archive is a zip file with the files of a collection and a `manifest.json`, which has the size
and the hash of each. It may come from a stranger: names are compared with the few that this
program writes, so that none can lead out of a folder, and sizes are compared with the content.
"""

import json
import re
import stat
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from index.errors import ArchiveError
from index.store.reader import STORE_NAME

Kind = Literal["backup", "bundle"]

MANIFEST_NAME = "manifest.json"
README_NAME = "README.txt"
SETTINGS_NAME = "releaseqa.toml"
MODEL_FOLDER = "model"
"""Where an archive, and a restored collection, has the encoder's model."""

FORMAT = "releaseqa archive"
VERSION = 1
"""Version of the format; a program refuses archives of a later one."""
MAX_MANIFEST = 1_000_000
"""Bytes of a manifest that are read."""
MAX_MEMBERS = 200
"""Files in an archive, more than any model has."""

_PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}"
_MODEL_FILE = re.compile(
    rf"{MODEL_FOLDER}/(?:{_PART}/)?(?:{_PART}\.(?:json|md|model|safetensors|txt)|LICENSE|NOTICE)"
)
_SHA256 = re.compile("[0-9a-f]{64}")
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file of an archive: its name, its size in bytes, its SHA-256 as hexadecimal digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds.

    Attributes:
        kind: `backup` or `bundle`.
        program: The version of the program that wrote it (untrusted text).
        created: When, ISO 8601 in UTC (untrusted text).
        releases, passages: How many there are.
        model: Name of the encoder of its vectors (untrusted text); None when there is none.
        files: All files but the manifest itself.
    """

    kind: Kind
    program: str
    created: str
    releases: int
    passages: int
    model: str | None
    files: tuple[ArchivedFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def has(self, name: str) -> bool:
        """Return whether a file is in the archive, or a folder when the name ends in a slash."""
        if name.endswith("/"):
            return any(file.name.startswith(name) for file in self.files)
        return any(file.name == name for file in self.files)


def is_archived_name(name: str) -> bool:
    """Return whether a file of an archive may have this name."""
    return name in {STORE_NAME, README_NAME, SETTINGS_NAME} or bool(_MODEL_FILE.fullmatch(name))


def write_manifest(manifest: Manifest) -> bytes:
    """Return a manifest as JSON."""
    facts = {"format": FORMAT, "version": VERSION, **asdict(manifest)}
    return (json.dumps(facts, indent=1) + "\n").encode()


def parse_manifest(data: bytes) -> Manifest:
    """Return the manifest that was written as JSON; fields that are not known are ignored.

    Raises:
        ArchiveError: When it is not one, or of a later version.
    """
    try:
        facts = json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise ArchiveError("its manifest cannot be read") from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise ArchiveError("it is not a backup or bundle of releaseqa")
    version = facts.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ArchiveError("its manifest names no version")
    if version > VERSION:
        raise ArchiveError(
            "it was written by a newer version of releaseqa; "
            "upgrade: pip install --upgrade releaseqa"
        )
    kind, files, model = _fields(facts, "kind", "files", "model")
    program, created = _fields(facts, "program", "created")
    releases, passages = _fields(facts, "releases", "passages")
    if (
        kind not in {"backup", "bundle"}
        or not isinstance(files, list)
        or not (isinstance(program, str) and isinstance(created, str))
        or not (_is_count(releases) and _is_count(passages))
        or not (model is None or isinstance(model, str))
    ):
        raise ArchiveError("its manifest is incomplete")
    return Manifest(
        kind, program, created, releases, passages, model, tuple(map(_parse_file, files))
    )


def _fields(facts: dict[str, Any], *names: str) -> list[Any]:
    return [facts.get(name) for name in names]


def _parse_file(facts: object) -> ArchivedFile:
    if isinstance(facts, dict):
        name, size, digest = _fields(facts, "name", "size", "sha256")
        if isinstance(name, str) and _is_count(size) and isinstance(digest, str):
            if not is_archived_name(name):
                raise ArchiveError(f"it holds {name!r}, which no backup has")
            if _SHA256.fullmatch(digest):
                return ArchivedFile(name, size, digest)
    raise ArchiveError("its manifest is incomplete")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def check_members(members: Sequence[zipfile.ZipInfo]) -> None:
    """Check the directory of an archive, before anything of it is unpacked.

    Raises:
        ArchiveError: When it has links, names that lead elsewhere, or anything else that this
            program does not write.
    """
    if len(members) > MAX_MEMBERS:
        raise ArchiveError(f"it holds more than {MAX_MEMBERS} files")
    for member in members:
        # zipfile cuts a name at a zero byte, and keeps the whole of it here.
        name = member.orig_filename
        if name != MANIFEST_NAME and not is_archived_name(name):
            raise ArchiveError(f"it holds {name!r}, which no backup has")
        mode = member.external_attr >> 16
        if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
            raise ArchiveError(f"it holds {name!r} as a link or another special file")
        if member.flag_bits & _ENCRYPTED or member.compress_type not in _METHODS:
            raise ArchiveError(f"{name} in it is encrypted, or packed in another way than usual")
    # Names that differ in letter case alone are one file on some systems.
    if len({member.orig_filename.casefold() for member in members}) < len(members):
        raise ArchiveError("it holds two files of the same name")


def check_contents(manifest: Manifest, members: Sequence[zipfile.ZipInfo]) -> None:
    """Check that an archive's directory and its manifest name the same files and sizes.

    Raises:
        ArchiveError: When they do not, or the store is missing.
    """
    declared = {file.name: file.size for file in manifest.files}
    found = {m.orig_filename: m.file_size for m in members if m.orig_filename != MANIFEST_NAME}
    if declared != found or len(declared) < len(manifest.files):
        raise ArchiveError("its files are not those that its manifest names")
    if STORE_NAME not in declared:
        raise ArchiveError(f"it holds no {STORE_NAME}")
