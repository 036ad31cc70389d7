"""The standard streams as the program found them: closed, ended early, without colours.

A shell can start a program with a stream closed (`>&-`); Python then has None in its place, and
the next file that is opened gets the number on which libraries write their messages. Here each
stream is something that can be used, and that says what is wrong when it is.
"""

import errno
import io
import os
import sys
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any, Never

import typer
from typer.core import TyperGroup


class ClosedStreamError(OSError):
    """A standard stream was closed when the program was started, and is needed."""

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


def prepare_streams() -> None:
    """Put something in the place of closed streams, and have none fail for its encoding."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number, which is this one
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(_NoInput()), encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = _NoOutput()
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until the end
    for stream in (sys.stdout, sys.stderr):
        # What is printed was cleaned; what an old terminal's encoding lacks must not crash.
        if isinstance(stream, io.TextIOWrapper):
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def forget_colours(words: Sequence[str], environ: MutableMapping[str, str]) -> None:
    """Have `--no-color` count for what is printed before it is read: help, errors of usage.

    Args:
        words: The command line without the program's name.
        environ: The environment.
    """
    options = words[: words.index("--")] if "--" in words else words
    if "--no-color" in options:
        environ["NO_COLOR"] = "1"


def close_stdout() -> None:
    """Point standard output nowhere, so that Python's last flush is quiet."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):  # no real file behind it, as in a test
        return


def drop_unwritten() -> None:
    """Give up what standard output does not take, so that Python's last flush is quiet, too."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        close_stdout()


class QuietGroup(TyperGroup):
    """The commands; help that nobody reads to its end is no failure, as no other output is."""

    def make_context(self, *values: Any, **named: Any) -> Any:  # noqa: ANN401 - as click's
        """Read the command line, which may print help."""
        with _EndOfHelp():
            return super().make_context(*values, **named)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as click's
        """Run a command, which may print help."""
        with _EndOfHelp():
            return super().invoke(ctx)


class _EndOfHelp:
    """Ends the program quietly where standard output is, and in words where it never was.

    Puts errors of usage into the program's own words, too: they pass here on their way out.
    """

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        # rich makes an exit of its own of it.
        ended = error.__context__ if isinstance(error, SystemExit) else error
        if isinstance(ended, BrokenPipeError):
            close_stdout()
            raise typer.Exit from error
        if isinstance(error, typer.BadParameter) and (said := in_words(error.__cause__)):
            error.message = said
        if isinstance(error, ClosedStreamError):
            print(f"releaseqa: {error.strerror}", file=sys.stderr)  # noqa: T201 - as an error ends
            raise typer.Exit(1) from error


_WORDS: Mapping[str, Callable[[object, Mapping[str, Any]], str]] = {
    "int_parsing": lambda value, _: f"{value!r} is not a whole number.",
    "int_from_float": lambda value, _: f"{value!r} is not a whole number.",
    "float_parsing": lambda value, _: f"{value!r} is not a number.",
    "finite_number": lambda value, _: f"{value!r} is not a finite number.",
    "greater_than_equal": lambda value, limit: (
        f"{value} is too small; the minimum is {limit['ge']}."
    ),
    "less_than_equal": lambda value, limit: f"{value} is too large; the maximum is {limit['le']}.",
    "value_error": lambda _, found: str(found["error"]),
}


def in_words(error: BaseException | None) -> str | None:
    """Return what an error of pydantic means, None for any other error."""
    details = getattr(error, "errors", None)
    if not callable(details):
        return None
    for found in details():
        words = _WORDS.get(found["type"])
        return words(found["input"], found.get("ctx", {})) if words else str(found["msg"])
    return None
