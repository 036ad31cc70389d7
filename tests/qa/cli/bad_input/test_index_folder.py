"""A collection's folder that is damaged, foreign, read-only, full or in use (71 to 82)."""

import json
import os
import pickle
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkout import process_environment
from console_script import Ran, run_program
from damaged_files import flip
from index_parts import RELEASE, fingerprint, put
from restricted import largest_file, unprivileged

from index.encoders.model import Model

pytestmark = pytest.mark.usefixtures("exported_encoder")

QUESTION = "When did Minister Joly visit Korea?"
STORE = "collection.sqlite3"


@pytest.fixture(name="folder")
def _folder(collection_copy: Path) -> Path:
    """A copy of the samples' collection that may be damaged."""
    return collection_copy


def asked(folder: Path) -> tuple[Any, Ran]:
    """The answer to a question, without its timing, and all that `ask` wrote."""
    ran = run_program("ask", QUESTION, "--json", cwd=folder.parent)
    assert 0 == ran.code, ran
    return {**json.loads(ran.out), "timing": None}, ran


@pytest.mark.parametrize("kind", ["vectors", "words"])
@pytest.mark.parametrize(
    "damage",
    [lambda path: os.truncate(path, path.stat().st_size // 2), flip,
     lambda path: os.truncate(path, 0), Path.unlink],
    ids=["71_truncated", "72_bit_flipped", "73_zero_bytes", "74_missing"],
)  # fmt: skip
def test_71_to_74_a_damaged_file_changes_no_answer_and_is_mended(
    damage: Callable[[Path], None], kind: str, folder: Path
) -> None:
    """71 to 74: `ask` answers as before with a note, `verify` names the file, and repairs it."""
    answer, before = asked(folder)
    (path,) = (folder / "derived").glob(f"{kind}-*")
    damage(path if kind == "vectors" else next(path.glob("*.term")))
    without, noted = asked(folder)
    found = run_program("verify", cwd=folder.parent)
    mended = run_program("verify", "--repair", cwd=folder.parent)
    after, quiet = asked(folder)

    assert answer == without == after
    assert ("", 1, "") == (before.err, noted.err.count("\n"), quiet.err)
    assert "releaseqa verify --repair" in noted.err
    assert 1 == found.code
    assert path.name in found.out
    assert "to repair it, run: releaseqa verify --repair\n" in found.out
    assert (0, 0) == (mended.code, run_program("verify", cwd=folder.parent).code)


def change(folder: Path, statement: str, *values: object) -> None:
    """Change the store as no command does."""
    with sqlite3.connect(folder / STORE) as connection:
        connection.execute(statement, values)
    connection.close()


def test_75_a_collection_of_another_model_is_refused(folder: Path) -> None:
    """75: Asking and indexing name the model, and what to do."""
    change(folder, "UPDATE meta SET value = ? WHERE name = 'fingerprint'", "f" * 20)
    change(folder, "UPDATE meta SET value = 'some/other' WHERE name = 'model'")
    before = run_program("list", cwd=folder.parent).out
    put(folder.parent / "new.txt", RELEASE)
    for words in (["ask", QUESTION], ["index", "new.txt"]):
        error = run_program(*words, cwd=folder.parent).error
        assert "some/other" in error
        assert "--model" in error
    by_words = run_program("ask", QUESTION, "--words-only", cwd=folder.parent)

    assert before == run_program("list", cwd=folder.parent).out
    assert by_words.code in {0, 4}


@pytest.mark.parametrize(
    "words",
    [["ask", QUESTION], ["list"], ["show", "x"], ["status"], ["index", "new.txt"],
     ["remove", "killick-1-satellite"], ["verify"], ["verify", "--repair"]],
    ids=lambda words: " ".join(words[:2]) if words[0] == "verify" else words[0],
)  # fmt: skip
def test_76_a_collection_of_a_newer_version_is_refused(words: list[str], folder: Path) -> None:
    """76: No command reads or changes it; the message says to upgrade."""
    put(folder.parent / "new.txt", RELEASE)
    with sqlite3.connect(folder / STORE) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version = {version + 1}")
    connection.close()
    before = fingerprint(folder)

    assert "upgrade" in run_program(*words, cwd=folder.parent).error
    assert before == fingerprint(folder)


def test_77_a_folder_that_may_not_be_written_is_read(
    sample_collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """77: Every reading command works, with the same answer; `index` says what is missing."""
    monkeypatch.delenv("XDG_CONFIG_HOME")  # which is in pytest's own folder
    monkeypatch.setenv("HOME", "/nonexistent")
    answer, _ = asked(sample_collection)
    with tempfile.TemporaryDirectory() as name:  # which other users can reach, unlike pytest's own
        public = Path(name)
        folder = public / ".releaseqa"
        shutil.copytree(sample_collection, folder)
        shutil.copytree(os.environ["RELEASEQA_CACHE"], public / "cache")
        monkeypatch.setenv("RELEASEQA_CACHE", str(public / "cache"))
        put(public / "new.txt", RELEASE)
        paths = [*folder.rglob("*"), folder]
        for path in [*paths, *public.rglob("cache/**"), public]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        before = fingerprint(folder)
        with unprivileged():
            same, ran = asked(folder)
            others = [
                run_program(*words, cwd=public)
                for words in (["list"], ["status"], ["verify"], ["quotes"], ["show", "wage"])
            ]
            refused = run_program("index", "new.txt", cwd=public)
        assert before == fingerprint(folder)
        for path in [public, *reversed(paths)]:
            path.chmod(0o755)

    assert (answer, "") == (same, ran.err)
    assert [0, 0, 0, 0] == [result.code for result in others[:4]]
    assert f"cannot write to {folder}" in refused.error


@pytest.mark.parametrize("size", [0, 50_000, 100_000, 150_000])
def test_78_a_disk_that_is_full_at_some_step_loses_nothing(size: int, folder: Path) -> None:
    """78: Whatever is the first write that fails, the old state answers, and the next run ends."""
    answer, _ = asked(folder)
    listed = run_program("list", cwd=folder.parent).out
    lines = [
        json.dumps({"id": f"new{number}", "text": f"Zebra {number}\n\nSeen in {number} towns."})
        for number in range(9)
    ]
    put(folder.parent / "new.jsonl", "\n".join(lines))
    with largest_file(size):
        failed = run_program("index", "new.jsonl", cwd=folder.parent)
    same, _ = asked(folder)
    still = run_program("list", cwd=folder.parent).out
    again = run_program("index", "new.jsonl", cwd=folder.parent)

    assert "Free some space" in failed.error
    assert answer["evidence"] == same["evidence"]
    assert set(listed.splitlines()) <= set(still.splitlines())
    assert (0, "") == (again.code, again.err)
    assert 9 == run_program("list", cwd=folder.parent).out.count("Zebra")
    assert 0 == run_program("verify", cwd=folder.parent).code


def started(folder: Path, *words: str) -> "subprocess.Popen[bytes]":
    """Start a command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "qa", *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder.parent,
        env=process_environment(),
    )  # fmt: skip


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def holds(process: "subprocess.Popen[bytes]", path: Path) -> bool:
    """Whether a process has a file open; taking the lock to find out would disturb it."""
    return any(
        file.samefile(path) for file in Path(f"/proc/{process.pid}/fd").glob("*") if file.exists()
    )


def record(name: str, text: str = "It rains in May, the town of Hill said.") -> bytes:
    """A line of JSON Lines."""
    return json.dumps({"id": name, "text": text}).encode() + b"\n"


def test_79_a_second_index_is_refused_or_waits_and_readers_go_on(folder: Path) -> None:
    """79: One that comes second says so at once, or waits with `--wait`; `ask` is not held up."""
    put(folder.parent / "new.txt", RELEASE)
    answer, _ = asked(folder)

    with started(folder, "index", "-") as first:
        assert first.stdin is not None
        first.stdin.write(record("first"))
        first.stdin.flush()
        wait_for(lambda: holds(first, folder / "lock"))
        second = run_program("index", "new.txt", cwd=folder.parent)
        same, ran = asked(folder)
        with started(folder, "index", "new.txt", "--wait") as third:
            with pytest.raises(subprocess.TimeoutExpired):
                third.wait(2)
            first.stdin.close()
            assert [0, 0] == [first.wait(120), third.wait(120)]

    assert second.error.startswith("another process is writing to ")
    assert "--wait" in second.error
    assert (answer, "") == (same, ran.err)
    listed = run_program("list", cwd=folder.parent).out
    assert [1, 1] == [listed.count("first\t"), listed.count("new\t")]


@pytest.mark.parametrize(
    "words",
    [["ask", QUESTION], ["list"], ["index", "new.txt"], ["verify", "--repair"]],
    ids=lambda words: words[0],
)
def test_80_a_damaged_page_of_the_store_is_named(words: list[str], folder: Path) -> None:
    """80: The message names the file and says what to do; nothing is written to it."""
    put(folder.parent / "new.txt", RELEASE)
    path = folder / STORE
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 64] = b"\xa5" * 64
    path.write_bytes(data)
    ran = run_program(*words, cwd=folder.parent)

    assert 1 == ran.code
    assert "internal error" not in ran.err
    assert STORE in ran.both
    assert "restore it from a backup" in ran.both or "index the sources" in ran.both
    assert bytes(data) == path.read_bytes()


def test_81_after_a_kill_the_next_index_goes_on(folder: Path) -> None:
    """81: What was stored stays and is found, and the next run completes what was killed."""
    answer, _ = asked(folder)
    source = folder.parent / "many.jsonl"
    put(
        source,
        b"".join(record(f"n{number}", f"Grant {number} for Gander.") for number in range(40)),
    )
    store = folder / f"{STORE}-wal"
    with started(folder, "index", "many.jsonl") as killed:
        wait_for(lambda: store.exists() or killed.poll() is not None)
        killed.send_signal(signal.SIGKILL)
        killed.wait(60)
    same, _ = asked(folder)
    listed = run_program("list", cwd=folder.parent).out
    again = run_program("index", "many.jsonl", cwd=folder.parent)

    assert -signal.SIGKILL == killed.returncode
    assert answer["passages"][0] == same["passages"][0]
    assert "canada-korea-visit\t" in listed
    assert (0, "") == (again.code, again.err)
    assert 40 == run_program("list", cwd=folder.parent).out.count("\nn")
    assert 0 == run_program("verify", cwd=folder.parent).code


class _Trap:
    """A pickle that leaves a trace when it is loaded."""

    def __init__(self, tale: Path) -> None:
        self.tale = tale

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.tale,)


@pytest.mark.parametrize("kind", ["pickled_weights", "foreign_class"])
def test_82_a_model_that_would_run_code_is_refused(kind: str, model: Model, tmp_path: Path) -> None:
    """82: `index --model` says why, runs nothing of it, and makes no collection."""
    folder = tmp_path / "model"
    shutil.copytree(model.folder, folder, copy_function=lambda a, b: Path(b).symlink_to(a))
    put(tmp_path / "new.txt", RELEASE)
    if kind == "pickled_weights":
        (folder / "model.safetensors").unlink()
        (folder / "pytorch_model.bin").write_bytes(pickle.dumps(_Trap(tmp_path / "loaded")))
    else:
        modules = json.loads((folder / "modules.json").read_text())
        modules[0]["type"] = "evil.Transformer"
        (folder / "modules.json").unlink()
        put(folder / "modules.json", json.dumps(modules))
        put(folder / "evil.py", f"open({str(tmp_path / 'loaded')!r}, 'w')")
    error = run_program("index", "new.txt", "--model", folder, cwd=tmp_path).error

    assert {"pickled_weights": "only pickled weights", "foreign_class": "names 'evil.Transformer'"}[
        kind
    ] in error
    assert {"model", "new.txt"} == {path.name for path in tmp_path.iterdir()} - {".releaseqa"}
    assert "no collection" in run_program("list", cwd=tmp_path).error
