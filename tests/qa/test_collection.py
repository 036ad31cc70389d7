"""Asking a real collection: the promises every answer keeps."""

import gc
import json
import random
import shutil
import subprocess
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from checkout import SAMPLES

from index.errors import CollectionNotFoundError, CollectionReplacedError
from index.filters import Filters
from index.ingest.update import update_collection
from qa import open_collection
from qa.answer_json import answer_to_json, dumps
from qa.collection import Collection
from qa.errors import ClosedError, QuestionError, SettingsError
from qa.evaluation.squad import token_f1
from qa.types import Answer

QUESTIONS = [
    json.loads(line)
    for line in (SAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def collection(sample_collection: Path) -> Iterator[Collection]:
    """The samples, open for asking."""
    with open_collection(sample_collection) as opened:
        yield opened


@pytest.fixture(scope="module")
def answers(collection: Collection) -> list[Answer]:
    """An answer to every sample question."""
    return [collection.ask(record["question"], k=10) for record in QUESTIONS]


def test_the_right_release_is_first(answers: list[Answer]) -> None:
    """At least nine of ten answerable sample questions have their release at rank 1."""
    asked = [(r, a) for r, a in zip(QUESTIONS, answers, strict=True) if r["answerable"]]
    right = [a.passages[0].release.id == r["release"] for r, a in asked]

    assert sum(right) >= 0.9 * len(right)


def test_the_evidence_holds_the_answer(answers: list[Answer]) -> None:
    """Two in three of these much paraphrased questions have their answer in the evidence.

    35 of 44 when this was written: a floor against regressions, not a goal.
    """
    asked = [(r, a) for r, a in zip(QUESTIONS, answers, strict=True) if r["answerable"]]
    held = [
        a.evidence is not None
        and any(" ".join(s.split()) in " ".join(a.evidence.text.split()) for s in r["answers"])
        for r, a in asked
    ]

    assert sum(held) >= 0.68 * len(held)


def test_the_exact_words_are_close_to_a_readers(answers: list[Answer]) -> None:
    """Of every three answerable questions two are answered in words that readers marked.

    33 of 44 when this was written, by an F1 of more than .5.
    """
    asked = [(r, a) for r, a in zip(QUESTIONS, answers, strict=True) if r["answerable"]]
    close = [a.answer is not None and token_f1(a.answer.text, r["answers"]) > 0.5 for r, a in asked]

    assert sum(close) >= 0.64 * len(close)


def test_confidence_tells_what_can_be_answered(answers: list[Answer]) -> None:
    """Answerable sample questions are answered and the others declined, three times of four.

    Forty-seven of fifty-four when this was written: a floor against regressions, not a goal.
    """
    right = [a.answered == r["answerable"] for r, a in zip(QUESTIONS, answers, strict=True)]

    assert sum(right) >= 0.78 * len(right)


def test_passages_are_cut_from_the_stored_text(
    collection: Collection, answers: list[Answer]
) -> None:
    """The words of a passage are exactly what the release holds at its span."""
    for answer in answers:
        for passage in answer.passages:
            text = collection.document(passage.release.id).text
            assert text[slice(*passage.span)] == passage.text


def test_highlights_lie_inside_the_passage(answers: list[Answer]) -> None:
    """Every mark is a stretch of the passage, sorted, with a score between 0 and 1."""
    for answer in answers:
        for passage in answer.passages:
            marks = passage.highlights
            assert all(0 <= m.span[0] < m.span[1] <= len(passage.text) for m in marks)
            assert all(0 <= m.score <= 1 for m in marks)
            assert list(marks) == sorted(marks, key=lambda m: m.span[0])


def test_scores_never_rise_with_rank(answers: list[Answer]) -> None:
    """Ranks count from 1 and scores do not rise."""
    for answer in answers:
        scores = [p.score for p in answer.passages]
        assert scores == sorted(scores, reverse=True)
        assert [p.rank for p in answer.passages] == list(range(1, len(scores) + 1))


def test_every_citation_is_accepted(collection: Collection, answers: list[Answer]) -> None:
    """The program's own citations check out and return the cited words."""
    for answer in answers:
        for passage in answer.passages:
            check = collection.check(passage.citation)
            assert (True, passage.text) == (check.ok, check.text)


def test_a_citation_with_one_character_changed_is_rejected(
    collection: Collection, answers: list[Answer]
) -> None:
    """Whichever character of a citation is replaced, it no longer checks out."""
    chance = random.Random(7)
    for answer in answers:
        citation = answer.passages[0].citation
        place = chance.randrange(len(citation))
        other = chance.choice([c for c in "abcdefg0123456789.#" if c != citation[place]])
        changed = citation[:place] + other + citation[place + 1 :]
        assert not collection.check(changed).ok, changed


def test_nothing_is_marked_where_nothing_answers(answers: list[Answer]) -> None:
    """A declined question has a reason, no evidence and no marked sentence."""
    declined = [answer for answer in answers if not answer.answered]

    assert declined
    for answer in declined:
        assert answer.reason
        assert answer.evidence is None
        kinds = {mark.kind for passage in answer.passages for mark in passage.highlights}
        assert kinds <= {"term"}


def test_the_same_question_gives_the_same_answer(sample_collection: Path) -> None:
    """Two processes give the same JSON byte for byte, timing aside."""
    script = (
        "import json, sys\n"
        "from qa import open_collection\n"
        "from qa.answer_json import answer_to_json\n"
        "with open_collection(sys.argv[1]) as c:\n"
        "    for q in ('When did Joly visit Korea?', 'Who paid for the trails?'):\n"
        "        record = answer_to_json(c.ask(q, k=10))\n"
        "        record.pop('timing')\n"
        "        print(json.dumps(record))\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, str(sample_collection)],
            capture_output=True, check=True, cwd=SAMPLES.parent, timeout=120,
        ).stdout
        for _ in range(2)
    }  # fmt: skip

    assert 1 == len(outputs)
    assert b"canada-korea-visit" in outputs.pop()


def test_filters_apply_before_the_best_are_chosen(collection: Collection) -> None:
    """A filter that excludes the best passages still gives k others that meet it."""
    question = "When did Joly visit Korea?"
    free = collection.ask(question, k=3)
    assert {"canada-korea-visit"} == {p.release.id for p in free.passages}

    held = collection.ask(question, k=3, filters=Filters(issuer="government of manitoba"))

    assert ["parkland-greenhouse"] * 3 == [p.release.id for p in held.passages]
    assert not held.answered


@pytest.mark.parametrize(
    ("filters", "meets"),
    [
        (Filters(since="2021-01-01"), lambda r: r.date >= "2021-01-01"),
        (Filters(until="2006-12-31"), lambda r: r.date <= "2006-12-31"),
        (Filters(lang="fr"), lambda r: r.lang == "fr"),
        (Filters(source="*.html"), lambda r: r.source.endswith(".html")),
    ],
)
def test_each_filter_restricts(collection: Collection, filters: Filters, meets: object) -> None:
    """Passages and listed releases all meet the filter, and there are some."""
    assert callable(meets)
    found = [p.release for p in collection.ask("What was announced?", filters=filters).passages]
    listed = collection.releases(filters)

    assert found
    assert all(map(meets, found))
    assert listed
    assert all(map(meets, listed))
    assert {r.id for r in found} <= {r.id for r in listed}


def test_kinds_can_be_chosen(collection: Collection) -> None:
    """With a kind given only passages of that kind are searched."""
    answer = collection.ask("Who can the media ask?", filters=Filters(kinds=("contact",)))

    assert {"contact"} == {p.kind for p in answer.passages}


def test_words_alone_find_without_the_encoder(collection: Collection) -> None:
    """A words-only answer is partial, has no meaning scores and finds by words."""
    answer = collection.ask("When did Joly visit Korea?", words_only=True)

    assert answer.partial
    assert "canada-korea-visit" == answer.passages[0].release.id
    assert {None} == {p.scores.dense for p in answer.passages}


def test_explain_adds_the_features(collection: Collection) -> None:
    """Explained passages carry named numbers, others none."""
    plain = collection.ask("When did Joly visit Korea?", k=1)
    explained = collection.ask("When did Joly visit Korea?", k=1, explain=True)

    assert () == plain.passages[0].explanation
    assert "coverage" in dict(explained.passages[0].explanation)


@pytest.mark.parametrize("question", ["", "  \n ", "?!", "x" * 2_001])
def test_what_is_no_question_is_refused(collection: Collection, question: str) -> None:
    """Empty and over-long questions raise an error that says so."""
    with pytest.raises(QuestionError):
        collection.ask(question)


@pytest.mark.parametrize(
    "question",
    [
        'AND OR NOT "( title:*',
        "* \\ \" ' ((( Korea",
        "a" * 1_000,
        "(a+)+$ " * 200,
        "\ud800 Korea \x00",
    ],
)
def test_search_syntax_is_plain_words(collection: Collection, question: str) -> None:
    """Operators, brackets, backslashes and stray surrogates are asked like any other words."""
    assert isinstance(collection.ask(question), Answer)


@pytest.mark.parametrize("reader", [False, True])
def test_questions_asked_together_are_answered_as_alone(
    sample_collection: Path, reader: bool
) -> None:
    """Answers of a group are those of each question by itself, to the last digit."""
    questions = [
        "Who visited Korea in April?",
        "When does the new minimum wage begin?",
        "How much does the hospital cost?",
        "Who paid for the bridge?",
        "minimum wage Yukon",
        "When is the Hillsborough Bridge pathway open?",
        "What is the capital of Mongolia?",
    ]
    with open_collection(sample_collection) as collection:
        alone = [collection.ask(question, k=4, reader=reader) for question in questions]
        together = collection.ask_many(questions, k=4, reader=reader)

    def timeless(answer: Answer) -> str:
        return dumps({**answer_to_json(answer), "timing": None})

    assert [timeless(answer) for answer in together] == [timeless(answer) for answer in alone]
    assert len({answer.passages[0].text for answer in together}) > 4


def test_a_closed_collection_says_so(sample_collection: Path) -> None:
    """Whatever is asked of it; closing twice is no error."""
    with open_collection(sample_collection) as collection:
        pass
    collection.close()

    for ask in (lambda: collection.ask("Who?"), collection.status, collection.refresh):
        with pytest.raises(ClosedError, match="is closed; open it again"):
            ask()


@pytest.mark.parametrize(
    ("question", "options", "error", "said"),
    [
        (None, {}, QuestionError, "the question is not a string: None"),
        (b"Who?", {}, QuestionError, "the question is not a string: b'Who"),
        ("Who?", {"k": 0}, SettingsError, "k is 0; it must be a whole number of at least 1"),
        ("Who?", {"k": 2.5}, SettingsError, "k is 2.5; it must be a whole number"),
        ("Who?", {"risk": 0}, SettingsError, "between 0 and 1"),
    ],
)
def test_what_cannot_be_asked_is_said(
    collection: Collection, question: Any, options: Any, error: type[Exception], said: str
) -> None:
    """Wrong types and values are errors in words, alone and together."""
    with pytest.raises(error, match=said):
        collection.ask(question, **options)
    with pytest.raises(error, match=said):
        collection.ask_many([question], **options)


def test_an_open_collection_does_not_answer_from_a_deleted_folder(collection_copy: Path) -> None:
    """After its folder is deleted, a collection says so, also for a question asked before."""
    question = "When did Minister Joly visit Korea?"
    with Collection(collection_copy) as collection:
        assert collection.ask(question, reader=False).passages
        shutil.rmtree(collection_copy)
        for act in (lambda: collection.ask(question, reader=False), collection.status,
                    lambda: collection.ask_many([question]), collection.refresh):  # fmt: skip
            with pytest.raises(CollectionNotFoundError, match="deleted or moved"):
                act()


def test_an_open_collection_notices_another_in_its_place(
    collection_copy: Path, tmp_path: Path
) -> None:
    """A question is refused when the folder was replaced; a refresh opens what is there now."""
    question = "When did Minister Joly visit Korea?"
    shutil.copytree(collection_copy, tmp_path / "other")
    with Collection(collection_copy) as collection:
        before = collection.ask(question, reader=False)
        shutil.rmtree(collection_copy)
        (tmp_path / "other").rename(collection_copy)
        with pytest.raises(CollectionReplacedError, match="was replaced by another collection"):
            collection.ask(question, reader=False)
        assert collection.refresh()
        assert not collection.refresh()
        assert before.passages == collection.ask(question, reader=False).passages


def test_what_a_refresh_replaces_is_freed_at_once(collection_copy: Path, tmp_path: Path) -> None:
    """The indexes from before are freed with the last question that uses them."""
    with open_collection(collection_copy) as collection:
        collection.ask(QUESTIONS[0]["question"])
        gc.disable()
        try:
            replaced = [weakref.ref(collection._opened), weakref.ref(collection._searcher)]
            (tmp_path / "new.txt").write_text("A bridge opens\n\nThe bridge in Gander is open now.")
            update_collection(collection_copy, [tmp_path / "new.txt"])
            assert collection.refresh()
            assert [None, None] == [part() for part in replaced]
        finally:
            gc.enable()
        assert collection.ask("Which bridge is open in Gander?").answered
