"""Runs commands on a disk that fails, at every call that could, and judges what comes of it.

    LD_PRELOAD=failing_disk.so python tests/support/failing_disks.py FOLDER [--points N]

For each command and each kind of failure, the calls of an undisturbed run are counted. Then the
command runs once for each of them (or for N of them, evenly spaced), in a forked process, on a disk
on which that call fails: the disk is full from then on (ENOSPC), one call fails (EIO), or there are
no locks (ENOLCK), as on some network drives. Prints a JSON object a run, with what is wrong:

- It ends with exit code 1 and one line that says what to do, or as if nothing had failed.
- What was there before can be read, and nothing of it is lost.
- The next run, on a disk that works, ends as an undisturbed one, with the same content.

The encoder is a made one, and questions are asked by words only.
"""

import argparse
import ctypes
import errno
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from archives import archive_of
from console_script import Ran, run_program
from cut_commands import look_at_backup, look_at_sessions
from interrupted_updates import change_sources, forked, make_sources, prepare
from interrupted_updates import index as update
from same_collection import content_of, differences

from index.encoders.model import load_model
from index.errors import CollectionNotFoundError
from index.store import sqlite
from qa.sessions.store import open_sessions

WRITE, SYNC, NAME, LOCK = range(4)
"""The kinds of calls, as in failing_disk.c."""
_ALWAYS, _NEVER = 1 << 30, 1 << 60
FAILURES = (
    ("write", WRITE, errno.ENOSPC, _ALWAYS),
    ("write", WRITE, errno.EIO, 1),
    ("sync", SYNC, errno.EIO, 1),
    ("name", NAME, errno.ENOSPC, _ALWAYS),
    ("name", NAME, errno.EIO, 1),
    ("lock", LOCK, errno.ENOLCK, _ALWAYS),
)
REMEDIES = (
    "free some space", "correct the permissions", "check the disk", "choose another", "local disk",
    "run the command again", "try again",
)  # fmt: skip
"""Words of which one says what to do."""

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A command on a disk.

    Attributes:
        name: Its name.
        words: Its command line; the collection is `c` in the current folder, which is the disk.
        content: Returns what is on the disk.
        keeps: Returns what is lost or damaged, from the contents before it, after an undisturbed
            run, and now.
        start: Makes the disk as it is before the command, from a folder that has a collection.
    """

    name: str
    words: tuple[str, ...]
    content: Callable[[Path], Content]
    keeps: Callable[[Content, Content, Content], Iterator[str]]
    start: Callable[[Path], None] = lambda _: None

    def again(self, ran: Ran) -> tuple[str, ...]:
        """Return the command line of the next run: what was removed cannot be removed again."""
        if self.name == "remove" and ran.code == 0:
            return ("verify", "--repair", "-q")
        return self.words


def _of_collection(disk: Path) -> Content:
    try:
        return content_of(disk / "c")
    except CollectionNotFoundError:
        return {}


def _of_backup(disk: Path) -> Content:
    found = look_at_backup(disk / "b.zip")
    return {"backup": found, "beside": sorted(path.name for path in disk.iterdir())}


def _of_output(disk: Path) -> Content:
    return {"output": (disk / "out.jsonl").read_text(encoding="utf-8")}


def _of_sessions(disk: Path) -> Content:
    return {table: set(rows) for table, rows in look_at_sessions(disk / "data/sessions.sqlite3")}


def _keeps_releases(before: Content, after: Content, now: Content) -> Iterator[str]:
    """Each release is as it was or as it should become; none that stays is missing."""
    for name in before:
        if not name.startswith("release "):
            continue
        if name not in now and name in after:
            yield f"{name} is lost"
        elif name in now and now[name] not in (before[name], after.get(name)):
            yield f"{name} is neither as before nor as after"
    was_wrong = {str(finding) for finding in before.get("findings", ())}
    for finding in now.get("findings", ()):
        if finding.verdict == "wrong" and str(finding) not in was_wrong:
            yield f"verifying finds {finding}"


def _keeps_either(before: Content, after: Content, now: Content) -> Iterator[str]:
    """A file is as it was or as it should become."""
    for name in ("backup", "output"):
        if now.get(name) not in (before.get(name), after.get(name)):
            yield f"the {name} is neither as before nor as after"


def _keeps_rows(before: Content, _: Content, now: Content) -> Iterator[str]:
    """What was saved is there."""
    for table, rows in before.items():
        # A session's time changes with each question.
        if table != "sessions" and not rows <= now[table]:
            yield f"rows of {table} are lost"


def _without_collection(disk: Path) -> None:
    shutil.rmtree(disk / "c")


def _damage(disk: Path) -> None:
    (vectors,) = (disk / "c" / "derived").glob("vectors-*")
    vectors.write_bytes(vectors.read_bytes()[:-8] + bytes(8))
    (words,) = (disk / "c" / "derived").glob("words-*")
    next(iter(sorted(words.iterdir()))).write_bytes(b"damaged")


def _back_up(disk: Path) -> None:
    archive_of(disk / "c", disk / "b.zip")
    shutil.rmtree(disk / "b.zip.scratch")


def _answer(disk: Path) -> None:
    (disk / "out.jsonl").write_text("of an earlier batch\n", encoding="utf-8")


def _converse(disk: Path) -> None:
    with open_sessions(disk / "data" / "sessions.sqlite3") as store:
        session = store.begin("elsewhere", "talk")
        store.ask(session.key, "When does the bridge open?")


_BY_WORDS = ("--words-only", "--no-reader")
CASES = (
    Case("index", ("index", "../sources", "--prune", "-q"), _of_collection, _keeps_releases),
    Case("index, new", ("index", "../sources", "-q"), _of_collection, _keeps_releases,
         _without_collection),
    Case("remove", ("remove", "a1", "d", "-q"), _of_collection, _keeps_releases),
    Case("verify --repair", ("verify", "--repair", "-q"), _of_collection, _keeps_releases, _damage),
    Case("backup", ("backup", "b.zip", "--force", "-q"), _of_backup, _keeps_either, _back_up),
    Case("batch -o", ("batch", "../questions.txt", "-o", "out.jsonl", "--no-timing", "-j", "1",
                      "-q", *_BY_WORDS), _of_output, _keeps_either, _answer),
    Case("ask --session", ("ask", "When does the bridge open?", "--session", "talk", "-q",
                           *_BY_WORDS), _of_sessions, _keeps_rows, _converse),
    Case("judge", ("judge", "../judgements.tsv", "-q"), _of_sessions, _keeps_rows, _converse),
)  # fmt: skip


class Disks:
    """Runs the commands.

    Attributes:
        base: The folder of everything; the disk that fails is `disk` in it.
    """

    def __init__(self, base: Path) -> None:
        self.base = base
        self.disk = base / "disk"
        self._shim = ctypes.CDLL(None)
        self._shim.calls.restype = ctypes.c_long
        os.environ.update(RELEASEQA_DATA=str(self.disk / "data"))

    def make_starts(self) -> None:
        """Make a collection, and the disk before each command."""
        make_sources(self.base / "sources")
        self.disk.mkdir()
        assert forked(partial(update, self.disk / "c", self.base / "sources")) == 0
        change_sources(self.base / "sources")
        questions = (f"When does bridge {n} open?" for n in range(6))
        (self.base / "questions.txt").write_text("\n".join(questions), encoding="utf-8")
        judged = "".join(f"When {n}?\ta{n}\t1\n" for n in (1, 2, 4))
        (self.base / "judgements.tsv").write_text(judged, encoding="utf-8")
        (self.base / "start").mkdir()
        self.disk.rename(self.base / "start" / "made")
        for case in CASES:
            shutil.copytree(self.base / "start" / "made", self.disk)
            case.start(self.disk)
            self.disk.rename(self.base / "start" / case.name)

    def run_case(self, case: Case, points: int) -> Iterator[dict[str, Any]]:
        """Yield what is wrong at each point of a command; at `points` of them if that is not 0."""
        self._begin(case)
        before = case.content(self.disk)
        whole, _ = self._run(case, (WRITE, _NEVER, 0, 0))
        after = case.content(self.disk)
        assert whole.code in (0, 3, 4), whole
        for name, kind, error, many in FAILURES:
            self._begin(case)
            _, count = self._run(case, (kind, _NEVER, error, many))
            for number in _spread(count, points):
                self._begin(case)
                ran, _ = self._run(case, (kind, number, error, many))
                faults = list(_bad_ending(ran, whole))
                now: Content = {}
                try:
                    now = case.content(self.disk)
                    faults += case.keeps(before, after, now)
                except Exception as failed:  # noqa: BLE001 - whatever it is, it is a fault
                    faults.append(f"it cannot be read: {failed!r}")
                again, _ = self._run(case, (kind, _NEVER, error, many), case.again(ran))
                if again.code not in (whole.code, 0):
                    faults.append(f"the next run: {again}")
                elif case.keeps is not _keeps_rows:
                    faults += differences(after, case.content(self.disk))
                yield {
                    "command": case.name, "call": name, "error": errno.errorcode[error],
                    "number": number, "of": count, "code": ran.code, "said": ran.err,
                    "faults": faults,
                }  # fmt: skip

    def _begin(self, case: Case) -> None:
        shutil.rmtree(self.disk, ignore_errors=True)
        shutil.copytree(self.base / "start" / case.name, self.disk)

    def _run(
        self, case: Case, failure: tuple[int, int, int, int], words: tuple[str, ...] = ()
    ) -> tuple[Ran, int]:
        """Run a command with a failure; return what it said, and how many calls there were."""
        report = self.base / "report.json"

        def run() -> None:
            kind, number, error, many = failure
            sqlite.BUSY_SECONDS = 0.05  # nobody else holds a lock here
            self._shim.fail_from(
                os.fsencode(self.disk), kind, ctypes.c_long(number), error, ctypes.c_int(many)
            )
            ran = run_program("--index", "c", *(words or case.words), cwd=self.disk)
            calls = self._shim.calls()
            self._shim.fail_from(b"", -1, ctypes.c_long(0), 0, 0)
            report.write_text(json.dumps([ran.code, ran.out, ran.err, calls]), encoding="utf-8")

        report.unlink(missing_ok=True)
        assert forked(run) == 0, case.name
        code, out, err, calls = json.loads(report.read_text(encoding="utf-8"))
        return Ran(code, out, err), calls


def _bad_ending(ran: Ran, whole: Ran) -> Iterator[str]:
    """Yield what is wrong with how a command ended."""
    if ran.code in (whole.code, 0):
        return
    lines = [line for line in ran.err.splitlines() if not line.startswith("skipped ")]
    if ran.code != 1 or len(lines) != 1 or not lines[0].startswith("releaseqa: "):
        yield "it ends otherwise than with one line and exit code 1"
    if "internal error" in ran.err:
        yield "it ends with an error of the program"
    if not any(remedy in ran.err.lower() for remedy in REMEDIES):
        yield "it does not say what to do"


def _spread(count: int, points: int) -> Sequence[int]:
    """Return `points` of the numbers from 1 to `count`, the first and the last among them."""
    if not points or count <= points:
        return range(1, count + 1)
    return sorted({1 + round(n * (count - 1) / max(1, points - 1)) for n in range(points)})


def main(arguments: Sequence[str]) -> None:
    """Run all commands; print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--points", type=int, default=0, help="of each kind; 0 for all")
    parser.add_argument("--only", metavar="COMMAND", action="append", help="default: all")
    chosen = parser.parse_args(arguments)
    prepare(load_model())
    disks = Disks(chosen.folder.resolve())
    disks.make_starts()
    for case in CASES:
        if not chosen.only or case.name in chosen.only:
            for result in disks.run_case(case, chosen.points):
                sys.stdout.write(f"{json.dumps(result)}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
