"""What `find` looks for: words, phrases and exclusions.

    coal mine            both words, with any ending, anywhere in the passage
    "wild horses"        these words as written, one after another
    -"moose jaw"         not these

That is the whole language. Upper and lower case, accents, and what stands between two words
(blanks, line ends, hyphens, commas) make no difference. A word with several parts, such as
`covid-19`, is its parts one after another. No word is skipped: some function words are other words,
too, such as "mine" and "will".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.text.analyzer import extract_terms, fold_terms
from qa.errors import QuestionError
from qa.query.question import DEFAULT_LANG, guess_language

MAX_LENGTH = 2_000
"""Characters of a query, as of a question."""

_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_PART = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of a query.

    Attributes:
        text: The word, or the words that stand one after another.
        exact: Whether they are compared as written; otherwise with any ending.
        excluded: Whether passages with them are left out.
    """

    text: str
    exact: bool = False
    excluded: bool = False

    def terms(self, lang: str | None) -> tuple[str, ...]:
        """Return the terms to look for in passages of a language, one after another."""
        return tuple(fold_terms(self.text, lang) if self.exact else self.stems(lang))

    def stems(self, lang: str | None) -> tuple[str, ...]:
        """Return the terms under which the lexical index has the words."""
        return tuple(extract_terms(self.text, lang))

    @property
    def is_word(self) -> bool:
        """Whether the lexical index alone can tell which passages meet it."""
        return not self.exact and len(self.stems(None)) == 1


@dataclass(frozen=True, slots=True)
class FindQuery:
    """A query, parsed.

    Attributes:
        wanted: What a passage must have; at least one.
        excluded: What it must not have.
        lang: The language of the words, as far as it can be guessed.
    """

    wanted: tuple[Clause, ...]
    excluded: tuple[Clause, ...]
    lang: str

    @property
    def text(self) -> str:
        """The words whose meaning is searched for."""
        return " ".join(clause.text for clause in self.wanted)

    @property
    def has_meaning(self) -> bool:
        """Whether passages in other words are wanted, too.

        A phrase is wanted as written, and figures alone mean nothing to an encoder.
        """
        return not any(clause.exact for clause in self.wanted) and any(map(str.isalpha, self.text))


NO_QUERY = FindQuery((), (), DEFAULT_LANG)
"""Asks for nothing in particular."""


def parse_query(arguments: Sequence[str]) -> FindQuery:
    """Parse a query.

    Args:
        arguments: Its parts as a shell hands them over, without the quotation marks that the shell
            took: a part with blanks is a phrase, unless it has quotation marks of its own.

    Raises:
        QuestionError: When there is nothing to look for, or the query is too long.
    """
    if sum(map(len, arguments)) > MAX_LENGTH:
        raise QuestionError(f"the words to find have more than {MAX_LENGTH:,} characters")
    clauses = [clause for part in arguments for clause in _clauses(part.translate(_QUOTES))]
    clauses = [clause for clause in dict.fromkeys(clauses) if clause.stems(None)]
    wanted = [clause for clause in clauses if not clause.excluded]
    if not wanted:
        without = " besides those to leave out" if clauses else ""
        raise QuestionError(f"name a word to find{without}, such as: releaseqa find coal")
    lang = guess_language(" ".join(clause.text for clause in wanted))
    return FindQuery(
        wanted=tuple(wanted),
        excluded=tuple(clause for clause in clauses if clause.excluded),
        lang=lang,
    )


def _clauses(part: str) -> Iterable[Clause]:
    excluded, words = part.startswith("-"), part.removeprefix("-").strip()
    if '"' not in part and len(words.split()) > 1:
        yield Clause(" ".join(words.split()), exact=True, excluded=excluded)
        return
    for found in _PART.finditer(part):
        phrase = found["phrase"]
        text = " ".join((found["word"] if phrase is None else phrase).split())
        yield Clause(text, exact=phrase is not None, excluded=bool(found["minus"]))
