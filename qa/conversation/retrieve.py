"""The candidates for a follow-up, from three searches.

The question as typed, its rewritten form and the words of the conversation each bring candidates,
and so do the neighbours of passages that earlier questions found. `qa.conversation.features`
weighs what each search says about them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.filters import Filters
from index.search.backend import SearchBackend
from index.text.analyzer import extract_terms
from index.text.stopwords import function_words
from qa.conversation.features import (
    DECAY,
    REMEMBERED_TURNS,
    ContextScores,
    context_features,
    passage_features,
    prior_strengths,
    rank_follow_up,
)
from qa.conversation.prior import ReleasePrior, release_prior
from qa.conversation.types import Conversation, Turn
from qa.conversation.understand import Understanding
from qa.linear_model import LinearModel
from qa.query.question import ParsedQuestion, parse_question
from qa.ranking.packed_passages import Floats
from qa.ranking.ranker import RankedCandidate, rank
from qa.ranking.ranker import default_weights as ranker_weights
from qa.retrieval.retriever import Retriever
from qa.retrieval.types import Candidate

if TYPE_CHECKING:
    import numpy.typing as npt

    Float32 = npt.NDArray[np.float32]

CONTEXT_DEPTH = 30
"""Passages taken from each search for the conversation's words."""
FOCUS_RELEASES = 3
"""Releases of which other passages are looked at."""
NEIGHBOURS = 40
"""Passages looked at of a release in focus, the nearest."""
LIKELY_RELEASE = 0.05
"""Probability of a release from which all its passages are looked at."""
LEAST_PROBABILITY = 0.1
"""Probability from which a term that may be meant is searched for."""


@dataclass(frozen=True, slots=True)
class FollowUpCandidates:
    """The candidates of a follow-up with all that is known of them.

    Attributes:
        ranked: By the completed question.
        values: Shape (ranked, PASSAGE_EVIDENCE), in the order of `ranked`.
        prior: How likely the release of each is before the search, shape (ranked,).
        context: By the names of CONTEXT_EVIDENCE.
        question: The completed question, read.
    """

    ranked: list[RankedCandidate]
    values: Floats
    prior: Floats
    context: Mapping[str, float]
    question: ParsedQuestion


def texts_to_encode(understood: Understanding) -> list[str]:
    """Return the texts whose meaning is searched: one, where the question stands alone.

    Else the completed question, the question as typed, and the earlier questions.
    """
    if understood.stands_alone:
        return [understood.question]
    earlier = [turn.asked_as for turn in _latest(understood.conversation)]
    return [understood.searched, understood.question, *earlier]


def _latest(conversation: Conversation) -> list[Turn]:
    return [turn for turn in conversation.turns if not turn.is_heading][-REMEMBERED_TURNS:]


def rank_candidates(
    understood: Understanding,
    retriever: Retriever,
    filters: Filters,
    vectors: "Sequence[Float32 | None]",
    *,
    model: LinearModel | None = None,
) -> list[RankedCandidate]:
    """Return the candidates of a follow-up in order, best first.

    Args:
        understood: The question and what it means.
        retriever: The collection.
        filters: What may be searched at all.
        vectors: Of `texts_to_encode`, each of shape (dimension,); None for what is searched by
            words alone.
        model: Another than the packaged one.
    """
    seen = find_follow_up_candidates(understood, retriever, filters, vectors)
    if not seen.ranked:
        return []
    return rank_follow_up(seen.ranked, seen.values, seen.context, seen.prior, model=model)


def find_follow_up_candidates(
    understood: Understanding,
    retriever: Retriever,
    filters: Filters,
    vectors: "Sequence[Float32 | None]",
) -> FollowUpCandidates:
    """Return the candidates of a follow-up with their features; see `rank_candidates`."""
    searcher = retriever.searcher
    conversation = understood.conversation
    turns = _latest(conversation)
    completed, typed = parse_question(understood.searched), parse_question(understood.question)
    # Completed by words in letters that the model does not know, it still means what was typed.
    meant, meant_typed = _either(*vectors[:2])
    keys: set[int] = set()
    by_words: list[dict[int, float]] = []
    for question, vector in ((completed, meant), (typed, meant_typed)):
        matched, found = retriever.search(question, filters, vector)
        by_words.append(matched)
        keys.update(found)
    focus, answered = _focus(turns, searcher)
    names = [word.text for word in typed.words if word.is_name]
    prior = release_prior(turns, names, searcher)
    groups = _groups(understood, conversation, turns, completed.lang)
    for group in groups.values():
        keys.update(key for key, _ in searcher.search_lexical(group, CONTEXT_DEPTH, filters))
    keys.update(searcher.searchable_text_keys(list(focus), filters))
    keys = searcher.meeting(keys, filters)
    scores = {name: _scores(searcher, group, keys) for name, group in groups.items()}
    keys, ordinals = _with_neighbours(searcher, filters, keys, scores, focus)
    keys.update(_of_likely_releases(prior, focus, searcher, filters, ordinals))
    scores = {name: _scores(searcher, group, keys) for name, group in groups.items()}
    unique = _unique_texts(keys, prior, searcher, filters)
    candidates = retriever.describe(completed, unique, meant, by_words[0])
    weights = ranker_weights(searcher.encoder_family)
    ranked = rank(completed, candidates, retriever.statistics, weights=weights)
    order = [r.candidate for r in ranked]
    margins = np.array([r.margin for r in ranked])
    typed_margins = margins
    if understood.searched != understood.question and ranked:
        as_typed = retriever.describe(typed, unique, meant_typed, by_words[1])
        again = rank(typed, as_typed, retriever.statistics, weights=weights)
        by_key = {r.candidate.key: r.margin for r in again}
        typed_margins = np.array([by_key[c.key] for c in order])
    context = context_features(understood.alone, conversation)
    if not ranked:
        return FollowUpCandidates([], np.zeros((0, 0)), np.zeros(0), context, completed)
    of_context = ContextScores(
        given=scores["given"],
        asked=scores["asked"],
        resolved=scores["resolved"],
        near=_near(searcher, order, vectors[2:]),
        found=focus,
        answered=answered,
        ordinals=ordinals,
        prior=prior,
    )
    values = passage_features(order, margins, typed_margins, conversation, of_context)
    return FollowUpCandidates(ranked, values, prior_strengths(order, prior), context, completed)


def _of_likely_releases(
    prior: ReleasePrior,
    focus: Mapping[int, float],
    searcher: SearchBackend,
    filters: Filters,
    ordinals: dict[int, int],
) -> set[int]:
    """Return the passages of the likely releases, those nearest to what was found.

    Their ordinals are added to `ordinals`.
    """
    likely = {release for release, share in prior.shares.items() if share >= LIKELY_RELEASE}
    rows = searcher.searchable_passages_of(likely, filters) if likely else []
    ordinals.update({key: ordinal for key, _, ordinal in rows})
    wanted: set[int] = set()
    for release in likely:
        inside = [key for key, of, _ in rows if of == release]
        centre = max(inside, key=lambda key: (focus.get(key, 0.0), -key), default=0)
        inside.sort(key=lambda key: (abs(ordinals[key] - ordinals[centre]), key))
        wanted.update(inside[:NEIGHBOURS])
    return wanted


def _unique_texts(
    keys: set[int], prior: ReleasePrior, searcher: SearchBackend, filters: Filters
) -> list[int]:
    """Return one passage of each text, that of the likeliest release."""
    release_of = {k: p.release_key for k, p in searcher.lookups.passages(keys).items()}
    rows: dict[bytes, int] = {}
    for key, text in sorted(searcher.searchable_text_keys(sorted(keys), filters).items()):
        other = rows.setdefault(text, key)
        if prior.strength(release_of.get(key)) > prior.strength(release_of.get(other)):
            rows[text] = key
    return sorted(rows.values())


def _either(
    completed: "Float32 | None", typed: "Float32 | None"
) -> "tuple[Float32 | None, Float32 | None]":
    """Return the vectors of a follow-up's two forms, each the other's where it has none."""
    return (
        typed if completed is None else completed,
        completed if typed is None else typed,
    )


def _groups(
    understood: Understanding, conversation: Conversation, turns: list[Turn], lang: str
) -> dict[str, list[str]]:
    """Return the conversation's words to search for, without function words."""
    stop = function_words(lang)

    def words(said: list[str]) -> list[str]:
        found = dict.fromkeys(term for text in said for term in extract_terms(text, lang))
        return [term for term in found if term not in stop]

    headings = [turn for turn in conversation.turns if turn.is_heading]
    return {
        "given": words([turn.answer for turn in turns if not turn.passages]),
        "asked": words([turn.asked_as for turn in (*headings, *turns)]),
        "resolved": [t.term for t in understood.context if t.weight >= LEAST_PROBABILITY],
    }


def _scores(searcher: SearchBackend, words: list[str], keys: set[int]) -> dict[int, float]:
    return searcher.lexical_scores(words, sorted(keys)) if words and keys else {}


def _focus(turns: list[Turn], searcher: SearchBackend) -> tuple[dict[int, float], dict[int, float]]:
    """Return the passages that earlier questions found, and those that were given as answers."""
    found: dict[int, float] = {}
    answered: dict[int, float] = {}
    for age, turn in enumerate(reversed(turns)):
        for place, passage in enumerate(turn.passages, start=1):
            key = searcher.lookups.passage_key(passage.passage_id)
            if key is not None:
                found[key] = max(found.get(key, 0.0), DECAY**age / place)
                if place == 1 and turn.answer:
                    answered[key] = max(answered.get(key, 0.0), DECAY**age)
    return found, answered


def _with_neighbours(
    searcher: SearchBackend,
    filters: Filters,
    keys: set[int],
    scores: Mapping[str, Mapping[int, float]],
    focus: Mapping[int, float],
) -> tuple[set[int], dict[int, int]]:
    """Return the keys with the neighbourhoods of the passages in focus, and all ordinals."""
    weight: dict[int, float] = {}
    for of_group in scores.values():
        best = max(of_group.values(), default=1.0) or 1.0
        for key, score in of_group.items():
            weight[key] = weight.get(key, 0.0) + score / best
    for key, score in focus.items():
        weight[key] = weight.get(key, 0.0) + 2 * score
    release_of = {k: p.release_key for k, p in searcher.lookups.passages(keys).items()}
    leading = sorted(weight, key=lambda key: (-weight[key], key))
    centres: dict[int, int] = {}
    for key in leading:
        if key in release_of and len(centres) < FOCUS_RELEASES:
            centres.setdefault(release_of[key], key)
    rows = searcher.searchable_passages_of(set(release_of.values()), filters)
    ordinals = {key: ordinal for key, _, ordinal in rows}
    wider = set(keys)
    for release, centre in centres.items():
        inside = [key for key, of, _ in rows if of == release]
        middle = ordinals.get(centre, 0)
        inside.sort(key=lambda key: (abs(ordinals[key] - middle), key))
        wider.update(inside[:NEIGHBOURS])
    return wider, ordinals


def _near(
    searcher: SearchBackend, candidates: list[Candidate], vectors: "Sequence[Float32 | None]"
) -> Floats | None:
    """Return the mean cosine of earlier questions with each passage, shape (candidates,)."""
    aged = [(v, DECAY**age) for age, v in enumerate(reversed(vectors)) if v is not None]
    if not aged:
        return None
    known, weights = np.stack([v for v, _ in aged]), np.array([weight for _, weight in aged])
    mean = (known * weights[:, None]).sum(axis=0) / weights.sum()
    cosines = searcher.dense_scores(mean.astype(np.float32), [c.key for c in candidates])
    return np.array([cosines[c.key][0] if c.key in cosines else 0.0 for c in candidates])
