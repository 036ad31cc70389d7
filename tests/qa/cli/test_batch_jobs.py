"""Batches by several processes: the same bytes as by one, and nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest
from checkout import process_environment

from index.filters import Filters
from qa.answer_json import Failure
from qa.batch.question_file import BadQuestion, QuestionRecord
from qa.batch.to_file import journal_path
from qa.batch.workers import WorkerPool, usable_cores
from qa.errors import WorkerError
from qa.types import AskOptions

Run = Callable[..., Any]
PLAIN = ["--no-timing", "-k", "2", "--no-reader"]


def write_questions(path: Path, count: int) -> Path:
    """Write questions, some with filters, a conversation, or faults."""
    lines: list[dict[str, Any]] = [
        {"question": f"What about bridge number {number}, or the wage?"} for number in range(count)
    ]
    lines[3]["filters"] = {"since": "2022"}
    lines[20]["question"] = " "
    for number in (30, 31, count - 5):
        lines[number] |= {"conversation": "korea"}
    lines[30]["question"] = "When did Minister Joly visit Korea?"
    lines[31]["question"] = "Whom did she meet there?"
    lines[count - 5]["question"] = "And when did she leave?"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture(name="questions")
def _questions(tmp_path: Path) -> Path:
    """More questions than are asked together."""
    return write_questions(tmp_path / "questions.jsonl", 150)


@pytest.mark.parametrize(("suffix", "most"), [("jsonl", 3), ("html", 2)])
def test_the_output_is_the_same_for_any_number_of_processes(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, most: int
) -> None:
    """Order and bytes are the same by one process, by two and by three."""
    monkeypatch.setattr("qa.batch.run.GROUP_SIZE_UNREAD", 16)
    questions = write_questions(tmp_path / "questions.jsonl", 48)
    written = []
    for jobs in range(1, most + 1):
        out = tmp_path / f"{jobs}.{suffix}"
        result = run("batch", str(questions), *PLAIN, "--jobs", str(jobs), "-o", str(out))
        assert result.exit_code == 3
        assert "48 questions: " in result.stderr
        written.append(out.read_bytes())

    assert 1 == len(set(written))
    if suffix == "jsonl":
        found = [json.loads(line) for line in written[0].splitlines()]
        assert [record["id"] for record in found] == [str(n) for n in range(1, 49)]
        assert found[31]["asked_as"] != found[31]["question"]
        (alone,) = [
            json.loads(run("ask", found[5]["question"], "--json", "-k", "2", "--no-reader").stdout)
        ]
        del alone["timing"], found[5]["timing"]
        assert found[5] == {**alone, "id": "6"}


def test_killed_at_any_point_a_batch_ends_the_same(
    sample_collection: Path, run: Run, questions: Path, tmp_path: Path
) -> None:
    """After SIGKILL no process stays, and --resume writes the bytes of an uninterrupted run."""
    out, whole = tmp_path / "out.jsonl", tmp_path / "whole.jsonl"
    words = ["batch", str(questions), *PLAIN]
    with subprocess.Popen(
        [sys.executable, "-m", "qa", *words, "--jobs", "2", "-o", str(out)],
        stderr=subprocess.DEVNULL, cwd=sample_collection.parent, env=process_environment(),
    ) as process:  # fmt: skip
        deadline = time.monotonic() + 100
        while not (journal_path(out).exists() and journal_path(out).stat().st_size > 10_000):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.01)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        started = children.read_text().split() if children.exists() else []
        process.kill()
    while any(map(_answers_questions, map(int, started))):
        assert time.monotonic() < deadline
        time.sleep(0.05)

    result = run(*words, "--jobs", "2", "-o", str(out), "--resume")

    assert "Continuing an interrupted run after" in result.stderr
    assert run(*words, "-o", str(whole)).exit_code == 3
    assert out.read_bytes() == whole.read_bytes()


def test_ctrl_c_ends_all_processes_and_keeps_what_is_answered(
    sample_collection: Path, questions: Path, tmp_path: Path
) -> None:
    """Ctrl+C goes to the whole group; one line says how to go on, exit 130, nothing stays."""
    out = tmp_path / "out.jsonl"
    many = tmp_path / "many.jsonl"
    many.write_bytes(questions.read_bytes() * 20)
    with subprocess.Popen(
        [sys.executable, "-m", "qa", "batch", str(many), *PLAIN, "-j", "2", "-o", str(out)],
        stderr=subprocess.PIPE, cwd=sample_collection.parent, env=process_environment(),
        start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        deadline = time.monotonic() + 100
        while not (journal_path(out).exists() and journal_path(out).stat().st_size > 10_000):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        said = process.stderr.read().decode()
        assert process.wait(timeout=60) == 130, said
    hint = "to continue, add --resume to the same command."
    kept = f"Finished answers are in {journal_path(out)}; {hint}"
    assert said.splitlines() == [kept, "Interrupted."]
    while _has_processes(process.pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_pool_answers_in_other_processes(sample_collection: Path) -> None:
    """Groups come back whole, bad questions in their place; an ended process is an error."""
    group = [
        QuestionRecord("1", "Who visited Korea?"),
        BadQuestion("2", "", "bad"),
        QuestionRecord("3", "Who paid for the bridge?", filters=Filters(lang="xx")),
    ]
    options = AskOptions(k=1, words_only=True)

    before = set(active_children())
    with WorkerPool(sample_collection, 1) as pool:
        one, two, three = pool.submit(group, options)()
        assert (one.id, two, three.id) == ("1", Failure("2", "", "bad"), "3")
        assert not isinstance(three, Failure)
        assert three.reason == "no passage in the collection matches the filters"

        (process,) = set(active_children()) - before
        process.kill()
        with pytest.raises(WorkerError, match="--jobs"):
            pool.submit(group, options)()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C reaches processes otherwise there")
def test_ctrl_c_passes_by_a_process_that_is_still_starting(sample_collection: Path) -> None:
    """The terminal sends it to the whole group, whatever each is at: only the first one ends."""
    before = set(active_children())
    with WorkerPool(sample_collection, 1) as pool:
        group = [QuestionRecord("1", "Who visited Korea?")]
        outcomes = pool.submit(group, AskOptions(k=1, words_only=True))
        (process,) = set(active_children()) - before
        for _ in range(20):
            os.kill(process.pid or 0, signal.SIGINT)
            time.sleep(0.02)
        (outcome,) = outcomes()
        assert outcome.id == "1"


def test_what_a_process_raises_arrives(tmp_path: Path) -> None:
    """A collection that is not there is the same error as in this process."""
    from index.errors import CollectionNotFoundError

    with (
        WorkerPool(tmp_path, 1) as pool,
        pytest.raises(CollectionNotFoundError, match="no collection"),
    ):
        pool.submit([QuestionRecord("1", "Who?")], AskOptions())()


def test_there_is_at_least_one_core() -> None:
    """The number of processes without --jobs."""
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)


def _has_processes(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _answers_questions(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (OSError, IndexError):
        return False
