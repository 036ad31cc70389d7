"""Run a command as on a terminal of some width, within this process."""

import io
import re
import sys

import pytest

from qa.cli import app

_STYLES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class TerminalStream(io.TextIOWrapper):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def on_terminal(patch: pytest.MonkeyPatch, *words: str, width: int) -> list[str]:
    """The lines that a command writes to standard output on a terminal, without styles."""
    out = io.BytesIO()
    with patch.context() as patched:
        patched.setenv("COLUMNS", str(width))
        patched.setenv("TERM", "xterm-256color")
        patched.setattr(sys, "argv", ["releaseqa", *words])
        stream = TerminalStream(out, encoding="utf-8", write_through=True)  # closed once forgotten
        patched.setattr(sys, "stdout", stream)
        with pytest.raises(SystemExit) as ended:
            app.run()
        assert ended.value.code in {0, None}
        stream.flush()
        return _STYLES.sub("", out.getvalue().decode()).splitlines()
