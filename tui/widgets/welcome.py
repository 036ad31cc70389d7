"""The empty conversation: what the collection holds, examples, the first keys."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from index.reports import Counts, Facets, Status
from qa.display import clean_line
from qa.presentation import counted
from tui.messages import QuestionAsked
from tui.widgets.option_list import ItemList
from tui.widgets.turn import ASKED

SHOWN = 6
"""Questions offered at most, so that they fit on a small screen."""
_INVITATION = "Suggestions:"
_NOT_SAVED = "This conversation is not saved: it is forgotten when this page is closed."
_NAMED = 3
"""Issuers named, the most frequent first."""
_BAR = 20


class Welcome(VerticalScroll, can_focus=False):
    """The collection in numbers, example questions and the first keys.

    Args:
        questions: To offer.
        can_index: Whether to say how to index a folder where there is nothing to ask.
        is_saved: Whether the conversation is saved; if not, that is said.
    """

    DEFAULT_CSS = """
    Welcome {
        padding: 1 2 0 2;
        align: center middle;
        scrollbar-size-vertical: 1;
        & > Static { width: 100%; max-width: 100; }
        & > #title { text-style: bold; color: $primary; }
        & > #counts { color: $quiet; margin: 0 0 1 0; }
        & > #try { color: $quiet; }
        & > OptionList {
            height: auto;
            max-width: 100;
            border: none;
            padding: 0;
            background: $background;
            margin: 0 0 1 0;
            text-wrap: nowrap;
            text-overflow: ellipsis;
            & > .option-list--option-highlighted {
                color: $foreground;
                background: $background;
                text-style: none;
            }
            &:focus > .option-list--option-highlighted {
                color: $block-cursor-foreground;
                background: $block-cursor-background;
            }
        }
        &.-nothing-to-offer > #try, &.-nothing-to-offer > OptionList { display: none; }
        & > #keys, & > #unsaved { color: $quiet; }
    }
    """

    def __init__(self, questions: tuple[str, ...], *, can_index: bool, is_saved: bool) -> None:
        super().__init__()
        self._is_saved = is_saved
        self._can_index = can_index
        self._questions = questions[:SHOWN]

    def compose(self) -> ComposeResult:
        """Lay out the lines; the counts come when the collection is open."""
        yield Static(Content("Ask a question"), id="title")
        yield Static(Content("Opening the collection…"), id="counts")
        yield Static(id="try")
        yield ItemList()
        yield Static(_first_keys(), id="keys")
        if not self._is_saved:
            yield Static(Content(_NOT_SAVED), id="unsaved")

    def on_mount(self) -> None:
        """Offer the example questions, if there are any."""
        self._offer(_INVITATION, self._questions)

    def show_collection(self, status: Status, facets: Facets, examples: tuple[str, ...]) -> None:
        """Describe the collection; offer examples unless there are questions already."""
        if not status.releases:
            advice = " Press Ctrl+O to index a folder of releases."
            self._say("The collection is empty." + advice * self._can_index)
            return
        self._say("\n".join([describe(status), *details(status, facets)]))
        if examples:
            self._offer(_INVITATION, examples)

    def _offer(self, title: str, questions: tuple[str, ...]) -> None:
        self._questions = questions
        self.query_one("#try", Static).update(Content(title))
        choices = self.query_one(OptionList)
        choices.set_options(Option(Content(ASKED + clean_line(q))) for q in questions)
        choices.highlighted = 0 if questions else None
        self.set_class(not questions, "-nothing-to-offer")

    def show_missing(self, error: str) -> None:
        """Say that there is no collection, and what to do."""
        advice = "\nPress Ctrl+O to index a folder of releases here."
        self._say(clean_line(error) + advice * self._can_index)

    def show_indexing(self) -> None:
        """Say that there will be something to ask soon."""
        self._say("Indexing. You can ask as soon as the first releases are indexed.")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask the question that was chosen."""
        event.stop()
        self.post_message(QuestionAsked(self._questions[event.option_index]))

    def _say(self, text: str) -> None:
        self.query_one("#counts", Static).update(Content(text))


def describe(status: Status) -> str:
    """Return one line on what a collection holds."""
    parts = [counted(status.releases, "release"), counted(status.passages, "passage")]
    if status.first_date and status.last_date:
        first, last = clean_line(status.first_date)[:4], clean_line(status.last_date)[:4]
        parts.append(first if first == last else f"{first} to {last}")
    return " · ".join(parts)


def details(status: Status, facets: Facets) -> list[str]:
    """Return lines on issuers, languages, and passages still to encode."""
    lines = []
    if len(issuers := facets.get("issuer", ())) > 1:
        among = ", among them" if len(issuers) > _NAMED else ":"
        lines.append(f"{counted(status.issuers, 'issuer')}{among} {_most(issuers, _NAMED)}")
    if len(languages := facets.get("lang", ())) > 1:
        rest = len(languages) - 2 * _NAMED
        more = f" and {rest:,} more" if rest > 0 else ""
        lines.append("Languages: " + _most(languages, 2 * _NAMED) + more)
    if status.to_encode and status.passages:
        done = status.passages - status.to_encode
        filled = done * _BAR // status.passages
        bar = "━" * filled + "╌" * (_BAR - filled)
        lines.append(f"{bar} {counted(status.to_encode, 'passage')} not yet searched by meaning")
    return lines


def _most(counts: Counts, shown: int) -> str:
    """List the most frequent, with their counts if they differ from one."""
    named = counts[:shown]
    if all(count == 1 for _, count in named):
        return ", ".join(clean_line(name) for name, _ in named)
    return ", ".join(f"{clean_line(name)} ({count:,})" for name, count in named)


def _first_keys() -> Content:
    """Return the first keys a user needs."""
    keys = (("Enter", "asks"), ("F1", "shows all keys"))
    parts = [Content.styled(key, "bold $primary") + f" {what}" for key, what in keys]
    return Content("\n").join(
        [
            Content(" · ").join(parts),
            Content("Every answer is copied from a release, with a citation that can be checked."),
        ]
    )
