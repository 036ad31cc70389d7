"""`releaseqa eval` over the sample releases."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from checkout import ROOT

from qa.evaluation.line_plot import LinePlot

Run = Callable[..., Any]
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(name="dataset")
def _dataset(tmp_path: Path) -> Path:
    """An evaluation set of some questions about the samples; its own corpus is empty."""
    folder = tmp_path / "a & b"
    folder.mkdir()
    records = [
        json.loads(line)
        for line in (ROOT / "samples" / "questions.jsonl").read_text("utf-8").splitlines()
    ]
    asked = [q for q in records if q["answerable"]][:9] + [
        q for q in records if not q["answerable"]
    ][:3]
    asked[4]["id"] = "=1+1"
    asked[5]["question"] = f"{SCRIPT} Who?"
    asked[5]["id"] = "id 5%20"
    (folder / "corpus.jsonl").write_text("")
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, asked)))
    lines = [f"{q['id']}\t{q['release']}\t1" for q in asked if q["answerable"]]
    (folder / "qrels.tsv").write_text("\n".join([*lines, f"{asked[0]['id']}\tother\t0"]))
    return folder


@pytest.fixture(name="evaluate")
def _evaluate(run: Run, sample_collection: Path) -> Run:
    """Run `eval` over the collection of the samples; it must end well."""

    def evaluate(*words: str | Path) -> Any:
        result = run("--index", str(sample_collection), "eval", *map(str, words))
        assert 0 == result.exit_code, result.output
        return result

    return evaluate


def ir_measures(qrels: Path, run_file: Path, *measures: str) -> dict[str, float]:
    """What the command line of ir_measures says."""
    words = [sys.executable, "-m", "ir_measures", str(qrels), str(run_file), *measures, "-p", "6"]
    found = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return {name: float(value) for name, value in (line.split("\t") for line in found.splitlines())}


def test_an_independent_program_finds_the_same_figures(
    evaluate: Run, dataset: Path, tmp_path: Path
) -> None:
    """The run that is written, scored by the command line of ir_measures, gives what eval says."""
    names = ("nDCG@10", "AP", "RR", "R@5", "P(rel=1)@3", "Judged@10", "Success@1")
    out = tmp_path / "out.run"
    words = [word for name in names for word in ("--measure", name)]
    found = json.loads(
        evaluate(dataset, "--words-only", "--json", "--write-run", out, *words).stdout
    )
    qrels = tmp_path / "qrels"
    lines = [line.split("\t") for line in (dataset / "qrels.tsv").read_text("utf-8").splitlines()]
    from qa.export.trec import encode_id

    qrels.write_text("".join(f"{encode_id(q)} 0 {encode_id(r)} {g}\n" for q, r, g in lines))

    assert 9 == found["judged"]
    assert 0.5 < found["measures"]["nDCG@10"] < 1
    assert ir_measures(qrels, out, *names) == pytest.approx(found["measures"], abs=1e-6)


def test_a_run_is_scored_as_the_answers_it_came_from(
    evaluate: Run, run: Run, dataset: Path, tmp_path: Path
) -> None:
    """`--run` needs no collection, and gives the same with a set and with its judgements alone."""
    out = tmp_path / "out.run"
    asked = json.loads(evaluate(dataset, "--words-only", "--json", "--write-run", out).stdout)
    alone = run("eval", "--run", str(out), "--qrels", str(dataset / "qrels.tsv"), "--json")
    of_set = run("eval", str(dataset), "--run", str(out), "--json")

    assert asked["measures"] == json.loads(alone.stdout)["measures"]
    assert "out.run" == json.loads(alone.stdout)["dataset"]
    assert asked["measures"] == json.loads(of_set.stdout)["measures"]


@pytest.mark.parametrize("name", ["scores.csv", "scores.jsonl"])
def test_scores_by_question_can_be_compared_with(
    evaluate: Run, dataset: Path, tmp_path: Path, name: str
) -> None:
    """An earlier file holds each question's scores; equal evaluations do not differ."""
    path = tmp_path / name
    words = ("--words-only", "--json")
    evaluate(dataset, *words, "--per-question", path)
    again = json.loads(evaluate(dataset, *words, "--compare", path).stdout)["comparison"]
    other = json.loads(evaluate(dataset, "--no-reader", "--json", "--compare", path).stdout)

    assert name == again["with"]
    assert {"nDCG@10", "R@5", "evidence at the top"} < {c["name"] for c in again["scores"]}
    assert [(9, 0.0, 1.0, 0, 0)] * len(again["scores"]) == [
        (c["questions"], c["difference"], c["p"], c["better"], c["worse"]) for c in again["scores"]
    ]
    assert any(c["worse"] + c["better"] > 0 for c in other["comparison"]["scores"])


def test_scores_by_question_name_what_was_seen(
    evaluate: Run, dataset: Path, tmp_path: Path
) -> None:
    """A row a question in the order of the set; no cell is a formula; means are eval's means."""
    table, lines = tmp_path / "scores.csv", tmp_path / "scores.jsonl"
    words = ("--words-only", "--per-question")
    found = json.loads(evaluate(dataset, "--json", *words, table).stdout)
    evaluate(dataset, *words, lines)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    records = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]

    assert 12 == len(rows) == len(records)
    assert "'=1+1" == rows[4]["id"]
    assert "=1+1" == records[4]["id"]
    values = [float(row["nDCG@10"]) for row in rows if row["nDCG@10"]]
    assert pytest.approx(found["measures"]["nDCG@10"], abs=1e-5) == sum(values) / 9
    assert found["right_when_answered"]["hits"] == sum(
        row["answered"] == row["right"] == "yes" for row in rows
    )
    assert [{}] * 3 == [record["measures"] for record in records[9:]]


class Tags(HTMLParser):
    """Collects the names of elements and of attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def test_the_report_stands_alone(evaluate: Run, dataset: Path, tmp_path: Path) -> None:
    """It runs and loads nothing, shows every figure, and what questions hold as text."""
    out, other = tmp_path / "report.html", tmp_path / "other.run"
    evaluate(dataset, "--words-only", "--write-run", other)
    found = json.loads(evaluate(dataset, "--json", "--report", out, "--compare", other).stdout)
    page = Tags()
    text = out.read_text("utf-8")
    page.feed(text)

    assert not page.tags & {"script", "img", "link", "iframe", "object", "a"}
    assert not {name for name in page.attributes if name.startswith("on") or name == "src"}
    assert {"svg", "table", "title", "h1"} < page.tags
    assert "Evaluation of a & b" in page.text
    assert f"{found['measures']['nDCG@10']:.4f}" in page.text
    headings = ("Compared with other.run", "Recall", "Risk and coverage", "By kind of question")
    for heading in headings:
        assert heading in page.text
    assert SCRIPT not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")


def test_a_plot_escapes_its_words() -> None:
    """A name of a run is text in a plot, whatever it holds."""
    lines = {"<b>&\x1b": [(0.0, 0.1), (1.0, 0.5)]}
    drawn = LinePlot.of("t", lines, x_label="x", y_label="y").svg()

    assert "<b>" not in drawn
    assert "&lt;b&gt;&amp;\u241b" in drawn


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("{set}", "--measure", "nonsense"), "'nonsense' is not a supported measure"),
        (("{set}", "--compare", "{set}/qrels.tsv"), "expected the six columns of a TREC run"),
        (("{set}", "--report", "{set}"), "is a folder; give the name of a file"),
        (("{set}", "--write-run", "{set}/no/x.run"), "its folder does not exist"),
        (("--run", "{set}/x.run", "--qrels", "{set}/qrels.tsv"), "ranks none of the judged"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_asked(
    run: Run, dataset: Path, words: tuple[str, ...], message: str
) -> None:
    """One line says what is wrong, the exit code is 1."""
    (dataset / "x.run").write_text("other Q0 a 1 0.5 x\n")
    result = run("eval", *(word.replace("{set}", str(dataset)) for word in words))

    assert 1 == result.exit_code
    assert message in " ".join(result.stderr.split())


@pytest.mark.parametrize("words", [(), ("--qrels", "x"), ("x", "--qrels", "y"), ("--run", "x"),
                                   ("x", "--run", "y", "--qrels", "z"),
                                   ("x", "--run", "y", "--write-run", "z")])  # fmt: skip
def test_options_that_exclude_each_other_are_a_matter_of_usage(
    run: Run, words: tuple[str, ...]
) -> None:
    """A set to ask, or a run with judgements: nothing else has a meaning."""
    assert 2 == run("eval", *words).exit_code
