"""Where one is in a conversation, and where the keys lead from there."""

from dataclasses import replace
from itertools import groupby

import pytest
from plain_engine import PlainEngine, reversed_order
from releases import ORDINARY

from qa.presentation import is_painted
from qa.types import Answer, Highlight
from tui.state.turns import (
    ChatTurn,
    Cursor,
    best_evidence,
    edge_passage,
    evidence_of,
    reading_order,
    settle,
    shown_passages,
    start_of,
    step_evidence,
    step_passage,
)


def answer(question: str) -> Answer:
    """Ask the plain engine."""
    return PlainEngine(ORDINARY).ask(question)


VISIT = answer("Who did Minister Joly meet in Seoul?")
FERRY = answer("When does the night ferry start?")
NOTHING = answer("zzz")
TURNS = [
    ChatTurn(0, "visit", state="done", answer=VISIT),
    ChatTurn(1, "nothing", state="done", answer=NOTHING),
    ChatTurn(2, "ferry", state="done", answer=FERRY),
]
LAST = len(VISIT.passages) - 1


def test_stepping_goes_over_the_ends_of_answers_and_past_those_without_passages() -> None:
    """From the last passage of one answer, j leads to the first of the next that has any."""
    assert step_passage(TURNS, Cursor(0, LAST), 1) == Cursor(2, 0)
    assert step_passage(TURNS, Cursor(2, 0), -1) == Cursor(0, LAST)
    assert step_passage(TURNS, Cursor(0, 0), -1) is None
    assert step_passage(TURNS, Cursor(2, len(FERRY.passages) - 1), 1) is None


def test_stepping_without_a_cursor_starts_at_the_near_end() -> None:
    """Nothing read yet: j starts at the first passage, k at the last."""
    assert step_passage(TURNS, None, 1) == Cursor(0, 0)
    assert step_passage(TURNS, None, -1) == Cursor(2, len(FERRY.passages) - 1)
    assert step_passage([TURNS[1]], None, 1) is None


def test_edges_are_first_of_the_answer_then_of_the_conversation() -> None:
    """The key g goes to the best passage of this answer, and from there to the first of all."""
    assert edge_passage(TURNS, Cursor(2, 1), last=False) == Cursor(2, 0)
    assert edge_passage(TURNS, Cursor(2, 0), last=False) == Cursor(0, 0)
    assert edge_passage(TURNS, Cursor(0, 0), last=True) == Cursor(0, LAST)
    assert edge_passage(TURNS, Cursor(0, LAST), last=True) == Cursor(2, len(FERRY.passages) - 1)


def test_evidence_steps_through_one_answer_in_order() -> None:
    """The key n visits every piece of evidence that is shown once, N the same ones back."""
    painted = [passage.rank - 1 for passage in VISIT.passages if is_painted(passage)]
    assert 1 < len(painted) <= LAST
    place: Cursor | None = Cursor(0, 0)
    seen = []
    while (place := step_evidence(TURNS, place, 1)) is not None:
        seen.append(place)
    assert seen == [Cursor(0, position, 0) for position in painted]
    assert step_evidence(TURNS, seen[-1], -1) == seen[-2]
    assert step_evidence(TURNS, seen[0], -1) is None
    assert step_evidence(TURNS, Cursor(0, painted[1]), -1) == Cursor(0, painted[1], 0)
    assert step_evidence(TURNS, None, 1) is None


def test_an_exact_answer_within_evidence_is_no_stop_of_its_own() -> None:
    """The sentence is the stop; exact words outside every sentence are another."""
    passage = replace(
        VISIT.passages[0],
        highlights=(
            Highlight((0, 40), "evidence", 0.6),
            Highlight((5, 9), "answer", 0.9),
            Highlight((50, 60), "answer", 0.8),
            Highlight((1, 3), "term", 0.5),
        ),
    )
    assert [mark.span for mark in evidence_of(passage)] == [(0, 40), (50, 60)]
    assert best_evidence(passage) == 1
    assert best_evidence(replace(passage, highlights=())) is None


def test_passages_are_read_in_the_order_in_which_they_are_shown() -> None:
    """Those of a release follow each other, the best release first; j and G go by that."""
    mixed = answer("Which agreement between Canada and the cities takes effect?")
    releases = [passage.release.id for passage in mixed.passages]
    order = reading_order(mixed.passages)
    assert order != sorted(order)
    seen = [releases[position] for position in order]
    assert [release for release, _ in groupby(seen)] == list(dict.fromkeys(releases))
    turns = [ChatTurn(0, "mixed", state="done", answer=mixed)]
    cursor: Cursor | None = Cursor(0, order[0])
    stepped = []
    while cursor is not None:
        stepped.append(cursor.passage)
        cursor = step_passage(turns, cursor, 1)
    assert stepped == order
    assert edge_passage(turns, Cursor(0, 0), last=True) == Cursor(0, order[-1])


def kinds(turn: ChatTurn) -> list[set[str]]:
    """The kinds of highlights that are shown of each passage."""
    return [{mark.kind for mark in passage.highlights} for passage in shown_passages(turn)]


def test_evidence_is_shown_of_an_answer_and_of_nothing_else() -> None:
    """Before it is final, or without an answer, no passage has evidence; below only sure ones."""
    engine = PlainEngine(ORDINARY, exact=("Park Jin",))
    done = ChatTurn(0, "visit", state="done", answer=engine.ask("Who met Park Jin in Seoul?"))
    assert kinds(done)[0] == {"evidence", "answer", "term"}
    assert kinds(done)[-1] == {"term"}
    assert {"evidence"} <= {h.kind for h in done.passages[-1].highlights}
    for other in ("searching", "reading", "refining", "cancelled", "failed"):
        assert all(shown <= {"term"} for shown in kinds(replace(done, state=other)))
    unanswered = replace(VISIT, answered=False)
    assert all(shown <= {"term"} for shown in kinds(replace(done, answer=unanswered)))


def test_candidates_have_no_exact_words_marked() -> None:
    """Which of them is right is the user's to say, so none is painted as the answer."""
    engine = PlainEngine(ORDINARY, exact=("Park Jin", "Yoon Suk Yeol"), competing=True)
    found = engine.ask("Who did Minister Joly meet?")
    assert [words.text for words in found.candidates] == ["Park Jin", "Yoon Suk Yeol"]
    assert all("answer" not in k for k in kinds(ChatTurn(0, "who", state="done", answer=found)))


def test_a_refined_answer_keeps_the_passage_at_the_cursor() -> None:
    """The cursor follows its passage to the new rank; if it is missing, it goes to the best."""
    new = replace(TURNS[0], answer=reversed_order(VISIT))
    assert settle(TURNS[0], new, Cursor(0, 1, 0)) == Cursor(0, LAST - 1, 0)
    without = replace(VISIT, passages=VISIT.passages[:1])
    assert settle(TURNS[0], replace(new, answer=without), Cursor(0, 1)) == Cursor(0, 0)
    assert settle(TURNS[0], replace(new, answer=NOTHING), Cursor(0, 1)) is None


def test_a_cursor_in_another_turn_is_not_moved() -> None:
    """An answer that is refined elsewhere moves nothing."""
    new = replace(TURNS[2], answer=reversed_order(FERRY))
    assert settle(TURNS[2], new, Cursor(0, 1)) == Cursor(0, 1)


@pytest.mark.parametrize(("number", "place"), [(0, Cursor(0, 0)), (1, None)])
def test_an_answer_starts_at_its_best_passage(number: int, place: Cursor | None) -> None:
    """An answer without passages has no place to start."""
    assert start_of(TURNS, number) == place
