"""`releaseqa watch`: answers from what is new, each once."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkout import ROOT, process_environment

from qa.batch.file_watcher import changes

Run = Callable[..., Any]
BRIDGE = "The new bridge over the Hill River opens on June 3, the town announced this week."
WAGE = "The minimum wage of the territory rises to 15 dollars an hour on April 1 of next year."
LATER = "The opening of the new bridge over the Hill River was moved to July 9, the town said."
QUESTIONS = "When does the new bridge open?\nWhen does the minimum wage of the territory rise?\n \n"


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exported_encoder: None) -> Path:
    """A folder with one release, a file of two questions."""
    del exported_encoder
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    add(tmp_path, "bridge", BRIDGE)
    (tmp_path / "q.txt").write_text(QUESTIONS)
    return tmp_path


def add(folder: Path, name: str, text: str) -> None:
    """Put a release into the watched folder, whole at once."""
    path = folder / f"{name}.part"
    path.write_text(f"About the {name}\n\n{text}\n")
    path.rename(folder / "news" / f"{name}.txt")


def words(folder: Path, *more: str) -> list[str]:
    """The command."""
    return [
        "--index", str(folder / "c"), "watch", str(folder / "news"),
        "--questions", str(folder / "q.txt"), "-o", str(folder / "out"), *more,
    ]  # fmt: skip


def reported(folder: Path) -> list[tuple[str, str]]:
    """Each answer that was added: the question's id and the release it stands in."""
    path = folder / "out" / "answers.jsonl"
    if not path.exists():
        return []
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert all(record["answered"] for record in records)
    return [(record["id"], record["passages"][0]["release"]["id"]) for record in records]


def test_each_round_adds_what_is_new(run: Run, folder: Path) -> None:
    """First from everything, then from what came, a changed release again, nothing twice."""
    first = run(*words(folder, "--once"))
    assert (first.exit_code, reported(folder)) == (0, [("1", "bridge")])
    assert first.stdout.startswith("1: When does the new bridge open?\n   “June 3”\n   “About")
    assert "1 new release: 1 of 2 questions answered" in first.stderr

    again = run(*words(folder, "--once"))
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "")

    add(folder, "wage", WAGE)
    run(*words(folder, "--once"))
    assert reported(folder) == [("1", "bridge"), ("2", "wage")]

    add(folder, "bridge", LATER)
    run(*words(folder, "--once", "-q"))
    assert reported(folder) == [("1", "bridge"), ("2", "wage"), ("1", "bridge")]


def test_every_new_release_that_answers_is_reported(run: Run, folder: Path) -> None:
    """Not only the best of a round: each is news. One that says nothing of it is left out."""
    run(*words(folder, "--once"))
    add(folder, "wage", WAGE)
    add(folder, "later", LATER)
    add(folder, "harbour", "The new bridge over the harbour opens on May 9, the port said.")

    result = run(*words(folder, "--once"))

    assert sorted(reported(folder)[1:]) == [("1", "harbour"), ("1", "later"), ("2", "wage")]
    assert "3 new releases: 2 of 2 questions answered, 3 answers added" in result.stderr
    assert result.stdout.count("1: When does the new bridge open?") == 2


def test_copies_and_replaced_versions_are_reported_once(run: Run, folder: Path) -> None:
    """Two new releases with the same words are one piece of news."""
    run(*words(folder, "--once"))
    long = " ".join([LATER, *(f"Builder {n} of the bridge said it takes time." for n in range(9))])
    for name in ("first", "second"):
        (folder / "news" / f"{name}.txt").write_text(f"About the bridge\n\n{long}\n")

    run(*words(folder, "--once"))

    assert len(reported(folder)) == 2


def test_of_many_new_releases_those_that_a_search_finds_are_asked(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round of a thousand releases asks the best of them, and still finds each answer."""
    monkeypatch.setattr("qa.batch.release_answers.MOST_ASKED", 3)
    run(*words(folder, "--once"))
    for number in range(5):
        add(folder, f"ferry{number}", f"The ferry {number} leaves at nine o'clock from the pier.")
    add(folder, "later", LATER)
    add(folder, "harbour", "The new bridge over the harbour opens on May 9, the port said.")

    run(*words(folder, "--once"))

    assert sorted(reported(folder)[1:]) == [("1", "harbour"), ("1", "later")]


def test_a_question_has_its_own_filters_and_its_conversation(run: Run, folder: Path) -> None:
    """Its filters select the releases it is asked of; a follow-up is answered once."""
    records = [
        {"id": "n", "question": "When does the new bridge open?", "filters": {"source": "*h*.txt"}},
        {"id": "x", "question": "?"},
        {"id": "f", "question": "When does it open?", "history": ["What about the new bridge?"]},
    ]
    (folder / "q.txt").write_text("\n".join(map(json.dumps, records)))
    run(*words(folder, "--once"))
    before = len(reported(folder))
    add(folder, "later", LATER)
    add(folder, "harbour", "The new bridge over the harbour opens on May 9, the port said.")

    result = run(*words(folder, "--once"))

    assert result.exit_code == 3
    found = reported(folder)[before:]
    assert found[:1] == [("n", "harbour")]
    assert [name for name, _ in found[1:]] in ([], ["f"])


def test_a_round_that_was_cut_off_is_made_good(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the answers and before the state, the next round adds each answer once."""
    run(*words(folder, "--once"))
    add(folder, "wage", WAGE)
    with monkeypatch.context() as patch:
        patch.setattr("qa.batch.watch.write_checkpoint", _stop)
        assert run(*words(folder, "--once")).exit_code == 130
    assert reported(folder) == [("1", "bridge"), ("2", "wage")]

    run(*words(folder, "--once"))

    assert reported(folder) == [("1", "bridge"), ("2", "wage")]


def test_a_first_round_that_was_cut_off_is_made_good(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers are never without a state. The same command begins the first round again."""
    add(folder, "later", LATER)
    with monkeypatch.context() as patch:
        patch.setattr("qa.batch.watch.sync_folder", _stop)  # the answers are written
        assert run(*words(folder, "--once")).exit_code == 130
    first = reported(folder)
    assert [question for question, _ in first] == ["1"]

    again = run(*words(folder, "--once"))

    assert (again.exit_code, reported(folder)) == (0, first)


def test_a_lost_state_is_not_guessed(run: Run, folder: Path) -> None:
    """Answers without the state that belongs to them are refused, and stay."""
    run(*words(folder, "--once"))
    state = folder / "out" / "state.json"
    for damage in (lambda: state.write_text('{"version": 1, "bytes": "x"}'), state.unlink):
        damage()
        result = run(*words(folder, "--once"))
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
        assert "is missing or damaged" in result.stderr
    assert reported(folder) == [("1", "bridge")]


def test_what_cannot_be_watched_is_refused(run: Run, folder: Path) -> None:
    """Answers below a watched folder would be read as releases; what is missing is named."""
    inside = words(folder, "--once")
    inside[inside.index(str(folder / "out"))] = str(folder / "news" / "out")
    missing = words(folder, "--once")
    missing[missing.index(str(folder / "news"))] = str(folder / "nothing")

    assert [run(*inside).exit_code, run(*missing).exit_code] == [2, 2]
    (folder / "q.txt").unlink()
    assert run(*words(folder, "--once")).exit_code == 1
    assert not (folder / "c").exists()


def test_it_keeps_up_until_it_is_told_to_end(folder: Path) -> None:
    """A release that arrives is reported; a second watch is refused; Ctrl+C is 130; restarted,
    it goes on and reports nothing again.
    """
    for release in ("wage", None):
        with subprocess.Popen(
            [sys.executable, "-m", "qa", *words(folder)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
            env=process_environment(),
        ) as process:  # fmt: skip
            try:
                deadline = time.monotonic() + 200
                _wait(lambda: len(reported(folder)) >= 1, deadline, process)
                if release is not None:
                    add(folder, release, WAGE)
                    _wait(lambda: len(reported(folder)) >= 2, deadline, process)
                    second = subprocess.run(
                        [sys.executable, "-m", "qa", *words(folder, "--once")],
                        capture_output=True, check=False, env=process_environment(),
                        cwd=ROOT,
                    )  # fmt: skip
                    assert (second.returncode, b"another watch" in second.stderr) == (1, True)
                else:
                    _wait(lambda: _watches(process.pid), deadline, process)
                process.send_signal(signal.SIGINT)
                _, said = process.communicate(timeout=100)
                assert (process.returncode, b"Traceback" in said) == (130, False)
            finally:
                process.kill()
        assert reported(folder) == [("1", "bridge"), ("2", "wage")]


def test_a_file_that_is_replaced_is_noticed(tmp_path: Path) -> None:
    """The first round comes at once, the next when a feed was replaced, however it is done."""
    feed = tmp_path / "feed.xml"
    feed.write_text("one")
    rounds = changes([feed], [])
    next(rounds)
    timer = threading.Timer(0.2, lambda: _replace(feed, "two"))
    timer.start()

    next(rounds)

    timer.join()
    assert feed.read_text() == "two"


def test_what_is_hidden_or_ignored_does_not_count(tmp_path: Path) -> None:
    """Only changes that `index` would see begin a round."""
    for name in ("collection", ".git", "sub"):
        (tmp_path / name).mkdir()
    rounds = changes([tmp_path], [tmp_path / "collection"])
    next(rounds)
    seen: list[str] = []

    def write() -> None:
        for name in (".git/x", "collection/x", "sub/.x", "sub/seen.txt"):
            time.sleep(2)
            seen.append(name)
            (tmp_path / name).write_text("x")

    thread = threading.Thread(target=write)
    thread.start()
    next(rounds)

    thread.join()
    rounds.close()  # type: ignore[attr-defined]
    assert seen[-1] == "sub/seen.txt"


def test_a_changed_ignore_file_begins_a_round(tmp_path: Path) -> None:
    """What is ignored changes what `index` would see, although the file is hidden."""
    rounds = changes([tmp_path], [])
    next(rounds)
    seen: list[str] = []
    noticed = threading.Event()

    def write() -> None:
        for name in (".x", ".releaseqaignore"):
            time.sleep(4)
            seen.append(name)
            (tmp_path / name).write_text("x")
        if not noticed.wait(60):  # so that the test ends
            seen.append("late.txt")
            (tmp_path / "late.txt").write_text("x")

    thread = threading.Thread(target=write)
    thread.start()
    next(rounds)
    begun = seen[-1]
    noticed.set()

    thread.join()
    rounds.close()  # type: ignore[attr-defined]
    assert ".releaseqaignore" == begun


def _wait(until: Callable[[], bool], deadline: float, process: "subprocess.Popen[bytes]") -> None:
    while not until():
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)


def _watches(pid: int) -> bool:
    """Whether a watch has begun to wait for changes: it has made its first round by then."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc to see by what a process waits for")
    links = (
        str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()
    )
    return "anon_inode:inotify" in links


def _replace(path: Path, text: str) -> None:
    other = path.with_suffix(".new")
    other.write_text(text)
    other.replace(path)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
