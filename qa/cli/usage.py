"""A command line that cannot be understood, told in the words of the program.

typer draws a box with sentences of its own. Here it is one line as for every other error, then how
the command is used and where its help is.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

import typer
from typer.exceptions import TyperException

from qa.cli.errors import system_message
from qa.cli.streams import print_error, silence_stdout

USAGE = 2
"""The exit code."""


@contextmanager
def usage_errors() -> Iterator[None]:
    """Handle what ends while the command line is parsed or help is printed.

    A closed pipe ends quietly, output that cannot be written is one line, and a wrong command line
    is told in the words of the program: what is wrong, how the command is used, where its help is.
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
        command: Any = getattr(error, "ctx", None)
        if type(error).__name__ != "NoArgsIsHelpError":  # that one has printed the help
            lines = [f"releaseqa: {_usage_message(error)}"]
            if command is not None:
                lines += [
                    " ".join(command.get_usage().split()),
                    f"Help: {command.command_path} --help",
                ]
            print_error(*lines)
        raise typer.Exit(USAGE) from error
    except OSError as error:  # help or the version cannot be written: a full disk, a closed stream
        silence_stdout()
        print_error(f"releaseqa: {system_message(error)}")
        raise typer.Exit(1) from error


def _usage_message(error: TyperException) -> str:
    """Return what is wrong with a command line, after the option or argument that it is about."""
    if isinstance(error, typer.BadParameter):
        return _about_parameter(error)
    option: Any = getattr(error, "option_name", None)
    if isinstance(option, str):
        return _about_option(error, option)
    if extra := _EXTRA.match(error.message):
        return f"unexpected argument: {extra[1]}"
    if other := _COMMAND.match(error.message):
        return f"no command {other[1]}{_hint(filter(None, [other[2]]))}"
    return error.format_message()


def _about_option(error: TyperException, option: str) -> str:
    """Return that there is no such option, or whether it takes a value."""
    if hasattr(error, "possibilities"):
        return f"no option {option}{_hint(get_close_matches(option, error.possibilities or (), 1))}"
    return f"{option} {'needs a' if _NO_VALUE.search(error.message) else 'takes no'} value"


def _about_parameter(error: typer.BadParameter) -> str:
    """Return what is wrong with an option or an argument, or that it is missing."""
    if error.param_hint is not None:
        names = [error.param_hint] if isinstance(error.param_hint, str) else error.param_hint
    else:
        names = _names(error.param)
    if hasattr(error, "param_type"):
        kind = "argument" if error.param is None else error.param.param_type_name
        return f"missing {kind} {'/'.join(names)}"
    message = _reworded(error.__cause__) or error.message
    return f"{'/'.join(names)}: {message}" if names else message


def _hint(meant: Iterable[str]) -> str:
    return "".join(f"; did you mean {name}?" for name in meant)


def _names(parameter: Any) -> Sequence[str]:  # noqa: ANN401 - as in typer
    """Return how a user writes a parameter: the options of it, or what stands for the argument."""
    if parameter is None:
        return ()
    if parameter.param_type_name == "argument":
        return [parameter.metavar or parameter.human_readable_name]
    return list(parameter.opts)


_NO_VALUE = re.compile(r"requires an argument\.\Z")
_EXTRA = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)\Z", re.DOTALL)
_COMMAND = re.compile(r"No such command '(.+?)'\.(?: Did you mean '(.+?)'\?)?\Z", re.DOTALL)

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
