"""How often another passage competes with the answer, and which evidence is worth painting.

    python benchmarks/alternatives.py --indexes DIR [--of a|b]

Asks the questions of ../shared/data/press-questions in the collections that its draw.py draws, each
indexed as DIR/NAME. For each limit on the margin between two passages it prints how many right and
how many wrong answers get a competing one, and how many of these hold the right words; then how
many of the sentences marked below the first passage hold the answer, by how sure the reader is. The
limits (`qa.answering.alternatives.WITHIN`, `qa.presentation.LEAST_READER`) were chosen on a; b is
reported.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

from index.text.analyzer import fold
from qa import open_collection
from qa.answering import alternatives
from qa.conversation import NO_CONVERSATION, conversation_from_history
from qa.evaluation.squad import token_f1
from qa.types import Answer, AskOptions

ROOT = Path(__file__).resolve().parent.parent
LIMITS = (1.0, 1.5, 2.0, 3.0, 4.0)
MOSTLY = 0.5
SURE = (0.9, 0.7, 0.5, 0.1, 0.0)


def main() -> None:
    """Ask, count, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--indexes", type=Path, required=True)
    parser.add_argument("--of", choices=("a", "b"), default="a")
    given = parser.parse_args()
    file = given.data / "press-questions" / f"{given.of}.jsonl"
    if not file.is_file():
        sys.exit(f"no questions in {file}; name the folder with --data")
    asked = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    for limit in LIMITS:
        with patch.object(alternatives, "WITHIN", limit):
            found = list(answers(asked, given.indexes))
            print(f"within {limit}: {competing(found)}")
    print(f"painted: {painting(found)}")  # which does not depend on the limit


def answers(
    asked: list[dict[str, Any]], indexes: Path
) -> Iterator[tuple[Mapping[str, Any], Answer]]:
    """Yield each question with its answer."""
    for name in sorted({question["collection"] for question in asked}):
        with open_collection(indexes / name) as collection:
            for question in asked:
                if question["collection"] == name:
                    before = question.get("history")
                    said = conversation_from_history(before) if before else NO_CONVERSATION
                    text = question["question"]
                    yield question, collection.ask(text, AskOptions(), conversation=said)


def competing(found: list[tuple[Mapping[str, Any], Answer]]) -> dict[str, int]:
    """Count right and wrong answers, with and without others that compete."""
    counts: Counter[str] = Counter()
    for question, answer in found:
        if answer.answer is None:
            continue
        right = "right" if _tells(question, answer.answer.text) else "wrong"
        counts[right] += 1
        if answer.alternatives:
            counts[f"{right}, another competes"] += 1
            counts[f"{right}, another is right"] += any(
                _tells(question, words.text) for words in answer.alternatives
            )
    return dict(sorted(counts.items()))


def painting(found: list[tuple[Mapping[str, Any], Answer]]) -> dict[str, str]:
    """Count the sentences marked below first passages that hold the answer, by the reader."""
    holding, marked = Counter[float](), Counter[float]()
    for question, answer in found:
        for passage in answer.passages[1:]:
            for mark in passage.highlights:
                if mark.kind == "evidence" and question["answers"]:
                    sure = next(s for s in SURE if (passage.scores.reader or 0.0) >= s)
                    sentence = _plain(passage.text[slice(*mark.span)])
                    marked[sure] += 1
                    holding[sure] += any(_plain(a) in sentence for a in question["answers"])
    return {f"{sure} or more": f"{holding[sure]} of {marked[sure]}" for sure in SURE}


def _tells(question: Mapping[str, Any], words: str) -> bool:
    """Whether words share most of their own with a known answer."""
    return token_f1(words, question["answers"]) > MOSTLY


def _plain(text: str) -> str:
    """Return the folded words of a text."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


if __name__ == "__main__":
    main()
