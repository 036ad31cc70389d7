"""Measure answer spans, evidence and abstention on the questions of samples/ or a similar file.

    python benchmarks/samples.py [--questions FILE --collection FOLDER] [--list]

For questions with an answer: whether the first passage holds one, whether the evidence does, and
how the answer span compares with it (SQuAD's F1 over .5, and equal). For the others: how many are
declined. Questions are asked at the default threshold; answer spans count even if the question is
declined.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("HF_HUB_OFFLINE", "1")

sys.path.insert(0, str(ROOT))

from index.ingest.update import update_collection  # noqa: E402
from qa import open_collection  # noqa: E402
from qa.evaluation.squad import exact_match, token_f1  # noqa: E402
from qa.types import Answer  # noqa: E402

CLOSE = 0.5
ANY = 0.999


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one question.

    Attributes:
        f1: F1 of the answer span and the closest answer; 0 without an answer span.
    """

    asked: str
    words: str
    gold: tuple[str, ...]
    passage: bool
    evidence: bool
    f1: float
    same: bool
    answered: bool
    confidence: float


def outcome(asked: dict[str, Any], answer: Answer, anyway: Answer) -> Outcome:
    """Compare an answer, and the one given at any risk, with the file."""
    gold = tuple(asked["answers"])
    first = anyway.passages[0] if anyway.passages else None
    known = {first.release.id, *first.also_in} if first else set()
    top = first.text if first and (not gold or asked["release"] in known) else ""
    spans = (
        [mark.span for mark in first.highlights if mark.kind == "evidence"] if first and top else []
    )
    marked = " ".join(top[start:end] for start, end in spans)
    words = anyway.answer.text if anyway.answer else ""
    return Outcome(
        asked["question"], words, gold,
        passage=any(text in top for text in gold),
        evidence=any(text in marked for text in gold),
        f1=token_f1(words, gold) if words else 0.0,
        same=bool(words) and bool(exact_match(words, gold)),
        answered=answer.answered,
        confidence=answer.confidence,
    )  # fmt: skip


def main() -> None:
    """Ask, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=Path, default=ROOT / "samples" / "questions.jsonl")
    parser.add_argument("--collection", type=Path, help="made of samples/releases when left out")
    parser.add_argument("--list", action="store_true", help="print each question that misses")
    given = parser.parse_args()
    lines = given.questions.read_text("utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.collection or Path(scratch) / ".releaseqa"
        if given.collection is None:
            update_collection(folder, [str(ROOT / "samples" / "releases")])
        found = outcomes(folder, asked)
    report(found, misses=given.list)


def outcomes(folder: Path, asked: Sequence[dict[str, Any]]) -> list[Outcome]:
    """Ask a collection every question, at the default risk and at any."""
    with open_collection(folder) as collection:
        return [
            outcome(q, collection.ask(q["question"]), collection.ask(q["question"], risk=ANY))
            for q in asked
        ]


def report(found: Sequence[Outcome], *, misses: bool) -> None:
    """Print the counts, and the questions whose answer is not close."""
    able = [o for o in found if o.gold]
    unable = [o for o in found if not o.gold]
    print(
        f"of {len(able)}: passage {sum(o.passage for o in able)}, evidence "
        f"{sum(o.evidence for o in able)}, words close {sum(o.f1 > CLOSE for o in able)}, "
        f"words equal {sum(o.same for o in able)}, answered {sum(o.answered for o in able)}, "
        f"of them in another passage {sum(o.answered and not o.passage for o in able)}; "
        f"declined {sum(not o.answered for o in unable)} of {len(unable)} without an answer"
    )
    for o in able if misses else ():
        if o.f1 <= CLOSE:
            where = "sentence" if o.evidence else "passage" if o.passage else "elsewhere"
            print(f"- {o.asked}\n    {o.words!r} for {' / '.join(o.gold)!r} ({where})")


if __name__ == "__main__":
    main()
