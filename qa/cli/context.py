"""What every command is given: the global options, two consoles, the way to the collection.

Data goes to standard output, everything else to standard error. Whatever is printed here was
cleaned by whoever made the line, or is cleaned here when it is an error or a note.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.answer_json import dumps
from qa.display import clean_line
from qa.settings import LoadedSettings, Settings, load_settings

if TYPE_CHECKING:
    from rich.console import Console

    from qa.collection import Collection
    from qa.export.terminal import OutputLine


@dataclass(frozen=True, slots=True)
class Context:
    """The global options as given, before or after the command's name.

    Attributes:
        index: The collection's folder as given, or None to look for it.
        quiet: No progress and no notes.
        verbose: Notes of interest to few, and tracebacks.
        no_color: No colours, even on a terminal.
    """

    index: str | None = None
    quiet: bool = False
    verbose: bool = False
    no_color: bool = False

    def out(self) -> "Console":
        """Return the console of standard output."""
        return self._console(stderr=False)

    def err(self) -> "Console":
        """Return the console of standard error."""
        return self._console(stderr=True)

    def styled(self) -> bool:
        """Whether styles on standard output are seen."""
        return self.out().color_system is not None

    def write(self, text: str) -> None:
        """Write data to standard output as it is, without a line end of its own."""
        sys.stdout.write(text)

    def flush(self) -> None:
        """Hand what was written to whoever reads it now."""
        sys.stdout.flush()

    def write_json(self, value: object) -> None:
        """Write a value as one line of JSON."""
        sys.stdout.write(dumps(value) + "\n")

    def print_lines(self, lines: Iterable["OutputLine"]) -> None:
        """Print lines that are clean already: wrapped on a terminal, whole into a pipe."""
        from rich.padding import Padding

        console = self.out()
        for line in lines:
            if console.is_terminal:
                console.print(Padding(line.text, (0, 0, 0, line.indent)), highlight=False)
            else:
                sys.stdout.write(" " * line.indent * bool(line.text) + line.text.plain + "\n")

    def say(self, text: str) -> None:
        """Print a note to standard error, unless quiet was asked for."""
        if not self.quiet:
            self.warn(text)

    def warn(self, text: str) -> None:
        """Print a line to standard error, cleaned."""
        print(clean_line(text), file=sys.stderr, flush=True)  # noqa: T201 - this is the place

    def shows_progress(self) -> bool:
        """Whether progress bars are wanted and would be seen."""
        return not self.quiet and sys.stderr.isatty()

    def folder(self) -> Path:
        """Return the collection's folder.

        Raises:
            CollectionNotFoundError: There is none.
        """
        from index.store.locate import find_collection

        return find_collection(self.index)

    def folder_for_writing(self) -> Path:
        """Return the collection's folder, or the one that a new collection goes to."""
        from index.store.locate import collection_for_writing

        return collection_for_writing(self.index)

    @contextmanager
    def collection(
        self, folder: Path | None = None, *, reranker: Path | None = None
    ) -> "Iterator[Collection]":
        """Open a collection for reading, and say at the end what a user should know of it.

        Args:
            folder: Its folder; None for the one of `folder()`.
            reranker: Folder of a cross-encoder, as for `open_collection`.
        """
        from qa.collection import open_collection

        with open_collection(folder or self.folder(), reranker=reranker) as collection:
            try:
                yield collection
            finally:
                for note in collection.take_notes():
                    self.say(note)

    def settings(self, folder: Path | None, **given: object) -> Settings:
        """Return the settings that apply to a collection, and print notes about ignored ones.

        Args:
            folder: The folder of the collection.
            **given: Settings from the command line, which override all others; None if not given.
        """
        loaded = self.load_settings(folder)
        for note in loaded.notes:
            self.say(note)
        return loaded.settings.override(given)

    def load_settings(self, folder: Path | None) -> LoadedSettings:
        """Return the settings that apply to a collection, and where they come from."""
        return load_settings(folder, os.environ)

    def _console(self, *, stderr: bool) -> "Console":
        from rich.console import Console

        no_color = True if self.no_color else None
        return Console(stderr=stderr, no_color=no_color, highlight=False, markup=False, emoji=False)
