"""`releaseqa changes`: what was altered in releases, and which were removed."""

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.filters import day_begins
from qa.cli.context import Context
from qa.cli.errors import FINE
from qa.cli.listing import limit_option, listed_at_most, rest_lines
from qa.cli.options import Json, option
from qa.errors import SettingsError
from qa.filter_syntax import parse_filters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from index.store.former_releases import ReleaseChange
    from qa.changes import RecordedChange, RecordedChanges, ReleaseVersion, SentenceChange
    from qa.export.terminal import OutputLine

_DONE: "Mapping[ReleaseChange, str]" = {
    "changed": "changed",
    "reread": "read differently",
    "removed": "removed",
}


def changes(
    context: Context,
    *,
    release: Annotated[
        str | None,
        typer.Argument(
            metavar="RELEASE",
            help="Release id, the start of one, or words of a title; default: all releases.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        option(
            "--since",
            metavar="DATE",
            text="Changes of this date or later: 2023-04-17, 2023-04, yesterday, monday, 7d or "
            "'last month'.",
        ),
    ] = None,
    limit: Annotated[int | None, limit_option("changes")] = None,
    json: Json = False,
) -> int:
    """Show what was changed in releases that were indexed again, and which releases were removed.

    The latest change comes first, with what differs sentence by sentence, and the SHA-256 of the
    text before and after it. Of a removed release, the title, the date and the SHA-256 are shown;
    nothing of its text is kept.
    """
    from index.store.former_releases import records_changes
    from index.store.reader import Store
    from qa.changes import recorded_changes

    begins = _begin(since)
    most = listed_at_most(context, limit, as_data=json)
    with Store(context.folder()) as store:
        known = records_changes(store)
        found = recorded_changes(store, release, begins, most)
    if json:
        for change in found.changes:
            context.write_json(_to_json(change))
    elif found.changes:
        context.print_lines(_lines(found))
    if not known:
        context.say("Changes of this collection are recorded from the next `releaseqa index` on.")
    elif not found.total:
        context.say("No change is recorded.")
    return FINE


def _begin(since: str | None) -> str:
    """Return the time at which a day begins that a user named; empty for none."""
    try:
        day = parse_filters({"since": since}).since
    except SettingsError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from error
    return day_begins(day) if day else ""


def _to_json(found: "RecordedChange") -> dict[str, Any]:
    """Return a change as a JSON object, keys in their fixed order."""
    sentences = found.sentences
    return {
        "release": found.release_id,
        "change": found.change,
        "at": found.at,
        "stored_at": found.stored_at,
        "before": asdict(found.before),
        "after": None if found.after is None else asdict(found.after),
        "sentences": None if sentences is None else [_sentence_json(one) for one in sentences],
        "present": found.is_present,
    }


def _sentence_json(sentence: "SentenceChange") -> dict[str, Any]:
    if sentence.before is None:
        change = "added"
    else:
        change = "removed" if sentence.after is None else "changed"
    return {"change": change, "before": sentence.before, "after": sentence.after}


def _lines(found: "RecordedChanges") -> "Iterator[OutputLine]":
    """Yield how much was done, each change, and how many are not shown."""
    from rich.text import Text

    from qa.export.terminal import HEADLINE, OutputLine
    from qa.presentation import counted

    counts = Counter(change.change for change in found.changes)
    parts = [f"{counts[kind]:,} {done}" for kind, done in _DONE.items() if counts[kind]]
    more = found.total - len(found.changes)
    shown = "" if more else f": {', '.join(parts)}"
    yield OutputLine(Text(f"{counted(found.total, 'change')}{shown}", style=HEADLINE))
    for change in found.changes:
        yield OutputLine(Text())
        yield from _change_lines(change)
    if more:
        yield from rest_lines(f"{more:,} more")


def _change_lines(found: "RecordedChange") -> "Iterator[OutputLine]":
    from rich.text import Text

    from qa.cli.find_output import note_line
    from qa.cli.wording import wording_change
    from qa.display import clean_line
    from qa.export.terminal import HEADLINE, INDENT, QUIET, OutputLine

    before, after = found.before, found.after
    yield OutputLine(Text(clean_line(" ".join(before.title.split())) or "Untitled", style=HEADLINE))
    done = f"{_DONE[found.change]} {found.at}"
    again = ", and added again since" if found.change == "removed" and found.is_present else ""
    facts = (before.date or "undated", found.release_id, f"{done}{again}")
    yield OutputLine(Text(" · ".join(map(clean_line, facts)), style=QUIET))
    if found.change == "reread":
        yield note_line("Another version of releaseqa read it before, which may be the reason.")
    if after is not None:
        for name, old, new in _identity(before, after):
            line = Text(f"{name}: ", style=QUIET).append_text(wording_change(old, new))
            yield OutputLine(line, INDENT)
    for sentence in found.sentences or ():
        yield OutputLine(_sentence_text(sentence), INDENT)
    if after is not None and found.sentences is None and before.sha256 != after.sha256:
        yield note_line("The text was changed; what it was is not kept any more.")
    yield note_line(f"sha256 {before.sha256}, stored {found.stored_at}")
    if after is not None and after.sha256 != before.sha256:
        yield note_line(f"sha256 {after.sha256}, stored {found.at}")


def _identity(
    before: "ReleaseVersion", after: "ReleaseVersion"
) -> "Iterator[tuple[str, str, str]]":
    """Yield what changed besides the text: its name, the old value and the new one."""
    if before.title != after.title:
        yield "title", before.title, after.title
    if before.date != after.date:
        yield "date", before.date or "undated", after.date or "undated"


def _sentence_text(sentence: "SentenceChange") -> Any:  # noqa: ANN401 - rich's text
    from qa.cli.wording import added_words, removed_words, wording_change

    if sentence.before is None:
        return added_words(sentence.after or "")
    if sentence.after is None:
        return removed_words(sentence.before)
    return wording_change(sentence.before, sentence.after)


COMMANDS = (
    (
        "changes",
        changes,
        (
            "releaseqa changes --since yesterday",
            "releaseqa changes canada-korea-visit",
            "releaseqa changes --since 7d --json | jq 'select(.change == \"removed\")'",
        ),
    ),
)
