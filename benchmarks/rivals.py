"""Measure speed and size next to what users could pick instead, in one run.

    python -m venv scratch
    scratch/bin/pip install -e . txtai chromadb bm25s
    scratch/bin/python benchmarks/rivals.py --collections A B C [--work DIR] [--write]

The others are a plain script with sentence-transformers and FAISS, txtai's hybrid of words and
vectors, Chroma, and BM25 by bm25s. One that is not installed is named and left out. Each gets the
passages and vectors of the collection, so that nothing is encoded anew, and writes its index to
DIR, where a later run finds it; questions are encoded by sentence-transformers with the same model.
The program is measured with its reader and without. The last collection is also measured while
other programs compute, one on each core.

Cold is the time from the start of a process until its first result is printed, for a file that the
system has in memory. Warm is over the questions, each asked once, in a process for each system.
Memory is what that process holds at the end. Systems take turns, question by question, so that a
slow moment of the machine meets all. The load of the machine at the start is recorded: on a busy
machine the figures are upper bounds. With --write, the figures go into benchmarks/results and
docs/explanation/speed.md.
"""

import argparse
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np  # noqa: E402
from rival_systems import LABELS, OURS, RIVALS, TEXTS, VECTORS  # noqa: E402
from speed import QUESTIONS  # noqa: E402
from speed_page import TIMES, table, write_page  # noqa: E402

from index.encoders.model import default_folder  # noqa: E402
from index.search.vector import passage_vectors, unpack  # noqa: E402
from index.store.reader import Store  # noqa: E402
from qa.batch.question_file import QuestionRecord, read_questions  # noqa: E402

RESULT = ROOT / "benchmarks" / "results" / "rivals.json"
MORE_QUESTIONS = ROOT / "benchmarks" / "rivals.txt"
SYSTEMS = str(ROOT / "benchmarks" / "rival_systems.py")
STAGES = str(ROOT / "benchmarks" / "question_stages.py")
WARM_UP = ("What was announced?", "Who spoke about it?", "How much did it cost?")
COLD_RUNS = 7
REST = 0.2
"""Seconds before each question. Threads of OpenMP can spin for that long after their work, which
would slow down the system that is asked next."""
CHUNK = 4096
PACKAGES = ("sentence-transformers", "faiss-cpu", "txtai", "chromadb", "bm25s")
Commands = Mapping[str, Sequence[str]]


class Server:
    """A process that has opened one system and answers questions."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def ask(self, question: str) -> tuple[float, float]:
        """Return the seconds that an answer took, and the megabytes in memory after it."""
        assert self._process.stdin is not None  # noqa: S101 - it has pipes
        assert self._process.stdout is not None  # noqa: S101
        print(json.dumps(question), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"ended without an answer; see what it says: {self._command}")
        seconds, megabytes = json.loads(line)
        return seconds, megabytes


def first_result(command: Sequence[str]) -> float:
    """Return the seconds from the start of a process until it prints its first line."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        line = process.stdout.readline()
        seconds = time.perf_counter() - started
        process.stdout.read()
    if not line:
        raise SystemExit(f"ended without an answer; see what it says: {command}")
    return seconds


def in_turn(names: Sequence[str], number: int) -> list[str]:
    """Return the systems in the order of one round: each is first once in so many rounds."""
    first = number % len(names)
    return [*names[first:], *names[:first]]


def cold(commands: Commands, questions: Sequence[str]) -> dict[str, float]:
    """Return the median milliseconds of a first answer, of commands that lack the question."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number, question in enumerate([WARM_UP[0], *questions]):
        for name in in_turn(list(commands), number):
            times[name].append(1000 * first_result([*commands[name], question]))
    return {name: statistics.median(found[1:]) for name, found in times.items()}


def warm(commands: Commands, questions: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return median, 95th percentile and memory of processes that answer every question."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    memory: dict[str, float] = {}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(Server(words)) for name, words in commands.items()}
        for number, question in enumerate([*WARM_UP, *questions]):
            for name in in_turn(list(commands), number):
                time.sleep(REST)
                seconds, memory[name] = servers[name].ask(question)
                times[name].append(1000 * seconds)
    return {
        name: {
            "p50 ms": statistics.median(found[len(WARM_UP) :]),
            "p95 ms": statistics.quantiles(found[len(WARM_UP) :], n=20, method="inclusive")[-1],
            "memory MB": memory[name],
        }
        for name, found in times.items()
    }


@contextmanager
def busy(programs: int) -> Iterator[None]:
    """Run programs that compute all the time."""
    # They end when this process does, even if it is killed.
    code = "import os; parent = os.getppid()\nwhile os.getppid() == parent: pass"
    command = [sys.executable, "-c", code]
    running = [subprocess.Popen(command) for _ in range(programs)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def write_source(store: Store, folder: Path) -> None:
    """Write the texts and vectors of all passages that have a vector, for the rivals to index."""
    sql = "SELECT p.id FROM passages p JOIN vectors v ON v.vector_key = p.vector_key ORDER BY p.id"
    keys = [row[0] for row in store.rows(sql)]
    parts = []
    with (folder / TEXTS).open("w", encoding="utf-8") as lines:
        for start in range(0, len(keys), CHUNK):
            part = keys[start : start + CHUNK]
            passages, packed = store.passages(part), passage_vectors(store, part)
            lines.writelines(json.dumps(passages[key].text) + "\n" for key in part)
            joined = b"".join(packed[key][0] for key in part)
            parts.append(unpack(joined, store.dimension))
    np.save(folder / VECTORS, np.concatenate(parts))


def build(collection: Path, folder: Path, names: Sequence[str]) -> list[str]:
    """Build the indexes that are not in a folder yet; return the systems that have one."""
    missing = [name for name in names if not (folder / name).is_dir()]
    with tempfile.TemporaryDirectory(dir=folder) as scratch, Store(collection) as store:
        source = Path(scratch)
        if missing:
            write_source(store, source)
        for name in missing:
            say(f"building {LABELS[name]}")
            made = source / name
            made.mkdir()
            command = system("build", name, made, str(source))
            if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
                say(f"{LABELS[name]} cannot be built and is left out")
            else:
                made.rename(folder / name)
    return [name for name in names if (folder / name).is_dir()]


def system(command: str, name: str, folder: Path, *words: str) -> list[str]:
    """Return the command line of rival_systems.py."""
    return [sys.executable, SYSTEMS, command, name, str(folder), str(default_folder()), *words]


def asking(collection: Path, folder: Path, names: Sequence[str]) -> tuple[Commands, Commands]:
    """Return the commands that ask one question, and those that answer many."""
    ask = [sys.executable, "-m", "qa", "--index", str(collection), "ask"]
    once = {"releaseqa": ask, "no-reader": [*ask, "--no-reader"]}
    serve = {name: system("serve", name, collection) for name in OURS}
    for name in names:
        once[name] = system("ask", name, folder / name)
        serve[name] = system("serve", name, folder / name)
    return once, serve


def size_on_disk(folder: Path) -> float:
    """Return the megabytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def times(
    once: Commands, serve: Commands, first_questions: Sequence[str], questions: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return the times and the memory of each system."""
    first, later = cold(once, first_questions), warm(serve, questions)
    return {name: {"cold ms": first[name], **later[name]} for name in once}


def stages(
    collection: Path, first_questions: Sequence[str], questions: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return the parts of a question, of the first one as medians."""

    def run(state: str, asked: Sequence[str], *started: str) -> dict[str, float]:
        command = [sys.executable, STAGES, state, str(collection), *started]
        text = "\n".join(asked)
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        found: dict[str, float] = json.loads(done.stdout)[state]
        return found

    runs = [run("cold", [q], str(time.monotonic())) for q in first_questions]
    first = {part: statistics.median(one[part] for one in runs) for part in runs[0]}
    return {"cold": first, "warm": run("warm", [*WARM_UP, *questions])}


def measure(
    collections: Sequence[Path],
    work: Path,
    names: Sequence[str],
    first_questions: Sequence[str],
    questions: Sequence[str],
) -> dict[str, Any]:
    """Return all figures: by size, and of the last collection its stages and when busy.

    Args:
        collections: The folders of the collections, smallest first.
        work: Where the indexes of the rivals are kept.
        names: The rivals.
        first_questions: Those asked of new processes.
        questions: Those asked of processes that run.
    """
    load = os.getloadavg()[0]
    sizes = []
    for collection in collections:
        with Store(collection) as store:
            passages = store.count("passages") - store.pending()
            key = f"{collection.resolve()}\0{store.state}"
        folder = work / hashlib.sha256(key.encode()).hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
        once, serve = asking(collection, folder, build(collection, folder, names))
        say(f"measuring {passages:,} passages")
        found = times(once, serve, first_questions, questions)
        for name, row in found.items():
            row["disk MB"] = size_on_disk(collection if name in OURS else folder / name)
        sizes.append({"passages": passages, "systems": found})
        print(f"{passages:,} passages\n{table(found)}\n", flush=True)
    parts = stages(collection, first_questions, questions)
    programs = os.cpu_count() or 1
    say(f"measuring with {programs} other programs")
    with busy(programs):
        found = times(once, serve, first_questions, questions)
    loaded = {name: {figure: row[figure] for figure in TIMES} for name, row in found.items()}
    print(f"{programs} other programs\n{table(loaded)}\n{json.dumps(parts)}", flush=True)
    return {
        "machine": {
            "cores": programs, "processor": processor(), "system": platform.system(),
            "python": platform.python_version(), "load": load,
        },
        "versions": {name: version(name) for name in PACKAGES if is_installed(name)},
        "questions": len(questions),
        "sizes": sizes,
        "busy": {"passages": passages, "programs": programs, "systems": loaded},
        "stages": {"passages": passages, **parts},
    }  # fmt: skip


def processor() -> str:
    """Return the name of the processor, where the system tells it."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text("utf-8").splitlines() if facts.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def is_installed(package: str) -> bool:
    """Return whether a package is installed."""
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def say(text: str) -> None:
    """Tell what is done, on stderr."""
    print(text, file=sys.stderr, flush=True)


def question_texts(path: Path | None) -> list[str]:
    """Return the questions of a file, or the default ones."""
    with (path or MORE_QUESTIONS).open("rb") as stream:
        asked = [one.text for one in read_questions(stream) if isinstance(one, QuestionRecord)]
    return asked if path else [*QUESTIONS, *asked]


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--collections", type=Path, nargs="+", required=True)
    parser.add_argument("--questions", type=Path, help="a question file; default: 60 general ones")
    parser.add_argument("--work", type=Path, help="where the indexes of the others are kept")
    parser.add_argument("--cold-runs", type=int, default=COLD_RUNS)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    for rival in RIVALS.values():
        if rival.missing:
            say(f"not installed, left out: {rival.label} ({', '.join(rival.missing)})")
    names = [name for name, rival in RIVALS.items() if not rival.missing]
    questions = question_texts(options.questions)
    with tempfile.TemporaryDirectory() as scratch:
        work = options.work or Path(scratch)
        first = questions[: options.cold_runs]
        found = measure(options.collections, work, names, first, questions)
    if options.write:
        RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        write_page(found)


if __name__ == "__main__":
    main()
