"""The command palette, made safe to close at any moment.

Textual's goes on looking for commands for a moment after it was closed, and ends the program when
it then finds its list gone.
"""

from textual.command import CommandList, CommandPalette


class Palette(CommandPalette):
    """A palette that can be closed while it still looks for commands."""

    def _watch__list_visible(self) -> None:
        if self.query(CommandList):
            super()._watch__list_visible()

    async def _watch__show_busy(self) -> None:
        if self.query(CommandList):
            await super()._watch__show_busy()
