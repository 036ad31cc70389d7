"""What reaches the terminal: only what changes, and the screen is as if all had been sent."""

from io import StringIO

import pytest
from drawn_screen import DrawnScreen
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tui.render.frame import Changes, Frame

WIDTH, HEIGHT, SPLIT = 12, 3, 7
Span = tuple[int, tuple[int, int]]
STYLES = [
    Style.null(),
    Style(bold=True),
    Style(italic=True, bold=True),
    Style(color="red"),
    Style(color="#102030", bgcolor="#405060"),
    Style(color="#102030", bgcolor="default", underline=True),
    Style(bgcolor="color(200)", reverse=True),
    Style(color="bright_blue", bgcolor="bright_white"),
    Style(link="https://example.com/a"),
]
TEXTS = ["a", "bc", "  ", "é", "…", "▌", "日", "e\u0301", "कि", "🙂", "م"]


def console(colours: str = "truecolor") -> Console:
    """Return a console of the size of the screen."""
    return Console(
        file=StringIO(), width=WIDTH, height=HEIGHT, force_terminal=True, color_system=colours
    )  # type: ignore[call-overload]


def piece(parts: list[tuple[str, Style]], width: int) -> Strip:
    """Return a piece of text of a width."""
    strip = Strip([Segment(text, style) for text, style in parts])
    return strip.adjust_cell_length(width, Style(bgcolor="#405060"))


def widget(width: int) -> st.SearchStrategy[Strip]:
    """Make a row of a widget."""
    part = st.tuples(st.sampled_from(TEXTS), st.sampled_from(STYLES))
    return st.lists(part, max_size=8).map(lambda parts: piece(parts, width))


ROWS = st.lists(st.tuples(widget(SPLIT), widget(WIDTH - SPLIT)), min_size=HEIGHT, max_size=HEIGHT)
SPANS = st.sampled_from(
    [(0, WIDTH), (0, SPLIT), (SPLIT, WIDTH), (0, WIDTH - 2), (SPLIT, WIDTH - 3)]
)
REGIONS = st.lists(st.tuples(st.integers(0, HEIGHT - 1), SPANS), min_size=1, max_size=3)


def whole(rows: list[tuple[Strip, Strip]]) -> LayoutUpdate:
    """Return an update of the whole screen."""
    return LayoutUpdate([list(row) for row in rows], Region(0, 0, WIDTH, HEIGHT))


def partly(
    rows: list[tuple[Strip, Strip]], spans: list[tuple[int, tuple[int, int]]]
) -> ChopsUpdate:
    """Return an update of some regions."""
    chops = [{0: left, SPLIT: right} for left, right in rows]
    return ChopsUpdate(chops, [(y, *span) for y, span in spans], [[SPLIT, WIDTH]] * HEIGHT)


@settings(max_examples=60)
@given(st.lists(st.tuples(ROWS, st.none() | REGIONS), min_size=1, max_size=4))
def test_the_screen_is_as_if_all_had_been_sent(
    frames: list[tuple[list[tuple[Strip, Strip]], list[Span] | None]],
) -> None:
    """Whatever is drawn after whatever, in whole or in part."""
    frame, ours, theirs, out = Frame(), DrawnScreen(WIDTH), DrawnScreen(WIDTH), console()
    for rows, spans in frames:
        update: CompositorUpdate = whole(rows) if spans is None else partly(rows, spans)
        ours.feed(Changes(update, frame).render_segments(out))
        theirs.feed(update.render_segments(out))
        assert ours.cells == theirs.cells


def test_what_is_shown_already_is_not_sent_again() -> None:
    """Nothing is sent for a frame like the last one, unless it was forgotten."""
    rows = [(piece([("日 left", STYLES[3])], SPLIT), piece([("right", STYLES[4])], WIDTH - SPLIT))]
    update = whole(rows * HEIGHT)
    frame, out = Frame(), console()
    first = frame.changes(update, out)
    assert first.count("right") == HEIGHT
    assert frame.changes(update, out) == ""
    frame.forget()
    assert frame.changes(update, out) == first


def test_only_the_letter_that_changes_is_sent() -> None:
    """Its position, its colours, and the way back."""
    frame, out = Frame(), console()
    for text in ("cold", "cold", "cord"):
        rows = [(piece([(text, STYLES[3])], SPLIT), piece([("right", STYLES[4])], WIDTH - SPLIT))]
        sent = frame.changes(whole(rows * HEIGHT), out)
    assert (
        sent
        == "".join(f"\x1b[{y};3H{'' if y > 1 else chr(27) + '[31m'}r" for y in (1, 2, 3))
        + "\x1b[0m"
    )


def test_what_lies_between_two_changes_is_left_out_where_that_is_shorter() -> None:
    """The cursor is moved over eight cells, and one cell is drawn again."""
    frame, out = Frame(), console()
    sent = []
    for text in ("a23456789b", "A23456789B", "A2x4y6789B"):
        row = (piece([(text, STYLES[0])], WIDTH), piece([], 0))
        sent.append(frame.changes(whole([row] * HEIGHT), out))
    assert sent[1] == "".join(f"\x1b[{y};1HA\x1b[{y};10HB" for y in (1, 2, 3))
    assert sent[2] == "".join(f"\x1b[{y};3Hx4y" for y in (1, 2, 3))


def test_the_whole_screen_is_drawn_whatever_size_rich_takes_it_for() -> None:
    """In a browser Rich knows of 80 columns and 25 rows only."""
    rows = [(piece([("left", STYLES[3])], SPLIT), piece([("right", STYLES[4])], WIDTH - SPLIT))]
    small = Console(
        file=StringIO(), width=SPLIT + 1, height=1, force_terminal=True, color_system="truecolor"
    )
    frame, screen = Frame(), DrawnScreen(WIDTH)
    screen.feed(frame.changes(whole(rows * HEIGHT), small))
    assert ["left   right"] * HEIGHT == screen.text.splitlines()
    assert frame.changes(whole(rows * HEIGHT), small) == ""


@pytest.mark.parametrize("colours", ["standard", "256", "truecolor"])
def test_colours_are_those_of_the_terminal(colours: str) -> None:
    """A terminal of few colours gets the nearest ones, as Textual sends them."""
    style = Style(color="#ff1020", bgcolor="#001040")
    text = f"coloured {colours}"[:SPLIT]
    row = (piece([(text, style)], SPLIT), piece([("right", STYLES[0])], WIDTH - SPLIT))
    sent = Frame().changes(whole([row] * HEIGHT), console(colours))
    system = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT}
    wanted = Strip.render_ansi(
        Style(color="#ff1020", bgcolor="#001040"), system.get(colours, ColorSystem.TRUECOLOR)
    )
    assert f"\x1b[{wanted}m{text}" in sent


def test_another_kind_of_update_is_refused() -> None:
    """One of a region below the prompt of a shell, which this program never draws."""
    with pytest.raises(TypeError, match="not an update of a screen"):
        Frame().changes(CompositorUpdate(), console())
