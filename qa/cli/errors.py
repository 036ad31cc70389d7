"""How a command ends: its exit code, and one line on standard error if it failed."""

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from index.errors import ReleaseIndexError
from qa.cli.context import Context
from qa.cli.streams import discard_unwritten_output, silence_stdout
from qa.display import clean
from qa.errors import MissingExtraError, QAError, UnknownSpeakerError

FINE = 0
FAILED = 1
SOME_FAILED = 3
NO_ANSWER = 4
INTERRUPTED = 130

_OWN = frozenset({"index", "qa", "tui"})


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
        for note in getattr(error, "__notes__", ()):
            context.warn(f"  {note}")
        return NO_ANSWER if isinstance(error, UnknownSpeakerError) else FAILED
    return code


@contextmanager
def needing_extra(extra: str, *, command: str) -> Iterator[None]:
    """Name the extra to install when the block, which imports for a command, lacks a library."""
    try:
        yield
    except ImportError as error:
        if error.name is not None and error.name.split(".")[0] in _OWN:
            raise
        raise MissingExtraError(
            f"{command} needs {error.name}, which is not installed: "
            f"pip install 'releaseqa[{extra}]'"
        ) from error


def was_interrupted(error: BaseException | None) -> bool:
    """Whether an error was caused by Ctrl+C.

    If Ctrl+C arrives while a native module is being imported, the import fails with an
    ImportError of its own.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:  # pymilvus makes errors their own cause
        if isinstance(error, KeyboardInterrupt):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def system_message(error: OSError) -> str:
    """Return what the system says of a file or a stream, after its name."""
    # A file opened by its descriptor has a number as its name.
    name = f"{error.filename}: " if error.filename and type(error.filename) is not int else ""
    return f"{name}{error.strerror or error}"


def _message(context: Context, error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]  # the MCP server's task group wraps the error that ended it
    if isinstance(error, (QAError, ReleaseIndexError)):
        return str(error)
    if isinstance(error, OSError):
        return system_message(error)
    hint = "" if context.verbose else " Run it again with -v for details, and please report it."
    return f"internal error ({type(error).__name__}: {error}).{hint}"
