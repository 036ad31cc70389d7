"""Completion of a path that is being typed."""

import os
from collections.abc import Sequence
from pathlib import Path

MOST = 500
"""Entries of a folder that are offered; a folder of thousands is not read to its end."""


def completions(typed: str) -> list[str]:
    """Return the paths that begin with what was typed, folders with a slash at the end, in order.

    Hidden ones are offered only after a dot. Names that cannot be shown as they are, are left out.
    """
    folder, _, start = typed.rpartition("/")
    before = f"{folder}/" if "/" in typed else ""
    try:
        with os.scandir(Path(before or ".").expanduser()) as entries:
            found = [
                f"{before}{entry.name}{'/' if _is_folder(entry) else ''}"
                for _, entry in zip(range(MOST), entries, strict=False)
                if entry.name.startswith(start)
                and entry.name.isprintable()
                and (start or not entry.name.startswith("."))
            ]
    except (OSError, ValueError, RuntimeError):  # RuntimeError: no home folder
        return []
    return sorted(found, key=lambda path: (not path.endswith("/"), path))


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


def completed(typed: str, found: Sequence[str]) -> str:
    """Return what was typed, as far as all completions go on in the same way."""
    return os.path.commonprefix([*found]) if found else typed  # noqa: RUF071 - of letters
