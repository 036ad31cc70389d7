"""Features of a follow-up's candidates, and the ranking they give.

The rewritten question and the question as typed each rank the candidates. The conversation adds
the words of earlier questions and answers, the passages and releases they found, and the
neighbours of those. One linear model (`search` in followups.json) weighs all of it. Historical
query expansion (Yang et al., "Query and answer expansion from conversation history", TREC CAsT
2019) has the same parts with fixed weights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from index.text.analyzer import fold
from qa.conversation.prior import ReleasePrior
from qa.conversation.types import Conversation
from qa.linear_model import Floats, LinearModel, logistic
from qa.packaged_data import packaged
from qa.ranking.ranker import RankedCandidate
from qa.retrieval.types import Candidate

CONVERSATION_FEATURES = (
    "completed", "typed", "typed best", "given", "given release", "quoted", "quoted release",
    "asked", "asked release", "near", "near release", "resolved", "resolved release", "found",
    "found release", "answered", "answered release", "neighbour",
)  # fmt: skip
"""`completed`, `typed`: margins of the two questions, against their best. `typed best`: how far
the typed question's best is from its tenth, for the passage that is that best. `given`: the words
of answers in a question file; `quoted`: whole answers that stand in the passage. `asked`, `near`:
the words and the meaning of earlier questions. `resolved`: terms that the question likely means.
`found`: passages that earlier questions found, by rank; `answered`: those that answered.
`neighbour`: how close the passage is to one of those. `… release`: the best value of any passage
of the same release."""

TURN_FEATURES = ("alone", "turns", "is given", "is found", "is answered")
"""Features of the conversation that the weights may depend on."""

REMEMBERED_TURNS = 3
"""The latest turns, whose words count in the search."""
DECAY = 0.7
"""Weight of a turn relative to the one after it."""
LEAST_OWN_WEIGHT = 0.2
"""Least weight of the question's own margins, by which the others are scaled."""
PRIOR_WEIGHT = 3.0
"""Weight of a release that an earlier question certainly found, in units of `values @ weights`.
Set by hand: in the collections that the other weights are fitted on, a release is one passage."""
LEAST_MARGIN = -12.0
"""Margins further below the best than this are cut."""


@dataclass(frozen=True, slots=True)
class ContextScores:
    """Scores of the candidates for the words of a conversation.

    Attributes:
        given: BM25 of the words of given answers, by key.
        asked: The same of earlier questions.
        resolved: The same of the terms that the question likely means.
        near: Mean cosine of earlier questions with the passage, shape (candidates,); None
            without vectors.
        found: For each found passage, by key, the largest of decay / rank.
        answered: The same of passages that were given as an answer.
        ordinals: Ordinals of the candidates in their releases, by key.
        prior: Which releases the question may be about.
    """

    given: Mapping[int, float]
    asked: Mapping[int, float]
    resolved: Mapping[int, float]
    near: Floats | None
    found: Mapping[int, float]
    answered: Mapping[int, float]
    ordinals: Mapping[int, int]
    prior: ReleasePrior


@cache
def default_search_model() -> LinearModel:
    """Return the model that ships with the package."""
    return LinearModel.from_json(packaged("followups.json")["search"])


def passage_features(
    candidates: Sequence[Candidate],
    completed: Floats,
    typed: Floats,
    conversation: Conversation,
    scores: ContextScores,
) -> Floats:
    """Return the features of every candidate, shape (candidates, PASSAGE_EVIDENCE).

    Args:
        candidates: The passages.
        completed: Margins for the completed question, shape (candidates,).
        typed: Margins for the question as typed, shape (candidates,).
        conversation: The turns before.
        scores: The scores of the candidates for its words.
    """
    releases = [c.key if c.release is None else c.release for c in candidates]
    given = _share(scores.given, candidates)
    quoted = _quoted(candidates, conversation)
    asked = _share(scores.asked, candidates)
    near = np.zeros(len(candidates)) if scores.near is None else scores.near - scores.near.max()
    resolved = _share(scores.resolved, candidates)
    found = np.array([scores.found.get(c.key, 0.0) for c in candidates])
    answered = np.array([scores.answered.get(c.key, 0.0) for c in candidates])
    best = np.sort(typed)[::-1]
    lead = (typed == best[0]) * min(float(best[0] - best[min(9, len(best) - 1)]), -LEAST_MARGIN)
    is_named = np.array([float(c.release in scores.prior.named) for c in candidates])
    # "And in Ontario?" leads away from what was found, if that does not name Ontario.
    found, answered = found * is_named, answered * is_named
    columns = {
        "completed": np.maximum(completed - completed.max(), LEAST_MARGIN),
        "typed": np.maximum(typed - typed.max(), LEAST_MARGIN),
        "typed best": lead,
        "given": given,
        "given release": _of_release(given, releases),
        "quoted": quoted,
        "quoted release": _of_release(quoted, releases),
        "asked": asked,
        "asked release": _of_release(asked, releases),
        "near": near,
        "near release": _of_release(near, releases),
        "resolved": resolved,
        "resolved release": _of_release(resolved, releases),
        "found": found,
        "found release": _of_release(found, releases),
        "answered": answered,
        "answered release": _of_release(answered, releases),
        "neighbour": _neighbour(candidates, scores.ordinals, np.maximum(answered, quoted)),
    }
    return np.column_stack([columns[name] for name in CONVERSATION_FEATURES])


def context_features(alone: float, conversation: Conversation) -> dict[str, float]:
    """Return the features of the conversation, by the names of CONTEXT_EVIDENCE."""
    return {
        "alone": alone,
        "turns": min(conversation.spoken, REMEMBERED_TURNS) / REMEMBERED_TURNS,
        "is given": float(any(t.answer and not t.passages for t in conversation.turns)),
        "is found": float(any(t.passages for t in conversation.turns)),
        "is answered": float(any(t.passages and t.answer for t in conversation.turns[-1:])),
    }


def prior_strengths(candidates: Sequence[Candidate], prior: ReleasePrior) -> Floats:
    """Return how likely the release of each candidate is before the search, shape (candidates,).

    A release that lacks a name of the question is no more likely than any other.
    """
    return np.array(
        [prior.strength(c.release) if c.release in prior.named else 0.0 for c in candidates]
    )


def rank_follow_up(
    ranked: Sequence[RankedCandidate],
    values: Floats,
    context: Mapping[str, float],
    prior: Floats,
    *,
    model: LinearModel | None = None,
) -> list[RankedCandidate]:
    """Rank candidates by all features, best first.

    Args:
        ranked: The candidates as ranked for the rewritten question.
        values: Of `passage_features`, in the order of `ranked`.
        context: Of `context_features`.
        prior: Of `prior_strengths`, in the order of `ranked`.
        model: Another than the packaged one.
    """
    chosen = model or default_search_model()
    weights = chosen.effective(CONVERSATION_FEATURES, context)
    # In units of the question's own margins and below the best of those, so that the reader and
    # the confidence get values of the size that their weights were fitted on.
    own = (
        weights[CONVERSATION_FEATURES.index("completed")]
        + weights[CONVERSATION_FEATURES.index("typed")]
    )
    scores = (values @ weights + PRIOR_WEIGHT * prior) / max(own, LEAST_OWN_WEIGHT)
    best = max(r.margin for r in ranked)
    margins = np.round(scores - scores.max() + best, 9)
    order = sorted(range(len(ranked)), key=lambda i: (-margins[i], ranked[i].candidate.key))
    return [
        replace(ranked[i], score=logistic(float(margins[i])), margin=float(margins[i]))
        for i in order
    ]


def _share(scores: Mapping[int, float], candidates: Sequence[Candidate]) -> Floats:
    """Return scores divided by the best of all, shape (candidates,)."""
    best = max(scores.values(), default=0.0)
    if best <= 0:
        return np.zeros(len(candidates))
    return np.array([scores.get(c.key, 0.0) / best for c in candidates])


def _of_release(values: Floats, releases: Sequence[int]) -> Floats:
    """Return the best value of each candidate's release, shape (candidates,)."""
    best: dict[int, float] = {}
    for release, value in zip(releases, values.tolist(), strict=True):
        best[release] = max(value, best.get(release, value))
    return np.array([best[release] for release in releases])


def _quoted(candidates: Sequence[Candidate], conversation: Conversation) -> Floats:
    """Return the share of the given answers that stand word for word in each candidate."""
    given = [turn.answer for turn in conversation.turns if turn.answer and not turn.passages]
    wanted = [_plain(answer) for answer in given[-REMEMBERED_TURNS:]]
    wanted = [answer for answer in wanted if " " in answer]
    if not wanted:
        return np.zeros(len(candidates))
    texts = [_plain(candidate.text) for candidate in candidates]
    return np.array([sum(answer in text for answer in wanted) / len(wanted) for text in texts])


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


def _neighbour(
    candidates: Sequence[Candidate], ordinals: Mapping[int, int], focus: Floats
) -> Floats:
    """Return how close each candidate is to one in focus, times the weight of that one."""
    places = [(c.release, ordinals.get(c.key)) for c in candidates]
    centres = [(places[i], value) for i, value in enumerate(focus.tolist()) if value > 0]
    near = np.zeros(len(candidates))
    for row, (release, ordinal) in enumerate(places):
        for (other, centre), value in centres:
            if release == other and ordinal is not None and centre is not None:
                near[row] = max(near[row], value / (1 + abs(ordinal - centre)))
    return near
