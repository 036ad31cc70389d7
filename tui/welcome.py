"""What an empty conversation shows: what can be asked here, and how."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from index.report import Status
from qa.display import clean_line
from tui.examples import SHOWN
from tui.messages import QuestionAsked
from tui.turn_view import ASKED

_INVITATION = "Ask, or try one of these (Tab, then Enter):"


class Welcome(VerticalScroll, can_focus=False):
    """The name, the collection in numbers, sample questions and the first keys."""

    DEFAULT_CSS = """
    Welcome {
        padding: 1 2;
        align: left top;
        & > #title { text-style: bold; color: $primary; }
        & > #counts { color: $text-muted; margin: 0 0 1 0; }
        & > #try { color: $text-muted; }
        & > OptionList {
            height: auto;
            border: none;
            padding: 0;
            background: $background;
            margin: 0 0 1 0;
        }
        &.-nothing-to-offer > #try, &.-nothing-to-offer > OptionList { display: none; }
        & > #keys { color: $text-muted; }
    }
    """

    def __init__(self, questions: tuple[str, ...]) -> None:
        super().__init__()
        self._questions = questions[:SHOWN]

    def compose(self) -> ComposeResult:
        """Lay out the lines; the counts come when the collection is open."""
        yield Static(Content("Ask the press releases"), id="title")
        yield Static(Content("Opening the collection…"), id="counts")
        yield Static(id="try")
        yield OptionList()
        yield Static(
            Content(
                "Every answer is a passage copied from a release, with the sentence that\n"
                "answers marked and a citation that can be checked.\n\n"
                "Enter asks · Tab goes to the passages · j and k step through them\n"
                "y copies one with its citation · F1 shows every key"
            ),
            id="keys",
        )

    def on_mount(self) -> None:
        """Offer the sample questions, if there are any."""
        self._offer(_INVITATION, self._questions)

    def show_status(self, status: Status, examples: tuple[str, ...]) -> None:
        """Say what can be asked; without samples, examples are something to start from."""
        if not status.releases:
            self._say(
                "The collection is empty. Index a folder of releases: Ctrl+P, “Index a folder”."
            )
            return
        self._say(describe(status))
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
        """Say that there is no collection, and what to do about it."""
        self._say(
            f"{clean_line(error)}\nIndex a folder of releases here: Ctrl+P, “Index a folder”."
        )

    def show_indexing(self) -> None:
        """Say that there will be something to ask soon."""
        self._say("Indexing; you can ask as soon as the words are stored.")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask the sample that was chosen."""
        event.stop()
        self.post_message(QuestionAsked(self._questions[event.option_index]))

    def _say(self, text: str) -> None:
        self.query_one("#counts", Static).update(Content(text))


def describe(status: Status) -> str:
    """Say in one line what a collection holds."""
    parts = [f"{status.releases:,} releases", f"{status.passages:,} passages"]
    if status.issuers > 1:
        parts.append(f"{status.issuers:,} issuers")
    if status.first_date and status.last_date:
        first, last = clean_line(status.first_date)[:4], clean_line(status.last_date)[:4]
        parts.append(first if first == last else f"{first} to {last}")
    if status.to_encode:
        parts.append(f"{status.to_encode:,} still found by words only")
    return " · ".join(parts)
