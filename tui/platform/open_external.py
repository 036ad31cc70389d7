"""Opening the source of a release: a web address or a file of the user's, nothing else.

The address comes from a document, so it is untrusted: only http and https are opened, in the
desktop's browser, never in a text browser that would take over the terminal. A file is opened if
it is a document in the place where it was indexed, never if the desktop would run it. A folder of
somebody else can contain links, so what counts is the file that a link leads to.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import which
from urllib.parse import urlsplit

from qa.types import ReleaseRef

DOCUMENTS = frozenset(
    f".{extension}"
    for extension in (
        *("txt", "md", "markdown", "html", "htm", "jsonl", "json", "pdf", "docx", "eml"),
        *("png", "jpg", "jpeg", "tif", "tiff"),
    )
)
"""Extensions of files that may be opened."""


def target_of(release: ReleaseRef, near: Path | None) -> str | None:
    """Return the address or file to open for a release, or None if nothing is safe.

    Args:
        release: Its address is preferred to its file.
        near: The folder of the collection, below which a relative source is. None: no files.
    """
    if release.url and _is_web(release.url):
        return release.url
    if near is None:
        return None
    if "\0" in release.source or "://" in release.source or ".." in Path(release.source).parts:
        return None
    try:
        document = _document(near / release.source, near)
    except (OSError, RuntimeError, ValueError):  # RuntimeError: a loop of links before Python 3.13
        return None
    return None if document is None else str(document)


def _document(named: Path, near: Path) -> Path | None:
    """Return the document at a path, its links resolved, or None if it may not be opened.

    A link may lead to another document in the same folder, as when indexing, but not to a hidden
    file, which is never indexed, nor to one that the desktop would run.
    """
    folder = near if named.is_relative_to(near) else named.parent
    top, found = folder.resolve(), named.resolve(strict=True)
    if not found.is_relative_to(top) or not found.is_file():
        return None
    if {named.suffix.lower(), found.suffix.lower()} - DOCUMENTS:
        return None
    inside = found.relative_to(top).parts
    is_link = inside != named.relative_to(folder).parts
    return None if is_link and any(part.startswith(".") for part in inside) else found


def launcher(environment: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """Return the desktop's command for opening things, or None without a desktop."""
    if platform == "darwin":
        return None if "SSH_CONNECTION" in environment else which("open")
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return None
    return which("xdg-open")


def launch(command: str, target: str) -> bool:
    """Open a target with the desktop's command; return whether that started."""
    try:
        subprocess.Popen(  # noqa: S603 - a fixed program; the target is one argument
            [command, target],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True


def _is_web(url: str) -> bool:
    """Whether it is a complete web address that does not hide its host."""
    if not url.isprintable() or any(character.isspace() for character in url):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc
