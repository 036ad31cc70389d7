"""What becomes of errors at the edge of a command."""

from collections.abc import Callable
from typing import Any

import pytest

from index.filters import FILTERS
from qa.cli.context import Context
from qa.cli.errors import FAILED, INTERRUPTED, run_guarded

Run = Callable[..., Any]


def _interrupted_import() -> int:
    raise ImportError("initialization failed") from KeyboardInterrupt()


def _failed_import() -> int:
    raise ImportError("initialization failed")


@pytest.mark.parametrize(
    ("run", "code", "said"),
    [
        (_interrupted_import, INTERRUPTED, "Interrupted."),
        (_failed_import, FAILED, "internal error (ImportError"),
    ],
)
def test_ctrl_c_while_a_native_module_is_imported(
    run: Callable[[], int], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such a module answers Ctrl+C with an error of its own: it is an interruption all the same."""
    assert run_guarded(Context(), run) == code
    assert said in capsys.readouterr().err


UNREADABLE = "x\udcff"  # the byte 0xff, as Python passes it on


@pytest.mark.parametrize(
    "words",
    [
        ["show", UNREADABLE], ["show", f"{UNREADABLE}#1"], ["remove", UNREADABLE],
        ["cite", f"[releaseqa {UNREADABLE}#1 1-2 sha256:0123456789ab]"],
        *(["list", spec.option, UNREADABLE] for spec in FILTERS),
        *(["ask", "Who?", "--words-only", spec.option, UNREADABLE] for spec in FILTERS),
        ["quotes", "--speaker", UNREADABLE], ["sessions", "show", UNREADABLE],
        ["index", f"{UNREADABLE}/missing"], ["batch", UNREADABLE], ["ask", UNREADABLE],
    ],
)  # fmt: skip
def test_an_argument_that_is_not_utf8_gets_a_usual_error(run: Run, words: list[str]) -> None:
    """A byte that is not UTF-8 is an id that no release has, or a wrong option: no bug."""
    result = run(*words)

    assert result.exit_code in {1, 2, 3, 4}
    assert "internal error" not in result.stderr
    (result.stdout + result.stderr).encode()
