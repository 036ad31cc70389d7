"""The terminal: where the screen is drawn, and the end of the process when it is closed.

In a browser, a pipe from the server takes its place.
"""

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

_STDIN, _STDOUT, _STDERR = 0, 1, 2


@contextmanager
def drawn_on_stdout() -> Iterator[None]:
    """Draw on standard output if standard error is redirected, as with `2>file`.

    Textual draws on standard error, so it is the terminal while the screen is shown, and what it
    was before afterwards.
    """
    if os.isatty(_STDERR) or not os.isatty(_STDOUT):
        yield
        return
    saved = os.dup(_STDERR)
    sys.stderr.flush()
    os.dup2(_STDOUT, _STDERR)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(saved, _STDERR)
        os.close(saved)


def end_with_terminal() -> None:
    """End the process when its terminal is closed, or the pipe that stands for one.

    A terminal that closes sends SIGHUP to the processes it controls. A process that it does not
    control (started by a program, or in its own session) would go on forever: Textual reads the
    end of the input in a loop. Nothing is lost: turns are saved as they happen, and updates are
    transactions.
    """
    if hasattr(select, "poll"):
        Thread(target=_wait_for_hangup, name="hangup", daemon=True).start()


def _wait_for_hangup() -> None:
    hangup = select.poll()
    hangup.register(_STDIN, 0)  # hangups and errors are always reported
    hangup.poll()
    os.kill(os.getpid(), signal.SIGHUP)
    os._exit(128 + signal.SIGHUP)  # SIGHUP was ignored, as under nohup
