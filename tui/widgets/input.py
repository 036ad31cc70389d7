"""Text fields. Pasted text comes from outside, so it is cleaned first."""

from textual import events
from textual.widgets import Input

from qa.display import clean, clean_line


def pasted(text: str) -> str:
    """Clean pasted text and drop the blank lines at its end, but keep its other lines.

    Terminals send carriage returns for line ends.
    """
    lines = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    end = lines.find("\n", len(lines.rstrip()))
    return lines if end < 0 else lines[:end]


class TextField(Input):
    """One line of text. Enter belongs to the dialog around it.

    If a dialog took Enter before the field did, keys that arrived in the same burst would still
    be on their way to the field, and the dialog would act on an incomplete text.
    """

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Enter to the bindings of the dialog."""
        return False if action == "submit" else super().check_action(action, parameters)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(clean_line(pasted(event.text).strip()).replace("\n", " "))
