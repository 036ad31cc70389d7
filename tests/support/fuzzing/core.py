"""What all harnesses share: what a finding is, and the inputs that are kept.

A harness takes bytes and gives them to the program. It accepts the errors that the program
declares. Anything else that is raised is a finding, and so is an input that takes too long. Readers
turn each exception of a parser into a declared error; where the fault is in our own code, the
harness raises it nevertheless (`declared`).

The inputs are kept in tests/data/fuzz, one file for each harness, with a bytes literal on each line
and comments that begin with `#`: what reached different code (`NAME.txt`), and what once was a
finding (`findings/NAME.txt`).
"""

import ast
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module

from checkout import ROOT

KEPT = ROOT / "tests" / "data" / "fuzz"

NAMES = (
    "citations",
    "feeds",
    "index_folders",
    "mails",
    "pages",
    "pdf_files",
    "pdf_pages",
    "plain_texts",
    "question_files",
    "records",
    "sentences",
    "session_files",
    "settings_files",
    "structures",
    "word_documents",
    "zip_archives",
)
"""The modules of the harnesses."""

MAX_SECONDS = 10.0
"""Processor time that an input may take. Inputs are of `MAX_BYTES` at most, and an ordinary
document of that size takes a tenth of a second, with the fuzzer's counters a second."""

MAX_BYTES = 16_384

_OWN = (str(ROOT / "index"), str(ROOT / "qa"))
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Exceptions by which our own code would refuse nothing on purpose."""


@dataclass(frozen=True)
class Harness:
    """One kind of input.

    Attributes:
        run: Gives bytes to the program; raises for a finding.
        seeds: Returns inputs to begin with.
        words: What the fuzzer may put into an input at once.
    """

    run: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    words: tuple[bytes, ...] = ()


class TooSlowError(Exception):
    """An input took more than `MAX_SECONDS`."""


def load(name: str) -> Harness:
    """Return the harness of a module of this package."""
    harness: Harness = import_module(f"fuzzing.{name}").HARNESS
    return harness


def check(harness: Harness, data: bytes) -> None:
    """Run a harness.

    Raises:
        TooSlowError: When it takes too long.
        Exception: Whatever the program raises that it does not declare.
    """
    started = time.process_time()
    harness.run(data)
    seconds = time.process_time() - started
    if seconds > MAX_SECONDS:
        raise TooSlowError(f"{seconds:.1f} seconds")


@contextmanager
def declared(*errors: type[Exception]) -> Iterator[None]:
    """Accept the errors that the program declares, unless one hides a fault of our own code."""
    try:
        yield
    except errors as error:
        hidden = error.__cause__
        refused = isinstance(hidden, UnicodeDecodeError)  # decoding is how bytes are tried
        if isinstance(hidden, _FAULTS) and not refused and _innermost_file(hidden).startswith(_OWN):
            raise hidden from None


def _innermost_file(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else trace.tb_frame.f_code.co_filename


def kept(name: str, *, findings: bool = False) -> list[bytes]:
    """Return the inputs that are kept for a harness, or its findings."""
    path = (KEPT / "findings" if findings else KEPT) / f"{name}.txt"
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [ast.literal_eval(line) for line in lines if line and not line.startswith("#")]


def edited(base: bytes, edits: bytes) -> bytes:
    """Return a file with some of its bytes changed.

    A file of many thousand bytes is too large for a fuzzer, and nearly all of its changes would do
    nothing. Each edit is three bytes with the place, one with the number of bytes that are put
    there (16 at most), and these bytes.
    """
    found = bytearray(base)
    place = 0
    while place + 4 < len(edits):
        start = int.from_bytes(edits[place : place + 3], "big") % len(base)
        count = 1 + edits[place + 3] % 16
        piece = edits[place + 4 : place + 4 + count]
        found[start : start + len(piece)] = piece
        place += 4 + count
    return bytes(found)
