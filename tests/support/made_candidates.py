"""Candidates and counts made by hand, for tests of ranking, evidence and confidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.text.analyzer import extract_terms
from index.text.sentences import sentence_spans
from qa.retrieval.passage_terms import tokenize_passage, tokenize_title
from qa.retrieval.types import Candidate


@dataclass(frozen=True)
class Counts:
    """Document frequencies over some texts: a `TermStatistics`, counted the slow way."""

    texts: tuple[str, ...]
    lang: str | None = None
    extra: int = 0

    @property
    def passages(self) -> int:
        """The texts, and `extra` passages that hold none of their words."""
        return len(self.texts) + self.extra

    def document_frequency(self, term: str) -> int:
        """Return how many of the texts hold `term`."""
        return sum(term in extract_terms(text, self.lang) for text in self.texts)


def candidate(
    key: int,
    text: str,
    dense: float | None = None,
    cosines: Sequence[float] = (),
    **fields: object,
) -> Candidate:
    """Return a candidate with the sentences the program would find."""
    title, lang = str(fields.pop("title", "")), fields.pop("lang", "en")
    sentences = fields.pop("sentences", sentence_spans(text, "en"))
    values: dict[str, object] = {"lexical": None, **fields}
    return Candidate(
        key=key,
        terms=tokenize_passage(text, lang, sentences),  # type: ignore[arg-type]
        title=title,
        title_terms=tokenize_title(title, lang),  # type: ignore[arg-type]
        dense=dense,
        sentence_cosines=tuple(cosines),
        **values,  # type: ignore[arg-type]
    )


VISIT = (
    "Prime Minister Trudeau will visit Seoul from May 16 to 18. He will meet President Yoon.",
    "Canada and Korea marked 60 years of diplomatic relations. Trade reached $22 billion in 2022.",
    "The ministry opened a consultation on fishing quotas. Comments close in August.",
)
"""Three passages of no real release."""
