"""The standard streams, and the files that commands read and write in their place.

A shell can start a program with a stream closed (`>&-`). Python then sets it to None, and the next
file opened gets its descriptor, to which libraries write their messages. Here a closed stream is
replaced by one that raises a clear error when it is used.

All that the program writes to standard output and standard error goes through `CleanStream`, also
what libraries write: no character that a document, a file name or an argument brought along can act
on the terminal. Only `releaseqa mcp` writes bytes beside it, which a program reads.
"""

import errno
import io
import os
import sys
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO, Never, TextIO, cast

from qa.atomic_file import output_text
from qa.display import clean_line, clean_output

STDIN = "-"


class ClosedStreamError(OSError):
    """A standard stream that is needed was closed when the program started."""

    def __init__(self, name: str) -> None:
        """Name the stream."""
        super().__init__(errno.EBADF, f"{name} is closed")


class _NoInput(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def readinto(self, _: object) -> Never:
        raise ClosedStreamError("standard input")


class _NoOutput(io.TextIOBase):
    encoding = "utf-8"

    @property
    def buffer(self) -> Never:
        raise ClosedStreamError("standard output")

    def writable(self) -> bool:
        return True

    def write(self, _: str) -> Never:
        raise ClosedStreamError("standard output")


class CleanStream:
    """A text stream that cleans what is written to it; otherwise like the stream behind it.

    Tabs, newlines and the sequences for colours pass; those can only be the program's own, because
    `qa.cli.context` replaces those of others.

    Attributes:
        inner: The stream behind it, for progress bars, which move the cursor.
    """

    def __init__(self, inner: TextIO, name: str = "standard output") -> None:
        """Clean what is written to `inner`; an error says that it is of the stream `name`."""
        self.inner = inner
        self._name = name

    def write(self, text: str) -> int:
        """Write text."""
        with self._named_errors():
            return self.inner.write(clean_output(text))

    def flush(self) -> None:
        """Write what is held back."""
        with self._named_errors():
            self.inner.flush()

    def writelines(self, lines: Iterable[str]) -> None:
        """Write pieces of text."""
        for line in lines:
            self.write(line)

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        """Name the stream in an error of the system, which knows no file's name."""
        try:
            yield
        except OSError as error:
            if error.filename is None and not isinstance(error, ClosedStreamError):
                error.filename = self._name
            raise

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of the stream behind it
        return getattr(self.inner, name)


def unguarded(stream: TextIO) -> TextIO:
    """Return the stream behind a `CleanStream`, or the stream itself."""
    return stream.inner if isinstance(stream, CleanStream) else stream


def prepare_streams() -> None:
    """Replace closed streams, and make sure that no encoding error can stop output.

    Standard output and standard error clean what is written to them from then on.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free descriptor, which is this one
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(_NoInput()), encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = _NoOutput()
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until exit
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    out, err = (unguarded(cast("TextIO", stream)) for stream in (sys.stdout, sys.stderr))
    sys.stdout = cast("TextIO", CleanStream(out))
    sys.stderr = cast("TextIO", CleanStream(err, "standard error"))


def apply_no_color(arguments: Sequence[str], environ: MutableMapping[str, str]) -> None:
    """Set NO_COLOR if `--no-color` is given, for what is printed before options are parsed.

    Args:
        arguments: The command line without the program's name.
        environ: The environment.
    """
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if "--no-color" in options:
        environ["NO_COLOR"] = "1"


def open_input(file: str) -> AbstractContextManager[BinaryIO]:
    """Open a file to read, or standard input if its name is `-`."""
    return nullcontext(sys.stdin.buffer) if file == STDIN else Path(file).open("rb")


def open_output(out: Path | None) -> AbstractContextManager[TextIO]:
    """Open a file to write, which appears when it is complete, or standard output for None."""
    return nullcontext(sys.stdout) if out is None else output_text(out)


def print_error(*lines: str) -> None:
    """Print lines on standard error that hold what a user typed or a file has."""
    print(*map(clean_line, lines), sep="\n", file=sys.stderr)  # noqa: T201 - the error


def silence_stdout() -> None:
    """Redirect standard output to the null device, so that Python's last flush cannot fail."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError):  # no real file behind it, as in a test
        return


def discard_unwritten_output() -> None:
    """Flush standard output, and drop what cannot be written."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        silence_stdout()
