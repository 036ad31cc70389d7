"""Updates while the world around them changes: the clock and the permissions."""

import json
import os
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from index_parts import by_words, contents, index_words, put
from restricted import unprivileged

from index.errors import StorageError
from index.reports import Progress
from index.search.searcher import Searcher

HOUR = 3600
RELEASES = 20


def set_clock(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Set the clock that the program reads."""
    monkeypatch.setattr(time, "time", lambda: seconds)
    monkeypatch.setattr(time, "time_ns", lambda: round(seconds * 1e9))


def put_at(path: Path, text: str, seconds: float) -> Path:
    """Write a file at a time of the clock."""
    put(path, text)
    os.utime(path, (seconds, seconds))
    return path


@pytest.mark.parametrize("later", [-2 * HOUR, -1.0, 0.5], ids=["hours", "a second", "no jump"])
def test_a_file_that_changes_after_the_clock_went_back_is_read(
    later: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has as many bytes as before and an earlier time, or one that is just as fresh."""
    now = 1_700_000_000.0
    source = put_at(tmp_path / "a.txt", "Bridge\n\nThe bridge opens in May.", now)
    set_clock(monkeypatch, now + 0.1)
    index_words(tmp_path / "c", [source])

    put_at(source, "Bridge\n\nThe bridge opens in Jun.", now + later)
    set_clock(monkeypatch, now + later + 0.1)
    report = index_words(tmp_path / "c", [source])

    assert (1, 0) == (report.updated, report.unchanged)
    assert "opens in Jun." in str(contents(tmp_path / "c"))


def test_a_file_from_the_future_is_read_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its time proves nothing: a change in the same tick of the clock could not be seen."""
    now = 1_700_000_000.0
    set_clock(monkeypatch, now)
    source = put_at(tmp_path / "a.txt", "Bridge\n\nThe bridge opens in May.", now + HOUR)
    index_words(tmp_path / "c", [source])
    put_at(source, "Bridge\n\nThe bridge opens in Jun.", now + HOUR)

    assert 1 == index_words(tmp_path / "c", [source]).updated


def records(generation: int) -> str:
    """The releases of a generation."""
    lines = (
        {"id": f"r{n}", "text": f"Bridge {n}\n\nGeneration g{generation} of bridge {n} opens."}
        for n in range(RELEASES)
    )
    return "\n".join(map(json.dumps, lines))


def generation_of(searcher: Searcher) -> int:
    """The generation that a reader sees, whole; what it finds is of the same."""
    texts = [text for (text,) in searcher.store.rows("SELECT text FROM releases")]
    assert RELEASES == len(texts)
    (seen,) = {text.partition("Generation g")[2].split()[0] for text in texts}
    assert all(f"g{seen} " in text for text in found_texts(searcher))
    return int(seen)


def found_texts(searcher: Searcher) -> list[str]:
    """The texts of the releases that are found by words."""
    names = [name.partition("#")[0] for name, _ in by_words(searcher, "bridge opens")]
    return [searcher.store.release(name).release.text for name in names]


def index_during(folder: Path, source: Path, read: object) -> None:
    """Update up to the words, and read at each progress."""
    from index.ingest.update import update_collection

    stages: set[str] = set()

    def progress(found: Progress) -> None:
        stages.add(found.stage)
        read(found)  # type: ignore[operator]

    update_collection(folder, [source], progress=progress, cancelled=lambda: "meaning" in stages)


def test_a_folder_that_becomes_read_only_during_an_update(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The error says what to do; what was there is found, and the next run completes."""
    with ExitStack() as stack:
        # Which other users can reach, unlike pytest's own folder.
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        place.chmod(0o777)
        source, folder = put(place / "a.jsonl", records(0)), place / "c"
        monkeypatch.setenv("RELEASEQA_CACHE", str(place / "cache"))
        index_words(place / "loaded", [source])  # what is loaded is loaded by root
        stack.enter_context(unprivileged())
        index_words(folder, [source])
        names = contents(folder).keys()

        with pytest.raises(StorageError, match="correct the permissions"):
            index_during(folder, put_anew(source, records(1)), lambda _: forbid(folder))
        with closing(Searcher(folder)) as searcher:
            assert generation_of(searcher) in {0, 1}
        assert names == contents(folder).keys()
        (folder / "derived").chmod(0o755)
        index_words(folder, [source])
        with closing(Searcher(folder)) as searcher:
            assert 1 == generation_of(searcher)
            assert found_texts(searcher)


def put_anew(path: Path, text: str) -> Path:
    """Put another file in the place of one."""
    path.unlink()
    return put(path, text, age_s=90)


def forbid(folder: Path) -> None:
    """Take away the right to write to the folder of artifacts."""
    (folder / "derived").chmod(0o500)
