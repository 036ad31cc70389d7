"""The quotations of a release, each with who said it, as far as the release tells."""

import re
from collections.abc import Iterator, Sequence

from index.structure.quotations.attribution import (
    REACH,
    Attribution,
    announces_quotation,
    attribution_above,
    attribution_after,
    attribution_before,
    attribution_below,
    first_named_speaker,
    indirect_attribution,
    statement_author,
)
from index.structure.quotations.job_titles import contains_job_title
from index.structure.quotations.people import NamedPeople, surname_of
from index.structure.quotations.quote_spans import (
    OTHER_SECTION,
    QUOTE_MARKS,
    QuotePosition,
    find_quote_positions,
    find_unmarked_quotes,
)
from index.structure.types import Quotation
from index.text.sentences import first_sentence_end, last_sentence_start
from index.types import Span

_BELOW = 160
"""Characters; a paragraph longer than this is no name set below a quotation."""

_HEAD = 8
_LEAD = 80
"""Characters; a shorter paragraph is no lead."""

_ONLY_STOPS = re.compile(r"[\s.,;:!?—–-]*\Z")


def find_quotations(
    text: str, paragraphs: Sequence[Span], headline: Span | None = None
) -> tuple[Quotation, ...]:
    """Return what is quoted in the paragraphs `paragraphs` of a release, in order.

    Its headline, which is none of them, may name whose statement the release is.
    """
    places = list(find_quote_positions(text, paragraphs))
    below = list(find_unmarked_quotes(text, paragraphs))
    if not places and not below:
        return ()
    people = NamedPeople(text, paragraphs)
    found = _SpeakerFinder(text, paragraphs, places, people, headline).quotations()
    for span in below:
        start = last_sentence_start(text, span[0], span[1])
        credit = attribution_below(text, start, span[1], people)
        if credit is not None and start > span[0]:
            end = span[0] + len(text[span[0] : start].rstrip())
            found.append(Quotation((span[0], end), credit.speaker, credit.role, credit.span))
    return tuple(sorted(found, key=lambda quotation: quotation.span))


class _SpeakerFinder:
    """Goes through the quotations of one release and finds the speaker of each."""

    def __init__(
        self,
        text: str,
        paragraphs: Sequence[Span],
        places: Sequence[QuotePosition],
        people: NamedPeople,
        headline: Span | None,
    ) -> None:
        self._text = text
        self._headline = headline
        self._blocks = paragraphs
        self._places = places
        self._people = people
        self._own: list[Attribution | None] = []
        for number in range(len(places)):
            self._own.append(self._credit(number))

    def quotations(self) -> list[Quotation]:
        """Return the quotations, those of several paragraphs with one speaker."""
        found: list[Quotation] = []
        lead = self._lead()
        for group in self._groups():
            given = [c for n in group if (c := self._own[n]) is not None]
            credit = given[-1] if given else self._announced(group[0])
            speaker, role = (credit.speaker, credit.role) if credit else (None, None)
            if credit is not None and speaker is None:  # "he added"
                known = self._meant(group, credit, found[-1] if found else None)
                speaker, role = (known.speaker, known.role) if known else (None, None)
                credit = credit if known else None
            if credit is None:
                speaker, role = self._unnamed(group, found, lead)
            for number in group:
                own = self._own[number]
                place = self._places[number]
                found.append(Quotation(place.span, speaker, role, own.span if own else None))
        return found

    def _meant(
        self, group: Sequence[int], credit: Attribution, before: Quotation | None
    ) -> Attribution | Quotation | None:
        """Return whom a pronoun stands for: who has just been reported to say something, or spoke.

        "Roe warned that the bridge is old. He added: “…”" is Roe, whoever was quoted before.
        """
        place = self._places[group[0]]
        start = max(self._blocks[place.paragraph][0], before.span[1] if before else 0)
        stop = min(credit.span[0], place.span[0])
        named = indirect_attribution(self._text, max(start, stop - 2 * REACH), stop, self._people)
        known = before if before and before.speaker else None
        if named is None or (
            known and surname_of(known.speaker or "") == surname_of(named.speaker or "")
        ):
            return known or named
        return named

    def _credit(self, number: int) -> Attribution | None:
        """Return the credit beside one stretch in marks."""
        text, place = self._text, self._places[number]
        start, end = place.span
        after = None if place.open else attribution_after(text, end, place.after, self._people)
        if after is not None and not self._leads_on(place):
            return after
        previous = self._places[number - 1] if number else None
        begin = place.before
        if previous is not None and previous.paragraph == place.paragraph:
            credit = self._own[number - 1]
            if credit is not None and credit.span[0] >= previous.span[1] and not credit.below:
                begin = max(begin, credit.span[1])
                if _ONLY_STOPS.match(text[begin:start]):
                    return credit
        if stray := self._stray(begin, start):
            return stray
        for read in (attribution_above, attribution_before):
            if before := read(text, begin, start, self._people):
                return before
        return None if place.open else self._below(place)

    def _stray(self, begin: int, end: int) -> Attribution | None:
        """Return the credit of words that lost their opening mark, right before others."""
        marks = list(QUOTE_MARKS.finditer(self._text, max(begin, end - REACH), end))
        if not marks or self._text[marks[-1].start() - 1] not in ",.!?":
            return None
        credit = attribution_after(self._text, marks[-1].end(), end, self._people)
        if credit is None or not _ONLY_STOPS.match(self._text[credit.span[1] : end]):
            return None
        return credit

    def _leads_on(self, place: QuotePosition) -> bool:
        """Whether the words after a stretch lead up to the next: "…." X said, "…."."""
        closed = self._text[place.span[1] - 2] in ".!?"
        after = self._text[place.span[1] : place.after].rstrip()
        return closed and after.endswith((",", ":", "–", "—", "-"))

    def _below(self, place: QuotePosition) -> Attribution | None:
        """Return the name set after the words, in their paragraph or the next ones."""
        text, paragraphs = self._text, self._blocks
        end = place.span[1]
        if text[end : place.after].strip():
            leads = self._leads_on(place)
            return None if leads else attribution_below(text, end, place.after, self._people)
        if place.after != paragraphs[place.paragraph][1] or place.paragraph + 1 == len(paragraphs):
            return None
        return self._on_lines_below(paragraphs[place.paragraph + 1], place.paragraph + 2)

    def _on_lines_below(self, below: Span, following: int) -> Attribution | None:
        """Return the name on a line of its own, with the office beside or below it."""
        text, paragraphs = self._text, self._blocks
        words = text[slice(*below)]
        if below[1] - below[0] > _BELOW or OTHER_SECTION.match(words):
            return None
        credit = attribution_below(text, *below, self._people)
        if credit is None or credit.role is not None or words.startswith(("-", "–", "—")):
            return credit
        if following < len(paragraphs):
            role = text[slice(*paragraphs[following])]
            if len(role) <= _BELOW and contains_job_title(role) and not role.endswith("."):
                span = (below[0], paragraphs[following][1])
                return Attribution(credit.speaker, role, span, below=True)
        return None

    def _groups(self) -> Iterator[list[int]]:
        """Yield the numbers of stretches that are one quotation: each but the last left open."""
        group: list[int] = []
        for number, place in enumerate(self._places):
            parted = not group or not self._continues(self._places[group[-1]], place)
            if group and (parted or self._is_anothers(group, number)):
                yield group
                group = []
            group.append(number)
        if group:
            yield group

    def _continues(self, before: QuotePosition, place: QuotePosition) -> bool:
        if not before.open or self._text[place.before : place.span[0]].strip():
            return False
        return place.paragraph == before.paragraph or place.paragraph == before.paragraph + 1

    def _is_anothers(self, group: Sequence[int], number: int) -> bool:
        """Whether a stretch is credited to another person than those before it.

        The mark that should close these was left out, and the next one opens anew.
        """
        credit = self._own[number]
        names = {c.speaker for n in group if (c := self._own[n]) is not None and c.speaker}
        if credit is None or credit.speaker is None or not names:
            return False
        return credit.speaker not in names

    def _announced(self, number: int) -> Attribution | None:
        """Return whom the paragraph or the headline above announces: "Statement of X:"."""
        place = self._places[number]
        if place.span[0] != self._blocks[place.paragraph][0]:
            return None
        if place.paragraph == 0:
            return (
                statement_author(self._text, self._headline, self._people)
                if self._headline
                else None
            )
        above = self._blocks[place.paragraph - 1]
        if not announces_quotation(self._text, above):
            return None
        start = last_sentence_start(self._text, *above)
        return first_named_speaker(
            self._text, start, above[1], self._people
        ) or first_named_speaker(self._text, *above, self._people)

    def _unnamed(
        self, group: Sequence[int], found: Sequence[Quotation], lead: Quotation | None
    ) -> tuple[str | None, str | None]:
        """Return who speaks where nothing beside the words says so.

        A paragraph that is all quotation is the voice of the release: of the person its lead
        is about, as long as nobody else has been quoted.
        """
        first, last = self._places[group[0]], self._places[group[-1]]
        paragraph = self._blocks[first.paragraph]
        alone = first.span[0] == paragraph[0] and last.span[1] == self._blocks[last.paragraph][1]
        if lead is None or not alone or paragraph[0] < lead.span[0]:
            return None, None
        surname = (lead.speaker or "").split()[-1:]
        if surname and surname[0] in self._text[first.span[0] : last.span[1]]:
            return None, None  # nobody speaks of himself by name
        others = {quotation.speaker for quotation in found} - {lead.speaker, None}
        return (None, None) if others else (lead.speaker, lead.role)

    def _lead(self) -> Quotation | None:
        """Return whom the first sentence of the lead names first, and where it stands."""
        for paragraph in self._blocks[:_HEAD]:
            if paragraph[1] - paragraph[0] < _LEAD or QUOTE_MARKS.match(self._text, paragraph[0]):
                continue
            end = first_sentence_end(self._text, *paragraph)
            credit = first_named_speaker(self._text, paragraph[0], end, self._people)
            return Quotation(paragraph, credit.speaker, credit.role) if credit else None
        return None
