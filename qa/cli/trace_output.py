"""How `trace` shows an article: the summary, the releases, each sentence, quotations, the rest."""

from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from qa.cli.find_output import note_line
from qa.display import clean_line
from qa.export.terminal import HEADLINE, INDENT, QUIET, WARNING, OutputLine
from qa.figures.extract import on_one_line
from qa.presentation import counted, headline
from qa.quotes import QuoteMatch
from qa.trace_export import forms_line, summary, title_of
from qa.tracing.types import FactDifference, Form, LeftOut, Trace, TracedSentence

_MARKS: Mapping[Form, str] = {"verbatim": "=", "close": "≈", "rephrased": "~", "own": " "}
"""What stands in the margin."""
_STYLES: Mapping[Form, str] = {
    "verbatim": "red", "close": "yellow", "rephrased": "green", "own": "",
}  # fmt: skip
_FEW = 3
"""Sentences that are shown of what an article left out of a release."""


def trace_lines(
    trace: Trace, quotes: Sequence[QuoteMatch], *, everything: bool, cite: bool
) -> Iterator[OutputLine]:
    """Yield a traced article as lines.

    Args:
        trace: The article.
        quotes: Its quotations that releases have as well.
        everything: Show all that it left out.
        cite: Show the citations.
    """
    places = {key: number for number, key in enumerate(trace.releases, start=1)}
    yield OutputLine(Text(summary(trace), style=HEADLINE))
    yield OutputLine(Text(forms_line(trace), style=QUIET))
    for key, number in places.items():
        yield from _release_lines(trace, key, number)
    if not places:
        return
    yield OutputLine(Text())
    if title := title_of(trace):
        yield OutputLine(Text(clean_line(title), style=HEADLINE))
    legend = " · ".join(f"{mark} {form}" for form, mark in _MARKS.items() if form != "own")
    yield OutputLine(Text(legend, style=QUIET))
    yield OutputLine(Text())
    for sentence in trace.sentences:
        yield from _sentence_lines(sentence, trace, places, cite=cite)
    if quotes:
        yield OutputLine(Text())
        yield OutputLine(Text("Quotations", style=HEADLINE))
        for match in quotes:
            yield from _quote_lines(match, cite=cite)
    for part in trace.left_out:
        yield from _left_out_lines(part, places[part.release], everything=everything)


def _release_lines(trace: Trace, key: int, number: int) -> Iterator[OutputLine]:
    release = trace.releases[key]
    yield OutputLine(Text())
    place = f"{number}. "
    yield OutputLine(Text.assemble(place, (clean_line(headline(release)), HEADLINE)), 0, len(place))
    facts = [
        release.date or "undated",
        release.issuer,
        release.id,
        counted(trace.sentences_from(key), "sentence"),
        release.replaced_by and f"replaced by {release.replaced_by}",
    ]
    yield note_line(" · ".join(fact for fact in facts if fact))


def _sentence_lines(
    sentence: TracedSentence, trace: Trace, places: Mapping[int, int], *, cite: bool
) -> Iterator[OutputLine]:
    """Yield a sentence with its mark; below it, where it comes from and what differs."""
    mark = f"{_MARKS[sentence.form]} "
    text = Text(_line(sentence.text), style="" if sentence.source else QUIET)
    if sentence.copied is not None:
        text.stylize("bold", *sentence.copied)
    yield OutputLine(Text.assemble((mark, _STYLES[sentence.form]), text), 0, len(mark))
    source = sentence.source
    if source is None:
        return
    if sentence.form != "verbatim":
        yield note_line(f"release: {_line(source.text)}")
    for found in sentence.differences:
        yield OutputLine(Text(clean_line(_difference(found)), style=WARNING), INDENT)
    date = trace.releases[source.release].date or "undated"
    notes = [f"[{places[source.release]}] {date}, passage {source.ordinal}"]
    if source.also_in:
        notes.append(f"also in {', '.join(source.also_in)}")
    yield note_line(" · ".join(notes))
    if cite:
        yield note_line(source.citation)


def _line(text: str) -> str:
    """Return a text cleaned and on one line, of the same length."""
    return clean_line(on_one_line(text))


def _difference(found: FactDifference) -> str:
    if found.release is None:
        return f"not in the release: {found.article}"
    return f"differs: release: {found.release}; article: {found.article}"


def _quote_lines(match: QuoteMatch, *, cite: bool) -> Iterator[OutputLine]:
    yield OutputLine(Text(_line(match.text)), 2)
    speaker = match.quote.speaker or "speaker not named"
    facts = ["word for word" if match.exact else "nearly the same", speaker, match.quote.role]
    yield note_line(" · ".join(fact for fact in facts if fact))
    if match.same_speaker is False:
        words = f"differs: release: {match.quote.speaker}; article: {match.speaker}"
        yield OutputLine(Text(clean_line(words), style=WARNING), INDENT)
    if cite:
        yield note_line(match.quote.citation)


def _left_out_lines(part: LeftOut, place: int, *, everything: bool) -> Iterator[OutputLine]:
    if not part.left_out:
        return
    yield OutputLine(Text())
    count = f"{len(part.left_out):,} of {counted(part.sentences, 'sentence')}"
    yield OutputLine(Text(f"Left out of [{place}]: {count}", style=HEADLINE))
    shown = part.left_out if everything else part.left_out[:_FEW]
    for sentence in shown:
        yield OutputLine(Text(f"- {_line(sentence.text)}"), 2, 2)
    if len(shown) < len(part.left_out):
        rest = len(part.left_out) - len(shown)
        yield note_line(f"… and {rest:,} more; --left-out shows all")
