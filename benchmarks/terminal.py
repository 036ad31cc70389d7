"""Measure how fast the terminal UI starts and responds to keys, in a pseudo-terminal.

    python benchmarks/terminal.py [--collection FOLDER] [--turns 1000]

Start-up is the time until a key pressed at once is on the screen, next to an empty Python that
imports textual, in one run. An echo is the time from a key to its letter on the screen: at rest,
while questions run, while a folder is indexed, and in a saved conversation of many turns; then
paging in that conversation and in a release of two megabytes. Without a collection the samples are
indexed. The load of the machine is recorded: on a busy machine the figures are upper bounds.
"""

import argparse
import fcntl
import json
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from index.ingest.update import update_collection  # noqa: E402
from qa import open_collection  # noqa: E402
from qa.paths import VARIABLE, collection_key  # noqa: E402
from qa.sessions.store import open_sessions  # noqa: E402

RESULT = ROOT / "benchmarks" / "results" / "terminal.json"
LETTERS = "абвгдежзиклмнопрстуфхцчшщэюя"
"""Letters of a script that nothing else on the screen uses."""
ACCEPTING = "sk the collection"
"""The text of the empty prompt. Its first letter is under the cursor and drawn separately."""
RUNS = 7
PATIENCE = 60.0
SETTLED = 8.0
"""Seconds after which the model is loaded and a long conversation is at rest."""
ASKED = 40
ASKING = "Searching"
"""The text of the status line while a question runs."""
ANSWERED = b"passages in"
"""The text of the status line when the answer is there."""
QUESTIONS = (
    "How long will Canada keep taking part in Operation NEON?",
    "What is the minimum wage?",
    "Who announced the funding?",
    "When does the agreement take effect?",
    "How many people work at the plant?",
)


class Terminal:
    """A program in a pseudo-terminal whose output is read as it arrives."""

    def __init__(self, *arguments: str, size: tuple[int, int] = (120, 40)) -> None:
        self.drawn = b""
        self.process, self.screen = pty.fork()
        if not self.process:
            environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execvpe(sys.executable, [sys.executable, *arguments], environment)  # noqa: S606
        rows = struct.pack("HHHH", size[1], size[0], 0, 0)
        fcntl.ioctl(self.screen, termios.TIOCSWINSZ, rows)

    def press(self, keys: str) -> None:
        """Send keys; earlier output no longer counts."""
        self.drawn = b""
        os.write(self.screen, keys.encode())

    def until(self, text: str) -> float:
        """Read until a text is drawn; return the seconds it took."""
        started = time.perf_counter()
        while text.encode() not in self.drawn:
            self.read(1.0)
            if time.perf_counter() - started > PATIENCE:
                raise TimeoutError(f"{text!r} was never drawn; the last: {self.drawn[-400:]!r}")
        return time.perf_counter() - started

    def read(self, wait: float) -> bool:
        """Read output, waiting at most this many seconds; return whether there was any."""
        if not select.select([self.screen], [], [], wait)[0]:
            return False
        self.drawn += os.read(self.screen, 65_536)
        return True

    def settle(self, seconds: float) -> None:
        """Read for some time."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)

    def quiet(self) -> None:
        """Read until nothing has arrived for a while."""
        while self.read(0.3):
            pass

    def end(self) -> None:
        """End the program."""
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.screen)


def chat(collection: Path, *more: str) -> Terminal:
    """Start the chat."""
    return Terminal("-m", "qa", "--index", str(collection), "chat", *more)


def start_up(collection: Path) -> dict[str, float]:
    """Measure until a key pressed at once is drawn, and an empty Python with textual."""
    ours, bare = [], []
    for _ in range(RUNS):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import textual"], cwd=ROOT, check=True)
        bare.append(time.perf_counter() - started)
        started = time.perf_counter()
        terminal = chat(collection)
        terminal.until(ACCEPTING)
        terminal.press(LETTERS[0])
        terminal.until(LETTERS[0])
        ours.append(time.perf_counter() - started)
        terminal.end()
    return {
        "chat_s": statistics.median(ours),
        "import_textual_s": statistics.median(bare),
        "difference_s": statistics.median(ours) - statistics.median(bare),
    }


def echoes(terminal: Terminal, count: int, pause: float = 0.03) -> list[float]:
    """Press letters and measure until each is drawn."""
    times = []
    for number in range(count):
        if number % len(LETTERS) == 0:
            terminal.press("\x15")  # Ctrl+U empties the line
            terminal.settle(0.2)
        letter = LETTERS[number % len(LETTERS)]
        terminal.press(letter)
        times.append(terminal.until(letter))
        terminal.settle(pause)
    return times


def pages(terminal: Terminal, key: str, count: int) -> list[float]:
    """Turn pages and measure until something new is drawn."""
    times = []
    for _ in range(count):
        terminal.quiet()
        terminal.press(key)
        started = time.perf_counter()
        terminal.read(PATIENCE)
        times.append(time.perf_counter() - started)
    return times


def at_rest(collection: Path) -> list[float]:
    """Measure echoes with nothing else to do."""
    terminal = ready(collection)
    times = echoes(terminal, 120)
    terminal.end()
    return times


def ready(collection: Path, *more: str) -> Terminal:
    """Start the chat and wait until its model is loaded."""
    terminal = chat(collection, *more)
    terminal.until("Ready")
    return terminal


def while_asking(collection: Path) -> list[float]:
    """Measure echoes from the start of a question until its answer is shown."""
    terminal = ready(collection)
    times = []
    for number in range(ASKED):
        terminal.press("\x15" + QUESTIONS[number % len(QUESTIONS)] + "\r")
        terminal.until(ASKING)
        for letter in cycle(LETTERS):
            terminal.press(letter)
            times.append(terminal.until(letter))
            if ANSWERED in terminal.drawn:
                break
            terminal.settle(0.005)
            if ANSWERED in terminal.drawn:
                break
        terminal.settle(0.3)
    terminal.end()
    if len(times) < 2 * ASKED:
        raise RuntimeError("the questions were not waited for")
    return times


def while_indexing(folder: Path) -> list[float]:
    """Measure echoes while the releases of a folder are encoded."""
    source = folder / "many.jsonl"
    words = ["the", "minister", "announced", "funding", "for", "bridges", "and", "harbours"]
    with source.open("w", encoding="utf-8") as file:
        for number in range(1_200):
            text = "\n\n".join(
                f"Paragraph {part} of {number}: " + " ".join(words[(number + part) % 5 :]) + "."
                for part in range(6)
            )
            file.write(json.dumps({"id": f"r{number}", "title": f"Number {number}", "text": text}))
            file.write("\n")
    terminal = chat(folder / "new" / ".releaseqa", str(source))
    terminal.until("Encoding passages")
    times = echoes(terminal, 120)
    terminal.end()
    return times


def in_many_turns(collection: Path, turns: int) -> tuple[list[float], list[float], float]:
    """Measure echoes and paging in a saved conversation, and the seconds until it is shown."""
    with open_collection(collection) as asked, open_sessions() as store:
        answers = [asked.ask(question) for question in QUESTIONS[:2]]
        session = store.begin(collection_key(collection), "long")
        for number in range(turns):
            answer = answers[number % len(answers)]
            key = store.ask(session.key, answer.question)
            store.settle(key, "done", answer, None)
    started = time.perf_counter()
    terminal = chat(collection, "--session", "long")
    terminal.until(answers[(turns - 1) % len(answers)].question)
    shown = time.perf_counter() - started
    terminal.settle(SETTLED)
    times = echoes(terminal, 120)
    terminal.press("\x15\t")
    turned = pages(terminal, "\x1b[5~", 60)
    terminal.end()
    return times, turned, shown


def in_a_long_release(folder: Path) -> list[float]:
    """Measure paging in a release of two megabytes."""
    text = "\n\n".join(
        f"Paragraph {number} says that the ferry of line {number} sails at dawn and comes at dusk."
        for number in range(25_000)
    )
    (folder / "long.txt").write_text("A long release\n\n" + text, encoding="utf-8")
    collection = folder / "long" / ".releaseqa"
    stages: set[str] = set()
    update_collection(
        collection,
        [folder / "long.txt"],
        progress=lambda progress: stages.add(progress.stage),
        cancelled=lambda: "meaning" in stages,  # words are enough
    )
    terminal = chat(collection, "--words-only")
    terminal.until(ACCEPTING)
    terminal.press("ferry of line 12000\r")
    terminal.until("at dawn and comes")
    terminal.press("\t\r")
    terminal.quiet()
    turned = pages(terminal, "\x1b[6~", 60)
    terminal.end()
    return turned


def spread(times: list[float]) -> dict[str, float]:
    """Return median, 95th percentile and maximum in milliseconds."""
    ordered = sorted(times)
    return {
        "p50_ms": 1000 * statistics.median(ordered),
        "p95_ms": 1000 * ordered[int(0.95 * (len(ordered) - 1))],
        "max_ms": 1000 * ordered[-1],
    }


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--collection", type=Path)
    parser.add_argument("--turns", type=int, default=1_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ[VARIABLE] = str(folder / "data")
        collection = options.collection or folder / ".releaseqa"
        if options.collection is None:
            update_collection(collection, [ROOT / "samples" / "releases"])
        found: dict[str, dict[str, float]] = {}

        def keep(name: str, figures: dict[str, float]) -> None:
            found[name] = figures
            told = "".join(f"{what} {value:8.2f}   " for what, value in figures.items())
            print(f"{name:24}{told}", flush=True)

        keep("start", start_up(collection))
        keep("echo at rest", spread(at_rest(collection)))
        keep("echo while asking", spread(while_asking(collection)))
        keep("echo while indexing", spread(while_indexing(folder)))
        times, turned, shown = in_many_turns(collection, options.turns)
        keep(f"echo in {options.turns} turns", spread(times))
        keep(f"page in {options.turns} turns", spread(turned) | {"shown_s": shown})
        keep("page in 2 MB", spread(in_a_long_release(folder)))
        keep("machine", {"load": os.getloadavg()[0], "cores": float(os.cpu_count() or 0)})
    rounded = {
        name: {what: round(value, 3) for what, value in figures.items()}
        for name, figures in found.items()
    }
    RESULT.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
