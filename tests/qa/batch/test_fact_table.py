"""Tables of facts: what each release answers to the same questions."""

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_answers import made_answer, made_list, made_passage, made_release

from index.filters import NO_FILTERS, Filters
from index.ingest.update import update_collection
from qa import open_collection
from qa.answering.confidence import DEFAULT_READER_THRESHOLD
from qa.batch.fact_table import FACTS, MAX_QUESTIONS, FactCell, FactRow, cell, columns, rows
from qa.batch.fact_table_writer import TableFormat, table_text, write_parquet
from qa.batch.question_file import BadQuestion, QuestionRecord
from qa.collection import Collection
from qa.errors import QuestionFileError
from qa.types import AskOptions

QUESTIONS = (
    "How much money was announced?",
    "Who made the announcement?",
    "When does it take effect?",
    "Mélanie Joly in Korea",
    "Whom can the media contact?",
)


@pytest.fixture(name="collection", scope="module")
def _collection(sample_collection: Path) -> Any:
    """The collection of the samples, open."""
    with open_collection(sample_collection) as collection:
        yield collection


@pytest.mark.parametrize(
    ("reader", "words_only", "filters"),
    [
        (True, False, NO_FILTERS),
        (False, False, Filters(kinds=("quote", "body"))),
        (True, True, Filters(speaker="joly")),
    ],
)
def test_a_release_answers_as_if_the_search_were_filtered_to_it(
    collection: Collection, *, reader: bool, words_only: bool, filters: Filters
) -> None:
    """Every answer is the one of `ask` with a filter that only this release meets."""
    asker = collection.per_release(AskOptions(reader=reader))
    releases = asker.releases(NO_FILTERS)
    sources = [stored.source for stored in releases]
    alone = [stored for stored in releases if sources.count(stored.source) == 1]
    prepared = asker.prepare([(text, filters) for text in QUESTIONS], words_only=words_only)
    compared = 0
    for stored in alone[:5]:
        within = replace(filters, source=stored.source.replace("[", "[[]"))
        for question, found in zip(QUESTIONS, asker.ask(stored.key, prepared), strict=True):
            asked = collection.ask(
                question, k=1, filters=within, reader=reader, words_only=words_only
            )
            if asked.passages:
                # The reason alone names what was searched: the release, or the filters.
                assert replace(asked, timing=found.timing, reason=found.reason) == found
                assert (asked.reason is None) == (found.reason is None)
            else:
                assert (0.0, ()) == (found.confidence, found.passages)
                assert "the release" in str(found.reason)
            compared += asked.answered
    assert compared > 0


def test_rows_hold_the_words_of_their_release(collection: Collection) -> None:
    """Each cell's words stand in its release at its span, and its citation holds."""
    asker = collection.per_release()
    wanted = columns([QuestionRecord("amount", QUESTIONS[0]), QuestionRecord("2", QUESTIONS[1])])
    releases = asker.releases(Filters(until="2007-12-31"))
    done: list[int] = []
    found = list(rows(asker, releases, wanted, NO_FILTERS, done=done.append))
    cells = [(row, c) for row in found for c in row.cells if c is not None]

    assert [stored.release.release_id for stored in releases] == [row.release.id for row in found]
    assert list(range(1, len(releases) + 1)) == done
    assert {True, False} == {c.exact for _, c in cells}
    for row, c in cells:
        assert c.text == collection.document(row.release.id).text[slice(*c.span)]
        assert c.passage_id.startswith(f"{row.release.id}#")
        assert c.confidence is None or c.confidence >= DEFAULT_READER_THRESHOLD
        assert collection.check(c.citation).ok


def test_a_question_is_asked_of_the_releases_that_its_filters_admit(
    collection: Collection,
) -> None:
    """Other releases have an empty cell; the table's own filters say what is a row."""
    asker = collection.per_release()
    question = "Combien de permis de chasse à l'orignal y a-t-il ?"
    wanted = columns([QuestionRecord("all", question),
                      QuestionRecord("fr", question, (), Filters(lang="fr")),
                      QuestionRecord("en", question, (), Filters(lang="en"))])  # fmt: skip
    french = Filters(since="2020", until="2020-12-31")
    found = {
        row.release.id: row.cells for row in rows(asker, asker.releases(french), wanted, french)
    }

    everything, of_french, of_english = found["tirage-orignal-2020"]
    assert everything is not None
    assert everything == of_french
    assert of_english is None
    assert len(found) == len(collection.releases(french))


def test_a_release_that_is_gone_has_no_answers(collection: Collection) -> None:
    """A row number that is no more is no error."""
    asker = collection.per_release()

    (answer,) = asker.ask(10**9, asker.prepare([(QUESTIONS[0], NO_FILTERS)]))

    assert (False, 0.0) == (answer.answered, answer.confidence)


def test_columns_are_called_by_their_ids_else_by_their_words() -> None:
    """An id that only counts says nothing; a question that cannot be asked keeps its column."""
    found = columns(
        [
            QuestionRecord("1", "Who?"),
            QuestionRecord("when", "When?"),
            BadQuestion("3", "", "is empty"),
        ]
    )

    assert ["Who?", "when", "3"] == [column.name for column in found]
    assert [None, None, "is empty"] == [column.error for column in found]
    with pytest.raises(QuestionFileError, match="two columns would be named 'Who"):
        columns([QuestionRecord("1", "Who?"), QuestionRecord("2", "Who?")])
    with pytest.raises(QuestionFileError, match="two columns would be named 'date'"):
        columns([QuestionRecord("date", "When?")])
    with pytest.raises(QuestionFileError, match="no question"):
        columns([])
    with pytest.raises(QuestionFileError, match="too many questions"):
        columns([QuestionRecord(f"q{n}", "Who?") for n in range(MAX_QUESTIONS + 1)])


def test_a_cell_is_the_exact_words_else_the_evidence_else_nothing() -> None:
    """Its span is into the release's text; a declined question leaves it empty."""
    exact = made_answer(made_passage(exact=(40, 46)))

    found = cell(exact)

    assert found is not None
    assert ("June 3", (140, 146), True) == (found.text, found.span, found.exact)
    evidence = cell(made_answer())
    assert evidence is not None
    assert ("The bridge opens on June 3.", False) == (evidence.text, evidence.exact)
    assert cell(made_answer(answered=False)) is None


CELL = FactCell("=1+1\nx", 0.912345678, "[r#1 0-4]", "r#1", (0, 6), exact=True)
ROWS = (
    FactRow(made_release("=cmd", title="@x\x1b", url=None), (CELL, None)),
    FactRow(made_release("b"), (None, replace(CELL, text="plain"))),
)


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_no_cell_of_a_sheet_is_a_formula(form: TableFormat, delimiter: str) -> None:
    """Heads, facts and answers are neutralised, and numbers have six decimals."""
    lines = table_text(form, ROWS, ["+a", "b"], sources=True)
    first, second, third = csv.reader(io.StringIO("".join(lines)), delimiter=delimiter)

    assert [*FACTS, "'+a", "'+a (citation)", "'+a (confidence)"] == first[:9]
    assert ["'=cmd", "2023-04-17", "Town of Hill", "'@x", "news/bridge.txt", ""] == second[:6]
    assert ["'=1+1\nx", "[r#1 0-4]", "0.912346", "", "", ""] == second[6:]
    assert ["", "", "", "plain", "[r#1 0-4]", "0.912346"] == third[6:]


def test_a_cell_of_a_list_holds_its_items() -> None:
    """Between separators in a sheet, and beside the words as they stand in JSON."""
    found = cell(made_list())
    assert found is not None
    rows_ = [FactRow(made_release(), (found,))]
    sheet = list(csv.reader(table_text("csv", rows_, ["a"], sources=False)))
    (line,) = table_text("jsonl", rows_, ["a"], sources=True)

    assert (found.text, found.span, found.items) == ("May\nand June", (124, 136), ("May", "June"))
    assert sheet[1][-1] == "May | June"
    assert json.loads(line)["answers"]["a"]["items"] == ["May", "June"]


def test_lines_hold_the_exact_words() -> None:
    """A JSON object a row; without sources the words alone."""
    records, bare = (
        [json.loads(line) for line in table_text("jsonl", ROWS, ["a", "b"], sources=sources)]
        for sources in (True, False)
    )

    assert "=cmd" == records[0]["release"]["id"]
    assert {
        "text": "=1+1\nx", "exact": True, "confidence": 0.912346, "passage_id": "r#1",
        "span": [0, 6], "citation": "[r#1 0-4]",
    } == records[0]["answers"]["a"]  # fmt: skip
    assert records[0]["answers"]["b"] is None
    assert {"a": None, "b": "plain"} == bare[1]["answers"]


@pytest.mark.parametrize("count", [0, 2, 2500])
def test_parquet_holds_words_and_numbers(count: int) -> None:
    """Read back by pyarrow: exact texts, confidences as numbers, nulls, also of no row at all."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs the extra parquet")
    stream = io.BytesIO()
    rows_written = (ROWS[number % 2] for number in range(count))
    write_parquet(stream, rows_written, ["a", "b"], sources=True)
    found = parquet.read_table(io.BytesIO(stream.getvalue()))

    assert count == found.num_rows
    groups = parquet.ParquetFile(io.BytesIO(stream.getvalue())).num_row_groups
    assert math.ceil(count / 1000) == groups  # so that memory does not grow with the rows
    assert [*FACTS, "a", "a (citation)", "a (confidence)", *found.column_names[9:]] == (
        found.column_names
    )
    assert "double" == str(found.schema.field("b (confidence)").type)
    if count:
        first = found.slice(count - 2, 2).to_pylist()[0]
        assert ("=cmd", "=1+1\nx", 0.912345678, None) == (
            first["release_id"], first["a"], first["a (confidence)"], first["b"]
        )  # fmt: skip


def test_a_long_release_answers_as_a_filtered_search(tmp_path: Path) -> None:
    """The same passages are chosen of many; equal ones count once, nearly equal ones are folded,
    and what every release repeats counts less.
    """
    words = ["bridge", "road", "school", "ferry", "harbour", "museum", "clinic"]
    paragraphs = [
        f"The {words[n % 7]} number {n} will cost ${n},000 and it opens in {2000 + n % 30}, "
        f"said the town about its {words[n * 3 % 7]}."
        for n in range(100)
    ]
    again = paragraphs[40].replace("it opens", "then opens").replace("said", "says")
    formula = "The town of Hill is a town of seven bridges that was founded in 1820 by a miller."
    releases = {"long": [*paragraphs, paragraphs[40], again, formula]} | {
        f"r{n}": [f"The {words[n % 7]} of street {n} was painted {n} times.", formula]
        for n in range(12)
    }
    for name, parts in releases.items():
        record = {"id": name, "title": "Works", "text": "\n\n".join(parts)}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(record))
    update_collection(tmp_path / "c", [tmp_path / f"{name}.jsonl" for name in releases])
    with open_collection(tmp_path / "c") as collection:
        asker = collection.per_release()
        (stored,) = asker.releases(Filters(source="*long*"))
        for question in (
            "What will museum number 40 cost?",
            "When does the ferry open?",
            "When was the town of seven bridges founded?",
        ):
            (found,) = asker.ask(stored.key, asker.prepare([(question, NO_FILTERS)]))
            asked = collection.ask(question, k=1, filters=Filters(source=stored.source))
            assert replace(asked, timing=found.timing) == found


def test_the_announced_sum_comes_from_headline_or_lead(tmp_path: Path) -> None:
    """A question that says no more than that is answered, with the value beside it."""
    texts = {
        "lead": "The city will spend $2.5 million on roads. Buses cost $9 million.",
        "rate": "The wage rises to $15 an hour.",
    }
    lines = [json.dumps({"id": name, "title": name, "text": text}) for name, text in texts.items()]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    update_collection(tmp_path / "x", [tmp_path / "in.jsonl"])
    wanted = columns([QuestionRecord("sum", "How much money was announced?")])
    with open_collection(tmp_path / "x") as collection:
        asker = collection.per_release(AskOptions(reader=False, words_only=True))
        found = list(rows(asker, asker.releases(NO_FILTERS), wanted, NO_FILTERS, words_only=True))
    table = "".join(table_text("csv", found, ["sum"], sources=True, money={"sum"}))
    cells = {row["release_id"]: row for row in csv.DictReader(io.StringIO(table))}

    assert ("$2.5 million", "2500000", "$") == tuple(
        cells["lead"][name] for name in ("sum", "sum (value)", "sum (currency)")
    )
    assert cells["lead"]["sum (citation)"].startswith("“lead”")
    assert cells["lead"]["sum (confidence)"] == ""
    assert cells["rate"]["sum"] == ""
    assert columns([QuestionRecord("x", "How much did the bridge cost?")])[0].is_money
    assert not columns([QuestionRecord("x", "How much did the bridge cost?")])[0].is_sum
