"""Kill the running chat many times while it answers, and check what is left of its sessions.

    python benchmarks/kill_sessions.py [--kills 200] [--seed 1] [--index DIR]

The program runs in a terminal (tmux), over the sample releases or the collection in DIR, as a user
starts it: `releaseqa chat --session NAME`. Each question is typed when the one before is visible in
the conversation; a SIGKILL follows at a random moment after the last one. Then the session file is
opened as any program would open it and compared with what was typed: SQLite's own check, every
earlier turn with its answer unchanged, at most the current question missing. Prints a line for each
damage, and the counts.
"""

import argparse
import hashlib
import os
import random
import shlex
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from index.ingest.update import update_collection
from qa.answer_json import answer_to_json, dumps
from qa.batch.question_file import QuestionRecord, read_questions
from qa.paths import FILE_NAME, collection_key
from qa.sessions.store import open_sessions

ROOT = Path(__file__).resolve().parents[1]
A_SESSION = 15
"""Kills before a new session is started, so that resuming stays short."""
PATIENCE = 600.0
READY = "Question"
"""What the screen shows when it accepts typing: the title of the prompt."""


@dataclass
class Tally:
    """The results of the kills."""

    kills: int = 0
    asked: int = 0
    answered: int = 0
    in_hand_kept: int = 0
    in_hand_lost: int = 0
    harm: list[str] = field(default_factory=list)


class RunningChat:
    """The chat in a tmux server of its own."""

    def __init__(self, folder: Path, data: Path, session: str, *options: str) -> None:
        self._socket = data / "tmux"
        command = shlex.join([
            "env", "-u", "COLUMNS", "-u", "LINES", f"RELEASEQA_DATA={data}", f"PYTHONPATH={ROOT}",
            sys.executable, "-m", "qa", "--index", str(folder), "chat", "--session", session,
            *options,
        ])  # fmt: skip
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", command)
        self._pid = int(self._tmux("display-message", "-p", "#{pane_pid}"))

    def see(self, words: str) -> None:
        """Wait until the screen shows these words."""
        end = time.monotonic() + PATIENCE
        while words not in (screen := self._tmux("capture-pane", "-p")):
            if time.monotonic() > end:
                raise RuntimeError(f"the chat never showed {words!r}:\n{screen}")
            time.sleep(0.05)

    def ask(self, question: str) -> None:
        """Type a question and send it."""
        self._tmux("send-keys", "-l", question)
        self._tmux("send-keys", "Enter")

    def kill(self) -> None:
        """Kill the chat with SIGKILL, as the system does when memory is short."""
        os.kill(self._pid, signal.SIGKILL)
        while self._tmux("has-session", check=False) is not None:
            time.sleep(0.02)  # tmux ends with its last pane

    def _tmux(self, *arguments: str, check: bool = True) -> str | None:
        done = subprocess.run(
            ["tmux", "-S", str(self._socket), *arguments],
            capture_output=True, text=True, check=check, timeout=60,
        )  # fmt: skip
        return done.stdout if done.returncode == 0 else None


def main() -> int:
    """Kill, check, count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--index", type=Path)
    options = parser.parse_args()
    with (ROOT / "samples" / "questions.jsonl").open("rb") as file:
        questions = [q.text for q in read_questions(file) if isinstance(q, QuestionRecord)]
    with tempfile.TemporaryDirectory(prefix="releaseqa-kill-") as scratch:
        folder, data = options.index or Path(scratch) / ".releaseqa", Path(scratch) / "data"
        if options.index is None:
            update_collection(folder, [ROOT / "samples" / "releases"])
        data.mkdir()
        tally = run_kills(folder, data, questions, options.kills, random.Random(options.seed))
    print(
        f"{tally.kills} kills, {tally.asked} questions typed, {tally.answered} answers kept; the "
        f"question in hand was kept {tally.in_hand_kept} times, lost {tally.in_hand_lost} times; "
        f"harm done: {len(tally.harm)}"
    )
    return 1 if tally.harm else 0


def run_kills(
    folder: Path, data: Path, questions: list[str], kills: int, draw: random.Random
) -> Tally:
    """Kill the chat over a collection as often as wanted.

    Args:
        folder: Folder of the collection.
        data: Folder of the sessions.
        questions: Questions to type, numbered, so that each is unique.
        kills: Number of kills.
        draw: Source of random numbers.
    """
    tally, typed, answers = Tally(), dict[str, list[str]](), dict[tuple[str, int], str]()
    for number in range(kills):
        session = f"killed-{number // A_SESSION}"
        # By words alone, answers come at once; else passages first, then what refines them.
        chat = RunningChat(folder, data, session, *["--words-only"] * (number % 2))
        chat.see(READY)
        time.sleep(draw.uniform(0, 3.0))  # sometimes before the model is there, sometimes after
        wanted = []
        for last in [False] * draw.randint(0, 2) + [True]:
            tally.asked += 1
            wanted.append(f"{tally.asked}. {draw.choice(questions)}")
            chat.ask(wanted[-1])
            if not last:
                chat.see(f"\u203a {tally.asked}. ")
                time.sleep(draw.uniform(0, 2.0))
        time.sleep(draw.choice([draw.uniform(0, 0.1), draw.uniform(0, 2.0)]))
        chat.kill()
        tally.kills += 1
        harm = look(folder, data, session, typed.get(session, []) + wanted, answers, tally)
        typed[session] = kept_questions(folder, data, session)
        for line in harm:
            print(f"kill {tally.kills}: {line}", flush=True)
        tally.harm += harm
    tally.answered = len(answers)
    return tally


def look(
    folder: Path,
    data: Path,
    session: str,
    typed: list[str],
    answers: dict[tuple[str, int], str],
    tally: Tally,
) -> list[str]:
    """Compare what is left with what was typed; return what is wrong.

    Args:
        folder: Folder of the collection.
        data: Folder of the sessions.
        session: The session that was running.
        typed: Every question of it so far, in order; the last one was being answered.
        answers: A digest of each answer seen after earlier kills; those seen now are added.
        tally: Counts whether the current question was kept.
    """
    wrong = []
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        (found,) = connection.execute("PRAGMA integrity_check").fetchone()
        if found != "ok":
            wrong.append(f"SQLite finds {found}")
    kept = kept_questions(folder, data, session)
    if kept == typed:
        tally.in_hand_kept += 1
    elif kept == typed[:-1]:
        tally.in_hand_lost += 1
    else:
        wrong.append(f"of {len(typed)} questions typed {len(kept)} are kept: {kept[-3:]}")
    now = digests(folder, data)
    wrong += (f"the answer of {key} changed" for key in answers if answers[key] != now.get(key))
    answers.update(now)
    return wrong


def kept_questions(folder: Path, data: Path, session: str) -> list[str]:
    """Return the saved questions of a session."""
    with open_sessions(data / FILE_NAME) as store:
        found = {s.name: s for s in store.sessions(collection_key(folder))}
        return [t.question for t in store.turns(found[session].key)] if session in found else []


def digests(folder: Path, data: Path) -> dict[tuple[str, int], str]:
    """Return a digest of every saved answer by session and turn."""
    with open_sessions(data / FILE_NAME) as store:
        return {
            (session.name, turn.key): hashlib.sha256(
                dumps(answer_to_json(turn.answer)).encode()
            ).hexdigest()
            for session in store.sessions(collection_key(folder))
            for turn in store.turns(session.key)
            if turn.answer is not None
        }


if __name__ == "__main__":
    sys.exit(main())
