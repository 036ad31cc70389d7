"""`batch` and `eval` over the sample releases."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkout import process_environment
from control_characters import raw_controls
from filelock import FileLock

from qa.batch.to_file import journal_path

QUESTIONS = [
    "Until when will Canada take part in Operation NEON?",
    "",
    "What is the population of the capital of Mongolia?",
    "How much did the pathway on the Hillsborough Bridge cost?",
]

Run = Callable[..., Any]


@pytest.fixture(name="questions")
def _questions(tmp_path: Path) -> Path:
    """A file of questions, the second of which is empty."""
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps({"question": text}) + "\n" for text in QUESTIONS))
    return path


def lines_of(text: str) -> list[dict[str, Any]]:
    """The records of JSON lines, without their milliseconds."""
    found = [json.loads(line) for line in text.splitlines()]
    return [{name: value for name, value in one.items() if name != "timing"} for one in found]


def test_each_question_is_a_line_in_order(run: Run, questions: Path) -> None:
    """Answers are those of `ask`, a question that cannot be asked is a record, exit 3."""
    result = run("batch", str(questions), "-k", "2")
    found = lines_of(result.stdout)

    assert result.exit_code == 3
    assert [record["id"] for record in found] == ["1", "2", "3", "4"]
    assert found[1] == {
        "schema": 1, "id": "2", "question": "", "error": "the question is empty",
    }  # fmt: skip
    assert [record.get("answered") for record in found] == [True, None, False, True]
    (alone,) = lines_of(run("ask", QUESTIONS[0], "-k", "2", "--json").stdout)
    assert found[0] == {**alone, "id": "1"}
    assert result.stderr == ("4 questions: 2 answered, 1 unanswered, 1 failed.\n")


def test_standard_input_is_read(run: Run, questions: Path) -> None:
    """`-` reads the same questions from standard input."""
    from_file = run("batch", str(questions), "-q")
    from_pipe = run("batch", "-", "-q", stdin=questions.read_bytes())

    assert lines_of(from_pipe.stdout) == lines_of(from_file.stdout)
    assert (from_pipe.exit_code, from_pipe.stderr) == (3, "")


def test_from_a_pipe_each_answer_comes_before_the_next_question(sample_collection: Path) -> None:
    """A program that writes a question and waits gets its answer."""
    with subprocess.Popen(
        [sys.executable, "-m", "qa", "batch", "-", "--words-only", "-q"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=sample_collection.parent,
        env=process_environment(),
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        for question in ("Who?", "What about the bridge?"):
            process.stdin.write(f"{question}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        process.stdin.close()
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("out.jsonl", '{"schema": 1,'),
        ("out.csv", "id,question,"),
        ("out.trec", "1 Q0 "),
        ("out.md", "# Answers\n"),
    ],
)
def test_a_file_has_the_form_of_its_suffix(
    run: Run, questions: Path, tmp_path: Path, name: str, first: str
) -> None:
    """`-o` writes the form that its suffix names, nothing to standard output."""
    out = tmp_path / name

    result = run("batch", str(questions), "-o", str(out))

    assert (result.exit_code, result.stdout) == (3, "")
    assert out.read_text().startswith(first)
    assert not journal_path(out).exists()


def test_the_forms_agree(run: Run, questions: Path) -> None:
    """CSV and run file hold the passages of the JSON lines."""
    found = lines_of(run("batch", str(questions), "-k", "9").stdout)
    rows = list(csv.DictReader(io.StringIO(run("batch", str(questions), "--format", "csv").stdout)))
    runs = run("batch", str(questions), "--format", "trec", "-k", "9").stdout
    by_passage = run(
        "batch", str(questions), "--format", "trec", "--level", "passage", "-k", "9"
    ).stdout

    tops = [record["passages"][0]["passage_id"] if "passages" in record else "" for record in found]
    assert [row["passage_id"] for row in rows] == tops
    assert [line.split()[2] for line in by_passage.splitlines()] == [
        passage["passage_id"] for record in found for passage in record.get("passages", [])
    ]
    releases = [
        list(dict.fromkeys(passage["release"]["id"] for passage in record.get("passages", [])))
        for record in found
    ]
    assert [line.split()[2] for line in runs.splitlines()] == [
        release for ranking in releases for release in ranking
    ]


def test_a_report_holds_no_raw_control(run: Run, tmp_path: Path) -> None:
    """Questions with escape sequences do not reach the terminal by a report."""
    path = tmp_path / "q.txt"
    path.write_text("What \x1b[2J about \u202e the bridge?\n")

    result = run("batch", str(path), "--format", "markdown")

    assert result.exit_code in {0, 3}
    assert raw_controls(result.output) == set()


def test_filters_of_questions_apply(run: Run, tmp_path: Path) -> None:
    """A question's own filters restrict its search alone."""
    path = tmp_path / "q.jsonl"
    path.write_text(
        '{"question": "Who spoke?", "filters": {"lang": "fr"}}\n{"question": "Who spoke?"}\n'
    )

    first, second = lines_of(run("batch", str(path), "-k", "50").stdout)

    assert {passage["release"]["lang"] for passage in first["passages"]} == {"fr"}
    assert "en" in {passage["release"]["lang"] for passage in second["passages"]}


def test_a_range_without_a_day_fails_its_question_alone(run: Run, tmp_path: Path) -> None:
    """`--since` after a question's own `until` is that question's error; alone, a usage error."""
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "Who spoke?", "until": "2020"}\n{"question": "Who won?"}\n')

    result = run("batch", str(path), "--since", "2023", "--words-only")
    failed, answered = lines_of(result.stdout)

    assert result.exit_code == 3
    assert failed["error"] == "the range of dates is empty: 2023-01-01 is after 2020-12-31."
    assert "error" not in answered
    assert run("table", "--questions", str(path), "--since", "2023").exit_code == 3
    assert run("batch", str(path), "--since", "2023", "--until", "2020").exit_code == 2


def test_a_follow_up_is_completed_from_its_history(run: Run, tmp_path: Path) -> None:
    """A record's history says whom a pronoun means; `asked_as` says what was understood."""
    path = tmp_path / "q.jsonl"
    history = ["When did Minister Mélanie Joly visit Korea?", "from April 13 to 15"]
    path.write_text(json.dumps({"question": "Who did she meet?", "history": history}))

    (answer,) = lines_of(run("batch", str(path)).stdout)

    assert "Who did she meet?" == answer["question"]
    assert "Mélanie Joly" in answer["asked_as"]
    assert "canada-korea-visit" == answer["passages"][0]["release"]["id"]


def test_questions_of_a_conversation_follow_each_other(run: Run, tmp_path: Path) -> None:
    """Questions with the same `conversation` are asked in order, others between them apart."""
    path = tmp_path / "q.jsonl"
    records = [
        {"question": "When did Minister Mélanie Joly visit Korea?", "conversation": "a"},
        {"question": "What is the new minimum wage in Yukon?", "conversation": "b"},
        {"question": "Who did she meet?", "conversation": "a"},
        {"question": "Who did she meet?"},
    ]
    path.write_text("\n".join(map(json.dumps, records)))

    visit, wage, meeting, alone = lines_of(run("batch", str(path)).stdout)

    assert visit["question"] == visit["asked_as"]
    assert wage["question"] == wage["asked_as"]
    assert alone["question"] == alone["asked_as"]
    assert "Joly" in meeting["asked_as"]
    assert "canada-korea-visit" == meeting["passages"][0]["release"]["id"]


@pytest.mark.parametrize("content", [b"\x89PNG\0\0", None])
def test_a_file_that_cannot_be_read_is_an_error(
    run: Run, tmp_path: Path, content: bytes | None
) -> None:
    """A missing or binary file is one line and exit 1."""
    path = tmp_path / "q.txt"
    if content is not None:
        path.write_bytes(content)

    result = run("batch", str(path))

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)


def test_a_special_file_is_written_to_and_not_replaced(run: Run, questions: Path) -> None:
    """`-o /dev/null` leaves the device a device; a folder is refused."""
    result = run("batch", str(questions), "-o", os.devnull)

    assert result.exit_code == 3
    assert not Path(os.devnull).is_file()
    assert not journal_path(Path(os.devnull)).exists()
    folder = run("batch", str(questions), "-o", str(questions.parent))
    assert (folder.exit_code, "is a folder" in folder.stderr) == (1, True)


def test_an_interrupted_batch_goes_on(sample_collection: Path, tmp_path: Path, run: Run) -> None:
    """Ctrl+C keeps what is answered, exit 130; --resume ends with the uninterrupted file."""
    path, out, whole = tmp_path / "q.txt", tmp_path / "out.csv", tmp_path / "whole.csv"
    path.write_text("".join(f"What about bridge number {n}?\n" for n in range(250)))
    words = ["batch", str(path), "--words-only", "-k", "1"]
    with subprocess.Popen(
        [sys.executable, "-m", "qa", *words, "-o", str(out)],
        stderr=subprocess.PIPE, cwd=sample_collection.parent, env=process_environment(),
    ) as process:  # fmt: skip
        assert process.stderr is not None
        deadline = time.monotonic() + 60
        while not (journal_path(out).exists() and journal_path(out).stat().st_size > 10_000):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        assert process.wait(timeout=60) == 130
    assert not out.exists()
    assert f"Finished answers are in {journal_path(out)}" in said
    assert "Traceback" not in said

    result = run(*words, "-o", str(out), "--resume")

    going_on = re.match(r"Continuing an interrupted run after (\d+) questions\.\n", result.stderr)
    assert going_on is not None
    assert 0 < int(going_on[1]) < 250
    assert run(*words, "-o", str(whole)).exit_code == 0
    assert out.read_bytes() == whole.read_bytes()


def test_resuming_a_complete_batch_does_nothing(run: Run, questions: Path, tmp_path: Path) -> None:
    """--resume on a finished file says so and leaves it; on none, it begins without a word."""
    out = tmp_path / "out.csv"
    words = ["batch", str(questions), "--words-only", "-o", str(out), "--resume"]

    first = run(*words)
    written = out.read_bytes(), out.stat().st_mtime_ns
    again = run(*words)

    assert (first.exit_code, "anew" in first.stderr) == (3, False)
    assert (again.exit_code, again.stdout) == (0, "")
    assert (
        again.stderr == f"{out} is already complete; to ask its questions again, omit --resume.\n"
    )
    assert written == (out.read_bytes(), out.stat().st_mtime_ns)


def test_resuming_removes_what_a_complete_batch_left_when_it_was_killed(
    run: Run, questions: Path, tmp_path: Path
) -> None:
    """One that is killed after its last answer leaves its lock; one that runs keeps its own."""
    out, lock = tmp_path / "out.jsonl", tmp_path / ".out.jsonl.lock"
    words = ["batch", str(questions), "--words-only", "-o", str(out), "--resume"]
    out.touch()
    with FileLock(lock, timeout=0):
        assert 0 == run(*words).exit_code
        assert lock.exists()
    lock.touch()

    assert 0 == run(*words).exit_code
    assert not lock.exists()


def test_a_dataset_is_scored(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`eval` indexes the corpus in the cache and prints the measures, also as JSON."""
    cache = tmp_path / "cache"
    if (encoders := Path(os.environ["RELEASEQA_CACHE"]) / "encoders").is_dir():
        cache.mkdir()
        (cache / "encoders").symlink_to(encoders)
    monkeypatch.setenv("RELEASEQA_CACHE", str(cache))
    dataset = tmp_path / "set"
    dataset.mkdir()
    texts = {
        "bridge": "The new bridge over the Hill River opens on June 3. It cost $4 million.",
        "wage": "The minimum wage of the territory rises to $15.70 an hour on April 1.",
    }
    (dataset / "corpus.jsonl").write_text(
        "".join(
            json.dumps({"id": name, "title": name, "text": text}) + "\n"
            for name, text in texts.items()
        )
    )
    (dataset / "questions.jsonl").write_text(
        '{"id": "1", "question": "When does the bridge open?", "answers": ["June 3"]}\n'
        '{"id": "2", "question": "How high is the minimum wage?", "answers": ["$15.70"]}\n'
        '{"id": "3", "question": "Who won the chess game?", "answers": [], "answerable": false}\n'
    )
    (dataset / "qrels.tsv").write_text("1\tbridge\t1\n2\twage\t1\n")

    result = run("eval", str(dataset), "--json")
    found = json.loads(result.stdout)

    assert (result.exit_code, found["dataset"], found["judged"]) == (0, "set", 2)
    assert found["measures"]["Success@1"] == 1.0
    assert found["evidence_in_gold"] == {"value": 1.0, "hits": 2, "cases": 2}
    assert found["auroc_answerable"] == 1.0
    (folder,) = (cache / "eval").iterdir()
    again = run("--index", str(folder), "eval", str(dataset))
    assert again.exit_code == 0
    assert re.search(r"^RR +1\.0000$", again.stdout, flags=re.MULTILINE)
    assert len(list((cache / "eval").iterdir())) == 1
    monkeypatch.setenv("RELEASEQA_RISK", "0.0001")
    careful = json.loads(run("eval", str(dataset), "--json").stdout)
    assert found["answered"]["hits"] > careful["answered"]["hits"] == 0
    assert json.loads(run("eval", str(dataset), "--json", "--risk", "0.5").stdout)["answered"][
        "hits"
    ]


def test_a_dataset_that_is_none_is_an_error(run: Run, tmp_path: Path) -> None:
    """A folder without the three files is one line and exit 1."""
    result = run("eval", str(tmp_path))

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "has no corpus.jsonl" in result.stderr


def test_without_the_extra_its_name_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the measures are not installed, the message says what to install."""
    monkeypatch.setitem(sys.modules, "ir_measures", None)

    result = run("eval", "anything")

    assert result.exit_code == 1
    assert "pip install 'releaseqa[eval]'" in result.stderr


def test_a_run_file_names_what_failed_beside_it(run: Run, tmp_path: Path) -> None:
    """A run has no line for a failed question: id and reason are said, to a file and to a pipe."""
    topics = tmp_path / "topics.tsv"
    topics.write_text(f"a\tWhere is the bridge?\nb\t\na\tWho?\n{100 * 'c'}\t{3000 * 'x'}\n")
    words = ("batch", str(topics), "--format", "trec", "--words-only", "-k", "1")
    piped, filed = run(*words), run(*words, "-o", str(tmp_path / "run.trec"), "-q")
    expected = [
        "question b: the question is empty",
        "question a: the id is used twice",
        f"question {79 * 'c'}…: the question has 3,000 characters; the maximum is 2,000",
    ]

    assert (piped.exit_code, filed.exit_code) == (3, 3)
    assert piped.stderr.splitlines()[:-1] == expected
    assert filed.stderr.splitlines() == expected
    assert piped.stdout == (tmp_path / "run.trec").read_text()


def test_of_many_failures_the_first_are_named(run: Run) -> None:
    """Twenty lines and a count; forms with a record for each say nothing twice."""
    questions = "q\tWho?\n" + "".join(f"q{number}\t\n" for number in range(25))
    named = run("batch", "-", "--format", "trec", "-q", stdin=questions).stderr.splitlines()
    silent = run("batch", "-", "-q", stdin=questions)

    assert (len(named), named[-2:]) == (
        21,
        ["question q19: the question is empty", "… and 5 more"],
    )
    assert (silent.stderr, silent.stdout.count('"error"')) == ("", 25)


@pytest.mark.parametrize(
    "words",
    [
        ("batch", "{0}", "-o", "{0}"), ("batch", "{0}", "-o", "{1}", "--resume"),
        ("table", "--questions", "{0}", "-o", "{1}"), ("diff", "{0}", "{0}", "-o", "{0}"),
    ],
)  # fmt: skip
def test_the_output_never_replaces_what_is_read(
    run: Run, questions: Path, words: tuple[str, ...]
) -> None:
    """By whatever name it is given."""
    before = questions.read_bytes()
    other = questions.with_name("other.jsonl")
    other.symlink_to(questions)
    result = run(*(word.format(questions, other) for word in words))

    assert result.exit_code == 2
    assert "choose another output" in " ".join(result.stderr.split())
    assert (before, True) == (questions.read_bytes(), other.is_symlink())


def test_a_dash_is_standard_output(run: Run, questions: Path) -> None:
    """`-o -` writes no file of that name."""
    result = run("batch", str(questions), "-o", "-", "-q", "--words-only")

    assert [record["id"] for record in lines_of(result.stdout)] == ["1", "2", "3", "4"]
    assert not Path("-").exists()


@pytest.mark.parametrize("words", [("batch", "{0}"), ("table", "--questions", "{0}")])
@pytest.mark.parametrize("name", ["report.docx", "answers.txt", "x.xlsx"])
def test_an_output_that_names_another_format_is_refused(
    run: Run, questions: Path, tmp_path: Path, words: tuple[str, ...], name: str
) -> None:
    """A file is never other than its name says; `--format` says it outright."""
    out = tmp_path / name
    command = [word.format(questions) for word in words]
    result = run(*command, "-o", str(out))

    assert (2, "") == (result.exit_code, result.stdout)
    said = " ".join(result.stderr.replace("\u2502", " ").split())
    assert f"no format has the extension {out.suffix}" in said
    assert "--format" in said
    assert not out.exists()
    assert run(*command, "--words-only", "--format", "csv", "-o", str(out)).exit_code == 3
    assert out.read_text().startswith(("id,", "release_id,"))


def test_an_output_without_an_extension_has_the_default_format(
    run: Run, questions: Path, tmp_path: Path
) -> None:
    """Then nothing contradicts it."""
    out = tmp_path / "answers"

    assert run("batch", str(questions), "--words-only", "-o", str(out)).exit_code == 3
    assert len(lines_of(out.read_text())) == len(QUESTIONS)


@pytest.mark.parametrize("command", [("batch",), ("table", "--since", "2026", "--questions")])
def test_a_csv_without_a_column_of_questions_is_told(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Its lines are read as questions; a file with the column, or by another name, is not told."""
    texts = {"a.csv": "Frage,Wer\nWho came,x\n", "b.csv": "Text,Wer\nWho came?,x\n",
             "c.txt": "Who came?\n"}  # fmt: skip
    told = {}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        told[name] = run(*command, str(tmp_path / name), "--words-only", "--no-reader").stderr

    assert (
        "a.csv: no column is called question or text or query; each line is read as a question"
        in told["a.csv"]
    )
    assert "no column" not in told["b.csv"] + told["c.txt"]
