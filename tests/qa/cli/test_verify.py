"""`verify`: what it prints, its exit codes, and that nothing is written without --repair."""

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from checkout import process_environment
from control_characters import raw_controls
from typer.testing import CliRunner, Result

from qa.cli.app import app

QUESTION = "When did Minister Joly visit Korea?"


@pytest.fixture(name="here")
def _here(collection_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command beside a collection that may be damaged."""
    monkeypatch.chdir(collection_copy.parent)
    return lambda *words: CliRunner().invoke(app, list(words))


def everything(folder: Path) -> dict[str, str]:
    """The hash of every file below a folder."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def vector_file(folder: Path) -> Path:
    """The vector file of a collection."""
    (path,) = (folder / "derived").glob("vectors-*")
    return path


def test_a_whole_collection_is_told_in_one_line(
    here: Callable[..., Result], collection_copy: Path
) -> None:
    """Counts on standard output, nothing on standard error, exit 0, no byte changed."""
    before = everything(collection_copy)
    result = here("verify")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("no damage found: 22 releases, ")
    assert result.stdout.endswith(" vectors, 2 derived files\n")
    assert before == everything(collection_copy)
    assert here("verify", "--repair").stdout == result.stdout
    assert before == everything(collection_copy)


def test_damage_is_named_mended_and_gone(
    here: Callable[..., Result], collection_copy: Path
) -> None:
    """A line a finding and exit 1; --repair says what it mended, exit 0; the answer is the same."""
    asked = json.loads(here("ask", QUESTION, "--json").stdout)
    path = vector_file(collection_copy)
    os.truncate(path, 100)

    found = here("verify")
    assert found.exit_code == 1
    assert found.stdout == (
        f"WRONG vector file {path.name}: its content has changed since it was written; "
        "to repair it, run: releaseqa verify --repair\n"
    )
    assert found.stderr == (
        "releaseqa: 1 problem found in .releaseqa; to rebuild what is damaged, run: "
        "releaseqa verify --repair\n"
    ).replace(".releaseqa;", f"{collection_copy};")
    note = here("ask", QUESTION, "--json")
    assert "releaseqa verify --repair" in note.stderr
    mended = here("verify", "--repair")
    assert (mended.exit_code, mended.stderr) == (0, "")
    assert mended.stdout.splitlines()[0] == (
        f"repaired vector file {path.name}: its content has changed since it was written"
    )
    assert mended.stdout.splitlines()[1].startswith("no damage found: ")
    assert here("verify").exit_code == 0
    after = here("ask", QUESTION, "--json")
    for answer in (json.loads(note.stdout), json.loads(after.stdout)):
        assert {**answer, "timing": None} == {**asked, "timing": None}
    assert after.stderr == ""


def change(folder: Path, statement: str, *values: Any) -> None:
    """Change the store as no part of the program would."""
    with sqlite3.connect(folder / "collection.sqlite3") as connection:
        connection.execute(statement, values)
    connection.close()


def test_what_no_repair_mends_is_said_to_be_so(
    here: Callable[..., Result], collection_copy: Path
) -> None:
    """A changed text is still named after --repair, with the commands that bring it back."""
    change(
        collection_copy,
        "UPDATE releases SET text = replace(text, 'Korea', 'Norge') WHERE release_id = ?",
        "canada-korea-visit",
    )
    for words in (("verify",), ("verify", "--repair")):
        result = here(*words)
        assert result.exit_code == 1
        assert "WRONG release canada-korea-visit: " in result.stdout
        assert "releaseqa remove canada-korea-visit && releaseqa index " in result.stdout
        assert result.stderr.endswith(
            "--repair cannot fix this; see the lines above for what to do\n"
        )


def test_json_holds_counts_and_findings(here: Callable[..., Result], collection_copy: Path) -> None:
    """One object: the counts, each finding with its remedy, and what was mended."""
    vector_file(collection_copy).unlink()
    found = json.loads(here("verify", "--json").stdout)

    assert (found["damaged"], found["releases"], found["files"], found["mended"]) == (1, 22, 1, [])
    assert {**found["findings"][0], "place": ""} == {
        "name": "vector file", "place": "", "verdict": "wrong", "detail": "is missing",
        "remedy": "to repair it, run: releaseqa verify --repair", "mends": "vector file",
    }  # fmt: skip
    done = json.loads(here("verify", "--repair", "--json").stdout)
    assert (done["damaged"], done["findings"], done["mended"]) == (0, [], found["findings"])


def test_nothing_of_a_hostile_store_reaches_the_terminal(
    here: Callable[..., Result], collection_copy: Path
) -> None:
    """Ids, names of files and of tables are cleaned, and quoted where a command is named."""
    evil = "x\x1b]0;owned\x07\x1b[2J\u202e\x9b2J'; rm -rf ~"
    change(collection_copy, "UPDATE releases SET release_id = ?, title = 'x' WHERE id = 1", evil)
    change(collection_copy, "INSERT INTO derived VALUES (?, ?, '', 1, 1, '')", evil, evil)
    (collection_copy / "derived" / evil.replace("/", "")).touch()

    results = [
        here(*words) for words in (("verify",), ("verify", "--json"), ("verify", "--repair"))
    ]
    change(collection_copy, f'CREATE VIEW "{evil}" AS SELECT 1')
    results += [here("verify"), here("list")]
    assert [1, 1, 1, 1, 1] == [result.exit_code for result in results]
    assert raw_controls("".join(result.output for result in results)) == set()
    assert """'"'"'; rm -rf ~'""" in results[0].stdout
    assert results[0].stdout.count("\n") == len(json.loads(results[1].stdout)["findings"])


def test_a_folder_that_is_no_collection_is_an_error(here: Callable[..., Result]) -> None:
    """One line that says how to make one, and nothing is made."""
    Path("empty").mkdir()
    for words in (("verify",), ("verify", "--repair")):
        result = here(*words, "--index", "empty")
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
        assert result.stderr.startswith("releaseqa: no collection in empty; create one: ")
    assert list(Path("empty").iterdir()) == []


def test_what_is_no_store_is_named(here: Callable[..., Result], collection_copy: Path) -> None:
    """80: A file that SQLite cannot open is one line with the way out."""
    (collection_copy / "collection.sqlite3").write_bytes(b"no database" * 1000)

    for words in (("verify",), ("verify", "--repair")):
        result = here(*words)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
        assert "restore it from a backup" in result.stderr


READ_ONLY = """
import os, sys
import index.verify.repair
from qa.cli.app import app, run
whole, folder, *words = sys.argv[1:]
app(["--index", whole, "verify", "-q"], standalone_mode=False)  # loads all that it needs
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
assert not os.access(folder, os.W_OK)
sys.argv = ["releaseqa", "--index", folder, *words]
run()
"""


@pytest.fixture(name="public")
def _public() -> Iterator[Path]:
    """A folder that everybody can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_77_a_folder_that_may_not_be_written(sample_collection: Path, public: Path) -> None:
    """77: It is verified all the same; a repair that is refused says so in one line."""
    folder = public / ".releaseqa"
    shutil.copytree(sample_collection, folder)
    vector_file(folder).unlink()
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = everything(folder)
    done = [
        subprocess.run(
            [sys.executable, "-c", READ_ONLY, sample_collection, folder, *words],
            capture_output=True, text=True, check=False, env=process_environment(), timeout=120,
        )
        for words in (("verify",), ("verify", "--repair"))
    ]  # fmt: skip
    after = everything(folder)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)

    assert [1, 1] == [result.returncode for result in done]
    assert "WRONG vector file" in done[0].stdout
    assert [2, 1] == [result.stdout.count("\n") for result in done]
    assert done[1].stderr.count("\n") == 1
    assert done[1].stderr.startswith(f"releaseqa: cannot write to {folder} (")
    assert before == after


def test_ctrl_c_ends_it_at_once(sample_collection: Path) -> None:
    """Exit 130 and one line, also when it comes while SQLite looks at its pages."""
    code = (
        "import os, signal\nfrom index.store import sqlite\n"
        "sqlite._STEPS = 1\n"
        "real = sqlite.Database.integrity_errors\n"
        "def integrity(database):\n"
        "    database.add_function('x', lambda _: 1)\n"
        "    signal.setitimer(signal.ITIMER_REAL, 0.001)\n"
        "    while True: real(database)\n"
        "signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))\n"
        "sqlite.Database.integrity_errors = integrity\n"
        "from qa.cli.app import run\nimport sys\nsys.argv = ['releaseqa', 'verify']\nrun()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=sample_collection.parent,
        env=process_environment(), check=False, timeout=60,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"Interrupted.\n")
