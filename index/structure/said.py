"""Finds the sentences of a release that say what a person said, each with the person.

A sentence belongs to a person who is quoted in it, or who is the subject of its verb of saying:
"Roe warned that the bridge is old", "the bridge is old, said Roe". Of a passage that is a quotation
by one person, all belongs to that person from the first sentence that is quoted to the last. A turn
of a transcript belongs to its speaker, whoever is quoted in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.structure.quotations.attribution import (
    attribution_behind,
    has_verb_of_saying,
    indirect_attribution,
)
from index.structure.quotations.people import NamedPeople
from index.structure.quotations.speakers import find_quotations
from index.structure.transcript import find_turns, turn_of
from index.structure.types import Quotation
from index.types import Passage, Span

_PARTS = frozenset({"body", "quote", "list"})
"""Kinds of passages in which somebody can be quoted; a `question` is a journalist's."""


@dataclass(frozen=True, slots=True)
class SaidSpan:
    """What one person says in one passage, in neighbouring sentences.

    Attributes:
        ordinal: The passage.
        span: Into the release's text.
        speaker: The fullest name in the release.
        role: The job title, or None.
        quoted: Whether it has words of the person in quotation marks or in a transcript; otherwise
            the release reports what the person said.
    """

    ordinal: int
    span: Span
    speaker: str
    role: str | None
    quoted: bool


def said_spans(
    text: str, passages: Sequence[Passage], headline: Span | None = None
) -> Iterator[SaidSpan]:
    """Yield who says what in a release, passage by passage.

    Args:
        text: The release's text.
        passages: All passages of the release, in order.
        headline: The span of the headline, which may name whose statement the release is.
    """
    parts = [passage for passage in passages if passage.kind in _PARTS]
    spans = [passage.span for passage in parts]
    people = NamedPeople(text, spans)
    quotations = find_quotations(text, spans, headline)
    turns = find_turns(text, 0, len(text))
    for passage in parts:
        stored = passage.speaker if passage.kind == "quote" else None
        if stored and turn_of(passage.span, turns):
            yield SaidSpan(passage.ordinal, passage.span, stored, passage.role, quoted=True)
            continue
        inside = [q for q in quotations if q.speaker and _overlaps(q.span, passage.span)]
        if stored and {q.speaker for q in inside} <= {stored}:
            span = _quoted_part(passage, inside)
            yield SaidSpan(passage.ordinal, span, stored, passage.role, quoted=True)
            continue
        yield from _runs(passage, list(_sentences(text, passage, inside, people)))


def _quoted_part(passage: Passage, quotations: Sequence[Quotation]) -> Span:
    """Return a passage from its first quoted sentence to the last; all of it if none is found."""
    start = passage.span[0]
    quoted = [
        (start + first, start + last)
        for first, last in passage.sentences
        if any(
            _overlaps(part, (start + first, start + last))
            for quotation in quotations
            for part in (quotation.span, quotation.attribution or quotation.span)
        )
    ]
    return (quoted[0][0], quoted[-1][1]) if quoted else passage.span


_Speakers = dict[str, tuple[str | None, bool]]
"""The speakers of a sentence: the job title, and whether the words are quoted."""


def _sentences(
    text: str, passage: Passage, quotations: Sequence[Quotation], people: NamedPeople
) -> Iterator[tuple[Span, _Speakers]]:
    """Yield the sentences of a passage, each with its speakers."""
    start = passage.span[0]
    for first, last in passage.sentences:
        span = (start + first, start + last)
        speakers: _Speakers = {}
        for quotation in quotations:
            area = [quotation.span, quotation.attribution or quotation.span]
            if quotation.speaker and any(_overlaps(part, span) for part in area):
                speakers[quotation.speaker] = (quotation.role, True)
        if not speakers and has_verb_of_saying(text[slice(*span)]):
            found = attribution_behind(text, *span, people) or indirect_attribution(
                text, *span, people
            )
            if found is not None and found.speaker:
                speakers[found.speaker] = (found.role, False)
        yield span, speakers


def _runs(passage: Passage, sentences: Sequence[tuple[Span, _Speakers]]) -> Iterator[SaidSpan]:
    """Yield neighbouring sentences of one speaker as one."""
    for speaker in dict.fromkeys(name for _, speakers in sentences for name in speakers):
        run: SaidSpan | None = None
        for span, speakers in sentences:
            if speaker not in speakers:
                if run is not None:
                    yield run
                run = None
                continue
            role, quoted = speakers[speaker]
            start = span[0] if run is None else run.span[0]
            quoted = quoted or (run is not None and run.quoted)
            role = role if run is None or run.role is None else run.role
            run = SaidSpan(passage.ordinal, (start, span[1]), speaker, role, quoted)
        if run is not None:
            yield run


def _overlaps(one: Span, other: Span) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])
