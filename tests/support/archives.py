"""Archives of a collection: as they are written, and as a stranger would change them."""

import hashlib
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.archive.manifest import MANIFEST_NAME, Manifest
from index.archive.write import write_archive

Members = dict[str, bytes]


def archive_of(folder: Path, path: Path, **options: Any) -> Manifest:
    """Write an archive of a collection to a file."""
    scratch = path.with_name(f"{path.name}.scratch")
    scratch.mkdir()
    with path.open("wb") as stream:
        return write_archive(folder, stream, scratch, program="1.2.3", **options)


def members_of(path: Path) -> Members:
    """Return the content of an archive, by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def put_archive(path: Path, members: Members, *, links: tuple[str, ...] = ()) -> Path:
    """Write an archive of these members; those named are marked as links."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            kind = stat.S_IFLNK if name in links else stat.S_IFREG
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (kind | 0o644) << 16
            archive.writestr(info, content)
    return path


def with_manifest(members: Members, change: Callable[[dict[str, Any]], object]) -> Members:
    """Return members whose manifest was changed."""
    facts = json.loads(members[MANIFEST_NAME])
    change(facts)
    return {**members, MANIFEST_NAME: json.dumps(facts).encode()}


def declaring(members: Members) -> Members:
    """Return members whose manifest declares all of them as they are."""
    files = [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in members.items()
        if name != MANIFEST_NAME
    ]
    return with_manifest(members, lambda facts: facts.update(files=files))
