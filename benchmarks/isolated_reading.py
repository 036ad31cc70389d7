"""Measure what reading pages in a process of its own costs.

    python benchmarks/isolated_reading.py [--pages 300] [--write]

Pages like those of a newsroom (the sample pages, each with a number, menus, scripts) are read and
their structure is found, as `index` does before anything is stored: by readers in this process, and
by readers in another. Both take turns, each time in a new process and over all pages, and the
faster of two is shown: seconds, and seconds of processor time of all processes.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

ROUNDS = 2
RESULTS = ROOT / "benchmarks" / "results" / "isolated_reading.txt"


def make_pages(folder: Path, count: int) -> int:
    """Write pages; return their bytes."""
    samples = [path.read_text("utf-8") for path in sorted(ROOT.glob("samples/releases/*.html"))]
    links = "".join(
        f'<li><a href="/s/{i}" class="menu-item">Section {i}</a></li>' for i in range(150)
    )
    menu = f"<nav><ul>{links}</ul></nav>"
    script = "<script>" + "var seen = seen || []; seen.push({'page': 1});\n" * 400 + "</script>"
    size = 0
    for number in range(count):
        page = samples[number % len(samples)]
        page = page.replace("<p>", f"<p>Notice {number} of the year. ", 1)
        page = page.replace("<body>", f"<body>{menu}{script}", 1)
        size += (folder / f"page-{number}.html").write_bytes(page.encode())
    return size


def read_all(folder: Path, *, isolated: bool) -> dict[str, float]:
    """Read all pages of a folder as `index` does; return what it took."""
    import resource
    import time

    from index.encoders.model import load_model
    from index.encoders.tokenizer import passage_window
    from index.ingest.discover import SourceFile, scan
    from index.ingest.parse import MAX_BYTES
    from index.ingest.previous_state import PreviousState
    from index.ingest.sync import Sync
    from index.readers.isolated import IsolatedReaders
    from index.readers.reading_process import ReadingProcess
    from index.readers.registry import reader_for

    model = load_model()
    window = passage_window(model.folder, model.spec.max_length, model.spec.passage_prefix)
    started, used = time.perf_counter(), time.process_time()
    with ReadingProcess() as process:
        readers = IsolatedReaders(process) if isolated else reader_for
        run = Sync(None, PreviousState(), window, MAX_BYTES, lambda _: None, lambda: False, readers)
        for file in scan([folder], folder):
            if isinstance(file, SourceFile):
                run.sync_file(file)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "releases": run.added,
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - used + children.ru_utime + children.ru_stime,
    }


def measure(folder: Path, *, isolated: bool) -> dict[str, float]:
    """Measure in a new process."""
    command = [sys.executable, __file__, "--read", str(folder), *["--isolated"] * isolated]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--write", action="store_true", help="write the result")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--isolated", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        print(json.dumps(read_all(options.read, isolated=options.isolated)))
        return
    with tempfile.TemporaryDirectory() as name:
        size = make_pages(Path(name), options.pages)
        rounds = [
            {isolated: measure(Path(name), isolated=isolated) for isolated in (False, True)}
            for _ in range(ROUNDS)
        ]
    here, apart = (
        {
            key: min(found[isolated][key] for found in rounds)
            for key in ("releases", "seconds", "cpu")
        }
        for isolated in (False, True)
    )
    average = size // options.pages // 1000
    lines = [
        f"{options.pages} pages of {average} kB, the faster of {ROUNDS} rounds",
        f"{'':20}{'releases':>10}{'seconds':>10}{'cpu seconds':>13}",
        *(
            f"{name:20}{found['releases']:>10}{found['seconds']:>10.2f}{found['cpu']:>13.2f}"
            for name, found in (("in this process", here), ("in another", apart))
        ),
        "{:30}{:>10.2f}{:>13.2f}".format(
            "ratio", *(apart[key] / here[key] for key in ("seconds", "cpu"))
        ),
    ]
    print("\n".join(lines))
    if options.write:
        RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
