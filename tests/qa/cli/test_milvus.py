"""Commands on a collection in Milvus: what works, what is refused, and how."""

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import milvus_server
import pytest
from checkout import SAMPLES, process_environment
from console_script import Ran, run_program

ADDRESS = "milvus://127.0.0.1:1/news"
OTHERS = (
    ("said", "Joly"), ("figures", "bridge"), ("names",), ("track", "What?"), ("trace", "a.txt"),
    ("quotes",), ("table", "--questions", "q.txt"), ("serve",), ("show", "x"), ("list",),
    ("changes",), ("remove", "x"), ("cite", "x"), ("mcp",), ("backup", "x.zip"),
    ("bundle", "x.zip"), ("watch", "in", "--questions", "q.txt", "-o", "o"),
)  # fmt: skip


@pytest.fixture(scope="module")
def published_once(
    milvus: str, tmp_path_factory: pytest.TempPathFactory, exported_encoder: None
) -> Iterator[tuple[str, Path]]:
    """The address of the samples, published by the command, and the folder of their store."""
    del exported_encoder
    address, folder = milvus + milvus_server.new_name(), tmp_path_factory.mktemp("m")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RELEASEQA_MILVUS_STORE", str(folder / "store"))
        ran = on(address, "index", SAMPLES / "releases", cwd=folder)
    assert (0, "22 added") == (ran.code, ran.out[:8]), ran
    yield address, folder / "store"
    milvus_server.drop(address)


@pytest.fixture
def published(published_once: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the published samples, with their store in the environment."""
    address, store = published_once
    monkeypatch.setenv("RELEASEQA_MILVUS_STORE", str(store))
    return address


def on(address: str, *words: str | Path, cwd: Path) -> Ran:
    """Run a command on an address."""
    return run_program("--index", address, *words, cwd=cwd)


def test_the_commands_that_are_offered_work(published: str, tmp_path: Path) -> None:
    """index, ask, batch, find, status, verify, sessions: as on a folder."""
    again = on(published, "index", SAMPLES / "releases", "--json", cwd=tmp_path)
    assert (0, "") == (again.code, again.err), again
    assert 22 == json.loads(again.out)["unchanged"]

    asked = on(published, "ask", "What is the new minimum wage in Yukon?", "--json", cwd=tmp_path)
    assert 0 == asked.code, asked
    answer = json.loads(asked.out)
    assert (0, "$15.20 an hour") == (asked.code, answer["answer"]["text"])
    later = on(published, "ask", "minimum wage", "--since", "2030", cwd=tmp_path)
    assert 4 == later.code

    for _ in range(2):
        turn = on(published, "ask", "minimum wage in Yukon", "--session", "w", cwd=tmp_path)
        assert turn.code in {0, 4}
    assert "w" in on(published, "sessions", "list", cwd=tmp_path).out

    questions = tmp_path / "q.txt"
    questions.write_text("What is the new minimum wage in Yukon?\n" * 3, encoding="utf-8")
    done = on(published, "batch", "q.txt", "-o", "a.jsonl", "--no-timing", cwd=tmp_path)
    assert 0 == done.code, done
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert ["$15.20 an hour"] * 3 == [json.loads(line)["answer"]["text"] for line in lines]
    for said in ("has no earlier run", "0 new or changed releases"):
        run = on(published, "batch", "q.txt", "--since-last", cwd=tmp_path)
        assert said in run.err

    found = on(published, "find", "minimum", "wage", "--count", cwd=tmp_path)
    assert (0, True) == (found.code, "Yukon" in found.out or "Board" in found.out), found

    status = json.loads(on(published, "status", "--json", cwd=tmp_path).out)
    assert (published, 22, 0) == (status["folder"], status["releases"], status["to_encode"])
    shown = on(published, "status", cwd=tmp_path).out
    assert (True, False) == (published in shown, "derived" in shown)
    checked = on(published, "verify", cwd=tmp_path)
    assert (0, "no damage found: 181 passages\n") == (checked.code, checked.out)
    assert 1 == on(published, "verify", "--repair", cwd=tmp_path).code


@pytest.mark.parametrize("words", OTHERS, ids=lambda words: words[0])
def test_other_commands_are_refused_without_a_connection(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    """The message says what is available, and where the store is that others work on."""
    (tmp_path / "in").mkdir()
    (tmp_path / "q.txt").write_text("What?\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("What?\n", encoding="utf-8")
    ran = on(ADDRESS, *words, cwd=tmp_path)
    assert 1 == ran.code, ran
    assert "not available for a collection in Milvus; available are ask, batch" in ran.err
    assert "127.0.0.1-1-news" in ran.err


def test_a_password_in_the_address_is_refused(tmp_path: Path) -> None:
    """And shown nowhere."""
    ran = on("milvus://root:Secret1@db/news", "ask", "What?", cwd=tmp_path)
    assert (1, False) == (ran.code, "Secret1" in ran.out + ran.err)
    assert "RELEASEQA_MILVUS_TOKEN_FILE" in ran.err


def test_a_file_of_credentials_that_others_can_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is sent."""
    path = tmp_path / "token"
    path.write_text("root:Secret1", encoding="utf-8")
    path.chmod(0o644)
    monkeypatch.setenv("RELEASEQA_MILVUS_TOKEN_FILE", str(path))
    ran = on(ADDRESS, "status", cwd=tmp_path)
    assert (1, False) == (ran.code, "Secret1" in ran.out + ran.err)
    assert "chmod 600" in ran.err
    assert path.stat().st_mode & stat.S_IROTH


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line to install it is in the error."""
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    ran = on(ADDRESS, "ask", "What?", cwd=tmp_path)
    assert (1, "") == (ran.code, ran.out)
    assert "pip install 'releaseqa[milvus]'" in ran.err


def test_a_server_that_is_away_is_one_line(milvus: str, tmp_path: Path) -> None:
    """No traceback and no log of pymilvus; the exit code is 1."""
    del milvus
    done = subprocess.run(
        [sys.executable, "-m", "qa", "--index", ADDRESS, "status"],
        capture_output=True, text=True, cwd=tmp_path, check=False, timeout=120,
        env=process_environment({"RELEASEQA_MILVUS_TOKEN": "root:Secret1"}),
    )  # fmt: skip
    assert 1 == done.returncode
    assert 1 == len(done.stderr.splitlines()), done.stderr
    assert "Milvus at 127.0.0.1:1 does not answer" in done.stderr
    assert "Secret1" not in done.stderr


def test_a_file_of_settings_of_pymilvus_is_not_read(milvus: str, tmp_path: Path) -> None:
    """Importing pymilvus would read `.env` into the environment."""
    del milvus
    (tmp_path / ".env").write_text("RELEASEQA_PLANTED=1\n", encoding="utf-8")
    code = (
        "import os\nfrom index.milvus.connection import _pymilvus\n"
        "from dotenv import load_dotenv\n_pymilvus()\n"
        "print(os.environ.get('RELEASEQA_PLANTED'), os.environ.get('PYTHON_DOTENV_DISABLED'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True,
        env=process_environment(),
    )  # fmt: skip
    assert "None None" == done.stdout.strip()
