"""Fit the ranker, the evidence model and the confidence model; write them into qa/data.

    python benchmarks/fit_ranking.py --data ../shared/data --cache /tmp/fit-cache

Everything is scored on articles outside the fit: five folds over articles (an article is in the
same fold in every set and language) and, with --leave-out, whole families of sets. The files are
fitted on all data. Needs the extra `train`.
"""

import argparse
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from evaluation_sets import ROOT, EvaluationSet, Floats, SubCollection, everything
from fit_confidence import CONFIDENCE_PENALTY, fit_confidence, report_confidence, thresholds
from folds import FOLDS, SEED, SETS, chosen, fold_of, load_sets, ranked_sets, stamp
from orders import (
    Item,
    cross_validated,
    fit_lists,
    has_vectors,
    judged,
    quality,
    scores,
    shown_from,
    write_json,
    written,
)
from verdicts import Verdict, verdicts

from index.encoders.model import MULTILINGUAL_MODEL
from qa.answering.evidence import marked_sentences
from qa.linear_model import LinearModel
from qa.query.question import ParsedQuestion, parse_question
from qa.ranking import features
from qa.ranking.features import PASSAGE_FEATURES, SENTENCE_FEATURES
from qa.ranking.ranker import RankedCandidate, RankerWeights, rank

RANKER_PENALTY, SENTENCE_PENALTY = 1e-2, 3e-3
FIRST_ORDERS = "first-orders.pickle"
JOIN_WITHIN = 0.8
"""A second sentence is added if the first is less than e^.8 = 2.2 times as probable."""
_CONTEXT = (
    "best_coverage", "best_match", "mean_coverage", "dense_spread", "match_spread", "dense_lead",
    "match_lead", "agreement", "words", "mean_length", "best_dense", "match_of_dense_top",
    "dense_of_lexical_top", "dense_mean", "dense_deviation", "legs_agree",
)  # fmt: skip
_SIGNALS = (
    "dense", "sentence", "lexical", "match", "coverage", "combined", "sentence_coverage",
    "lexical_rank", "dense_rank",
)  # fmt: skip
PRODUCTS = tuple((signal, context) for signal in _SIGNALS for context in _CONTEXT)
NEEDS_VECTORS = frozenset(
    {"dense", "dense_gap", "dense_rank", "sentence", "sentence_gap", "sentence_rank",
     "two_sentence_cosine"}
)  # fmt: skip


def read_set(
    of: EvaluationSet, limit: int, *, vectors: bool = True
) -> Iterator[tuple[Item, Item | None]]:
    """Yield each question's candidates, and the sentences of its relevant passage.

    By words, only for questions that can be searched by vector: the others always are.
    """
    for row in chosen(of, limit):
        if not (vectors or of.is_searched_by_vector(row)):
            continue
        asked = of.questions[row]
        here = everything(of, row)
        candidates = here.candidates(row, vectors=vectors)
        if not candidates:
            continue
        seen = features.compute_features(parse_question(asked.text), candidates, of)
        right, records, relevant = judged(of, asked, [c.key for c in candidates])
        article = of.articles[min(asked.relevant)]
        legs = np.array([[c.dense or 0.0, c.lexical or 0.0] for c in candidates]).T
        item = Item(of.name, article, seen.passages, seen.query, right, records, relevant, legs)
        gold = candidates[int(np.argmax(right))]
        yield item, _sentences(item, gold.text, seen, of, asked.answers, gold.sentences)


def _sentences(
    item: Item,
    text: str,
    seen: features.FeatureMatrix,
    of: EvaluationSet,
    answers: Sequence[str],
    spans: Sequence[tuple[int, int]],
) -> Item | None:
    if not item.right.any():
        return None
    holds = np.array([any(a in text[s:e] for a in answers) for s, e in spans])
    if not holds.any():
        return None
    place = int(np.argmax(item.right))
    rows = slice(seen.rows[place], seen.rows[place + 1])
    nothing = np.zeros(0, dtype=np.intp)
    return Item(of.name, item.article, seen.sentences[rows], seen.query, holds, nothing,
                frozenset(), np.zeros((2, 0)))  # fmt: skip


def fit_ranker(items: Sequence[Item], wordy: Sequence[Item]) -> RankerWeights:
    """Fit the model with vectors and the model for words alone.

    Args:
        items: Candidate lists as the program searches them.
        wordy: Lists by words, of questions that can be searched by vector.
    """
    plain = [name for name in PASSAGE_FEATURES if name not in NEEDS_VECTORS]
    near, by_words = parted(items, wordy)
    return RankerWeights(
        fit_lists(near, PASSAGE_FEATURES, PASSAGE_FEATURES, PRODUCTS, RANKER_PENALTY),
        fit_lists(by_words, plain, PASSAGE_FEATURES, (), RANKER_PENALTY),
    )


def parted(items: Sequence[Item], wordy: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """Return the lists with vectors, and all lists by words."""
    near = [item for item in items if has_vectors(item)]
    return near, [*wordy, *(item for item in items if not has_vectors(item))]


def by_weights(item: Item, weights: RankerWeights) -> Floats:
    """Return the score of each row by the model that the program uses for such a list."""
    return scores(item, weights.with_vectors if has_vectors(item) else weights.words_only)


def report(title: str, items: Sequence[Item], score: Callable[[Item], Floats]) -> None:
    """Print hit@1 and nDCG@10 of the legs, of a fixed fusion and of the model, for each set.

    Dashes stand for missing vectors.
    """
    print(
        f"\n{title}\n{'set':14} {'n':>5}  dense        BM25         RRF          convex       ours"
    )
    for name in SETS:
        own = [item for item in items if item.of == name]
        if not own:
            continue
        by_meaning = all(map(has_vectors, own))
        cells = []
        for column in (_dense, _lexical, _rrf, _convex, score):
            if by_meaning or column in (_lexical, score):
                cells.append("{:.3f}/{:.3f}".format(*quality(own, column)))
            else:
                cells.append("-          ")
        print(f"{name:14} {len(own):5}  {'  '.join(cells)}")


def _dense(item: Item) -> Floats:
    return item.legs[0]


def _lexical(item: Item) -> Floats:
    return item.legs[1]


def _rrf(item: Item) -> Floats:
    ranks = np.argsort(np.argsort(-item.legs, axis=1, kind="stable"), axis=1)
    return (1 / (60 + ranks)).sum(axis=0)


def _convex(item: Item) -> Floats:
    sentence = item.values[:, PASSAGE_FEATURES.index("sentence")]
    return 0.25 * _scaled(item.legs[0]) + 0.25 * _scaled(sentence) + 0.5 * _scaled(item.legs[1])


def _scaled(values: Floats) -> Floats:
    return (values - values.min()) / max(values.max() - values.min(), 1e-9)


def report_evidence(items: Sequence[Item], within: float) -> None:
    """Print how often the evidence, one sentence or two, holds an answer."""
    found = cross_validated(items, fit_sentences, SENTENCE_FEATURES)
    print("\nevidence in the gold passage: n, best cosine, best coverage, ours, joined (share)")
    for name in SETS:
        own = [item for item in items if item.of == name]
        if not own:
            continue
        by = [
            np.mean([i.right[np.argmax(i.values[:, SENTENCE_FEATURES.index(f)])] for i in own])
            for f in ("cosine", "coverage")
        ]
        alone, joined, hits = [], [], []
        for item in own:
            margins = found[id(item)]
            first, last = marked_sentences(margins, within)
            alone.append(item.right[int(np.argmax(margins))])
            joined.append(last - first > 1)
            hits.append(item.right[first:last].any())
        print(f"{name:14} {len(own):5} {by[0]:.3f} {by[1]:.3f} {np.mean(alone):.3f} "
              f"{np.mean(hits):.3f} ({np.mean(joined):.3f})")  # fmt: skip


def fit_sentences(items: Sequence[Item]) -> LinearModel:
    """Fit the evidence model."""
    return fit_lists(items, SENTENCE_FEATURES, SENTENCE_FEATURES, (), SENTENCE_PENALTY)


@dataclass(frozen=True, slots=True)
class Lists:
    """The data for fitting the rankings.

    Attributes:
        items: Candidates of each question as the program searches them.
        wordy: Candidates by words, of questions that can be searched by vector.
        sentences: Sentences of the relevant passages.
    """

    items: list[Item]
    wordy: list[Item]
    sentences: list[Item]

    def ranker(self, kept: Callable[[Item], bool] = lambda _: True) -> RankerWeights:
        """Fit both models on the lists that are `kept`."""
        return fit_ranker(list(filter(kept, self.items)), list(filter(kept, self.wordy)))


def read_sets(sets: Mapping[str, EvaluationSet]) -> Lists:
    """Search for the questions of all sets."""
    lists = Lists([], [], [])
    for name in ranked_sets(sets):
        limit = SETS[name][1]
        for item, of_gold in read_set(sets[name], limit):
            lists.items.append(item)
            if of_gold is not None:
                lists.sentences.append(of_gold)
        by_words = read_set(sets[name], limit // 3 + 1, vectors=False)
        lists.wordy.extend(item for item, _ in by_words)
        print(f"{name}: {sets[name].passages} passages", file=sys.stderr, flush=True)
    return lists


def report_lists(lists: Lists, folded: Sequence[RankerWeights], *, leave_out: bool) -> None:
    """Print the quality of the rankings, out of fold and, if asked for, out of family."""
    report("five folds over articles", lists.items,
           lambda i: by_weights(i, folded[fold_of(i.article)]))  # fmt: skip
    report("words alone, five folds", lists.wordy,
           lambda i: scores(i, folded[fold_of(i.article)].words_only))  # fmt: skip
    for family in dict.fromkeys(SETS[i.of][0] for i in lists.items) if leave_out else ():
        weights = lists.ranker(lambda i, out=family: SETS[i.of][0] != out)
        own = [i for i in lists.items if SETS[i.of][0] == family]
        report(f"without {family}", own, partial(by_weights, weights=weights))
    report_evidence(lists.sentences, JOIN_WITHIN)


def verdicts_of(
    sets: Mapping[str, EvaluationSet], folded: Sequence[RankerWeights]
) -> tuple[list[Verdict], list[Verdict]]:
    """Return verdicts on questions searched by vector, and on some searched by words."""

    def order(
        question: ParsedQuestion, row: int, part: SubCollection, fold: int, *, vectors: bool
    ) -> list[RankedCandidate]:
        candidates = part.candidates(row, vectors=vectors)
        return rank(question, candidates, part, weights=folded[fold])

    near: list[Verdict] = []
    wordy: list[Verdict] = []
    for name, of in sets.items():
        limit = SETS[name][2]
        if not limit:
            continue
        found = verdicts(of, chosen(of, limit), partial(order, vectors=True))
        near += [v for v in found if v.values["has_vectors"]]
        wordy += [v for v in found if not v.values["has_vectors"]]
        rows = [r for r in chosen(of, limit // 3 + 1) if of.is_searched_by_vector(r)]
        wordy += verdicts(of, rows, partial(order, vectors=False))
    return near, wordy


def main() -> int:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "releaseqa-fit")
    parser.add_argument("--dry-run", action="store_true", help="report, write nothing")
    parser.add_argument("--encoder", default="", choices=["", MULTILINGUAL_MODEL],
                        help="fit for this one instead of the packaged encoder")  # fmt: skip
    parser.add_argument("--leave-out", action="store_true", help="also leave out each family")
    options = parser.parse_args()
    if not (options.data / "eval").is_dir():
        print(f"no judged sets in {options.data / 'eval'}: nothing to fit on; name the folder "
              "with --data", file=sys.stderr)  # fmt: skip
        return 1
    sets = load_sets(options.data, options.cache, options.encoder)
    lists = read_sets(sets)
    folded = [lists.ranker(lambda i, out=fold: fold_of(i.article) != out) for fold in range(FOLDS)]
    kept = options.cache / options.encoder / FIRST_ORDERS
    kept.write_bytes(pickle.dumps({"of": stamp(sets), "orders": folded}))  # for fit_reading.py
    report_lists(lists, folded, leave_out=options.leave_out)
    near, wordy = verdicts_of(sets, folded)
    tables = [thresholds(told, report_confidence(told)) for told in (near, wordy)]
    if not options.dry_run:
        write(lists, near, wordy, tables, options.encoder)
    return 0


def write(
    lists: Lists,
    near: Sequence[Verdict],
    wordy: Sequence[Verdict],
    tables: Sequence[list[list[float]]],
    encoder: str,
) -> None:
    """Fit on all data and write the files of the package."""
    ranker = lists.ranker()
    searched, by_words = parted(lists.items, lists.wordy)
    counted = dict(Counter(item.of for item in lists.items))
    target, of = ROOT / "qa" / "data", f"-{encoder}" if encoder else ""
    write_json(target / f"ranker{of}.json", {
        "provenance": {"script": "benchmarks/fit_ranking.py", "seed": SEED, "questions": counted},
        "with_vectors": written(
            ranker.with_vectors, shown_from(searched, ranker.with_vectors, PASSAGE_FEATURES)
        ),
        "words_only": written(
            ranker.words_only, shown_from(by_words, ranker.words_only, PASSAGE_FEATURES)
        ),
        "sentences": written(fit_sentences(lists.sentences))
        | {"least_cosine": 0.15, "least_coverage": 0.0, "join_within": JOIN_WITHIN},
    })  # fmt: skip
    write_json(target / f"confidence{of}.json", {
        "provenance": {"script": "benchmarks/fit_ranking.py", "seed": SEED, "verdicts": len(near)},
        "with_vectors": written(fit_confidence(near, CONFIDENCE_PENALTY)),
        "words_only": written(fit_confidence(wordy, CONFIDENCE_PENALTY)),
        "thresholds": tables[0],
        "words_thresholds": tables[1],
    })  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
