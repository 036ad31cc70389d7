"""Files of questions."""

import csv
import io
import os
from dataclasses import replace
from pathlib import Path

import pytest

from index.filters import Filters
from qa.batch.question_file import MAX_CHARACTERS, BadQuestion, QuestionRecord, read_questions
from qa.batch.question_formats import MAX_LINE
from qa.errors import QuestionFileError


def read(content: str | bytes, **options: bool) -> list[QuestionRecord | BadQuestion]:
    """Read questions from content."""
    raw = content.encode() if isinstance(content, str) else content
    return list(read_questions(io.BytesIO(raw), **options))


def pairs(content: str | bytes) -> list[tuple[str, str]]:
    """Read questions that are all good, as id and text."""
    found = read(content)
    assert [question for question in found if isinstance(question, BadQuestion)] == []
    return [(question.id, question.text) for question in found]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            "# a comment\nWho came?\n\n   When? \n#no\n",
            [("1", "Who came?"), ("2", "When?")],
            id="plain text",
        ),
        pytest.param(
            '{"question": "Who?", "id": "a"}\n\n{"text": "When?"}\n{"query": "Why?", "id": 7}\n',
            [("a", "Who?"), ("2", "When?"), ("7", "Why?")],
            id="JSONL",
        ),
        pytest.param(
            'id,question\na,"Who, when\nand why?"\nb,"She said ""no"""\n',
            [("a", "Who, when\nand why?"), ("b", 'She said "no"')],
            id="CSV with newlines and quotes in cells",
        ),
        pytest.param("Query;Note\nWho?;x\n", [("1", "Who?")], id="CSV with semicolons"),
        pytest.param(
            'question\nWho, and when?\n"Why,\nHal?"\n',
            [("1", "Who, and when?"), ("2", "Why,\nHal?")],
            id="CSV of one column",
        ),
        pytest.param(
            'qid\ttext\na\tIs it "big"\nb\t"Is it ""big""?"\n',
            [("a", 'Is it "big"'), ("b", 'Is it "big"?')],
            id="TSV with a header",
        ),
        pytest.param(
            "51\tWho came?\n52\tWhen, and why?\n",
            [("51", "Who came?"), ("52", "When, and why?")],
            id="two-column topics",
        ),
        pytest.param(
            "Text, query and answer: what are they?\nWho?\n",
            [("1", "Text, query and answer: what are they?"), ("2", "Who?")],
            id="plain text that begins like a header",
        ),
        pytest.param("# id\tcomment\nWho?\n", [("1", "Who?")], id="a comment with a tab"),
        pytest.param(
            "Who?\r\nWhen?\rWhy?",
            [("1", "Who?"), ("2", "When?"), ("3", "Why?")],
            id="any line ends",
        ),
        pytest.param(
            '"unbalanced\n(title:*\n',
            [("1", '"unbalanced'), ("2", "(title:*")],
            id="search syntax in plain text",
        ),
        pytest.param("", [], id="an empty file"),
        pytest.param("\n  \n# only\n", [], id="nothing but comments"),
    ],
)
def test_each_form_is_told_by_its_content(content: str, expected: list[tuple[str, str]]) -> None:
    """Every form gives its questions, with its ids or their positions."""
    assert pairs(content) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "content",
    [
        "\u00c9t\u00e9?\n",
        '{"question": "\u00c9t\u00e9?"}\n',
        "id,question\n1,\u00c9t\u00e9?\n",
        "1\t\u00c9t\u00e9?\n",
    ],
)
def test_byte_order_marks_are_no_part_of_a_question(content: str, encoding: str) -> None:
    """UTF-8 is read with and without a mark, in each form; so is UTF-16 with one."""
    assert pairs(content.encode(encoding)) == [("1", "\u00c9t\u00e9?")]


@pytest.mark.parametrize(
    ("record", "error"),
    [
        ('{"id": "x", "question": "  "}', "the question is empty"),
        ('{"id": "x", "question": null, "note": 1}', "the record has no question, text or query"),
        ('{"id": "x", "question": 5}', "the question is not a string"),
        ('{"id": "x", "question": "Who?", "history": 5}', "the history is not a list"),
        ('{"id": "x", "question": "Who?", "since": "May"}', "'May' is not a date"),
        ('{"id": "x", "question": "Who?", "issuer": ["a"]}', "the filter issuer is not a string"),
        ('{"id": "x", "question": "Who?", "filters": {"sense": "2020"}}', "unknown filter"),
        ('{"id": "x", "question": "Who?", "filters": {"since": "May"}}', "'May' is not a date"),
        ('{"id": "x", "question": "Who?", "filters": {"since": 2020}}', "the filter since is no"),
        ('{"id": "x", "question": "Who?", "filters": []}', "the filters are not a JSON object"),
    ],
)
def test_a_bad_record_keeps_its_id_and_its_place(record: str, error: str) -> None:
    """What cannot be asked is an error in its place; the records around it are read."""
    found = read(f'{{"question": "First?"}}\n{record}\n{{"question": "Last?"}}\n')

    assert [found[0], found[2]] == [QuestionRecord("1", "First?"), QuestionRecord("3", "Last?")]
    assert isinstance(found[1], BadQuestion)
    assert found[1].id == "x"
    assert error in found[1].error


@pytest.mark.parametrize("line", ['{"question": ', "[1]", "not json", "[" * 100_000])
def test_a_torn_line_of_json_is_an_error_in_its_place(line: str) -> None:
    """A line that is no JSON object is an error with its position as id."""
    bad = read(f'{{"question": "First?"}}\n{line}\n')[1]

    assert isinstance(bad, BadQuestion)
    assert (bad.id, bad.error.startswith("the line is not ")) == ("2", True)


def test_history_and_filters_are_read() -> None:
    """A record may carry its conversation and filters of its own."""
    (found,) = read(
        '{"question": "And when?", "history": ["Who?", "Ann."], "conversation": 7, '
        '"filters": {"since": "2023", "until": "2023-02", "kind": ["quote", "body"], "lang": null}}'
    )

    assert found == QuestionRecord(
        "1",
        "And when?",
        ("Who?", "Ann."),
        Filters(since="2023-01-01", until="2023-02-28", kinds=("quote", "body")),
        "7",
    )


def test_a_history_may_be_pairs() -> None:
    """Pairs are lists of two, or objects; an answer may be missing."""
    (found,) = read(
        '{"question": "And when?", "history": '
        '[["Who?", "Ann."], ["Why?", null], {"question": "How?", "answer": "By sea."}]}'
    )

    assert isinstance(found, QuestionRecord)
    assert (("Who?", "Ann."), ("Why?", ""), ("How?", "By sea.")) == found.history


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ('"Who?"', ("Who?",)),
        (
            (
                '[{"role": "system", "content": "Be short."}, {"role": "user", "content": "Who?"}, '
                '{"role": "assistant", "content": "Ann."}, {"role": "user", "content": "Why?"}]'
            ),
            (("Who?", "Ann."), ("Why?", "")),
        ),
        (
            (
                '[{"role": "assistant", "content": "Hello."}, {"role": "user", "content": "Who?"}, '
                '{"role": "user", "content": "Why?"}]'
            ),
            (("", "Hello."), ("Who?", ""), ("Why?", "")),
        ),
    ],
)
def test_a_history_may_be_one_question_or_messages(
    history: str, expected: tuple[str | tuple[str, str], ...]
) -> None:
    """One earlier question as text, and a chat as assistants keep it."""
    (found,) = read(f'{{"question": "And when?", "history": {history}}}')

    assert isinstance(found, QuestionRecord)
    assert expected == found.history


@pytest.mark.parametrize(
    "content",
    [
        '{"question": "Who?", "since": "2023", "kind": "quote,body", "issuer": null, "lang": "fr"}',
        'Since,question,issuer,kind,lang\n2023,Who?,,"quote,body",fr\n',
        "question\tkind\tsince\tspeaker\tlang\nWho?\tquote,body\t2023\t\tfr\n",
        (
            '{"question": "Who?", "since": "1999", "kind": ["quote", "body"], "speaker": "Joly", '
            '"filters": {"since": "2023", "speaker": null}}'
        ),
    ],
)
def test_filters_may_stand_beside_the_question(content: str) -> None:
    """Under their own names, except `lang`, which is the question's own; `filters` wins."""
    (found,) = read(content)

    assert QuestionRecord(
        "1", "Who?", filters=Filters(since="2023-01-01", kinds=("quote", "body"))
    ) == replace(found, extra=())
    assert dict(found.extra).get("lang", "fr") == "fr"


@pytest.mark.parametrize(
    "history",
    [
        "3", "[3]", '[["Who?"]]', '[["Who?", 3]]', "[{}]", '[{"role": "user"}]',
        '[{"role": "user", "content": "Who?"}, "Ann."]', '[{"role": "judge", "content": "No."}]',
    ],
)  # fmt: skip
def test_a_history_of_another_form_is_an_error(history: str) -> None:
    """What cannot be read as turns is said, and the question is not asked."""
    (bad,) = read(f'{{"question": "And when?", "history": {history}}}')

    assert isinstance(bad, BadQuestion)
    assert bad.error.startswith("the history is not a list")


def test_a_question_of_a_megabyte_is_an_error_that_keeps_only_its_start() -> None:
    """A question over the limit is refused with its length, whatever the form."""
    long = "a" * 1_000_000
    for content in (
        f"{long}\nWho?\n",
        f'{{"text": "{long}"}}\n{{"text": "Who?"}}\n',
        f"1\t{long}\n2\tWho?\n",
    ):
        bad, good = read(content)
        assert isinstance(bad, BadQuestion)
        assert (
            bad.error == f"the question has 1,000,000 characters; the maximum is {MAX_CHARACTERS:,}"
        )
        assert len(bad.text) == 200
        assert good == QuestionRecord("2", "Who?")


def test_the_longest_question_is_asked() -> None:
    """The limit itself is allowed, one more is not."""
    assert isinstance(read("a" * MAX_CHARACTERS)[0], QuestionRecord)
    assert isinstance(read("a" * (MAX_CHARACTERS + 1))[0], BadQuestion)


def test_a_line_beyond_all_bounds_is_read_over() -> None:
    """A line longer than is kept in memory is an error; the next line is a question."""
    bad, good = read("a" * (MAX_LINE * 2 + 5) + "\nWho?\n")

    assert isinstance(bad, BadQuestion)
    assert bad.error == f"the line has more than {MAX_LINE:,} characters"
    assert good == QuestionRecord("2", "Who?")


def test_a_csv_cell_beyond_all_bounds_is_an_error_in_its_place() -> None:
    """A cell that the CSV reader refuses is an error; the next row is a question.

    What it refuses is set for the whole process, so that another table may have widened it.
    """
    csv.field_size_limit(10_000_000)

    bad, good = read(f"id,question\nx,{'a' * 1_000_000}\ny,Who?\n")

    assert isinstance(bad, BadQuestion)
    assert "the row cannot be read" in bad.error
    assert good == QuestionRecord("y", "Who?")


@pytest.mark.parametrize("form", ["%s", '{"question": "%s"}', "id,question\n1,%s", "1\t%s"])
def test_bytes_that_are_no_utf8_are_an_error_of_their_record_alone(form: str) -> None:
    """A record in another encoding is an error, shown with replacements."""
    content = (form % "Caf\u00e9?").encode("latin-1") + b"\n"

    (bad,) = read(content)

    assert isinstance(bad, BadQuestion)
    assert bad.error == "the line is not UTF-8"
    bad.text.encode()


def test_lone_surrogates_are_replaced() -> None:
    """A lone surrogate by JSON becomes a replacement character, in text, id and history."""
    found = read('{"question": "a\\ud800?", "id": "\\udfff", "history": ["\\ud900"]}')

    assert found == [QuestionRecord("\ufffd", "a\ufffd?", ("\ufffd",))]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"Who?\0\n"])
def test_binary_data_is_refused(content: bytes) -> None:
    """A file that is no text is no file of questions."""
    with pytest.raises(QuestionFileError, match="binary data"):
        read(content)


def test_a_json_list_is_refused_with_the_remedy() -> None:
    """One JSON list is not what is read line by line; the message says what is."""
    with pytest.raises(QuestionFileError, match="one JSON object per line"):
        read('[{"question": "Who?"}]')


def test_a_short_row_is_an_error_in_its_place() -> None:
    """A row that ends before the question, and a topic without a tab, are errors."""
    for content, error in (
        ("id,note,question\na,b\nc,d,Who?\n", "the row ends before the question"),
        ("1\tWhen?\nnothing\n", "the line has no tab between id and question"),
    ):
        found = read(content)
        assert [question.error for question in found if isinstance(question, BadQuestion)] == [
            error
        ]
        assert len(found) == 2


def test_an_id_that_stands_twice_can_be_refused() -> None:
    """Where ids must be unique, the second question of an id is an error."""
    content = "a\tWho?\na\tWhen?\n"

    assert [type(question) for question in read(content)] == [QuestionRecord, QuestionRecord]
    assert read(content, unique_ids=True) == [
        QuestionRecord("a", "Who?"),
        BadQuestion("a", "When?", "the id is used twice"),
    ]


def test_questions_are_read_as_they_come() -> None:
    """From a pipe that stays open, a question is given before the next one is written."""
    source, sink = os.pipe()
    with os.fdopen(source, "rb") as stream, os.fdopen(sink, "wb", buffering=0) as writer:
        questions = read_questions(stream)
        writer.write(b"Who?\n")
        assert next(questions) == QuestionRecord("1", "Who?")
        writer.write(b"When?\n")
        assert next(questions) == QuestionRecord("2", "When?")


def test_a_file_stays_open_for_whoever_opened_it(tmp_path: Path) -> None:
    """Reading questions does not close the stream that was given."""
    path = tmp_path / "questions.txt"
    path.write_text("Who?\n")
    with path.open("rb") as stream:
        assert len(list(read_questions(stream))) == 1
        assert not stream.closed


def test_a_range_without_a_day_between_run_and_question_is_an_error() -> None:
    """The run's `since` and the question's own `until` are looked at together."""
    lines = (
        b'{"id": "old", "question": "Who?", "until": "2020"}\n'
        b'{"id": "new", "question": "Who?", "until": "2024"}\n'
        b'{"id": "own", "question": "Who?", "since": "2019", "until": "2020"}\n'
    )

    old, new, own = read_questions(io.BytesIO(lines), filters=Filters(since="2023-01-01"))

    assert isinstance(old, BadQuestion)
    assert old.error == "the range of dates is empty: 2023-01-01 is after 2020-12-31."
    assert new == QuestionRecord("new", "Who?", filters=Filters(until="2024-12-31"))
    assert isinstance(own, QuestionRecord)


@pytest.mark.parametrize(
    ("value", "error"),
    [('"\\ud800"', "not valid Unicode"), (f'"{"x" * 60_000}"', "at most 2,000 characters")],
    ids=["lone surrogate", "long"],
)
@pytest.mark.parametrize("name", ["issuer", "source", "speaker", "lang", "since"])
@pytest.mark.parametrize("nested", [False, True])
def test_a_filter_that_cannot_be_searched_is_an_error_of_its_question(
    name: str, value: str, error: str, *, nested: bool
) -> None:
    """The store cannot compare such a text; the questions before and after it are asked."""
    own = f'"filters": {{"{name}": {value}}}' if nested or name == "lang" else f'"{name}": {value}'
    found = read(f'{{"question": "a?"}}\n{{"question": "b?", {own}}}\n{{"question": "c?"}}')

    assert [QuestionRecord, BadQuestion, QuestionRecord] == list(map(type, found))
    assert isinstance(found[1], BadQuestion)
    assert f"the filter {name}" in found[1].error
    assert error in found[1].error
    found[1].error.encode()
