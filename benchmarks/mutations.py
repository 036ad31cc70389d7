"""Measure whether the tests notice faults: put one into the code at a time, and run the near tests.

    python benchmarks/mutations.py [NUMBER ...] [--jobs 2] [--write]

Each fault is one line, such as a check or a sync that is left out, a limit that is ignored, an
order that is swapped. It is put into a copy of the tree, and the tests that should notice it run
until the first one fails. The numbers name faults; without any, all are tried. `--write` puts the
result of these faults into `results/mutations.txt` and leaves that of the others as it is.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "mutations.txt"
TIMEOUT_S = 1_800
COPIED = ("index", "qa", "tui", "tests", "samples", "pyproject.toml")

STORE = "tests/index/store"
POWER = f"{STORE}/test_power_cuts.py"
BAD = "tests/index/test_bad_folders.py"
UNTRUSTED = "tests/index/test_untrusted_folder.py"
SEALS = "tests/index/verify/test_seals.py"
VERIFY = "tests/index/verify/test_verify.py"
DISCOVER = "tests/index/ingest/test_discover.py"
LIMITS = "tests/index/ingest/test_limits.py"
UPDATE = "tests/index/ingest/test_update.py"
READ_AGAIN = "tests/index/ingest/test_what_is_read_again.py"
READERS = "tests/index/readers"


@dataclass(frozen=True)
class Fault:
    """A line of a module, what stands there in its place, and the tests that should notice."""

    module: str
    line: str
    fault: str
    tests: tuple[str, ...]


def _fault(module: str, line: str, fault: str, *tests: str) -> Fault:
    return Fault(f"index/{module}.py", line, fault, tests)


FAULTS = (
    # The store.
    _fault("store/syncing", "        os.fsync(stream.fileno())", "        stream.fileno()", POWER),
    _fault("store/syncing", "        os.fsync(descriptor)", "        os.fstat(descriptor)", POWER),
    _fault("store/syncing", "in reversed(missing):", "in reversed(missing[1:]):", POWER),
    _fault("store/artifacts", "            sync_file(path)", "            sha256(path)", POWER),
    _fault(
        "store/artifacts",
        'total.update(f"{file.name}\\0{inner}\\n".encode())',
        'total.update(f"{inner}\\n".encode())',
        f"{STORE}/test_artifacts.py",
        VERIFY,
    ),
    _fault("store/artifacts", "mode = path.lstat().st_mode", "mode = path.stat().st_mode", VERIFY),
    _fault("store/artifacts", "/ artifact.name) == artifact.sha256", '/ artifact.name) != ""', BAD),
    _fault("store/seals", 'digest.update(b"%d:" % len(data))', 'digest.update(b":")', SEALS),
    _fault("store/seals", 'digest.update(b"-")', 'digest.update(b"")', SEALS),
    _fault("store/seals", '"family", "replaced_by",', '"family",', SEALS),
    _fault(
        "store/seals", '"size", "mtime_ns", "sha256", "form"', '"size", "mtime_ns", "form"', SEALS
    ),
    _fault("store/writer", "synchronous = FULL", "synchronous = OFF", POWER),
    _fault("store/writer", "foreign_keys = ON", "foreign_keys = OFF", UPDATE),
    _fault("store/writer", "str(self.generation + 1)", "str(self.generation)", UPDATE, SEALS),
    _fault(
        "store/writer", "SET mtime_ns = -1, sha256 = NULL", "SET sha256 = NULL", UPDATE, READ_AGAIN
    ),
    _fault(
        "store/writer",
        '"DELETE FROM families"',
        '"SELECT 1 FROM families"',
        "tests/index/dedup",
        SEALS,
    ),
    _fault(
        "store/rows",
        'n.to_bytes(4, "little")',
        'n.to_bytes(4, "big")',
        f"{STORE}/test_rows.py",
        UPDATE,
    ),
    _fault(
        "store/rows",
        "    digest.update(pack_spans(sentences))",
        "    pack_spans(sentences)",
        f"{STORE}/test_rows.py",
        UPDATE,
    ),
    _fault("store/rows", "release.date, release.issuer,", "release.date,", UPDATE, READ_AGAIN),
    _fault("store/page_numbers", "span[1] - 1)", "span[1])", f"{STORE}/test_page_numbers.py"),
    _fault(
        "store/page_numbers", "starts[0] != 0", "starts[0] < 0", f"{STORE}/test_page_numbers.py"
    ),
    _fault("store/files", "if end > _HEADER.size and tail == _MAGIC", "if tail == b''", UNTRUSTED),
    _fault("store/files", "if stat.S_ISLNK(mode):", "if stat.S_ISFIFO(mode):", UNTRUSTED),
    _fault(
        "store/files", "0 < path.stat().st_size <= _FIRST", "0 < path.stat().st_size < _FIRST", BAD
    ),
    _fault(
        "store/sqlite",
        '"COMMIT", ("ROLLBACK",)',
        '"COMMIT", ("COMMIT",)',
        f"{STORE}/test_sqlite.py",
    ),
    _fault(
        "store/sqlite",
        "if self.version > newest:",
        "if self.version > newest + 1:",
        f"{STORE}/test_sqlite.py",
        BAD,
    ),
    _fault(
        "store/sqlite",
        "                if self.version >= number:\n                    continue\n",
        "",
        f"{STORE}/test_sqlite.py",
    ),
    _fault("store/schema", "if found.get(name) != columns", "if name not in found", UNTRUSTED),
    _fault(
        "store/lookups",
        "            if version != self._version:",
        "            if False:",
        f"{STORE}/test_lookups.py",
    ),
    _fault(
        "store/lookups",
        "len(self._values) - self._size)",
        "len(self._values) - self._size - 1)",
        f"{STORE}/test_lookups.py",
    ),
    # From sources to the store.
    _fault(
        "ingest/discover",
        "            elif leaves:",
        "            elif leaves and is_folder:",
        DISCOVER,
    ),
    _fault("ingest/discover", "    if identity in seen:\n", "    if False:\n", DISCOVER, UPDATE),
    _fault("ingest/discover", "root in path.parents", "root == path.parent", UPDATE),
    _fault(
        "ingest/parse",
        "(status.st_size, status.st_mtime_ns) != (source.size, source.mtime_ns)",
        "status.st_size != source.size",
        DISCOVER,
    ),
    _fault("ingest/parse", "source.mtime_ns > _FRESH_NS", "source.mtime_ns > 0", UPDATE),
    _fault(
        "ingest/parse",
        "date=given or dateline or created",
        "date=dateline or given or created",
        UPDATE,
        READERS,
    ),
    _fault(
        "ingest/sync",
        " and state.parser_version == self.parser_version\n\n    def _same_bytes",
        "\n\n    def _same_bytes",
        UPDATE,
        READ_AGAIN,
    ),
    _fault(
        "ingest/sync", "state.path in self.complete or self._has_left(state.path)", "True", UPDATE
    ),
    _fault("ingest/sync", "                clean = False", "                clean = True", UPDATE),
    _fault(
        "ingest/embed", "[row[3] : row[4]]", "[row[3] : row[4] - 1]", UPDATE, "tests/index/search"
    ),
    _fault(
        "ingest/embed",
        "model.spec.fingerprint} and not named:",
        "model.spec.fingerprint} and named:",
        "tests/index/encoders",
        BAD,
    ),
    _fault("ingest/update", "        if prune and missing:", "        if missing:", UPDATE),
    # Readers.
    _fault(
        "readers/base", "if found.tell() > max_bytes:", "if found.tell() > 2 * max_bytes:", LIMITS
    ),
    _fault("readers/base", "__name__ == _PANIC:", "__name__ is None:", LIMITS),
    _fault(
        "readers/archive",
        "limit = min(max_bytes, self._left)",
        "limit = max_bytes",
        f"{READERS}/test_zip.py",
        f"{READERS}/test_docx.py",
    ),
    _fault(
        "readers/archive",
        "if len(self.members) > max_members:",
        "if len(self.members) > 2 * max_members:",
        f"{READERS}/test_zip.py",
        f"{READERS}/test_docx.py",
    ),
    _fault(
        "readers/charset",
        '(b"\\xff\\xfe\\x00\\x00", "utf-32")',
        '(b"\\xff\\xfe\\x00\\x00", "utf-16")',
        f"{READERS}/test_plain.py",
    ),
    _fault(
        "readers/charset",
        '.replace("\\r\\n", "\\n").replace("\\r", "\\n")',
        '.replace("\\r\\n", "\\n")',
        f"{READERS}/test_plain.py",
    ),
    _fault("readers/jsonl", "range(MAX_DEPTH + 1)", "range(MAX_DEPTH + 20)", LIMITS),
    _fault(
        "readers/jsonl",
        "next((name for name in TEXT_FIELDS",
        "next((name for name in reversed(TEXT_FIELDS)",
        f"{READERS}/test_plain.py",
        f"{READERS}/test_registry.py",
        f"{READERS}/test_table.py",
    ),
    _fault(
        "readers/mail",
        "if len(attached) > MAX_ATTACHMENTS:",
        "if len(attached) > 2 * MAX_ATTACHMENTS:",
        f"{READERS}/test_mail.py",
    ),
    _fault(
        "readers/mail", "decode(data, charset).text", "decode(data).text", f"{READERS}/test_mail.py"
    ),
    _fault(
        "readers/feed", "self._guids[guid] > 1", "self._guids[guid] > 2", f"{READERS}/test_feed.py"
    ),
    _fault(
        "readers/feed",
        "if cut and number == len(feed.entries):",
        "if cut and number > len(feed.entries):",
        f"{READERS}/test_feed.py",
    ),
    _fault(
        "readers/html_fragment",
        "        if depth > MAX_DEPTH:",
        "        if depth > 2 * MAX_DEPTH:",
        f"{READERS}/test_html_fragment.py",
    ),
    _fault(
        "readers/html_fragment",
        "        self._lists[-1] += 1",
        "        self._lists[-1] += 2",
        f"{READERS}/test_feed.py",
        f"{READERS}/test_html_fragment.py",
        f"{READERS}/test_mail.py",
    ),
    _fault(
        "readers/docx",
        'if b"<!DOCTYPE" in content:',
        'if b"<!ELEMENT" in content:',
        f"{READERS}/test_docx.py",
    ),
    _fault(
        "readers/table", "if number > 1 and any(row):", "if any(row):", f"{READERS}/test_table.py"
    ),
    _fault(
        "readers/pdf/worker",
        "        return box.bottom, box.top, height - x",
        "        return width - box.top, width - box.bottom, x",
        f"{READERS}/pdf/test_reader.py",
    ),
    _fault(
        "readers/draft_json",
        'if value["place"] not in get_args(Place):',
        "if False:",
        f"{READERS}/test_reading_process.py",
    ),
)


def apply(fault: Fault, root: Path) -> None:
    """Put a fault into the tree at `root`.

    Raises:
        ValueError: When its line is not there exactly once, or the module is none any more.
    """
    path = root / fault.module
    code = path.read_text(encoding="utf-8")
    if code.count(fault.line) != 1:
        raise ValueError(f"{fault.module}: {fault.line!r} is there {code.count(fault.line)} times")
    mutated = code.replace(fault.line, fault.fault)
    compile(mutated, fault.module, "exec")
    path.write_text(mutated, encoding="utf-8")


def noticed_by(fault: Fault, root: Path) -> str | None:
    """Return the test that fails when a fault is in the tree at `root`; None if none does."""
    before = (ROOT / fault.module).read_bytes()
    apply(fault, root)
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
             "--tb=no", "--no-header", *fault.tests],
            cwd=root, capture_output=True, text=True, check=False, timeout=TIMEOUT_S,
            env={**os.environ, "PYTHONPATH": str(root), "HF_HUB_OFFLINE": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "the time limit"
    finally:
        (root / fault.module).write_bytes(before)
    if done.returncode == 0:
        return None
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    if failed is None:
        raise RuntimeError(f"{fault.module}: {done.stdout[-500:]}{done.stderr[-500:]}")
    return failed[1]


def copy_tree(target: Path) -> Path:
    """Copy what the tests need."""
    for name in COPIED:
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__")
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=ignored)
        else:
            shutil.copy(source, target / name)
    return target


def line_of(number: int, fault: Fault, test: str | None) -> str:
    """Return the line of the result for a fault."""
    changed = f"{fault.line.strip()!r} -> {fault.fault.strip()!r}"
    return (
        f"{number:>3}  {'noticed' if test else 'MISSED ':8} {fault.module}: {changed}  {test or ''}"
    )


def written() -> dict[int, str]:
    """Return the lines of the last result, by number, as far as they are of faults as they are."""
    if not RESULTS.exists():
        return {}
    found: dict[int, str] = {}
    for line in RESULTS.read_text(encoding="utf-8").splitlines():
        number, _, rest = line.strip().partition("  ")
        if number.isdigit() and int(number) <= len(FAULTS):
            fault = FAULTS[int(number) - 1]
            if f"{fault.line.strip()!r} -> {fault.fault.strip()!r}" in rest:
                found[int(number)] = line
    return found


def write(lines: dict[int, str]) -> None:
    """Write the result, with the count of what was noticed."""
    noticed = sum(line.split()[1] == "noticed" for line in lines.values())
    missing = len(FAULTS) - len(lines)
    head = f"noticed: {noticed} of {len(FAULTS)} faults" + (
        f", {missing} not tried" * bool(missing)
    )
    body = [lines[number].rstrip() for number in sorted(lines)]
    RESULTS.write_text("\n".join([head, *body]) + "\n", encoding="utf-8")


def main() -> int:
    """Try the faults."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("numbers", nargs="*", type=int, metavar="NUMBER", help="default: all")
    parser.add_argument("--jobs", type=int, default=2, help="faults tried at once (default: 2)")
    parser.add_argument("--write", action="store_true", help="write the result")
    options = parser.parse_args()
    numbers = options.numbers or list(range(1, len(FAULTS) + 1))
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(options.jobs) as pool:
        trees: SimpleQueue[Path] = SimpleQueue()
        for job in range(options.jobs):
            folder = Path(name) / str(job)
            folder.mkdir()
            trees.put(copy_tree(folder))

        def attempt(number: int) -> tuple[int, str | None]:
            tree = trees.get()
            try:
                return number, noticed_by(FAULTS[number - 1], tree)
            finally:
                trees.put(tree)

        missed = 0
        for number, test in pool.map(attempt, numbers):
            missed += test is None
            line = line_of(number, FAULTS[number - 1], test)
            print(line, flush=True)
            if options.write:
                write({**written(), number: line})
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
