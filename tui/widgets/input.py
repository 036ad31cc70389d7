"""Fields to write in. What is pasted comes from outside, so it is cleaned on the way in."""

from textual import events
from textual.widgets import Input

from qa.display import clean, clean_line


def pasted(text: str) -> str:
    """Clean pasted text, keeping its lines: terminals send their ends as carriage returns."""
    return clean(text.replace("\r\n", "\n").replace("\r", "\n"))


class TextField(Input):
    """One line to write in. Enter belongs to what the field stands in.

    A window that took Enter before its field would act on what was written before the keys that
    are still on their way to the field, as when they arrive in one burst.
    """

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Enter to the bindings around the field."""
        return False if action == "submit" else super().check_action(action, parameters)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(clean_line(pasted(event.text).strip()).replace("\n", " "))
