"""Batches: many questions in order, and files that an interrupted run goes on with."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from made_answers import MadeCollection

from index.filters import Filters
from qa.answer_json import Failure, Outcome
from qa.batch.question_file import BadQuestion, QuestionRecord
from qa.batch.run import Asked, Tally, answer_group, answer_questions
from qa.batch.to_file import journal_path, write_batch
from qa.errors import OutputError, QuestionError
from qa.export import FORMATS, Format, outcome_format
from qa.types import Answer, AskOptions

WORDS = [f"Question {number}?" for number in range(1, 41)]


def asked(words: list[str] = WORDS) -> Iterator[Asked]:
    """Questions with their numbers as ids; every seventh cannot be asked."""
    for number, text in enumerate(words, start=1):
        if number % 7:
            yield QuestionRecord(str(number), text)
        else:
            yield BadQuestion(str(number), text, "bad")


def run(
    collection: MadeCollection,
    out: Path,
    *,
    questions: Iterator[Asked] | None = None,
    form: Format = "jsonl",
    resume: bool = False,
    options: AskOptions | None = None,
    group_size: int = 4,
) -> Tally:
    """Write a batch to a file."""
    return write_batch(
        collection,
        asked() if questions is None else questions,
        options or AskOptions(k=2),
        out,
        outcome_format(form),
        resume=resume,
        group_size=group_size,
    )


def interrupted(out: Path, at: str, collection: MadeCollection | None = None) -> None:
    """Run a batch that is interrupted at a question."""
    collection = collection or MadeCollection()
    collection.interrupt_at = at
    with pytest.raises(KeyboardInterrupt):
        run(collection, out)


def test_outcomes_come_in_the_order_of_the_questions() -> None:
    """Each question has its outcome in its place, with its id, whatever the group's size."""
    for group_size in (1, 3, 16, 100):
        found = list(
            answer_questions(MadeCollection(), asked(), AskOptions(k=1), group_size=group_size)
        )

        assert [(question.id, outcome.id) for question, outcome in found] == [
            (str(number), str(number)) for number in range(1, 41)
        ]
        assert [outcome.question for _, outcome in found] == WORDS
        assert [outcome.id for _, outcome in found if isinstance(outcome, Failure)] == [
            "7", "14", "21", "28", "35",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("jobs", "sizes"), [(1, [16, 32, 64, 128, 60]), (2, [16, 16, 32, 32, 64, 64, 76])]
)
def test_groups_grow_so_that_a_few_questions_are_shared_by_all(jobs: int, sizes: list[int]) -> None:
    """Each process gets small groups first, and large ones of a long batch."""
    collection, options = MadeCollection(), AskOptions(reader=False)
    given: list[int] = []

    class MadeWorkers:
        """Answers at once, and keeps how many questions it was given."""

        def __init__(self) -> None:
            self.jobs = jobs

        def submit(
            self, group: Sequence[Asked], options: AskOptions
        ) -> Callable[[], list[Outcome]]:
            """Answer a group."""
            given.append(len(group))
            found = answer_group(collection, group, options)
            return lambda: found

    questions = [QuestionRecord(str(number), "word") for number in range(300)]
    found = answer_questions(collection, questions, options, workers=MadeWorkers())

    assert [str(number) for number in range(300)] == [outcome.id for _, outcome in found]
    assert sizes == given


def test_filters_of_a_question_hold_for_it_alone() -> None:
    """Questions with filters are asked with them on top of the run's."""
    collection = MadeCollection()
    questions = [
        QuestionRecord("1", "A?"),
        QuestionRecord("2", "B?", filters=Filters(lang="fr")),
        QuestionRecord("3", "C?", filters=Filters(lang="fr")),
        QuestionRecord("4", "D?"),
    ]
    options = AskOptions(k=1, filters=Filters(since="2020-01-01", lang="en"))

    found = [outcome.id for _, outcome in answer_questions(collection, questions, options)]

    assert found == ["1", "2", "3", "4"]
    assert collection.filters == [
        Filters(since="2020-01-01", lang="en"),
        Filters(since="2020-01-01", lang="fr"),
        Filters(since="2020-01-01", lang="en"),
    ]


def test_a_question_that_is_refused_does_not_stop_the_others() -> None:
    """When one of a group is refused, it alone is a failure with the reason."""

    class Refusing(MadeCollection):
        def ask_many(self, questions: Sequence[str], options: AskOptions) -> list[Answer]:
            if "B?" in questions:
                raise QuestionError("no B")
            return super().ask_many(questions, options)

    questions = [QuestionRecord("1", "A?"), QuestionRecord("2", "B?"), QuestionRecord("3", "C?")]

    found = [outcome for _, outcome in answer_questions(Refusing(), questions, AskOptions(k=1))]

    assert found[1] == Failure("2", "B?", "no B")
    assert [type(outcome) for outcome in found] == [Answer, Failure, Answer]


def test_questions_are_not_read_ahead_of_a_group_of_one() -> None:
    """With groups of one, each outcome comes before the next question is read."""
    read: list[str] = []

    def source() -> Iterator[Asked]:
        for number in ("1", "2", "3"):
            read.append(number)
            yield QuestionRecord(number, "A?")

    outcomes = answer_questions(MadeCollection(), source(), AskOptions(k=1), group_size=1)

    next(outcomes)
    assert read == ["1"]
    next(outcomes)
    assert read == ["1", "2"]


def test_a_tally_counts_how_questions_ended(tmp_path: Path) -> None:
    """Answered, declined and failed questions are counted apart."""
    questions = iter(
        [QuestionRecord("1", "A?"), QuestionRecord("2", "nothing?"), BadQuestion("3", "", "bad")]
    )

    assert run(MadeCollection(), tmp_path / "out", questions=questions) == Tally(1, 1, 1)


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    """While a batch runs the old file stands; afterwards the new one, and nothing beside it."""
    out = tmp_path / "out.jsonl"
    out.write_text("old\n")

    interrupted(out, "Question 9?")
    assert out.read_text() == "old\n"

    assert run(MadeCollection(), out) == Tally(answered=35, failed=5)
    assert len(out.read_text().splitlines()) == 40
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("stop", ["Question 1?", "Question 9?", "Question 40?"])
def test_a_resumed_batch_ends_with_the_same_file(tmp_path: Path, form: Format, stop: str) -> None:
    """Interrupted anywhere and resumed, the file is byte for byte the uninterrupted one."""
    whole, out = tmp_path / "whole", tmp_path / "out"
    run(MadeCollection(), whole, form=form)
    collection = MadeCollection()
    collection.interrupt_at = stop
    with pytest.raises(KeyboardInterrupt):
        run(collection, out, form=form)
    collection.interrupt_at = None

    tally = run(collection, out, form=form, resume=True)

    assert out.read_bytes() == whole.read_bytes()
    assert tally == Tally(answered=35, failed=5)
    assert sorted(collection.asked) == sorted(set(collection.asked))  # nothing is asked twice
    assert not journal_path(out).exists()


@pytest.mark.parametrize("cut", [1, 5, 300, 3000])
def test_a_torn_last_line_is_asked_again(tmp_path: Path, cut: int) -> None:
    """Whatever part of the journal's end is lost, the result is the same."""
    whole, out = tmp_path / "whole", tmp_path / "out"
    run(MadeCollection(), whole)
    interrupted(out, "Question 33?")
    journal = journal_path(out)
    journal.write_bytes(journal.read_bytes()[:-cut])

    run(MadeCollection(), out, resume=True)

    assert out.read_bytes() == whole.read_bytes()


def test_garbage_in_the_journal_is_cut_off(tmp_path: Path) -> None:
    """A line that cannot be read, and all after it, is asked again."""
    whole, out = tmp_path / "whole", tmp_path / "out"
    run(MadeCollection(), whole)
    interrupted(out, "Question 33?")
    lines = journal_path(out).read_bytes().splitlines(keepends=True)
    lines[5] = b"\0" * len(lines[5][:-1]) + b"\n"
    journal_path(out).write_bytes(b"".join(lines))
    collection = MadeCollection()

    run(collection, out, resume=True)

    assert out.read_bytes() == whole.read_bytes()
    assert collection.asked[0] == "Question 5?"


def test_changed_questions_are_asked_again_from_the_first_change(tmp_path: Path) -> None:
    """What stands before a changed question is kept, the rest is asked."""
    out = tmp_path / "out"
    interrupted(out, "Question 33?")
    words = [*WORDS[:9], "Another?", *WORDS[10:]]
    collection = MadeCollection()

    run(collection, out, questions=asked(words), resume=True)

    assert collection.asked[0] == "Another?"
    assert [json.loads(line)["question"] for line in out.read_text().splitlines()] == words


def test_fewer_questions_than_before_are_all_there_is(tmp_path: Path) -> None:
    """A file of questions that was cut short gives just its own questions."""
    out = tmp_path / "out"
    interrupted(out, "Question 33?")

    tally = run(MadeCollection(), out, questions=asked(WORDS[:3]), resume=True)

    assert tally.total == 3
    assert len(out.read_text().splitlines()) == 3


@pytest.mark.parametrize(
    ("state", "options"),
    [
        ("two", AskOptions(k=2)),
        ("one", AskOptions(k=3)),
        ("one", AskOptions(2, risk=0.1)),
        ("one", AskOptions(2, Filters(lang="en"))),
        ("one", AskOptions(2, words_only=True)),
    ],
)
def test_answers_of_another_collection_or_other_options_are_not_mixed_in(
    tmp_path: Path, state: str, options: AskOptions
) -> None:
    """When the collection or an option has changed, everything is asked anew."""
    out = tmp_path / "out"
    interrupted(out, "Question 33?")
    collection = MadeCollection(state)

    run(collection, out, resume=True, options=options)

    assert collection.asked == [text for number, text in enumerate(WORDS, 1) if number % 7]


def test_two_batches_do_not_write_one_file(tmp_path: Path) -> None:
    """While a batch writes a file another is refused, and the first ends as if alone."""
    whole, out = tmp_path / "whole", tmp_path / "out"
    run(MadeCollection(), whole)
    refused: list[str] = []

    def source() -> Iterator[Asked]:
        for number, question in enumerate(asked()):
            if number == 10:
                with pytest.raises(OutputError, match="another batch is writing") as caught:
                    run(MadeCollection(), out, resume=True)
                refused.append(str(caught.value))
            yield question

    run(MadeCollection(), out, questions=source())

    assert len(refused) == 1
    assert out.read_bytes() == whole.read_bytes()
    assert sorted(tmp_path.iterdir()) == [out, whole]


def test_a_batch_that_ended_before_its_first_answer_is_begun_anew(tmp_path: Path) -> None:
    """The journal is known for one from its first byte on."""
    out = tmp_path / "out"

    def ended() -> Iterator[Asked]:
        assert journal_path(out).stat().st_size > 0
        yield QuestionRecord("1", "A?")

    run(MadeCollection(), out, questions=ended())

    assert out.is_file()


def test_without_resume_a_batch_begins_anew(tmp_path: Path) -> None:
    """What an interrupted run has left counts only when that is asked for."""
    out = tmp_path / "out"
    interrupted(out, "Question 33?")
    collection = MadeCollection()

    run(collection, out)

    assert len(collection.asked) == 35


def test_a_file_in_the_journals_place_is_not_touched(tmp_path: Path) -> None:
    """Someone else's file of the journal's name is named, and stays as it is."""
    out = tmp_path / "out"
    journal_path(out).write_text("mine\n")
    for resume in (False, True):
        with pytest.raises(OutputError, match=r"out\.partial exists but is not a journal"):
            run(MadeCollection(), out, resume=resume)
    assert journal_path(out).read_text() == "mine\n"


def test_a_link_is_followed_to_the_file_it_names(tmp_path: Path) -> None:
    """Writing to a link replaces the file behind it, not the link."""
    (tmp_path / "there").mkdir()
    out, target = tmp_path / "out", tmp_path / "there" / "real"
    out.symlink_to(target)

    run(MadeCollection(), out, questions=asked(WORDS[:2]))

    assert out.is_symlink()
    assert len(target.read_text().splitlines()) == 2


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A missing folder is an error with its path, before any question is asked."""
    collection = MadeCollection()
    with pytest.raises(OutputError, match=r"missing/out cannot be written: No such file"):
        run(collection, tmp_path / "missing" / "out")
    assert collection.asked == []
