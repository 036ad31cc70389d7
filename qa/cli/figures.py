"""`releaseqa figures`: amounts of money, percentages, counts and target dates."""

from typing import Annotated, Literal

import typer

from index.filters import Filters
from qa.cli.context import Context
from qa.cli.errors import FINE, NO_ANSWER
from qa.cli.listing import BY_WORDS, limit_option, listed_at_most, rest_lines
from qa.cli.near_issuers import unknown_issuer
from qa.cli.options import Json, option

_UNITS = ("money", "percent", "count", "date")
_DEFAULT = ("money", "percent", "date")


def _check_units(value: str | None) -> str | None:
    for unit in (value or "").split(","):
        if value is not None and unit.strip() not in _UNITS:
            raise typer.BadParameter(
                f"{unit.strip()!r} is not a unit; choose from {', '.join(_UNITS)}."
            )
    return value


def _parse_number(value: str) -> float:
    """Return a number as it is given: "2000000", "2,000,000", "2 million", "2m", "$1.5bn"."""
    import math

    from qa.figures.amounts import find_amounts

    text = " ".join(value.split())
    try:
        number = float(text)
    except ValueError:
        amount = f"${text.lower().removeprefix('$')}"
        found = find_amounts(amount, units=("money",))
        whole = len(found) == 1 and found[0].span == (0, len(amount)) and found[0].high is None
        number = float(found[0].value or 0) if whole else math.nan
    if not math.isfinite(number):
        raise typer.BadParameter(
            f"{value!r} is not a number; write 2000000, 2,000,000, '2 million' or 2m."
        )
    return number


def figures(
    context: Context,
    *,
    topic: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TOPIC]",
            help='Figures in the passages that `find TOPIC` finds: words, "phrases" and -WORD. '
            "Default: in all passages.",
            show_default=False,
        ),
    ] = None,
    filters: Filters,
    unit: Annotated[
        str | None,
        option(
            "--unit",
            metavar="UNIT,…",
            callback=_check_units,
            text=f"What to list: {', '.join(_UNITS)}. Default: {', '.join(_DEFAULT)}.",
        ),
    ] = None,
    over: Annotated[
        float | None,
        option(
            "--over",
            metavar="N",
            parser=_parse_number,
            text="Only figures over N, such as 2,000,000, '2 million' or 2m.",
        ),
    ] = None,
    under: Annotated[
        float | None,
        option(
            "--under",
            metavar="N",
            parser=_parse_number,
            text="Only figures under N, written in the same ways.",
        ),
    ] = None,
    currency: Annotated[
        str | None,
        option(
            "--currency",
            metavar="CODE",
            text="Only money in this currency, such as CAD; '$' for dollars of no certain country.",
        ),
    ] = None,
    words_only: Annotated[
        bool | None,
        option(
            "--words-only/--no-words-only",
            "--words",
            text="Search for what has the words of TOPIC, not what is near them in meaning.",
        ),
    ] = None,
    sort: Annotated[
        Literal["date", "amount"],
        option("--sort", text="Show the newest release first (date) or the largest (amount)."),
    ] = "date",
    limit: Annotated[int | None, limit_option("figures")] = None,
    cite: Annotated[bool, option("--cite", text="Show the citation of each passage.")] = False,
    json: Json = False,
    csv: Annotated[bool, option("--csv", text="Print CSV, one row per figure.")] = False,
) -> int:
    """List amounts of money, percentages and target dates, with who and for what.

    Each figure is normalised and shown in its sentence, word for word. Who and for what is said
    where the sentence says it. A dollar sign stays one unless the release makes clear of which
    country. The exit code is 4 if nothing matches.
    """
    from qa.figures.types import UNITS
    from qa.finding.figures import FigureFilter
    from qa.finding.figures_export import csv_rows, figure_to_json
    from qa.finding.query import parse_query

    if csv and json:
        raise typer.BadParameter("--csv cannot be used together with --json.")
    query = parse_query(topic) if topic else None
    named = [part.strip() for part in (unit or ",".join(_DEFAULT)).split(",")]
    wanted = FigureFilter(
        units=tuple(known for known in UNITS if known in named),
        over=over,
        under=under,
        currency=currency.upper() if currency else None,
    )
    folder = context.folder()
    words_only = context.settings(folder, words_only=words_only).words_only
    most = listed_at_most(context, limit, as_data=json or csv)
    with context.collection(folder) as collection:
        found = collection.figures(
            query, filters, wanted, words_only=words_only, sort=sort, limit=most
        )
        unknown = None if found.figures else unknown_issuer(context, collection, filters)
    if query is not None and query.has_meaning and not (found.by_meaning or words_only):
        context.say(BY_WORDS)
    if csv:
        context.write_csv(csv_rows(found.figures))
    elif json:
        for figure in found.figures:
            context.write_json(figure_to_json(figure))
    elif found.figures:
        from qa.cli.figures_output import figure_lines

        context.print_lines(figure_lines(found.figures, cite=cite))
        if found.more:
            context.print_lines(rest_lines("more"))
    if not found.figures:
        context.say("Nothing found: no passage has such a figure. Try fewer words or options.")
        if unknown is not None:
            context.say(unknown)
        return NO_ANSWER
    return FINE


COMMANDS = (
    (
        "figures",
        figures,
        (
            "releaseqa figures bridge --unit money",
            "releaseqa figures --over 1000000 --currency CAD --sort amount --limit 20",
            "releaseqa figures climate --unit date,percent --since 2021 --csv > targets.csv",
        ),
    ),
)
