"""How `figures` shows what it found: figures below their release, each in its sentence."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.text import Text

from qa.cli.find_output import MATCH, note_line, release_head
from qa.display import clean, clean_line
from qa.export.terminal import QUIET, OutputLine, text_lines
from qa.figures.types import Figure, FoundFigure, Number

_BOUNDS = {"exact": "", "about": "about ", "over": "over ", "at least": "at least ",
           "up to": "up to ", "under": "under "}  # fmt: skip


def figure_lines(figures: Iterable[FoundFigure], *, cite: bool) -> Iterator[OutputLine]:
    """Yield figures below the headlines of their releases, those of a sentence above it.

    Args:
        figures: In order.
        cite: Show the citation of each passage.
    """
    for number, (_, group) in enumerate(groupby(figures, key=lambda found: found.release.id)):
        if number:
            yield OutputLine(Text())
        of_release = list(group)
        yield from release_head(of_release[0].release)
        for _, of_sentence in groupby(of_release, key=lambda found: found.span):
            yield from _sentence_lines(list(of_sentence), cite=cite)


def _sentence_lines(figures: list[FoundFigure], *, cite: bool) -> Iterator[OutputLine]:
    for found in figures:
        yield OutputLine(_summary(found))
    first = figures[0]
    text = Text(clean(first.sentence))
    for found in figures:
        text.stylize(MATCH, *found.figure.span)
    yield from text_lines(text)
    notes = [f"passage {first.passage_id.rpartition('#')[2]}"]
    if first.speaker:
        notes.append(f"quotes {first.speaker}" if first.kind != "quote" else first.speaker)
    if first.also_in:
        notes.append(f"also in {', '.join(first.also_in)}")
    yield note_line(" · ".join(notes))
    if cite:
        yield note_line(first.citation)


def _summary(found: FoundFigure) -> Text:
    """Return a figure as a value, with who and for what."""
    line = Text("• ", style=QUIET)
    line.append(figure_value(found.figure), style=MATCH)
    if found.figure.inferred:
        inferred = "currency" if found.figure.unit == "money" else "year"
        line.append(f" ({inferred} from the release)", style=QUIET)
    subject = found.subject
    for label, words in (
        ("who", subject.who), ("what", subject.what), ("commitment", subject.commitment)
    ):  # fmt: skip
        if words:
            line.append(f" · {label}: ", style=QUIET)
            line.append(clean_line(words))
    return line


def figure_value(figure: Figure) -> str:
    """Return what a figure amounts to on one line: `over 2,500,000 CAD per year`."""
    if figure.unit == "date":
        return f"by {figure.date}" if figure.date else "a date without a year"
    write = _money if figure.unit == "money" else _number
    number = write(figure.value or 0)
    if figure.high is not None:
        number = f"{number} to {write(figure.high)}"
    if figure.unit == "percent":
        number += "%"
    elif figure.unit == "money" and figure.currency is not None:
        number = number_in(figure.currency, number)
    per = f" per {figure.per}" if figure.per else ""
    return f"{_BOUNDS[figure.bound]}{number}{clean_line(per)}"


def number_in(currency: str, number: str) -> str:
    """Return a number with its currency: a sign stands before it, a code behind it."""
    return f"{number} {currency}" if currency.isalpha() else f"{currency}{number}"


def _number(value: Number) -> str:
    return f"{value:,}"


def _money(value: Number) -> str:
    """Return an amount: 15.2 as `15.20`."""
    cents = round(value, 2)
    return f"{value:,.2f}" if value == cents and value != int(value) else _number(value)
