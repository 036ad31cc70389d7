"""Write output files that appear only when they are complete."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from index.store.syncing import sync_folder
from qa.errors import OutputError

_RANDOM_BYTES = 4
_UNFINISHED = r"\.{}\.[0-9a-f]{{8}}\.tmp"


@contextmanager
def atomic_text(path: Path) -> Iterator[TextIO]:
    """Open a text file that replaces `path` if the block succeeds.

    It is written to a temporary file beside `path`, flushed to disk and renamed, and the folder
    is flushed, too. If the block fails, the temporary file is deleted and `path` stays as it was.

    Raises:
        OSError: The file cannot be written.
    """
    with atomic_bytes(path) as stream, as_text(stream) as text:
        yield text


@contextmanager
def atomic_bytes(path: Path, folder: Path | None = None) -> Iterator[BinaryIO]:
    """Open a binary file that replaces `path` if the block succeeds, like `atomic_text`.

    Args:
        path: The file.
        folder: Where it is written before, on the same disk; default: beside `path`.

    Raises:
        OSError: The file cannot be written.
    """
    # The process id would not do: in a container every run can have the same one.
    name = f".{path.name}.{secrets.token_hex(_RANDOM_BYTES)}.tmp"
    temporary = (folder or path.parent) / name
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def remove_unfinished(path: Path) -> None:
    """Remove the temporary files of processes that were killed while they wrote `path`.

    For a caller that keeps others from writing `path` at the same time.
    """
    pattern = re.compile(_UNFINISHED.format(re.escape(path.name)))
    with suppress(OSError):
        for found in list(path.parent.iterdir()):
            if pattern.fullmatch(found.name) and found.is_file() and not found.is_symlink():
                found.unlink(missing_ok=True)


@contextmanager
def as_text(stream: BinaryIO) -> Iterator[TextIO]:
    """Write text to a binary stream as UTF-8, with question marks for lone surrogates."""
    text = TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
    try:
        yield text
        text.flush()
    finally:
        with suppress(OSError, ValueError):  # a failed flush has been reported already
            text.detach()


def check_writable(path: Path) -> None:
    """Check early that an output file can be written.

    Raises:
        OutputError: The path is a folder, or its folder does not exist.
    """
    if path.is_dir():
        raise OutputError(f"{path} is a folder; give the name of a file.")
    if not path.resolve().parent.is_dir():
        raise OutputError(f"{path} cannot be written: its folder does not exist.")


@contextmanager
def output_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open a binary output: a file that appears when complete, or an existing pipe or device.

    Raises:
        OutputError: The output cannot be written.
    """
    check_writable(path)
    special = path.exists() and not path.is_file()
    try:
        with path.open("wb") if special else atomic_bytes(path.resolve()) as stream:
            yield stream
    except BrokenPipeError:  # the reader closed the pipe, which is not a failure
        raise
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error


@contextmanager
def output_text(path: Path) -> Iterator[TextIO]:
    """Open a text output, like `output_bytes`."""
    with output_bytes(path) as stream, as_text(stream) as text:
        yield text
