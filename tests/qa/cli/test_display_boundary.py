"""Nothing that a store, a document, a file name or an argument holds acts on the terminal.

Each text column of a store is filled with escape sequences and characters that cannot be seen, as
in a folder of somebody else. Then every command that prints is run as the console script runs it.
"""

import io
import json
import re
import shutil
import sqlite3
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from checkout import ROOT
from crafted_stores import fill_column, text_columns

from index.ingest.update import update_collection
from index.store.reader import STORE_NAME
from qa.answer_json import dumps
from qa.cli import app
from qa.cli.streams import CleanStream
from qa.display import clean_output

SGR = "\x1b[35;7m"
HOSTILE = (
    f"\x1b]0;OWNED\x07{SGR}bridge\x1b[2J \x9b2J\x9d52;c;eA==\x9c \u202ebidi\u2066 zero\u200bwidth "
    "\x08\x08\r over\x85 \u2028\U000e0041\ufeff\xad [red]x[/] bridge opened"
)
QUESTION = "When was the bridge opened?"
OWN = re.compile(r"\x1b\[(?:[0-9;]*m|\?25[lh]|[12]K|1A)|\r")
"""What rich writes for styles and progress bars."""
JOINERS = "\u200c\u200d"

ON_TERMINAL = {
    "list",
    "changes",
    "show",
    "status",
    "verify",
    "quotes",
    "find",
    "figures",
    "track",
    "trace",
}
"""Commands that print in another way on a terminal."""

Printed = Callable[..., str]


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.fixture(name="printed")
def _printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Printed:
    """Run the program; return all that it writes, to both streams."""
    monkeypatch.setenv("RELEASEQA_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)

    def printed(*words: str, terminal: bool = False) -> str:
        streams = [io.BytesIO(), io.BytesIO()]
        kind = _Terminal if terminal else io.TextIOWrapper
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["releaseqa", *words])
            for name, stream in zip(("stdout", "stderr"), streams, strict=True):
                patch.setattr(sys, name, kind(stream, encoding="utf-8", write_through=True))
            with pytest.raises(SystemExit):
                app.run()
            sys.stdout.flush()
            sys.stderr.flush()
            return "".join(stream.getvalue().decode() for stream in streams)

    return printed


def wild(text: str, *, terminal: bool = False) -> set[str]:
    """Characters that a terminal acts on or does not show, and styles of others."""
    found = {SGR} if SGR in text else set()
    shown = OWN.sub("", text) if terminal else text
    return found | {
        hex(ord(character))
        for character in shown
        if character not in "\n\t" + JOINERS
        and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    }


@pytest.fixture(scope="module", name="small")
def _small(tmp_path_factory: pytest.TempPathFactory, exported_encoder: None) -> Path:
    """A collection of three releases, one of which is a correction of another."""
    del exported_encoder
    folder = tmp_path_factory.mktemp("boundary")
    story = (
        f"{HOSTILE}\n\nThe bridge was opened on June 3 by the minister, {HOSTILE}.\n\n"
        f"“We opened the bridge in June {HOSTILE}”, said Jane Doe, Minister of Roads."
    )
    records = [
        {"id": HOSTILE, "title": HOSTILE, "text": story, "issuer": HOSTILE, "date": "2023-06-03",
         "url": f"https://example.org/{HOSTILE}", HOSTILE: HOSTILE},
        {"id": "r2", "title": "A bridge", "text": story, "date": "2023-06-04"},
        {"id": "-rf", "title": "A road", "text": "The road was closed on May 2. It was long."},
    ]  # fmt: skip
    (folder / "in.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    update_collection(folder / ".releaseqa", [folder / "in.jsonl"])
    records[2]["text"] += " It opened again."
    (folder / "in.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    update_collection(folder / ".releaseqa", [folder / "in.jsonl"])
    return folder / ".releaseqa"


def _commands(release: str, citation: str, folder: Path) -> Iterator[list[str]]:
    quick = ["--words-only", "--no-reader"]
    yield ["list"]
    yield ["changes"]
    yield ["changes", "--json"]
    yield ["show", "--", release]
    yield ["ask", QUESTION, *quick, "--explain"]
    yield ["ask", QUESTION]
    yield ["find", "bridge"]
    yield ["find", "bridge", "-rf", "--cite"]
    yield ["find", "bridge", "--csv"]
    yield ["figures", "--unit", "money,percent,count,date", "--cite"]
    yield ["figures", "--csv"]
    for form in ("text", "html"):
        yield ["trace", str(folder / "article.txt"), "--format", form, "--cite", "--left-out"]
    yield ["track", QUESTION]
    yield ["track", QUESTION, "--csv"]
    yield ["quotes"]
    yield ["quotes", "--csv"]
    for form in ("jsonl", "csv", "trec", "markdown", "html"):
        yield ["batch", str(folder / "q.jsonl"), "--format", form, *quick]
    for form in ("csv", "tsv", "jsonl"):
        yield ["table", "--questions", str(folder / "q.jsonl"), "--format", form, *quick]
    yield ["status"]
    yield ["status", "--json"]
    yield ["verify"]
    yield ["verify", "--json"]
    yield ["doctor"]
    yield ["cite", citation]
    yield ["judge"]
    yield ["index", str(folder / "in.jsonl"), "--dry-run"]
    yield ["index", str(folder), "--dry-run", "--model", str(folder)]


def crafted(small: Path, folder: Path, table: str, column: str) -> tuple[Path, str]:
    """A copy of the collection with one column crafted, and the id of a release in it."""
    copy = Path(shutil.copytree(small, folder / ".releaseqa"))
    fill_column(copy, table, column, HOSTILE)
    with sqlite3.connect(copy / STORE_NAME) as store:
        (name,) = store.execute("SELECT release_id FROM releases ORDER BY id LIMIT 1").fetchone()
    store.close()
    return copy, name


@pytest.mark.slow
@pytest.mark.parametrize(("table", "column"), text_columns())
def test_no_column_of_a_crafted_store_acts_on_the_terminal(
    small: Path, printed: Printed, tmp_path: Path, table: str, column: str
) -> None:
    """Whatever a column holds, every command that prints shows it as harmless characters."""
    copy, release = crafted(small, tmp_path, table, column)
    (tmp_path / "q.jsonl").write_text(dumps({"question": QUESTION, "id": "q"}) + "\n")
    (tmp_path / "in.jsonl").write_text(dumps({"id": release, "text": HOSTILE}) + "\n")
    article = f"The bridge was opened on June 3 by the minister, {HOSTILE}.\n\n{HOSTILE}"
    (tmp_path / "article.txt").write_text(article, encoding="utf-8", errors="replace")
    citation = f"“{HOSTILE}” [releaseqa {release}#1 0-9 sha256:0123456789ab]"
    for words in _commands(release, citation, tmp_path):
        for terminal in (False, words[0] in ON_TERMINAL):
            shown = printed("--index", str(copy), *words, terminal=terminal)
            assert wild(shown, terminal=terminal) == set(), words


def test_what_writes_to_a_crafted_store_shows_it_harmlessly(
    small: Path, printed: Printed, tmp_path: Path
) -> None:
    """Watching, comparing, removing and repairing print nothing that acts on the terminal."""
    copy = Path(shutil.copytree(small, tmp_path / ".releaseqa"))
    for table, column in (("releases", "title"), ("passages", "kind"), ("sources", "label")):
        fill_column(copy, table, column, HOSTILE)
    news = tmp_path / "news"
    news.mkdir()
    (news / f"{HOSTILE.replace('/', '')[:60]}.txt").write_text(f"{HOSTILE}\n\n{HOSTILE}")
    questions = tmp_path / "q.jsonl"
    questions.write_text(dumps({"question": f"{QUESTION} {HOSTILE}", "id": HOSTILE}) + "\n")
    quick, index = ["--words-only", "--no-reader"], ["--index", str(copy)]
    asked = [*index, "batch", str(questions), *quick, "-o"]
    for words in (
        [*asked, "old.jsonl"],
        [*index, "watch", str(news), "--questions", str(questions), "-o", "out", "--once", *quick],
        [*asked, "new.jsonl", "--issuer", "nobody"], ["diff", "old.jsonl", "new.jsonl"],
        [*index, "verify", "--repair"], [*index, "remove", "--", HOSTILE],
        [*index, "remove", "--", "-rf"], [*index, "index", str(news), "--prune"],
    ):  # fmt: skip
        for terminal in (False, True):
            assert wild(printed(*words, terminal=terminal), terminal=terminal) == set(), words


def test_saved_conversations_are_shown_harmlessly(
    small: Path, printed: Printed, tmp_path: Path
) -> None:
    """What was asked and answered is cleaned again when it is listed, shown and exported."""
    index = ["--index", str(small)]
    printed(*index, "ask", f"{QUESTION} {HOSTILE}", "--words-only", "--session", "talk")
    for words in (
        ["list"], ["show", "talk"], ["search", "bridge"], ["export", "talk"],
        ["export", "talk", "--format", "html"], ["export", "talk", "--format", "json"],
        ["replay", "talk"], ["list", "--json"], ["show", HOSTILE], ["rename", "talk", HOSTILE],
        ["remove", HOSTILE],
    ):  # fmt: skip
        for terminal in (False, True):
            shown = printed(*index, "sessions", *words, terminal=terminal)
            assert wild(shown, terminal=terminal) == set(), words
    assert tmp_path.exists()


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        [HOSTILE], [f"--{HOSTILE}"], ["list", HOSTILE], ["list", f"--{HOSTILE}"],
        ["list", "--since", HOSTILE], ["ask", "x", "-k", HOSTILE], ["ask", "x", "--risk", HOSTILE],
        ["batch", HOSTILE], ["batch", "x", "--format", HOSTILE], ["index", HOSTILE],
        ["eval", HOSTILE],
        ["ask", "x", "--session", HOSTILE], ["sessions", HOSTILE], ["show", HOSTILE],
        ["watch", HOSTILE, "--questions", HOSTILE, "-o", HOSTILE], ["diff", HOSTILE, HOSTILE],
        ["-v", "show", HOSTILE], ["judge", HOSTILE],
        ["restore", HOSTILE], ["restore", "x", HOSTILE], ["backup", f"{HOSTILE}/x"],
        ["bundle", "x", "--model", HOSTILE],
    ],
)  # fmt: skip
def test_no_argument_acts_on_the_terminal(
    small: Path, printed: Printed, words: list[str], *, terminal: bool
) -> None:
    """An argument that a script passed on is shown cleaned, also by a usage error."""
    shown = printed("--index", str(small), *words, terminal=terminal)

    assert shown
    assert wild(shown, terminal=terminal) == set()


def test_what_libraries_write_is_cleaned_too() -> None:
    """The streams themselves clean, so that no caller has to."""
    inner = io.StringIO()
    stream = CleanStream(inner)
    print("a\x1b]0;x\x07\tb\x1b[1mc", file=stream)  # type: ignore[call-overload]
    stream.writelines(["\u202e", "d\n"])

    assert "a␛]0;x␇\tb\x1b[1mc\n⇄d\n" == inner.getvalue()


def test_json_is_left_as_it_is_by_the_streams() -> None:
    """JSON is escaped and loses nothing, so cleaning the stream has nothing to change."""
    every = " ".join(map(chr, range(0x110000)))
    written = dumps({"text": every})

    assert {"text": every} == json.loads(written)
    assert written == clean_output(written)


def test_text_leaves_by_one_way() -> None:
    """No module but those of the streams writes to a stream or prints by itself."""
    doors = {"context.py", "streams.py", "console.py", "errors.py", "usage.py"}
    direct = re.compile(
        r"(?<![.|\w])print\(|sys\.std(?:out|err)\.write|sys\.__std|(?<!Clean)Console\((?!\)\.color)"
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for package in ("qa", "index")
        for path in (ROOT / package).rglob("*.py")
        if not (path.parent.name == "cli" and path.name in doors)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if direct.search(line.partition("#")[0]) and "console.print(" not in line
    ]

    # The worker that reads PDF files writes to a pipe of the program.
    assert [name for name in found if "pdf/worker.py" not in name] == []
