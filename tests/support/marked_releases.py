"""The hand-marked releases of the press sets, and how well `analyze` finds what was marked.

The marks are ids and offsets only; the releases are read from the folder that the environment
variable RELEASEQA_PRESS names, else from ../shared/data/press.
"""

import gzip
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checkout import EVALUATION_SETS, ROOT

from index.structure.analyze import analyze
from index.structure.types import Structure

MARKS = ROOT / "tests" / "data" / "structure_marks.json"
FRESH = MARKS.with_name("structure_marks_fresh.json")
"""Marked before anything was run on the releases, without sight of the code; all held out."""
FRESH_AGAIN = MARKS.with_name("structure_marks_fresh_2.json")
"""Marked in the same way after what the fresh ones had shown was mended; all held out."""
FRESH_THIRD = MARKS.with_name("structure_marks_fresh_3.json")
"""And once more, after what the second had shown was mended; all held out."""
FRESH_FOURTH = MARKS.with_name("structure_marks_fresh_4.json")
"""Contacts and boilerplate alone: drawn by numbers, addresses and recurring lines; all held out."""
FRESH_FIFTH = MARKS.with_name("structure_marks_fresh_5.json")
"""Boilerplate alone, drawn by recurring lines; all held out."""
PRESS = Path(os.environ.get("RELEASEQA_PRESS", EVALUATION_SETS / "data/press"))
PARTS = ("drawn", "with_about_line", "heads", "headlines")
"""Releases marked for everything; contacts and boilerplate; headline and date; headline alone."""

ELEMENTS = ("headline", "date", "quotes", "speaker", "contact", "boilerplate")


@dataclass(frozen=True)
class MarkedRelease:
    """A release with what was marked in it; `marks` lacks the elements that were not looked at."""

    text: str
    title: str
    marks: Mapping[str, Any]


@dataclass
class Counts:
    """How many were found, how many of these are right, how many there are."""

    right: int = 0
    found: int = 0
    marked: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of right among the found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of found among the marked."""
        return self.right / self.marked if self.marked else 1.0


def marked_releases(*, held: bool, path: Path = MARKS) -> list[MarkedRelease]:
    """Return the releases of one part of a file of marks with these, in the order of the marks."""
    marks = json.loads(path.read_text(encoding="utf-8"))
    wanted = [m for part in PARTS for m in marks[part] if m["held"] == held]
    records = {name: dict(_records(name)) for name in {m["set"] for m in wanted}}
    return [
        MarkedRelease(record["text"], record["title"], m)
        for m in wanted
        if (record := records[m["set"]][m["id"]])
    ]


def _records(name: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    with gzip.open(PRESS / name / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["id"], record


def score(releases: Iterable[MarkedRelease]) -> dict[str, Counts]:
    """Compare what `analyze` finds with the marks.

    Headlines, dates and quotations count as wholes, a quotation when both its ends are right to
    the character. Speakers are counted over the quotations that were found, by name in any
    letter case. Contacts and boilerplate are counted in words, since they are stretches.
    """
    counts = {element: Counts() for element in ELEMENTS}
    for release in releases:
        structure = analyze(release.text, release.title or None)
        marks = release.marks
        if "headline" in marks:
            _score_head(counts, release, structure)
        if "quotes" in marks:
            _score_quotes(counts, release, structure)
        for kind in {"contact", "boilerplate"} & marks.keys():
            spans = [p.span for p in structure.paragraphs if p.kind == kind]
            found, right = _words(release.text, spans), _words(release.text, marks[kind])
            _add(counts[kind], found, right, release)
    return counts


def _score_head(counts: Mapping[str, Counts], release: MarkedRelease, found: Structure) -> None:
    headline = {p.span for p in found.paragraphs if p.kind == "headline"}
    marked = {tuple(release.marks["headline"])} if release.marks["headline"] else set()
    _add(counts["headline"], headline, marked, release)
    if "date" not in release.marks:
        return
    own = found.date.iso if found.date and found.date.source == "dateline" else None
    date = release.marks["date"]
    _add(counts["date"], {own} - {None}, {date} - {None}, release)


def _score_quotes(counts: Mapping[str, Counts], release: MarkedRelease, found: Structure) -> None:
    text = release.text
    marked = {(start, end): names for start, end, names in release.marks["quotes"]}
    quotations = {q.span: q.speaker for q in found.quotations}
    _add(counts["quotes"], set(quotations), set(marked), release)
    speakers = counts["speaker"]
    for span in quotations.keys() & marked.keys():
        names = {" ".join(text[start:end].split()).casefold() for start, end in marked[span]}
        speaker = quotations[span]
        right = speaker is not None and speaker.casefold() in names
        speakers.right += right
        speakers.found += speaker is not None
        speakers.marked += bool(names)
        if not right and (names or speaker):
            speakers.wrong.append(f"{release.marks['id']}: {speaker!r} for {sorted(names)}")


def _add(counts: Counts, found: set[Any], marked: set[Any], release: MarkedRelease) -> None:
    counts.right += len(found & marked)
    counts.found += len(found)
    counts.marked += len(marked)
    for sign, items in (("+", found - marked), ("-", marked - found)):
        counts.wrong += [f"{release.marks['id']}: {sign}{item}" for item in sorted(items)]


def _words(text: str, spans: Iterable[Iterable[int]]) -> set[int]:
    """Return where the words within `spans` begin."""
    return {
        place
        for start, end in spans
        for place in range(start, end)
        if text[place].isalnum() and not text[place - 1 : place].isalnum()
    }
