"""`index` and `remove`: collections that tests may change."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkout import process_environment
from control_characters import raw_controls
from typer.testing import CliRunner, Result

from index.ingest.interruptible import StopRequest, until_interrupted
from index.store.writer import StoreWriter
from qa.cli.app import app
from qa.cli.context import Context
from qa.cli.index import stop_on_interrupt

HOSTILE = "\x1b]0;owned\x07\x1b[2J[bold]x[/]\u202e\x9b2J"


@pytest.fixture(name="here")
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command in an empty folder with a folder of two releases."""
    news = tmp_path / "news"
    news.mkdir()
    (news / "bridge.txt").write_text("Bridge opens\n\nThe new bridge opens on June 3, 2023.\n")
    (news / "wage.txt").write_text("Wage rises\n\nThe minimum wage rises to $15.70 an hour.\n")
    monkeypatch.chdir(tmp_path)

    def run(*words: str, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(app, list(words), input=stdin)

    return run


def counts(result: Result) -> dict[str, Any]:
    """The counts of an update, by name."""
    found = json.loads(result.stdout)
    names = ("added", "updated", "unchanged", "removed", "vanished")
    return {name: found[name] for name in names if found[name]}


def test_index_makes_a_collection_and_only_reads_what_changed(here: Callable[..., Result]) -> None:
    """A first run adds, a second finds nothing to do, a changed file is updated."""
    first = here("index", "news")
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.startswith("2 added, 0 updated, 0 unchanged, 0 removed, 0 skipped\n")
    assert Path(".releaseqa").is_dir()

    Path("news/wage.txt").write_text("Wage rises\n\nThe minimum wage rises to $16 an hour.\n")
    assert counts(here("index", "news", "--json")) == {"updated": 1, "unchanged": 1}
    assert counts(here("index", "news", "--json")) == {"unchanged": 2}
    assert here("ask", "How high is the minimum wage?", "-q").stdout.count("$16") >= 1


def test_a_dry_run_changes_nothing(here: Callable[..., Result]) -> None:
    """What would be done is said; no collection is made."""
    result = here("index", "news", "--dry-run")

    assert result.exit_code == 0
    assert result.stdout == "would be: 2 added, 0 updated, 0 unchanged, 0 removed, 0 skipped\n"
    assert not Path(".releaseqa").exists()


def test_vanished_files_are_kept_until_pruned(here: Callable[..., Result]) -> None:
    """A release whose file is gone stays, is counted, and goes with --prune."""
    here("index", "news")
    Path("news/wage.txt").unlink()

    kept = here("index", "news")
    assert "1 no longer in their sources; use --prune to remove them" in kept.stdout
    assert counts(here("index", "news", "--prune", "--json")) == {"unchanged": 1, "removed": 1}
    assert here("list").stdout.count("\n") == 1


def test_what_is_ignored_is_counted(here: Callable[..., Result]) -> None:
    """A line tells how many files an ignore file leaves out; --no-ignore reads them."""
    Path("news/.releaseqaignore").write_text("wage.*\n")
    ignored = here("index", "news")
    all_read = here("index", "news", "--no-ignore")
    pruned = here("index", "news", "--prune")

    assert [0, 0, 0] == [result.exit_code for result in (ignored, all_read, pruned)]
    line = "1 left out by .releaseqaignore (a folder counts once)"
    assert [line, "1 added, 0 updated, 0 unchanged, 0 removed, 0 skipped"] == [
        ignored.stdout.splitlines()[1], ignored.stdout.splitlines()[0],
    ]  # fmt: skip
    assert all_read.stdout.startswith("1 added, 0 updated, 1 unchanged")
    assert line not in all_read.stdout
    assert pruned.stdout.startswith("0 added, 0 updated, 1 unchanged, 1 removed")


def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(
    here: Callable[..., Result],
) -> None:
    """Skipped files are on standard error with their reason, cleaned, and the exit code is 3."""
    Path("news", f"{HOSTILE.replace('/', '')}\n.txt").write_text("")
    Path("news/picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")

    result = here("index", "news")

    assert result.exit_code == 3
    assert result.stdout.startswith("2 added, 0 updated, 0 unchanged, 0 removed, 2 skipped\n")
    assert result.stderr.count("\n") == 2
    assert result.stderr.count("skipped ") == 2
    assert raw_controls(result.output) == set()


def test_nothing_of_a_hostile_release_reaches_the_terminal(here: Callable[..., Result]) -> None:
    """A release whose every field tries something is listed, shown, asked and reported clean."""
    record = {
        "id": f"evil {HOSTILE}", "title": HOSTILE, "issuer": HOSTILE, "url": HOSTILE,
        "text": f"The zebra {HOSTILE} bridge opens on June 3, 2023.\n\nSecond {HOSTILE} paragraph.",
    }  # fmt: skip
    Path("evil.jsonl").write_text(json.dumps(record) + "\n")
    assert here("index", "evil.jsonl", "-q").exit_code == 0
    Path("q.txt").write_text("When does the zebra bridge open?\n")

    shown = [
        here(*words)
        for words in (
            ("list",), ("show", record["id"]), ("ask", "When does the zebra bridge open?"),
            ("ask", "zebra bridge", "--json", "--explain"), ("list", "--json"), ("status",),
            ("batch", "q.txt", "--format", "markdown"), ("batch", "q.txt", "--format", "csv"),
            ("batch", "q.txt", "--format", "trec"), ("batch", "q.txt"), ("remove", record["id"]),
        )
    ]  # fmt: skip

    assert {result.exit_code for result in shown} == {0}
    assert raw_controls("".join(result.output for result in shown)) == set()
    assert "[bold]x[/]" in shown[1].stdout
    assert HOSTILE in json.loads(shown[3].stdout)["passages"][0]["text"]


def test_records_come_by_standard_input(here: Callable[..., Result]) -> None:
    """`-` takes JSON lines, and keeps their ids."""
    result = here("index", "-", "-q", stdin=b'{"id": "a-1", "text": "It rains in May."}\n')

    assert result.exit_code == 0
    assert here("list").stdout.startswith("a-1\t")


def test_every_note_is_shown(here: Callable[..., Result]) -> None:
    """A file is read once, so a guessed encoding is named there and then; -q is silent."""
    for number in range(8):
        text = f"Caf\u00e9 {number} ouvert\n\nLe caf\u00e9 num\u00e9ro {number} est ouvert.\n"
        Path("news", f"{number}.txt").write_bytes(text.encode("cp1252"))

    notes = [
        here("index", "news", "--dry-run", *words).stderr.splitlines() for words in ((), ("-q",))
    ]

    assert [len(lines) for lines in notes] == [8, 0]
    assert all(
        f"{number}.txt: read as cp1252" in line for number, line in enumerate(sorted(notes[0]))
    )


def test_releases_in_another_language_are_told_a_model(here: Callable[..., Result]) -> None:
    """When they have been added, and not at each later update."""
    Path("news/traversier.txt").write_text(
        "Un nouveau traversier\n\nHALIFAX, le 5 mai 2023 — Le ministre des Transports a annoncé "
        "aujourd'hui la construction d'un nouveau traversier, qui entrera en service bientôt.\n"
    )
    first = here("index", "news")
    assert "1 of 3 releases are in fr" in first.stderr
    assert "releaseqa index SOURCE --model multilingual" in first.stderr
    assert here("index", "news").stderr == ""


def test_a_missing_source_is_no_success(here: Callable[..., Result]) -> None:
    """A source that is not there is named; the exit code says so."""
    result = here("index", "nowhere")

    assert result.exit_code in {1, 3}
    assert "nowhere" in result.stderr


def test_releases_are_removed_all_or_none(here: Callable[..., Result]) -> None:
    """An unknown id removes nothing; known ones are gone afterwards."""
    here("index", "news")

    unknown = here("remove", "bridge", "nothing")
    assert (unknown.exit_code, "nothing" in unknown.stderr) == (1, True)
    assert here("list").stdout.count("\n") == 2
    assert counts(here("remove", "bridge", "--json")) == {"removed": 1}
    assert [line.split("\t")[0] for line in here("list").stdout.splitlines()] == ["wage"]


def test_ctrl_c_ends_an_index_in_good_order(tmp_path: Path) -> None:
    """The first Ctrl+C stops after the record in hand; what was read is kept, exit 130."""
    with subprocess.Popen(
        [sys.executable, "-m", "qa", "index", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path,
        env=process_environment(),
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(b'{"id": "a", "text": "It rains in May."}\n')
        process.stdin.flush()
        wait_for(tmp_path / ".releaseqa")
        process.send_signal(signal.SIGINT)
        assert process.stderr.readline() == b"Stopping; press Ctrl+C again to stop at once.\n"
        assert process.stdout is not None
        output = process.stdout.read()  # and nothing more is written: it ends by itself
        errors = process.stderr.read()
        assert process.wait(timeout=120) == 130

    assert output.startswith(b"1 added")
    assert b"nterrupted" not in output
    assert b"Interrupted: finished work is kept; run the same command again" in errors


def test_ctrl_c_ends_the_document_in_hand() -> None:
    """Ctrl+C interrupts the reading of a document at once."""
    with stop_on_interrupt(Context()) as cancelled:
        assert isinstance(cancelled, StopRequest)
        endless = (signal.raise_signal(signal.SIGINT) for _ in iter(int, 1))

        assert [] == list(until_interrupted(endless, cancelled))
        assert cancelled()


def wait_for(path: Path) -> None:
    """Wait until a path is there."""
    import time

    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_same_skipped_file_is_news_once(here: Callable[..., Result]) -> None:
    """The first run names a file that cannot be read; later ones count it, and end with 0."""
    Path("news/empty.txt").write_text("")

    first, second, third = here("index", "news"), here("index", "news"), here("index", "news", "-v")

    assert [3, 0, 0] == [run.exit_code for run in (first, second, third)]
    assert first.stderr == "skipped news/empty.txt: no text\n"
    assert second.stderr == "1 skipped as before; -v names it\n"
    assert third.stderr == "skipped as before news/empty.txt: no text\n"
    assert ", 1 skipped (1 as before)\n" in second.stdout


def test_many_records_with_one_fault_are_counted(here: Callable[..., Result]) -> None:
    """Five are named and the rest counted; -v and --json name all, as do faults that are few."""
    Path("news/other.jsonl").write_text('{"name": "x"}\n' * 9 + "[]\n" + "{\n")

    first = here("index", "news")
    told = [f'skipped news/other.jsonl: line {n}: has no "text"' for n in range(1, 10)]

    lines = first.stderr.splitlines()
    assert told[:5] == lines[:5]
    assert 'skipped news/other.jsonl: 4 more records: has no "text"; -v names them' == lines[5]
    assert ["line 10", "line 11"] == [line.split(": ")[1] for line in lines[6:]]
    assert told == [
        line.replace("skipped as before", "skipped")
        for line in here("index", "news", "-v").stderr.splitlines()[:9]
    ]
    assert 11 == len(json.loads(here("index", "news", "--json").stdout)["skipped"])


def test_empty_files_are_each_named(here: Callable[..., Result]) -> None:
    """Only records are counted, since a file that is missing from the index should be known."""
    for number in range(9):
        Path(f"news/empty-{number}.txt").write_text("")

    assert 9 == len(named(here("index", "news")))


def test_a_skipped_file_is_news_again_when_it_changes(here: Callable[..., Result]) -> None:
    """Other bytes are reported again; so is a file that was fine, or away, in between."""
    Path("news/broken.docx").write_bytes(b"PK\x03\x04 no archive")
    Path("news/empty.txt").write_text("")
    assert 3 == here("index", "news").exit_code

    Path("news/broken.docx").write_bytes(b"PK\x03\x04 no archive either")
    changed = here("index", "news")
    assert (3, ["news/broken.docx"]) == (changed.exit_code, named(changed))
    Path("news/empty.txt").write_text("It is not empty now.\n")
    assert 0 == here("index", "news").exit_code
    Path("news/empty.txt").write_text("")
    emptied = here("index", "news")
    assert (3, ["news/empty.txt"]) == (emptied.exit_code, named(emptied))


def named(result: Result) -> list[str]:
    """The items that a run named as skipped."""
    lines = [line.partition(": ")[0] for line in result.stderr.splitlines()]
    return [line.removeprefix("skipped ") for line in lines if line.startswith("skipped ")]


def test_what_the_user_names_is_always_news(here: Callable[..., Result]) -> None:
    """A named file that cannot be read, or a source that is not there, never ends with 0."""
    Path("news/empty.txt").write_text("")
    runs = [here("index", *words) for words in (["news"], ["news"], ["news/empty.txt"])]
    runs += [here("index", "news", "elsewhere") for _ in range(2)]

    assert [3, 0, 3, 3, 3] == [run.exit_code for run in runs]
    assert ["elsewhere"] == named(runs[-1])


def test_another_source_forgets_nothing(here: Callable[..., Result]) -> None:
    """What was skipped in one folder is still known after another one was indexed."""
    Path("news/empty.txt").write_text("")
    Path("more").mkdir()
    Path("more/none.txt").write_text("")
    codes = [here("index", name).exit_code for name in ("news", "more", "news", "more")]

    assert [3, 3, 0, 0] == codes


def test_a_dry_run_reports_without_remembering(here: Callable[..., Result]) -> None:
    """What a dry run named is still news to the run after it."""
    here("index", "news")
    Path("news/empty.txt").write_text("")

    assert [3, 3, 0] == [
        here("index", "news", *words).exit_code for words in (["--dry-run"], [], ["--dry-run"])
    ]


def test_json_lists_all_skips_each_time(here: Callable[..., Result]) -> None:
    """`skipped` has every item with its reason, `skipped_before` those that are no news."""
    Path("news/empty.txt").write_text("")
    here("index", "news")
    Path("news/none.txt").write_text("")
    found = json.loads(here("index", "news", "--json").stdout)

    empty = {"item": "news/empty.txt", "reason": "no text"}
    assert [empty, {"item": "news/none.txt", "reason": "no text"}] == found["skipped"]
    assert [empty] == found["skipped_before"]


def test_the_status_and_the_doctor_name_what_is_skipped(here: Callable[..., Result]) -> None:
    """Also when it is no news; five of many, all with `-v`; nothing once it can be read."""
    for number in range(7):
        Path(f"news/empty-{number}.txt").write_text("")
    codes = [here("index", "news").exit_code for _ in range(2)]
    shown, whole = here("status").stdout, here("status", "-v").stdout
    known = [{"item": f"news/empty-{number}.txt", "reason": "no text"} for number in range(7)]

    assert [3, 0] == codes
    assert "skipped      news/empty-0.txt: no text\n             news/empty-1.txt: no text" in shown
    assert [5, 7] == [text.count(": no text\n") for text in (shown, whole)]
    assert "             and 2 more; -v names all\n" in shown
    assert known == json.loads(here("status", "--json").stdout)["skipped"]
    assert (
        "note  skipped: 7 could not be read: news/empty-0.txt (no text);" in here("doctor").stdout
    )

    for number in range(7):
        Path(f"news/empty-{number}.txt").unlink()
    here("index", "news")
    assert "skipped      nothing\n" in here("status").stdout
    assert "note  skipped" not in here("doctor").stdout


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"news/empty.txt": 3}',
        '{"news/empty.txt": {"0": 3, "1": ["a"], "2": "ab"}}',
        "[" * 100_000,
    ],
)
def test_a_record_of_skips_that_makes_no_sense_is_none(
    here: Callable[..., Result], text: str
) -> None:
    """A store of somebody else can hold anything in place of the record."""
    Path("news/empty.txt").write_text("")
    here("index", "news")
    with StoreWriter(Path(".releaseqa")) as store, store.transaction():
        store.set_meta("skips_reported", text)

    assert "skipped      nothing\n" in here("status").stdout
    assert [3, 0] == [here("index", "news").exit_code for _ in range(2)]


def test_an_address_that_is_none_is_a_usage_error(here: Callable[..., Result]) -> None:
    """Nothing is read; the message has the forms of an address."""
    result = here("index", "news", "--ray", "http://head:6379")
    assert result.exit_code == 2
    assert "HOST:PORT or" in " ".join(result.stderr.split())
    assert not Path(".releaseqa").exists()


def test_without_ray_its_extra_is_named(
    here: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says what to install, before anything is read."""
    monkeypatch.setitem(sys.modules, "ray", None)
    for address in ("local", "auto", "head:6379", "ray://head:10001"):
        result = here("index", "news", "--ray", address)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == (
            "releaseqa: --ray needs ray, which is not installed: pip install 'releaseqa[ray]'\n"
        )
    assert not Path(".releaseqa").exists()
