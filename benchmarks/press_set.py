"""Questions about press releases as a judged set: a folder like those of ../shared/data/eval.

tests/data/press_questions.jsonl has questions about releases of ../shared/data/press, worded unlike
them, with the positions of their answers; training/questions has many more, for training. The
collection is the releases asked about and others of the same sets, drawn at random.
"""

import gzip
import json
import random
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

QUESTIONS = Path(__file__).resolve().parent.parent / "tests" / "data" / "press_questions.jsonl"
HELD_OUT = QUESTIONS.with_name("press_questions_held_out.jsonl")
"""Questions of the same kind that were used for no choice and no fit."""
WRITTEN = QUESTIONS.parents[2] / "training" / "questions"
"""Many more, on releases and articles; the reader is trained on most of them."""
OTHERS = 500
"""Releases of each set that no question is about."""
SEED = 3


def is_left_for_fitting(record: str) -> bool:
    """Whether written questions on a record are left for fitting.

    Those on one release in four are, and on nearly half of the QuAC sections, which were drawn by a
    similar checksum. None are on paragraphs of sets that are used for training anyway.
    """
    if record.startswith(("squad", "trecqa")):
        return False
    return zlib.crc32(record.encode()) % 4 == 0


def write_fitting_set(data: Path, into: Path, questions: Path) -> Path:
    """Write the part of the written questions that is left for fitting; return its folder.

    The collection has only the records left for fitting. The reader was trained on no question
    about them, and the fewer they are, the more rarely another record also answers and counts as
    wrong.
    """
    return write_press_set(data, into, questions, others=0, kept=is_left_for_fitting)


def write_press_set(
    data: Path,
    into: Path,
    questions: Path = QUESTIONS,
    others: int = OTHERS,
    *,
    kept: Callable[[str], bool] | None = None,
    name: str | None = None,
) -> Path:
    """Write the set if it is missing; return its folder.

    Args:
        data: Holds the folders `press` and `eval`.
        into: Folder of the sets that are made; this one is the folder `eval/NAME` in it.
        questions: The question file.
        others: Releases of each set that no question is about.
        kept: Tells by the record, as SET/ID, which questions to use; None for all.
        name: Name of the set; None to name it after the file.

    Raises:
        FileNotFoundError: The releases are missing.
    """
    marked = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
    marked = [m for m in marked if kept is None or kept(f"{m['set']}/{m['release']}")]
    corpus: list[dict[str, Any]] = []
    texts: dict[tuple[str, str], str] = {}
    for source in sorted({m["set"] for m in marked}):
        wanted = {m["release"] for m in marked if m["set"] == source}
        for record in _chosen(read_corpus(data, source), wanted, others):
            corpus.append({**record, "id": f"{source}/{record['id']}"})
            texts[source, record["id"]] = record["text"]
    asked = [
        {
            "id": m["id"],
            "question": m["question"],
            "answerable": bool(m["answers"]),
            "answers": [texts[m["set"], m["release"]][a:b] for a, b in m["answers"]],
            "release": f"{m['set']}/{m['release']}",
        }
        for m in marked
    ]
    folder = into / "eval" / (name or questions.stem.replace("_", "-"))
    _write(folder / "corpus.jsonl", map(json.dumps, corpus))
    _write(folder / "questions.jsonl", map(json.dumps, asked))
    _write(folder / "qrels.tsv", (f"{a['id']}\t{a['release']}\t1" for a in asked if a["answers"]))
    return folder


def read_corpus(data: Path, name: str) -> dict[str, dict[str, Any]]:
    """Return the records of a set by their ids, releases or those of a judged set."""
    press = data / "press" / name / "corpus.jsonl.gz"
    lines = (
        gzip.decompress(press.read_bytes()).decode("utf-8").split("\n")
        if press.exists()
        else (data / "eval" / name / "corpus.jsonl").read_text("utf-8").split("\n")
    )
    return {record["id"]: record for record in map(json.loads, filter(None, lines))}


def _chosen(
    records: dict[str, dict[str, Any]], wanted: set[str], others: int
) -> list[dict[str, Any]]:
    """Return the wanted records and others drawn at random, in the order of their ids."""
    drawn = random.Random(SEED).sample(sorted(records), others)
    return [records[name] for name in sorted(wanted | set(drawn))]


def _write(path: Path, lines: Iterable[str]) -> None:
    """Write lines, unless they are there already: a collection made of them stays current."""
    text = "".join(f"{line}\n" for line in lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
