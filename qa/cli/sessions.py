"""`releaseqa sessions`: saved conversations."""

from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.context import Context
from qa.cli.errors import FINE
from qa.cli.options import Json, Output, option
from qa.cli.streams import open_output
from qa.display import clean_line
from qa.sessions.export import Format

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from qa.sessions.store import SessionStore
    from qa.sessions.types import SavedSession

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="Name of the conversation, as shown by `releaseqa sessions list`."
    ),
]
_OF_OTHERS = " in this collection; --all includes the others."
"""What is said where nothing is found and not everything was searched."""

All = Annotated[bool, option("--all", text="Include conversations of other collections.")]


def list_sessions(context: Context, *, every: All = False, json: Json = False) -> int:
    """List the saved conversations of the collection, most recently used first.

    Prints a table on a terminal. In a pipe, prints one conversation per line: name, time of last
    use, number of questions and first question, separated by tabs.
    """
    with _open_store() as store:
        found = store.sessions(None if every else context.collection_key())
    if json:
        from qa.sessions.export import summary_json

        for saved in found:
            context.write_json(summary_json(saved) | {"collection": saved.collection})
    elif context.out().is_terminal:
        _print_table(context, found, every=every)
    else:
        for saved in found:
            context.write("\t".join(_cells(saved, every=every)) + "\n")
    if not found:
        context.say(f"No saved conversations{'.' if every else _OF_OTHERS}")
    return FINE


def search(
    context: Context,
    *,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS", help="Words to find. A turn must contain all of them."),
    ],
    every: All = False,
    json: Json = False,
) -> int:
    """Search saved conversations: questions, passages shown, notes and names.

    The exit code is 0 even if nothing is found.
    """
    from qa.sessions.search import search_turns
    from qa.sessions.terminal import found_lines

    with _open_store() as store:
        key = None if every else context.collection_key()
        any_found = False
        for found in search_turns(store, " ".join(words), key):
            any_found = True
            if json:
                context.write_json({
                    "session": found.session.name,
                    "collection": found.session.collection,
                    "number": found.number,
                    "question": found.turn.question,
                    "asked_at": found.turn.asked_at,
                })  # fmt: skip
            else:
                context.print_lines(found_lines(found))
    if not any_found:
        context.say(f"No turn has these words{'.' if every else _OF_OTHERS}")
    return FINE


def show(context: Context, *, name: Name) -> int:
    """Show a conversation: each question with its best passage and any annotated passages."""
    from qa.sessions.terminal import transcript_lines

    with _open_store() as store:
        transcript = store.transcript(store.find(context.collection_key(), name))
    context.print_lines(transcript_lines(transcript, styled=context.styled()))
    return FINE


def export(
    context: Context,
    *,
    name: Name,
    format_: Annotated[
        Format | None,
        option(
            "--format",
            text="Output format. Default: from the extension of OUT, otherwise markdown.",
        ),
    ] = None,
    out: Output = None,
) -> int:
    """Export a conversation with its citations as Markdown, HTML or JSON.

    The HTML page is a single file that runs no scripts and loads nothing. JSON contains
    everything that is saved.
    """
    from qa.sessions.export import export as pieces
    from qa.sessions.export import write_export

    with _open_store() as store:
        transcript = store.transcript(store.find(context.collection_key(), name))
    if out is not None:
        write_export(transcript, out, format_)
    else:
        with open_output(None) as stream:
            stream.writelines(pieces(transcript, format_ or "markdown"))
    return FINE


def rename(
    context: Context,
    *,
    name: Name,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
) -> int:
    """Rename a conversation."""
    with _open_store() as store:
        store.rename(store.find(context.collection_key(), name).key, new)
    return FINE


def remove(
    context: Context,
    *,
    names: Annotated[
        list[str], typer.Argument(metavar="NAME", help="Names of the conversations to remove.")
    ],
) -> int:
    """Permanently remove conversations, including pins and notes.

    If one of the names does not exist, nothing is removed. Judgements belong to the collection
    and are kept (see `releaseqa judge`).
    """
    with _open_store() as store:
        found = [store.find(context.collection_key(), name) for name in names]
        for saved in found:
            store.remove(saved.key)
    context.say(f"{len(found)} removed.")
    return FINE


def replay(context: Context, *, name: Name, json: Json = False) -> int:
    """Ask the questions of a conversation again and show what changed.

    Uses the current collection, with the original filters, options and earlier turns. The exit
    code is 0 if all answers are the same and 1 if any differ. Nothing is saved.
    """
    from qa.batch.diff import comparable, compare
    from qa.batch.diff_report import change_lines, comparison_to_json, summary
    from qa.sessions.replay import replayed, saved_outcomes

    with _open_store() as store:
        transcript = store.transcript(store.find(context.collection_key(), name))
    with context.collection() as collection:
        now = [comparable(outcome) for outcome in replayed(collection, transcript)]
    found = compare([comparable(outcome) for outcome in saved_outcomes(transcript)], now)
    if json:
        context.write_json(comparison_to_json(found))
    else:
        for line in change_lines(found):
            context.write(line + "\n")
    context.say(summary(found))
    return 1 if found else FINE


def _open_store() -> "AbstractContextManager[SessionStore]":
    from qa.sessions.store import open_sessions

    return open_sessions()


def _cells(saved: "SavedSession", *, every: bool) -> list[str]:
    cells = [
        saved.name,
        saved.updated_at,
        str(saved.turns),
        saved.first_question or "",
        *[saved.collection] * every,
    ]
    return [clean_line(cell) for cell in cells]


def _print_table(context: Context, found: "list[SavedSession]", *, every: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False, expand=True)
    table.add_column("name", overflow="fold", max_width=context.out().width // 3)
    table.add_column("last used", no_wrap=True, width=20)
    table.add_column("questions", justify="right", no_wrap=True, width=9)
    table.add_column("first question", overflow="ellipsis", no_wrap=True, ratio=1)
    if every:
        table.add_column("collection", overflow="fold", max_width=context.out().width // 3)
    for saved in found:
        table.add_row(*(Text(cell) for cell in _cells(saved, every=every)))
    context.out().print(table)


HELP = """List, search, show, export, rename, remove or replay saved conversations.

The chat saves every conversation. `releaseqa ask --session NAME` adds a question to one."""

COMMANDS = (
    ("list", list_sessions, ("releaseqa sessions list", "releaseqa sessions list --all --json")),
    ("search", search, ("releaseqa sessions search bridge funding",)),
    ("show", show, ("releaseqa sessions show bridge",)),
    (
        "export",
        export,
        (
            "releaseqa sessions export bridge > bridge.md",
            "releaseqa sessions export bridge -o bridge.html",
        ),
    ),
    ("rename", rename, ("releaseqa sessions rename 2026-03-01-1 bridge",)),
    ("remove", remove, ("releaseqa sessions remove bridge 2026-03-01-2",)),
    (
        "replay",
        replay,
        ("releaseqa sessions replay bridge", "releaseqa sessions replay bridge --json"),
    ),
)
