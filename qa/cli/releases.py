"""`releaseqa show`, `list`, `remove` and `cite`: the releases of the collection."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from index.errors import ReleaseNotFoundError
from index.filters import Filters
from index.store.page_numbers import (
    format_pages,
    format_scan,
    page_range,
    page_starts,
    scan_confidence,
)
from index.types import PLACE
from qa.cli.context import Context
from qa.cli.errors import FAILED, FINE
from qa.cli.index import Wait, print_report
from qa.cli.near_issuers import unknown_issuer
from qa.cli.options import Json, option
from qa.cli.since_last import SinceLast, same_search, since_last_run
from qa.display import clean_line
from qa.errors import AmbiguousReleaseError, CitationError
from qa.types import ReleaseRef

if TYPE_CHECKING:
    from rich.text import Text

    from index.types import Release
    from qa.citations import CitedPassage
    from qa.collection import Collection, ReleaseDocument
    from qa.export.terminal import OutputLine
    from qa.release_names import NamedRelease

_WIDE = 100
"""Terminal width from which the table shows the issuer."""
_MIN_TITLE = 24
"""Columns that a title needs beside the other columns; with fewer, ids get a line of their own."""
_DATE, _ISSUER, _GAP = 10, 24, 2


def list_releases(
    context: Context, *, filters: Filters, since_last: SinceLast = False, json: Json = False
) -> int:
    """List the releases of the collection, newest first.

    Prints a table on a terminal: title, date and id, and the issuer if there is room. In a pipe,
    prints one release per line: id, date, issuer and title, separated by tabs.

    Other commands take an id, or the start of one that no other id has: `releaseqa show canada-k`.
    """
    asked = same_search("list", filters)
    with context.collection() as collection:
        run = since_last_run(
            context, collection, filters, asked, name="This list", wanted=since_last
        )
        count = _list(context, collection.iter_releases(run.filters), json=json)
        unknown = None if count else unknown_issuer(context, collection, filters)
    if not count and not run.filters:
        context.say("The collection is empty.")
    elif not count and filters:
        context.say("No release matches the filters.")
        if unknown is not None:
            context.say(unknown)
    run.done()
    return FINE


def show(
    context: Context,
    *,
    release: Annotated[
        str,
        typer.Argument(
            metavar="RELEASE",
            help="Release id, as shown by `releaseqa list`, the start of one, or words of a title.",
        ),
    ],
    passage: Annotated[
        int | None,
        option("--passage", metavar="N", min=0, text="Show only passage N."),
    ] = None,
    json: Json = False,
) -> int:
    """Show a release as stored, passage by passage.

    RELEASE is an id or the start of one: `show canada-k` shows canada-korea-visit, if no other id
    starts like that. It can also be the title, or a part of it that no other title has. If several
    releases match, they are listed. RELEASE#N, a passage id, shows only that passage.
    """
    from index.store.reader import Store

    with context.collection() as collection:
        document, number = _document(collection, release)
        with Store(collection.folder) as store:
            stored = store.release(document.ref.id).release
            added_at, updated_at = store.stored_at(document.ref.id)
    number = number if passage is None else passage
    if number is not None:
        _check_number(document, number)
    if json:
        times = {"added_at": added_at, "updated_at": updated_at}
        context.write_json({**_document_json(document, stored, number), **times})
        return FINE
    place = [("place", str(stored.metadata[PLACE]))] if PLACE in stored.metadata else []
    facts = [
        *_facts(document.ref), *_scan(stored), *place, *_date_origin(stored),
        *_related(document.ref), *_times(added_at, updated_at),
    ]  # fmt: skip
    starts = page_starts(stored.metadata)
    context.print_lines(_document_lines(document, facts, number, starts))
    return FINE


def remove(
    context: Context,
    *,
    releases: Annotated[
        list[str],
        typer.Argument(
            metavar="RELEASE",
            help="Release ids, as shown by `releaseqa list`, starts of ids, or whole titles.",
        ),
    ],
    wait: Wait = False,
    json: Json = False,
) -> int:
    """Remove releases from the collection.

    RELEASE is an id, the start of one that no other id has, or a whole title. The removed releases
    are named. Source files are not deleted. Running `releaseqa index` on them adds the releases
    again.
    """
    from index.ingest.update import remove_releases

    folder = context.folder()
    found = _named(folder, releases)
    report = remove_releases(folder, [release.release_id for release in found], wait=wait)
    for release in found:
        context.say(f"removed {release}")
    return print_report(context, report, json=json)


def _named(folder: Path, names: Sequence[str]) -> "list[NamedRelease]":
    """Return the releases to remove, each once; if a name means none or several, all is refused."""
    from index.store.reader import Store
    from qa.release_names import find_release

    with Store(folder) as store:
        try:
            found = [find_release(store, name, title_parts=False) for name in names]
        except (AmbiguousReleaseError, ReleaseNotFoundError) as error:
            error.args = (f"nothing was removed: {error}",)
            raise
    return list(dict.fromkeys(found))


def cite(
    context: Context,
    *,
    citation: Annotated[
        str,
        typer.Argument(
            metavar="CITATION", help="A citation as printed by `ask`, in quotation marks."
        ),
    ],
    format_: Annotated[
        Literal["bibtex", "ris"] | None,
        option(
            "--format",
            text="Print an entry for a bibliography instead. CITATION can then also be a release "
            "or a passage, as for `show`.",
        ),
    ] = None,
    json: Json = False,
) -> int:
    """Check that a citation still matches its release, word for word.

    The exit code is 0 if the cited release has exactly these words at the cited place, and 1 if
    not.

    With --format, prints a BibTeX entry or a RIS record for reference managers, with the citation
    as a note. A citation that does not match gives none.
    """
    if format_ is not None and json:
        raise typer.BadParameter("--format and --json cannot be used together.")
    with context.collection() as collection:
        if format_ is not None:
            return _print_entry(context, collection, citation, format_)
        check = collection.check(citation)
    if json:
        context.write_json(asdict(check))
    else:
        context.write(clean_line(f"{'true' if check.ok else 'false'}: {check.detail}") + "\n")
    return FINE if check.ok else FAILED


def _print_entry(
    context: Context, collection: "Collection", text: str, form: Literal["bibtex", "ris"]
) -> int:
    """Print the entry of what a citation, or the name of a release or a passage, means."""
    from qa.citations import bibtex, ris

    cited = _cited(collection, text)
    context.write({"bibtex": bibtex, "ris": ris}[form](cited) + "\n")
    return FINE


def _cited(collection: "Collection", text: str) -> "CitedPassage":
    """Return what a citation, or the name of a release or of a passage, means.

    Raises:
        CitationError: The citation does not match its release.
        AmbiguousReleaseError, ReleaseNotFoundError: The name means several, or none.
    """
    from index.types import Release
    from qa.citations import CitedPassage, citation_of, parse, unwrapped

    if parse(unwrapped(text)) is not None:
        check = collection.check(text)
        if not check.ok or check.release_id is None or check.passage_id is None:
            raise CitationError(f"the citation does not match: {check.detail}")
        ref = collection.document(check.release_id).ref
        return CitedPassage(ref, check.passage_id, unwrapped(text))
    document, number = _document(collection, text)
    ref = document.ref
    if number is None:
        return CitedPassage(ref, ref.id, "")
    _check_number(document, number)
    release = Release(ref.id, ref.title, document.text, ref.date, ref.issuer, ref.lang, ref.url)
    citation = citation_of(release, document.passages[number])
    return CitedPassage(ref, f"{ref.id}#{number}", citation)


def _check_number(document: "ReleaseDocument", number: int) -> None:
    """Refuse the number of a passage that a release does not have."""
    if number >= len(document.passages):
        raise ReleaseNotFoundError(
            f"{document.ref.id} has no passage {number}; its passages are numbered 0 to "
            f"{len(document.passages) - 1}."
        )


def _document(collection: "Collection", name: str) -> "tuple[ReleaseDocument, int | None]":
    """Return a release by its name, or by a passage id together with the passage's number."""
    try:
        return collection.document(collection.release_id(name)), None
    except ReleaseNotFoundError:
        release, mark, number = name.rpartition("#")
        if not mark or not number.isdecimal():
            raise
        return collection.document(collection.release_id(release)), int(number)


def _document_json(
    document: "ReleaseDocument", stored: "Release", number: int | None
) -> dict[str, object]:
    """Return a release with its text and passages as a JSON object, keys in their fixed order.

    Args:
        document: The release with its passages.
        stored: The same release, with the fields that its source had besides.
        number: The only passage to include; None for all of them.
    """
    from qa.answer_json import release_to_json
    from qa.citations import citation_of

    starts = page_starts(stored.metadata)
    return {
        **release_to_json(document.ref),
        "date_source": stored.date_source,
        "date_guess": stored.date_guess,
        "text": document.text,
        "passages": [
            {
                "passage_id": f"{document.ref.id}#{passage.ordinal}",
                "ordinal": passage.ordinal,
                "kind": passage.kind,
                "speaker": passage.speaker,
                "role": passage.role,
                "span": list(passage.span),
                "text": document.text[slice(*passage.span)],
                "pages": page_range(starts, passage.span),
                "citation": citation_of(stored, passage),
            }
            for passage in document.passages
            if number is None or passage.ordinal == number
        ],
        "metadata": _finite(stored.metadata),
    }


def _finite(metadata: Mapping[str, object]) -> object:
    """Return metadata without the numbers that JSON does not have (NaN), which become null."""
    import json as text

    return text.loads(text.dumps(dict(metadata)), parse_constant=lambda _: None)


def _document_lines(
    document: "ReleaseDocument",
    facts: Sequence[tuple[str, str]],
    number: int | None,
    starts: tuple[int, ...],
) -> "Iterator[OutputLine]":
    from rich.text import Text

    from qa.display import clean
    from qa.export.terminal import HEADLINE, QUIET, OutputLine, text_lines

    yield OutputLine(Text(clean_line(document.ref.title) or "Untitled", style=HEADLINE))
    for name, value in facts:
        yield OutputLine(Text(f"{name}: {clean_line(value)}", style=QUIET))
    for passage in document.passages:
        if number is None or passage.ordinal == number:
            said = filter(None, (passage.speaker, passage.role))
            pages = page_range(starts, passage.span)
            place = [] if pages is None else [format_pages(pages)]
            about = ", ".join([passage.kind, *map(clean_line, said), *place])
            yield OutputLine(Text())
            yield OutputLine(Text(f"[{passage.ordinal}] {about}", style=QUIET))
            yield from text_lines(Text(clean(document.text[slice(*passage.span)])))


def _facts(release: ReleaseRef) -> Iterator[tuple[str, str]]:
    facts = {
        "id": release.id,
        "date": release.date,
        "issuer": release.issuer,
        "language": release.lang,
        "source": release.source,
        "url": release.url,
    }
    yield from ((name, value) for name, value in facts.items() if value)


def _scan(release: "Release") -> Iterator[tuple[str, str]]:
    """Yield that the text was read from a scan, if it was."""
    confidence = scan_confidence(release.metadata)
    if confidence is not None:
        yield "text", format_scan(confidence)


def _date_origin(release: "Release") -> Iterator[tuple[str, str]]:
    """Yield where the date comes from, or a guess at it; searches never use a guess."""
    if release.date_source:
        yield "dated by", "its metadata" if release.date_source == "metadata" else "its dateline"
    elif release.date_guess:
        yield "no date", f"the text mentions {release.date_guess}, which filters ignore"


def _related(release: ReleaseRef) -> Iterator[tuple[str, str]]:
    """Yield the ids of related releases."""
    if release.replaced_by is not None:
        yield "replaced by", release.replaced_by
    if release.replaces:
        yield "replaces", ", ".join(release.replaces)
    if release.copies:
        yield "copies", ", ".join(release.copies)


def _times(added_at: str | None, updated_at: str | None) -> Iterator[tuple[str, str]]:
    """Yield when the release first came in, and when it was changed since."""
    if added_at is not None:
        yield "first indexed", added_at
    if updated_at is not None and updated_at != added_at:
        yield "last changed", updated_at


def _cells(release: ReleaseRef) -> list[str]:
    """Return the columns of the list, cleaned; a tab in one of them becomes a space."""
    cells = (release.id, release.date, release.issuer, release.title)
    return [clean_line(cell or "") for cell in cells]


def _list(context: Context, releases: Iterator[ReleaseRef], *, json: bool) -> int:
    """Print releases, in a pipe one by one as they are read; return how many there were."""
    if not json and context.out().is_terminal:
        found = list(releases)
        _print_table(context, found)
        return len(found)
    count = 0
    for count, release in enumerate(releases, start=1):  # noqa: B007 - the number of the last one
        if json:
            from qa.answer_json import release_to_json

            context.write_json(release_to_json(release))
        else:
            context.write("\t".join(_cells(release)) + "\n")
    return count


def _print_table(context: Context, releases: Sequence[ReleaseRef]) -> None:
    """Print the titles, dates and ids of releases in columns, on wide terminals also the issuers.

    An id is never wrapped or cut, since other commands are given it. Where ids are so long that
    little is left for the titles, they stand on a line of their own.
    """
    from rich.table import Table
    from rich.text import Text

    console = context.out()
    rows = [[Text(cell) for cell in _cells(release)] for release in releases]
    for row, release in zip(rows, releases, strict=True):
        if release.replaced_by is not None:
            note = f"replaced by {clean_line(release.replaced_by)}: "
            row[3] = Text(note, style="dim").append_text(row[3])
    longest = max((row[0].cell_len for row in rows), default=0)
    room = console.width - longest - _DATE - 2 * _GAP
    if room < _MIN_TITLE:
        _print_in_pairs(context, rows)
        return
    wide = console.width >= _WIDE and room - _ISSUER - _GAP >= _MIN_TITLE
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, _GAP, 0, 0))
    table.expand = True
    table.add_column("title", overflow="ellipsis", no_wrap=True, ratio=1)
    table.add_column("date", no_wrap=True, width=_DATE)
    if wide:
        table.add_column("issuer", overflow="ellipsis", no_wrap=True, max_width=_ISSUER)
    table.add_column("id", no_wrap=True, min_width=longest)
    for name, date, issuer, title in rows:
        table.add_row(title, date, *([issuer] if wide else []), name)
    console.print(table)


def _print_in_pairs(context: Context, rows: "Sequence[Sequence[Text]]") -> None:
    """Print each release as its title with the date, and its id on the line below, whole."""
    from rich.table import Table

    console = context.out()
    for name, date, _, title in rows:
        line = Table.grid(padding=(0, _GAP, 0, 0), expand=True)
        line.add_column(overflow="ellipsis", no_wrap=True, ratio=1)
        line.add_column(no_wrap=True, width=_DATE)
        line.add_row(title, date)
        console.print(line)
        name.stylize("dim")
        console.print("  ", name, sep="", soft_wrap=True)


COMMANDS = (
    (
        "show",
        show,
        (
            "releaseqa show canada-korea-visit",
            "releaseqa show canada-k --passage 3",
            "releaseqa show 'ends Korea visit'",
            "releaseqa show canada-korea-visit --json | jq -r .text",
        ),
    ),
    (
        "list",
        list_releases,
        (
            "releaseqa list --since 2020 --issuer 'nova scotia'",
            "releaseqa list --lang fr | cut -f 1",
            "releaseqa list --since-last",
            "releaseqa list --indexed-since yesterday",
        ),
    ),
    ("remove", remove, ("releaseqa remove bridge-opening-2023",)),
    (
        "cite",
        cite,
        (
            'releaseqa cite "$CITATION" && echo unchanged',
            'releaseqa cite "$CITATION" --format bibtex >> press.bib',
            "releaseqa cite canada-k#3 --format ris",
        ),
    ),
)
