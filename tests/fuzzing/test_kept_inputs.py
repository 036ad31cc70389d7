"""What the fuzzer has found is given to the program again; the fuzzer itself is not needed."""

import traceback

import pytest
from fuzzing.core import KEPT, NAMES, Harness, check, declared, edited, kept, load

from index.errors import SourceError
from index.readers.base import parser_guard


def failures(harness: Harness, inputs: list[bytes]) -> list[str]:
    """Return how inputs fail: their beginning, and the last lines of the traceback."""
    found = []
    for data in inputs:
        try:
            check(harness, data)
        except BaseException as error:  # noqa: BLE001 - also a panic of a library
            last = "".join(traceback.format_exception(error))[-600:]
            found.append(f"{data[:200]!r}\n{last}")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_no_input_fails(name: str) -> None:
    """Seeds, what reached different code, and what once failed: all is read or refused in time."""
    harness = load(name)
    inputs = [*harness.seeds(), *kept(name), *kept(name, findings=True)]

    assert [] == failures(harness, inputs)


def test_all_that_is_kept_belongs_to_a_harness() -> None:
    """No file of inputs is left over from a harness that was renamed."""
    assert set() == {path.stem for path in KEPT.rglob("*.txt")} - set(NAMES)


def test_a_harness_fails_for_an_error_that_is_not_declared() -> None:
    """Declared errors are accepted, others are not, nor are faults of our own that one hides."""

    def refuse(_: bytes) -> None:
        with declared(SourceError):
            raise SourceError("no text")

    def fail(_: bytes) -> None:
        with declared(SourceError):
            [].pop()

    def hide(_: bytes) -> None:
        from index.text.sentences import sentence_spans

        with declared(SourceError), parser_guard("the text"):
            sentence_spans(None)  # type: ignore[arg-type]

    assert [] == failures(Harness(refuse, list), [b""])
    assert ["IndexError", "TypeError"] == [
        failures(Harness(run, list), [b""])[0].splitlines()[-1].partition(":")[0]
        for run in (fail, hide)
    ]


def test_an_input_that_takes_long_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is a limit like any other."""
    monkeypatch.setattr("fuzzing.core.MAX_SECONDS", 0.01)

    (said,) = failures(Harness(lambda _: sum(range(3_000_000)), list), [b""])
    assert "TooSlowError" in said


def test_edits_change_what_they_name() -> None:
    """An edit is a place, a length and bytes; what hangs over the end is left out."""
    assert b"abXYef" == edited(b"abcdef", b"\0\0\x02\x01XY")
    assert b"Zbcdef" == edited(b"abcdef", b"\0\0\x06\0Z\0\0")
