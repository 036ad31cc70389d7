"""Measure whether paragraphs that many releases repeat crowd out the answers.

    python benchmarks/boilerplate.py [--meaning RELEASES]

500 paragraphs are generated with a fixed seed from names and words of the us-congress releases.
Each is added to the end of 24 releases whose words it shares, half of them below a heading "About
…". 100 questions are made from sentences of the releases by one rule ("… announced that …" becomes
"Who announced that …?"). A question fails if one of its first three passages is boilerplate: a
generated paragraph or a passage of that kind. Runs by words over all 12,216 releases; with
--meaning, also with vectors and the reader over that many.
"""

import argparse
import gzip
import json
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from index.ingest.update import update_collection  # noqa: E402
from index.text.stopwords import function_words  # noqa: E402
from qa import open_collection  # noqa: E402

if TYPE_CHECKING:
    from index.reports import Progress

CORPUS = ROOT.parent / "shared" / "data" / "press" / "us-congress" / "corpus.jsonl.gz"
RESULT = ROOT / "benchmarks" / "results" / "boilerplate.json"
SEED = 11
PARAGRAPHS = 500
CARRIERS = 24
QUESTIONS = 100
VERBS = "announced introduced urged praised released joined applauded voted called led"
SAID = re.compile(
    r"(?:^|(?<=[.!?”] ))(?:[A-Z][^.!?\n]{8,80}?) "
    rf"(?P<said>(?:{'|'.join(VERBS.split())}) [^.!?\n]{{40,160}})[.]"
)
NAME = re.compile(r"(?:[A-Z][a-z]+ ){1,2}[A-Z][a-z]+")
WORD = re.compile(r"[A-Za-z]{5,}")


def paragraph(number: int, members: Sequence[dict[str, Any]], chance: random.Random) -> str:
    """Generate a paragraph from the names and the most frequent words of releases."""
    text = " ".join(member["text"] for member in members)
    names = [name for name, _ in Counter(NAME.findall(text)).most_common(12)] or ["The Office"]
    stop = function_words("en")
    words = Counter(w.lower() for w in WORD.findall(text) if w.lower() not in stop)
    common = [word for word, _ in words.most_common(30)]
    name, (a, b, c, d, e, f) = chance.choice(names), chance.sample(common, 6)
    body = (
        f"{name} works for the people on {a}, {b} and {c}. Since {1950 + number % 60} the office "
        f"has announced, introduced and supported measures on {d} and {e}, and it reports on {f} "
        f"and {a} every year. To learn more about {b}, {d} and {name}, read the pages on {c}."
    )
    return f"About {name}\n\n{body}" if number % 2 else body


def with_boilerplate(records: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], set[str]]:
    """Return the records with generated paragraphs at their ends, and the words of these."""
    chance = random.Random(SEED)
    order = list(range(len(records)))
    chance.shuffle(order)
    made: set[str] = set()
    changed = [dict(record) for record in records]
    for number in range(min(PARAGRAPHS, len(order) // CARRIERS)):
        places = order[number * CARRIERS : (number + 1) * CARRIERS]
        text = paragraph(number, [records[place] for place in places[:4]], chance)
        made.add(text.rpartition("\n")[2])
        for place in places:
            changed[place]["text"] += f"\n\n{text}"
    return changed, made


def questions(records: Sequence[dict[str, Any]]) -> list[str]:
    """Return questions made from sentences that say who did what."""
    found = [match for record in records if (match := SAID.search(record["text"][:1_500]))]
    chosen = random.Random(SEED).sample(found, min(QUESTIONS, len(found)))
    return [f"Who {' '.join(match['said'].split()[:16])}?" for match in chosen]


def crowded(
    folder: Path, asked: Sequence[str], made: set[str], *, words_only: bool
) -> dict[str, Any]:
    """Return how many questions have boilerplate in the first three passages, and which."""
    hit = []
    with open_collection(folder) as collection:
        for question in asked:
            answer = collection.ask(question, k=3, words_only=words_only)
            for passage in answer.passages:
                formal = passage.kind == "boilerplate" or any(text in passage.text for text in made)
                if formal:
                    hit.append(f"{question} [{passage.rank}, {passage.kind}]")
    return {
        "questions": len(asked),
        "passages of boilerplate in the first three": len(hit),
        "which": hit,
    }


def measured(records: list[dict[str, Any]], *, words_only: bool) -> dict[str, Any]:
    """Index records with boilerplate and ask the questions."""
    changed, made = with_boilerplate(records)
    seen: list[Progress] = []
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "releases.jsonl"
        source.write_text("".join(json.dumps(record) + "\n" for record in changed))
        update_collection(
            Path(scratch) / "c",
            [source],
            progress=lambda step: seen.__setitem__(slice(None), [step]),
            cancelled=lambda: words_only and bool(seen) and seen[0].stage == "meaning",
        )
        found = crowded(Path(scratch) / "c", questions(records), made, words_only=words_only)
    return {"releases": len(records), "paragraphs": len(made), **found}


def main() -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--meaning", type=int, default=0, metavar="RELEASES")
    options = parser.parse_args()
    if not CORPUS.is_file():
        sys.exit("the set us-congress (../shared) is not here")
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    result = json.loads(RESULT.read_text("utf-8")) if RESULT.exists() else {}
    if options.meaning:
        part = random.Random(SEED).sample(records, options.meaning)
        result["by words and meaning, with the reader"] = measured(part, words_only=False)
    result["by words"] = measured(records, words_only=True)
    text = json.dumps(result, indent=1, ensure_ascii=False)
    print(text)
    RESULT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
