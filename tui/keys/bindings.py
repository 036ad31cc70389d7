"""Every key of the terminal UI, in one place: bindings, footer, help and palette come from here.

Each binding has an id of its own, by which the settings give its action another key (see
`tui.keymap`); the same id on several widgets is one action. A binding is shown in the footer
while its action can do something: `check_action` of the screen or widget decides that.
"""

from dataclasses import dataclass

from textual.binding import Binding, BindingType

_PASSAGE = Binding.Group("Passage", compact=True)
_EVIDENCE = Binding.Group("Evidence", compact=True)

PROMPT: list[BindingType] = [
    Binding("enter", "ask", "Ask", id="prompt.ask", key_display="⏎", tooltip="Ask the question"),
    Binding("shift+enter,ctrl+j", "newline", "New line", id="prompt.newline", key_display="^j"),
    Binding("up", "earlier", "Earlier question", id="prompt.earlier"),
    Binding("down", "later", "Later question", id="prompt.later"),
]

_SHARED: list[BindingType] = [
    Binding("n", "screen.step_evidence(1)", "Next evidence", id="evidence.next", group=_EVIDENCE,
            tooltip="Next evidence, or match of Find"),
    Binding("N", "screen.step_evidence(-1)", "Previous evidence", id="evidence.previous",
            group=_EVIDENCE, tooltip="Previous evidence, or match of Find"),
    Binding("y", "screen.copy_passage", "Copy", id="passage.copy",
            tooltip="Copy the passage with its citation"),
    Binding("Y", "screen.copy_citation", "Copy citation", show=False, id="passage.cite",
            tooltip="Copy the citation"),
    Binding("C", "screen.cite_as", "Cite as", show=False, id="passage.cite-as",
            tooltip="Copy the citation as text, Markdown or BibTeX"),
    Binding("slash", "screen.find", "Find", id="release.find",
            tooltip="Find words in the release"),
    Binding("o", "screen.open_source", "Source", show=False, id="passage.source",
            tooltip="Open where the release was published"),
    Binding("e", "screen.explain", "Why", id="passage.explain",
            tooltip="Explain the passage's score"),
    Binding("c", "screen.compare", "Compare", show=False, id="passage.compare",
            tooltip="Compare two passages side by side"),
    Binding("T", "screen.timeline", "Timeline", show=False, id="answer.timeline",
            tooltip="Show the answer's releases over time"),
    Binding("f", "screen.filter", "Filter", id="filters", tooltip="Restrict what is searched"),
    Binding("plus", "screen.judge(1)", "Judge", id="passage.good", key_display="+", show=False,
            tooltip="Judge: it answers (again takes it back)"),
    Binding("minus", "screen.judge(0)", "Judge", id="passage.bad", key_display="-", show=False,
            tooltip="Judge: it does not answer"),
    Binding("p", "screen.pin", "Pin", show=False, id="passage.pin",
            tooltip="Pin the passage, or unpin it"),
    Binding("a", "screen.note", "Note", show=False, id="passage.note",
            tooltip="Write a note on the passage"),
    Binding("t", "screen.as_typed", "As typed", id="question.typed",
            tooltip="Ask the question as it was typed"),
    Binding("r", "screen.reword", "Reword", show=False, id="question.reword",
            tooltip="Edit what the question was understood as, and ask that"),
    Binding("g", "screen.edge_passage(False)", "First passage", show=False, id="passage.first"),
    Binding("G", "screen.edge_passage(True)", "Last passage", show=False, id="passage.last"),
    Binding("question_mark", "app.help", "Help", show=False, id="help.passages",
            tooltip="Show every key"),
]  # fmt: skip

CONVERSATION: list[BindingType] = [
    Binding("j,down", "screen.step_passage(1)", "Next passage", id="passage.next", group=_PASSAGE),
    Binding(
        "k,up", "screen.step_passage(-1)", "Previous passage", id="passage.previous",
        group=_PASSAGE,
    ),
    Binding("enter", "screen.open_passage", "Read", id="passage.open", key_display="⏎",
            tooltip="Open the release at the evidence"),
    *_SHARED,
]  # fmt: skip

RELEASE: list[BindingType] = [
    Binding("j", "screen.step_passage(1)", "Next passage", id="passage.next", group=_PASSAGE),
    Binding(
        "k", "screen.step_passage(-1)", "Previous passage", id="passage.previous", group=_PASSAGE
    ),
    *_SHARED,
]

FIND: list[BindingType] = [
    Binding("enter", "keep", "Keep marked", id="find.keep", key_display="⏎",
            tooltip="Keep the matches marked and go back to the text"),
    Binding("escape", "close", "Close", id="find.close", tooltip="Give finding up"),
]  # fmt: skip

SCREEN: list[BindingType] = [
    Binding("escape", "back", "Back", id="back", tooltip="One step back; cancels a question"),
    Binding("tab", "app.focus_next", "Next part", show=False, id="focus.next"),
    Binding("shift+tab", "app.focus_previous", "Previous part", show=False, id="focus.previous"),
    Binding("ctrl+b", "toggle_pane", "Release beside", show=False, id="pane",
            tooltip="Show the release beside, or put it away"),
    Binding("ctrl+n", "new_conversation", "New conversation", show=False, id="conversation.new"),
    Binding(
        "ctrl+e",
        "export",
        "Export the conversation",
        show=False,
        id="conversation.export",
        priority=True,
    ),  # in a field it would move the cursor
    Binding("ctrl+r", "sessions", "Saved conversations", show=False, id="conversation.saved"),
    Binding("ctrl+c", "copy_text", "Copy the selected text", show=False, id="selection.copy"),
    Binding("f2", "browse", "Collection", show=False, id="collection.browse",
            tooltip="Look through the releases of the collection"),
    Binding("f3", "filter", "Filter", show=False, id="filters.everywhere",
            tooltip="Restrict what is searched"),
    Binding("f4", "indexing", "Indexing", show=False, id="index.screen",
            tooltip="Show how indexing goes and what was skipped"),
    Binding("ctrl+o", "index_folder", "Index a folder", show=False, id="index.folder",
            tooltip="Index a folder of releases"),
]  # fmt: skip

APP: list[BindingType] = [
    Binding("f1", "help", "Help", id="help", tooltip="Show every key"),
    Binding("ctrl+p", "command_palette", "Commands", id="palette", priority=True,
            tooltip="Find a command by its name"),
    Binding("f5", "change_theme", "Theme", show=False, id="theme",
            tooltip="Change the colours"),
    Binding("ctrl+q", "quit", "Quit", id="quit", priority=True),
    # Reached when nothing is selected: says how to quit, and loses nothing.
    Binding("ctrl+c", "help_quit", show=False, system=True),
]  # fmt: skip

WINDOW: list[BindingType] = [
    Binding("escape", "close", "Close", id="window.close", tooltip="Close the window"),
]

FILTERS: list[BindingType] = [
    Binding("enter", "apply", "Apply", id="filters.apply", key_display="⏎",
            tooltip="Search with these filters from now on"),
    Binding("ctrl+l", "empty", "Empty all", id="filters.empty",
            tooltip="Take every filter away"),
]  # fmt: skip

FOLDER: list[BindingType] = [
    Binding("enter", "accept", "Index", id="folder.accept", key_display="⏎",
            tooltip="Index the folder or file"),
]  # fmt: skip

SESSIONS: list[BindingType] = [
    Binding("enter", "resume", "Go on", id="sessions.resume", key_display="⏎",
            tooltip="Go on with the conversation"),
    Binding("up", "step(-1)", "Previous", show=False, id="sessions.previous",
            tooltip="Previous conversation"),
    Binding("down", "step(1)", "Next", show=False, id="sessions.next",
            tooltip="Next conversation"),
    Binding("ctrl+t", "rename", "Rename", id="sessions.rename",
            tooltip="Rename the conversation"),
    # In a field it would delete a letter.
    Binding("ctrl+d", "remove", "Remove", id="sessions.remove", priority=True,
            tooltip="Remove the conversation"),
]  # fmt: skip

LINE: list[BindingType] = [
    Binding("enter", "accept", "Accept", id="line.accept", key_display="⏎",
            tooltip="Take the line as it is"),
]  # fmt: skip

OPENING: list[BindingType] = [
    Binding("enter", "accept", "Open", id="open.accept", key_display="⏎",
            tooltip="Open outside the terminal"),
]  # fmt: skip

BROWSER: list[BindingType] = [
    Binding("enter", "read", "Read", id="browser.read", key_display="⏎",
            tooltip="Read the release"),
    Binding("ctrl+s", "ask_about", "Ask about it", id="browser.ask",
            tooltip="Write a question about the release"),
]  # fmt: skip

READING: list[BindingType] = [
    Binding("slash", "search", "Find", id="reading.find", tooltip="Find words in this release"),
    Binding("n", "step_match(1)", "Next match", id="reading.next"),
    Binding("N", "step_match(-1)", "Previous match", id="reading.previous"),
    Binding("y", "copy_release", "Copy", id="reading.copy", tooltip="Copy the release's text"),
]

TIMELINE: list[BindingType] = [
    Binding("enter", "go_to", "Go there", id="timeline.go", key_display="⏎",
            tooltip="Go to the first passage of the month"),
]  # fmt: skip

COMPARISON: list[BindingType] = [
    Binding("j,right", "other(1)", "Next passage", id="compare.next",
            tooltip="Compare with the next passage"),
    Binding("k,left", "other(-1)", "Previous passage", id="compare.previous",
            tooltip="Compare with the previous passage"),
]  # fmt: skip

CITING: list[BindingType] = [
    Binding("enter", "cite", "Copy", id="cite.copy", key_display="⏎",
            tooltip="Copy the citation in this style"),
]  # fmt: skip

INDEXING: list[BindingType] = [
    Binding("p", "pause_indexing", "Pause or go on", id="index.pause",
            tooltip="Pause indexing, or go on"),
    Binding("s", "stop_indexing", "Stop", id="index.stop", tooltip="Stop indexing"),
    Binding("enter", "show_skipped", "Whole reason", id="index.skipped", key_display="⏎",
            tooltip="Show the whole reason why something was skipped"),
]  # fmt: skip

FIRST_TO_LEAVE = (
    "screen.as_typed", "command_palette", "screen.explain", "screen.filter", "screen.find",
    "newline", "screen.copy_passage", "screen.step_evidence", "quit", "screen.step_passage",
    "later", "earlier", "back", "keep", "close", "screen.open_passage", "ask",
)  # fmt: skip
"""Actions whose keys leave a footer too narrow for all, the first one first. Help stays."""


@dataclass(frozen=True, slots=True)
class Part:
    """Keys that work in one place.

    Attributes:
        title: Where they work, in words.
        behind: The keys that work there, too, unless these take them.
    """

    title: str
    bindings: list[BindingType]
    behind: tuple[BindingType, ...] = ()


_CHAT = (*SCREEN, *APP)
_WINDOWS = (*WINDOW, *APP)
PARTS: tuple[Part, ...] = (
    Part("In the prompt", PROMPT, _CHAT),
    Part("On a passage", CONVERSATION, _CHAT),
    Part("In the release", RELEASE, _CHAT),
    Part("While finding", FIND, _CHAT),
    Part("Everywhere", SCREEN, tuple(APP)),
    Part("In every window, too", APP),
    Part("In a window", WINDOW, tuple(APP)),
    Part("Filters", FILTERS, _WINDOWS),
    Part("Index a folder", FOLDER, _WINDOWS),
    Part("Indexing", INDEXING, _WINDOWS),
    Part("Collection", BROWSER, _WINDOWS),
    Part("Release", READING, _WINDOWS),
    Part("Timeline", TIMELINE, _WINDOWS),
    Part("Compare", COMPARISON, _WINDOWS),
    Part("Cite as", CITING, _WINDOWS),
    Part("Saved conversations", SESSIONS, _WINDOWS),
    Part("A line to write", LINE, _WINDOWS),
    Part("Before opening", OPENING, _WINDOWS),
)
"""All keys by where they work: what the help screen, the palette and `tui.keymap` go by."""
