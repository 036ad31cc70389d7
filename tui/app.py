"""The terminal UI as an application, and its entry point for the command line."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Event, InputEvent
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import ThemeProvider

from qa.paths import collection_key
from qa.processes import prepare
from tui import messages
from tui.backend.ask_queue import AskQueue
from tui.backend.indexing import renew_examples, update_engine
from tui.backend.process import EngineProcess
from tui.backend.protocols import ChatSettings, Engine, Renewal, Update
from tui.backend.session_recorder import SessionRecorder
from tui.chat.palette_commands import commands
from tui.chat.screen import ChatScreen
from tui.keys.bindings import APP
from tui.keys.keymap import read_keymap
from tui.platform.clipboard import copy_outside
from tui.platform.gc import IdleCollector
from tui.platform.terminal import drawn_on_stdout, end_with_terminal
from tui.render.bidi import Isolated
from tui.render.harmless import Harmless
from tui.render.themes import THEMES, first_theme, own_variables
from tui.screens.help import HelpScreen, short_key_name
from tui.widgets.command_palette import ChatCommandPalette

__all__ = ["ChatSettings", "ReleaseQA", "run_chat"]

SWITCH_INTERVAL = 0.001
"""Seconds after which a busy thread lets another one run, so that keys are not delayed."""
IDLE_CHECK = 1.0
"""Seconds between two checks whether the user pauses."""


class ReleaseQA(App[None], inherit_bindings=False):
    """The chat as an application.

    Args:
        settings: What the chat was started with.
        opener: Opens the collection in a folder.
        update: Indexes sources into it.
        renew: Renews its example questions after that; None to leave them.
        environment: The process's: which terminal, clipboard and desktop there are.
        collector: Collects garbage while the user pauses; None leaves it to the interpreter.
    """

    TITLE = "releaseqa"
    BINDINGS: ClassVar[list[BindingType]] = APP

    def __init__(
        self,
        settings: ChatSettings,
        *,
        opener: Callable[[Path], Engine],
        update: Update,
        renew: Renewal | None = None,
        environment: Mapping[str, str] = os.environ,
        collector: IdleCollector | None = None,
    ) -> None:
        super().__init__()
        self._collector = collector
        self._settings = settings
        self._opener = opener
        self._update = update
        self._renew = renew
        self._environment = environment
        self._line_filters = (Harmless(), Isolated())
        self._resources = ExitStack()
        keymap = read_keymap(dict(settings.keys))
        self._keys = keymap.keys
        self._notes = keymap.notes
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = first_theme(environment, self.console.color_system)

    def get_default_screen(self) -> Screen[None]:
        """Return the chat screen."""
        return ChatScreen(self._settings, self._make_queue, self._make_recorder, self._environment)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the filters that keep text harmless and isolate right-to-left text."""
        return [*super().get_line_filters(), *self._line_filters]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the variables that Textual's own themes lack."""
        return own_variables(self.current_theme)

    def _make_queue(self, screen: Screen[None]) -> AskQueue:
        queue = AskQueue(
            self._settings,
            screen.post_message,
            screen.run_worker,
            opener=self._opener,
            update=self._update,
            renew=self._renew,
        )
        self._resources.callback(queue.close)
        return queue

    def _make_recorder(self, screen: Screen[None]) -> SessionRecorder:
        recorder = SessionRecorder(collection_key(self._settings.folder), screen.post_message)
        self._resources.callback(recorder.close)
        return recorder

    def close(self) -> None:
        """Finish saving and close the collection, after the app has ended."""
        self._resources.close()

    def on_mount(self) -> None:
        """Apply the user's keys, and show what was wrong with them."""
        self.set_keymap(dict(self._keys))
        if self._notes:
            more = f" (and {len(self._notes) - 1} more)" if len(self._notes) > 1 else ""
            notice = messages.Noticed(self._notes[0] + more, "warning")
            self.screen_stack[0].post_message(notice)
        if self._collector is not None:
            self.set_interval(IDLE_CHECK, self._collector.collect_if_idle)

    async def on_event(self, event: Event) -> None:
        """Note keys and the mouse."""
        if self._collector is not None and isinstance(event, InputEvent):
            self._collector.touched()
        await super().on_event(event)

    def action_command_palette(self) -> None:
        """Find a command by its name."""
        if not isinstance(self.screen, ChatCommandPalette):
            self.push_screen(ChatCommandPalette(id="--command-palette"))

    def search_themes(self) -> None:
        """Find a theme by its name."""
        if not isinstance(self.screen, ChatCommandPalette):
            self.push_screen(
                ChatCommandPalette(providers=[ThemeProvider], placeholder="Search for themes…")
            )

    def action_help_quit(self) -> None:
        """Say how to quit: Ctrl+C without a selection does nothing else."""
        self.screen_stack[0].post_message(messages.Noticed("Ctrl+Q quits"))

    def action_help(self) -> None:
        """Show all keys."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self._keys))

    def get_key_display(self, binding: Binding) -> str:
        """Return a key's name in the footer."""
        return binding.key_display or short_key_name(binding.key)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a selection; Textual calls it for Ctrl+C."""
        self.screen.post_message(messages.CopyWanted(text, "the selection"))

    async def on_copy_wanted(self, message: messages.CopyWanted) -> None:
        """Copy outside the UI's thread, and show where to."""
        self.run_worker(self._copy(message.text, message.what), group="copy")

    async def _copy(self, text: str, what: str) -> None:
        where = await asyncio.to_thread(copy_outside, text, self._environment)
        if where is None:
            super().copy_to_clipboard(text.encode("utf-8", "replace").decode("utf-8"))
            where = "the terminal's clipboard (OSC 52), if the terminal allows it"
        else:
            self._clipboard = text  # Ctrl+V inserts it in a field
        self.screen_stack[0].post_message(messages.Copied(what, where))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return a command for every action that does something now."""
        return commands(self, screen, self._keys)


def run_chat(settings: ChatSettings, *, model: str | None = None, max_mb: int | None = None) -> int:
    """Run the chat until the user quits.

    Args:
        settings: What to start with; the collection's folder may not exist yet.
        model: Folder or name of the model for a new collection, or None for the packaged one.
        max_mb: Largest source file that is indexed, in megabytes, or None for the default.

    Returns:
        An exit code.
    """
    update = partial(update_engine, model=model, max_mb=max_mb)
    collector = IdleCollector()
    app = ReleaseQA(
        settings, opener=EngineProcess, update=update, renew=renew_examples, collector=collector
    )
    collector.take_over()
    end_with_terminal()
    prepare()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        with drawn_on_stdout():
            app.run()
    finally:
        app.close()
    return app.return_code or 0
