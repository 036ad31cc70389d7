"""The training's own parts: what ships can be trained further."""

import json
import random
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from annotation import QUESTIONS, _drawn, _retold, checked, collect, places
from average_readers import mean
from checkout import ROOT
from reading_sets import kept_out, lines, read_corpus
from shipped import from_file
from written import marked_passage

from qa.reader.weights import reader_file

SHIPPED = ROOT / "qa" / "data" / reader_file()


def test_the_network_of_the_shipped_file_reads_as_the_file_does() -> None:
    """Training goes on from what ships, up to what rounding costs."""
    network = from_file(SHIPPED).eval()
    session = onnxruntime.InferenceSession(str(SHIPPED), providers=["CPUExecutionProvider"])
    draw = np.random.default_rng(1)
    ids = draw.integers(1000, 20000, (1, 90))
    types = (np.arange(90)[None] > 15).astype(np.int64)
    (want,) = session.run(None, {"ids": ids, "types": types})
    with torch.no_grad():
        got = network(torch.tensor(ids), torch.ones((1, 90), dtype=int), torch.tensor(types))

    assert np.corrcoef(want.ravel(), got.numpy().ravel())[0, 1] > 0.99


def test_the_mean_of_a_reader_and_another_lies_between_them(tmp_path: Path) -> None:
    """Every weight counts the same from each."""
    one = from_file(SHIPPED)
    first = {name: value.clone() for name, value in one.state_dict().items()}
    with torch.no_grad():
        for value in one.parameters():
            value.add_(1.0)
    torch.save({"network": one.state_dict()}, tmp_path / "other.pt")

    found = mean([SHIPPED, tmp_path / "other.pt"]).state_dict()

    name = "encoder.encoder.layer.0.output.dense.weight"
    assert torch.allclose(found[name], first[name] + 0.5, atol=1e-6)
    assert torch.allclose(found["head.bias"], first["head.bias"] + 0.5, atol=1e-6)


RELEASE = {
    "id": "r1",
    "title": "A bridge opens",
    "text": "OTTAWA — The bridge over the Rideau opened on Friday, before some hundred people "
    "who had come on foot, with a band, a choir and the children of three schools. The mayor "
    "spoke of the winters when the ferry lay in the ice and the doctor came over on skis, and of "
    "the forty years in which three councils had drawn bridges and built none of them at all.\n\n"
    "It cost   $5 million, said Minister Ann Roe. The bridge has two lanes, and a path for those "
    "who walk, which the council had asked for since the old one was closed to them. Lamps stand "
    "along the path, lit by the sun, and benches where one sees the falls and the mill, which is "
    "to become a museum of the river once the county has found who will run it.",
}


def test_parts_of_a_text_are_found_one_after_the_other_whatever_blanks_are_there() -> None:
    """The second of two like parts is the second in the text."""
    text = "The bridge  opened.\nThe bridge closed.\nThe bridge opened."

    assert places(text, ["The bridge opened.", "missing", "The bridge opened."]) == [
        (0, 19), None, (39, 57),
    ]  # fmt: skip


def test_a_written_question_keeps_where_its_answer_stands() -> None:
    """Offsets into the record, across blanks that the page did not show."""
    written = {
        "release": "made/r1", "passage": 2, "question": "What did  it cost?",
        "answers": ["It cost $5 million"],
    }  # fmt: skip

    found = checked(written, {"made": {"r1": RELEASE}})

    ((start, end),) = found["answers"]
    assert RELEASE["text"][start:end] == "It cost   $5 million"
    assert found["question"] == "What did it cost?"
    assert "passage" not in found


def test_an_answer_is_looked_for_as_words_of_its_own() -> None:
    """The "see" of "one sees the falls" is none."""
    release = RELEASE | {"text": "One sees the falls and can see the mill."}
    written = {
        "release": "made/r1",
        "passage": 1,
        "question": "What can one do?",
        "answers": ["see"],
    }

    found = checked(written, {"made": {"r1": release}})

    assert found["answers"] == [[27, 30]]


def test_the_marked_passage_is_the_one_that_holds_the_best_answer_whole() -> None:
    """Other answers count where they lie in it; one that is cut in two has no passage."""
    stand = [(0, 50), None, (52, 90)]

    assert marked_passage({"answers": [[60, 65], [58, 65], [10, 12]]}, stand) == (
        2, [(8, 13), (6, 13)],
    )  # fmt: skip
    assert marked_passage({"answers": [], "passage": [0, 50]}, stand) == (0, [])
    assert marked_passage({"answers": [[48, 55]]}, stand) is None


def test_a_question_without_an_answer_keeps_its_passage() -> None:
    """So that training knows what it must not be answered from."""
    written = {"release": "made/r1", "passage": 1, "question": "Who cut the ribbon?", "answers": []}

    found = checked(written, {"made": {"r1": RELEASE}})

    start, end = found["passage"]
    assert RELEASE["text"][start:end].endswith("at all.")


@pytest.mark.parametrize(
    ("passage", "answer", "fault"),
    [
        (1, "$5 million", ValueError),
        (2, "$6 million", ValueError),
        (2, " ", ValueError),
        (9, "river", IndexError),
        (0, "river", IndexError),
    ],
)
def test_a_written_question_that_does_not_fit_its_page_is_refused(
    passage: int, answer: str, fault: type[Exception]
) -> None:
    """An answer of another passage, one that stands nowhere, a passage that is not there."""
    written = {"release": "made/r1", "passage": passage, "question": "?", "answers": [answer]}

    with pytest.raises(fault):
        checked(written, {"made": {"r1": RELEASE}})


def test_what_was_written_joins_what_is_there(tmp_path: Path) -> None:
    """Ids stay; a question asked before is left as it was, and a line that does not fit is told."""

    def page(name: str, *questions: tuple[str, str]) -> Path:
        lines = (
            json.dumps({"release": "made/r1", "passage": 2, "question": q, "answers": [a]})
            for q, a in questions
        )
        (tmp_path / name).write_text("\n".join(lines), "utf-8")
        return tmp_path / name

    into, sets = tmp_path / "made-written.jsonl", {"made": {"r1": RELEASE}}
    collect(sets, [page("one", ("What did it cost?", "$5 million"), ("Who?", "Bob"))], into)
    first = into.read_text("utf-8")
    collect(sets, [page("two", ("What did it COST?", "It"), ("Who said so?", "Ann Roe"))], into)
    both = into.read_text("utf-8")

    assert both.startswith(first)
    found = [json.loads(line) for line in both.splitlines()]
    assert ["t0001", "t0002"] == [one["id"] for one in found]
    assert ["What did it cost?", "Who said so?"] == [one["question"] for one in found]


ASKED = " ".join(f"number {n}" for n in range(200))
"""A release that the program is measured on; one word exchanged, it is another and the same."""


def test_what_is_asked_about_retold_short_or_not_english_is_not_drawn(tmp_path: Path) -> None:
    """Questions are written on other releases than those by which the program is measured."""
    asked = next(m["release"] for m in lines(QUESTIONS) if m["set"] == "us-congress")
    retold = list(_retold())[2]  # behind the head of the table and its rule
    fit = {"title": "A bridge", "lang": "en", "text": "word " * 200}
    records = {
        "b": fit,
        "a": fit,
        asked: fit | {"text": ASKED},
        "near": fit | {"text": ASKED.replace("number 150", "number 20")},
        "retold": fit | {"title": retold.upper()},
        "french": fit | {"lang": "fr"},
        "short": fit | {"text": "word " * 20},
        "long": fit | {"text": "word " * 2000},
    }
    records = {name: {"id": name} | record for name, record in records.items()}

    drawn = _drawn(tmp_path, "us-congress", records, 10, random.Random(1))
    some = {_drawn(tmp_path, "us-congress", records, 1, random.Random(n))[0][1]["id"]
            for n in range(4)}  # fmt: skip

    assert ["a", "b"] == [record["id"] for _, record in drawn]
    assert {"a", "b"} == some


def test_articles_kept_for_evaluation_are_not_drawn(shared: Path) -> None:
    """However many paragraphs are asked for, none is of an article that is kept out."""
    data = shared / "data"
    drawn = _drawn(
        data, "squad1.1-dev", read_corpus(data, "squad1.1-dev"), 10_000, random.Random(1)
    )

    assert drawn
    assert not {record["id"].split("#")[0] for _, record in drawn} & kept_out(data)
