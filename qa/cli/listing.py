"""What `find`, `said` and `figures` share: how much they list, and what they say of the rest."""

from typing import TYPE_CHECKING, Any

from qa.cli.context import Context
from qa.cli.options import option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.export.terminal import OutputLine

_SCREENFUL = 10
BY_WORDS = (
    "Searched by words only: meaning needs vectors of the packaged model and words in Latin script."
)


def limit_option(things: str) -> Any:  # noqa: ANN401 - as typer.Option
    """Return the option `--limit`, for a number of `things`."""
    return option(
        "--limit",
        metavar="N",
        min=0,
        text=f"Show at most N {things}, 0 for all. Default: {_SCREENFUL} on a terminal, "
        "otherwise all.",
    )


def listed_at_most(context: Context, limit: int | None, *, as_data: bool) -> int | None:
    """Return how many are listed at most; None for all.

    Args:
        context: Of the command.
        limit: What `--limit` says.
        as_data: Whether they are printed as JSON or CSV.
    """
    if limit is None:
        return _SCREENFUL if context.out().is_terminal and not as_data else None
    return limit or None


def rest_lines(more: str) -> "Iterator[OutputLine]":
    """Yield an empty line, and one that says how many `more` there are and how to see them."""
    from rich.text import Text

    from qa.export.terminal import QUIET, OutputLine

    yield OutputLine(Text())
    yield OutputLine(Text(f"… and {more}; --limit 0 shows all", style=QUIET))
