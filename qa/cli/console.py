"""A console that cleans what it prints, whatever is printed.

rich draws tables, progress bars and styled lines with escape sequences of its own. They are kept;
the text between them is cleaned here, as it leaves rich.
"""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from qa.display import clean


class CleanConsole(Console):
    """A `rich.console.Console` that no printed text can act on."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield the segments of a renderable, their text cleaned."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(clean(segment.text), segment.style)
