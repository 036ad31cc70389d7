"""Amounts in a table of facts: the value of a cell, and the sum that a release announces.

"How much money was announced?" names nothing that the reader could look for in a passage. What it
asks for stands in the headline or the lead of a release that announces money, so it is taken from
there if the reader has no answer.
"""

from collections.abc import Iterator

from index.types import Passage, StoredRelease
from qa.citations import citation_of
from qa.figures.amounts import find_amounts
from qa.figures.extract import on_one_line
from qa.figures.types import Figure
from qa.query.question import ParsedQuestion

_GENERAL = frozenset(
    """
    money amount amounts sum total funding funds fund dollars announced announce invested invest
    investment spent spend given give provided provide awarded award committed allocated pledged
    grant grants value worth big large release
    """.split()  # noqa: SIM905
)
"""Content words of a question that asks for a sum and says no more about it."""


def asks_for_money(question: ParsedQuestion) -> bool:
    """Whether a question asks for an amount of money."""
    return question.answer_type == "money"


def asks_for_the_sum(question: ParsedQuestion) -> bool:
    """Whether a question asks for the sum that a release announces, whatever it is for."""
    return asks_for_money(question) and all(
        word.text.lower() in _GENERAL for word in question.words
    )


def amount_in(text: str) -> Figure | None:
    """Return the first amount of money in a text."""
    return next(iter(find_amounts(on_one_line(text), units=("money",))), None)


def announced_sum(
    release: StoredRelease, text: str, passages: tuple[Passage, ...]
) -> tuple[Passage, Figure, str] | None:
    """Return the sum that a release announces: a passage, the figure in it, and the citation.

    It is the first amount of the headline, else that of the lead. What is paid for each of
    something, such as an hour, is no sum.

    Args:
        release: The release.
        text: Its text.
        passages: Its passages.
    """
    title = next(_sums(release.release.title, release.release.lang), None)
    lead = next((passage for passage in passages if passage.kind in _LEADS), None)
    for passage in passages:
        if passage.kind not in {"headline", "subheadline", *_LEADS}:
            continue
        words = text[slice(*passage.span)]
        for figure in _sums(words, release.release.lang):
            same = title is not None and figure.value == title.value
            if same or passage is lead or passage.kind not in _LEADS:
                return passage, figure, citation_of(release.release, passage, words)
    return None


_LEADS = ("body", "quote", "list")


def _sums(text: str, lang: str | None) -> Iterator[Figure]:
    figures = find_amounts(on_one_line(text), lang, units=("money",))
    return (figure for figure in figures if figure.per is None)
