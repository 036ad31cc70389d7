"""How often a word of a question is taken for mistyped, which, and what that costs.

    python benchmarks/respelling.py [--index DIR --questions FILE.jsonl …]

Default: the questions of squad2.0-dev, asked of its paragraphs. Prints each question that is
changed, to be judged by reading, and the time that the look-up takes: for a question with a word
that occurs nowhere when it is asked again, and for all others.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

from evaluation_sets import ROOT

from index.ingest.update import update_collection
from index.search.searcher import Searcher
from qa.query.question import parse_question
from qa.retrieval.respelling import Respeller
from qa.retrieval.retriever import MAX_LANGUAGES

SQUAD = ROOT.parent / "shared" / "data" / "eval" / "squad2.0-dev"


@contextmanager
def opened(folder: Path | None) -> Iterator[Searcher]:
    """Open a collection, or one of the paragraphs of SQuAD with words alone."""
    with tempfile.TemporaryDirectory() as scratch:
        if folder is None:
            folder = Path(scratch) / "squad"
            words: list[str] = []
            update_collection(
                folder,
                [SQUAD / "corpus.jsonl"],
                progress=lambda progress: words.append(progress.stage),
                cancelled=lambda: "meaning" in words,
            )
        with closing(Searcher(folder)) as searcher:
            yield searcher


def questions(files: Sequence[Path]) -> Iterator[str]:
    """Yield the questions of files of JSON Lines."""
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["question"].strip()


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--index", type=Path)
    parser.add_argument("--questions", type=Path, nargs="+", default=[SQUAD / "questions.jsonl"])
    given = parser.parse_args()
    with opened(given.index) as searcher:
        respeller, languages = Respeller(searcher), searcher.languages()[:MAX_LANGUAGES]
        changed, all_known, replaced = 0, [], []
        asked = [parse_question(text) for text in questions(given.questions)]
        for question in asked:
            corrections = respeller.corrections(question, languages)
            started = time.perf_counter()
            respeller.corrections(question, languages)
            (replaced if corrections else all_known).append(time.perf_counter() - started)
            changed += bool(corrections)
            for word in corrections:
                print(f"{word.typed} -> {word.searched}: {question.text}")
    print(f"{len(asked):,} questions, {changed} changed")
    for name, seconds in (("changed", replaced), ("other", all_known)):
        if seconds:
            print(f"{name}: {median(seconds) * 1e3:.3f} ms, at most {max(seconds) * 1e3:.3f} ms")


if __name__ == "__main__":
    main()
