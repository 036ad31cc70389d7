"""What is said first below a question."""

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
