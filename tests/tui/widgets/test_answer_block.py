"""What is said first below a question."""

from dataclasses import replace

from made_answers import made_list

from tui.state.turns import ChatTurn
from tui.widgets.answer_block import head_of, sources_of


def test_the_items_of_a_list_stand_in_one_line_and_are_painted_one_by_one() -> None:
    """The line has them apart; in the sentence, what is between them is no answer."""
    turn = ChatTurn(0, "In which months?", state="done", answer=made_list())
    (source,) = sources_of(turn)
    quoted = source.sentence

    assert head_of(turn).text == "May · June"
    assert [
        quoted.text[slice(*mark.span)] for mark in quoted.highlights if mark.kind == "answer"
    ] == ["May", "June"]


def test_a_day_told_from_a_date_that_is_unknown_is_marked() -> None:
    """A day as in "today" of an undated release is unknown; of a dated one it is not."""
    found = made_list()
    assert found.answer is not None

    def head(words: str, date: str | None) -> str:
        passage = found.passages[0]
        dated = replace(passage, release=replace(passage.release, date=date))
        answer = replace(
            found, passages=(dated,), answer=replace(found.answer, text=words, items=())
        )
        return head_of(ChatTurn(0, "When?", state="done", answer=answer)).text

    assert head("today", None) == "today (the release is undated)"
    assert head("on Monday", None) == "on Monday (the release is undated)"
    assert head("today", "2021-03-01") == "today"
    assert head("May", None) == "May"


def test_the_name_of_a_file_is_cut_rather_than_broken() -> None:
    """Where no issuer is known, the row has the beginning of the name."""
    found = made_list()
    passage = found.passages[0]
    source = "archive/2020-02-10-man-fined-more-than-36-000-for-wildlife-trafficking.txt"
    named = replace(passage, release=replace(passage.release, issuer=None, source=source))
    answer = replace(found, passages=(named,))
    (shown,) = sources_of(ChatTurn(0, "Who?", state="done", answer=answer))
    assert shown.facts.startswith("2020-02-10-man-fined-more-than-36-000-f… · ")
