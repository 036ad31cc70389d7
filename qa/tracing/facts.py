"""Compares the numbers, dates and names of an article's sentence with those of a release's. Pure.

A number differs from one at the same place in a sentence with the same words, or from the only
other one of its unit. A name is known if the release has each of its words, in its text or
headline; it differs if it is not known and stands in the place of another name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.structure.quotations.job_titles import is_title_word
from index.text.analyzer import fold_terms, normalize_word
from index.text.dates import MONTHS
from index.text.stopwords import DEFAULT_LANG
from index.types import Span, overlap
from qa.conversation.entities import entity_type
from qa.conversation.mentions import name_spans
from qa.figures.extract import on_one_line
from qa.tracing.numbers import FEW, Number, find_numbers
from qa.tracing.types import FactDifference
from qa.tracing.words import Gap

_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_DATE_WORDS = MONTHS | {day: number for number, day in enumerate(_DAYS.split(), start=101)}
"""Months and days of the week, those that mean the same with the same number."""


@dataclass(frozen=True, slots=True)
class FactComparison:
    """How the facts of an article's sentence compare with those of a release.

    Attributes:
        agreed: How many numbers of the two sentences agree; small ones, which are in many
            sentences, are not counted.
        differences: Numbers and names that differ, and numbers that the release does not have.
        strange_names: How many names the release does not have.
    """

    agreed: int
    differences: tuple[FactDifference, ...]
    strange_names: int


@dataclass(frozen=True, slots=True)
class SentenceFacts:
    """The numbers and names of a sentence."""

    sentence: str
    numbers: tuple[Number, ...]
    names: tuple[Span, ...]

    def text(self, span: Span) -> str:
        """Return the words of a span, on one line."""
        return on_one_line(self.sentence)[slice(*span)].strip()


def sentence_facts(sentence: str, lang: str | None) -> SentenceFacts:
    """Return the numbers and names of a sentence."""
    return SentenceFacts(
        sentence, tuple(find_numbers(sentence, lang)), tuple(name_spans(sentence, lang or "en"))
    )


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """The numbers of a whole release and all its words, headline included."""

    numbers: tuple[Number, ...]
    words: frozenset[str]


def release_facts(title: str, text: str, lang: str | None) -> ReleaseFacts:
    """Return the numbers and words of a release."""
    numbers = (*find_numbers(title, lang), *find_numbers(text, lang))
    return ReleaseFacts(numbers, frozenset(fold_terms(f"{title}\n{text}", lang)))


def compare_facts(
    article: SentenceFacts,
    release: SentenceFacts,
    whole: ReleaseFacts,
    gaps: Sequence[Gap],
    lang: str | None,
) -> FactComparison:
    """Compare the facts of two sentences.

    Args:
        article: Of the article's sentence.
        release: Of the release's sentence.
        whole: Of the release.
        gaps: Where the words of the two differ.
        lang: The language of the article.
    """
    replaced = dict(_replaced_numbers(article.numbers, release.numbers, gaps))
    rest = [number for number in article.numbers if number not in replaced]
    unmet, left = _unmet(rest, [n for n in release.numbers if n not in replaced.values()])
    names = [span for span in article.names if not _is_known(article.text(span), whole, lang)]
    return FactComparison(
        agreed=sum(_tells(number) for number in rest if number not in unmet),
        differences=(
            *(
                FactDifference("number", article.text(one.span), release.text(other.span))
                for one, other in replaced.items()
            ),
            *_number_differences(article, release, unmet, left, whole),
            *_date_differences(article, release, gaps),
            *_name_differences(article, release, names, gaps, lang),
        ),
        strange_names=len(names),
    )


def _tells(number: Number) -> bool:
    """Whether it is unlikely that two sentences have a number by chance."""
    return number.unit != "number" or number.value > FEW


def _replaced_numbers(
    article: Sequence[Number], release: Sequence[Number], gaps: Sequence[Gap]
) -> Iterator[tuple[Number, Number]]:
    """Yield numbers with the one at the same place, if it is another."""
    for number in article:
        gap = next((gap for gap in gaps if overlap(number.span, gap.article)), None)
        for other in release if gap else ():
            if (
                gap is not None
                and number.unit == other.unit
                and overlap(other.span, gap.release)
                and not number.agrees(other)
            ):
                yield number, other
                break


def _unmet(
    article: Sequence[Number], release: Sequence[Number]
) -> tuple[list[Number], list[Number]]:
    """Return the numbers of two sentences without those that agree."""
    unmet, left = [], list(release)
    for number in article:
        same = next((other for other in left if number.agrees(other)), None)
        if same is not None:
            left.remove(same)
        elif not any(number.agrees(other) for other in release):
            unmet.append(number)
    return unmet, left


def _number_differences(
    article: SentenceFacts,
    release: SentenceFacts,
    unmet: Sequence[Number],
    left: Sequence[Number],
    whole: ReleaseFacts,
) -> Iterator[FactDifference]:
    """Yield the numbers that the release does not have, with the only other one of their unit."""
    for number in unmet:
        if number.small or any(number.agrees(other) for other in whole.numbers):
            continue
        others = [other for other in left if other.unit == number.unit]
        alone = len(others) == 1 and sum(one.unit == number.unit for one in unmet) == 1
        other = release.text(others[0].span) if alone else None
        yield FactDifference("number", article.text(number.span), other)


def _date_differences(
    article: SentenceFacts, release: SentenceFacts, gaps: Sequence[Gap]
) -> Iterator[FactDifference]:
    """Yield months and days of the week that stand in the place of others."""
    for gap in gaps:
        ours, theirs = (
            [word for word in sentence.text(span).split() if _date_word(word)]
            for sentence, span in ((article, gap.article), (release, gap.release))
        )
        for mine, other in zip(ours, theirs, strict=False):
            if _date_word(mine) != _date_word(other):
                yield FactDifference("date", mine.strip(".,"), other.strip(".,"))


def _date_word(word: str) -> int | None:
    """Return what a month or a day of the week means; None for a word without a capital."""
    return _DATE_WORDS.get(word.strip(".,").casefold()) if word[:1].isupper() else None


def _name_differences(
    article: SentenceFacts,
    release: SentenceFacts,
    names: Sequence[Span],
    gaps: Sequence[Gap],
    lang: str | None,
) -> Iterator[FactDifference]:
    """Yield names that the release does not have and that stand in the place of another."""
    own = set(fold_terms(article.sentence, lang))
    for gap in gaps:
        ours = [article.text(span) for span in names if overlap(span, gap.article)]
        theirs = [release.text(span) for span in release.names if overlap(span, gap.release)]
        theirs = [name for name in theirs if own.isdisjoint(fold_terms(name, lang)[-1:])]
        for mine, other in zip(ours, theirs, strict=False):
            if _may_stand_for(mine, other, lang or DEFAULT_LANG):
                yield FactDifference("name", mine, other)


def _may_stand_for(name: str, other: str, lang: str) -> bool:
    """Whether two names can be of one kind, and neither is a title or has digits, as NY-16."""
    kinds = {entity_type(name).kind, entity_type(other).kind}
    stems = [normalize_word(text.split()[-1], lang) for text in (name, other)]
    return (
        (len(kinds) == 1 or "thing" in kinds)  # what nothing speaks for is a thing
        and stems[0] != stems[1]
        and not any(map(str.isdigit, name + other))
        and not any(is_title_word(text.split()[-1]) for text in (name, other))
    )


def _is_known(name: str, whole: ReleaseFacts, lang: str | None) -> bool:
    return whole.words.issuperset(fold_terms(name, lang))
