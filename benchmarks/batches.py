"""Measure the speed and the memory of `batch`, and whether it survives being killed.

    python benchmarks/batches.py --collection FOLDER --questions FILE [--name NAME]

The rate counts answers after the first groups, when indexes and caches are filled. The processor
time per question does not depend on who else uses the machine: jobs * 1000 / that time is the rate
on free cores. Memory is the sum of the resident sizes of all processes, its highest value after the
first groups, for a short and a long batch. A kill is a SIGKILL at a random moment, followed by
--resume; the file must equal that of an uninterrupted run, byte for byte. The figures are added to
results/batches.json under NAME.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from qa import open_collection  # noqa: E402
from qa.batch.question_file import read_questions  # noqa: E402
from qa.batch.run import Asked, answer_questions, default_group_size  # noqa: E402
from qa.batch.to_file import journal_path  # noqa: E402
from qa.batch.workers import WorkerPool, usable_cores  # noqa: E402
from qa.types import AskOptions  # noqa: E402

SEED = 7


def processes(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += processes(int(child))
    return found


def processor_seconds(pids: list[int]) -> float:
    """Return the processor time of some processes."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def resident_mb(pids: list[int]) -> float:
    """Return the resident memory of processes, megabytes."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def rate(
    folder: Path, questions: Path, count: int, jobs: int, *, reader: bool, every: int = 100
) -> dict[str, float]:
    """Ask questions repeatedly until `count` are answered; return rate and memory."""
    options = AskOptions(reader=reader)
    warm = 2 * jobs * default_group_size(options)

    def endless() -> Iterator[Asked]:
        while True:
            with questions.open("rb") as stream:
                yield from read_questions(stream)

    highest = started = used = 0.0
    with open_collection(folder) as collection, WorkerPool(folder, jobs) as pool:
        outcomes = answer_questions(
            collection, islice(endless(), warm + count), options, workers=pool
        )
        for number, _ in enumerate(outcomes, start=1):
            if number == warm:
                started, used = time.perf_counter(), processor_seconds(processes(os.getpid()))
            if number > warm and number % every == 0:
                highest = max(highest, resident_mb(processes(os.getpid())))
        seconds = time.perf_counter() - started
        spent = processor_seconds(processes(os.getpid())) - used
    return {
        "questions": count,
        "jobs": jobs,
        "a second": round(count / seconds, 1),
        "processor ms a question": round(spent / count * 1000, 2),
        "a second on free cores": round(jobs * count / spent, 1),
        "resident MB": round(highest),
        "load": round(os.getloadavg()[0], 1),
    }


def kills(folder: Path, questions: Path, count: int, jobs: int, times: int) -> dict[str, int]:
    """Kill a batch at random moments and resume it; count the files that differ."""
    chance = random.Random(SEED)
    differ = kept = 0
    with tempfile.TemporaryDirectory() as scratch:
        asked = Path(scratch) / "q.jsonl"
        with questions.open("rb") as stream:
            found = islice(read_questions(stream), count)
            asked.write_text("".join(json.dumps({"question": q.text}) + "\n" for q in found))
        command = [sys.executable, "-m", "qa", "--index", str(folder), "batch", str(asked), "-q",
                   "--no-timing", "--no-reader", "--jobs", str(jobs), "-o"]  # fmt: skip
        whole = Path(scratch) / "whole.jsonl"
        began = time.perf_counter()
        subprocess.run([*command, str(whole)], cwd=ROOT, check=True)
        took = time.perf_counter() - began
        for number in range(times):
            out = Path(scratch) / f"{number}.jsonl"
            process = subprocess.Popen([*command, str(out)], cwd=ROOT)
            time.sleep(chance.uniform(0, took))
            process.send_signal(signal.SIGKILL)
            process.wait()
            kept += journal_path(out).exists()
            subprocess.run([*command, str(out), "--resume"], cwd=ROOT, check=True)
            differ += out.read_bytes() != whole.read_bytes()
            out.unlink()
    return {
        "questions": count,
        "kills": times,
        "with answers kept": kept,
        "files that differ": differ,
    }


def main() -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--collection", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--name", default="batch")
    parser.add_argument("--jobs", type=int, default=usable_cores())
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--read", type=int, default=500, help="questions with the reader")
    parser.add_argument("--long", type=int, default=100_000, help="questions of the long batch")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--kill-count", type=int, default=1_000)
    given = parser.parse_args()
    found: dict[str, Any] = {}
    where = (given.collection, given.questions)
    if given.count:
        found["without the reader"] = rate(*where, given.count, given.jobs, reader=False)
    if given.read:
        found["with the reader"] = rate(*where, given.read, given.jobs, reader=True, every=20)
    if given.long:
        found["long"] = rate(*where, given.long, given.jobs, reader=False)
    if given.kills:
        found["killed"] = kills(*where, given.kill_count, given.jobs, given.kills)
    print(json.dumps({given.name: found}, indent=1))
    results = ROOT / "benchmarks" / "results" / "batches.json"
    known = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    known[given.name] = {**known.get(given.name, {}), **found}
    results.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
