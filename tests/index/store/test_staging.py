"""Folders for what is made before it appears."""

import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from index.store import staging
from index.store.staging import staging_folder


def test_what_dead_processes_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    """A folder that is in use, one with another name, a file and a link stay."""
    dead = tmp_path / f".x-{'0' * 32}"
    (dead / "sub").mkdir(parents=True)
    mine = [tmp_path / f".xy-{'0' * 32}", tmp_path / ".x-mine", tmp_path / "x"]
    for path in mine:
        path.mkdir()
    file, link = tmp_path / f".x-{'1' * 32}", tmp_path / f".x-{'2' * 32}"
    file.touch()
    link.symlink_to(mine[0])
    with staging_folder(tmp_path / ".x") as (one, _), staging_folder(tmp_path / ".x") as (two, _):
        assert one != two
        assert {one, two, file, link, *mine} == set(tmp_path.iterdir())

    assert {file, link, *mine} == set(tmp_path.iterdir())


def test_a_folder_that_is_taken_before_it_is_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process that cleans up at this moment cannot tell it from that of a dead one."""

    def late(path: Path) -> FileLock:
        lock = FileLock(path)
        lock.acquire()
        shutil.rmtree(path.parent)  # by the other, which locked it first
        monkeypatch.setattr(staging, "FileLock", FileLock)
        return lock

    monkeypatch.setattr(staging, "FileLock", late)
    with staging_folder(tmp_path / ".x") as (folder, lock):
        assert [folder] == list(tmp_path.iterdir())
        assert lock.is_locked

    assert [] == list(tmp_path.iterdir())
