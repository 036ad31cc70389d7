"""`backup`, `restore` and `bundle`: what they print, their exit codes, and what they leave."""

import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from archives import declaring, members_of, put_archive, with_manifest
from checkout import process_environment
from control_characters import raw_controls
from typer.testing import CliRunner, Result

from index.archive import write
from index.encoders.model import Model
from index.store.reader import STORE_NAME
from qa.cli.app import app

QUESTION = "When did Minister Joly visit Korea?"
Run = Callable[..., Result]


@pytest.fixture(name="here")
def _here(collection_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with a collection."""
    monkeypatch.chdir(collection_copy.parent)
    return lambda *words: CliRunner().invoke(app, list(words))


def names(folder: Path) -> set[str]:
    """Return the names in a folder."""
    return {path.name for path in folder.iterdir()}


def test_there_and_back(here: Run, tmp_path: Path) -> None:
    """A backup is told in one line; the restored collection gives the same answer and verifies."""
    asked = json.loads(here("ask", QUESTION, "--json").stdout)
    made = here("backup", "b.zip")
    assert (made.exit_code, made.stdout.split(",")[:1]) == (0, ["b.zip: 22 releases"])
    assert made.stderr == (
        "saved conversations are not in it; to export one, run: releaseqa sessions export\n"
    )
    assert {"b.zip", ".releaseqa"} == names(Path.cwd())

    done = here("restore", "b.zip", "new", "-q")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("restored 22 releases, ")
    assert done.stdout.endswith(" passages to new\n")
    assert here("verify", "--index", "new").exit_code == 0
    answer = here("ask", QUESTION, "--json", "--index", "new")
    assert {**asked, "timing": 0} == {**json.loads(answer.stdout), "timing": 0}
    assert answer.stderr == ""
    del tmp_path


def test_json(here: Run) -> None:
    """Both print one object for scripts."""
    made = json.loads(here("backup", "b.zip", "--json").stdout)
    done = json.loads(here("restore", "b.zip", "new", "--json").stdout)

    assert ("b.zip", "backup", 22, [STORE_NAME]) == tuple(
        made[name] for name in ("file", "kind", "releases", "files")
    )
    assert made["bytes"] == Path("b.zip").stat().st_size
    assert (str(Path("new").absolute()), 22, 0, None, None) == tuple(
        done[name] for name in ("folder", "releases", "damaged", "model", "settings")
    )


def test_nothing_is_replaced_without_force(here: Run) -> None:
    """Neither a file by a backup, nor a collection by a restoration; each names the way."""
    Path("b.zip").write_text("mine")
    for words, said in (
        (("backup", "b.zip"), "releaseqa: b.zip exists; give another name, or replace it with"),
        (("bundle", "b.zip"), "releaseqa: b.zip exists; give another name, or replace it with"),
    ):
        result = here(*words)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
        assert result.stderr.startswith(said)
        assert Path("b.zip").read_text() == "mine"
    assert here("backup", "b.zip", "--force").exit_code == 0
    result = here("restore", "b.zip")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "there is a collection in " in result.stderr
    assert "--force" in result.stderr
    assert here("restore", "b.zip", "--force").exit_code == 0
    assert here("verify").exit_code == 0


def test_places_that_cannot_be_written(here: Run) -> None:
    """A folder, a folder that is not there, a pipe: one line, and nothing is made."""
    Path("folder").mkdir()
    os.mkfifo("pipe")
    before = names(Path.cwd())
    for file in ("folder", "missing/b.zip", "pipe"):
        for force in ((), ("--force",)):
            result = here("backup", file, *force)
            assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
            assert result.stderr.startswith(f"releaseqa: {file} ")
    assert before == names(Path.cwd())


def test_a_full_disk_under_a_backup(here: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is one line; the earlier backup stays, and nothing else does."""
    here("backup", "b.zip")
    before = Path("b.zip").read_bytes()

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for owner, name in ((write, "_add"), (os, "fsync"), (Path, "replace")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, full)
            result = here("backup", "b.zip", "--force")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == (
            "releaseqa: b.zip cannot be written: No space left on device; free some space, and run "
            "the command again.\n"
        )
        assert {"b.zip", ".releaseqa"} == names(Path.cwd())
        assert before == Path("b.zip").read_bytes()


def test_a_file_that_appears_meanwhile_is_not_replaced(
    here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the name was free when the backup began is not enough."""
    real = write._copy_store

    def copy(*paths: Path) -> None:
        real(*paths)
        Path("b.zip").write_text("mine")

    monkeypatch.setattr(write, "_copy_store", copy)
    result = here("backup", "b.zip")
    assert (result.exit_code, result.stderr.startswith("releaseqa: b.zip exists;")) == (1, True)
    assert ({"b.zip", ".releaseqa"}, "mine") == (names(Path.cwd()), Path("b.zip").read_text())


STOPPED = """
import os, signal, sys
from index.archive import write
real, number = write._add, int(sys.argv[1])
def add(archive, name, *rest):
    if name == "manifest.json":
        archive.fp.flush()
        os.kill(os.getpid(), number)
    return real(archive, name, *rest)
write._add = add
signal.signal(signal.SIGINT, signal.default_int_handler)
from qa.cli.app import run
sys.argv = ["releaseqa", *sys.argv[2:]]
run()
"""


def stopped(number: signal.Signals, *arguments: str) -> int:
    """Run a command that gets a signal when its archive is nearly written; return its exit code."""
    return subprocess.run(
        [sys.executable, "-c", STOPPED, str(int(number)), *arguments],
        env=process_environment(), capture_output=True, check=False, timeout=600,
    ).returncode  # fmt: skip


@pytest.mark.parametrize(
    ("number", "code", "left"), [(signal.SIGINT, 130, 0), (signal.SIGKILL, -signal.SIGKILL, 1)]
)
def test_a_backup_that_is_stopped(here: Run, number: signal.Signals, code: int, left: int) -> None:
    """The earlier backup stays. Ctrl+C leaves nothing else; a kill leaves a hidden folder alone."""
    here("backup", "b.zip")
    before = Path("b.zip").read_bytes()

    assert code == stopped(number, "backup", "b.zip", "--force")
    assert before == Path("b.zip").read_bytes()
    others = names(Path.cwd()) - {"b.zip", ".releaseqa"}
    assert left == len(others)
    assert all(name.startswith(".releaseqa-backup-") for name in others)


@pytest.mark.parametrize("command", ["backup", "bundle"])
def test_a_backup_removes_what_a_killed_one_left(here: Run, command: str) -> None:
    """Also when the file of the killed one had another name, as that of another day."""
    assert -signal.SIGKILL == stopped(signal.SIGKILL, command, "monday.zip")
    assert 2 == len(names(Path.cwd()))

    assert here("backup", "tuesday.zip").exit_code == 0
    assert {"tuesday.zip", ".releaseqa"} == names(Path.cwd())


def test_a_damaged_collection_is_restored_with_exit_1(here: Run, collection_copy: Path) -> None:
    """What was damaged when it was archived is told, with the command that shows it."""
    with sqlite3.connect(collection_copy / STORE_NAME) as store:
        store.execute("UPDATE releases SET text = replace(text, 'Korea', 'Norge')")
    store.close()
    here("backup", "b.zip")
    done = here("restore", "b.zip", "a new one", "-q")

    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("releaseqa: the collection was damaged when it was archived")
    assert done.stderr.endswith("run: releaseqa verify --index 'a new one'\n")
    assert here("verify", "--index", "a new one").exit_code == 1


def test_nothing_of_a_hostile_archive_reaches_the_terminal(here: Run) -> None:
    """Names and texts of an archive are cleaned, in errors, in notes and in JSON."""
    evil = "\x1b]0;owned\x07\x1b[2J\u202e\x9b2J"
    here("backup", "b.zip")
    members = members_of(Path("b.zip"))
    put_archive(Path("name.zip"), {**members, f"model/{evil}.json": b"{}"})
    changed = with_manifest(members, lambda facts: facts.update(program=evil, created=evil))
    put_archive(Path("text.zip"), changed)
    results = [here("restore", "name.zip", "a"), here("restore", "text.zip", "b")]
    results += [here("restore", "text.zip", "c", "--json"), here("restore", evil)]

    assert [1, 0, 0, 1] == [result.exit_code for result in results]
    assert "answers can differ" in results[1].stderr
    assert raw_controls("".join(result.output for result in results)) == set()


def test_a_bundle_of_the_packaged_encoder(here: Run) -> None:
    """It holds instructions and the settings, which are not in force where it is restored."""
    Path("releaseqa.toml").write_text("k = 2\n")
    assert here("bundle", "for you.zip").exit_code == 0
    with zipfile.ZipFile("for you.zip") as archive:
        assert {"README.txt", "releaseqa.toml", STORE_NAME, "manifest.json"} == set(
            archive.namelist()
        )
        readme = archive.read("README.txt").decode()
    assert "releaseqa restore 'for you.zip'\n" in readme
    assert "--use-model" not in readme
    Path("there").mkdir()
    done = here("restore", "for you.zip", "there/.releaseqa")

    assert done.exit_code == 0
    assert {".releaseqa"} == names(Path("there"))
    assert {"releaseqa.toml"} == names(Path("there/.releaseqa/bundle"))
    assert "the sender's settings are in " in done.stderr
    assert Path("there/.releaseqa/bundle/releaseqa.toml").read_text() == "k = 2\n"
    again = here("restore", "for you.zip", "x", "--use-model")
    assert again.exit_code == 0
    assert "it brings no model: the packaged one is used\n" in again.stderr


@pytest.mark.slow
def test_a_bundle_with_a_model(
    here: Run, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model has to be named and to be the right one; it is loaded only when asked for."""
    folder = Path(shutil.copytree(model.folder, tmp_path / "my model"))
    (folder / "pytorch_model.bin").write_bytes(b"never part of a bundle")
    prompts = {"prompts": {"query": "query: ", "passage": "passage: "}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(prompts))
    (tmp_path / "news.txt").write_text("New bridge\n\nThe bridge opened on May 3 in Halifax.")
    monkeypatch.setenv("RELEASEQA_INDEX", str(tmp_path / "mine"))
    assert here("index", str(tmp_path / "news.txt"), "--model", str(folder)).exit_code == 0
    asked = json.loads(here("ask", "When did the bridge open?", "--json").stdout)
    for words, said in (
        ((), "name its folder, to put it in the bundle: --model "),
        (("--model", str(model.folder)), "was encoded with "),
        (("--model", "nobody/no-model"), "no model of that name was downloaded before"),
    ):
        refused = here("bundle", "b.zip", *words)
        assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
        assert said in refused.stderr
        assert not Path("b.zip").exists()
    assert here("bundle", "b.zip", "--model", str(folder)).exit_code == 0
    with zipfile.ZipFile("b.zip") as archive:
        assert "model/model.safetensors" in archive.namelist()
        assert "model/1_Pooling/config.json" in archive.namelist()
        assert "model/pytorch_model.bin" not in archive.namelist()
        assert "releaseqa restore b.zip --use-model\n" in archive.read("README.txt").decode()
    folder.rename(tmp_path / "elsewhere")
    monkeypatch.setenv("RELEASEQA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RELEASEQA_INDEX", str(tmp_path / "theirs"))

    done = here("restore", "b.zip")
    assert done.exit_code == 0
    assert "was not loaded. To ask by meaning, run: releaseqa restore b.zip " in done.stderr
    assert not (tmp_path / "cache").exists()
    assert here("ask", "When did the bridge open?").exit_code == 1
    assert here("restore", "b.zip", "--use-model", "--force").exit_code == 0
    answer = here("ask", "When did the bridge open?", "--json")
    assert {**asked, "timing": 0} == {**json.loads(answer.stdout), "timing": 0}
    brought = str(tmp_path / "theirs" / "bundle" / "model")
    (tmp_path / "more.txt").write_text("New ferry\n\nThe ferry sails at nine every morning.")
    assert here("index", str(tmp_path / "more.txt"), "--model", brought).exit_code == 0


@pytest.mark.slow
def test_a_model_in_a_bundle_has_to_be_the_one_of_the_vectors(here: Run, model: Model) -> None:
    """A stranger's model in place of the packaged one is refused before anything is loaded."""
    here("bundle", "b.zip")
    files = {
        f"model/{path.relative_to(model.folder).as_posix()}": path.read_bytes()
        for path in model.folder.rglob("*.json")
    }
    files["model/model.safetensors"] = (model.folder / "model.safetensors").read_bytes()
    put_archive(Path("evil.zip"), declaring({**members_of(Path("b.zip")), **files}))
    done = here("restore", "evil.zip", "new", "--use-model")

    assert (done.exit_code, Path("new").exists()) == (1, False)
    assert "its model is not the one that made its vectors" in done.stderr
