"""Every key does what the help says, is offered by the palette, and can be given to another key."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from driving import FERRY_STARTS, VISIT, Chat, StartChat, annotation_lines
from plain_engine import SKIP, PlainEngine, PlainUpdate
from releases import ORDINARY
from textual.selection import SELECT_ALL
from textual.widgets import OptionList

from index.filters import NO_FILTERS
from index.reports import Progress, UpdateReport
from tui.chat.palette_commands import LEFT_OUT
from tui.keys.bindings import PARTS
from tui.keys.keymap import single_key
from tui.screens.cite import CiteScreen
from tui.screens.commands import CommandScreen
from tui.screens.compare import ComparedPassage, CompareScreen
from tui.screens.explain import ExplainScreen
from tui.screens.filters import FilterScreen
from tui.screens.help import HelpScreen, part_text
from tui.screens.index_folder import IndexFolderScreen
from tui.screens.indexing import IndexingScreen
from tui.screens.line_input import LineInputScreen
from tui.screens.matches import MatchesScreen
from tui.screens.names import NamesScreen
from tui.screens.release import ReleaseScreen
from tui.screens.release_browser import ReleaseBrowserScreen
from tui.screens.sessions import SessionsScreen
from tui.screens.timeline import TimelineScreen
from tui.widgets.input import TextField
from tui.widgets.prompt import Prompt
from tui.widgets.release_view import ReleaseView
from tui.widgets.timeline_chart import TimelineChart

Check = Callable[[Chat], bool]


@dataclass(frozen=True)
class Case:
    """A key in its place.

    Attributes:
        before: Keys that lead to the place, after a question was answered.
        after: What is true once the key was pressed, and was not before.
    """

    after: Check
    before: tuple[str, ...] = ()
    questions: tuple[str, ...] = (VISIT,)


EVERYTHING = "List all releases about the agreement"
"""A question that asks for more than a passage."""
OVER_TIME = "Agreement cities"
"""A question whose words stand in releases of three months, which makes bars."""


def on(screen: type) -> Check:
    """Whether a window is in front."""
    return lambda chat: isinstance(chat.app.screen, screen)


def chat_in_front(chat: Chat) -> bool:
    """Whether no window is."""
    return chat.app.screen is chat.screen


def copied(what: str) -> Check:
    """Whether the status line says that something was copied."""
    return lambda chat: chat.status.startswith(f"Copied {what} to")


def rank(number: int) -> Check:
    """Whether the passage of a rank is read."""
    return lambda chat: (
        chat.passage is not None
        and chat.passage.rank == number
        and chat.cursor is not None
        and chat.cursor.turn == len(chat.turns) - 1
    )


def list_at(position: int) -> Check:
    """Whether a line of a window's list is the one chosen."""
    return lambda chat: chat.app.screen.query_one(OptionList).highlighted == position


def field_is(text: str) -> Check:
    """Whether the field of a window holds a text."""
    return lambda chat: chat.app.screen.query_one(TextField).value == text


def match(number: int) -> Check:
    """Whether a match of Find is the one that is read, of several."""
    return lambda chat: chat.status.startswith(f"match {number} of")


def output_at(release: str) -> Check:
    """Whether a release is chosen in the output of a command."""

    def at(chat: Chat) -> bool:
        screen = chat.app.screen
        chosen = screen.chosen if isinstance(screen, MatchesScreen) else None
        return chosen is not None and chosen.id == release

    return at


def matches_in_reading(number: int) -> Check:
    """The same on a release's own screen."""

    def check(chat: Chat) -> bool:
        screen = chat.app.screen
        return isinstance(screen, ReleaseScreen) and screen._pane.match_text.startswith(
            f"match {number} "
        )

    return check


def period(name: str) -> Check:
    """Whether a period of the timeline is selected."""

    def is_selected(chat: Chat) -> bool:
        selected = chat.app.screen.query_one(TimelineChart).selected
        return selected is not None and selected.name == name

    return is_selected


def compared(first: int, second: int) -> Check:
    """Whether two passages are shown side by side."""
    return lambda chat: (
        [str(side.render()).split()[0] for side in chat.app.screen.query(ComparedPassage)]
        == [str(first), str(second)]
    )


ON = ("tab",)
LISTED = ("tab", "m", "LISTED")
NOWHERE = "Who won the hockey match about a visit in the night?"
FIND = ("tab", "slash", *"security")
INDEX = ("f4",)
READ = ("f2", "enter")
CASES: dict[str, Case] = {
    "prompt.ask": Case(lambda chat: len(chat.turns) == 2, ("x",)),
    "prompt.newline": Case(lambda chat: chat.screen.prompt.text == "x\n", ("x",)),
    "prompt.earlier": Case(lambda chat: chat.screen.prompt.text == VISIT),
    "prompt.later": Case(lambda chat: chat.screen.prompt.text == "", ("up",)),
    "passage.next": Case(rank(2), ON),
    "passage.previous": Case(rank(1), ("tab", "j")),
    "passage.open": Case(lambda chat: isinstance(chat.screen.focused, ReleaseView), ON),
    "evidence.next": Case(
        lambda chat: chat.cursor is not None and chat.cursor.evidence == 0,
        ON,
    ),
    "evidence.previous": Case(rank(1), ("tab", "n", "n")),
    "passage.copy": Case(copied("the passage with its citation"), ON),
    "passage.cite": Case(copied("the citation"), ON),
    "passage.cite-as": Case(on(CiteScreen), ON),
    "release.find": Case(lambda chat: chat.screen.pane.find_bar.is_open, ON),
    "passage.source": Case(
        lambda chat: chat.status.startswith("Copied the address (there is no desktop"), ON
    ),
    "passage.explain": Case(on(ExplainScreen), ON),
    "passage.compare": Case(on(CompareScreen), ON),
    "answer.timeline": Case(on(TimelineScreen), ON),
    "question.everything": Case(on(MatchesScreen), ON, (EVERYTHING,)),
    "matches.next": Case(output_at("seoul-visit"), LISTED, (EVERYTHING,)),
    "matches.previous": Case(output_at("ferry-service"), (*LISTED, "j"), (EVERYTHING,)),
    "matches.read": Case(on(ReleaseScreen), LISTED, (EVERYTHING,)),
    "matches.copy": Case(
        lambda chat: chat.status.startswith("Copied the command"), (*ON, "m"), (EVERYTHING,)
    ),
    "filters": Case(on(FilterScreen), ON),
    "passage.good": Case(lambda chat: chat.status == "Judged: answers", ON),
    "passage.bad": Case(lambda chat: chat.status == "Judged: does not answer", ON),
    "passage.pin": Case(lambda chat: "⚑ pinned" in annotation_lines(chat), ON),
    "passage.note": Case(on(LineInputScreen), ON),
    "question.typed": Case(
        lambda chat: len(chat.turns) == 3 and chat.turns[2].as_typed,
        ON,
        (VISIT, "And when?"),
    ),
    "question.reword": Case(on(LineInputScreen), ON, (VISIT, "And when?")),
    "answer.further": Case(lambda chat: len(chat.cards) > 1, ON),
    "question.by-words": Case(
        lambda chat: len(chat.turns) == 2 and chat.turns[1].words_only, ON, (NOWHERE,)
    ),
    "question.without-filters": Case(
        lambda chat: len(chat.turns) == 3 and chat.turns[2].filters == NO_FILTERS,
        ("f3", "tab", "tab", *"Global", "enter", "up", "enter", "tab"),
        (NOWHERE,),
    ),
    "passage.first": Case(rank(1), ("tab", "j", "j")),
    "passage.last": Case(rank(3), ON),
    "help.passages": Case(on(HelpScreen), ON),
    "find.keep": Case(match(1), FIND),
    "find.close": Case(lambda chat: not chat.screen.pane.find_bar.is_open, FIND),
    "back": Case(lambda chat: isinstance(chat.screen.focused, Prompt), ON),
    "focus.next": Case(lambda chat: chat.screen.focused is chat.screen.conversation),
    "focus.previous": Case(lambda chat: isinstance(chat.screen.focused, Prompt), ON),
    "page.up": Case(
        lambda chat: chat.screen.conversation.scroll_offset.y == 0,
        questions=(VISIT, FERRY_STARTS, VISIT),
    ),
    "page.down": Case(
        lambda chat: chat.screen.conversation.is_vertical_scroll_end,
        ("pageup",),
        (VISIT, FERRY_STARTS, VISIT),
    ),
    "question.previous": Case(
        lambda chat: chat.screen.reading.question == 0, questions=(VISIT, FERRY_STARTS)
    ),
    "question.next": Case(
        lambda chat: chat.screen.reading.question == 1, ("f7",), (VISIT, FERRY_STARTS)
    ),
    "pane": Case(lambda chat: not chat.screen.pane.display),
    "conversation.new": Case(lambda chat: chat.turns == []),
    "conversation.export": Case(on(LineInputScreen)),
    "conversation.saved": Case(on(SessionsScreen)),
    "selection.copy": Case(copied("the selection"), ("tab", "SELECT")),
    "collection.browse": Case(on(ReleaseBrowserScreen)),
    "collection.names": Case(on(NamesScreen)),
    "filters.everywhere": Case(on(FilterScreen)),
    "index.screen": Case(on(IndexingScreen)),
    "index.folder": Case(on(IndexFolderScreen)),
    "help": Case(on(HelpScreen)),
    "palette": Case(on(CommandScreen)),
    "theme": Case(on(CommandScreen)),
    "quit": Case(lambda chat: not chat.app.is_running),
    "window.close": Case(chat_in_front, ("f3",)),
    "filters.apply": Case(chat_in_front, ("f3", *"2023")),
    "filters.empty": Case(field_is(""), ("f3", *"2023")),
    "folder.accept": Case(
        lambda chat: chat_in_front(chat) and chat.queue.indexing.running,
        ("ctrl+o", *"here"),
    ),
    "folder.complete": Case(field_is("here/"), ("ctrl+o", *"he")),
    "index.pause": Case(lambda chat: chat.queue.indexing.paused, ("INDEX", *INDEX)),
    "index.stop": Case(lambda chat: not chat.queue.indexing.running, ("INDEX", *INDEX)),
    "index.skipped": Case(
        lambda chat: "no text" in str(chat.app.screen.query_one("#reason").render()),
        ("INDEXED", *INDEX),
    ),
    "browser.read": Case(on(ReleaseScreen), ("f2",)),
    "browser.ask": Case(
        lambda chat: chat_in_front(chat) and "Norvolt opens" in chat.screen.prompt.text, ("f2",)
    ),
    "names.browse": Case(on(ReleaseBrowserScreen), ("f9",)),
    "names.said": Case(on(MatchesScreen), ("f9", *"joly")),
    "names.filter": Case(
        lambda chat: chat_in_front(chat) and bool(chat.screen.collection.filters.mentions), ("f9",)
    ),
    "reading.find": Case(lambda chat: isinstance(chat.app.screen.focused, TextField), READ),
    "reading.next": Case(matches_in_reading(2), (*READ, "slash", *"the", "enter")),
    "reading.previous": Case(matches_in_reading(1), (*READ, "slash", *"the", "enter", "n")),
    "reading.copy": Case(copied("the release"), READ),
    "timeline.list": Case(on(ReleaseBrowserScreen), ("tab", "T")),
    "timeline.earlier": Case(period("2024-03"), ("tab", "T", "end"), (OVER_TIME,)),
    "timeline.later": Case(period("2024-03"), ("tab", "T", "home"), (OVER_TIME,)),
    "timeline.first": Case(period("2023-04"), ("tab", "T", "end"), (OVER_TIME,)),
    "timeline.last": Case(period("2024-05"), ("tab", "T", "home"), (OVER_TIME,)),
    "explain.figures": Case(
        lambda chat: bool(chat.app.screen.query_one("#figures").display), ("tab", "e")
    ),
    "compare.next": Case(compared(1, 3), ("tab", "c")),
    "compare.previous": Case(compared(1, 2), ("tab", "c", "j")),
    "cite.copy": Case(copied("the citation as BibTeX"), ("tab", "C", "down", "down")),
    "sessions.resume": Case(
        lambda chat: chat_in_front(chat) and len(chat.turns) == 1,
        ("ctrl+n", "ctrl+r"),
    ),
    "sessions.previous": Case(
        list_at(0), ("ctrl+n", "O", "enter", "ctrl+r", "WAIT", "down"), (VISIT,)
    ),
    "sessions.next": Case(list_at(1), ("ctrl+n", "O", "enter", "ctrl+r"), (VISIT,)),
    "sessions.rename": Case(on(LineInputScreen), ("ctrl+r",)),
    "sessions.remove": Case(
        lambda chat: "again to remove" in str(chat.app.screen.query_one(".window--note").render()),
        ("ctrl+r",),
    ),
    "palette.run": Case(on(HelpScreen), ("ctrl+p", *"all keys")),
    "palette.previous": Case(list_at(0), ("ctrl+p", "down")),
    "palette.next": Case(list_at(1), ("ctrl+p",)),
    "line.accept": Case(chat_in_front, ("tab", "a", "x")),
    "open.accept": Case(
        lambda chat: chat.status.startswith("Opened http"), ("DESKTOP", "tab", "o")
    ),
}


async def list_releases(chat: Chat) -> None:
    """Show two releases on the screen of a command, after what it prints itself."""
    screen = chat.app.screen
    assert isinstance(screen, MatchesScreen)
    await chat.until(lambda: "no collection" in str(screen.query_one("#output").render()))
    for release in ("ferry-service", "seoul-visit"):
        for line in ("", "A headline", f"2024-03-12 · Harbour Line · {release}", "   words"):
            screen.add(line)
    screen.know([document.ref for document in ORDINARY])


async def prepare(chat: Chat, case: Case, update: PlainUpdate) -> None:
    """Ask the questions of a case and go to its place."""
    for question in case.questions:
        await chat.ask(question)
        await chat.until(lambda: not chat.queue.busy and chat.turns[-1].settled)
    for key in case.before:
        if key == "SELECT":
            chat.screen.selections = {chat.screen.pane.view: SELECT_ALL}
        elif key == "INDEX":
            chat.screen.collection.index(("somewhere",))
        elif key == "INDEXED":
            chat.screen.collection.index(("somewhere",))
            update.gate.set()
            await chat.until(lambda: bool(chat.screen.collection.skipped))
        elif key == "WAIT":
            await chat.until(lambda: chat.app.screen.query_one(OptionList).option_count == 2)
        elif key == "LISTED":
            await list_releases(chat)
        elif key != "DESKTOP":
            await chat.press(key)
    if isinstance(chat.app.screen, SessionsScreen):
        await chat.until(lambda: chat.app.screen.query_one(OptionList).option_count > 0)
    await chat.settle()


def binding_of(name: str) -> tuple[str, str]:
    """The key of an action, and what the help says of it."""
    binding = next(b for part in PARTS for b in single_key(part.bindings) if b.id == name)
    return binding.key, binding.tooltip or binding.description


def test_every_binding_has_a_case() -> None:
    """Every action has an id of its own and is tried below; nothing is tried that is not there."""
    bindings = [binding for part in PARTS for binding in single_key(part.bindings)]
    assert {binding.id for binding in bindings if not binding.system} == set(CASES)
    meant: dict[str, str] = {}
    for binding in bindings:
        if binding.id is not None:
            said = binding.tooltip or binding.description
            assert meant.setdefault(binding.id, said) == said
            assert binding.key


@pytest.mark.parametrize("name", CASES)
async def test_every_key_does_what_the_help_says(
    start_chat: StartChat, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its place the key has its effect, and help and palette offer it under the same words."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    case = CASES[name]
    environment = {}
    if "DESKTOP" in case.before:
        environment = {"DISPLAY": ":0"}
        monkeypatch.setattr(
            "tui.platform.open_external.which", lambda program: f"/usr/bin/{program}"
        )
        monkeypatch.setattr("tui.chat.answer_actions.launch", lambda *_: True)
    update = PlainUpdate(UpdateReport(skipped=(SKIP,)), steps=(Progress("meaning", 40, 100),))
    engine = PlainEngine(ORDINARY)
    async with start_chat(
        engine, update=update, environment=environment, size=(140, 40), k=3
    ) as chat:
        await prepare(chat, case, update)
        key, said = binding_of(name)
        titles = {command.title for command in chat.app.get_system_commands(chat.app.screen)}
        assert said in titles or name in LEFT_OUT
        help_text = "\n".join(part_text(part, {}, 200).plain for part in PARTS)
        assert said in help_text
        assert not case.after(chat)
        if name == "quit":
            await chat.pilot.press(key)
            await chat.until(lambda: case.after(chat))
        else:
            await chat.press(key)
            await chat.until(lambda: case.after(chat))
        assert case.after(chat)


async def test_the_palette_does_what_the_key_does(start_chat: StartChat) -> None:
    """A command of the palette runs on the chat also when its key works only on a passage."""
    async with start_chat(k=3) as chat:
        await chat.ask(VISIT)
        offered = {c.title: c for c in chat.app.get_system_commands(chat.screen)}
        assert offered["Next passage"].help == "Key: j, Down"
        await offered["Compare two passages side by side"].callback()  # type: ignore[misc]
        await chat.settle()
        assert isinstance(chat.app.screen, CompareScreen)


async def test_a_key_of_the_settings_replaces_the_usual_one(start_chat: StartChat) -> None:
    """The key that was given works, the one before does not, and help and palette show it."""
    keys = (("passage.copy", "ctrl+y"), ("passage.last", "x,X"))
    async with start_chat(keys=keys, size=(140, 40)) as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "y")
        assert chat.screen.prompt.text == "y"
        await chat.press("tab", "ctrl+y")
        await chat.until(lambda: chat.status.startswith("Copied the passage"))
        await chat.press("x")
        assert chat.selected == chat.titles[-1].split()[1]
        offered = {c.title: c.help for c in chat.app.get_system_commands(chat.screen)}
        assert offered["Last passage"] == "Key: x, X"
        await chat.press("f1")
        assert isinstance(chat.app.screen, HelpScreen)
        await chat.settle()
        assert "Ctrl+Y" in chat.app.screen.text()


async def test_a_key_that_is_taken_is_reported(start_chat: StartChat) -> None:
    """An action keeps its key if the wanted one belongs to another action, and the chat says so."""
    async with start_chat(keys=(("passage.copy", "e"),)) as chat:
        assert chat.status == (
            "! keys: passage.copy keeps its keys: e is passage.explain (on a passage)"
        )
        await chat.ask(VISIT)
        await chat.press("tab", "e")
        assert isinstance(chat.app.screen, ExplainScreen)


async def test_moving_the_cursor_stays_possible(start_chat: StartChat) -> None:
    """When Up gets another meaning in the prompt, it still moves the cursor."""
    async with start_chat(keys=(("prompt.earlier", "ctrl+up"),)) as chat:
        await chat.ask(FERRY_STARTS)
        await chat.press("ctrl+up")
        assert chat.screen.prompt.text == FERRY_STARTS
        chat.screen.prompt.text = "a\nb"
        chat.screen.prompt.move_cursor((1, 0))
        await chat.press("up")
        assert chat.screen.prompt.cursor_location == (0, 0)
