"""`list`, `status` and `quotes` on a terminal: columns that fit its width."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from on_terminal import on_terminal
from rich.cells import cell_len

Run = Callable[..., Any]
WIDTHS = (60, 80, 100, 140, 200)


@pytest.fixture(name="lines")
def _lines(sample_collection: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """The lines of a command over the samples on a terminal."""

    def lines(*words: str, width: int) -> list[str]:
        return on_terminal(monkeypatch, "--index", str(sample_collection), *words, width=width)

    return lines


@pytest.mark.parametrize("width", WIDTHS)
def test_the_title_comes_first_and_ids_are_whole(
    run: Run, lines: Callable[..., list[str]], width: int
) -> None:
    """Each line begins with the start of a title; each id stands in one line, whole."""
    releases = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    shown = lines("list", width=width)

    assert all(cell_len(line) <= width for line in shown)
    for release in releases:
        assert [release["id"]] == [
            word for line in shown for word in line.split() if word == release["id"]
        ]
    starts = [line[:15] for line in shown]
    assert all(release["title"][:15] in starts for release in releases)


def test_long_ids_get_a_line_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exported_encoder: None
) -> None:
    """An id that leaves no room for the title is below it, not wrapped even if it is too long."""
    from index.ingest.update import update_collection

    del exported_encoder
    name = "ministry-of-transport-" * 6 + "2023"
    record = {
        "id": name,
        "title": "Bridge opens",
        "text": "The bridge opens.",
        "date": "2023-06-03",
    }
    (tmp_path / "in.jsonl").write_text(json.dumps(record))
    update_collection(tmp_path / "c", [tmp_path / "in.jsonl"])

    shown = on_terminal(monkeypatch, "--index", str(tmp_path / "c"), "list", width=80)

    assert [f"{'Bridge opens':<70}2023-06-03", f"  {name}"] == [line.rstrip() for line in shown]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("command", ["status", "quotes"])
def test_no_line_is_wider_than_the_terminal(
    lines: Callable[..., list[str]], command: str, width: int
) -> None:
    """What is long continues in its column on the next line."""
    shown = lines(command, width=width)

    assert len(shown) > 5
    assert all(cell_len(line) <= width for line in shown)


def test_values_of_the_status_continue_under_themselves(lines: Callable[..., list[str]]) -> None:
    """The second line of a long value begins in the column of the first."""
    shown = lines("status", width=40)

    names = [line[:12].strip() for line in shown]
    assert "" in names
    assert [name for name in names if name][:3] == ["folder", "releases", "issuers"]
    assert all(line[12:13] == " " for line in shown)


def test_a_speaker_stands_beside_the_words(lines: Callable[..., list[str]]) -> None:
    """On a wide terminal who said it is at the left, on a narrow one above."""
    wide = lines("quotes", "--speaker", "joly", width=100)
    narrow = lines("quotes", "--speaker", "joly", width=60)

    assert wide[0].startswith("Mélanie Joly")
    assert "“Korea is a strong" in wide[0]
    assert "Canada's Minister of" in wide[1][:26]
    assert narrow[0].startswith("Mélanie Joly · ")


def test_an_answer_fits_and_its_passages_are_folded(lines: Callable[..., list[str]]) -> None:
    """On a terminal the short answer is last, and `-v` shows what is only counted otherwise."""
    question = "When did Joly visit Korea?"

    shown, whole = lines("ask", question, width=60), lines("ask", question, "-v", width=60)

    assert "Answer: April 13 to 15" == shown[-1]
    assert "   + 4 more passages of this release; -v shows them" in shown
    assert [line[:2] for line in whole if line[:1].isdigit()] == ["1.", "2.", "3.", "4.", "5."]
    assert all(cell_len(line) <= 60 and line == line.rstrip() for line in [*shown, *whole])
    assert shown[1].startswith("   ")  # the headline continues below itself
