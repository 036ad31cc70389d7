"""Let a coverage-guided fuzzer change the inputs of the harnesses.

    python tests/support/fuzzing [NAME ...] [--minutes 20] [--keep]

It needs atheris (`pip install -e '.[fuzz]'`), which has wheels for Linux on x86-64. It works
in build/fuzz/NAME: in `corpus` are the inputs that reached different code, in `findings` the first
input for each place that raised what no harness accepts. `--keep` puts the smallest of the
corpus into tests/data/fuzz. The exit code is 1 if there are findings.

A finding is mended like this: put the bytes into tests/data/fuzz/findings/NAME.txt with a comment,
see `tests/fuzzing` fail, mend the code.
"""

import argparse
import contextlib
import hashlib
import os
import shlex
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
sys.path = [path for path in sys.path if Path(path or ".").resolve() != Path(__file__).parent]
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from fuzzing.core import KEPT, MAX_BYTES, NAMES, Harness, check, kept, load  # noqa: E402

WORK = ROOT / "build" / "fuzz"
MAX_KEPT = 12_000
"""Bytes of a corpus that is kept."""

HANGS_AFTER_S = 120
"""Seconds after which the fuzzer ends an input, and itself; less is found by `check`."""

MEMORY_MB = 3_000
GUIDES = ["index", "qa", "docx", "feedparser", "htmldate", "markdown_it", "trafilatura"]
"""Packages whose code guides the fuzzer; the standard library is left out."""

_OURS = (str(ROOT / "index"), str(ROOT / "qa"), str(ROOT / "tests"))


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one harness; does not return."""
    import atheris

    harness = instrumented(name)
    work = WORK / name
    for folder in ("corpus", "findings", "seeds"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    for data in (*harness.seeds(), *kept(name), *kept(name, findings=True)):
        (work / "seeds" / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data[:MAX_BYTES])
    words = work / "words.txt"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in harness.words if len(word) < 64))
    options = {
        "max_total_time": seconds,
        "timeout": HANGS_AFTER_S,
        "rss_limit_mb": MEMORY_MB,
        "max_len": MAX_BYTES,
        "dict": words,
        "artifact_prefix": f"{work / 'findings'}/",
        "print_final_stats": 1,
        "verbosity": 0,
    }
    seen: set[str] = set()

    def one_input(data: bytes) -> None:
        """Check an input, and write it down when it is the first that fails at its place."""
        try:
            check(harness, data)
        except Exception as error:  # noqa: BLE001 - each is a finding
            place = _place(error)
            if place not in seen:
                seen.add(place)
                path = work / "findings" / hashlib.sha256(place.encode()).hexdigest()[:16]
                path.write_bytes(data)
                path.with_suffix(".txt").write_text(
                    f"{place}\n{''.join(traceback.format_exception(error))}", encoding="utf-8"
                )
                print(f"{name}: FINDING {place}: {path}", flush=True)

    atheris.Setup(
        [
            sys.argv[0],
            *(f"-{option}={value}" for option, value in options.items()),
            str(work / "corpus"),
            str(work / "seeds"),
        ],
        one_input,
    )
    atheris.Fuzz()


def instrumented(name: str) -> Harness:
    """Return a harness whose code, and that of the libraries it needs, counts what is reached."""
    import atheris

    with atheris.instrument_imports(include=GUIDES):
        harness = load(name)
        for data in harness.seeds():  # what is imported only when it is needed
            _quiet(harness)(data)
    return harness


def _place(error: Exception) -> str:
    """Return what distinguishes a finding: the exception, and our innermost line."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_OURS)]
    frame = (ours or list(frames))[-1]
    return f"{type(error).__name__} at {frame.filename.removeprefix(str(ROOT))}:{frame.lineno}"


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def keep(name: str) -> None:
    """Write the smallest inputs of a corpus that together reach what all of it reaches."""
    with tempfile.TemporaryDirectory() as smallest:
        subprocess.run(
            merge_command(name, WORK / name / "corpus", smallest), check=True, env=os.environ
        )
        inputs = sorted((path.read_bytes() for path in Path(smallest).iterdir()), key=len)
    lines = []
    left = MAX_KEPT
    for data in inputs:
        left -= len(repr(data))
        if left < 0:
            break
        lines.append(repr(data))
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}: {len(lines)} of {len(inputs)} inputs kept")


def merge_command(name: str, corpus: Path | str, target: Path | str) -> list[str]:
    """Return the command that puts the smallest inputs of a corpus into a folder."""
    return [sys.executable, __file__, "--merge", name, str(corpus), str(target)]


def merge(name: str, corpus: str, target: str, *, given: list[str]) -> None:
    """Put the smallest inputs with the coverage of a corpus into a folder; does not return.

    The fuzzer runs the inputs in processes of its own. It starts them by its own name, which it
    gives to a shell, and with options that are `given` there; the folders it gives are not quoted,
    and not used.
    """
    import atheris

    harness = instrumented(name)
    command = shlex.join(merge_command(name, corpus, target))
    inner = [option for option in given if option.startswith("-")]
    atheris.Setup([command, *(inner or ["-merge=1", target, corpus])], _quiet(harness))
    atheris.Fuzz()


def _quiet(harness: Harness) -> Callable[[bytes], None]:
    def one_input(data: bytes) -> None:
        with contextlib.suppress(Exception):  # findings are kept apart
            check(harness, data)

    return one_input


def main() -> int:
    """Fuzz the named harnesses one after the other."""
    if sys.argv[1:2] == ["--merge"]:
        merge(*sys.argv[2:5], given=sys.argv[5:])
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--minutes", type=float, default=20, help="for each (default: 20)")
    parser.add_argument("--keep", action="store_true", help="keep the smallest of the corpus")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in NAMES]:
        parser.error(f"no harness {unknown[0]!r}; there are: {', '.join(NAMES)}")
    if options.one:
        fuzz(options.names[0], int(options.minutes * 60))
    failed = False
    for name in options.names or NAMES:
        started = time.time()
        done = subprocess.run(
            [sys.executable, __file__, "--one", "--minutes", str(options.minutes), name],
            check=False,
            env=os.environ,
        )
        new = [p for p in (WORK / name / "findings").iterdir() if p.stat().st_mtime >= started]
        failed = failed or done.returncode != 0 or bool(new)
        print(f"{name}: exit {done.returncode}, {len(new)} files of findings", flush=True)
        if options.keep:
            keep(name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
