"""`releaseqa names`: the people, organisations and places that releases name."""

from typing import Annotated, Literal

import typer

from index.filters import Filters
from qa.cli.context import Context
from qa.cli.errors import FINE, NO_ANSWER
from qa.cli.listing import limit_option, listed_at_most, rest_lines
from qa.cli.options import Json, option


def names(
    context: Context,
    *,
    text: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TEXT]",
            help="Names with these words, in any letter case and without accents. Default: all.",
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
) -> int:
    """List the people, organisations and places that the releases name.

    Each has the number of releases that name it, the first and the last date and, for people, the
    job titles that the releases give. Those in most releases are listed first. A surname that can
    be several people's is listed by itself, with the people. The exit code is 4 if there is none.
    """
    from qa.names.export import csv_rows, name_to_json

    if csv and json:
        raise typer.BadParameter("--csv cannot be used together with --json.")
    most = listed_at_most(context, limit, as_data=json or csv)
    with context.collection() as collection:
        found = collection.names(" ".join(text or ()), filters, type_)
    shown = found if most is None else found[:most]
    if csv:
        context.write_csv(csv_rows(shown))
    elif json:
        for entity in shown:
            context.write_json(name_to_json(entity))
    elif shown:
        from qa.cli.names_output import name_lines

        context.print_lines(name_lines(shown))
        if len(found) > len(shown):
            context.print_lines(rest_lines(f"{len(found) - len(shown):,} more"))
    if not found:
        context.say("Nothing found: no release has such a name. Try fewer words or filters.")
        return NO_ANSWER
    return FINE


COMMANDS = (
    (
        "names",
        names,
        (
            "releaseqa names",
            "releaseqa names joly --type person",
            "releaseqa names --type organisation --since 2021 --csv > organisations.csv",
        ),
    ),
)
