"""Where the screen is drawn, and what becomes of the chat when that goes away."""

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
    """Draw on standard output where standard error leads elsewhere, as with `2>file`.

    Textual draws on standard error. For the time of the screen both lead to the terminal;
    afterwards standard error is again what it was.
    """
    if os.isatty(_STDERR) or not os.isatty(_STDOUT):
        yield
        return
    kept = os.dup(_STDERR)
    sys.stderr.flush()
    os.dup2(_STDOUT, _STDERR)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, _STDERR)
        os.close(kept)


def end_with_terminal() -> None:
    """End the process when its terminal is gone, as a hangup ends it.

    A terminal that closes hangs up the processes it controls. One that it does not control
    (started by a program, or in a session of its own) would live on: Textual's thread reads the
    end of the input without pause, and its screen waits for a writer that has ended. Nothing is
    lost: every turn is stored as it happens, and updates are transactions.
    """
    if hasattr(select, "poll") and os.isatty(_STDIN):
        Thread(target=_wait_for_hangup, name="hangup", daemon=True).start()


def _wait_for_hangup() -> None:
    hangup = select.poll()
    hangup.register(_STDIN, 0)  # hangups and errors are always told
    hangup.poll()
    os.kill(os.getpid(), signal.SIGHUP)
    os._exit(128 + signal.SIGHUP)  # it was ignored, as under nohup: there is no screen all the same
