"""What becomes of errors at the edge of a command."""

from collections.abc import Callable

import pytest

from qa.cli.context import Context
from qa.cli.errors import FAILED, INTERRUPTED, run_guarded


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
