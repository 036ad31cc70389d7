"""Textual's driver for terminals, with the parser of `tui.platform.key_parser`."""

import os
import select
from codecs import getincrementaldecoder
from collections.abc import Iterable
from contextlib import suppress

from textual._parser import ParseError
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.platform.key_parser import BACKGROUND_QUERY, KeyParser

_PATIENCE = 0.1
"""Seconds that it waits for input before it looks whether the program ends."""
_CHUNK = 4096


class TerminalDriver(LinuxDriver):
    """Reads keys and pastes from the terminal.

    The app may have `alt_keys`: characters that are bound together with Alt.
    """

    def start_application_mode(self) -> None:
        """Take over the terminal, and ask it for its background colour."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        # Old versions of the Linux console draw the question.
        if self.input_tty and os.environ.get("TERM") != "linux":
            self.write(BACKGROUND_QUERY)
            self.flush()

    def run_input_thread(self) -> None:
        """Read the terminal until the program ends, and post what is read."""
        parser = KeyParser(getattr(self._app, "alt_keys", ()), debug=self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], _PATIENCE)[0]:
                data = self._read()
                if not data:
                    break  # the terminal is closed
                if text := decode(data):
                    self._post(parser.feed(text))
            self._post(parser.tick())
        with suppress(EOFError, ParseError):
            self._post(parser.feed(""))

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _CHUNK)
        except OSError:
            return b""

    def _post(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)
