"""A command of the program, run in a process of its own, whose output a screen shows.

The output is that of the terminal: the process cleans it (`qa.display`), and of escape sequences it
has those for colours alone.
"""

import asyncio
import os
import shlex
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

MOST = 200
"""Passages, statements or figures that are asked for."""
NO_VARIABLES: Mapping[str, str] = MappingProxyType({})
_LONGEST_LINE = 1 << 20
_WITH_LIMIT = frozenset({"find", "said", "figures"})


def arguments_of(command: str) -> list[str]:
    """Return the arguments of a command that `qa.find_command` made, for the chat's screen."""
    words = shlex.split(command)[1:]
    return [*words, "--limit", str(MOST)] if words[0] in _WITH_LIMIT else words


async def output_of(
    arguments: list[str], folder: Path, width: int, variables: Mapping[str, str] = NO_VARIABLES
) -> AsyncGenerator[str]:
    """Yield the lines that a command prints, also those to standard error, as they come.

    The process is killed when the iteration ends early; commands that are shown only read.

    Args:
        arguments: The command with its arguments.
        folder: The collection's.
        width: Columns of a line.
        variables: Of the environment, besides those of this process.
    """
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(width), **variables}
    environment.pop("NO_COLOR", None)
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "qa", "--index", str(folder), *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=environment,
            limit=_LONGEST_LINE,
        )  # fmt: skip
    except OSError as error:
        yield f"The command cannot be started: {error.strerror or error}."
        return
    try:
        while process.stdout is not None and (line := await process.stdout.readline()):
            yield line.decode("utf-8", "replace").rstrip("\r\n")
        await process.wait()
    except ValueError:
        yield "The rest has a line that is too long to be shown here."
    finally:
        if process.returncode is None:
            # Not `process.kill`, which takes the exit code away from the loop, with a warning on
            # the screen, if the process has just ended.
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGTERM)
            await process.communicate()  # `wait` alone does not end while there is unread output
