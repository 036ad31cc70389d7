"""Files that are there whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from qa.errors import OutputError


@contextmanager
def atomic_text(path: Path) -> Iterator[TextIO]:
    """Open a file for writing text that takes the place of `path` when the block ends well.

    It is written beside it, brought to the disk and then renamed; when the block fails, nothing
    is left of it and what stood there stays.

    Raises:
        OSError: It cannot be written.
    """
    with atomic_bytes(path) as stream, as_text(stream) as text:
        yield text


@contextmanager
def atomic_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing bytes, as `atomic_text` does.

    Raises:
        OSError: It cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def as_text(stream: BinaryIO) -> Iterator[TextIO]:
    """Write text to a stream of bytes as UTF-8; what UTF-8 cannot hold becomes a question mark."""
    text = TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
    try:
        yield text
        text.flush()
    finally:
        with suppress(OSError, ValueError):  # a failed flush was told already
            text.detach()


def check_writable(path: Path) -> None:
    """Check, before any work is done for it, that a file could be written.

    Raises:
        OutputError: Its folder is not there, or it is a folder itself.
    """
    if path.is_dir():
        raise OutputError(f"{path} is a folder; give the name of a file.")
    if not path.resolve().parent.is_dir():
        raise OutputError(f"{path} cannot be written: its folder does not exist.")


@contextmanager
def output_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open a result for writing: as a whole file, or as it is where it is a pipe or a device.

    Raises:
        OutputError: It cannot be written; the message names it.
    """
    check_writable(path)
    special = path.exists() and not path.is_file()
    try:
        with path.open("wb") if special else atomic_bytes(path.resolve()) as stream:
            yield stream
    except BrokenPipeError:  # whoever reads has enough, which is no failure
        raise
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error


@contextmanager
def output_text(path: Path) -> Iterator[TextIO]:
    """Open a result for writing text, as `output_bytes` does."""
    with output_bytes(path) as stream, as_text(stream) as text:
        yield text
