"""`releaseqa trace`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from html_outline import Outline

Run = Callable[..., Any]

_ARTICLE = """Islanders get a path to walk and cycle

A pathway for people travelling under their own power has opened on the Hillsborough Bridge, joining
the City of Charlottetown to the Town of Stratford. The work cost $5 million.

Hundreds of people with balloons waited in the rain for the ribbon to be cut.

Yukon's minimum wage will be $15.20 an hour from August 1, 2021. “The Yukon's economy is strong so
it is a good time,” said Kate White.
"""


@pytest.fixture(name="article")
def _article(tmp_path: Path) -> str:
    (tmp_path / "article.txt").write_text(_ARTICLE, encoding="utf-8")
    return str(tmp_path / "article.txt")


def test_the_summary_is_followed_by_each_sentence_with_its_mark(run: Run, article: str) -> None:
    """What differs, where a sentence comes from, and who said what."""
    result = run("trace", article)
    lines = result.stdout.splitlines()

    assert result.exit_code == 0
    assert lines[0] == "4 of 5 sentences come from 2 releases"
    assert lines[1] == "2 verbatim · 2 close · 0 rephrased · 1 own · 1 fact differs"
    assert "Islanders get a path to walk and cycle" in lines
    assert "   differs: release: $4 million; article: $5 million" in lines
    assert "   [1] 2021-06-24, passage 2" in lines
    assert (
        "  Hundreds of people with balloons waited in the rain for the ribbon to be cut." in lines
    )
    assert [line[0] for line in lines if line[1:2] == " " and line[0] in "=≈~"] == [
        "=", "=", "≈", "≈", "=",
    ]  # fmt: skip  # the first is that of the legend
    assert "   differs: release: Richard Mostyn; article: Kate White" in lines


def test_what_was_left_out_is_shortened(run: Run, article: str) -> None:
    """A few sentences and a count, unless all are asked for."""
    short = run("trace", article).stdout
    whole = run("trace", article, "--left-out").stdout

    assert "Left out of [1]: 13 of 15 sentences" in short
    assert "… and 10 more; --left-out shows all" in short
    assert "more;" not in whole
    assert "It was one of more than 159" not in short
    assert "one of more than 159 projects" in whole


def test_json_has_spans_and_citations_that_hold(run: Run, article: str) -> None:
    """The counts add up, spans are into the texts, and every citation can be checked."""
    found = json.loads(run("trace", article, "--json").stdout)
    forms = [sentence["form"] for sentence in found["sentences"]]

    assert forms == ["verbatim", "close", "own", "close", "verbatim"]
    assert found["traced"] == sum(found[form] for form in ("verbatim", "close", "rephrased"))
    assert found["sentences"][1]["differences"] == [
        {"kind": "number", "article": "$5 million", "release": "$4 million"}
    ]
    own = found["sentences"][2]
    assert (own["source"], own["copied"], own["cosine"]) == (None, None, None)
    for sentence in found["sentences"]:
        if sentence["source"]:
            assert run("cite", sentence["source"]["citation"]).exit_code == 0
    assert [part["release"]["id"] for part in found["releases"]] == [
        "hillsborough-bridge-pathway", "yukon-minimum-wage",
    ]  # fmt: skip
    assert [quote["match"] for quote in found["quotes"]] == ["exact"]


def test_pasted_text_is_read_from_standard_input(run: Run, article: str) -> None:
    """The result is that of the file."""
    assert run("trace", "-", stdin=_ARTICLE).stdout == run("trace", article).stdout


def test_the_page_stands_alone_and_escapes_what_the_article_has(run: Run, tmp_path: Path) -> None:
    """No script, no address to load from, and markup of the article is text."""
    out = tmp_path / "traced.html"
    text = f"{_ARTICLE}\n\nThe <script>alert(1)</script> and <img src=x onerror=y> were removed.\n"
    result = run("trace", "-", "-o", str(out), stdin=text)
    page = Outline()
    page.feed(out.read_text(encoding="utf-8"))
    assert page.open == []

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "4 of 6 sentences come from 2 releases.\n"
    assert not page.tags & {"script", "img", "link", "iframe"}
    assert not page.attributes & {"src", "onerror", "onclick"}
    assert "<script>alert(1)</script>" in page.shown
    assert "release: $4 million; article: $5 million" in page.shown
    assert "The Employment Standards Board has looked at the increase" in page.shown


def test_an_article_that_comes_from_no_release_ends_with_4(run: Run) -> None:
    """The summary says so, and no release is named."""
    result = run("trace", "-", stdin="A goat won the race at the county fair of Tuscany on Sunday.")

    assert result.exit_code == 4
    assert result.stdout.splitlines()[0] == "None of 1 sentence comes from a release"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("missing.txt",), 1, "missing.txt: No such file or directory"),
        (("-",), 1, "standard input: no text"),
        (("-", "--json", "--format", "html"), 2, "cannot be used together"),
        (("-", "-o", "out.docx"), 2, "no format has the extension .docx"),
    ],
)
def test_errors_say_what_is_wrong(
    run: Run, words: tuple[str, ...], code: int, message: str
) -> None:
    """In one line."""
    result = run("trace", *words, stdin="")

    assert result.exit_code == code
    assert message in " ".join(result.stderr.split())


def test_a_large_article_is_refused(run: Run, tmp_path: Path) -> None:
    """Before it is parsed."""
    (tmp_path / "large.txt").write_text("word " * 400_000, encoding="utf-8")
    result = run("trace", str(tmp_path / "large.txt"), "--max-mb", "1")

    assert result.exit_code == 1
    assert "larger than 1 MB; raise --max-mb to read it" in result.stderr


def test_nothing_of_an_article_acts_on_the_terminal(run: Run) -> None:
    """Escape sequences are shown as symbols."""
    text = _ARTICLE.replace("balloons", "\x1b]0;title\x07 \u202e balloons")
    shown = run("trace", "-", stdin=text).stdout

    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert "balloons" in shown


def test_the_article_is_not_added(run: Run, article: str) -> None:
    """The collection has the same releases afterwards."""
    before = run("list").stdout
    run("trace", article)
    assert run("list").stdout == before
