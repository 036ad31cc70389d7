"""The questions on real press releases as a judged set: a folder as those of ../shared/data/eval.

tests/data/press_questions.jsonl holds questions that readers wrote on releases of
../shared/data/press, worded unlike them, with the places of their answers. The releases asked
about and others of the same sets, drawn at random, make the collection.
"""

import gzip
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

QUESTIONS = Path(__file__).resolve().parent.parent / "tests" / "data" / "press_questions.jsonl"
HELD_OUT = QUESTIONS.with_name("press_questions_held_out.jsonl")
"""Questions of the same kind that nothing was chosen or fitted by."""
OTHERS = 500
"""Releases of each set that nothing is asked about."""
SEED = 3


def write_press_set(data: Path, into: Path, questions: Path = QUESTIONS) -> Path:
    """Write the set where it is not yet; return its folder.

    Args:
        data: Holds the folder `press`.
        into: Folder of the sets that are made; this one is the folder `eval/NAME` in it.
        questions: Which of the question files.

    Raises:
        FileNotFoundError: The releases are not there.
    """
    marked = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
    corpus: list[dict[str, Any]] = []
    texts: dict[tuple[str, str], str] = {}
    for name in sorted({m["set"] for m in marked}):
        wanted = {m["release"] for m in marked if m["set"] == name}
        for record in _releases(data / "press" / name / "corpus.jsonl.gz", wanted):
            corpus.append({**record, "id": f"{name}/{record['id']}"})
            texts[name, record["id"]] = record["text"]
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
    folder = into / "eval" / questions.stem.replace("_", "-")
    _write(folder / "corpus.jsonl", map(json.dumps, corpus))
    _write(folder / "questions.jsonl", map(json.dumps, asked))
    _write(folder / "qrels.tsv", (f"{a['id']}\t{a['release']}\t1" for a in asked if a["answers"]))
    return folder


def _releases(path: Path, wanted: set[str]) -> list[dict[str, Any]]:
    """Return the releases wanted and others drawn at random, in the order of their ids."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        records = {record["id"]: record for record in map(json.loads, stream)}
    drawn = random.Random(SEED).sample(sorted(records), OTHERS)
    return [records[name] for name in sorted(wanted | set(drawn))]


def _write(path: Path, lines: Iterable[str]) -> None:
    """Write lines, unless they stand there already: a collection made of them stays current."""
    text = "".join(f"{line}\n" for line in lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
