"""The formats a batch is written in."""

import csv
import html
import io
import json
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from made_answers import made_answer, made_list, made_passage, made_release
from markdown_it import MarkdownIt

from qa.answer_json import Failure, Outcome, outcome_from_json
from qa.export import FORMATS, Format, outcome_format
from qa.export.markdown import escape
from qa.export.trec import Level, encode_id
from qa.presentation import NO_RELEASE
from qa.types import Evidence, ExactAnswer, Highlight

FAILURE = Failure("q2", "", "the question is empty")


def written(name: Format, *outcomes: Outcome, level: Level = "release") -> str:
    """What a writer makes of outcomes."""
    return "".join(outcome_format(name, level)(outcomes))


def rendered(markdown: str, *, linkify: bool = True) -> str:
    """The HTML of Markdown, as GitHub would make it: addresses become links by themselves."""
    parser = MarkdownIt("gfm-like", {"linkify": linkify, "html": True})
    return str(parser.render(markdown))


def test_lines_hold_each_outcome_as_json() -> None:
    """Each line is one outcome and nothing else."""
    answer = made_answer()

    lines = written("jsonl", answer, FAILURE).splitlines()

    assert [outcome_from_json(json.loads(line)) for line in lines] == [answer, FAILURE]


def test_csv_is_one_row_a_question() -> None:
    """A row holds the question, the verdict and the best passage; a failure its error."""
    text = 'Two\nlines, "quoted".'
    answer = made_answer(made_passage(text=text, evidence=(0, 3), exact=(0, 3)), made_passage(2))
    others = (ExactAnswer(1, (0, 6), "4 p.m.", 0.5), ExactAnswer(2, (0, 6), "5 p.m.", 0.4))
    answer = replace(answer, alternatives=others)
    declined = made_answer(made_passage(evidence=None), identifier="q3", answered=False)

    rows = list(csv.DictReader(io.StringIO(written("csv", answer, FAILURE, declined), newline="")))

    assert [row["id"] for row in rows] == ["q1", "q2", "q3"]
    assert rows[0] == {
        "id": "q1",
        "question": "When does the bridge open?",
        "answered": "yes",
        "confidence": "0.930000",
        "reason": "",
        "answer": "Two",
        "evidence": "Two",
        "passage": text,
        "release_id": "bridge-2023",
        "passage_id": "bridge-2023#3",
        "title": "New bridge opens",
        "date": "2023-04-17",
        "issuer": "Town of Hill",
        "source": "news/bridge.txt",
        "url": "",
        "citation": answer.passages[0].citation,
        "error": "",
        "alternatives": "4 p.m. | 5 p.m.",
    }
    assert (rows[1]["error"], rows[1]["answered"]) == ("the question is empty", "")
    assert (rows[2]["answered"], rows[2]["reason"]) == ("no", "no passage comes near")


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(1)",
        "\t=1",
        "  =1",
        "\r\n=1",
        "\uff1d1",
        "\x00=1",
    ],
)
def test_no_cell_is_a_formula(cell: str) -> None:
    """Whatever field a formula arrives in, its cell begins with an apostrophe."""
    release = made_release(cell, title=cell, issuer=cell, source=cell, url=cell, date=cell)
    passage = replace(
        made_passage(release=release, text=cell, evidence=(0, len(cell)), exact=(0, len(cell))),
        citation=cell,
    )
    answer = replace(made_answer(passage, identifier=cell, question=cell), reason=cell)
    answer = replace(answer, alternatives=(ExactAnswer(1, (0, len(cell)), cell, 0.5),))

    (row,) = csv.DictReader(io.StringIO(written("csv", answer), newline=""))

    guarded = {name: value for name, value in row.items() if value.startswith("'")}
    assert set(row) - set(guarded) == {"answered", "confidence", "error"}


def test_csv_holds_no_control_characters() -> None:
    """Escape sequences and lone surrogates are left out of cells, line ends stay."""
    answer = made_answer(made_passage(text="a\x1b[2J\x9b\x07\ud800\u202e\u2066b\nc", evidence=None))

    (row,) = csv.DictReader(io.StringIO(written("csv", answer), newline=""))

    assert row["passage"] == "a[2Jb\nc"


def test_a_list_is_one_cell_and_one_line() -> None:
    """The items are between separators, without the words around them."""
    (row,) = csv.DictReader(io.StringIO(written("csv", made_list()), newline=""))

    assert row["answer"] == "May | June"
    assert "**May · June** — confidence 0.93" in written("markdown", made_list())
    assert "<strong>May · June</strong>" in written("html", made_list())
    assert written("html", made_list()).count('<mark class="answer">') == 2


def test_a_run_has_each_release_once_by_its_best_passage() -> None:
    """At release level further passages of a release are left out and ranks have no gap."""
    first, second = made_release("a"), made_release("b")
    answer = made_answer(
        made_passage(1, release=first, score=0.9),
        made_passage(2, release=first, score=0.8, ordinal=4),
        made_passage(3, release=second, score=0.7),
    )

    assert written("trec", answer, FAILURE) == (
        "q1 Q0 a 1 0.900000 releaseqa\nq1 Q0 b 2 0.700000 releaseqa\n"
    )
    assert written("trec", answer, level="passage") == (
        "q1 Q0 a#3 1 0.900000 releaseqa\n"
        "q1 Q0 a#4 2 0.800000 releaseqa\n"
        "q1 Q0 b#3 3 0.700000 releaseqa\n"
    )


def test_equal_scores_keep_their_order_for_programs_that_sort_by_score() -> None:
    """Scores strictly fall as they are written, so that a sort by score keeps the ranks."""
    answer = made_answer(
        *(
            made_passage(rank, release=made_release(name), score=0.5)
            for rank, name in enumerate("abcz", start=1)
        )
    )

    lines = [line.split() for line in written("trec", answer).splitlines()]

    assert [line[2] for line in sorted(lines, key=lambda line: -float(line[4]))] == list("abcz")
    assert len({line[4] for line in lines}) == 4


@pytest.mark.parametrize(
    "identifier",
    [
        "a b",
        "tab\there",
        "a%20b",
        "100%",
        "\u00a0",
        "\u2028x",
        "a\x1bb",
        "a\u202eb",
        "Jakob B\u00f6hme#0",
    ],
)
def test_an_id_is_one_field_of_a_run_and_can_be_had_back(identifier: str) -> None:
    """White space never breaks the six fields, and decoding gives the id back."""
    answer = made_answer(made_passage(release=made_release(identifier)), identifier=identifier)

    fields = written("trec", answer).split()

    assert len(fields) == 6
    assert [unquote(fields[0]), unquote(fields[2])] == [identifier, identifier]


def test_an_ordinary_id_stands_in_a_run_as_it_is() -> None:
    """Ids without white space are not changed, so that they match the judgements."""
    for identifier in ("bridge-2023", "Super_Bowl_50#0", "5%", "caf\u00e9/x?y=1&z", "doc:1"):
        assert encode_id(identifier) == identifier
    assert encode_id("") == "-"


def test_a_report_shows_each_question_with_its_evidence_in_bold() -> None:
    """A section has the question, the verdict, the passage as a quotation and its citation."""
    declined = made_answer(made_passage(evidence=None), identifier="q3", answered=False)
    nearest = Evidence(0, (0, 19), "Work starts in May.")
    declined = replace(declined, reason=f"{NO_RELEASE} 'bridge'", nearest=nearest)

    assert written("markdown", made_answer(), FAILURE, declined) == (
        "# Answers\n"
        "\n## q1 · When does the bridge open?\n\n"
        "Confidence 0.93\n\n"
        "**1\\. New bridge opens** — Town of Hill · 2023-04-17\n\n"
        "> Work starts in May. **The bridge opens on June 3.** It cost \\$4 million.\n\n"
        "Citation: ` [bridge-2023#3] chars 100-167 `\n"
        "\n## q2 · \n\n"
        "Not asked: the question is empty\n"
        "\n## q3 · When does the bridge open?\n\n"
        "**I couldn't find an answer.** May help: “Work starts in May.”\n\n"
        "Closest passages:\n\n"
        "**1\\. New bridge opens** — Town of Hill · 2023-04-17\n\n"
        "> Work starts in May. The bridge opens on June 3. It cost \\$4 million.\n\n"
        "Citation: ` [bridge-2023#3] chars 100-167 `\n"
        "\n---\n\n1 answered, 1 without an answer here, 1 failed.\n"
    )


HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=y>", "[x](javascript:alert(1))",
    "![x](http://evil.example/a.png)", "<http://evil.example>", "http://evil.example/x",
    "www.evil.example", "evil.example/path", "mail me@evil.example now", "&lt;b&gt;", "`code`",
    "# heading", "- item", "1. item", "2) item", "+ item", "> quote", "---", "===", "| a | b |",
    "*x* _y_ ~~z~~", "    indented", "[^1]: note", "[x]: http://evil.example", "\\[x](y)",
    "``` ` ``", "~~~", "\tcode", "mailto:me@evil.example", "ftp://evil.example", "$x$", "***",
    "<!-- x",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_document_cannot_inject_markdown(text: str) -> None:
    """Whatever stands in a passage, title, id or citation is shown as text, never as markup."""
    release = made_release(text, title=text, issuer=text, source=text)
    body = f"Start\n{text}\n\n{text}"
    passage = replace(
        made_passage(release=release, text=body, evidence=(6, 6 + len(text))), citation=text
    )
    answer = made_answer(passage, identifier=text, question=text)

    shown = rendered(written("markdown", answer, Failure(text, text, text)))

    assert tags(shown) <= {"h1", "h2", "p", "strong", "blockquote", "code", "br", "hr"}
    assert shown.count("<h2>") == 2


def tags(shown: str) -> set[str]:
    """The names of the tags in HTML that the renderer made."""
    return set(re.findall(r"<\s*/?\s*([a-zA-Z][a-zA-Z0-9]*)", shown))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_escaped_reads_as_it_was(text: str) -> None:
    """A reader of the rendered report sees the document's characters."""
    shown = rendered(escape(text))

    assert html.unescape(shown) == f"<p>{text.strip().replace(chr(9), ' ')}</p>\n"


def test_a_report_holds_no_control_characters() -> None:
    """Escape sequences and marks of direction are visible characters in a report."""
    hostile = "a\x1b]0;title\x07\x9b2J\u202eb\rc"
    release = made_release(hostile, title=hostile, issuer=hostile)
    passage = replace(
        made_passage(release=release, text=hostile, evidence=(0, 5)), citation=hostile
    )

    report = written(
        "markdown",
        made_answer(passage, identifier=hostile, question=hostile),
        Failure(hostile, hostile, hostile),
    )

    assert {c for c in report if ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c == "\u202e"} == {"\n"}


def test_evidence_over_line_ends_is_bold_on_each_line() -> None:
    """Bold does not reach over a line end, where Markdown would lose it; blanks stay outside."""
    text = "One two \n\n three four."
    marks = (Highlight((4, len(text)), "evidence", 0.9), Highlight((0, 3), "term", 0.5))
    passage = replace(made_passage(text=text, evidence=None), highlights=marks)
    answer = replace(made_answer(passage), evidence=Evidence(0, (4, len(text)), text[4:]))

    report = written("markdown", answer)

    assert "> One **two**\\\n> **three four.**\n" in report
    assert "<strong>two</strong><br />\n<strong>three four.</strong>" in rendered(report)


def test_a_code_span_cannot_be_ended_from_inside() -> None:
    """A citation with backticks stays one code span."""
    answer = made_answer(replace(made_passage(), citation="a ` b `` <b>c</b>"))

    assert "<code>a ` b `` &lt;b&gt;c&lt;/b&gt;</code>" in rendered(written("markdown", answer))


@pytest.mark.parametrize("name", FORMATS)
def test_a_batch_without_questions_is_a_valid_file(name: Format) -> None:
    """No outcomes make an empty run, no lines, a header, or a report of nothing."""
    expected = {
        "jsonl": "",
        "trec": "",
        "csv": "id,question,answered,confidence,reason,answer,evidence,passage,release_id,"
        "passage_id,title,date,issuer,source,url,citation,error,alternatives\n",
        "markdown": "# Answers\n\n---\n\n0 answered, 0 without an answer here, 0 failed.\n",
    }
    if name == "html":
        assert "0 questions: 0 answered" in written(name)
    else:
        assert written(name) == expected[name]
