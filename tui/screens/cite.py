"""Choosing the style in which a citation is copied."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from qa.citations import STYLES
from qa.display import clean
from qa.types import RankedPassage
from tui.keys.bindings import CITING
from tui.screens.modal import DialogScreen
from tui.widgets.option_list import ChoiceList


class CiteScreen(DialogScreen[str]):
    """The styles with a preview; returns the name of one."""

    BINDINGS: ClassVar[list[BindingType]] = CITING
    DEFAULT_CSS = """
    CiteScreen {
        & > .window { max-height: 22; }
        & OptionList { height: auto; margin: 0 0 1 0; }
        & #preview { color: $quiet; }
    }
    """

    def __init__(self, passage: RankedPassage) -> None:
        super().__init__()
        self._passage = passage
        self._names = tuple(STYLES)

    def compose(self) -> ComposeResult:
        """Lay out the styles and the preview."""
        with Vertical(classes="window") as window:
            window.border_title = Content("Copy the citation as")
            yield ChoiceList(*(Option(Content(name)) for name in self._names))
            yield Static(id="preview")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the citation in this style."""
        event.stop()
        text = STYLES[self._names[event.option_index]](self._passage)
        self.query_one("#preview", Static).update(Content(clean(text)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose it."""
        event.stop()
        self.action_cite()

    def action_cite(self) -> None:
        """Return the style."""
        chosen = self.query_one(OptionList).highlighted
        if chosen is not None:
            self.dismiss(self._names[chosen])
