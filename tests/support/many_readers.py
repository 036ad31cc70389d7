"""Reads a collection from many processes while another one publishes generations of it.

    python tests/support/many_readers.py FOLDER [--readers 100] [--generations 6]

Each generation replaces all releases, which state its number, in one commit. Half of the readers
keep the collection open, the others open it for each question. They ask
by words until the last generation is published, and once after that. Prints a JSON object for each
reader: how many questions it asked, the generations that its answers are of, in that order, and
what was wrong: an error, an answer of two generations, or an answer that lacks a release while no
update is in progress.

The processes are forked from one that has everything loaded; the encoder is a made one.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from forks import FORK, in_fork
from index_parts import put
from interrupted_updates import prepare

from index.encoders.model import load_model
from index.ingest import sync
from index.ingest.update import update_collection
from qa.collection import Collection

QUESTION = "What does a bridge cost?"
_TEXTS = {
    "bridge": (
        "Bridge opens\n\nHALIFAX, March 3, 2021 - The bridge over the harbour costs {} million "
        "dollars and is open from Monday."
    ),
    "school": (
        "Minister visits school\n\nREGINA, May 5, 2022 - Pupils learned that a bridge made by the "
        "engineers of the province costs {} million dollars, said Anna Roy. Lessons go on."
    ),
    "news": (
        "Answers to letters\n\nGANDER, June 7, 2020 - A bridge like that of last year costs {} "
        "million dollars today; the mayor does not want one."
    ),
}
RELEASES = frozenset(_TEXTS)
_PAUSE_S = 0.5
"""Between two questions of a reader, so that the writer gets its turn on a small machine."""
_COST = re.compile(r"costs ([0-9]+)\s+million")


def publish(folder: Path, generation: int) -> None:
    """Replace all releases by those of a generation."""
    records = [{"id": name, "text": text.format(generation)} for name, text in _TEXTS.items()]
    source = put(
        folder / "a.jsonl", "\n".join(map(json.dumps, records)), age_s=4000 - 10 * generation
    )
    update_collection(folder / "c", [source])


def generations_of(passages: Sequence[Any]) -> dict[str, int]:
    """Return the generation that each release of an answer is of."""
    costs = ((passage.release.id, _COST.search(passage.text)) for passage in passages)
    return {release: int(cost[1]) for release, cost in costs if cost is not None}


class Reader:
    """Asks, and notes what is wrong.

    Attributes:
        asked: How many questions.
        seen: The generations of the answers, without repetitions.
        faults: What was wrong.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.asked = 0
        self.seen: list[int] = []
        self.faults: list[str] = []

    def ask(self, collection: Collection) -> None:
        """Ask once."""
        found = generations_of(collection.ask(QUESTION, k=8, words_only=True).passages)
        notes = collection._searcher.indexes.notes  # not taken: they are said once
        self.asked += 1
        if len(set(found.values())) > 1:
            self.faults.append(f"an answer of two generations: {found}")
        if found.keys() != RELEASES and not any("update is running" in note for note in notes):
            self.faults.append(f"an answer that lacks a release: {found}, {notes}")
        self.seen += [number for number in set(found.values()) if number not in self.seen[-1:]]

    def ask_anew(self) -> None:
        """Open the collection and ask."""
        with Collection(self._folder) as collection:
            self.ask(collection)


def _read(pipe: Connection, folder: Path, stop: Path, *, keeps_open: bool) -> None:
    reader = Reader(folder)
    try:
        with closing(Collection(folder)) as collection:

            def once() -> None:
                if keeps_open:
                    reader.ask(collection)
                else:
                    reader.ask_anew()

            _read_on(once, pipe, stop)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
        reader.faults.append(repr(error))
    pipe.send({"asked": reader.asked, "seen": reader.seen, "faults": reader.faults})


def _read_on(once: Callable[[], None], pipe: Connection, stop: Path) -> None:
    once()
    pipe.send("ready")
    while not stop.exists():
        once()
        time.sleep(_PAUSE_S)
    once()


def main(arguments: Sequence[str]) -> None:
    """Read and write; print what the readers found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readers", type=int, default=100)
    parser.add_argument("--generations", type=int, default=6)
    chosen = parser.parse_args(arguments)
    folder, stop = chosen.folder, chosen.folder / "stop"
    batch = sync._BATCH
    prepare(load_model())
    sync._BATCH = batch  # a generation is one commit
    in_fork(lambda: publish(folder, 1))
    pipes, processes = [], []
    for number in range(chosen.readers):
        here, there = FORK.Pipe(duplex=False)
        process = FORK.Process(
            target=_read, args=(there, folder / "c", stop), kwargs={"keeps_open": number % 2 == 0}
        )
        process.start()
        there.close()
        pipes.append(here)
        processes.append(process)
    results: list[Any] = [pipe.recv() for pipe in pipes]
    for generation in range(2, chosen.generations + 1):
        in_fork(lambda number=generation: publish(folder, number))  # type: ignore[misc]
    stop.touch()
    for pipe, process, first in zip(pipes, processes, results, strict=True):
        found = pipe.recv() if first == "ready" else first
        process.join()
        sys.stdout.write(f"{json.dumps(found)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
