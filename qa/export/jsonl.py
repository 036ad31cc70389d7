"""JSON lines: each outcome as one line, the form of `ask --json`."""

from typing import TextIO

from qa.answer_json import Outcome, dumps, outcome_to_json


class JsonlWriter:
    """Writes an outcome a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, outcome: Outcome) -> None:
        """Write one outcome as one line of JSON."""
        self._stream.write(dumps(outcome_to_json(outcome)) + "\n")

    def finish(self) -> None:
        """Do nothing: lines need no end."""
