"""Measure how the time and memory of reading hostile documents grow with their size.

    python benchmarks/hostile.py [NAME ...] [--write]

Each document of `tests/support/hostile_*.py` is made in three sizes, each twice the one
before, and read, structured and split to passages in a process of its own. A row shows the seconds
of processor time of all processes, the peak memory of the largest, and how many times longer it
took than the size before: about 2 is linear, 4 is quadratic. Rows of more than 30 seconds or 1 GB
are flagged, and the exit code is 1 when there is one.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import hostile_documents  # noqa: E402
import hostile_markup  # noqa: E402
import hostile_packages  # noqa: E402
import hostile_records  # noqa: E402

MAKERS = {
    **hostile_documents.MAKERS, **hostile_records.MAKERS, **hostile_markup.MAKERS,
    **hostile_packages.MAKERS,
}  # fmt: skip

MAX_SECONDS = 30.0
MAX_MEMORY = 1_000_000_000
GIVE_UP_S = 120
"""Seconds of processor time after which a size is given up, and larger ones are not tried."""

RESULTS = ROOT / "benchmarks" / "results" / "hostile.txt"


def measure(path: Path) -> dict[str, object]:
    """Read a file; return seconds, peak bytes and what was found."""
    import resource
    import time

    from index.encoders.model import load_model
    from index.encoders.tokenizer import passage_window
    from index.errors import SourceError
    from index.ingest.discover import scan
    from index.ingest.parse import MAX_BYTES, ParsedRelease, never_unchanged, read_source
    from index.readers.isolated import IsolatedReaders
    from index.readers.reading_process import ReadingProcess

    resource.setrlimit(resource.RLIMIT_CPU, (GIVE_UP_S, GIVE_UP_S))
    model = load_model()
    window = passage_window(model.folder, model.spec.max_length, model.spec.passage_prefix)
    (source,) = scan([path], path.parent)
    started = time.process_time()
    passages = sentences = 0
    reasons: list[str] = []
    try:
        with ReadingProcess() as process:
            readers = IsolatedReaders(process)
            for record in read_source(source, window, MAX_BYTES, never_unchanged, readers):
                if isinstance(record, ParsedRelease):
                    passages += len(record.passages)
                    sentences += sum(len(passage.sentences) for passage in record.passages)
                else:
                    reasons.append(getattr(record, "reason", ""))
    except SourceError as error:
        reasons.append(str(error))
    except Exception as error:  # noqa: BLE001 - it would end the whole run: a fault to be shown
        reasons.append(f"FAILED: {error!r}"[:60])
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = time.process_time() - started + children.ru_utime + children.ru_stime
    peak = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, children.ru_maxrss)
    found = f"{passages} passages, {sentences} sentences" if passages else ""
    return {
        "seconds": seconds,
        "peak": peak * (1 if sys.platform == "darwin" else 1024),
        "found": "; ".join(filter(None, (found, *reasons[:1]))),
    }


def measure_apart(path: Path) -> dict[str, object] | None:
    """Measure in a new process; return None when it takes too long."""
    done = subprocess.run(
        [sys.executable, __file__, "--measure", str(path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return None
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        return {"seconds": 0.0, "peak": 0, "found": f"FAILED: {done.returncode} {last[:60]}"}
    measured: dict[str, object] = json.loads(done.stdout)
    return measured


def rows(names: list[str], folder: Path) -> list[str]:
    """Measure the named documents and print a line for each size; return the lines."""
    lines = [f"{'document':24}{'size':>10}{'kB':>8}{'seconds':>9}{'times':>7}{'MB':>7}  found"]
    print(lines[0], flush=True)
    for name in names:
        maker = MAKERS[name]
        before = 0.0
        for size in maker.sizes:
            path = folder / f"hostile{maker.extension}"
            path.write_bytes(maker.make(size))
            start = f"{name:24}{size:>10}{path.stat().st_size // 1000:>8}"
            measured = measure_apart(path)
            if measured is None:
                lines.append(f"{start}  FLAG: more than {GIVE_UP_S} seconds")
                print(lines[-1], flush=True)
                break
            seconds, peak = float(str(measured["seconds"])), int(str(measured["peak"]))
            found = str(measured["found"])
            times = f"{seconds / before:7.1f}" if before else " " * 7
            over = seconds > MAX_SECONDS or peak > MAX_MEMORY or "FAILED" in found
            flag = "  FLAG" if over else ""
            lines.append(f"{start}{seconds:9.2f}{times}{peak // 1_000_000:>7}  {found}{flag}")
            print(lines[-1], flush=True)
            before = seconds
    return lines


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="documents; default: all")
    parser.add_argument("--write", action="store_true", help="write the result")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return 0
    names = options.names or list(MAKERS)
    if unknown := [name for name in names if name not in MAKERS]:
        parser.error(f"no document {unknown[0]!r}; there are: {', '.join(MAKERS)}")
    with tempfile.TemporaryDirectory() as folder:
        lines = rows(names, Path(folder))
    if options.write:
        RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if any("FLAG" in line for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
