"""Starting the program: what it loads, where global options stand, how errors end."""

import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest
from checkout import process_environment
from control_characters import raw_controls
from typer.testing import CliRunner

import qa.cli
from index.ingest.parse import MAX_BYTES
from qa.batch.diff import MOVED
from qa.cli import options
from qa.cli.app import COMMANDS, app
from qa.cli.context import Context
from qa.cli.quotes import quotes
from qa.settings import Settings

HEAVY = {
    "numpy", "torch", "transformers", "sentence_transformers", "faiss", "onnxruntime", "textual",
    "tantivy", "docx", "feedparser", "pypdfium2", "trafilatura", "jinja2",
    "aiohttp", "textual_serve", "rapidocr", "cv2", "PIL", "ray", "index.distributed",
    "pymilvus", "milvus_lite", "grpc", "pandas",
}  # fmt: skip

_LOADED = """
import json, sys
from qa.cli.app import run
sys.argv = ["releaseqa", *sys.argv[1:]]
try:
    run()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def loaded(folder: Path, *words: str) -> set[str]:
    """The modules that a command has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *words],
        capture_output=True,
        cwd=folder,
        env=process_environment(),
        check=True,
        timeout=60,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("--version",),
        ("ask", "--help"),
        ("eval", "--help"),
        ("verify", "--help"),
        ("restore", "--help"),
        ("index", "--help"),
        ("serve", "--help"),
        ("status",),
        ("list",),
        ("doctor",),
        ("show", "canada-korea-visit"),
    ],
)
def test_what_only_tells_something_loads_nothing_heavy(
    sample_collection: Path, words: tuple[str, ...]
) -> None:
    """What only tells something starts at once: no model, no index, no front end is imported."""
    assert loaded(sample_collection.parent, *words) & HEAVY == set()


def test_asking_by_words_alone_loads_no_model(sample_collection: Path) -> None:
    """A question by words needs no encoder, and no question needs torch."""
    words = loaded(sample_collection.parent, "ask", "--words-only", "Operation NEON until when")
    meaning = loaded(sample_collection.parent, "ask", "Until when does Operation NEON go on?")

    never = {"torch", "transformers", "sentence_transformers", "textual", "jinja2",
             "docx", "feedparser", "pypdfium2", "trafilatura",
             "rapidocr", "cv2", "PIL",
             "pymilvus", "milvus_lite", "grpc", "pandas", "index.milvus.connection"}  # fmt: skip
    assert words & (never | {"onnxruntime", "faiss"}) == set()
    assert meaning & never == set()


def test_indexing_here_loads_nothing_of_a_cluster(sample_collection: Path, tmp_path: Path) -> None:
    """Without --ray, nothing of it is imported."""
    (tmp_path / "bridge.txt").write_text("Bridge opens\n\nThe new bridge opens on June 3, 2023.\n")
    del sample_collection  # its encoder is exported, so that torch is not loaded
    found = loaded(tmp_path, "index", "bridge.txt")
    assert "index.ingest.embed" in found
    assert found & {"ray", "index.distributed", "index.distributed.address", "torch"} == set()


def test_asking_loads_only_what_it_uses(sample_collection: Path) -> None:
    """One question loads nothing of conversations, batches, exports, sessions or updates."""
    never = {
        "qa.batch", "qa.conversation.answer", "qa.conversation.understand", "qa.finding",
        "qa.answering.per_release", "qa.export.html", "qa.sessions", "qa.evaluation",
        "qa.examples", "index.store.writer", "index.ingest", "index.structure.passages",
        "filelock", "asyncio", "multiprocessing",
    }  # fmt: skip
    for words in (["ask"], ["ask", "--json"]):
        found = loaded(sample_collection.parent, *words, "Until when does Operation NEON go on?")
        assert found & never == set()
        assert {"qa.answering.pipeline", "onnxruntime", "faiss"} <= found


@pytest.mark.parametrize("words", [("ask", "--help"), ("diff", "--help"), ("status",), ("doctor",)])
def test_a_command_loads_no_other_command(sample_collection: Path, words: tuple[str, ...]) -> None:
    """Of the modules that define commands, only the one of the command given is imported."""
    modules = {f"qa.cli.{name}" for name in COMMANDS.values()}
    found = loaded(sample_collection.parent, *words)
    assert found & modules == {f"qa.cli.{COMMANDS[words[0]]}"}


def test_every_command_is_listed_with_its_module() -> None:
    """`COMMANDS` names what the modules define, and no module with commands is forgotten."""
    defined = {}
    for info in pkgutil.iter_modules(qa.cli.__path__):
        module = importlib.import_module(f"qa.cli.{info.name}")
        if info.name == "sessions":
            defined["sessions"] = "sessions"
        elif info.name != "app":
            defined |= {name: info.name for name, _, _ in getattr(module, "COMMANDS", ())}
    assert defined == COMMANDS


def test_the_package_itself_loads_nothing() -> None:
    """`import qa` is free, and its public names are there when they are used."""
    code = (
        "import sys, qa; light = set(sys.modules); qa.open_collection; qa.Answer; "
        "print(sorted(light & {'numpy', 'qa.collection', 'typer'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=process_environment(), check=True
    )
    assert done.stdout == b"[]\n"


def test_the_version_is_printed(run: Callable[..., Any]) -> None:
    """`--version` prints the name and the installed version, and nothing else."""
    try:
        expected = version("releaseqa")
    except PackageNotFoundError:
        expected = "0+unknown"
    result = run("--version")

    assert (result.exit_code, result.stdout) == (0, f"releaseqa {expected}\n")


@pytest.mark.parametrize("words", [("--help",), ("-h",), ("ask", "--help"), ("status", "-h")])
def test_help_is_data(run: Callable[..., Any], words: tuple[str, ...]) -> None:
    """Help that was asked for goes to standard output, exit 0."""
    result = run(*words)

    assert (result.exit_code, result.stderr) == (0, "")
    assert "Usage: " in result.stdout


def test_help_lists_the_commands_that_are_there(run: Callable[..., Any]) -> None:
    """The commands of this version, in the order in which one comes to need them."""
    assert list(typer_commands()) == [
        "index", "ask", "find", "said", "figures", "names", "track", "trace", "quotes", "batch",
        "watch", "diff", "table", "chat", "serve", "eval", "judge", "show", "list", "changes",
        "remove", "cite", "mcp",
        "status", "verify", "backup", "restore", "bundle", "doctor", "sessions",
    ]  # fmt: skip
    help_text = run("--help").stdout
    assert [name for name in typer_commands() if f" {name} " not in help_text] == []


def typer_group() -> Any:
    """The application as a group of commands."""
    import typer

    return typer.main.get_command(app)


def typer_commands() -> dict[str, Any]:
    """The commands of the application by name."""
    return dict(typer_group().commands)


@pytest.mark.parametrize("place", ["before", "after", "environment"])
def test_global_options_stand_before_or_after_the_command(
    sample_collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """`--index` is taken in both places, and from the environment."""
    monkeypatch.chdir(tmp_path)
    words = ["status", "--json"]
    if place == "environment":
        monkeypatch.setenv("RELEASEQA_INDEX", str(sample_collection))
    else:
        option = ["--index", str(sample_collection)]
        words = [*option, *words] if place == "before" else [*words, *option]

    result = CliRunner().invoke(app, words)

    assert result.exit_code == 0
    assert json.loads(result.stdout)["folder"] == str(sample_collection)


def test_the_option_nearer_to_the_command_counts(run: Callable[..., Any], tmp_path: Path) -> None:
    """Given twice, the later one names the collection."""
    result = run("--index", "ignored", "status", "--index", str(tmp_path / "none"))

    assert result.exit_code == 1
    assert str(tmp_path / "none") in result.stderr


def test_without_a_collection_the_way_to_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says what is missing and which command makes it; no traceback."""
    monkeypatch.chdir(tmp_path)
    for words in (
        ["ask", "Who?"],
        ["batch", "x.txt"],
        ["list"],
        ["status"],
        ["show", "x"],
        ["changes"],
        ["cite", "x"],
        ["remove", "x"],
        ["verify"],
        ["verify", "--repair"],
        ["backup", "x.zip"],
        ["bundle", "x.zip"],
    ):
        result = CliRunner().invoke(app, words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("releaseqa: no collection in this folder")
        assert "releaseqa index FOLDER" in result.stderr
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("fly",), ("ask",), ("ask", "Who?", "--since", "May"), ("ask", "Who?", "--kind", "poem"),
        ("ask", "Who?", "--since", "2024", "--until", "2023"), ("ask", "Who?", "-k", "0"),
        ("ask", "Who?", "--risk", "1"), ("ask", "Who?", "--issuer", " "),
        ("batch", "x.txt", "--format", "xml"), ("batch", "x.txt", "--resume"),
        ("batch", "x.txt", "--format", "csv", "--level", "passage"), ("show",), ("index",),
        ("status", "extra"), ("backup",), ("restore",), ("bundle",), ("list", "--colour"),
    ],
)  # fmt: skip
def test_wrong_usage_is_exit_2(run: Callable[..., Any], words: tuple[str, ...]) -> None:
    """What cannot be understood is said on standard error, and nothing is done."""
    result = run(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage: " in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("aks", "x"), "no command aks; did you mean ask?"),
        (("fly",), "no command fly"),
        (("sessions", "lst"), "no command lst; did you mean list?"),
        (("list", "extra"), "unexpected argument: extra"),
        (("list", "--jsn"), "no option --jsn; did you mean --json?"),
        (("list", "-x"), "no option -x"),
        (("index",), "missing argument SOURCE"),
        (("sessions", "rename", "a"), "missing argument NEW"),
        (("table",), "missing option --questions"),
        (("quotes", "--about"), "--about needs a value"),
        (("list", "--json=3"), "--json takes no value"),
        (("ask", "x", "-k", "x"), "-k: 'x' is not a whole number."),
        (("ask", "x", "-k", "2.5"), "-k: '2.5' is not a whole number."),
        (("ask", "x", "-k", "0"), "-k: 0 is too small; the minimum is 1."),
        (("ask", "x", "-k", "2000"), "-k: 2000 is too large; the maximum is 1000."),
        (("ask", "x", "--risk", "low"), "--risk: 'low' is not a number."),
        (("ask", "x", "--risk", "0"), "--risk: the risk is 0.0; it must be a number between"),
        (
            ("ask", "x", "--since", "May"),
            "--since: 'May' is not a date; use a form such as",
        ),
        (("ask", "x", "--kind", "poem"), "--kind: 'poem' is not a kind of passage; choose from"),
        (("ask", "x", "--as-typed"), "--as-typed needs --session NAME."),
        (("ask", "x", "--reranker", "none"), "--reranker: none does not exist; give the folder"),
        (("batch", "x", "--format", "xml"), "--format: 'xml' is not one of 'jsonl',"),
        (("batch", "x", "--jobs", "0"), "--jobs/-j: 0 is too small; the minimum is 1."),
    ],
)
def test_usage_is_told_in_the_words_of_the_program(
    run: Callable[..., Any], words: tuple[str, ...], said: str
) -> None:
    """One line says what is wrong, then come the usage and the help of that very command."""
    result = run(*words)
    of_a_group = said.startswith("no command")
    path = ["releaseqa", *words[: 2 if words[0] == "sessions" else 1]]
    command = " ".join(path[:-1] if of_a_group else path)

    wrong, usage, help_of = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (2, "")
    assert wrong.startswith(f"releaseqa: {said}")
    assert usage.startswith(f"Usage: {command} [OPTIONS]")
    assert help_of == f"Help: {command} --help"


def test_a_usage_error_acts_on_no_terminal(run: Callable[..., Any]) -> None:
    """What was typed is cleaned."""
    result = run("list", "\x1b[2J\n")

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 3
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("list", "--speaker", "nobody"), "No release matches the filters.\n"),
        (("judge",), "Nothing is judged yet: give a FILE, or use + and - in the chat.\n"),
        (("sessions", "list"), "No saved conversations in this collection; --all includes"),
        (("sessions", "list", "--all"), "No saved conversations.\n"),
        (("sessions", "search", "x"), "No turn has these words in this collection; --all"),
    ],
)
def test_nothing_found_is_said(run: Callable[..., Any], words: tuple[str, ...], said: str) -> None:
    """A note on standard error; the output is empty, and that is no failure."""
    result = run(*words)

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith(said)
    assert run(*words, "-q").stderr == ""


def test_a_file_without_questions_is_named(run: Callable[..., Any], tmp_path: Path) -> None:
    """Comments alone are no questions."""
    (tmp_path / "none.txt").write_text("# Later\n")

    result = run("batch", str(tmp_path / "none.txt"))

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith(f"There are no questions in {tmp_path / 'none.txt'}.\n")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("korea-vis", "did you mean canada-korea-visit?"),
        ("CANADA-KOREA-VISIT#3", "did you mean canada-korea-visit?"),
        ("canda-korea-vist", "did you mean canada-korea-visit?"),
        ("samples/releases/canada-korea-visit.txt", "did you mean canada-korea-visit?"),
        ("gate-trails", "did you mean twillingate-trails or twillingate-trails-correction?"),
        ("zzzz", "see: releaseqa list"),
    ],
)
def test_a_mistyped_release_names_the_nearest(
    run: Callable[..., Any], typed: str, hint: str
) -> None:
    """To show and to remove: ids that contain it, or similar ones; a path stands for its name."""
    for words in (("show", typed), ("remove", typed)):
        result = run(*words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert f"no release '{typed.partition('#')[0]}" in result.stderr
        assert result.stderr.endswith(f"' in the collection; {hint}\n")


@pytest.mark.parametrize("words", [("list",), ("index", "x")])
def test_a_file_is_no_collection(
    run: Callable[..., Any], tmp_path: Path, words: tuple[str, ...]
) -> None:
    """The advice is not to make one there."""
    (tmp_path / "notes.txt").touch()

    result = run("--index", str(tmp_path / "notes.txt"), *words)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"releaseqa: {tmp_path / 'notes.txt'} is a file; the folder of")


def test_the_way_to_a_collection_names_its_place(tmp_path: Path, run: Callable[..., Any]) -> None:
    """The command that makes one has the folder that was asked for, also when it is half made."""
    folder = tmp_path / "my index"
    missing = run("list", "--index", str(folder))
    folder.mkdir()
    (folder / "collection.sqlite3").touch()
    empty = run("list", "--index", str(folder))

    for result in (missing, empty):
        assert result.exit_code == 1
        assert f"releaseqa --index '{folder}' index FOLDER" in result.stderr


def parameters() -> list[tuple[str, Any]]:
    """Every parameter of every command, each after the command's name."""
    found = {"releaseqa": typer_group(), **typer_commands()}
    found |= {f"sessions {name}": inner for name, inner in found["sessions"].commands.items()}
    return [(name, param) for name, command in found.items() for param in command.params]


def test_help_texts_are_sentences() -> None:
    """The help of every option and argument begins with a capital and ends with a full stop."""
    wrong = [
        f"{name} {param.name}: {param.help}"
        for name, param in parameters()
        if not re.fullmatch(r"[A-Z].*\.", param.help or "")
    ]
    assert wrong == []


@pytest.mark.parametrize("words", [("--help",), ("index", "--help"), ("sessions", "--help")])
def test_help_shows_no_types_of_python(run: Callable[..., Any], words: tuple[str, ...]) -> None:
    """Arguments and flags are described by words alone."""
    assert re.findall("<(?:bool|str|path|list)[^>]*>", run(*words).stdout) == []


def test_defaults_in_the_help_are_those_of_the_program() -> None:
    """The numbers that the help names are the defaults in force."""
    told = {
        f"{name} {param.name}": found[1]
        for name, param in parameters()
        if (found := re.search(r"Default: ([\d.]+)[.,]", param.help or ""))
    }
    assert {name: value for name, value in told.items() if name.endswith(" k")} == {
        **dict.fromkeys(("ask k", "batch k", "watch k", "chat k", "serve k"), str(Settings().k)),
        "quotes k": str(quotes.__kwdefaults__["k"]),
    }
    assert told["index max_mb"] == str(MAX_BYTES // 1_000_000)
    assert told["diff confidence"] == str(MOVED)


def _broken(context: Context) -> int:
    """Fail in a way that nobody thought of."""
    del context
    raise RuntimeError("[bold]\x1b[2J")


def test_details_of_an_error_come_with_verbose(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without -v there is one clean line, with it the traceback before the line."""
    app_run: Any = options.command(_broken)
    context: Any = type("Context", (), {"obj": Context()})()
    shown = []
    for verbose in (False, True):
        values = {"index": None, "quiet": False, "verbose": verbose, "no_color": False}
        with pytest.raises(options.typer.Exit):
            app_run(context, **values)
        shown.append(capsys.readouterr().err)

    assert shown[0] == (
        "releaseqa: internal error (RuntimeError: [bold]\u241b[2J). "
        "Run it again with -v for details, and please report it.\n"
    )
    assert shown[1].startswith("Traceback")
    assert shown[1].endswith("releaseqa: internal error (RuntimeError: [bold]\u241b[2J).\n")
    assert raw_controls("".join(shown)) == set()


def test_filters_are_options_of_every_command_that_searches() -> None:
    """A command that takes `Filters` has the seven options, and gets them as one value."""
    with_filters = {
        name
        for name, found in typer_commands().items()
        if {"since", "until", "issuer", "lang", "source", "kind", "speaker"}
        <= {parameter.name for parameter in found.params}
    }
    assert with_filters == {
        "ask", "find", "said", "figures", "names", "track", "trace", "quotes", "batch", "watch",
        "table", "chat",
        "serve", "list",
    }  # fmt: skip


def test_python_m_qa_is_the_program(spawn: Callable[..., Any]) -> None:
    """The package runs as a module, under the program's name."""
    done = spawn("ask", "--help")

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Usage: releaseqa ask" in done.stdout


def test_a_closed_pipe_ends_quietly(sample_collection: Path) -> None:
    """`| head -1`: one line comes, nothing is said, and the exit code is no failure."""
    for words in ("list --json", "batch - --words-only --format csv"):
        script = (
            f"yes 'What about the bridge?' | head -400 | {sys.executable} -m qa {words} -q "
            "| head -1; echo ${PIPESTATUS[2]} >&2"
        )
        done = subprocess.run(
            ["bash", "-c", script],
            capture_output=True, cwd=sample_collection.parent, env=process_environment(),
            check=True, timeout=120,
        )  # fmt: skip
        assert (done.stdout.count(b"\n"), done.stderr) == (1, b"0\n"), words


@pytest.mark.parametrize("words", [["list"], ["--help"], ["ask", "--help"], ["--version"]])
def test_output_that_cannot_be_written_is_an_error(
    sample_collection: Path, words: list[str]
) -> None:
    """A full disk under standard output is one line and exit 1, under help, too."""
    if not os.path.exists("/dev/full"):  # noqa: PTH110 - a device
        pytest.skip("no /dev/full here")
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-m", "qa", *words],
            stdout=full, stderr=subprocess.PIPE, cwd=sample_collection.parent,
            env=process_environment(), check=False, timeout=60,
        )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.startswith(b"releaseqa: standard output: No space left on device")
    assert b"Traceback" not in done.stderr
