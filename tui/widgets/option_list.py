"""A list of choices. Textual's ends the program when it is paged before its lines were drawn."""

from contextlib import suppress

from textual.widgets import OptionList


class ItemList(OptionList):
    """A list that can be paged at any moment."""

    def action_page_down(self) -> None:
        """Go a page down, once there is one."""
        with suppress(KeyError):
            super().action_page_down()  # type: ignore[no-untyped-call]

    def action_page_up(self) -> None:
        """Go a page up, once there is one."""
        with suppress(KeyError):
            super().action_page_up()  # type: ignore[no-untyped-call]
