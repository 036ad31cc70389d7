"""Measure an exported reader on data it was not trained on.

    python training/evaluate_reader.py --data ../shared/data --cache /tmp/fit-cache

Answer spans in the gold paragraph of the kept-out articles, unanswerable questions against their
paragraph, the passages of releases with questions, and windows read per second, one at a time on
one thread.
"""

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from reading_sets import (
    ROOT,
    WRITTEN,
    WRITTEN_SETS,
    is_unseen,
    kept_out,
    lines,
    load,
    write_fitting_set,
    write_press_set,
)
from sklearn.metrics import roc_auc_score

from qa.answering.rerank import prefer_answer_type, reader_inputs
from qa.evaluation.squad import exact_match, token_f1
from qa.query.question import parse_question
from qa.reader.network import packaged_network
from qa.reader.onnx_reader import OnnxReader
from qa.reader.prediction import ReaderInput
from qa.retrieval.passage_terms import tokenize_passage, tokenize_title
from qa.retrieval.types import Candidate

SEED = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """Results on the questions of a set in their gold passage."""

    questions: int
    exact: float
    f1: float


def in_gold(reader: OnnxReader, data: Path, name: str, limit: int) -> Figures:
    """Read the gold passage of each question."""
    folder = data / "eval" / name
    pages = {r["id"]: ReaderInput(r["text"], (), r.get("title") or "") for r in _records(folder)}
    asked = [
        q
        for q in lines(folder / "questions.jsonl")
        if q.get("spans") and is_unseen(name, q["spans"][0]["doc"], data)
    ]
    random.Random(SEED).shuffle(asked)
    found = []
    for q in asked[:limit]:
        words = best_words(reader, q["question"], pages[q["spans"][0]["doc"]])
        found.append((exact_match(words, q["answers"]), token_f1(words, q["answers"])))
    means = np.mean(found, axis=0)
    return Figures(len(found), float(means[0]), float(means[1]))


def best_words(reader: OnnxReader, question: str, page: ReaderInput) -> str:
    """Return the answer span as the program would choose it."""
    (reading,) = reader.read(question, [page])
    reading = prefer_answer_type(parse_question(question), page.text, reading)
    start, end = reading.spans[0].span
    return page.text[start:end]


def _records(folder: Path) -> list[dict[str, Any]]:
    return lines(folder / "corpus.jsonl")


def unanswerable(reader: OnnxReader, data: Path, limit: int) -> float:
    """Return the AUROC of the reader's log-odds, answerable against unanswerable questions."""
    out = kept_out(data)
    folder = data / "eval" / "squad2.0-dev"
    pages = {r["id"]: ReaderInput(r["text"], (), r.get("title") or "") for r in _records(folder)}
    asked = [(q, q["spans"][0]["doc"] if q["answerable"] else q["distractor_doc"])
             for q in lines(folder / "questions.jsonl")
             if not q["answerable"] or q.get("spans")]  # fmt: skip
    asked = [(q, doc) for q, doc in asked if doc.split("#")[0] in out]
    random.Random(SEED).shuffle(asked)
    odds = [reader.read(q["question"], [pages[doc]])[0].log_odds for q, doc in asked[:limit]]
    return float(roc_auc_score([q["answerable"] for q, _ in asked[:limit]], odds))


@dataclass(frozen=True, slots=True)
class OnReleases:
    """Results on questions on releases, each read in every passage of its release.

    Attributes:
        words: In the passage that holds the answer and has the highest log-odds.
        first: The share whose passage with the highest log-odds holds the answer.
        answerable: AUROC of the highest log-odds, answerable against not.
    """

    words: Figures
    first: float
    answerable: float


def on_releases(reader: OnnxReader, folder: Path, cache: Path) -> OnReleases:
    """Read the releases a set asks about, with the context that the program adds."""
    of = load(folder.parent.parent, folder.name, cache)
    rows = {record["id"]: row for row, record in enumerate(of.records)}
    words, first, odds, able = [], [], [], []
    for asked in lines(folder / "questions.jsonl"):
        release = rows[asked["release"]]
        passages = [
            Candidate(
                key=row,
                terms=tokenize_passage(p.text, p.lang, p.sentences),
                title=p.title,
                title_terms=tokenize_title(p.title, p.lang),
                dense=None,
                sentence_cosines=(),
                lexical=None,
                release=release,
                date=of.records[release].get("date"),
            )
            for row, p in enumerate(of.passage_list)
            if p.record == release
        ]
        question = parse_question(asked["question"])
        pages = reader_inputs(question, passages, of.leads)
        readings = reader.read(question.text, pages)
        odds.append(max(reading.log_odds for reading in readings))
        able.append(asked["answerable"])
        order = sorted(range(len(pages)), key=lambda i: -readings[i].log_odds)
        holding = [i for i in order if any(a in passages[i].text for a in asked["answers"])]
        if holding:
            first.append(order[0] == holding[0])
            best = prefer_answer_type(question, pages[holding[0]].text, readings[holding[0]])
            found = pages[holding[0]].text[slice(*best.spans[0].span)]
            words.append((exact_match(found, asked["answers"]), token_f1(found, asked["answers"])))
    exact, f1 = np.mean(words, axis=0)
    return OnReleases(
        Figures(len(words), float(exact), float(f1)),
        float(np.mean(first)),
        float(roc_auc_score(able, odds)),
    )


def speed(reader: OnnxReader, texts: Sequence[str]) -> float:
    """Return the passages read per second."""
    started = time.perf_counter()
    reader.read("Who announced the funding for the bridge?", [ReaderInput(text) for text in texts])
    return len(texts) / (time.perf_counter() - started)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--reader", type=Path, default=None, help="another file than the packaged")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "releaseqa-fit")
    parser.add_argument("--limit", type=int, default=10_000)
    options = parser.parse_args()
    reader = OnnxReader(packaged_network(options.reader))
    for name in ("squad1.1-dev", "xquad-es", "piaf1.1"):
        found = in_gold(reader, options.data, name, options.limit)
        print(f"{name}: {found.questions} questions, EM {found.exact:.3f}, F1 {found.f1:.3f}")
    area = unanswerable(reader, options.data, options.limit)
    print(f"squad2.0-dev: AUROC, answerable against not: {area:.3f}")
    made = options.cache / "made"
    sets = [write_press_set(options.data, made)]
    sets += [write_fitting_set(options.data, made, WRITTEN / f"{n}.jsonl") for n in WRITTEN_SETS]
    for folder in sets:
        press = on_releases(reader, folder, options.cache)
        print(f"{folder.name}: {press.words.questions} questions, EM {press.words.exact:.3f}, "
              f"F1 {press.words.f1:.3f}, the right passage first in {press.first:.3f}, "
              f"AUROC, answerable against not: {press.answerable:.3f}", flush=True)  # fmt: skip
    records: list[dict[str, Any]] = lines(options.data / "eval" / "squad1.1-dev" / "corpus.jsonl")
    print(f"{speed(reader, [r['text'] for r in records[:100]]):.0f} paragraphs a second, "
          f"{reader.lanes} at a time")  # fmt: skip


if __name__ == "__main__":
    main()
