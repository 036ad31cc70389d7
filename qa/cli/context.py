"""What every command is given: the global options, the output streams and the collection.

Data goes to standard output, everything else to standard error. This is the only way for a command
to write text, and it is cleaned here. JSON is escaped instead, and tables in other formats are
cleaned where they are formatted (`qa.export`).
"""

import os
import shlex
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.answer_json import dumps
from qa.cli.streams import unguarded
from qa.display import clean, clean_line
from qa.paths import collection_key
from qa.settings import LoadedSettings, Settings, load_settings

if TYPE_CHECKING:
    from rich.console import Console

    from index.milvus.address import MilvusAddress
    from qa.collection import Collection
    from qa.export.terminal import OutputLine


@dataclass(frozen=True, slots=True)
class Context:
    """The global options, whether given before or after the command's name.

    Attributes:
        index: The collection's folder as given, or None to look for it.
        quiet: Hide progress and notes.
        verbose: Show more notes, and tracebacks.
        no_color: Use no colours, even on a terminal.
    """

    index: str | None = None
    quiet: bool = False
    verbose: bool = False
    no_color: bool = False

    def out(self) -> "Console":
        """Return a console that writes to standard output."""
        return self._console(stderr=False)

    def err(self) -> "Console":
        """Return a console that writes to standard error."""
        return self._console(stderr=True)

    def styled(self) -> bool:
        """Whether standard output shows styles."""
        return self.out().color_system is not None

    def write(self, text: str) -> None:
        """Write cleaned text to standard output, without adding a newline; tabs stay."""
        sys.stdout.write("\t".join(map(clean, text.split("\t"))))

    def write_csv(self, rows: Iterable[str]) -> None:
        """Write rows of CSV to standard output, cleaned where they were formatted."""
        sys.stdout.writelines(rows)

    def write_json(self, value: object) -> None:
        """Write a value to standard output as one line of JSON."""
        sys.stdout.write(dumps(value) + "\n")

    def print_lines(self, lines: Iterable["OutputLine"]) -> None:
        """Print lines, cleaned: wrapped on a terminal, one line each in a pipe."""
        from rich.text import Text

        console = self.out()
        for line in lines:
            text = line.text.copy()
            text.plain = clean_line(text.plain)  # of the same length, so styles stay in place
            if not console.is_terminal:
                sys.stdout.write(" " * line.indent * bool(text) + text.plain + "\n")
                continue
            mark, text = text[: line.hang], text[line.hang :]
            room = max(1, console.width - line.indent - line.hang)
            for number, row in enumerate(text.wrap(console, room)):
                row.rstrip()  # so that nothing wraps anew in a terminal made narrower
                start = Text(" " * line.hang) if number else mark
                console.print(
                    Text.assemble(" " * line.indent * bool(row), start, row), soft_wrap=True
                )

    def say(self, text: str) -> None:
        """Print a note to standard error, unless `quiet` is set."""
        if not self.quiet:
            self.warn(text)

    def warn(self, text: str) -> None:
        """Print a cleaned line to standard error, even if `quiet` is set."""
        print(clean_line(text), file=sys.stderr, flush=True)  # noqa: T201 - the only such place

    def shows_progress(self) -> bool:
        """Whether progress bars are shown."""
        return not self.quiet and sys.stderr.isatty()

    def place(self) -> "Path | MilvusAddress":
        """Return the collection's folder, or its address in Milvus.

        Raises:
            CollectionNotFoundError: There is no collection.
            EngineError: The address is none.
        """
        from index.milvus.address import find_place

        return find_place(self.index)

    def address(self) -> "MilvusAddress | None":
        """Return the address in Milvus that is given; None if it is a folder or nothing is."""
        from index.milvus.address import named_address

        return named_address(self.index)

    def folder(self) -> Path:
        """Return the collection's folder.

        Raises:
            CollectionNotFoundError: There is no collection.
            NotAvailableError: An address in Milvus is given.
        """
        from index.store.paths import find_collection

        self._refuse_address()
        return find_collection(self.index)

    def folder_for_writing(self) -> Path:
        """Return the collection's folder, or the folder for a new collection.

        Raises:
            NotAvailableError: An address in Milvus is given.
        """
        from index.store.paths import collection_for_writing

        self._refuse_address()
        return collection_for_writing(self.index)

    def _refuse_address(self) -> None:
        from index.errors import NotAvailableError
        from index.milvus.address import writer_folder

        if (address := self.address()) is not None:
            store = shlex.quote(str(writer_folder(address)))
            raise NotAvailableError(
                "this command is not available for a collection in Milvus; available are ask, "
                "batch, find, index, sessions, status and verify. For the others, use the store "
                f"that was published, where it is: --index {store}"
            )

    def collection_key(self) -> str:
        """Return the key of the collection's saved conversations and judgements.

        If the folder is given, it need not exist any more.

        Raises:
            CollectionNotFoundError: No folder is given and there is no collection.
        """
        from index.store.paths import VARIABLE

        if (address := self.address()) is not None:
            return collection_key(address)
        given = self.index or os.environ.get(VARIABLE)
        return collection_key(Path(given) if given else self.folder())

    @contextmanager
    def collection(
        self, place: "Path | MilvusAddress | None" = None, *, reranker: Path | None = None
    ) -> "Iterator[Collection]":
        """Open a collection for reading; on exit, print the notes it gathered.

        Args:
            place: Its folder or address; None for the folder of `folder()`.
            reranker: Folder of a cross-encoder, as in `open_collection`.
        """
        from qa.collection import Collection

        with Collection(place or self.folder(), reranker) as collection:
            try:
                yield collection
            finally:
                for note in collection.take_notes():
                    self.say(note)

    def settings(self, place: "Path | MilvusAddress | None", **given: object) -> Settings:
        """Return the settings that apply to a collection, and print notes about ignored ones.

        Args:
            place: The collection's folder, which a file of settings is beside, or its address.
            **given: Settings from the command line, which override all others; None if not given.
        """
        loaded = self.load_settings(place if isinstance(place, Path) else None)
        for note in loaded.notes:
            self.say(note)
        return loaded.settings.override(given)

    def load_settings(self, folder: Path | None) -> LoadedSettings:
        """Return the settings that apply to a collection, with their origins."""
        return load_settings(folder, os.environ)

    def _console(self, *, stderr: bool) -> "Console":
        from qa.cli.console import CleanConsole

        return CleanConsole(
            file=unguarded(sys.stderr if stderr else sys.stdout),
            no_color=True if self.no_color else None,
            highlight=False, markup=False, emoji=False,
        )  # fmt: skip
