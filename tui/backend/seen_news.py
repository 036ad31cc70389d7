"""What was new when the chat was opened stays new until it is left.

`--since-last` counts a release as seen once it was shown. Runs in a terminal and in scripts keep
their own count: a look in the chat hides nothing from them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from qa.batch.checkpoint import FOLDER
from qa.paths import VARIABLE

OPTION = "--since-last"
KEPT = (
    "This is what came in since you last asked in the chat. Until you leave the chat, it is shown "
    "again whenever you ask. Runs in a terminal have a count of their own."
)
NOT_KEPT = "What is shown here does not count as seen."


class SeenNews:
    """Where commands with `--since-last` keep what was seen.

    Args:
        folder: A data folder for the chat alone.
        keep: Whether what is shown counts as seen when the chat is opened again.
    """

    def __init__(self, folder: Path, *, keep: bool) -> None:
        self._folder = folder
        self._keep = keep
        self._before: dict[str, bytes] | None = None
        self._shown: set[str] = set()

    @property
    def note(self) -> str:
        """What users are told."""
        return KEPT if self._keep else NOT_KEPT

    @contextmanager
    def environment(self, command: str) -> Iterator[dict[str, str]]:
        """Return the variables with which a command runs, until it has ended.

        The first run counts for the next chat. Those after it begin where the first began.
        """
        if OPTION not in command.split():
            yield {}
            return
        if self._before is None:
            self._before = _files(self._folder / FOLDER)
        if self._keep and command not in self._shown:
            self._shown.add(command)
            yield {VARIABLE: str(self._folder)}
            return
        with TemporaryDirectory(prefix="releaseqa-") as name:
            marks = Path(name, FOLDER)
            marks.mkdir()
            for file, content in self._before.items():
                (marks / file).write_bytes(content)
            yield {VARIABLE: name}


def _files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder that can be read, by name."""
    found = {}
    for path in folder.glob("*.json"):
        try:
            found[path.name] = path.read_bytes()
        except OSError:
            continue
    return found
