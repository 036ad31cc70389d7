"""Which words of a question stand where in its candidate passages, as matrices.

The bridge between text and numbers: passages are read once per text and language and kept
(`qa.ranking.passage_terms`), then everything after is array arithmetic over all candidates and all sentences at
once (`qa.ranking.packed_passages`).
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from index.text.analyzer import fold
from index.types import Span
from qa.query.question import AnswerType, ParsedQuestion
from qa.ranking.packed_passages import (
    Floats,
    Forms,
    Rows,
    closeness,
    count_new_spans,
    find,
    pack,
    pairs,
    prefix_match_rows,
)
from qa.ranking.passage_terms import (
    BOTH,
    Numbers,
    contains_term,
    find_answer_spans,
    numbers_of,
    tokenize_passage,
    tokenize_title,
)

K1 = 1.2
B = 0.75
"""BM25's parameters, tantivy's (and Lucene's) own."""

PRIOR_PASSAGES = 200
"""Passages of imagined background: in a collection of three, one occurrence is not rare."""

_WORD = re.compile(r"\w+")
PREFIX_CREDIT = 0.6
"""What a kindred word counts, where an equal one counts 1."""


class TermStatistics(Protocol):
    """What is known of the words of the whole collection."""

    @property
    def passages(self) -> int:
        """How many passages there are."""

    def document_frequency(self, term: str) -> int:
        """Return how many passages hold `term`, a compared form."""


class Candidate(NamedTuple):
    """A passage that may answer, with what the two searches say of it.

    A tuple, because a question has a hundred of them and a frozen data class takes three times as
    long to make.

    Attributes:
        key: Row id of the passage; breaks ties, the smaller first.
        text: Its words.
        title: The headline of its release, or empty.
        lang: Language of its release; read as English when None.
        sentences: Spans into `text`, in order.
        dense: Cosine of question and passage; None while it has no vector.
        sentence_cosines: Cosine of question and each sentence; empty without vectors.
        lexical: BM25 of the question's words; None when no word is shared or not scored.
        kind: What it is in its release.
        release: Row id of its release, so that its neighbours are known; None if unknown.
        spread: Releases that carry its words, copies of one counted once.
        date: The ISO date of its release, if known.
    """

    key: int
    text: str
    title: str
    lang: str | None
    sentences: tuple[Span, ...]
    dense: float | None
    sentence_cosines: tuple[float, ...]
    lexical: float | None
    kind: str = "body"
    release: int | None = None
    spread: int = 1
    date: str | None = None

    def sentence_spans(self) -> tuple[Span, ...]:
        """Return the sentences, the whole text when none were found."""
        return self.sentences or ((0, len(self.text)),)


@dataclass(frozen=True, slots=True)
class Matches:
    """Where the question's content words stand in the candidates.

    Attributes:
        weights: Inverse document frequency of each word, shape (words,), all above 0.
        frequencies: Occurrences in each passage, shape (candidates, words).
        in_sentences: 1 where a sentence holds a word, shape (sentences, words).
        kin_in_sentences: As above, `PREFIX_CREDIT` where only a kindred word stands.
        in_titles: 1 where a headline holds a word, shape (candidates, words).
        rows: First row of each candidate's sentences, and the end, shape (candidates + 1,).
        pairs: Share of the question's word pairs found in order, shape (candidates,).
        sentence_pairs: The same within each sentence, shape (sentences,).
        closeness: Weight of the words that stand close to another of the question's, as a
            share of all, shape (candidates,).
        lengths: Words in each passage, shape (candidates,).
        sentence_lengths: Words in each sentence, shape (sentences,).
        offers: Stretches of the kind asked for in each sentence that the question does not
            hold itself, shape (sentences,).
        new_names: Names in each sentence that the question does not hold, shape (sentences,).
        new_numbers: The same of figures.
        refers_back: 1 where a sentence begins by pointing at the one before, shape
            (sentences,).
        names: 1 for words that are names, shape (words,).
        numbers: 1 for words that hold digits, shape (words,).
        unknown: 1 for words that no passage of the collection holds, shape (words,).
    """

    weights: Floats
    frequencies: Floats
    in_sentences: Floats
    kin_in_sentences: Floats
    in_titles: Floats
    rows: Rows
    pairs: Floats
    sentence_pairs: Floats
    closeness: Floats
    lengths: Floats
    sentence_lengths: Floats
    offers: Floats
    new_names: Floats
    new_numbers: Floats
    refers_back: Floats
    names: Floats
    numbers: Floats
    unknown: Floats


def inverse_document_frequency(statistics: TermStatistics, term: str) -> float:
    """Return BM25's inverse document frequency over the collection and imagined background.

    Args:
        statistics: The collection's counts.
        term: A compared form.
    """
    return _rarity(statistics.document_frequency(term), statistics.passages)


def _rarity(holding: int, passages: int) -> float:
    return math.log(1 + (passages + PRIOR_PASSAGES - holding + 0.5) / (holding + 0.5))


def match(
    question: ParsedQuestion, candidates: Sequence[Candidate], statistics: TermStatistics
) -> Matches:
    """Find the question's content words in every candidate; at least one.

    Words are compared in the language of each passage; a word's weight is that of its most
    frequent form among those languages.
    """
    words = question.words()
    width, size = len(words), len(candidates)
    forms = {lang: question.terms(lang) for lang in {c.lang for c in candidates}}
    known = [
        max(statistics.document_frequency(form) for form in of_word)
        for of_word in zip(*forms.values(), strict=True)
    ]
    weights = np.array([_rarity(holding, statistics.passages) for holding in known])
    reads = [tokenize_passage(c.text, c.lang, c.sentence_spans()) for c in candidates]
    laid = pack(reads, [c.lang for c in candidates])
    total = int(laid.rows[-1])
    hits = find(laid, forms)
    times = np.bincount(hits.owner * width + hits.column, minlength=size * width)
    frequencies = times.reshape(size, width).astype(float)
    in_sentences = np.zeros((total, width))
    in_sentences[hits.sentence, hits.column] = 1
    kin = np.zeros((total, width))
    near = prefix_match_rows(laid, forms, width)
    owner, column = np.nonzero((near >= 0) & (frequencies == 0))
    kin[near[owner, column], column] = PREFIX_CREDIT
    in_pairs, in_sentence_pairs = pairs(hits, size, total, width)
    asked = numbers_of(_WORD.findall(fold(question.text)))
    news = count_new_spans([read.offered for read in reads], laid.rows, asked, len(BOTH))
    return Matches(
        weights=weights,
        frequencies=frequencies,
        in_sentences=in_sentences,
        kin_in_sentences=np.maximum(in_sentences, kin),
        in_titles=_in_titles(candidates, forms, width),
        rows=laid.rows,
        pairs=in_pairs / max(width - 1, 1),
        sentence_pairs=in_sentence_pairs / max(width - 1, 1),
        closeness=closeness(hits, size, weights),
        lengths=np.array([float(len(read.words)) for read in reads]),
        sentence_lengths=np.concatenate([read.lengths for read in reads]).astype(float),
        offers=_new_wanted(question.expects, candidates, laid.rows, asked, news),
        new_names=news[BOTH.index("name")],
        new_numbers=news[BOTH.index("number")],
        refers_back=np.concatenate([read.refers_back for read in reads]).astype(float),
        names=np.array([float(word.is_name) for word in words]),
        numbers=np.array([float(word.is_number) for word in words]),
        unknown=np.array([float(not holding) for holding in known]),
    )


def _new_wanted(
    wanted: AnswerType | None,
    candidates: Sequence[Candidate],
    rows: Rows,
    asked: Numbers,
    news: Floats,
) -> Floats:
    """Count the new offers of what is asked for; `news` are those of `BOTH`."""
    if wanted is None:
        return np.zeros(int(rows[-1]))
    if wanted in BOTH:
        known: Floats = news[BOTH.index(wanted)]
        return known
    offered = [find_answer_spans(c.text, c.sentence_spans(), wanted) for c in candidates]
    counts: Floats = count_new_spans(offered, rows, asked)[0]
    return counts


def _in_titles(candidates: Sequence[Candidate], forms: Forms, width: int) -> Floats:
    """Return 1 where a headline holds a word; many candidates have the same headline."""
    found: dict[tuple[str, str | None], list[float]] = {}
    for candidate in candidates:
        key = (candidate.title, candidate.lang)
        if key not in found:
            title = tokenize_title(*key)
            found[key] = [float(contains_term(title, term)) for term in forms[candidate.lang]]
    return np.array([found[c.title, c.lang] for c in candidates]).reshape(len(candidates), width)
