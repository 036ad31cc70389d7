"""A document that takes too much is skipped or left, and never ends the run."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hostile_documents import PROSE, deep_json
from index_parts import RELEASE, look, put

from index.errors import SourceError
from index.ingest.discover import SourceFile, scan
from index.ingest.interruptible import Interrupted, StopRequest
from index.ingest.parse import MAX_BYTES
from index.ingest.previous_state import PreviousState
from index.ingest.sync import Sync
from index.readers.base import read_limited
from index.reports import Skip
from index.structure.passages import EncoderWindow


def failing(window: EncoderWindow, fail: Callable[[], object]) -> EncoderWindow:
    """A window whose tokenizer calls `fail` for texts that say "costly"."""

    def token_starts(text: str) -> list[int]:
        if "costly" in text:
            fail()
        return list(window.token_starts(text))

    return EncoderWindow(window.tokens, token_starts)


def out_of_memory() -> None:
    """Fail as when there is no memory left."""
    raise MemoryError


def dry_run(window: EncoderWindow, cancelled: Callable[[], bool]) -> Sync:
    """A dry run."""
    return Sync(None, PreviousState(), window, MAX_BYTES, lambda _: None, cancelled)


def only(path: Path) -> SourceFile:
    """A file as it is found."""
    (found,) = scan([path], path.parent)
    assert isinstance(found, SourceFile)
    return found


@pytest.mark.parametrize("depth", [60, 300, 700, 900, 990, 5_000, 100_000])
def test_json_nested_too_deep_is_skipped(depth: int, tmp_path: Path, window: EncoderWindow) -> None:
    """A deep record is named and skipped, whatever would give up on its depth; the next is read."""
    path = put(tmp_path / "a.jsonl", deep_json(depth))
    run = dry_run(window, lambda: False)
    run.sync_file(only(path))

    assert [Skip("a.jsonl: line 1", "a JSON object nested more than 50 deep")] == run.skipped
    assert {"good"} == run.seen


def test_metadata_of_usual_depth_is_kept(tmp_path: Path, window: EncoderWindow) -> None:
    """Lists and objects in each other are metadata as long as they are not a maze."""
    looked = look(window, put(tmp_path / "a.jsonl", deep_json(20).split(b"\n")[0]))

    assert ["deep"] == list(looked.releases)


def test_a_document_for_which_memory_fails_is_skipped(
    tmp_path: Path, window: EncoderWindow
) -> None:
    """The document is named and the others are read."""
    costly = RELEASE + " costly é" * 200
    folder = tmp_path / "s"
    put(folder / "a.txt", costly)
    put(folder / "b.txt", RELEASE)
    looked = look(failing(window, out_of_memory), folder)

    assert {"s/a.txt: record 1": "the text takes too much memory to read"} == looked.skipped
    assert ["b"] == list(looked.releases)


def test_a_reader_for_which_memory_fails_skips_its_file(
    tmp_path: Path, window: EncoderWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the file is read and decoded, the run goes on with the next."""
    put(tmp_path / "a.txt", RELEASE)
    monkeypatch.setattr("index.readers.plain.decode", lambda _: out_of_memory())

    skipped = look(window, tmp_path / "a.txt").skipped

    assert {"a.txt": "it takes too much memory to read"} == skipped


def test_what_a_reader_has_not_foreseen_skips_its_file(
    tmp_path: Path, window: EncoderWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of a reader costs the document that shows it, not the run."""
    put(tmp_path / "a.txt", RELEASE)
    monkeypatch.setattr("index.readers.plain.decode", lambda _: [].pop())

    assert {"a.txt": "it cannot be parsed"} == look(window, tmp_path / "a.txt").skipped


def test_a_limit_does_not_set_memory_aside() -> None:
    """However high the limit is, a stream is asked for little at once."""

    class Stream(io.BytesIO):
        """Refuses to be asked for more than there could be memory for."""

        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert 0 <= size <= 1_000_000
            return super().read(size)

    assert b"x" * 2_500_000 == read_limited(Stream(b"x" * 2_500_000), 10**17)
    with pytest.raises(SourceError, match="larger than 2 MB"):
        read_limited(Stream(b"x" * 2_500_000), 2_000_000)


def test_a_panic_of_a_library_skips_its_document(tmp_path: Path, window: EncoderWindow) -> None:
    """A library written in Rust raises what is no `Exception`; the document is skipped for it."""

    class PanicException(BaseException):
        """Such an exception."""

    def panic() -> None:
        raise PanicException

    put(tmp_path / "a.txt", RELEASE + " costly é" * 200)
    looked = look(failing(window, panic), tmp_path / "a.txt")

    assert {"a.txt: record 1": "the text cannot be parsed"} == looked.skipped


def test_a_request_to_stop_ends_the_document_in_hand(tmp_path: Path, window: EncoderWindow) -> None:
    """The document is left where it is, and what was read before it is stored."""
    request = StopRequest()
    texts = (PROSE, f"{PROSE} {'costly é ' * 200}", PROSE)
    lines = (f'{{"id": "r{i}", "text": "{text}"}}\n' for i, text in enumerate(texts))
    put(tmp_path / "a.jsonl", "".join(lines))
    run = dry_run(failing(window, request.make), request)
    run.sync_file(only(tmp_path / "a.jsonl"))

    assert {"r0"} == run.seen
    assert (1, []) == (run.added, run.skipped)
    assert set() == run.complete
    assert request()


def test_a_request_to_stop_waits_while_something_is_stored() -> None:
    """Outside of reading it is only noted, and ends the reading before it goes on."""
    request = StopRequest()

    def numbers() -> Iterator[int]:
        yield 1
        raise AssertionError("went on")

    items = numbers()
    assert 1 == request.next_of(items)
    request.make()
    with pytest.raises(Interrupted):
        request.next_of(items)
