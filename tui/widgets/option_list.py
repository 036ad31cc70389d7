"""Lists of options. Textual's crashes when it is paged before its lines are drawn."""

from contextlib import suppress
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.widgets import OptionList


class ItemList(OptionList):
    """A list that can be paged at any moment."""

    def _move_page(self, direction: Literal[-1, 1]) -> None:
        with suppress(KeyError):
            super()._move_page(direction)


class ChoiceList(ItemList, inherit_bindings=False):
    """A list whose Enter belongs to the dialog, which shows in the footer what it does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding
        for binding in OptionList.BINDINGS
        if isinstance(binding, Binding) and binding.key != "enter"
    ]

    def on_mount(self) -> None:
        """Select the first option, and take the keys."""
        if self.option_count:
            self.highlighted = 0
            self.focus()
