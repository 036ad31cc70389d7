"""Measure the multilingual network, and put its log-odds on the packaged network's scale.

    python benchmarks/fit_languages.py --data ../shared/data --cache /tmp/fit-cache

Each network reads the right passage of a question and the wrong ones that the searches rank
highest: the packaged one in English, the other in French, Spanish, German and Arabic, and with
questions and passages in two languages. A logistic regression on each one's log-odds gives the line
between them, so that the same log-odds mean the same chance of an answer. All questions are of
articles that neither network was trained on. Writes the line into
qa/data/reading-multilingual.json; run `fit_reading.py --encoder multilingual` after it. Needs the
extras `train` and `multilingual`.
"""

import argparse
import hashlib
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from evaluation_sets import ROOT, Floats, everything
from orders import write_json
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(ROOT / "training"))

from reading_sets import hardest, holds, is_unseen, lines, load

from index.encoders.model import MULTILINGUAL_MODEL
from index.text.sentences import sentence_spans
from qa.answering.rerank import prefer_answer_type
from qa.evaluation.squad import exact_match, token_f1
from qa.query.question import parse_question
from qa.reader.by_language import OddsScale
from qa.reader.network import multilingual_network, packaged_network
from qa.reader.onnx_reader import OnnxReader
from qa.reader.prediction import ReaderInput
from qa.reader.weights import reader_file

ENGLISH = (("squad1.1-dev", "squad1.1-dev"), ("xquad-en", "xquad-en"))
OTHERS = (
    ("piaf1.1", "piaf1.1"),
    ("xquad-es", "xquad-es"),
    ("xquad-de", "xquad-de"),
    ("xquad-ar", "xquad-ar"),
    ("xquad-en", "xquad-es"),
    ("xquad-en", "xquad-de"),
    ("xquad-de", "xquad-en"),
)
"""The set whose questions are asked, and the set whose passages are read."""
WRONG = 4
"""Wrong passages read for a question."""
SEED = 3


@dataclass(frozen=True, slots=True)
class Readings:
    """What a network made of the questions of a set.

    Attributes:
        right, wrong: Log-odds of the passages that answer and of those that do not.
        first: The share of questions whose right passage has the highest log-odds.
        exact, f1: Of the words in the right passage.
    """

    right: Floats
    wrong: Floats
    first: float
    exact: float
    f1: float


def readings(
    reader: OnnxReader, data: Path, cache: Path, asked: str, read: str, limit: int
) -> Readings:
    """Read the passages of questions that no network was trained on."""
    of = load(data, read, cache)
    whole = everything(of)
    rows = {question.id: row for row, question in enumerate(of.questions)}
    found, right, wrong, first = [], [], [], []
    for text, own in _questions(data, asked, read, limit):
        row = rows[own["id"]]
        gold, answers = own["spans"][0]["doc"], of.questions[row].answers
        others = [
            of.passage_list[place].text
            for place in hardest(whole, row)
            if of.passage_list[place].record not in of.questions[row].relevant
            and not holds(of.passage_list[place].text, answers)
        ]
        record = next(r for r in of.records if r["id"] == gold)
        lang = of.passage_list[0].lang
        pages = [_page(passage, lang) for passage in (record["text"], *others[:WRONG])]
        predictions = reader.read(text, pages)
        best = prefer_answer_type(parse_question(text), pages[0].text, predictions[0])
        words = pages[0].text[slice(*best.spans[0].span)]
        found.append((exact_match(words, answers), token_f1(words, answers)))
        odds = [prediction.log_odds for prediction in predictions]
        right.append(odds[0])
        wrong += odds[1:]
        first.append(odds[0] == max(odds))
    exact, f1 = np.mean(found, axis=0)
    return Readings(
        np.array(right), np.array(wrong), float(np.mean(first)), float(exact), float(f1)
    )


def _questions(data: Path, asked: str, read: str, limit: int) -> Iterator[tuple[str, dict]]:
    """Yield questions of a set, drawn at random, with their record in the set that is read."""
    texts = {q["id"]: q["question"] for q in lines(data / "eval" / asked / "questions.jsonl")}
    able = [
        q
        for q in lines(data / "eval" / read / "questions.jsonl")
        if q.get("spans") and is_unseen(read, q["spans"][0]["doc"], data)
    ]
    random.Random(SEED).shuffle(able)
    for question in able[:limit]:
        yield texts[question["id"]], question


def _page(text: str, lang: str) -> ReaderInput:
    return ReaderInput(text, sentence_spans(text, lang), "", lang)


def line(told: list[Readings]) -> tuple[float, float]:
    """Return slope and intercept of the log-odds of being right by a network's own."""
    right, wrong = (np.concatenate([getattr(one, of) for one in told]) for of in ("right", "wrong"))
    values = np.concatenate([right, wrong])[:, None]
    labels = np.arange(len(values)) < len(right)
    fitted = LogisticRegression(C=1e6).fit(values, labels)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def main() -> None:
    """Measure, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "releaseqa-fit")
    parser.add_argument("--reader", type=Path, help="another network than the packaged one")
    parser.add_argument("--limit", type=int, default=400, help="questions of a set")
    parser.add_argument("--dry-run", action="store_true", help="report, write nothing")
    options = parser.parse_args()
    file = options.reader or ROOT / "qa" / "data" / reader_file(MULTILINGUAL_MODEL)
    other = OnnxReader(multilingual_network(file))
    packaged = OnnxReader(packaged_network(ROOT / "qa" / "data" / reader_file()))
    print(f"{'questions':14}{'passages':14}{'n':>5}  by the packaged network    multilingual")
    print(f"{'':33}  first  AUROC  EM    F1     (the same)")
    in_english, elsewhere = [], []
    for asked, read in (*ENGLISH, *OTHERS):
        both = [readings(reader, options.data, options.cache, asked, read, options.limit)
                for reader in (packaged, other)]  # fmt: skip
        print(
            f"{asked:14}{read:14}{len(both[0].right):5}  {'  '.join(map(_told, both))}", flush=True
        )
        if (asked, read) in ENGLISH:
            in_english.append(both[0])
        else:
            elsewhere.append(both[1])
    (own, base), (slope, start) = line(in_english), line(elsewhere)
    scale = OddsScale(slope / own, (start - base) / own)
    print(f"packaged = {scale.factor:.3f} x multilingual + {scale.offset:.3f}")
    if not options.dry_run:
        counted = sum(len(one.right) for one in (*in_english, *elsewhere))
        fitted = ROOT / "qa" / "data" / f"reading-{MULTILINGUAL_MODEL}.json"
        write_json(fitted, json.loads(fitted.read_text("utf-8")) | {
            "reader": hashlib.sha256(file.read_bytes()).hexdigest(),
            "log_odds": {"script": "benchmarks/fit_languages.py", "questions": counted,
                         "factor": round(scale.factor, 4), "offset": round(scale.offset, 4)},
        })  # fmt: skip


def _told(one: Readings) -> str:
    labels = np.arange(len(one.right) + len(one.wrong)) < len(one.right)
    area = roc_auc_score(labels, np.concatenate([one.right, one.wrong]))
    return f"{one.first:.3f}  {area:.3f}  {one.exact:.3f}  {one.f1:.3f}"


if __name__ == "__main__":
    main()
