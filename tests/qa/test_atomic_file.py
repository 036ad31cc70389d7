"""What a process that was killed while it wrote an output leaves, and who removes it."""

import signal
import subprocess
import sys
from pathlib import Path

from checkout import process_environment
from made_answers import MadeCollection

from qa.atomic_file import remove_unfinished
from qa.batch.question_file import QuestionRecord
from qa.batch.to_file import journal_path, write_batch
from qa.batch.watch import STATE, Reports
from qa.export import outcome_format
from qa.types import AskOptions

_WRITE = """
import os, pathlib, signal, sys
from qa.atomic_file import atomic_text

os.getpid = lambda: 7  # as in a container, where each run has the same number
with atomic_text(pathlib.Path(sys.argv[1])) as stream:
    stream.write(sys.argv[2])
    if sys.argv[2] == "killed":
        stream.flush()
        signal.raise_signal(signal.SIGKILL)
"""


def write(path: Path, text: str) -> int:
    """Write a file in a process of its own, which is killed before the end if the text says so."""
    command = [sys.executable, "-c", _WRITE, str(path), text]
    return subprocess.run(command, check=False, env=process_environment()).returncode


def left_by_a_kill(path: Path) -> Path:
    """Leave the unfinished file of a process that was killed; return it."""
    before = set(path.parent.iterdir())
    assert -signal.SIGKILL == write(path, "killed")
    (left,) = set(path.parent.iterdir()) - before
    return left


def test_a_killed_process_does_not_keep_the_next_from_writing(tmp_path: Path) -> None:
    """Also when both have the same process id."""
    out = tmp_path / "out.txt"
    left_by_a_kill(out)

    assert 0 == write(out, "whole")
    assert "whole" == out.read_text()


def test_only_unfinished_files_of_that_output_are_removed(tmp_path: Path) -> None:
    """Files of another output, of the user, and links stay."""
    out, other = tmp_path / "a.txt", tmp_path / "b.txt"
    left, stays = left_by_a_kill(out), left_by_a_kill(other)
    mine = [tmp_path / name for name in (".a.txt.mine.tmp", ".a.txt.tmp", "a.txt.01234567.tmp")]
    for path in mine:
        path.touch()
    link = tmp_path / ".a.txt.01234567.tmp"
    link.symlink_to(mine[0])
    remove_unfinished(out)

    assert not left.exists()
    assert {stays, link, *mine} == set(tmp_path.iterdir())


def test_a_batch_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    """Of its output and of its journal."""
    out = tmp_path / "out.jsonl"
    left_by_a_kill(out)
    left_by_a_kill(journal_path(out))
    questions = iter([QuestionRecord("1", "When does the bridge open?")])
    write_batch(MadeCollection(), questions, AskOptions(k=1), out, outcome_format("jsonl"))

    assert [out] == list(tmp_path.iterdir())


def test_a_watch_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    """Of the state in its folder."""
    left = left_by_a_kill(tmp_path / STATE)
    with Reports(tmp_path).locked():
        assert not left.exists()


def test_an_output_of_any_name_is_cleaned_up_after(tmp_path: Path) -> None:
    """A name with signs that mean something in a pattern."""
    out = tmp_path / "a[1]*(x).txt"
    left = left_by_a_kill(out)
    remove_unfinished(out)

    assert not left.exists()
