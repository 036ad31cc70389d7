"""`releaseqa names`: the people, organisations and places that releases name."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from index.filters import Filters
from qa.cli.context import Context
from qa.cli.errors import FINE, NO_ANSWER
from qa.cli.listing import limit_option, listed_at_most, rest_lines
from qa.cli.options import Json, option

if TYPE_CHECKING:
    from index.store.name_decisions import Act
    from index.types import NameKind
    from qa.names.types import NamedEntity

Format = Literal["text", "json", "csv", "ftm"]
_ACTIONS = ("--merge", "--part", "--undo", "--decisions")


def names(
    context: Context,
    *,
    text: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TEXT]",
            help="Names with these words, in any letter case and without accents. Default: all. "
            "With --merge or --part, two names.",
            show_default=False,
        ),
    ] = None,
    filters: Filters,
    type_: Annotated[
        Literal["person", "organisation", "place"] | None,
        option("--type", text="List only people, organisations or places."),
    ] = None,
    limit: Annotated[int | None, limit_option("names")] = None,
    json: Json = False,
    csv: Annotated[bool, option("--csv", text="Print CSV, one row per name.")] = False,
    format_: Annotated[
        Format | None,
        option(
            "--format",
            text="Output format. ftm is JSON Lines of FollowTheMoney entities. Default: text.",
        ),
    ] = None,
    merge: Annotated[
        bool,
        option(
            "--merge", text="Record that two names are of the same person, organisation or place."
        ),
    ] = False,
    part: Annotated[
        bool,
        option(
            "--part",
            text="Record that two names are not of the same person, organisation or place.",
        ),
    ] = False,
    undo: Annotated[bool, option("--undo", text="Take back the last --merge or --part.")] = False,
    decisions: Annotated[
        bool, option("--decisions", text="List what was merged and parted, the last one last.")
    ] = False,
) -> int:
    """List the people, organisations and places that the releases name.

    Each has the number of releases that name it, the first and the last date and, for people, the
    job titles that the releases give. Those in most releases are listed first. A surname that can
    be several people's is listed by itself, with the people. The exit code is 4 if there is none.

    With --merge and --part you correct which names belong together. This is kept in the collection;
    names, said and --mentions follow it.
    """
    given = text or []
    form = _format(format_, json=json, csv=csv)
    chosen = [name for name, on in zip(_ACTIONS, (merge, part, undo, decisions), strict=True) if on]
    if len(chosen) > 1:
        raise typer.BadParameter(f"{' and '.join(chosen)} cannot be used together.")
    if chosen and (filters or limit is not None or form in {"csv", "ftm"}):
        raise typer.BadParameter(f"{chosen[0]} takes no filters, --limit or format.")
    if merge or part:
        return _decide(context, "merge" if merge else "part", given, type_)
    if chosen and given:
        raise typer.BadParameter(f"{chosen[0]} takes no names.")
    if undo:
        return _undo(context)
    if decisions:
        return _list_decisions(context, as_json=form == "json")
    most = listed_at_most(context, limit, as_data=form != "text")
    with context.collection() as collection:
        found = collection.names(" ".join(given), filters, type_)
    shown = found if most is None else found[:most]
    _print(context, shown, form)
    if form == "text" and len(found) > len(shown):
        context.print_lines(rest_lines(f"{len(found) - len(shown):,} more"))
    if not found:
        context.say("Nothing found: no release has such a name. Try fewer words or filters.")
        return NO_ANSWER
    return FINE


def _format(given: Format | None, *, json: bool, csv: bool) -> Format:
    options: dict[str, Format] = {"--csv": "csv"} if csv else {}
    options |= {"--json": "json"} if json else {}
    options |= {"--format": given} if given else {}
    if len(options) > 1:
        raise typer.BadParameter(f"{' cannot be used together with '.join(options)}.")
    return next(iter(options.values()), "text")


def _print(context: Context, shown: "list[NamedEntity]", form: Format) -> None:
    from qa.names.export import csv_rows, name_to_json

    if form == "csv":
        context.write_csv(csv_rows(shown))
    elif form == "json":
        for entity in shown:
            context.write_json(name_to_json(entity))
    elif form == "ftm":
        from qa.names.ftm import name_to_ftm

        for entity in shown:
            if (written := name_to_ftm(entity)) is not None:
                context.write_json(written)
    elif shown:
        from qa.cli.names_output import name_lines

        context.print_lines(name_lines(shown))


def _decide(context: Context, act: "Act", given: list[str], kind: "NameKind | None") -> int:
    """Record that two names are merged or parted."""
    from index.store.name_decisions import LONGEST_NAME, add_name_decision
    from qa.cli.names_output import decision_text

    if len(given) != 2:  # noqa: PLR2004 - a pair
        raise typer.BadParameter(
            f"--{act} takes two names, each in quotation marks, such as: "
            f'releaseqa names --{act} "Mr Truss" "Warren Truss"'
        )
    for name in given:
        if not name.strip() or len(name) > LONGEST_NAME:
            raise typer.BadParameter(f"a name has 1 to {LONGEST_NAME} characters.")
    folder = context.folder()
    with context.collection(folder) as collection:
        decision = collection.name_decision(act, given[0], given[1], kind)
    add_name_decision(folder, decision)
    context.say(f"{decision_text(decision)}. To take it back: releaseqa names --undo")
    return FINE


def _undo(context: Context) -> int:
    from index.store.name_decisions import drop_last_name_decision
    from qa.cli.names_output import decision_text
    from qa.errors import NameDecisionError

    dropped = drop_last_name_decision(context.folder())
    if dropped is None:
        context.say("The record of merged and parted names could not be read; it is empty now.")
        return FINE
    if not dropped:
        raise NameDecisionError("no names were merged or parted, so there is nothing to undo")
    context.say(f"Taken back: {decision_text(dropped[0])}")
    return FINE


def _list_decisions(context: Context, *, as_json: bool) -> int:
    from qa.cli.names_output import decision_text
    from qa.names.export import decision_to_json

    with context.collection() as collection:
        found = collection.name_decisions()
    for decision in found:
        if as_json:
            context.write_json(decision_to_json(decision))
        else:
            context.write(f"{decision_text(decision)}\n")
    if not found:
        context.say("No names were merged or parted.")
    return FINE


COMMANDS = (
    (
        "names",
        names,
        (
            "releaseqa names",
            "releaseqa names joly --type person",
            "releaseqa names --type organisation --since 2021 --csv > organisations.csv",
            'releaseqa names --merge "Mr Truss" "Warren Truss"',
            "releaseqa names --format ftm > names.ftm.json",
        ),
    ),
)
