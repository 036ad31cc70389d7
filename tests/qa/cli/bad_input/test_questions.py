"""Questions that are empty, too long or hostile, and files of questions (63 to 70)."""

import csv
import io
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from checkout import process_environment
from console_script import Ran, index_files, run_program

PLAIN = "title bridge and or not"


@pytest.fixture(name="here")
def _here(sample_collection: Path) -> Path:
    """The folder of the samples' collection."""
    return sample_collection.parent


@pytest.mark.parametrize("question", ["", "  \n ", "?!", '""', "*", "\\"])
def test_63_66_what_has_no_word_is_no_question(question: str, here: Path) -> None:
    """63, 66: `ask` says so in one line; in a batch it is a record with an error."""
    asked = run_program("ask", "--", question, cwd=here)
    records, code = batch(here, question)

    problem = "has no letters or digits" if question.strip() else "is empty"
    assert f"the question {problem}; type at least one word" == asked.error
    assert 3 == code
    assert records[1]["error"].startswith(f"the question {problem}")


def batch(here: Path, *questions: str) -> tuple[list[dict[str, Any]], int]:
    """The records of a batch that begins with a good question, and the exit code."""
    lines = "\n".join(json.dumps({"question": text}) for text in (PLAIN, *questions))
    ran = run_program("batch", "-", "--words-only", "--no-reader", cwd=here, stdin=lines.encode())
    records = [json.loads(line) for line in ran.out.splitlines()]
    assert "internal error" not in ran.err
    assert len(questions) + 1 == len(records)
    assert records[0]["passages"]
    return records, ran.code


def test_64_a_question_of_a_megabyte_is_an_error_of_its_own(here: Path) -> None:
    """64: It becomes a record with an error that does not repeat it; the others are asked."""
    records, code = batch(here, "bridge " * 150_000, PLAIN)
    asked = run_program("ask", "a" * 100_000, cwd=here)

    assert 3 == code
    assert "characters; the maximum is 2,000" in records[1]["error"]
    assert len(json.dumps(records[1])) < 5_000
    assert records[0]["passages"] == records[2]["passages"]
    assert "the question has 100,000 characters; the maximum is 2,000" == asked.error


@pytest.mark.parametrize(
    "question",
    [
        'title AND bridge AND OR NOT "(', "title:* bridge and or not", "+title -bridge and or not",
        "title~ bridge^ and or not", "{title bridge} and [or not",
        "title && bridge || and or not",
        "title\\ bridge * and \\ or ? not", "'title\" “bridge’ and (((or `not",
        "/title/ bridge and or not",
    ],
)  # fmt: skip
def test_65_66_search_syntax_is_plain_words(question: str, here: Path) -> None:
    """65, 66: Operators, wildcards, backslashes and open quotes ask for the words around them."""
    records, code = batch(here, question)
    found = [
        [(passage["passage_id"], passage["scores"]["lexical"]) for passage in record["passages"]]
        for record in records
        if record.get("passages") is not None
    ]
    asked = run_program("ask", "--json", "--", question, cwd=here)

    assert 0 == code
    assert 2 == len(found)
    expected = sorted(found[0], key=lambda hit: (-hit[1], hit[0]))
    assert expected == sorted(found[1], key=lambda hit: (-hit[1], hit[0]))
    assert asked.code in {0, 4}
    assert question == json.loads(asked.out)["question"]


REPEATED = [
    "a", "(a+)+$", " ", "1.", "A.", "Mr. ", "“", "\"'", "((", "1 May ", "@a.", "$1 ", "https://a.",
    "and the ", "e\u0301", "橋", "Who said ", "2023-", "it he she ", "— ", "No. 1 ", "l'",
]  # fmt: skip
"""Each is repeated to a question of 2,000 characters, with an end that fits nothing."""


def test_67_text_made_to_slow_down_patterns_is_asked_within_a_second(here: Path) -> None:
    """67: Neither as a question nor as what came before it does it take a second of work.

    The reader is left out: its work depends on the length alone. What other threads of the tests
    work meanwhile is counted too, so that a question is slow if it is so three times.
    """
    slow = {}
    for piece in REPEATED:
        question = (f"bridge {piece * 2_000}"[:1_990] + "!x").strip()
        lines = [
            {"question": question},
            {"question": "And when was it?", "history": [question, f"Who? {question}"[:1_999]]},
        ]
        stdin = "\n".join(map(json.dumps, lines)).encode()
        seconds = []
        while len(seconds) < 3 and all(took > 2 for took in seconds):
            started = time.process_time()
            ran = run_program("batch", "-", "--words-only", "--no-reader", cwd=here, stdin=stdin)
            seconds.append(time.process_time() - started)
            assert (0, 2) == (ran.code, ran.out.count("\n")), (piece, ran)
        if min(seconds) > 2:
            slow[piece] = seconds

    assert {} == slow


def cells(ran: Ran) -> list[str]:
    """The cells of a table in CSV."""
    return [cell for row in csv.reader(io.StringIO(ran.out, newline="")) for cell in row]


@pytest.mark.usefixtures("exported_encoder")
def test_68_no_cell_is_a_formula(tmp_path: Path) -> None:
    """68: Whatever field a formula arrives in, no cell of CSV output begins like one."""
    formula = "=cmd|' /C calc'!A0"
    release = {
        "id": formula, "title": formula, "issuer": formula, "date": "2023-06-03",
        "text": f"{formula} zebra.\n\n“=SUM(1) is the zebra that we have all been waiting for,” "
        "said Jane Doe, Minister of Roads.",
    }  # fmt: skip
    index_files(tmp_path, {"=1.jsonl": json.dumps(release)})
    (tmp_path / "q.jsonl").write_text(json.dumps({"id": "-2+3", "question": f"{formula} zebra"}))
    quick = ["--words-only", "--no-reader"]
    for words in (
        ["batch", "q.jsonl", "--format", "csv", *quick],
        ["table", "--questions", "q.jsonl", "--format", "csv", *quick],
        ["quotes", "--csv"],
    ):
        ran = run_program(*words, cwd=tmp_path)
        assert 0 == ran.code, ran
        assert "zebra" in ran.out
        assert [] == [cell for cell in cells(ran) if cell.strip()[:1] in {"=", "+", "-", "@"}]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_69_csv_questions_with_a_mark_and_line_ends_in_cells(mark: bytes, here: Path) -> None:
    """69: A byte-order mark is no part of the first column, and a cell may have several lines."""
    table = 'id,question\r\nq1,"What about\r\nthe bridge?"\r\nq2,"A ""quoted"", word"\r\n'
    ran = run_program(
        "batch", "-", "--words-only", "--no-reader", cwd=here, stdin=mark + table.encode()
    )
    records = [json.loads(line) for line in ran.out.splitlines()]

    assert 0 == ran.code
    assert [("q1", "What about the bridge?"), ("q2", 'A "quoted", word')] == [
        (record["id"], " ".join(record["question"].split())) for record in records
    ]


def test_70_a_reader_that_stops_early_is_no_error(here: Path) -> None:
    """70: With `| head -1` nothing is said on standard error, and the exit code is 0."""
    batch = f"{sys.executable} -m qa batch - --words-only --no-reader"  # more than a pipe holds
    script = f"yes bridge | head -60 | {batch} | head -1; echo ${{PIPESTATUS[2]}} >&2"
    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True, cwd=here, env=process_environment(), check=True, timeout=300,
    )  # fmt: skip

    assert (1, b"0\n") == (done.stdout.count(b"\n"), done.stderr)
