"""A part of a text is drawn within its rows."""

import pytest
from textual.app import App, ComposeResult

from tui.render.themes import DARK, own_variables
from tui.widgets.excerpts import Excerpt
from tui.widgets.passage_text import PassageText

TEXT = "Plans call for the satellite to set out from the station in the spring, if all goes well."


@pytest.mark.parametrize("before", ["", "… ", "May help: “"])
async def test_no_row_more_is_taken_for_what_marks_a_cut(before: str) -> None:
    """At any width the marks stand on the rows of the text."""

    class OneText(App[None]):
        def get_theme_variable_defaults(self) -> dict[str, str]:
            return own_variables(DARK)

        def compose(self) -> ComposeResult:
            yield PassageText(Excerpt(TEXT, (0, len(TEXT)), before=before, rows=2))

    async with OneText().run_test(size=(20, 10)) as pilot:
        for width in range(20, 50):
            await pilot.resize_terminal(width, 10)
            drawn = pilot.app.query_one(PassageText)
            assert drawn.size == (width, 2), drawn.render().plain
            assert drawn.render().plain.endswith(("…", "."))
