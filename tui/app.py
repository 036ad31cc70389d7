"""The terminal UI as an application, and its entry point for the command line."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import ClassVar

from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.events import AppBlur, Event, InputEvent, Key, Paste, Resize
from textual.filter import LineFilter
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from qa.paths import collection_key, preferences_file
from qa.processes import prepare
from qa.sessions.store import open_sessions, sessions_in_memory
from tui import messages
from tui.backend.ask_queue import AskQueue
from tui.backend.indexing import renew_examples, update_engine
from tui.backend.process import EngineProcess
from tui.backend.protocols import ChatSettings, Engine, Renewal, Update
from tui.backend.session_recorder import SessionRecorder
from tui.chat.palette_commands import commands
from tui.chat.screen import ChatScreen
from tui.keys.bindings import APP, PARTS, parts_in_browser
from tui.keys.keymap import read_keymap
from tui.platform.clipboard import copy_outside
from tui.platform.gc import IdleCollector
from tui.platform.key_parser import BackgroundReported
from tui.platform.preferences import Preferences, read_preferences, write_preferences
from tui.platform.signals import ended_by_signals, signals_ignored
from tui.platform.terminal import drawn_on_stdout, end_with_terminal
from tui.render.bidi import Isolated
from tui.render.frame import Changes, Frame
from tui.render.harmless import Harmless
from tui.render.themes import DARK, LIGHT, THEMES, first_theme, own_variables, theme_on
from tui.screens.commands import Command, CommandScreen
from tui.screens.help import HelpScreen, short_key_name
from tui.screens.modal import DialogScreen
from tui.widgets.input import pasted

__all__ = ["ChatSettings", "ReleaseQA", "run_chat"]

SWITCH_INTERVAL = 0.001
"""Seconds after which a busy thread lets another one run, so that keys are not delayed."""
_LEAVE_FIELD = frozenset({"escape", "tab", "shift+tab"})
TYPED_ON = 0.7
"""Seconds within which a letter without effect and the next one are one word being typed."""
_CATCH_UP = 1.0
"""Seconds that a key waits at most for what was typed before it."""
IDLE_CHECK = 1.0
"""Seconds between two checks whether the user pauses."""
ENDING = 1.0
"""Seconds that the end of the program waits for indexing to stop."""
UNFINISHED = (
    "Indexing was not finished. What is stored can be asked; index the same files again to go on."
)


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
        self._frame = Frame()
        self._resources = ExitStack()
        self._queue: AskQueue | None = None
        keymap = read_keymap(dict(settings.keys))
        self._keys = keymap.keys
        self._notes = keymap.notes
        self._unused = ""
        self._unused_at = 0.0
        for theme in THEMES:
            self.register_theme(theme)
        self._preferences_file = preferences_file()
        self._preferences = read_preferences(self._preferences_file)
        remembered = self._preferences.theme
        self.theme = (
            remembered
            if remembered in self.available_themes
            else first_theme(environment, self.console.color_system)
        )

    def get_default_screen(self) -> Screen[None]:
        """Return the chat screen."""
        return ChatScreen(self._settings, self._make_queue, self._make_recorder, self._environment)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the filters that keep text harmless and isolate right-to-left text."""
        return [*super().get_line_filters(), *self._line_filters]

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Send the terminal only what differs from what it shows: each frame comes by here."""
        update: object = renderable  # which the annotation leaves out
        if isinstance(update, CompositorUpdate):
            renderable = Changes(update, self._frame)  # type: ignore[assignment]
        super()._display(screen, renderable)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the variables that Textual's own themes lack."""
        return own_variables(self.current_theme)

    def get_driver_class(self) -> type[Driver]:
        """Read a terminal with a parser that loses nothing that is typed or pasted."""
        usual = super().get_driver_class()
        if usual.__name__ != "LinuxDriver":
            return usual  # another was asked for, or there is no such terminal
        from tui.platform.driver import TerminalDriver

        return TerminalDriver

    @property
    def alt_keys(self) -> frozenset[str]:
        """The characters that the user's keys have together with Alt."""
        keys = ",".join(self._keys.values()).split(",")
        return frozenset(key.removeprefix("alt+") for key in keys if key.startswith("alt+"))

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
        self._queue = queue
        return queue

    def _make_recorder(self, screen: Screen[None]) -> SessionRecorder:
        opener = open_sessions if self._settings.save_sessions else sessions_in_memory
        key = collection_key(self._settings.folder)
        recorder = SessionRecorder(key, screen.post_message, opener)
        self._resources.callback(recorder.close)
        return recorder

    def close(self) -> None:
        """Finish saving, close the collection and stop indexing, after the app has ended."""
        self._resources.close()

    def indexing_ended(self, seconds: float) -> bool:
        """Wait until indexing has stopped, after `close`; return whether it has."""
        return self._queue is None or self._queue.indexing.ended(seconds)

    @property
    def indexing_unfinished(self) -> bool:
        """Whether indexing was stopped before its end."""
        return self._queue is not None and self._queue.indexing.unfinished

    def on_mount(self) -> None:
        """Apply the user's keys, and show what was wrong with them."""
        self.set_keymap(dict(self._keys))
        self.app_resume_signal.subscribe(self, self._draw_anew)
        if self._notes:
            more = f" (and {len(self._notes) - 1} more)" if len(self._notes) > 1 else ""
            notice = messages.Noticed(self._notes[0] + more, "warning")
            self.screen_stack[0].post_message(notice)
        if self._collector is not None:
            self.set_interval(IDLE_CHECK, self._collector.collect_if_idle)

    def _draw_anew(self, _app: App[object]) -> None:
        """Draw the whole screen: the terminal has shown something else since the last frame."""
        self._frame.forget()
        for screen in self.screen_stack:
            screen.refresh()

    async def on_event(self, event: Event) -> None:
        """Note keys and the mouse; act on a key before the next one is looked at.

        In a browser the prompt keeps the focus while the page has none: Textual's web driver says
        at the start that it has none, which would blur the prompt.
        """
        if isinstance(event, AppBlur) and self._settings.in_browser:
            return
        if isinstance(event, Resize):
            self._frame.forget()
        if self._collector is not None and isinstance(event, InputEvent):
            self._collector.touched()
        if isinstance(event, Key) and not event.is_forwarded and await self._act_on(event):
            return
        if isinstance(event, Paste) and not event.is_forwarded and not self._in_text_field:
            self._write(pasted(event.text))
            return
        await super().on_event(event)

    def on_background_reported(self, message: BackgroundReported) -> None:
        """Use the theme for the terminal's background, unless the user chose one."""
        if self._preferences.theme is None and self.theme in {DARK.name, LIGHT.name}:
            self.theme = theme_on(message.red, message.green, message.blue)

    @property
    def _in_text_field(self) -> bool:
        return isinstance(self.focused, (Input, TextArea))

    async def _act_on(self, key: Key) -> bool:
        """Run what a key is bound to, or write its character into the prompt.

        Textual runs a binding only after the key has passed the widget with the focus and all
        around it. Keys that arrive together would by then have gone to the same widget: of Esc and
        a letter, the letter would be lost. A text field gets its own keys as usual.
        """
        before, self._unused = self._unused, ""
        # A dialog that has just been opened takes the keys that follow once it can.
        mounted: asyncio.Event = self.screen._mounted_event  # noqa: SLF001 - none is public
        await mounted.wait()
        in_chat = isinstance(self.screen, ChatScreen)
        if not (in_chat or key.is_printable or key.key in _LEAVE_FIELD):
            return False  # a dialog may have a meaning of its own for it
        if self.focused is not None and self._in_text_field:
            if self._is_for_field(key):
                return False
            # What was typed before has to be in the field, and Enter to have asked it.
            await _caught_up(self.focused, self.screen)
        bound = self._bound_to(key.key)
        is_text = key.is_printable and (in_chat or bound is None)
        for priority in (True, False):
            if await self._check_bindings(key.key, priority=priority):
                return True
        return is_text and self._take_text(key, before, bound)

    def _take_text(self, key: Key, before: str, bound: Binding | None) -> bool:
        """Write a character, unless it is of an action that does nothing now.

        By itself such a letter begins no question, but it is the beginning if others follow at
        once.

        Args:
            key: The key.
            before: Such letters right before it.
            bound: What the key does elsewhere.
        """
        typed = key.character or ""
        if key.time - self._unused_at <= TYPED_ON:
            typed = before + typed
        front = self.screen
        if bound is None or not isinstance(front, ChatScreen):
            return self._write(typed)
        self._unused, self._unused_at = typed, key.time
        front.say_no_effect(key.character or "", bound.action)
        return True

    def _is_for_field(self, key: Key) -> bool:
        """Whether the text field with the focus is the first that has a use for a key."""
        if key.is_printable:
            return True
        active = self.screen.active_bindings.get(key.key)
        return active is not None and active.node is self.focused

    def _bound_to(self, key: str) -> Binding | None:
        """Return what a key does in the screen in front, also if it does nothing now."""
        chain = self.screen._modal_binding_chain  # noqa: SLF001 - also those that are disabled
        found = (bindings.key_to_bindings.get(key, ()) for _, bindings in chain)
        return next((binding for bindings in found for binding in bindings), None)

    def _write(self, text: str) -> bool:
        """Write what was typed or pasted outside a text field where it can be read.

        That is the field of the dialog in front, or the prompt: a dialog without one is closed.
        """
        front = self.screen
        if isinstance(front, DialogScreen):
            if front.write(text):
                return True
            front.action_close()
            return self.screen is not front and self._write(text)
        if isinstance(front, ChatScreen):
            front.write(text)
        return isinstance(front, ChatScreen)

    def action_command_palette(self) -> None:
        """Find a command by its name."""
        if isinstance(self.screen, CommandScreen):
            self.screen.action_close()
            return
        found = commands(self, self.screen, self._keys, self._preferences.commands)
        self.push_screen(CommandScreen("Commands", found), self._run_command)

    def _run_command(self, command: Command | None) -> None:
        if command is not None:
            self._remember(self._preferences.with_use(command.name))
            self._run_chosen(command)

    def search_themes(self) -> None:
        """Find a theme by its name."""
        if isinstance(self.screen, CommandScreen):
            return
        own = [theme.name for theme in THEMES]
        names = [*own, *sorted(set(self.available_themes) - {*own})]
        themes = [
            Command(name, name, "now" if name == self.theme else "", partial(self._choose, name))
            for name in names
        ]
        self.push_screen(CommandScreen("Colours", themes), self._run_chosen)

    def _run_chosen(self, command: Command | None) -> None:
        if command is not None:
            self.call_later(command.run)

    def _choose(self, theme: str) -> None:
        self.theme = theme
        self._remember(replace(self._preferences, theme=theme))

    def _remember(self, preferences: Preferences) -> None:
        self._preferences = preferences
        if not self._settings.in_browser:
            write_preferences(self._preferences_file, preferences)

    def action_help_quit(self) -> None:
        """Say how to quit: Ctrl+C without a selection does nothing else."""
        self.screen_stack[0].post_message(messages.Noticed("Ctrl+Q quits"))

    def action_help(self) -> None:
        """Show all keys; close them if they are shown."""
        if isinstance(self.screen, HelpScreen):
            self.screen.action_close()
        else:
            parts = parts_in_browser() if self._settings.in_browser else PARTS
            self.push_screen(HelpScreen(self._keys, parts))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action does something now."""
        if action in {"focus_next", "focus_previous"}:
            return sum(1 for _ in islice(_last_to_focus(self.screen), 2)) > 1
        return super().check_action(action, parameters)

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
        where = None
        if not self._settings.in_browser:
            where = await asyncio.to_thread(copy_outside, text, self._environment)
        if where is None:
            super().copy_to_clipboard(text.encode("utf-8", "replace").decode("utf-8"))
            where = "the terminal's clipboard (OSC 52), if the terminal allows it"
            if self._settings.in_browser:
                where = "the clipboard, if the browser allows it"
        else:
            self._clipboard = text  # Ctrl+V inserts it in a field
        self.screen_stack[0].post_message(messages.Copied(what, where))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return a command for every action that does something now."""
        for command in commands(self, screen, self._keys):
            yield SystemCommand(command.title, f"Key: {command.keys}", command.run)


def _last_to_focus(node: Widget) -> Iterator[Widget]:
    """Yield the widgets that can have the focus, the last ones first.

    `Screen.focus_chain` goes through all widgets, of which a conversation has many at its top.
    """
    for child in reversed(node.displayed_children):
        yield from _last_to_focus(child)
        if child.focusable:
            yield child


async def _caught_up(*nodes: MessagePump) -> None:
    """Wait until each of some nodes, one after the other, has done what it was sent."""
    for node in nodes:
        done = asyncio.Event()
        if node.call_later(done.set):
            with suppress(TimeoutError):  # it was closed meanwhile
                await asyncio.wait_for(done.wait(), _CATCH_UP)


def run_chat(
    settings: ChatSettings,
    *,
    say: Callable[[str], object],
    model: str | None = None,
    max_mb: int | None = None,
) -> int:
    """Run the chat until the user quits.

    Args:
        settings: What to start with; the collection's folder may not exist yet.
        say: Tells the user something after the screen was left.
        model: Folder or name of the model for a new collection, or None for the packaged one.
        max_mb: Largest source file that is indexed, in megabytes, or None for the default.

    Returns:
        An exit code.
    """
    update = partial(update_engine, model=model, max_mb=max_mb)
    return run(
        partial(ReleaseQA, settings, opener=EngineProcess, update=update, renew=renew_examples), say
    )


def run(make: Callable[..., ReleaseQA], say: Callable[[str], object]) -> int:
    """Run a chat until the user quits, and return an exit code.

    If indexing does not stop soon then, the process ends here: what was committed is kept, and a
    thread that computes outside Python could crash while the interpreter is taken down.

    Args:
        make: Makes the chat, given its `collector` of garbage.
        say: Tells the user something after the screen was left.
    """
    collector = IdleCollector()
    app = make(collector=collector)
    collector.take_over()
    end_with_terminal()
    prepare()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        with drawn_on_stdout():
            asyncio.run(_shown(app))
    finally:
        with signals_ignored():
            app.close()
            ended = app.indexing_ended(ENDING)
    code = app.return_code or 0
    if app.indexing_unfinished:
        say(UNFINISHED)
    if not ended:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


async def _shown(app: ReleaseQA) -> None:
    """Show the app until the user or a signal ends it."""
    with ended_by_signals(partial(app.exit, None)):
        await app.run_async()
