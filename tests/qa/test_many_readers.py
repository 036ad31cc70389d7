"""Many readers of one collection at once, while it changes."""

import gc
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import pytest
from checkout import SUPPORT, process_environment
from many_readers import QUESTION, RELEASES, generations_of, publish

from index.search.searcher import Searcher
from index.store.reader import STORE_NAME
from qa.collection import Collection

OPEN_FILES = Path("/proc/self/fd")
READERS, GENERATIONS = 100, 3

pytestmark = pytest.mark.usefixtures("exported_encoder")


@pytest.mark.slow
def test_a_hundred_processes_read_while_generations_are_published(tmp_path: Path) -> None:
    """Each answer is of one generation, whole or with the note that an update is in progress.

    None fails, none goes back to an earlier generation, and all end with the last.
    """
    done = subprocess.run(
        [sys.executable, SUPPORT / "many_readers.py", tmp_path,
         "--readers", str(READERS), "--generations", str(GENERATIONS)],
        capture_output=True, text=True, check=False, env=process_environment(),
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]

    assert [[]] * READERS == [reader["faults"] for reader in found]
    for reader in found:
        assert sorted(reader["seen"]) == reader["seen"]
        assert (1, GENERATIONS) == (reader["seen"][0], reader["seen"][-1])
        assert 2 <= reader["asked"]


def test_a_hundred_threads_share_a_collection_that_changes(tmp_path: Path) -> None:
    """Searched by words and by meaning, and refreshed by all of them."""
    publish(tmp_path, 1)
    begun, ended = Barrier(READERS + 1), Event()

    with Collection(tmp_path / "c") as collection:

        def read(_: int) -> list[set[int]]:
            found = [ask()]
            begun.wait()
            while not ended.is_set():
                collection.refresh()
                found.append(ask())
            collection.refresh()
            return [*found, ask()]

        def ask() -> set[int]:
            answer = collection.ask(QUESTION, k=8, reader=False)
            return set(generations_of(answer.passages).values())

        with ThreadPoolExecutor(READERS) as pool:
            readers = [pool.submit(read, number) for number in range(READERS)]
            begun.wait()
            try:
                for generation in range(2, GENERATIONS + 1):
                    publish(tmp_path, generation)
            finally:
                ended.set()
            found = [reader.result() for reader in readers]
        last = generations_of(collection.ask(QUESTION, k=8, reader=False).passages)

    assert dict.fromkeys(RELEASES, GENERATIONS) == last
    for generations in found:
        assert all(len(of_answer) <= 1 for of_answer in generations)
        assert ({1}, {GENERATIONS}) == (generations[0], generations[-1])


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="the open files are not told here")
def test_what_a_refresh_replaces_is_closed(tmp_path: Path) -> None:
    """At once, not when the garbage collector runs: else the next writer leaves the log behind."""
    gc.disable()
    try:
        publish(tmp_path, 1)
        with Collection(tmp_path / "c") as collection:
            for generation in (2, 3):
                publish(tmp_path, generation)
                assert collection.refresh()
                assert collection.ask(QUESTION, words_only=True).passages
        held = [file for file in map(os.path.realpath, OPEN_FILES.iterdir()) if STORE_NAME in file]
    finally:
        gc.enable()

    assert [] == held


def test_a_question_during_which_releases_are_replaced_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is whole, and of the later generation."""
    publish(tmp_path, 1)
    real = Searcher.search_lexical

    def searched(*arguments: object) -> object:
        found = real(*arguments)  # type: ignore[arg-type]
        monkeypatch.setattr(Searcher, "search_lexical", real)
        publish(tmp_path, 2)
        return found

    monkeypatch.setattr(Searcher, "search_lexical", searched)
    with Collection(tmp_path / "c") as collection:
        answer = collection.ask(QUESTION, k=8, words_only=True)

    assert dict.fromkeys(RELEASES, 2) == generations_of(answer.passages)


def test_a_new_word_index_of_the_same_releases_is_a_new_state(tmp_path: Path) -> None:
    """A reader that opened the collection before it was published can see that there is one."""
    publish(tmp_path, 1)
    with Collection(tmp_path / "c") as collection:
        before = generations_of(collection.ask(QUESTION, k=8, words_only=True).passages)
        generation = collection.checkpoint()
        (words,) = (tmp_path / "c" / "derived").glob("words-*")
        (words / "meta.json").write_bytes(b"damaged")
        publish(tmp_path, 1)

        assert generation == collection.checkpoint()
        assert collection.refresh()
        assert not collection.refresh()
        assert before == generations_of(collection.ask(QUESTION, k=8, words_only=True).passages)
