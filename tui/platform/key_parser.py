"""What the terminal sends, as keys, pastes and its background colour, with nothing of it lost.

Textual takes Esc and a letter that arrive together for Alt and the letter, or for a key that some
terminals send so. Over a slow line they are Esc and the letter, typed one after the other. And an
Esc within a paste ends the paste for it: the rest is taken for keys, Enter among them.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

_ESC = "\x1b"
_INTRODUCERS = frozenset("[O]P_^X")
"""After Esc these begin a sequence of the terminal, which the parser waits for."""
BACKGROUND_QUERY = "\x1b]11;?\x07"
"""Asks the terminal for its background colour (OSC 11); one that does not know it is silent."""
_COLOUR = r"\x1b\]11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})"
_COLOUR_REPORT = re.compile(_COLOUR + r"(?:/[0-9a-fA-F]{1,4})?(?:\x07|\x1b\\)")
_BEGUN_REPORT = re.compile(r"\x1b\]1(?:1(?:;[rgba]{0,4}:?[0-9a-fA-F/]{0,19}\x1b?)?)?\Z")


@dataclass
class BackgroundReported(Message):
    """The terminal said which colour its background has.

    Attributes:
        red, green, blue: From 0 to 1.
    """

    red: float
    green: float
    blue: float


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
        self._begun_report = ""
        self._ticks = 0
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Message]:
        """Yield the keys, pastes and other events of some input; an empty one is its end."""
        data, self._begun_report = self._begun_report + data, ""
        if not data:
            yield from super().feed(data)
        while data:
            if self._pasted is None:
                keys, data = self._until_paste(data)
                yield from self._keys_and_reports(keys)
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

    def tick(self) -> Iterable[Message]:
        """Yield what is now known to be keys, because nothing followed it for a while."""
        yield from super().tick()
        self._ticks += 1
        if self._begun_report and self._ticks > 1:
            keys, self._begun_report = self._begun_report, ""
            yield from super().feed(keys)

    def _keys_and_reports(self, text: str) -> Iterable[Message]:
        """Yield the keys of a text and the reports among them; keep one whose end is missing."""
        start = 0
        for report in _COLOUR_REPORT.finditer(text):
            yield from self._of_keys(text[start : report.start()])
            parts = (int(part, 16) / (16 ** len(part) - 1) for part in report.groups())
            yield BackgroundReported(*parts)
            start = report.end()
        if (begun := _BEGUN_REPORT.search(text, start)) is not None:
            self._begun_report, self._ticks = begun[0], 0
            text = text[: begun.start()]
        yield from self._of_keys(text[start:])

    def _of_keys(self, text: str) -> Iterable[Message]:
        return super().feed(text) if text else ()

    def _until_paste(self, data: str) -> tuple[str, str]:
        """Split some input after the start of a paste, which may have begun in an earlier one."""
        seen = self._seen
        at = (seen + data).find(BRACKETED_PASTE_START)
        if at < 0:
            self._seen = (seen + data)[1 - len(BRACKETED_PASTE_START) :]
            return data, ""
        self._pasted, self._seen = "", ""
        end = at + len(BRACKETED_PASTE_START) - len(seen)
        return data[:end], data[end:]

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
