"""Text files that are empty, damaged, or in an encoding that they do not name (1 to 14)."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from checkout import process_environment
from console_script import Indexed, index_files, run_program
from scans import DAMAGED_PNG
from scripts import CHINESE, FRENCH, JAPANESE

pytestmark = pytest.mark.usefixtures("exported_encoder")

DAMAGED = FRENCH.encode()[:40] + b"\xff\xc3" + FRENCH.encode()[40:]
FILES = {
    "01_empty.txt": b"",
    "02_white_space.txt": b" \n\t \r\n  ",
    "03_utf16_with_mark.txt": FRENCH.encode("utf-16"),
    "04_utf16_without.txt": FRENCH.encode("utf-16-le"),
    "05_cp1252.txt": FRENCH.encode("cp1252"),
    "06_shift_jis.txt": JAPANESE.encode("shift_jis"),
    "07_gb18030.txt": CHINESE.encode("gb18030"),
    "08_damaged_utf8.txt": DAMAGED,
    "09_surrogate.jsonl": json.dumps(
        {"id": "09", "title": "Deep \ud800", "issuer": "\udfff", "text": f"{FRENCH} \ud800 end."}
    ).encode(),
    "10_nul.txt": b"Hello \x00 world, a text.\n",
    "11_picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10,
}


@pytest.fixture(scope="module", name="indexed")
def _indexed(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    """All the files, indexed by one run of the program."""
    return index_files(tmp_path_factory.mktemp("text"), FILES)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("01_empty.txt", "no text"),
        ("02_white_space.txt", "no text"),
        ("10_nul.txt", "not text: binary data"),
        ("11_picture.txt", DAMAGED_PNG),
    ],
    ids=lambda value: value[:2] if value[:2].isdigit() else "",
)
def test_01_02_10_11_a_file_without_text_is_skipped(
    name: str, reason: str, indexed: Indexed
) -> None:
    """1, 2, 10, 11: An empty file and a binary one are named with the reason; the rest goes on."""
    assert reason == indexed.skipped[name]
    assert f"skipped in/{name}: {reason}\n" in indexed.ran.err
    assert name.removesuffix(".txt") not in indexed.listed


def words(text: str) -> str:
    """The words of a text, one space between them."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("name", "text", "guess"),
    [
        ("03_utf16_with_mark", FRENCH, None),
        ("04_utf16_without", FRENCH, "utf-16-le"),
        ("05_cp1252", FRENCH, "cp1252"),
        ("06_shift_jis", JAPANESE, "cp932"),
        ("07_gb18030", CHINESE, "gb18030"),
    ],
    ids=lambda value: (value or "")[:2],
)
def test_03_to_07_an_encoding_is_recognized(
    name: str, text: str, guess: str | None, indexed: Indexed
) -> None:
    """3 to 7: What is shown are the characters that were written; a guess is reported."""
    shown = indexed.text(name)
    note = indexed.notes.get(f"{name}.txt", "").replace("_", "-")

    for paragraph in text.split("\n\n"):
        assert words(paragraph) in shown
    assert note == (f"read as {guess}" if guess else "")


def test_08_damage_within_utf8_is_replaced_and_noted(indexed: Indexed) -> None:
    """8: The good part is kept, the bad bytes are U+FFFD, and a note says so."""
    assert words(DAMAGED.decode(errors="replace").split("\n\n")[0]) in indexed.text(
        "08_damaged_utf8"
    )
    assert "invalid UTF-8 replaced" == indexed.notes["08_damaged_utf8.txt"]


def test_09_a_lone_surrogate_breaks_no_output(indexed: Indexed, tmp_path: Path) -> None:
    """9: It is replaced and noted, and every form of output can be written."""
    assert ["line 1: lone surrogates replaced"] == [
        note for item, note in indexed.notes.items() if item.startswith("09_")
    ]
    assert ("Deep \ufffd", "\ufffd") == (
        indexed.listed["09"]["title"], indexed.listed["09"]["issuer"],
    )  # fmt: skip
    (tmp_path / "q.txt").write_text("Quel financement le ministre a-t-il annoncé?\n")
    for command in (
        ["show", "09"], ["ask", "ministre financement \udcff"], ["quotes"],
        *(["batch", tmp_path / "q.txt", "--words-only", "--format", form]
          for form in ("jsonl", "csv", "trec", "markdown", "html")),
    ):  # fmt: skip
        ran = indexed.run(*command)
        assert ran.code in {0, 4}, ran
        assert "internal error" not in ran.err


PEAK = """
import atexit
from pathlib import Path
from qa.cli.app import run
atexit.register(lambda: Path("status").write_text(Path("/proc/self/status").read_text()))
run()
"""


def test_12_a_huge_line_is_refused_before_it_is_in_memory(tmp_path: Path) -> None:
    """12: 500 MB in one line are refused by a process that needs far less; the cap is a setting."""
    (tmp_path / "in").mkdir()
    for name, start in (("line.txt", b"words "), ("line.jsonl", b'{"text": "a')):
        (tmp_path / "in" / name).write_bytes(start)
        os.truncate(tmp_path / "in" / name, 500_000_000)
    done = subprocess.run(
        [sys.executable, "-c", PEAK, "index", "in", "--dry-run"],
        cwd=tmp_path, env=process_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", (tmp_path / "status").read_text())
    lower = run_program("index", "in", "--dry-run", "--max-mb", "1", cwd=tmp_path)

    assert done.returncode == 3
    assert "skipped in/line.txt: larger than 64 MB; raise --max-mb to read it\n" in done.stderr
    assert done.stderr.count("larger than 64 MB") == done.stderr.count("\n") == 2
    assert int(peak) < 400_000
    assert lower.err.count("larger than 1 MB; raise --max-mb to read it") == 2


def test_13_a_word_of_a_megabyte_takes_bounded_time(tmp_path: Path) -> None:
    """13: One word of 1 MB is split like any text."""
    (tmp_path / "word.txt").write_text("a" * 1_000_000)
    started = time.process_time()
    ran = run_program("index", "word.txt", "--dry-run", cwd=tmp_path)

    assert (0, "would be: 1 added") == (ran.code, ran.out.partition(",")[0])
    assert time.process_time() - started < 30


@pytest.mark.parametrize(
    ("text", "question"),
    [("a" * 100_000, "a" * 100), ("word\n\n" * 20_000, "word")],
    ids=["13_one_long_word", "14_paragraphs_of_one_word"],
)
def test_13_14_highlights_in_texts_without_structure_are_in_place(
    text: str, question: str, tmp_path: Path
) -> None:
    """13, 14: A long word and very many paragraphs are indexed and found in bounded time.

    20,000 paragraphs rather than a million: the time is linear, and tests should be quick.
    """
    started = time.process_time()
    indexed = index_files(tmp_path, {"long.txt": text})
    seconds = time.process_time() - started
    answer = json.loads(indexed.run("ask", question, "--json", "--words-only").out)

    assert seconds < 60
    assert "long" in indexed.listed
    for passage in answer["passages"]:
        assert passage["release"]["id"] in {"long", "good"}
        start, end = passage["span"]
        assert end - start == len(passage["text"])
        assert all(
            0 <= first < last <= len(passage["text"])
            for first, last in (highlight["span"] for highlight in passage["highlights"])
        )
    if question == "word":
        assert "long" == answer["passages"][0]["release"]["id"]
        assert {"word"} == {
            answer["passages"][0]["text"][slice(*highlight["span"])]
            for highlight in answer["passages"][0]["highlights"]
            if highlight["kind"] == "term"
        }
