"""Finds the quotations of a release and who said each, as far as the release says."""

import re
from collections.abc import Iterator, Sequence

from index.structure.quotations.attribution import (
    MAX_DISTANCE,
    Attribution,
    announces_quotation,
    attribution_above,
    attribution_after,
    attribution_before,
    attribution_below,
    attribution_within,
    first_named_speaker,
    indirect_attribution,
    statement_author,
)
from index.structure.quotations.job_titles import contains_job_title, standalone_title
from index.structure.quotations.people import NameAndRole, NamedPeople, surname_of
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

_MAX_LINE_BELOW = 160
"""Characters; a longer paragraph is not a name set below a quotation."""

_HEAD_PARAGRAPHS = 8
"""Paragraphs from the start among which the lead stands."""

_MIN_LEAD = 80
"""Characters; a shorter paragraph is not the lead."""

_FRENCH_SUBJECT = re.compile(r"\s*(?:Le\s|La\s|L['’])([\w-]+)")
"""A title with its article at the start of a French sentence: "Le ministre a salué …"."""

_PRONOUN_REACH = 8
"""Quotations among which the one is looked for that "elle" or "il" means."""

_ONLY_PUNCTUATION = re.compile(r"[\s.,;:!?—–-]*\Z")


def find_quotations(
    text: str, paragraphs: Sequence[Span], headline: Span | None = None
) -> tuple[Quotation, ...]:
    """Return the quotations of a release, in order.

    Args:
        text: The release's text.
        paragraphs: The paragraphs in which quotations are looked for.
        headline: The headline; it may name the person whose statement the release is.
    """
    positions = list(find_quote_positions(text, paragraphs))
    unmarked = list(find_unmarked_quotes(text, paragraphs))
    if not positions and not unmarked:
        return ()
    people = NamedPeople(text, paragraphs)
    found = _SpeakerFinder(text, paragraphs, positions, people, headline).quotations()
    for span in unmarked:
        start = last_sentence_start(text, *span)
        attribution = attribution_below(text, start, span[1], people)
        if attribution is not None and start > span[0]:
            end = span[0] + len(text[span[0] : start].rstrip())
            found.append(
                Quotation((span[0], end), attribution.speaker, attribution.role, attribution.span)
            )
    return tuple(sorted(found, key=lambda quotation: quotation.span))


class _SpeakerFinder:
    """Finds the speaker of each quotation in marks of one release."""

    def __init__(
        self,
        text: str,
        paragraphs: Sequence[Span],
        positions: Sequence[QuotePosition],
        people: NamedPeople,
        headline: Span | None,
    ) -> None:
        self._text = text
        self._headline = headline
        self._paragraphs = paragraphs
        self._positions = positions
        self._people = people
        self._attributions: list[Attribution | None] = []
        for number in range(len(positions)):
            self._attributions.append(self._attribution_beside(number))

    def quotations(self) -> list[Quotation]:
        """Return the quotations; parts of one over several paragraphs have one speaker."""
        found: list[Quotation] = []
        lead = self._lead()
        for group in self._groups():
            own = [a for number in group if (a := self._attributions[number]) is not None]
            attribution = own[-1] if own else self._announced_speaker(group[0])
            speaker, role = (attribution.speaker, attribution.role) if attribution else (None, None)
            if attribution is not None and speaker is None:  # "he added"
                last = self._last_meant(found, attribution.pronoun)
                person = self._resolve_pronoun(group, attribution, last)
                speaker, role = (person.speaker, person.role) if person else (None, None)
                attribution = attribution if person else None
            if attribution is None:
                speaker, role = self._speaker_of_release(group, found, lead)
            for number in group:
                beside = self._attributions[number]
                span = self._positions[number].span
                found.append(Quotation(span, speaker, role, beside.span if beside else None))
        return found

    def _last_meant(self, found: Sequence[Quotation], pronoun: str | None) -> Quotation | None:
        """Return the last quotation; for "elle" or "il" the last one that can be by that person."""
        for quotation in reversed(found[-_PRONOUN_REACH:] if pronoun else ()):
            if quotation.speaker is None or self._people.can_be(quotation.speaker, pronoun or ""):
                return quotation
        return found[-1] if found and not pronoun else None

    def _named_before(self, start: int, stop: int) -> Attribution | None:
        """Return whom the sentence right before a quotation is about, by name or by title."""
        end = start + len(self._text[start:stop].rstrip())
        begin = last_sentence_start(self._text, start, max(start, end - 1))
        titled = _FRENCH_SUBJECT.match(self._text, begin, end)
        title = standalone_title(titled[1]) if titled else None
        if titled and title and (holder := self._people.last_holder(title, begin, titled[0])):
            return Attribution(*holder, (begin, end))
        return first_named_speaker(self._text, begin, end, self._people)

    def _resolve_pronoun(
        self, group: Sequence[int], attribution: Attribution, before: Quotation | None
    ) -> Attribution | Quotation | None:
        """Return whom a pronoun means: the speaker of an indirect statement, or the last speaker.

        In "Roe warned that the bridge is old. He added: “…”" it is Roe, whoever was quoted before.
        """
        position = self._positions[group[0]]
        start = max(self._paragraphs[position.paragraph][0], before.span[1] if before else 0)
        stop = min(attribution.span[0], position.span[0])
        indirect = indirect_attribution(
            self._text, max(start, stop - 2 * MAX_DISTANCE), stop, self._people
        )
        last = before if before and before.speaker else None
        if indirect is None or last is None:
            named = self._named_before(start, stop) if attribution.pronoun and not last else None
            return last or indirect or named
        same = surname_of(last.speaker or "") == surname_of(indirect.speaker or "")
        return last if same else indirect

    def _attribution_beside(self, number: int) -> Attribution | None:
        """Return the attribution beside one quotation in marks."""
        text, position = self._text, self._positions[number]
        start, end = position.span
        if not position.open and not self._introduces_next(position):
            after = attribution_after(text, end, position.after, self._people)
            if after is not None:
                return after
        previous = self._positions[number - 1] if number else None
        begin = position.before
        if previous is not None and previous.paragraph == position.paragraph:
            last = self._attributions[number - 1]
            if last is not None and last.span[0] >= previous.span[1] and not last.below:
                begin = max(begin, last.span[1])
                if _ONLY_PUNCTUATION.match(text[begin:start]):
                    return last
        if unopened := self._attribution_of_unopened(begin, start):
            return unopened
        for read in (attribution_above, attribution_before):
            if before := read(text, begin, start, self._people):
                return before
        below = None if position.open else self._attribution_below(position)
        return below or attribution_within(text, start, end, self._people)

    def _attribution_of_unopened(self, begin: int, end: int) -> Attribution | None:
        """Return the attribution of words that lost their opening mark, right before `end`."""
        marks = list(QUOTE_MARKS.finditer(self._text, max(begin, end - MAX_DISTANCE), end))
        if not marks or self._text[marks[-1].start() - 1] not in ",.!?":
            return None
        attribution = attribution_after(self._text, marks[-1].end(), end, self._people)
        if attribution is None:
            return None
        between = self._text[attribution.span[1] : end]
        return attribution if _ONLY_PUNCTUATION.match(between) else None

    def _introduces_next(self, position: QuotePosition) -> bool:
        """Whether the words after a quotation introduce the next one: "…." X said, "…."."""
        closed = self._text[position.span[1] - 2] in ".!?"
        after = self._text[position.span[1] : position.after].rstrip()
        return closed and after.endswith((",", ":", "–", "—", "-"))

    def _attribution_below(self, position: QuotePosition) -> Attribution | None:
        """Return the name set after a quotation, in its paragraph or the next ones."""
        text, paragraphs = self._text, self._paragraphs
        end = position.span[1]
        if text[end : position.after].strip():
            if self._introduces_next(position):
                return None
            return attribution_below(text, end, position.after, self._people)
        next_number = position.paragraph + 1
        if position.after != paragraphs[position.paragraph][1] or next_number == len(paragraphs):
            return None
        return self._attribution_on_line(next_number)

    def _attribution_on_line(self, number: int) -> Attribution | None:
        """Return the name on a line of its own, with a job title beside it or below it."""
        text, paragraphs = self._text, self._paragraphs
        start, end = paragraphs[number]
        words = text[start:end]
        if len(words) > _MAX_LINE_BELOW or OTHER_SECTION.match(words):
            return None
        found = attribution_below(text, start, end, self._people)
        if found is None or found.role is not None or words.startswith(("-", "–", "—")):
            return found
        if number + 1 < len(paragraphs):
            role = text[slice(*paragraphs[number + 1])]
            if len(role) <= _MAX_LINE_BELOW and contains_job_title(role) and role[-1] != ".":
                span = (start, paragraphs[number + 1][1])
                return Attribution(found.speaker, role, span, below=True)
        return None

    def _groups(self) -> Iterator[list[int]]:
        """Yield the numbers of spans that are one quotation: each but the last is left open."""
        group: list[int] = []
        for number, position in enumerate(self._positions):
            if group and (
                not self._continues(self._positions[group[-1]], position)
                or self._has_other_speaker(group, number)
            ):
                yield group
                group = []
            group.append(number)
        if group:
            yield group

    def _continues(self, before: QuotePosition, position: QuotePosition) -> bool:
        """Whether a span continues the quotation that the one before it left open."""
        if not before.open or self._text[position.before : position.span[0]].strip():
            return False
        return position.paragraph - before.paragraph in {0, 1}

    def _has_other_speaker(self, group: Sequence[int], number: int) -> bool:
        """Whether a span is attributed to another person than those before it.

        Then the closing mark of the first quotation is missing, and a second one begins.
        """
        names = {a.speaker for n in group if (a := self._attributions[n]) is not None and a.speaker}
        attribution = self._attributions[number]
        speaker = attribution.speaker if attribution else None
        return bool(names) and speaker is not None and speaker not in names

    def _announced_speaker(self, number: int) -> Attribution | None:
        """Return whom the paragraph or the headline above announces: "Statement of X:"."""
        text, people = self._text, self._people
        position = self._positions[number]
        if position.span[0] != self._paragraphs[position.paragraph][0]:
            return None
        if position.paragraph == 0:
            return statement_author(text, self._headline, people) if self._headline else None
        above = self._paragraphs[position.paragraph - 1]
        if not announces_quotation(text, above):
            return None
        start = last_sentence_start(text, *above)
        last = (start, above[1])  # it may speak of another person than the announcement does
        found = (
            first_named_speaker(text, *last, people) if announces_quotation(text, last) else None
        )
        return found or first_named_speaker(text, *above, people)

    def _speaker_of_release(
        self, group: Sequence[int], found: Sequence[Quotation], lead: Quotation | None
    ) -> NameAndRole:
        """Return the speaker of a quotation with no attribution.

        A paragraph that is only a quotation is by the person the lead is about, as long as nobody
        else has been quoted.
        """
        first, last = self._positions[group[0]], self._positions[group[-1]]
        start, _ = self._paragraphs[first.paragraph]
        alone = first.span[0] == start and last.span[1] == self._paragraphs[last.paragraph][1]
        if lead is None or not alone or start < lead.span[0]:
            return None, None
        surname = (lead.speaker or "").split()[-1:]
        if surname and surname[0] in self._text[first.span[0] : last.span[1]]:
            return None, None  # people do not call themselves by name
        others = {quotation.speaker for quotation in found} - {lead.speaker, None}
        return (None, None) if others else (lead.speaker, lead.role)

    def _lead(self) -> Quotation | None:
        """Return the person named first in the first sentence of the lead, with the lead's span."""
        for span in self._paragraphs[:_HEAD_PARAGRAPHS]:
            if span[1] - span[0] < _MIN_LEAD or QUOTE_MARKS.match(self._text, span[0]):
                continue
            end = first_sentence_end(self._text, *span)
            person = first_named_speaker(self._text, span[0], end, self._people)
            return Quotation(span, person.speaker, person.role) if person else None
        return None
