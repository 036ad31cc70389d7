"""What the terminal sends, as keys and pastes, with nothing of it lost.

Textual takes Esc and a letter that arrive together for Alt and the letter, or for a key that some
terminals send so. Over a slow line they are Esc and the letter, typed one after the other. And an
Esc within a paste ends the paste for it: the rest is taken for keys, Enter among them.
"""

import re
from collections.abc import Collection, Iterable

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

_ESC = "\x1b"
_INTRODUCERS = frozenset("[O]P_^X")
"""After Esc these begin a sequence of the terminal, which the parser waits for."""
_COLOUR_REPORT = re.compile(r"\x1b\]1[01];[^\x07\x1b]{0,64}(?:\x07|\x1b\\)")
"""A terminal's answer about its colours that came too late: nobody typed it."""


class KeyParser(XTermParser):
    """Parses the terminal's input.

    Args:
        alt_keys: Characters that are bound together with Alt, so that Alt is meant.
        debug: Whether to write a log of the input.
    """

    def __init__(self, alt_keys: Collection[str] = (), *, debug: bool = False) -> None:
        self._alt_keys = frozenset(alt_keys)
        self._pasted: str | None = None
        self._seen = ""
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Message]:
        """Yield the keys, pastes and other events of some input; an empty one is its end."""
        if not data:
            yield from super().feed(data)
        while data:
            if self._pasted is None:
                keys, data = self._until_paste(data)
                if keys:
                    yield from super().feed(keys)
            else:
                text, end, data = (self._pasted + data).partition(BRACKETED_PASTE_END)
                self._pasted = text
                if end:
                    self._pasted = None
                    yield events.Paste(text.replace("\x00", ""))
                    # The parser saw the start, so it has to see the end, of an empty paste.
                    yield from (
                        message
                        for message in super().feed(BRACKETED_PASTE_END)
                        if not isinstance(message, events.Paste)
                    )

    def _until_paste(self, data: str) -> tuple[str, str]:
        """Split some input after the start of a paste, which may have begun in an earlier one."""
        seen = self._seen
        at = (seen + data).find(BRACKETED_PASTE_START)
        if at < 0:
            self._seen = (seen + data)[1 - len(BRACKETED_PASTE_START) :]
            return _COLOUR_REPORT.sub("", data), ""
        self._pasted, self._seen = "", ""
        end = at + len(BRACKETED_PASTE_START) - len(seen)
        return _COLOUR_REPORT.sub("", data[:end]), data[end:]

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        """Yield the keys of a sequence: Esc and a character are two, unless bound as one."""
        if sequence[:1] == _ESC and len(key := sequence[1:]) == 1 and key not in _INTRODUCERS:
            sequence, alt = key, True
        if not alt:
            yield from super()._sequence_to_key_events(sequence)
        elif sequence in self._alt_keys:
            yield from super()._sequence_to_key_events(sequence, alt=True)
        else:
            yield events.Key("escape", _ESC)
            yield from super()._sequence_to_key_events(sequence)
