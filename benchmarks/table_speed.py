"""Measure the speed of a table of facts, next to asking every cell by a filtered search.

    python benchmarks/table_speed.py [--releases 300] [--collection FOLDER]

Takes releases of ../shared/data/press/canada-provinces, one file each, so that the filter `source`
can select a single one, and indexes them into a temporary folder or the given one (which is kept
and not indexed again). Prints cells a second with and without the reader, for the whole table and
for the same cells through `Collection.ask`; both must give the same cells.
"""

import argparse
import gzip
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from index.filters import NO_FILTERS, Filters  # noqa: E402
from index.ingest.update import update_collection  # noqa: E402
from qa import open_collection  # noqa: E402
from qa.batch.fact_table import (  # noqa: E402
    FactCell,
    cell,
    columns,
    rows,
)
from qa.batch.question_file import QuestionRecord  # noqa: E402
from qa.collection import Collection  # noqa: E402
from qa.types import AskOptions  # noqa: E402

QUESTIONS = (
    "How much money was announced?",
    "Who made the announcement?",
    "When does it take effect?",
    "Who is the partner?",
    "Where does it take place?",
)
BESIDE = 20
"""Releases whose cells are also asked one by one, which is slow."""


def index(collection: Path, corpus: Path, count: int) -> None:
    """Index the first releases of a corpus, one file each."""
    with tempfile.TemporaryDirectory() as scratch, gzip.open(corpus, "rt") as lines:
        for number, line in enumerate(islice(lines, count)):
            (Path(scratch) / f"{number}.jsonl").write_text(line, "utf-8")
        update_collection(collection, [Path(scratch)])


def one_by_one(collection: Collection, releases: int, *, reader: bool) -> Iterator[FactCell | None]:
    """Yield the cells of some releases, each asked by a search filtered to its release."""
    for stored in collection.per_release().releases(NO_FILTERS)[:releases]:
        for text in QUESTIONS:
            filters = Filters(source=stored.source)
            yield cell(collection.ask(text, k=1, filters=filters, reader=reader))


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--releases", type=int, default=300)
    parser.add_argument("--collection", type=Path)
    options = parser.parse_args()
    corpus = ROOT.parent / "shared/data/press/canada-provinces/corpus.jsonl.gz"
    if options.collection is None and not corpus.is_file():
        sys.exit(f"{corpus} is not here; name a collection of one file a release")
    wanted = columns([QuestionRecord(f"q{n}", text) for n, text in enumerate(QUESTIONS)])
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.collection or Path(scratch) / ".releaseqa"
        if not folder.is_dir():
            index(folder, corpus, options.releases)
        with open_collection(folder) as collection:
            collection.warm()
            print(json.dumps({"passages": collection.status().passages}))
            for reader in (True, False):
                asker = collection.per_release(AskOptions(reader=reader))
                releases = asker.releases(NO_FILTERS)
                started, spent = time.perf_counter(), time.process_time()
                found = [row.cells for row in rows(asker, releases, wanted, NO_FILTERS)]
                seconds = time.perf_counter() - started
                spent = time.process_time() - spent
                started = time.perf_counter()
                asked = list(one_by_one(collection, BESIDE, reader=reader))
                beside = time.perf_counter() - started
                same = asked == [c for cells in found[:BESIDE] for c in cells]
                print(
                    f"{'reader' if reader else 'no reader':10} {len(releases)} releases, "
                    f"{len(releases) * len(wanted)} cells, "
                    f"{sum(c is not None for cells in found for c in cells)} answered: "
                    f"{seconds:.1f} s, {len(releases) * len(wanted) / seconds:.1f} cells/s, "
                    f"{spent:.0f} s of processor; "
                    f"by filtered search {len(asked) / beside:.1f} cells/s; "
                    f"{'the same cells' if same else 'NOT THE SAME'}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
