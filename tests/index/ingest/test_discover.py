"""Traps in the file system (bad-inputs.md 30, 57 to 62) are skipped and never block."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_parts import RELEASE, Looked, index_words, look, put
from restricted import unprivileged

from index.errors import SourceError
from index.ingest.discover import SourceFile, scan
from index.ingest.parse import MAX_BYTES, UNTRUSTED, read_source
from index.ingest.previous_state import PreviousState
from index.ingest.sync import Sync
from index.reports import Progress, Skip
from index.store.reader import Store
from index.structure.passages import EncoderWindow


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user can read, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize(
    "name",
    [b"a\nb.txt", b"a\x1b[2Jb.txt", b"a\xff\xfeb.txt", "a\u202eb.txt".encode(), b"a\x9b0mb.txt"],
)
def test_30_odd_names_are_indexed_and_labelled_in_valid_text(
    name: bytes, tmp_path: Path, window: EncoderWindow
) -> None:
    """30: A file of any name is read; its label and id are valid text."""
    folder = tmp_path / "s"
    put(folder / os.fsdecode(name), RELEASE)
    missing = tmp_path / os.fsdecode(b"missing-" + name)
    index_words(tmp_path / "c", [folder])
    with Store(tmp_path / "c") as store:
        labels = store.rows("SELECT path, label FROM sources")
        ids = store.rows("SELECT release_id FROM releases")
    skipped = look(window, missing).skipped

    ((path, label),) = labels
    assert name == path.rpartition(b"/")[2]
    assert label.encode("utf-8")
    assert ids[0][0].isprintable()
    assert [True] == [bool(item.encode("utf-8")) for item in skipped]


@pytest.mark.parametrize("follow", [False, True])
def test_57_loops_of_links_end(*, follow: bool, tmp_path: Path, window: EncoderWindow) -> None:
    """57: Loops of links end, and a file is read once."""
    folder = tmp_path / "s"
    put(folder / "sub" / "a.txt", RELEASE)
    (folder / "itself").symlink_to("itself")
    (folder / "one").symlink_to("two")
    (folder / "two").symlink_to("one")
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "sub" / "again.txt").symlink_to("a.txt")
    looked = look(window, folder, follow=follow, base=folder)

    assert {"a"} == set(looked.releases)
    assert {"itself", "one", "two"} == set(looked.skipped)
    assert all("symbolic links" in reason for reason in looked.skipped.values())


def test_58_links_out_of_the_folder_are_not_followed(tmp_path: Path, window: EncoderWindow) -> None:
    """58: A link out of the folder is skipped; with `--follow` it is read."""
    put(tmp_path / "out" / "secret.txt", RELEASE)
    put(tmp_path / "out" / "more" / "other.txt", RELEASE)
    folder = tmp_path / "s"
    put(folder / "a.txt", RELEASE)
    (folder / "secret.txt").symlink_to(tmp_path / "out" / "secret.txt")
    (folder / "more").symlink_to(tmp_path / "out" / "more")
    without = look(window, folder, base=folder)
    followed = look(window, folder, base=folder, follow=True)

    assert {"a"} == set(without.releases)
    reason = "a link out of the folder; use --follow to read it"
    assert {"secret.txt": reason, "more": reason} == without.skipped
    assert ({}, {"a", "secret", "other"}) == (followed.skipped, set(followed.releases))


def test_58_a_link_named_as_a_source_is_followed(tmp_path: Path, window: EncoderWindow) -> None:
    """58: A link that the user names as a source is read."""
    put(tmp_path / "out" / "a.txt", RELEASE)
    (tmp_path / "link").symlink_to("out")
    (tmp_path / "b.txt").symlink_to("out/a.txt")

    assert {"a"} == set(look(window, tmp_path / "link").releases)
    assert {"b"} == set(look(window, tmp_path / "b.txt").releases)


def test_59_pipes_and_devices_are_skipped_at_once(tmp_path: Path, window: EncoderWindow) -> None:
    """59: A pipe without a writer and a device are skipped at once, named or found."""
    folder = tmp_path / "s"
    put(folder / "a.txt", RELEASE)
    os.mkfifo(folder / "pipe.txt")
    started = time.monotonic()
    found = look(window, folder, base=folder)
    named = look(window, folder / "pipe.txt", Path("/dev/zero"), base=folder)

    assert time.monotonic() - started < 30
    reason = "neither a file nor a folder"
    assert {"pipe.txt": reason} == found.skipped
    assert {"pipe.txt": reason, "/dev/zero": reason} == named.skipped


def test_60_what_may_not_be_read_is_skipped(public: Path, window: EncoderWindow) -> None:
    """60: Files and folders without permission are skipped with the reason."""
    put(public / "a.txt", RELEASE)
    put(public / "closed.txt", RELEASE).chmod(0)
    put(public / "shut" / "b.txt", RELEASE)
    look(window, public, base=public)  # everything lazy is loaded while root
    (public / "shut").chmod(0)
    with unprivileged():
        looked = look(window, public, base=public)
    (public / "shut").chmod(0o755)

    assert {"a"} == set(looked.releases)
    assert {"closed.txt": "permission denied", "shut": "permission denied"} == looked.skipped


def _look_while(window: EncoderWindow, path: Path, action: object) -> Sync:
    """Read a file, and act after it is found and before it is read."""

    def act(progress: Progress) -> None:
        if progress.stage == "read":
            action()  # type: ignore[operator]

    run = Sync(None, PreviousState(), window, 10_000_000, act, lambda: False)
    for item in scan([path], path.parent):
        assert isinstance(item, SourceFile)
        run.sync_file(item)
    return run


@pytest.mark.parametrize("change", ["grows", "shrinks", "vanishes", "same size"])
def test_61_a_file_that_changes_while_it_is_read_is_skipped(
    change: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """61: A file that changes or disappears before it is read is skipped."""
    path = put(tmp_path / "a.txt", RELEASE)
    actions = {
        "grows": lambda: path.write_text(RELEASE * 2),
        "shrinks": lambda: path.write_text(RELEASE[:100]),
        "vanishes": path.unlink,
        "same size": lambda: path.write_text(RELEASE.swapcase()),
    }
    run = _look_while(window, path, actions[change])

    assert (0, 1) == (run.added, len(run.skipped))
    expected = "no such file or directory" if change == "vanishes" else "changed while it was read"
    assert run.skipped[0].reason.startswith(expected)


def test_61_a_change_during_reading_is_seen_at_the_end(
    tmp_path: Path, window: EncoderWindow
) -> None:
    """61: A file that changes while it is read is not taken for completely read."""
    path = put(tmp_path / "a.jsonl", '{"id": "a", "text": "One thing."}\n' * 5)
    (file,) = (item for item in scan([path], tmp_path) if isinstance(item, SourceFile))
    reading = read_source(file, window)
    next(reading)
    with path.open("a") as stream:
        stream.write('{"id": "z", "text": "More."}\n')

    with pytest.raises(SourceError, match="changed while it was read"):
        list(reading)


def test_61_a_long_file_that_changes_is_reported_and_read_again(
    tmp_path: Path, window: EncoderWindow
) -> None:
    """61: A long file that changes while it is read is reported and read again."""
    lines = [f'{{"id": "r{n}", "text": "Thing number {n}."}}\n' for n in range(450)]
    path = put(tmp_path / "a.jsonl", "".join(lines))
    grown: list[int] = []

    def grow(progress: Progress) -> None:
        if progress.done == 200 and not grown:
            grown.append(progress.done)
            path.write_text("".join(lines) + '{"id": "z", "text": "More."}\n')

    run = Sync(None, PreviousState(), window, MAX_BYTES, grow, lambda: False)
    (file,) = (item for item in scan([path], tmp_path) if isinstance(item, SourceFile))
    run.sync_file(file)

    assert ["a.jsonl"] == [skip.item for skip in run.skipped]
    assert "changed while it was read" in run.skipped[0].reason
    assert file.key not in run.complete
    assert UNTRUSTED == run.previous.sources[file.key][1].mtime_ns


def test_a_missing_source_is_skipped(tmp_path: Path, window: EncoderWindow) -> None:
    """A missing source is reported with the name that the user gave."""
    looked: Looked = look(window, tmp_path / "none")

    assert {str(tmp_path / "none"): "no such file or directory"} == looked.skipped


def test_hidden_and_tool_folders_are_left_out(tmp_path: Path) -> None:
    """Hidden files, the collection itself and the folders of tools are not read."""
    for name in (
        ".hidden.txt",
        ".releaseqa/x.txt",
        ".git/x.txt",
        ".notes/x.txt",
        "node_modules/x.txt",
        "a.txt",
    ):
        put(tmp_path / name, RELEASE)
    found = [item for item in scan([tmp_path], tmp_path) if not isinstance(item, Skip)]

    assert ["a.txt"] == [item.label for item in found]
    named = [tmp_path / ".notes", tmp_path / ".hidden.txt"]
    found = [item for item in scan(named, tmp_path) if not isinstance(item, Skip)]
    assert [".notes/x.txt", ".hidden.txt"] == [item.label for item in found]
