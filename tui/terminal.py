"""Where the screen is drawn."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_STDOUT, _STDERR = 1, 2


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
