"""The collection in a separate process: the same answers, and no harm when it is killed."""

import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from checkout import ROOT

from index.errors import ReleaseIndexError
from index.filters import Filters
from index.ingest.update import update_collection
from qa.collection import open_collection
from qa.errors import ClosedError, QuestionError, WorkerError
from qa.types import Answer, AskOptions
from tui.backend.process import EngineProcess, _answer, _Call

QUESTION = "How long will Canada keep taking part in Operation NEON?"
MANY = 1_203
"""Releases, more than are sent at a time."""


@pytest.fixture(name="many", scope="module")
def _many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of many small releases and a long one, indexed by words alone."""
    folder = tmp_path_factory.mktemp("many")
    long = "\n\n".join(f"The ferry of line {n} sails at dawn. " * 15 for n in range(600))
    texts = [long, *(f"Harbour notice {n}\n\nThe pier {n} is closed." for n in range(MANY - 1))]
    with (folder / "many.jsonl").open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            file.write(json.dumps({"id": f"r{number}", "title": f"No. {number}", "text": text}))
            file.write("\n")
    stages: set[str] = set()
    update_collection(
        folder / ".releaseqa",
        [folder / "many.jsonl"],
        progress=lambda progress: stages.add(progress.stage),
        cancelled=lambda: "meaning" in stages,
    )
    return folder / ".releaseqa"


@pytest.fixture(name="engine")
def _engine(sample_collection: Path) -> Iterator[EngineProcess]:
    engine = EngineProcess(sample_collection)
    yield engine
    engine.close()


def untimed(answer: Answer) -> Answer:
    """An answer without how long it took."""
    return replace(answer, timing=replace(answer.timing, **dict.fromkeys(_times(answer), 0.0)))


def _times(answer: Answer) -> list[str]:
    return [name for name in dir(answer.timing) if name.endswith("_ms")]


def kill_workers() -> None:
    """End the processes that this one has started, as the system does when memory runs out."""
    for process in multiprocessing.active_children():
        process.kill()


def test_it_answers_as_the_collection_itself_does(
    engine: EngineProcess, sample_collection: Path
) -> None:
    """Answers, releases, numbers and facets are the same."""
    with open_collection(sample_collection) as here:
        assert untimed(engine.ask(QUESTION, AskOptions(explain=True))) == untimed(
            here.ask(QUESTION, explain=True)
        )
        assert engine.releases() == here.releases()
        assert engine.status() == here.status()
        assert engine.facets() == here.facets()
        assert engine.releases_with_words(QUESTION) == here.releases_with_words(QUESTION)
        assert engine.document("canada-korea-visit") == here.document("canada-korea-visit")


def test_long_lists_arrive_whole(many: Path) -> None:
    """More releases, and more passages of one, than are sent at a time."""
    engine = EngineProcess(many)
    with open_collection(many) as here:
        assert engine.releases() == here.releases()
        assert MANY == len(engine.releases())
        assert engine.document("r0") == here.document("r0")
        assert len(here.document("r0").passages) > 500
    engine.close()


def test_names_are_those_of_the_collection(engine: EngineProcess, sample_collection: Path) -> None:
    """With the releases that have them, which a filter by row number lists."""
    names = engine.name_summaries(lambda *_: None)
    with open_collection(sample_collection) as here:
        listed = here.names()
        assert [(name.kind, name.name) for name in names] == [(e.kind, e.name) for e in listed]
        for name, entity in zip(names, listed, strict=True):
            found = engine.releases(Filters(named_in=name.releases))
            assert {ref.id for ref in found} == {release.id for release in entity.releases}


def test_reading_names_reports_how_far_it_is(many: Path) -> None:
    """In order, before the result; a second list of the same releases needs no reading."""
    engine = EngineProcess(many)
    reports: list[tuple[int, int]] = []
    engine.name_summaries(lambda *report: reports.append(report))
    assert reports == [(done, MANY) for done in range(50, MANY, 50)]
    engine.name_summaries(lambda *report: reports.append(report))
    assert len(reports) == MANY // 50
    engine.close()


def test_errors_of_the_process_are_raised_by_the_call(
    engine: EngineProcess, tmp_path: Path
) -> None:
    """With its type and words; a collection that cannot be opened too, and no process is left."""
    with pytest.raises(QuestionError):
        engine.ask("  ")
    before = len(multiprocessing.active_children())
    with pytest.raises(ReleaseIndexError, match="no collection"):
        EngineProcess(tmp_path / "nothing")
    assert before == len(multiprocessing.active_children())


def test_a_killed_worker_fails_its_question_and_is_replaced(engine: EngineProcess) -> None:
    """A question under way fails with what happened; the next one has another process."""
    engine.warm()
    failed: list[Exception] = []
    answered = threading.Event()

    def ask_on() -> None:
        try:
            while True:
                engine.ask(QUESTION)
                answered.set()
        except WorkerError as error:
            failed.append(error)

    asking = threading.Thread(target=ask_on)
    asking.start()
    assert answered.wait(60)
    kill_workers()
    asking.join(30)

    assert "search process was killed" in str(failed[0])
    assert engine.ask(QUESTION).passages


def test_closing_fails_waiting_calls(engine: EngineProcess) -> None:
    """Nobody waits for an answer that will not come, and nothing can be asked any more."""
    failed: list[Exception] = []

    def warm() -> None:
        try:
            engine.warm()
        except ClosedError as error:
            failed.append(error)

    warming = threading.Thread(target=warm)
    warming.start()
    while not engine._connection._waiting:
        time.sleep(0)
    engine.close()
    warming.join(5)

    assert 1 == len(failed)
    with pytest.raises(ClosedError):
        engine.ask(QUESTION)


def test_a_reply_that_cannot_be_sent_is_an_error() -> None:
    """A reply that cannot be pickled fails its call, so nobody waits forever."""
    ours, theirs = multiprocessing.Pipe()

    _answer(theirs, threading.Lock(), _Call(7, "ask", (), {}), lambda: lambda: None)

    assert ours.poll(5)
    reply = ours.recv()
    assert 7 == reply.number
    assert reply.error is not None


def test_several_may_ask_at_once(engine: EngineProcess) -> None:
    """A release is read while a question runs; replies go to whom they belong."""
    questions = [QUESTION, "What is the minimum wage?", "Who announced the funding?"] * 3
    found: dict[int, Answer] = {}

    def ask(number: int, question: str) -> None:
        found[number] = engine.ask(question)

    threads = [
        threading.Thread(target=ask, args=(number, question))
        for number, question in enumerate(questions)
    ]
    for thread in threads:
        thread.start()
    assert engine.document("canada-korea-visit").text
    for thread in threads:
        thread.join(60)

    assert questions == [found[number].question for number in range(len(questions))]


def test_it_ends_with_its_parent(sample_collection: Path) -> None:
    """A chat that is killed leaves no process behind, even one that is working."""
    script = (
        "import multiprocessing, sys\nfrom pathlib import Path\n"
        "from tui.backend.process import EngineProcess\n"
        "if __name__ == '__main__':\n"
        "    engine = EngineProcess(Path(sys.argv[1]))\n"
        "    print(multiprocessing.active_children()[0].pid, flush=True)\n"
        "    print('asking', flush=True)\n"
        "    while True: engine.ask(sys.argv[2])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(sample_collection), QUESTION],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as chat:  # fmt: skip
        assert chat.stdout is not None
        worker = int(chat.stdout.readline())
        assert runs(worker)
        assert chat.stdout.readline() == "asking\n"
        chat.kill()
    for _ in range(100):
        if not runs(worker):
            break
        time.sleep(0.1)

    assert not runs(worker)


def runs(pid: int) -> bool:
    """Whether a process is alive, and more than a name that waits to be collected."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"
