"""Rows of answers that agree, and what changed between them."""

from dataclasses import replace

import pytest

from qa.figures.types import Figure
from qa.tracking.rows import supported, track_rows
from qa.tracking.types import Frame, TrackedAnswer, TrackRow

ANSWER = TrackedAnswer(
    release=0,
    passage_id="r#0",
    text="",
    span=(0, 0),
    sentence="",
    sentence_span=(0, 0),
    figure=None,
    frame=Frame(frozenset(), frozenset({"minimum", "wage"})),
    confidence=1.0,
    is_sure=True,
    citation="",
)


def money(value: float, **changes: object) -> TrackedAnswer:
    """An amount of Canadian dollars."""
    figure = Figure("money", (0, 0), value, currency="CAD")
    return replace(ANSWER, figure=figure, **changes)  # type: ignore[arg-type]


def rows(*answers: TrackedAnswer) -> list[TrackRow]:
    """Rows of answers by date; the issuer is the number of the release."""
    return track_rows(answers, lambda answer: str(answer.release))


def summary(found: list[TrackRow]) -> list[tuple[float | None, int, float | None]]:
    """The value of each row, how often it was said, and what it changed from."""
    return [
        (
            row.first.figure.value if row.first.figure else None,
            len(row.answers),
            row.changed_from.figure.value if row.changed_from and row.changed_from.figure else None,
        )
        for row in found
    ]


def test_equal_values_are_one_row_and_another_changed_from_it() -> None:
    """Also when the first value comes again."""
    found = rows(money(15), money(15), money(16), money(15))

    assert summary(found) == [(15, 2, None), (16, 1, 15), (15, 1, 16)]


@pytest.mark.parametrize(
    "other",
    [
        replace(ANSWER, figure=Figure("money", (0, 0), 16, currency="USD")),
        replace(ANSWER, figure=Figure("money", (0, 0), 16, currency="CAD", per="hour")),
        replace(ANSWER, figure=Figure("percent", (0, 0), 16)),
        replace(ANSWER, text="sixteen"),
        money(16, release=1),
        money(16, frame=Frame(frozenset({"ohio"}), frozenset({"minimum", "wage"}))),
        money(16, frame=Frame(frozenset(), frozenset({"minimum", "tax"}))),
    ],
    ids=["currency", "per", "unit", "words", "issuer", "name", "words around"],
)
def test_no_change_is_invented(other: TrackedAnswer) -> None:
    """Values of another currency, unit or measure, issuer, place or thing are not linked."""
    assert [row.changed_from for row in rows(money(15), other)] == [None, None]


def test_two_series_of_one_issuer_do_not_mix() -> None:
    """Each value changed from the last one of its own kind."""
    ohio = Frame(frozenset({"ohio"}), frozenset({"wage"}))
    found = rows(money(15), money(9, frame=ohio), money(16), money(8, frame=ohio))

    assert summary(found) == [(15, 1, None), (9, 1, None), (16, 1, 15), (8, 1, 9)]


def test_small_equal_numbers_of_different_issuers_are_not_folded() -> None:
    """Five cases here and five there are no repetition; the same amount of money is."""
    five = replace(ANSWER, figure=Figure("count", (0, 0), 5))

    assert len(rows(five, replace(five, release=1))) == 2
    assert len(rows(money(15), money(15, release=1))) == 1


def test_words_are_folded_but_never_called_a_change() -> None:
    """One answer has all content words of the other."""
    found = rows(
        replace(ANSWER, text="the Minister, Ann Roe"),
        replace(ANSWER, text="Ann Roe"),
        replace(ANSWER, text="Cy Poe"),
    )

    assert [len(row.answers) for row in found] == [2, 1]
    assert found[1].changed_from is None


def test_an_unsure_answer_needs_another() -> None:
    """That says the same, or that has another value of the same thing."""
    alone = money(9, is_sure=False, release=1, passage_id="s#0")
    found = rows(money(15, is_sure=False), alone, money(16, is_sure=False))

    assert summary(supported(found)) == [(15, 1, None), (16, 1, 15)]
    assert supported(rows(replace(alone, is_sure=True))) != []
    assert supported(rows(alone)) == []
    assert len(supported(rows(alone, alone))) == 1


def test_a_change_is_from_the_last_value_of_the_series() -> None:
    """Also where the words are nearer to those of an earlier one."""

    def frame(words: str) -> Frame:
        return Frame(frozenset(), frozenset(words))

    found = rows(
        money(15, frame=frame("abcd")),
        money(16, frame=frame("abc")),
        money(17, frame=frame("abde")),
    )

    assert summary(found) == [(15, 1, None), (16, 1, 15), (17, 1, 16)]


def test_the_same_amount_is_folded_if_one_issuer_or_the_same_words_say_so() -> None:
    """Not if another issuer says it of something else, or the issuer said another since."""
    other = Frame(frozenset({"ohio"}), frozenset({"tax"}))

    assert len(rows(money(15), money(15, frame=other))) == 1
    assert len(rows(money(15), money(15, frame=other, release=1))) == 2
    assert len(rows(money(15), money(16), money(15, frame=other))) == 3
