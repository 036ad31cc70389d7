"""Where every error of a command ends: one line on standard error and an exit code."""

import sys
import traceback
from collections.abc import Callable

import typer

from index.errors import ReleaseIndexError
from qa.cli.context import Context
from qa.cli.streams import close_stdout, drop_unwritten
from qa.display import clean
from qa.errors import QAError

FINE = 0
FAILED = 1
SOME_FAILED = 3
NO_ANSWER = 4
INTERRUPTED = 130


def guarded(session: Context, run: Callable[[], int | None]) -> int:
    """Run a command and return its exit code, whatever happens.

    A closed standard output is how a reader says that it has enough: it ends the command
    quietly, and is no failure.
    """
    try:
        code = run() or FINE
        sys.stdout.flush()
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except BrokenPipeError:
        close_stdout()
        return FINE
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001 - the last line of defence
        if was_interrupted(error):
            session.warn("Interrupted.")
            return INTERRUPTED
        drop_unwritten()
        return _failed(session, _in_words(session, error))
    return code


def _in_words(session: Context, error: BaseException) -> str:
    """Return what a user is told of an error."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]  # as a server's tasks wrap what ended them
    if isinstance(error, (QAError, ReleaseIndexError)):
        return str(error)
    if isinstance(error, OSError):
        # A file opened by its number has no name that says anything.
        name = f"{error.filename}: " if error.filename and type(error.filename) is not int else ""
        return f"{name}{error.strerror or error}"
    hint = "" if session.verbose else " Run it again with -v for details, and please report it."
    return f"internal error ({type(error).__name__}: {error}).{hint}"


def was_interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl+C is at the bottom of an error.

    A native module that is being imported when it comes answers with an ImportError of its own.
    """
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def _failed(session: Context, message: str) -> int:
    """Print an error as one line, after its traceback when details are wanted."""
    if session.verbose:
        sys.stderr.write(clean(traceback.format_exc()))
    session.warn(f"releaseqa: {message}")
    return FAILED
