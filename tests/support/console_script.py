"""The program as its console script runs it, in this process, with streams of its own."""

import contextlib
import io
import json
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest.mock import patch

from index_parts import RELEASE, put

from qa.cli import app

GOOD = "good.txt"
"""A file that can be read, beside those that cannot: the rest must go on."""


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Ran:
    """What a command wrote, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def both(self) -> str:
        """Everything that it wrote."""
        return self.out + self.err

    @property
    def error(self) -> str:
        """The one line that says what went wrong; nothing else was written."""
        assert (self.code, self.out) == (1, ""), self
        assert self.err.startswith("releaseqa: "), self
        assert self.err.count("\n") == 1, self
        assert "internal error" not in self.err, self
        return self.err.removeprefix("releaseqa: ").rstrip("\n")


def run_program(*words: str | Path, cwd: Path, stdin: bytes = b"", terminal: bool = False) -> Ran:
    """Run a command in a folder.

    Args:
        words: The command line, without the program's name.
        cwd: The folder.
        stdin: What it reads from standard input.
        terminal: Whether its output is shown on a terminal.
    """
    kind = _Terminal if terminal else io.TextIOWrapper
    streams = [kind(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    with (
        contextlib.chdir(cwd),
        patch.object(sys, "argv", ["releaseqa", *map(str, words)]),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")),
        patch.object(sys, "stdout", streams[0]),
        patch.object(sys, "stderr", streams[1]),
    ):
        try:
            app.run()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    out, err = (stream.buffer.getvalue().decode() for stream in streams)  # type: ignore[attr-defined]
    return Ran(code, out, err)


def _inside(item: str) -> str:
    return item.removeprefix("in/")


@dataclass(frozen=True)
class Indexed:
    """What `index` did with a folder of bad files and one good one.

    Attributes:
        folder: Where it ran; the files are in `in/`, the collection in `.releaseqa`.
        ran: What it wrote.
    """

    folder: Path
    ran: Ran

    @cached_property
    def report(self) -> dict[str, Any]:
        """The counts, the skipped files and the notes."""
        return json.loads(self.ran.out)  # type: ignore[no-any-return]

    @cached_property
    def skipped(self) -> dict[str, str]:
        """The reason for each skipped item, by its name in the folder."""
        return {_inside(skip["item"]): skip["reason"] for skip in self.report["skipped"]}

    @cached_property
    def notes(self) -> dict[str, str]:
        """The note on each item, by its name in the folder."""
        return {_inside(note["item"]): note["reason"] for note in self.report["notes"]}

    @cached_property
    def listed(self) -> dict[str, dict[str, Any]]:
        """What `list --json` says of each release, by its id."""
        records = map(json.loads, self.run("list", "--json").out.splitlines())
        return {record["id"]: record for record in records}

    def run(self, *words: str | Path, terminal: bool = False) -> Ran:
        """Run another command on the collection."""
        return run_program(*words, cwd=self.folder, terminal=terminal)

    def text(self, release: str) -> str:
        """The words of a release as `show` prints them, one space between them."""
        shown = self.run("show", "--", release)
        assert shown.code == 0, shown
        return " ".join(shown.out.split())


def index_files(folder: Path, files: dict[str, bytes | str], *options: str) -> Indexed:
    """Index files with a good one among them, and check what holds whatever the others are."""
    (folder / "in").mkdir(parents=True)
    for name, content in {**files, GOOD: RELEASE}.items():
        put(folder / "in" / name, content)
    return index_folder(folder, *options)


def index_folder(folder: Path, *options: str) -> Indexed:
    """Index what is in `in/`, `good.txt` among it, and check what always holds.

    The good file is stored. Each skipped file has a line of its own and makes the exit code 3, and
    no line is an error of the program.
    """
    indexed = Indexed(folder, run_program("index", "in", "--json", *options, cwd=folder))
    skipped = indexed.report["skipped"]
    lines = [line for line in indexed.ran.err.splitlines() if line.startswith("skipped ")]
    assert (3 if skipped else 0) == indexed.ran.code
    assert len(skipped) == len(lines) == len({skip["item"] for skip in skipped})
    assert len(lines) + len(indexed.report["notes"]) == indexed.ran.err.count("\n")
    assert "internal error" not in indexed.ran.err
    assert "good" in indexed.listed
    return indexed
