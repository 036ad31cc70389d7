"""What the terminal shows, so that only the cells that change are sent to it.

Textual draws each region again that may have changed, and sends all codes of its style with each
piece of text. Most cells of such a region are as they were, and most styles share their colours
with the one before. Over a slow line the difference is felt.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

if TYPE_CHECKING:
    from rich.console import Console

BRIDGED = 6
"""Unchanged cells between changed ones that are sent too: moving the cursor takes as many bytes."""
_CACHED = 1 << 12
_RESET = "\x1b[0m"
_CODE = re.compile(r"[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|\d+")
_FOREGROUND = re.compile(r"3\d.*|9\d")
_BACKGROUND = re.compile(r"4\d.*|10\d")
_DEFAULTS = {"39", "49"}
_SIMPLE = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u058f"
    "\u2010-\u2027\u2030-\u205e\u2070-\u2bff]*"
)
"""Text of scripts and signs that terminals draw one by one. Characters of others combine."""


class Codes(NamedTuple):
    """Graphic renditions (ECMA-48, SGR).

    Attributes:
        others: Bold, italic and the like.
        foreground: The colour of the text; empty for the terminal's own.
        background: The colour behind it; empty for the terminal's own.
    """

    others: frozenset[str]
    foreground: str
    background: str


Cell = tuple[str, Codes | None]
"""A character and how it looks. Of a piece that is only sent whole: the piece, without codes."""
_UNKNOWN: Cell = ("", None)
_PLAIN = Codes(frozenset(), "", "")


class Frame:
    """What the terminal shows.

    It takes the size of the updates: what Rich holds for the terminal's size is that of another
    one in a browser, and where the variables COLUMNS and LINES are out of date.
    """

    def __init__(self) -> None:
        self._rows: defaultdict[int, list[Cell]] = defaultdict(list)

    def forget(self) -> None:
        """Send everything at the next update: the terminal may show something else by now."""
        self._rows.clear()

    def changes(self, update: CompositorUpdate, console: "Console") -> str:
        """Return what to send to the terminal so that it shows an update; note that it does."""
        pen = _Pen()
        for y, x, strip in _pieces(update):
            self._draw(pen, y, x, strip, console)
        pen.put_down()
        return "".join(pen.sent)

    def _draw(self, pen: "_Pen", y: int, x: int, strip: Strip, console: "Console") -> None:
        row = self._rows[y]
        row += [_UNKNOWN] * (x + strip.cell_length - len(row))
        cells = _cells(strip, console)
        if cells is None:
            drawn = strip.render(console)
            cells = [(f"{x} {drawn}", None)] * strip.cell_length
            if row[x : x + len(cells)] != cells:
                pen.put_down()
                pen.move(x, y)
                pen.sent.append(drawn)
        else:
            for start, end in _changed(row[x : x + len(cells)], cells):
                pen.move(x + start, y)
                pen.draw(cells[start:end])
        row[x : x + len(cells)] = cells


class Changes(CompositorUpdate):
    """An update of which only what changes is sent.

    Args:
        update: The update.
        frame: What the terminal shows.
    """

    def __init__(self, update: CompositorUpdate, frame: Frame) -> None:
        self._update = update
        self._frame = frame

    def render_segments(self, console: "Console") -> str:
        """Return what to send to the terminal."""
        return self._frame.changes(self._update, console)


class _Pen:
    """Draws cells, changing no more of the terminal's graphic renditions than needed.

    Attributes:
        sent: What was drawn.
    """

    def __init__(self) -> None:
        self.sent: list[str] = []
        self._codes = _PLAIN

    def move(self, x: int, y: int) -> None:
        """Go to a cell."""
        self.sent.append(f"\x1b[{y + 1};{x + 1}H")

    def draw(self, cells: Iterable[Cell]) -> None:
        """Draw cells from here on."""
        for codes, alike in groupby(cells, itemgetter(1)):
            self._take(codes or _PLAIN)
            self.sent.append("".join(character for character, _ in alike))

    def put_down(self) -> None:
        """Let the terminal draw text as it does by itself."""
        self._take(_PLAIN)

    def _take(self, codes: Codes) -> None:
        self.sent.append(_transition(self._codes, codes))
        self._codes = codes


def _pieces(update: CompositorUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Yield the pieces that an update draws: row, column, text.

    Raises:
        TypeError: The update isn't one of the whole screen or of its regions.
    """
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in strips:
                yield y, x, strip
                x += strip.cell_length
    elif isinstance(update, ChopsUpdate):
        for y, left, right in update.spans:
            pieces = zip(update.chop_ends[y], update.chops[y].items(), strict=False)
            for end, (x, piece) in pieces:
                if piece is not None and x < right and end > left:
                    yield y, x, piece if end <= right else piece.crop(0, right - x)
    else:
        raise TypeError(f"not an update of a screen: {update!r}")


def _cells(strip: Strip, console: "Console") -> list[Cell] | None:
    """Return a piece's cells; None if a character doesn't take one cell, or there is a link."""
    colours = console._color_system or ColorSystem.TRUECOLOR  # noqa: SLF001 - as Textual does
    cells: list[Cell] = []
    for text, style, control in strip:
        if control or not _SIMPLE.fullmatch(text) or (style is not None and style.link):
            return None
        codes = _PLAIN if style is None else _codes(Strip.render_ansi(style, colours))
        cells += zip(text, repeat(codes))
    return cells if len(cells) == strip.cell_length else None


@lru_cache(maxsize=_CACHED)
def _codes(sequence: str) -> Codes:
    """Sort graphic renditions, separated by semicolons, into attributes and colours."""
    foreground = background = ""
    others = set()
    for code in _CODE.findall(sequence):
        colour = "" if code in _DEFAULTS else code
        if _FOREGROUND.fullmatch(code):
            foreground = colour
        elif _BACKGROUND.fullmatch(code):
            background = colour
        else:
            others.add(code)
    return Codes(frozenset(others), foreground, background)


@lru_cache(maxsize=_CACHED)
def _transition(used: Codes, wanted: Codes) -> str:
    """Return the sequence from some graphic renditions to others."""
    codes = []
    if not used.others <= wanted.others:
        codes, used = ["0"], _PLAIN
    codes += sorted(wanted.others - used.others)
    if wanted.foreground != used.foreground:
        codes.append(wanted.foreground or "39")
    if wanted.background != used.background:
        codes.append(wanted.background or "49")
    if wanted == _PLAIN and codes:
        return _RESET
    return f"\x1b[{';'.join(codes)}m" if codes else ""


def _changed(old: Sequence[Cell], new: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """Yield the ranges in which cells differ; those that are close to each other are one."""
    differing = [at for at, cell in enumerate(new) if cell != old[at]]
    if not differing:
        return
    start = end = differing[0]
    for at in differing:
        if at - end > BRIDGED:
            yield start, end
            start = at
        end = at + 1
    yield start, end
