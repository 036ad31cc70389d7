"""Writes to one collection from many processes at once.

    python tests/support/many_writers.py FOLDER [--writers 8] [--wait]

The processes begin together. Each indexes a source of its own; then one removes a release, and
another repairs. With `--wait` they wait for one another. Without, one that is refused tries again.
Prints a JSON object for each writer with what refused it, and one with what is in the collection.

The processes are forked from one that has everything loaded; the encoder is a made one.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from forks import FORK, in_fork
from index_parts import put
from interrupted_updates import prepare
from same_collection import content_of

from index.encoders.model import load_model
from index.errors import CollectionBusyError, ReleaseIndexError
from index.ingest.update import remove_releases, update_collection
from index.verify.repair import repair_collection


def sources_of(folder: Path, writers: int) -> list[Path]:
    """Make a source for each writer."""
    texts = (
        f"Bridge {number} opens\n\nHALIFAX, March 3, 2021 - Bridge number {number} has "
        f"{number * 7 + 2} arches. It is open."
        for number in range(writers)
    )
    return [
        put(folder / "s" / f"{n}.jsonl", json.dumps({"id": f"r{n}", "text": text}))
        for n, text in enumerate(texts)
    ]


def _write(pipe: Connection, barrier: Barrier, act: Callable[[], object]) -> None:
    """Write when all others do, and again while refused."""
    refused: list[str] = []
    barrier.wait()
    while True:
        try:
            act()
            break
        except CollectionBusyError as error:
            refused.append(str(error))
        except ReleaseIndexError as error:
            refused.append(f"{type(error).__name__}: {error}")
            break
    pipe.send(sorted(set(refused)))


def _all_at_once(acts: Sequence[Callable[[], object]]) -> list[Any]:
    """Run each act in a process of its own; return what refused it."""
    barrier = FORK.Barrier(len(acts))
    pipes, processes = [], []
    for act in acts:
        here, there = FORK.Pipe(duplex=False)
        processes.append(FORK.Process(target=_write, args=(there, barrier, act)))
        processes[-1].start()
        there.close()
        pipes.append(here)
    found = [pipe.recv() for pipe in pipes]
    for process in processes:
        process.join()
    return found


def main(arguments: Sequence[str]) -> None:
    """Write; print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--wait", action="store_true")
    chosen = parser.parse_args(arguments)
    folder, wait = chosen.folder / "c", chosen.wait
    prepare(load_model())

    def indexing(source: Path) -> Callable[[], object]:
        return lambda: update_collection(folder, [source], wait=wait)

    sources = sources_of(chosen.folder, chosen.writers)
    found = _all_at_once([indexing(source) for source in sources])
    found += _all_at_once([
        lambda: remove_releases(folder, ["r0"], wait=wait),
        lambda: repair_collection(folder, wait=wait),
        *map(indexing, sources[1:]),
    ])  # fmt: skip
    for refused in found:
        sys.stdout.write(f"{json.dumps(refused)}\n")
    content = in_fork(lambda: content_of(folder))
    sys.stdout.write(json.dumps({
        "releases": sorted(content["order of releases"]), "to encode": content["to encode"],
        "findings": [str(finding) for finding in content["findings"]],
        "strays": content["strays"], "files": content["files"],
    }) + "\n")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
