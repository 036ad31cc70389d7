"""Whether a text has the words of a query, and where. Pure."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from index.text.analyzer import Token, fold, fold_terms, tokenize
from index.types import Span
from qa.finding.query import Clause


class TokenizedText:
    """A text whose tokens are made when a clause first asks for them."""

    def __init__(self, text: str, lang: str | None) -> None:
        """Take a text and the language that it is compared in."""
        self._text, self._lang = text, lang
        self._tokens: dict[bool, list[Token]] = {}

    def has(self, clause: Clause) -> bool:
        """Whether the words of a clause stand in it, one after another.

        Mostly they stand there as they are written in the query, which a pattern finds ten times
        faster than tokens do.
        """
        return bool(_as_written(clause.text).search(fold(self._text)) or self.spans(clause))

    def spans(self, clause: Clause) -> list[Span]:
        """Return where the words of a clause stand, one after another, in order."""
        if clause.exact not in self._tokens:
            self._tokens[clause.exact] = tokenize(self._text, self._lang, stem=not clause.exact)
        return _sequences(self._tokens[clause.exact], clause.terms(self._lang))


def highlights(text: str, lang: str | None, clauses: Iterable[Clause]) -> tuple[Span, ...]:
    """Return where any of some clauses stand in a text, in order, without overlaps."""
    tokenized = TokenizedText(text, lang)
    merged: list[Span] = []
    for start, end in sorted(span for clause in clauses for span in tokenized.spans(clause)):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


@lru_cache(maxsize=64)
def _as_written(text: str) -> re.Pattern[str]:
    """Return a pattern that finds words one after another in folded text, and nothing else."""
    words = r"(?:['’]s)?[^\w'’]+".join(map(re.escape, fold_terms(text)))
    return re.compile(rf"(?<![\w'’.,]){words}(?![\w'’]|[.,]\d)")


def _sequences(tokens: Sequence[Token], terms: Sequence[str]) -> list[Span]:
    first, count = terms[0] if terms else None, len(terms)
    return [
        (token.span[0], tokens[place + count - 1].span[1])
        for place, token in enumerate(tokens)
        if token.term == first
        and tuple(other.term for other in tokens[place : place + count]) == tuple(terms)
    ]
