"""Passages laid end to end are compared as word by word: against loops over their words."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_candidates import VISIT, Counts, candidate

from index.text.analyzer import extract_terms, fold, tokenize
from qa.query.answer_type import answer_spans
from qa.query.question import AnswerType, ParsedQuestion, parse_question
from qa.ranking.packed_passages import PAIR_GAP, WINDOW
from qa.ranking.segment_ops import best_rows
from qa.ranking.term_matching import PREFIX_CREDIT, match
from qa.retrieval.passage_terms import PREFIX
from qa.retrieval.types import Candidate

KINDRED = (
    "visit visits visitors Visitor Seoul Korea Korean Kore May 16 2022 minister ministers "
    "ministre mini Canada canadien canadiens trade million $22 It He The two said. quotas. is"
)
WORDS = KINDRED.split()

made_texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(
    lambda words: ". ".join(
        " ".join(words[start : start + 12]) for start in range(0, len(words), 12)
    )
)
made_lists = st.lists(
    st.tuples(made_texts, made_texts, st.sampled_from(["en", "fr", None])), min_size=1, max_size=5
)
QUESTIONS = (
    "When did the Minister visit Seoul, Korea?",
    "Who is the Canadian minister the visitors visited in 2022?",
    "How many Koreans did Canada visit, and where in Seoul?",
    "How much was the trade of Canada and Korea worth?",
    "Quand le ministre canadien visita-t-il Séoul ?",
    "?",
)


def _in_sentence(spans: Sequence[tuple[int, int]], start: int) -> int:
    """Return the sentence of a place; what stands behind the last is in the last."""
    return min(sum(end <= start for _, end in spans), len(spans) - 1)


def _slow_news(found: Candidate, wanted: AnswerType, question: ParsedQuestion) -> list[int]:
    """Count in each sentence what it offers with a word that the question lacks."""
    asked = set(re.findall(r"\w+", fold(question.text)))
    spans = found.sentences
    counts = [0] * len(spans)
    for (start, _), words in answer_spans(found.text, wanted):
        counts[_in_sentence(spans, start)] += not asked.issuperset(words)
    return counts


@pytest.mark.parametrize("text", QUESTIONS)
@settings(max_examples=20)
@given(made_lists)
def test_matches_are_those_found_word_by_word(
    text: str, some: list[tuple[str, str, str | None]]
) -> None:
    """Every matrix agrees with a walk through each passage's words, in several languages."""
    question = parse_question(text)
    listed = [
        candidate(key, words, title=title, lang=lang)
        for key, (words, title, lang) in enumerate(some)
    ]
    seen = match(question, listed, Counts(VISIT))
    width = len(question.words)
    for place, found in enumerate(listed):
        own, spans = question.terms(found.lang), found.sentences
        rows = slice(seen.rows[place], seen.rows[place + 1])
        words = [
            (term, _in_sentence(spans, span[0])) for term, span in tokenize(found.text, found.lang)
        ]
        last = {term: column for column, term in enumerate(own)}
        hits = [(n, last[term], at) for n, (term, at) in enumerate(words) if term in last]
        held = np.zeros((len(spans), width))
        kin = np.zeros((len(spans), width))
        for _, column, at in hits:
            held[at, column] = 1
        for column, term in enumerate(own):
            like = [at for one, at in words if one[:PREFIX] == term[:PREFIX] and len(one) >= PREFIX]
            if like and not held[:, column].any():
                kin[like[-1], column] = PREFIX_CREDIT
        near = [
            (one, other)
            for one, other in pairwise(hits)
            if other[1] == one[1] + 1 and other[0] - one[0] <= PAIR_GAP
        ]
        close = {
            column
            for one, other in pairwise(hits)
            if one[1] != other[1] and one[2] == other[2] and other[0] - one[0] <= WINDOW
            for column in (one[1], other[1])
        }

        times = [sum(c == column for _, c, _ in hits) for column in range(width)]
        assert times == seen.frequencies[place].tolist()
        assert held.tolist() == seen.in_sentences[rows].tolist()
        assert np.maximum(held, kin).tolist() == seen.prefix_in_sentences[rows].tolist()
        title = extract_terms(found.title, found.lang)
        assert [float(term in title) for term in own] == seen.in_titles[place].tolist()
        assert len({one[1] for one, _ in near}) / max(width - 1, 1) == seen.pairs[place]
        for at in range(len(spans)):
            distinct = {one[1] for one, other in near if other[2] == at}
            assert len(distinct) / max(width - 1, 1) == seen.sentence_pairs[rows][at]
        weight = sum(seen.weights[column] for column in close)
        assert weight == pytest.approx(seen.closeness[place] * seen.weights.sum())
        assert len(words) == seen.lengths[place] == seen.sentence_lengths[rows].sum()
        assert _slow_news(found, "name", question) == seen.new_names[rows].tolist()
        assert _slow_news(found, "number", question) == seen.new_numbers[rows].tolist()
        if question.answer_type:
            assert _slow_news(found, question.answer_type, question) == seen.offers[rows].tolist()


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=4), min_size=1, max_size=5))
def test_the_best_row_of_each_passage(values: list[list[int]]) -> None:
    """Of equal values the first is taken."""
    rows = np.concatenate([[0], np.cumsum([len(of) for of in values])])
    flat = np.array([float(value) for of in values for value in of])

    expected = [int(rows[n]) + of.index(max(of)) for n, of in enumerate(values)]
    assert expected == best_rows(flat, rows).tolist()
