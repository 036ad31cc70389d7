"""Which words of a question stand where in its candidate passages, as matrices.

The bridge between text and numbers: passages are read once per text and language and kept,
then everything after is array arithmetic over all candidates and all sentences at once.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.analysis import fold
from index.analysis import terms as compared_terms
from index.records import Span
from qa.answer_types import offers
from qa.question import AnswerType, Question
from qa.reading import PREFIX, PassageWords, read_passage

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

K1 = 1.2
B = 0.75
"""BM25's parameters, tantivy's (and Lucene's) own."""

PRIOR_PASSAGES = 200
"""Passages of imagined background: in a collection of three, one occurrence is not rare."""

PAIR_GAP = 3
"""Two content words that follow each other within this many words count as a pair."""

WINDOW = 8
"""Content words this near in one sentence count as close (the unordered window of Metzler and
Croft, "A Markov random field model for term dependencies", 2005)."""

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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer, with what the two searches say of it.

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
    n = statistics.document_frequency(term)
    return math.log(1 + (statistics.passages + PRIOR_PASSAGES - n + 0.5) / (n + 0.5))


@lru_cache(maxsize=1 << 14)
def _title_terms(title: str, lang: str | None) -> frozenset[str]:
    return frozenset(compared_terms(title, lang))


def match(
    question: Question, candidates: Sequence[Candidate], statistics: TermStatistics
) -> Matches:
    """Find the question's content words in every candidate.

    Words are compared in the language of each passage; a word's weight is that of its most
    frequent form among those languages.
    """
    langs = {candidate.lang for candidate in candidates}
    forms = {lang: question.terms(lang) for lang in langs}
    words = question.words()
    width = len(words)
    weights = np.array(
        [
            min(inverse_document_frequency(statistics, forms[lang][column]) for lang in langs)
            if langs
            else 1.0
            for column in range(width)
        ]
    )
    unknown = np.array(
        [
            float(not any(statistics.document_frequency(forms[lang][column]) for lang in langs))
            for column in range(width)
        ]
    )
    sizes = [len(candidate.sentence_spans()) for candidate in candidates]
    rows = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    total = int(rows[-1])
    frequencies = np.zeros((len(candidates), width))
    in_sentences = np.zeros((total, width))
    kin = np.zeros((total, width))
    in_titles = np.zeros((len(candidates), width))
    pairs, sentence_pairs = np.zeros(len(candidates)), np.zeros(total)
    lengths, sentence_lengths = np.zeros(len(candidates)), np.zeros(total)
    closeness = np.zeros(len(candidates))
    offered, new_names, new_numbers, back = (np.zeros(total) for _ in range(4))
    asked = frozenset(_WORD.findall(fold(question.text)))
    for place, candidate in enumerate(candidates):
        own = forms[candidate.lang]
        columns = {term: column for column, term in enumerate(own)}
        base = int(rows[place])
        read = read_passage(candidate.text, candidate.lang, candidate.sentence_spans())
        lengths[place] = len(read.terms)
        hits = [
            (position, columns[term]) for position, term in enumerate(read.terms) if term in columns
        ]
        for position, column in hits:
            frequencies[place, column] += 1
            in_sentences[base + read.sentence[position], column] = 1
        counts = np.bincount(read.sentence, minlength=sizes[place]) if read.sentence else 0
        sentence_lengths[base : base + sizes[place]] = counts
        for column, term in enumerate(own):
            if not frequencies[place, column] and len(term) >= PREFIX:
                near = read.beginnings.get(term[:PREFIX])
                if near is not None:
                    kin[base + near, column] = PREFIX_CREDIT
        if candidate.title:
            title = _title_terms(candidate.title, candidate.lang)
            for column, term in enumerate(own):
                if term in title:
                    in_titles[place, column] = 1
        _count_pairs(hits, read, base, place, pairs, sentence_pairs)
        closeness[place] = _closeness(hits, read, weights)
        mine = slice(base, base + sizes[place])
        back[mine] = read.refers_back
        spans = candidate.sentence_spans()
        new_names[mine] = _new_offers(candidate.text, spans, "name", asked)
        new_numbers[mine] = _new_offers(candidate.text, spans, "number", asked)
        if question.expects:
            offered[mine] = _new_offers(candidate.text, spans, question.expects, asked)
    return Matches(
        weights=weights,
        frequencies=frequencies,
        in_sentences=in_sentences,
        kin_in_sentences=np.maximum(in_sentences, kin),
        in_titles=in_titles,
        rows=rows,
        pairs=pairs / max(width - 1, 1),
        sentence_pairs=sentence_pairs / max(width - 1, 1),
        closeness=closeness,
        lengths=lengths,
        sentence_lengths=sentence_lengths,
        offers=offered,
        new_names=new_names,
        new_numbers=new_numbers,
        refers_back=back,
        names=np.array([float(word.is_name) for word in words]),
        numbers=np.array([float(word.is_number) for word in words]),
        unknown=unknown,
    )


def _count_pairs(
    hits: list[tuple[int, int]],
    read: PassageWords,
    base: int,
    place: int,
    pairs: Floats,
    sentence_pairs: Floats,
) -> None:
    """Count distinct pairs of neighbouring question words that stand close and in order."""
    seen: set[int] = set()
    seen_in: set[tuple[int, int]] = set()
    for (before, left), (after, right) in pairwise(hits):
        if right == left + 1 and after - before <= PAIR_GAP:
            sentence = read.sentence[after]
            if left not in seen:
                seen.add(left)
                pairs[place] += 1
            if (sentence, left) not in seen_in:
                seen_in.add((sentence, left))
                sentence_pairs[base + sentence] += 1


def _closeness(hits: list[tuple[int, int]], read: PassageWords, weights: Floats) -> float:
    """Return the weight of distinct words with another within `WINDOW` in their sentence."""
    close: set[int] = set()
    for (before, left), (after, right) in pairwise(hits):
        if (
            left != right
            and after - before <= WINDOW
            and read.sentence[before] == read.sentence[after]
        ):
            close.update((left, right))
    return float(sum(weights[column] for column in close) / weights.sum()) if close else 0.0


def _new_offers(
    text: str, sentences: tuple[Span, ...], wanted: AnswerType, asked: frozenset[str]
) -> list[int]:
    """Count what each sentence offers and the question does not hold: it asks for news."""
    counts, by_word = _offers_of(text, sentences, wanted)
    if asked.isdisjoint(by_word):
        return list(counts)
    left = list(counts)
    for word in asked:
        for sentence, words in by_word.get(word, ()):
            if asked.issuperset(words):
                left[sentence] -= 1
    return left


@lru_cache(maxsize=1 << 14)
def _offers_of(
    text: str, sentences: tuple[Span, ...], wanted: AnswerType
) -> tuple[tuple[int, ...], dict[str, list[tuple[int, tuple[str, ...]]]]]:
    """Return how many a passage's sentences offer, and the offers by their first words.

    Offers without a word are none: every question holds all of their words.
    """
    counts = [0] * len(sentences)
    by_word: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    current, last = 0, len(sentences) - 1
    for (start, _), words in offers(text, wanted):
        while current < last and start >= sentences[current][1]:
            current += 1
        if words:
            counts[current] += 1
            by_word.setdefault(words[0], []).append((current, words))
    return tuple(counts), by_word
