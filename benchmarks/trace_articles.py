"""Measure `trace` on labelled articles over real press releases.

    python benchmarks/trace_articles.py --cache DIR [--list] [--write]

trace_articles.jsonl has 52 articles, each written as a news agency would from one release, in one
case from two: with sentences copied, edited and rephrased, numbers and names changed, and sentences
that no release has. Every sentence was labelled when it was written, before the program ran on it.
benchmarks/fit_trace.py fits on the 42 articles of use `fit`; the ten of use `report` were written
and run afterwards. A sentence is right if it comes from the release and the sentence of its label,
or from a near-duplicate of that release.

What an article copies is stored as spans of the release, so the file has no sentence of a release.
`at` has spans of words of the release's sentence, or of each that says the same, `differs` that of
the number or name that the article changes.

Besides: how many sentences of other newswire, which is no story of these releases, are traced
(trecqa-dev); and what is found of articles without their copied and edited sentences.

The collection is all of us-congress and 1,000 releases of canada-provinces. It is made in DIR,
which takes more than an hour, and kept there.
"""

import argparse
import gzip
import io
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from index.ingest.article import Article, read_article
from index.ingest.update import update_collection
from qa import open_collection
from qa.collection import Collection
from qa.tracing.types import Trace, TracedSentence
from samples import ROOT

ARTICLES = Path(__file__).with_name("trace_articles.jsonl")
RESULT = ROOT / "benchmarks" / "results" / "trace_articles.json"
_SEED = 20261202
_CANADIAN = 1_000
_NEWSWIRE = 12
"""Sentences of newswire in one article."""
_PARAGRAPH = 2
"""Sentences in a paragraph."""
_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def main() -> None:
    """Trace the articles, compare with the labels, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, required=True, help="folder of the collection")
    parser.add_argument("--list", action="store_true", help="show what is wrong")
    parser.add_argument("--use", choices=("fit", "report"), help="only these articles")
    parser.add_argument("--write", action="store_true", help="save the figures")
    given = parser.parse_args()
    if not (given.data / "press").is_dir():
        sys.exit(f"no press releases in {given.data}; name the folder with --data")
    articles = load()
    texts = release_texts(given.data, articles)
    if not (given.cache / "collection.sqlite3").is_file():
        _index(given.data, given.cache, articles)
    with open_collection(given.cache) as collection:
        collection.warm(reader=False)
        figures = {
            use: _score(collection, [a for a in articles if a["use"] == use], texts, given.list)
            for use in ([given.use] if given.use else ("fit", "report"))
        }
        if not given.use:
            figures["report, rephrased and own alone"] = _score(
                collection, [_rephrased(a) for a in articles if a["use"] == "report"], texts
            )
            figures["newswire"] = _newswire(collection, given.data / "eval" / "trecqa-dev")
    print(json.dumps(figures, indent=1))
    if given.write:
        RESULT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def load() -> list[dict[str, Any]]:
    """Return the labelled articles."""
    return [json.loads(line) for line in ARTICLES.read_text("utf-8").splitlines()]


def _records(data: Path, name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(data / "press" / name / "corpus.jsonl.gz", "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def release_texts(data: Path, articles: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the texts of the releases of the articles, by id."""
    wanted = {name for article in articles for name in article["releases"]}
    return {
        record["id"]: record["text"]
        for name in sorted({name.partition("/")[0] for name in wanted})
        for record in _records(data, name)
        if f"{name}/{record['id']}" in wanted
    }


def _index(data: Path, folder: Path, articles: Iterable[dict[str, Any]]) -> None:
    """Make the collection."""
    names = {name.partition("/")[2] for article in articles for name in article["releases"]}
    canadian = list(_records(data, "canada-provinces"))
    drawn = random.Random(_SEED).sample(canadian, _CANADIAN)
    known = {record["id"] for record in drawn}
    drawn += [r for r in canadian if r["id"] in names and r["id"] not in known]
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "releases.jsonl"
    with source.open("w", encoding="utf-8") as stream:
        for record in (*_records(data, "us-congress"), *drawn):
            stream.write(json.dumps(record) + "\n")
    update_collection(folder, [source])


def _rephrased(article: dict[str, Any]) -> dict[str, Any]:
    """Return an article without the sentences that have the words of a release."""
    kept = [s for s in article["sentences"] if s["label"] in {"rephrased", "own"}]
    return {**article, "sentences": kept}


def _read(sentences: Sequence[str]) -> Article:
    paragraphs = [
        " ".join(sentences[start : start + _PARAGRAPH])
        for start in range(0, len(sentences), _PARAGRAPH)
    ]
    return read_article(io.BytesIO("\n\n".join(paragraphs).encode()), "article.txt", 1_000_000)


def written(sentence: dict[str, Any], texts: dict[str, str]) -> str:
    """Return a sentence of an article, with what it copies."""
    return "".join(
        part if isinstance(part, str) else _one_line(texts[sentence["release"]][slice(*part)])
        for part in sentence["parts"]
    )


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _plain(text: str) -> str:
    return _one_line(text.translate(_MARKS)).casefold()


def traces(
    collection: Collection, articles: Sequence[dict[str, Any]], texts: dict[str, str]
) -> Iterator[tuple[dict[str, Any], Trace, float]]:
    """Yield the articles with their traces, and the seconds of CPU time that they took."""
    for article in articles:
        document = _read([written(sentence, texts) for sentence in article["sentences"]])
        started = time.process_time()
        trace = collection.trace(document)
        taken = time.process_time() - started
        if len(trace.sentences) != len(article["sentences"]):
            raise AssertionError(f"{article['releases']}: other sentences than were written")
        yield article, trace, taken


def _score(
    collection: Collection,
    articles: Sequence[dict[str, Any]],
    texts: dict[str, str],
    show: bool = False,
) -> dict[str, Any]:
    """Compare what is traced with the labels."""
    counts: Counter[str] = Counter()
    seconds = []
    for article, trace, taken in traces(collection, articles, texts):
        seconds.append(taken)
        for label, sentence in zip(article["sentences"], trace.sentences, strict=True):
            right = is_right(label, sentence, trace, texts)
            counts["sentences"] += 1
            counts["labelled"] += label["label"] != "own"
            counts["traced"] += sentence.source is not None
            counts["right"] += right
            counts["right with the form of the label"] += right and sentence.form == label["label"]
            counts[f"labelled {label['label']}"] += 1
            counts[f"right, labelled {label['label']}"] += right
            counts["facts changed"] += "differs" in label
            if sentence.differences:
                named = _names_difference(label, sentence, texts)
                counts["changes pointed out" if named else "other facts pointed out"] += 1
            if show and (right != (label["label"] != "own") or (sentence.source and not right)):
                source = sentence.source and sentence.source.text
                print(f"{label['label']} {sentence.form}: {sentence.text!r} <- {source!r}")
    return {
        "articles": len(articles),
        "precision": round(counts["right"] / max(1, counts["traced"]), 3),
        "recall": round(counts["right"] / max(1, counts["labelled"]), 3),
        **dict(sorted(counts.items())),
        "seconds of CPU time, most": round(max(seconds), 2),
    }


def is_right(
    label: dict[str, Any], sentence: TracedSentence, trace: Trace, texts: dict[str, str]
) -> bool:
    """Return whether a sentence is traced to the release and sentence of its label."""
    source = sentence.source
    if source is None or label["label"] == "own":
        return False
    release = trace.releases[source.release]
    known = label["release"] in {release.id, *release.copies}
    return known and has_label(label, source.text, texts)


def has_label(label: dict[str, Any], sentence: str, texts: dict[str, str]) -> bool:
    """Return whether a sentence of a release is the one of a label, or one of several."""
    for place in label.get("at", ()):
        words = _plain(texts[label["release"]][slice(*place)])
        # Where the program splits "Ms. Roe laid flowers", the label begins in the sentence before.
        if any(part in _plain(sentence) for part in (words, words.partition(" ")[2] or words)):
            return True
    return False


def _names_difference(
    label: dict[str, Any], sentence: TracedSentence, texts: dict[str, str]
) -> bool:
    if "differs" not in label:
        return False
    changed = _plain(texts[label["release"]][slice(*label["differs"])])
    return any(
        found.release and (_plain(found.release) in changed or changed in _plain(found.release))
        for found in sentence.differences
    )


def _newswire(collection: Collection, folder: Path) -> dict[str, Any]:
    """Return how many sentences of newswire are traced; none of them comes from the releases."""
    with (folder / "corpus.jsonl").open(encoding="utf-8") as stream:
        sentences = [_one_line(json.loads(line)["text"]) for line in stream]
    total = traced = 0
    for start in range(0, len(sentences), _NEWSWIRE):
        trace = collection.trace(_read(sentences[start : start + _NEWSWIRE]))
        total, traced = total + len(trace.sentences), traced + trace.traced
    return {"sentences": total, "traced": traced}


if __name__ == "__main__":
    main()
