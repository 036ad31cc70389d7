"""Where a command writes a result to: a file that is whole or not there, a pipe, a device."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from qa.errors import OutputError
from qa.whole_file import as_text, whole_bytes


def check_place(path: Path) -> None:
    """Check, before any work is done for it, that a file could be written.

    Raises:
        OutputError: Its folder is not there, or it is a folder itself.
    """
    if path.is_dir():
        raise OutputError(f"{path} is a folder; name a file.")
    if not path.resolve().parent.is_dir():
        raise OutputError(f"{path} cannot be written: its folder is not there.")


@contextmanager
def output_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open a result for writing: as a whole file, or as it is where it is a pipe or a device.

    Raises:
        OutputError: It cannot be written; the message names it.
    """
    check_place(path)
    special = path.exists() and not path.is_file()
    try:
        with path.open("wb") if special else whole_bytes(path.resolve()) as stream:
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
