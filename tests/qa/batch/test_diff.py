"""What changed between two runs of the same questions."""

from dataclasses import replace

import pytest
from made_answers import made_answer, made_passage, made_release

from qa.answer_json import Failure, Outcome
from qa.batch.diff import Change, ComparableOutcome, comparable, compare, compare_outcomes
from qa.types import Timing

ANSWERED = made_answer(made_passage(exact=(40, 46)))
DECLINED = made_answer(answered=False)
FAILED = Failure("q1", "When does the bridge open?", "the question is empty")


def change(old: Outcome, new: Outcome, *, moved: float = 0.05) -> Change | None:
    """What changed between two outcomes."""
    return compare_outcomes(comparable(old), comparable(new), moved=moved)


def kinds(
    old: list[ComparableOutcome], new: list[ComparableOutcome]
) -> list[tuple[str, str | None]]:
    """Each change of a comparison, with the question's id."""
    return [(found.kind, found.question.id) for found in compare(old, new).changes]


def asked(identifier: str, question: str, words: str = "June 3") -> ComparableOutcome:
    """An answered question."""
    return ComparableOutcome(identifier, question, "answered", 0.9, words=words)


def test_times_scores_and_lower_passages_are_no_change() -> None:
    """Two answers with the same best words are the same, whatever else differs."""
    slower = replace(
        ANSWERED,
        timing=Timing(100.0, 200.0, 300.0),
        passages=(replace(ANSWERED.passages[0], score=0.1), made_passage(2)),
    )

    assert change(ANSWERED, slower) is None


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (DECLINED, ANSWERED, "gained"),
        (FAILED, ANSWERED, "gained"),
        (ANSWERED, DECLINED, "lost"),
        (ANSWERED, FAILED, "lost"),
        (FAILED, DECLINED, "changed"),
        (DECLINED, FAILED, "changed"),
        (FAILED, replace(FAILED, error="the question is too long"), "changed"),
    ],
)
def test_answers_are_gained_and_lost(old: Outcome, new: Outcome, kind: str) -> None:
    """What is answered in one run alone is gained or lost; other reasons are changes."""
    found = change(old, new)

    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("outcome", [ANSWERED, DECLINED, FAILED])
def test_nothing_changed_is_no_change(outcome: Outcome) -> None:
    """An outcome equals itself, answered, declined or failed."""
    assert change(outcome, outcome) is None


def test_another_reason_to_decline_is_no_change() -> None:
    """A question without an answer in both runs is the same."""
    assert change(DECLINED, replace(DECLINED, reason="found no date")) is None


def test_what_of_an_answer_changed_is_named() -> None:
    """Words, evidence, passage and release are told apart."""
    other = made_answer(made_passage(exact=(8, 20), evidence=(0, 19)))
    elsewhere = made_answer(made_passage(exact=(40, 46), release=made_release("copy")))

    assert (found := change(ANSWERED, other)) is not None
    assert (found.kind, found.parts) == ("changed", ("words", "evidence"))
    assert (found := change(ANSWERED, elsewhere)) is not None
    assert (found.kind, found.parts) == ("changed", ("release",))


def test_the_same_words_under_another_number_are_the_same_answer() -> None:
    """A passage that only changed its number in its release is the same."""
    moved = made_answer(made_passage(exact=(40, 46), ordinal=4))

    assert change(ANSWERED, moved) is None


@pytest.mark.parametrize(
    ("confidence", "moved", "kind"),
    [(0.88, 0.05, None), (0.879999, 0.05, "moved"), (0.93, 0.0, None), (0.929999, 0.0, "moved")],
)
def test_a_confidence_moves_beyond_the_limit(
    confidence: float, moved: float, kind: str | None
) -> None:
    """A difference of exactly the limit does not count, by the decimals that are written."""
    found = change(ANSWERED, replace(ANSWERED, confidence=confidence), moved=moved)

    assert (found.kind if found else None) == kind


def test_questions_in_one_run_alone_are_named() -> None:
    """Questions that came are in their place, those that went at the end."""
    old = [asked("1", "A?"), asked("2", "B?"), asked("3", "C?")]
    new = [asked("1", "A?"), asked("4", "D?"), asked("3", "C?")]

    assert kinds(old, new) == [("only new", "4"), ("only old", "2")]


def test_a_question_put_in_between_does_not_shift_the_others() -> None:
    """Without ids of their own, questions are known by their words."""
    old = [asked("1", "A?"), asked("2", "B?")]
    new = [asked("1", "New?"), asked("2", "A?"), asked("3", "B?", words="June 4")]

    assert kinds(old, new) == [("only new", "1"), ("changed", "3")]


def test_other_words_under_the_same_id_are_another_question() -> None:
    """An id alone does not make two questions the same."""
    assert kinds([asked("1", "A?")], [asked("1", "B?")]) == [("only new", "1"), ("only old", "1")]


def test_repeated_questions_are_compared_in_their_order() -> None:
    """The first of a kind with the first, the second with the second."""
    old = [asked("1", "A?", "x"), asked("1", "A?", "y"), asked("1", "A?", "z")]
    new = [asked("1", "A?", "x"), asked("1", "A?", "z")]

    found = compare(old, new)

    assert [c.kind for c in found.changes] == ["changed", "only old"]
    assert (found.same, found.counts["changed"], found.counts["lost"]) == (1, 1, 0)
    assert bool(found) != bool(compare(old, old))
