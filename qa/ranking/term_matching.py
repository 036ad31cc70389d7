"""Which words of a question stand where in its candidate passages, as matrices.

The bridge between text and numbers: passages arrive with their words (`PassageTerms`), and
everything after is array arithmetic over all candidates and all sentences at once.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

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
from qa.retrieval.passage_terms import (
    ALWAYS_COUNTED,
    Numbers,
    PassageTerms,
    contains_term,
    numbers_of,
)
from qa.retrieval.types import Candidate, TermStatistics

K1 = 1.2
B = 0.75
"""BM25's parameters, tantivy's (and Lucene's) own."""

PRIOR_PASSAGES = 200
"""Size of an assumed background: in a collection of three, one occurrence is not rare."""

_WORD = re.compile(r"\w+")
PREFIX_CREDIT = 0.6
"""What a word with the same prefix counts, where an equal one counts 1."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Where the question's content words stand in the candidates.

    Attributes:
        weights: Inverse document frequency of each word, shape (words,), all above 0.
        frequencies: Occurrences in each passage, shape (candidates, words).
        in_sentences: 1 where a sentence holds a word, shape (sentences, words).
        prefix_in_sentences: As above, `PREFIX_CREDIT` where only a word with the same prefix
            stands.
        in_titles: 1 where a headline holds a word, shape (candidates, words).
        rows: First row of each candidate's sentences, and the end, shape (candidates + 1,).
        pairs: Share of the question's word pairs found in order, shape (candidates,).
        sentence_pairs: The same within each sentence, shape (sentences,).
        closeness: Weight of the words that stand close to another of the question's, as a
            share of all, shape (candidates,).
        lengths: Words in each passage, shape (candidates,).
        sentence_lengths: Words in each sentence, shape (sentences,).
        offers: Answer spans of the type asked for in each sentence that the question does not
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
    prefix_in_sentences: Floats
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


def _inverse_document_frequency(holding: int, passages: int) -> float:
    """Return BM25's inverse document frequency over the collection and an assumed background."""
    return math.log(1 + (passages + PRIOR_PASSAGES - holding + 0.5) / (holding + 0.5))


def match(
    question: ParsedQuestion, candidates: Sequence[Candidate], statistics: TermStatistics
) -> Matches:
    """Find the question's content words in every candidate; at least one.

    Words are compared in the language of each passage; a word's weight is that of its most
    frequent form among those languages.
    """
    words = question.words
    width, size = len(words), len(candidates)
    forms = {lang: question.terms(lang) for lang in {c.lang for c in candidates}}
    frequency = [
        max(statistics.document_frequency(form) for form in of_word)
        for of_word in zip(*forms.values(), strict=True)
    ]
    passages = [c.terms for c in candidates]
    packed = pack(passages)
    total = int(packed.rows[-1])
    hits = find(packed, forms)
    times = np.bincount(hits.owner * width + hits.column, minlength=size * width)
    frequencies = times.reshape(size, width).astype(float)
    in_sentences = np.zeros((total, width))
    in_sentences[hits.sentence, hits.column] = 1
    by_prefix = np.zeros((total, width))
    near = prefix_match_rows(packed, forms, width)
    owner, column = np.nonzero((near >= 0) & (frequencies == 0))
    by_prefix[near[owner, column], column] = PREFIX_CREDIT
    in_pairs, in_sentence_pairs = pairs(hits, size, total, width)
    weights = np.array([_inverse_document_frequency(n, statistics.passages) for n in frequency])
    asked = numbers_of(_WORD.findall(question.folded))
    counted = [passage.always_counted for passage in passages]
    new = count_new_spans(counted, packed.rows, asked, len(ALWAYS_COUNTED))
    return Matches(
        weights=weights,
        frequencies=frequencies,
        in_sentences=in_sentences,
        prefix_in_sentences=np.maximum(in_sentences, by_prefix),
        in_titles=_in_titles(candidates, forms, width),
        rows=packed.rows,
        pairs=in_pairs / max(width - 1, 1),
        sentence_pairs=in_sentence_pairs / max(width - 1, 1),
        closeness=closeness(hits, size, weights),
        lengths=np.array([float(len(passage.words)) for passage in passages]),
        sentence_lengths=np.concatenate([passage.lengths for passage in passages]).astype(float),
        offers=_new_of_type(question.answer_type, passages, packed.rows, asked, new),
        new_names=new[ALWAYS_COUNTED.index("name")],
        new_numbers=new[ALWAYS_COUNTED.index("number")],
        refers_back=np.concatenate([passage.refers_back for passage in passages]).astype(float),
        names=np.array([float(word.is_name) for word in words]),
        numbers=np.array([float(word.is_number) for word in words]),
        unknown=np.array([float(not holding) for holding in frequency]),
    )


def _new_of_type(
    wanted: AnswerType | None,
    passages: Sequence[PassageTerms],
    rows: Rows,
    asked: Numbers,
    new: Floats,
) -> Floats:
    """Count the new answer spans of the type asked for; `new` are those of `ALWAYS_COUNTED`."""
    if wanted is None:
        return np.zeros(int(rows[-1]))
    if wanted in ALWAYS_COUNTED:
        known: Floats = new[ALWAYS_COUNTED.index(wanted)]
        return known
    counts: Floats = count_new_spans([p.answer_spans(wanted) for p in passages], rows, asked)[0]
    return counts


def _in_titles(candidates: Sequence[Candidate], forms: Forms, width: int) -> Floats:
    """Return 1 where a headline holds a word; many candidates have the same headline."""
    found: dict[tuple[str, str | None], list[float]] = {}
    for candidate in candidates:
        key = (candidate.title_terms, candidate.lang)
        if key not in found:
            found[key] = [
                float(contains_term(candidate.title_terms, term)) for term in forms[candidate.lang]
            ]
    values = [found[c.title_terms, c.lang] for c in candidates]
    return np.array(values).reshape(len(candidates), width)
