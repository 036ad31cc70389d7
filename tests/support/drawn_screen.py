"""What a terminal shows after it was sent some bytes: as much of one as the chat needs."""

import re

from rich.cells import cell_len

_SEQUENCE = re.compile(
    r"\x1b\[(?P<codes>[\d;]*)(?P<end>[mH])"
    r"|\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b\]8;[^;]*;(?P<link>[^\x1b\x07]*)(?:\x1b\\|\x07)"
    r"|\x1b\][^\x1b\x07]*(?:\x1b\\|\x07)"
    r"|\x1b[PX^_].*?\x1b\\"
    r"|\x1b[()].|\x1b[^\[\]()PX^_]"
    r"|[\x00-\x1a\x1c-\x1f]",
    re.DOTALL,
)
_CODE = re.compile(r"[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|\d+")


class DrawnScreen:
    """A terminal that knows cursor positions, renditions (ECMA-48), links and wide characters.

    Other sequences are read over. Line ends do not move the cursor: the chat gives positions.

    Args:
        width: Cells of a row.
    """

    def __init__(self, width: int = 500) -> None:
        self._width = width
        self._rows: dict[int, list[tuple[str, str]]] = {}
        self._x = self._y = 0
        self._renditions: list[str] = []
        self._link = ""
        self._rest = ""

    @property
    def cells(self) -> dict[int, list[tuple[str, str]]]:
        """The cells of each row that something was drawn in: a character and how it looks."""
        return self._rows

    @property
    def text(self) -> str:
        """All rows, without their looks."""
        return "\n".join(
            "".join(char for char, _ in self._rows[row]).rstrip() for row in sorted(self._rows)
        )

    def feed(self, sent: str) -> None:
        """Draw what is sent, which may end within a sequence."""
        sent, at = self._rest + sent, 0
        self._rest = ""
        while at < len(sent):
            match = _SEQUENCE.match(sent, at)
            if match is not None:
                self._obey(match)
                at = match.end()
            elif sent[at] == "\x1b":  # the rest of it comes later
                self._rest = sent[at:]
                return
            else:
                self._put(sent[at])
                at += 1

    def _obey(self, match: "re.Match[str]") -> None:
        if match["end"] == "H":
            row, column, *_ = *match["codes"].split(";"), "1", "1"
            self._y, self._x = int(row or 1) - 1, int(column or 1) - 1
        elif match["end"] == "m":
            self._render(match["codes"] or "0")
        elif match["link"] is not None:
            self._link = match["link"]

    def _put(self, char: str) -> None:
        row = self._rows.setdefault(self._y, [(" ", "")] * self._width)
        look = f"{sorted(self._renditions)}{self._link}"
        width = cell_len(char)
        if width == 0 and self._x:
            before, its_look = row[self._x - 1]
            row[self._x - 1] = (before + char, its_look)
        elif self._x + width <= self._width:
            row[self._x : self._x + width] = [(char, look), *[("", look)] * (width - 1)]
            self._x += width

    def _render(self, codes: str) -> None:
        for code in _CODE.findall(codes):
            number = int(code.partition(";")[0])
            kind = "text" if number // 10 in {3, 9} else "back" if number // 10 in {4, 10} else ""
            if code == "0":
                self._renditions.clear()
                continue
            self._renditions = [r for r in self._renditions if not kind or not r.startswith(kind)]
            if code not in {"39", "49"}:
                self._renditions.append(f"{kind}{code}")
