"""The quotations of a release, each with who said it, as far as the release tells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.records import Span
from index.structure.credits import (
    REACH,
    Credit,
    announces,
    author,
    clause_end,
    clause_start,
    credit_above,
    credit_after,
    credit_before,
    credit_below,
    introduced,
)
from index.structure.marks import marked
from index.structure.offices import names_office
from index.structure.parts import Quotation
from index.structure.people import People

_BELOW = 160
"""Characters; a block longer than this is no name set below a quotation."""

_QUOTES = re.compile(r"\A\W*(?:Quotes?|Citations?)\s*:?\s*", re.IGNORECASE)
_SECTION = re.compile(
    r"\A\W*(?:quick facts?|faits en bref|additional|ressources|learn more|related|liens|media|"
    r"contacts?|for more|about|à propos|associated)\b",
    re.IGNORECASE,
)
_MARKS = re.compile('[“”"«»]')
_HEAD = 8
_LEAD = 80
"""Characters; a shorter paragraph is no lead."""

_ONLY_STOPS = re.compile(r"[\s.,;:!?—–-]*\Z")


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch in marks, and where the text beside it in its paragraph begins and ends.

    Attributes:
        block: The number of its paragraph.
        before: Where the text before it begins: the paragraph, or the stretch before.
        after: Where the text after it ends.
    """

    span: Span
    open: bool
    block: int
    before: int
    after: int


def quotations(
    text: str, blocks: Sequence[Span], headline: Span | None = None
) -> tuple[Quotation, ...]:
    """Return what is quoted in the paragraphs `blocks` of a release, in order.

    Its headline, which is none of them, may name whose statement the release is.
    """
    places = list(_places(text, blocks))
    listed = list(_listed(text, blocks))
    if not places and not listed:
        return ()
    people = People(text, blocks)
    found = _Reader(text, blocks, places, people, headline).quotations()
    for span in listed:
        start = clause_start(text, span[0], span[1])
        credit = credit_below(text, start, span[1], people)
        if credit is not None and start > span[0]:
            end = span[0] + len(text[span[0] : start].rstrip())
            found.append(Quotation((span[0], end), credit.speaker, credit.role, credit.span))
    return tuple(sorted(found, key=lambda quotation: quotation.span))


def _places(text: str, blocks: Sequence[Span]) -> Iterator[_Place]:
    found = list(marked(text, blocks))
    position = 0
    for number, block in enumerate(blocks):
        inside = []
        while position < len(found) and found[position].span[0] < block[1]:
            inside.append(found[position])
            position += 1
        for place, stretch in enumerate(inside):
            before = inside[place - 1].span[1] if place else block[0]
            last = place + 1 == len(inside)
            after = block[1] if last else inside[place + 1].span[0]
            yield _Place(stretch.span, stretch.open, number, before, after)


def _listed(text: str, blocks: Sequence[Span]) -> Iterator[Span]:
    """Yield the paragraphs below a heading "Quotes:" that carry no marks."""
    within = False
    for block in blocks:
        words = text[slice(*block)]
        if heading := _QUOTES.match(words):
            within = heading.end() == len(words) or heading[0].rstrip().endswith(":")
            block = (block[0] + heading.end(), block[1])  # noqa: PLW2901 - without its heading
        elif _SECTION.match(words):
            within = False
        if within and block[0] < block[1] and not _MARKS.search(text, *block):
            yield block


class _Reader:
    """Goes through the quotations of one release and finds the speaker of each."""

    def __init__(
        self,
        text: str,
        blocks: Sequence[Span],
        places: Sequence[_Place],
        people: People,
        headline: Span | None,
    ) -> None:
        self._text = text
        self._headline = headline
        self._blocks = blocks
        self._places = places
        self._people = people
        self._own: list[Credit | None] = []
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
                known = found[-1] if found and found[-1].speaker else None
                speaker, role = (known.speaker, known.role) if known else (None, None)
                credit = credit if known else None
            if credit is None:
                speaker, role = self._unnamed(group, found, lead)
            for number in group:
                own = self._own[number]
                place = self._places[number]
                found.append(Quotation(place.span, speaker, role, own.span if own else None))
        return found

    def _credit(self, number: int) -> Credit | None:
        """Return the credit beside one stretch in marks."""
        text, place = self._text, self._places[number]
        start, end = place.span
        after = None if place.open else credit_after(text, end, place.after, self._people)
        if after is not None and not self._leads_on(place):
            return after
        previous = self._places[number - 1] if number else None
        begin = place.before
        if previous is not None and previous.block == place.block:
            credit = self._own[number - 1]
            if credit is not None and credit.span[0] >= previous.span[1] and not credit.below:
                begin = max(begin, credit.span[1])
                if _ONLY_STOPS.match(text[begin:start]):
                    return credit
        if stray := self._stray(begin, start):
            return stray
        for read in (credit_above, credit_before):
            if before := read(text, begin, start, self._people):
                return before
        return None if place.open else self._below(place)

    def _stray(self, begin: int, end: int) -> Credit | None:
        """Return the credit of words that lost their opening mark, right before others."""
        marks = list(_MARKS.finditer(self._text, max(begin, end - REACH), end))
        if not marks or self._text[marks[-1].start() - 1] not in ",.!?":
            return None
        credit = credit_after(self._text, marks[-1].end(), end, self._people)
        if credit is None or not _ONLY_STOPS.match(self._text[credit.span[1] : end]):
            return None
        return credit

    def _leads_on(self, place: _Place) -> bool:
        """Whether the words after a stretch lead up to the next: "…." X said, "…."."""
        closed = self._text[place.span[1] - 2] in ".!?"
        after = self._text[place.span[1] : place.after].rstrip()
        return closed and after.endswith((",", ":", "–", "—", "-"))

    def _below(self, place: _Place) -> Credit | None:
        """Return the name set after the words, in their paragraph or the next ones."""
        text, blocks = self._text, self._blocks
        end = place.span[1]
        if text[end : place.after].strip():
            leads = self._leads_on(place)
            return None if leads else credit_below(text, end, place.after, self._people)
        if place.after != blocks[place.block][1] or place.block + 1 == len(blocks):
            return None
        return self._on_lines_below(blocks[place.block + 1], place.block + 2)

    def _on_lines_below(self, below: Span, following: int) -> Credit | None:
        """Return the name on a line of its own, with the office beside or below it."""
        text, blocks = self._text, self._blocks
        words = text[slice(*below)]
        if below[1] - below[0] > _BELOW or _SECTION.match(words):
            return None
        credit = credit_below(text, *below, self._people)
        if credit is None or credit.role is not None or words.startswith(("-", "–", "—")):
            return credit
        if following < len(blocks):
            role = text[slice(*blocks[following])]
            if len(role) <= _BELOW and names_office(role) and not role.endswith("."):
                span = (below[0], blocks[following][1])
                return Credit(credit.speaker, role, span, below=True)
        return None

    def _groups(self) -> Iterator[list[int]]:
        """Yield the numbers of stretches that are one quotation: each but the last left open."""
        group: list[int] = []
        for number, place in enumerate(self._places):
            if group and not self._continues(self._places[group[-1]], place):
                yield group
                group = []
            group.append(number)
        if group:
            yield group

    def _continues(self, before: _Place, place: _Place) -> bool:
        if not before.open or self._text[place.before : place.span[0]].strip():
            return False
        return place.block == before.block or place.block == before.block + 1

    def _announced(self, number: int) -> Credit | None:
        """Return whom the paragraph or the headline above announces: "Statement of X:"."""
        place = self._places[number]
        if place.span[0] != self._blocks[place.block][0]:
            return None
        if place.block == 0:
            return author(self._text, self._headline, self._people) if self._headline else None
        above = self._blocks[place.block - 1]
        if not announces(self._text, above):
            return None
        start = clause_start(self._text, *above)
        return introduced(self._text, start, above[1], self._people) or introduced(
            self._text, *above, self._people
        )

    def _unnamed(
        self, group: Sequence[int], found: Sequence[Quotation], lead: Quotation | None
    ) -> tuple[str | None, str | None]:
        """Return who speaks where nothing beside the words says so.

        A paragraph that is all quotation is the voice of the release: of the person its lead
        is about, as long as nobody else has been quoted.
        """
        first, last = self._places[group[0]], self._places[group[-1]]
        block = self._blocks[first.block]
        alone = first.span[0] == block[0] and last.span[1] == self._blocks[last.block][1]
        if lead is None or not alone or block[0] < lead.span[0]:
            return None, None
        surname = (lead.speaker or "").split()[-1:]
        if surname and surname[0] in self._text[first.span[0] : last.span[1]]:
            return None, None  # nobody speaks of himself by name
        others = {quotation.speaker for quotation in found} - {lead.speaker, None}
        return (None, None) if others else (lead.speaker, lead.role)

    def _lead(self) -> Quotation | None:
        """Return whom the first sentence of the lead names first, and where it stands."""
        for block in self._blocks[:_HEAD]:
            if block[1] - block[0] < _LEAD or _MARKS.match(self._text, block[0]):
                continue
            end = clause_end(self._text, *block)
            credit = introduced(self._text, block[0], end, self._people)
            return Quotation(block, credit.speaker, credit.role) if credit else None
        return None
