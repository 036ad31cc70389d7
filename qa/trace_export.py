"""A traced article for other programs and for a browser: JSON, and a page of HTML."""

from collections.abc import Iterator, Sequence
from typing import Any

from index.types import Span
from qa.answer_json import DIGITS, release_to_json
from qa.display import clean
from qa.export.html import render
from qa.presentation import counted
from qa.quotes import QuoteMatch, quote_match_to_json
from qa.tracing.types import FORMS, SourceSentence, Trace, TracedSentence


def summary(trace: Trace) -> str:
    """Return in one line how much of an article comes from how many releases."""
    total = counted(len(trace.sentences), "sentence")
    if not trace.traced:
        return f"None of {total} comes from a release"
    verb = "comes" if trace.traced == 1 else "come"
    return f"{trace.traced:,} of {total} {verb} from {counted(len(trace.releases), 'release')}"


def forms_line(trace: Trace) -> str:
    """Return how many sentences have each form, and how many facts differ."""
    parts = [f"{trace.count(form):,} {form}" for form in FORMS]
    if trace.differences:
        verb = "differs" if trace.differences == 1 else "differ"
        parts.append(f"{counted(trace.differences, 'fact')} {verb}")
    return " · ".join(parts)


def title_of(trace: Trace) -> str:
    """Return the headline of an article; empty if it has none but its first words."""
    article = trace.article
    title = article.title.removesuffix("…").strip()
    first = trace.sentences[0].text if trace.sentences else ""
    return "" if " ".join(first.split()).startswith(title) else article.title


def trace_to_json(trace: Trace, quotes: Sequence[QuoteMatch]) -> dict[str, Any]:
    """Return a traced article as a JSON object, keys in their fixed order."""
    article = trace.article
    return {
        "article": {
            "title": article.title,
            "date": article.date,
            "lang": article.lang,
            "sentences": len(trace.sentences),
        },
        "traced": trace.traced,
        **{form: trace.count(form) for form in FORMS},
        "differences": trace.differences,
        "by_meaning": trace.by_meaning,
        "releases": [
            {
                "release": release_to_json(trace.releases[part.release]),
                "sentences": trace.sentences_from(part.release),
                "of": part.sentences,
                "left_out": [_source(sentence, trace) for sentence in part.left_out],
            }
            for part in trace.left_out
        ],
        "sentences": [_sentence(sentence, trace) for sentence in trace.sentences],
        "quotes": [quote_match_to_json(match) for match in quotes],
    }


def _sentence(sentence: TracedSentence, trace: Trace) -> dict[str, Any]:
    cosine = sentence.cosine
    return {
        "span": list(sentence.span),
        "text": sentence.text,
        "form": sentence.form,
        "copied": None if sentence.copied is None else list(sentence.copied),
        "shared": round(sentence.shared, DIGITS),
        "cosine": None if cosine is None else round(cosine, DIGITS),
        "differences": [
            {"kind": found.kind, "article": found.article, "release": found.release}
            for found in sentence.differences
        ],
        "source": None
        if sentence.source is None
        else {**_source(sentence.source, trace), "also_in": list(sentence.source.also_in)},
    }


def _source(source: SourceSentence, trace: Trace) -> dict[str, Any]:
    release = trace.releases[source.release]
    return {
        "release": release.id,
        "date": release.date,
        "passage_id": f"{release.id}#{source.ordinal}",
        "speaker": source.speaker,
        "span": list(source.span),
        "text": source.text,
        "citation": source.citation,
    }


def trace_page(trace: Trace, quotes: Sequence[QuoteMatch]) -> Iterator[str]:
    """Yield a page: the article with its sentences marked, and beside each where it comes from."""
    yield from render(
        "trace.html.j2",
        trace=trace,
        quotes=quotes,
        title=title_of(trace) or "Article",
        summary=summary(trace),
        forms=forms_line(trace),
        places={key: number for number, key in enumerate(trace.releases, start=1)},
        pieces=_pieces,
    )


def _pieces(text: str, marked: Span | None) -> Iterator[tuple[str, bool]]:
    """Yield a text as escaped HTML in pieces, each with whether it is marked."""
    from markupsafe import escape

    shown = clean(text)
    start, stop = marked or (0, 0)
    for first, last, inside in ((0, start, False), (start, stop, True), (stop, len(shown), False)):
        if first < last:
            yield escape(shown[first:last]), inside
