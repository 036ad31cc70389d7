"""All keys of the terminal UI: bindings, footer, help and command palette are made from these.

Each binding has an id, by which the settings give its action another key (see `tui.keys.keymap`);
the same id on several widgets is one action. A binding is shown in the footer while its action
does something, which `check_action` of the screen or widget decides.
"""

from dataclasses import dataclass, replace

from textual.binding import Binding, BindingType

NEXT_PART = "focus.next"
"""The id of the key that moves the focus on; the footer says where to."""
_PASSAGE = Binding.Group("Passage", compact=True)
_RELEASE = Binding.Group("Release", compact=True)
_EVIDENCE = Binding.Group("Evidence", compact=True)

PROMPT: list[BindingType] = [
    Binding("enter", "ask", "Ask", id="prompt.ask", tooltip="Ask the question"),
    Binding("shift+enter,ctrl+j", "newline", "New line", id="prompt.newline", key_display="^j"),
    Binding("up", "earlier", "Earlier question", id="prompt.earlier"),
    Binding("down", "later", "Later question", id="prompt.later"),
]

ALSO_IN_PROMPT: list[BindingType] = [
    Binding("pageup", "screen.page(-1)", "Page up", show=False, id="page.up"),
    Binding("pagedown", "screen.page(1)", "Page down", show=False, id="page.down"),
    Binding("f7", "screen.step_question(-1)", "Previous question", show=False,
            id="question.previous"),
    Binding("f8", "screen.step_question(1)", "Next question", show=False, id="question.next"),
]  # fmt: skip
"""Keys of the screen for which a text area would have another use."""

_SHARED: list[BindingType] = [
    Binding("n", "screen.step_evidence(1)", "Next evidence", id="evidence.next", group=_EVIDENCE,
            tooltip="Next evidence or match"),
    Binding("N", "screen.step_evidence(-1)", "Previous evidence", id="evidence.previous",
            group=_EVIDENCE, tooltip="Previous evidence or match"),
    Binding("y", "screen.copy_passage", "Copy", id="passage.copy",
            tooltip="Copy the passage with its citation"),
    Binding("Y", "screen.copy_citation", "Copy citation", show=False, id="passage.cite",
            tooltip="Copy the citation"),
    Binding("C", "screen.cite_as", "Cite as", show=False, id="passage.cite-as",
            tooltip="Copy the citation as text, Markdown, BibTeX or RIS"),
    Binding("slash", "screen.find", "Find", id="release.find",
            tooltip="Find words in the release"),
    Binding("o", "screen.open_source", "Source", show=False, id="passage.source",
            tooltip="Open the web page or file of the release"),
    Binding("e", "screen.explain", "Why", id="passage.explain",
            tooltip="Explain the passage and the confidence"),
    Binding("c", "screen.compare", "Compare", show=False, id="passage.compare",
            tooltip="Compare two passages side by side"),
    Binding("T", "screen.timeline", "Timeline", show=False, id="answer.timeline",
            tooltip="Show releases with the question's words over time"),
    Binding("m", "screen.everything", "All matches", show=False, id="question.everything",
            tooltip="Show everything that matches a question that asks for more than a passage"),
    Binding("f", "screen.filter", "Filter", id="filters", tooltip="Restrict what is searched"),
    Binding("plus", "screen.judge(1)", "Judge", id="passage.good", key_display="+", show=False,
            tooltip="Judge: it answers (press again to undo)"),
    Binding("minus", "screen.judge(0)", "Judge", id="passage.bad", key_display="-", show=False,
            tooltip="Judge: it does not answer (press again to undo)"),
    Binding("p", "screen.pin", "Pin", show=False, id="passage.pin",
            tooltip="Pin or unpin the passage"),
    Binding("a", "screen.note", "Note", show=False, id="passage.note",
            tooltip="Write a note on the passage"),
    Binding("t", "screen.as_typed", "As typed", id="question.typed",
            tooltip="Ask the question as it was typed"),
    Binding("r", "screen.reword", "Reword", show=False, id="question.reword",
            tooltip="Edit a completed question, or one without an answer"),
    Binding("g", "screen.edge_passage(False)", "First passage", show=False, id="passage.first"),
    Binding("G", "screen.edge_passage(True)", "Last passage", show=False, id="passage.last"),
    Binding("question_mark", "app.help", "Help", show=False, id="help.passages",
            tooltip="Show all keys"),
]  # fmt: skip

CONVERSATION: list[BindingType] = [
    Binding("j,down", "screen.step_passage(1)", "Next passage", id="passage.next", group=_PASSAGE),
    Binding(
        "k,up", "screen.step_passage(-1)", "Previous passage", id="passage.previous",
        group=_PASSAGE,
    ),
    Binding("enter", "screen.open_passage", "Read", id="passage.open",
            tooltip="Open the release at the evidence"),
    Binding("space", "screen.further", "More", id="answer.further", key_display="Space",
            tooltip="Show or hide the further passages"),
    *_SHARED,
    Binding("w", "screen.by_words", "Words only", show=False, id="question.by-words",
            tooltip="Search by words only for a question without an answer"),
    Binding("F", "screen.without_filters", "No filters", show=False, id="question.without-filters",
            tooltip="Ask a question without an answer again, without filters"),
]  # fmt: skip

RELEASE: list[BindingType] = [
    Binding("j", "screen.step_passage(1)", "Next passage", id="passage.next", group=_PASSAGE),
    Binding(
        "k", "screen.step_passage(-1)", "Previous passage", id="passage.previous", group=_PASSAGE
    ),
    *_SHARED,
]

FIND: list[BindingType] = [
    Binding("enter", "keep", "Keep", id="find.keep",
            tooltip="Keep the matches highlighted and go back to the text"),
    Binding("escape", "close", "Close", id="find.close", tooltip="Stop finding"),
]  # fmt: skip

SCREEN: list[BindingType] = [
    Binding("escape", "back", "Back", id="back",
            tooltip="Go back one step; cancel a running question"),
    Binding("tab", "app.focus_next", "Next", id=NEXT_PART, tooltip="Next part"),
    Binding("shift+tab", "app.focus_previous", "Previous part", show=False, id="focus.previous"),
    Binding("pageup", "page(-1)", "Page up", show=False, id="page.up"),
    Binding("pagedown", "page(1)", "Page down", show=False, id="page.down"),
    Binding("f7", "step_question(-1)", "Previous question", show=False, id="question.previous"),
    Binding("f8", "step_question(1)", "Next question", show=False, id="question.next"),
    Binding("ctrl+b", "toggle_pane", "Release pane", show=False, id="pane",
            tooltip="Show or hide the release"),
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
            tooltip="Show the releases of the collection"),
    Binding("f9", "names", "Names", show=False, id="collection.names",
            tooltip="Show who and what the releases name"),
    Binding("f3", "filter", "Filter", show=False, id="filters.everywhere",
            tooltip="Restrict what is searched"),
    Binding("f4", "indexing", "Indexing", show=False, id="index.screen",
            tooltip="Show the progress of indexing and what was skipped"),
    Binding("ctrl+o", "index_folder", "Index a folder", show=False, id="index.folder",
            tooltip="Index a folder of releases"),
]  # fmt: skip

APP: list[BindingType] = [
    # Priority: without it, they would not work in dialogs.
    Binding("f1", "help", "Help", id="help", priority=True, tooltip="Show all keys"),
    Binding("ctrl+p", "command_palette", "Commands", id="palette", priority=True,
            tooltip="Find a command by its name"),
    Binding("f5", "change_theme", "Theme", show=False, id="theme", priority=True,
            tooltip="Change the colours"),
    Binding("ctrl+q", "quit", "Quit", id="quit", priority=True),
    # Runs when nothing is selected: says how to quit.
    Binding("ctrl+c", "help_quit", show=False, system=True),
]  # fmt: skip

WINDOW: list[BindingType] = [
    Binding("escape", "close", "Close", id="window.close", tooltip="Close the dialog"),
    Binding("tab", "app.focus_next", "Next", id=NEXT_PART, tooltip="Next part"),
    Binding("shift+tab", "app.focus_previous", "Previous part", show=False, id="focus.previous"),
    Binding("pageup", "page(-1)", "Page up", show=False, id="page.up"),
    Binding("pagedown", "page(1)", "Page down", show=False, id="page.down"),
]

FILTERS: list[BindingType] = [
    Binding("enter", "apply", "Apply", id="filters.apply",
            tooltip="Use these filters for the next questions"),
    Binding("ctrl+l", "empty", "Clear all", id="filters.empty",
            tooltip="Remove all filters"),
]  # fmt: skip

FOLDER: list[BindingType] = [
    Binding("enter", "accept", "Index", id="folder.accept",
            tooltip="Index the folder or file"),
    Binding("tab", "complete", "Complete", id="folder.complete", priority=True,
            tooltip="Complete the path"),
]  # fmt: skip

SESSIONS: list[BindingType] = [
    Binding("enter", "resume", "Open", id="sessions.resume",
            tooltip="Continue the conversation"),
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

PALETTE: list[BindingType] = [
    Binding("enter", "run", "Run", id="palette.run", tooltip="Run the command"),
    Binding("up", "step(-1)", "Previous", show=False, id="palette.previous",
            tooltip="Previous command"),
    Binding("down", "step(1)", "Next", show=False, id="palette.next", tooltip="Next command"),
]  # fmt: skip

LINE: list[BindingType] = [
    Binding("enter", "accept", "Accept", id="line.accept",
            tooltip="Accept the line"),
]  # fmt: skip

OPENING: list[BindingType] = [
    Binding("enter", "accept", "Open", id="open.accept",
            tooltip="Open outside the terminal"),
]  # fmt: skip

BROWSER: list[BindingType] = [
    Binding("enter", "read", "Read", id="browser.read",
            tooltip="Read the release"),
    Binding("ctrl+s", "ask_about", "Put in prompt", id="browser.ask",
            tooltip="Put a question that the release answers, or its headline, into the prompt"),
]  # fmt: skip

NAMES: list[BindingType] = [
    Binding("enter", "browse", "Releases", id="names.browse",
            tooltip="List the releases that mention the name"),
    Binding("ctrl+t", "said", "Said", id="names.said",
            tooltip="Show what the person said"),
    Binding("ctrl+s", "filter", "Filter by it", id="names.filter",
            tooltip="Search only releases that mention the name"),
]  # fmt: skip

READING: list[BindingType] = [
    Binding("slash", "search", "Find", id="reading.find", tooltip="Find words in this release"),
    Binding("n", "step_match(1)", "Next match", id="reading.next"),
    Binding("N", "step_match(-1)", "Previous match", id="reading.previous"),
    Binding("y", "copy_release", "Copy", id="reading.copy", tooltip="Copy the release's text"),
]

TIMELINE: list[BindingType] = [
    Binding("enter", "list", "Releases", id="timeline.list",
            tooltip="List the releases of the period"),
    Binding("left", "step(-1)", "Earlier", id="timeline.earlier", tooltip="Earlier period"),
    Binding("right", "step(1)", "Later", id="timeline.later", tooltip="Later period"),
    Binding("home", "edge(False)", "First", show=False, id="timeline.first",
            tooltip="First period"),
    Binding("end", "edge(True)", "Last", show=False, id="timeline.last", tooltip="Last period"),
]  # fmt: skip

EXPLANATION: list[BindingType] = [
    Binding("space", "figures", "Show figures", id="explain.figures", key_display="Space",
            tooltip="Show or hide the figures behind the explanation"),
]  # fmt: skip

MATCHES: list[BindingType] = [
    Binding("j,down", "step(1)", "Next release", id="matches.next", group=_RELEASE),
    Binding("k,up", "step(-1)", "Previous release", id="matches.previous", group=_RELEASE),
    Binding("enter", "read", "Read", id="matches.read", tooltip="Read the release"),
    Binding("y", "copy", "Copy command", id="matches.copy",
            tooltip="Copy the command that shows this in a terminal"),
]  # fmt: skip

COMPARISON: list[BindingType] = [
    Binding("j,right", "other(1)", "Next passage", id="compare.next",
            tooltip="Compare with the next passage"),
    Binding("k,left", "other(-1)", "Previous passage", id="compare.previous",
            tooltip="Compare with the previous passage"),
]  # fmt: skip

CITING: list[BindingType] = [
    Binding("enter", "cite", "Copy", id="cite.copy",
            tooltip="Copy the citation in this style"),
]  # fmt: skip

INDEXING: list[BindingType] = [
    Binding("p", "pause_indexing", "Pause", id="index.pause",
            tooltip="Pause or continue indexing"),
    Binding("s", "stop_indexing", "Stop", id="index.stop", tooltip="Stop indexing"),
    Binding("ctrl+o", "index_folder", "Index a folder", id="index.folder",
            tooltip="Index a folder of releases"),
    Binding("enter", "show_skipped", "Details", id="index.skipped",
            tooltip="Show why something was skipped"),
]  # fmt: skip

FIRST_TO_LEAVE = (
    "screen.as_typed", "screen.further", "command_palette", "screen.explain", "screen.filter",
    "screen.find", "newline", "quit", "screen.copy_passage", "screen.step_evidence",
    "screen.step_passage", "app.focus_next", "later", "earlier", "back", "keep", "close",
    "screen.open_passage", "ask",
)  # fmt: skip
"""Actions left out of a footer that is too narrow, in this order. Help always stays."""

LAST_IN_FOOTER = (NEXT_PART, "back", "window.close", "help", "palette", "quit")
"""Actions at the end of every footer, in this order: those that are the same in many places."""
OFTEN_CHOSEN = (
    "passage.copy", "passage.open", "passage.cite-as", "filters.everywhere", "release.find",
    "passage.compare", "answer.timeline", "passage.explain", "passage.note", "passage.pin",
    "conversation.new", "conversation.saved", "conversation.export", "collection.browse",
    "collection.names",
    "index.folder", "index.screen", "help", "theme", "pane",
)  # fmt: skip
"""Actions that the palette lists first, until it knows what the user chooses."""


NOT_IN_BROWSER = frozenset({
    "index_folder", "indexing", "pause_indexing", "stop_indexing", "export",
})  # fmt: skip
"""Actions that read or write files of the computer; a chat in a browser lacks them."""


@dataclass(frozen=True, slots=True)
class Part:
    """The keys of one part of the UI.

    Attributes:
        title: Where they work.
        behind: Keys that also work there, unless one of these has the same key.
    """

    title: str
    bindings: list[BindingType]
    behind: tuple[BindingType, ...] = ()


_CHAT = (*SCREEN, *APP)
_DIALOGS = (*WINDOW, *APP)
PARTS: tuple[Part, ...] = (
    Part("In the prompt", PROMPT, _CHAT),
    Part("On a passage", CONVERSATION, _CHAT),
    Part("In the release", RELEASE, _CHAT),
    Part("While finding", FIND, _CHAT),
    Part("Everywhere", SCREEN, tuple(APP)),
    Part("Also in dialogs", APP),
    Part("In a dialog", WINDOW, tuple(APP)),
    Part("Filters", FILTERS, _DIALOGS),
    Part("Index a folder", FOLDER, _DIALOGS),
    Part("Indexing", INDEXING, _DIALOGS),
    Part("Collection", BROWSER, _DIALOGS),
    Part("Names", NAMES, _DIALOGS),
    Part("Release", READING, _DIALOGS),
    Part("Timeline", TIMELINE, _DIALOGS),
    Part("Why this passage", EXPLANATION, _DIALOGS),
    Part("All matches", MATCHES, _DIALOGS),
    Part("Compare", COMPARISON, _DIALOGS),
    Part("Cite as", CITING, _DIALOGS),
    Part("Saved conversations", SESSIONS, _DIALOGS),
    Part("Commands", PALETTE, _DIALOGS),
    Part("One line of text", LINE, _DIALOGS),
    Part("Opening a source", OPENING, _DIALOGS),
)
"""All keys by where they work, for the help screen, the palette and `tui.keys.keymap`."""


def parts_in_browser() -> tuple[Part, ...]:
    """Return the parts of a chat in a browser, without the keys it lacks."""
    return tuple(
        replace(part, bindings=[b for b in part.bindings if _action(b) not in NOT_IN_BROWSER])
        for part in PARTS
        if part.bindings not in (FOLDER, INDEXING, OPENING)
    )


def _action(binding: BindingType) -> str:
    return binding.action if isinstance(binding, Binding) else binding[1]
