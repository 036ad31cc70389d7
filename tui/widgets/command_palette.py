"""The command palette, safe to page and to close at any moment.

Textual's palette crashes when its list is paged before it is drawn, or when it is closed while it
searches for commands. A second Enter that arrives before it is closed closes the screen behind it.
"""

from contextlib import suppress

from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette


class ChatCommandPalette(CommandPalette):
    """A palette that can be closed while it searches, and only once."""

    _dismissed = False

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, once."""
        if self._dismissed:
            return AwaitComplete()
        self._dismissed = True
        return super().dismiss(result)

    def _watch__list_visible(self) -> None:
        if self.query(CommandList):
            super()._watch__list_visible()

    async def _watch__show_busy(self) -> None:
        if self.query(CommandList):
            await super()._watch__show_busy()

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):  # paged before its lines were drawn
            super()._action_command_list(action)
