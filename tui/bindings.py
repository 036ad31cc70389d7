"""Every key of the chat, in one place: bindings, footer, help and palette come from here.

Each binding has an id, so that a key can be given to it by other means than this file. A
binding is shown in the footer while its action can do something: `ChatScreen.check_action`
decides that.
"""

from textual.binding import Binding, BindingType

_PASSAGE = Binding.Group("Passage", compact=True)
_EVIDENCE = Binding.Group("Evidence", compact=True)

PROMPT: list[BindingType] = [
    Binding("enter", "ask", "Ask", id="prompt.ask", key_display="⏎"),
    Binding("shift+enter,ctrl+j", "newline", "New line", id="prompt.newline", key_display="^j"),
    Binding("up", "earlier", "Earlier question", id="prompt.earlier"),
    Binding("down", "later", "Later question", id="prompt.later"),
]

_SHARED: list[BindingType] = [
    Binding("n", "screen.step_evidence(1)", "Next evidence", id="evidence.next", group=_EVIDENCE),
    Binding(
        "N", "screen.step_evidence(-1)", "Previous evidence", id="evidence.previous",
        group=_EVIDENCE,
    ),
    Binding("y", "screen.copy_passage", "Copy", id="passage.copy",
            tooltip="Copy the passage with its citation"),
    Binding("Y", "screen.copy_citation", "Copy citation", show=False, id="passage.cite"),
    Binding("slash", "screen.find", "Find", id="release.find",
            tooltip="Find words in the release"),
    Binding("o", "screen.open_source", "Source", show=False, id="passage.source",
            tooltip="Open where the release was published"),
    Binding("e", "screen.explain", "Why", id="passage.explain",
            tooltip="Explain the passage's score"),
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
    Binding("question_mark", "app.help", "Help", show=False, id="help.passages"),
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
    Binding("j", "screen.step_passage(1)", "Next passage", id="release.next", group=_PASSAGE),
    Binding(
        "k", "screen.step_passage(-1)", "Previous passage", id="release.previous", group=_PASSAGE
    ),
    *_SHARED,
]

SCREEN: list[BindingType] = [
    Binding("escape", "back", "Back", id="back"),
    Binding("tab", "app.focus_next", "Next part", show=False, id="focus.next"),
    Binding("shift+tab", "app.focus_previous", "Previous part", show=False, id="focus.previous"),
    Binding("ctrl+b", "toggle_pane", "Release beside", show=False, id="pane"),
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
]

APP: list[BindingType] = [
    Binding("f1", "help", "Help", id="help"),
    Binding("ctrl+p", "command_palette", "Commands", id="palette", priority=True),
    Binding("ctrl+q", "quit", "Quit", id="quit", priority=True),
    # Reached when nothing is selected: says how to quit, and loses nothing.
    Binding("ctrl+c", "help_quit", show=False, system=True),
]

FIRST_TO_LEAVE = (
    "screen.as_typed", "command_palette", "screen.explain", "screen.filter", "screen.find",
    "newline", "screen.copy_passage", "screen.step_evidence", "quit", "screen.step_passage",
    "later", "earlier", "back", "keep", "close", "screen.open_passage", "ask",
)  # fmt: skip
"""Actions whose keys leave a footer too narrow for all, the first one first. Help stays."""

HELP: list[tuple[str, list[BindingType]]] = [
    ("In the prompt", PROMPT),
    ("On a passage", CONVERSATION),
    ("Everywhere", [*SCREEN, *APP[:-1]]),
]
"""The sections of the help screen. What works in the release is what works on a passage."""

PALETTE: list[BindingType] = [
    Binding("_", "index_folder", "Index a folder of releases", id="index.folder"),
    Binding("_", "stop_indexing", "Stop indexing", id="index.stop"),
    Binding("_", "skipped", "What was skipped", id="index.skipped"),
]
"""Actions that only the command palette offers."""
