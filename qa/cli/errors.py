"""How a command ends: its exit code, and one line on standard error if it failed."""

import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer
from typer.exceptions import TyperException

from index.errors import ReleaseIndexError
from qa.cli.context import Context
from qa.cli.streams import ClosedStreamError, discard_unwritten_output, silence_stdout
from qa.display import clean, clean_line
from qa.errors import QAError

FINE = 0
FAILED = 1
SOME_FAILED = 3
NO_ANSWER = 4
INTERRUPTED = 130


def run_guarded(context: Context, run: Callable[[], int | None]) -> int:
    """Run a command and return its exit code.

    Errors become one line on standard error. A closed standard output pipe (`| head -1`) ends the
    command quietly with exit code 0.
    """
    try:
        code = run() or FINE
        sys.stdout.flush()
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except BrokenPipeError:
        silence_stdout()
        return FINE
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001 - no traceback reaches a user
        if was_interrupted(error):
            context.warn("Interrupted.")
            return INTERRUPTED
        discard_unwritten_output()
        if context.verbose:
            sys.stderr.write(clean(traceback.format_exc()))
        context.warn(f"releaseqa: {_message(context, error)}")
        return FAILED
    return code


def was_interrupted(error: BaseException | None) -> bool:
    """Whether an error was caused by Ctrl+C.

    If Ctrl+C arrives while a native module is being imported, the import fails with an
    ImportError of its own.
    """
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def _message(context: Context, error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]  # the MCP server's task group wraps the error that ended it
    if isinstance(error, (QAError, ReleaseIndexError)):
        return str(error)
    if isinstance(error, OSError):
        # A file opened by its descriptor has a number as its name.
        name = f"{error.filename}: " if error.filename and type(error.filename) is not int else ""
        return f"{name}{error.strerror or error}"
    hint = "" if context.verbose else " Run it again with -v for details, and please report it."
    return f"internal error ({type(error).__name__}: {error}).{hint}"


@contextmanager
def usage_errors() -> Iterator[None]:
    """Handle what ends while the command line is parsed or help is printed.

    A closed pipe ends quietly, a closed stream is named, and usage errors are reworded.
    """
    try:
        yield
    except (BrokenPipeError, SystemExit) as error:
        # rich turns a broken pipe into a SystemExit.
        if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):
            raise
        silence_stdout()
        raise typer.Exit from error
    except TyperException as error:
        # The message quotes arguments, and typer prints it with styles of its own.
        message = getattr(error, "message", None)
        if isinstance(error, typer.BadParameter):
            message = _reworded(error.__cause__) or message
        if isinstance(message, str):
            error.message = clean_line(message)
        raise
    except ClosedStreamError as error:
        print(f"releaseqa: {error.strerror}", file=sys.stderr)  # noqa: T201 - the error line
        raise typer.Exit(1) from error


_WORDING: Mapping[str, Callable[[object, Mapping[str, Any]], str]] = {
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


def _reworded(error: BaseException | None) -> str | None:
    """Return the first error of a pydantic validation in plain words, or None."""
    details = getattr(error, "errors", None)
    if not callable(details):
        return None
    for found in details():
        wording = _WORDING.get(found["type"])
        return wording(found["input"], found.get("ctx", {})) if wording else str(found["msg"])
    return None
