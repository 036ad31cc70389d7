"""Why a key of a passage does nothing at the answer where it was pressed."""

from index.filters import NO_FILTERS
from tui.state.turns import ChatTurn

_ONE_PASSAGE = "the answer has one passage"
_HAS_ANSWER = "the question has an answer"
_REASONS = {
    "as_typed": "the question was asked as you typed it",
    "everything": "the question does not ask for everything",
    "reword": f"{_HAS_ANSWER} and was asked as you typed it",
    "further": _ONE_PASSAGE,
    "compare": _ONE_PASSAGE,
    "step_evidence": "no sentence is highlighted",
}


def why_no_effect(action: str, turn: ChatTurn | None) -> str:
    """Return why an action does nothing, as the end of a sentence.

    Args:
        action: Its name, without the screen's.
        turn: The turn at the cursor; None before the first.
    """
    if turn is None:
        return "nothing was asked yet"
    if not turn.settled:
        return "the question is not answered yet"
    if not turn.passages:
        return "there is no passage"
    if action == "by_words":
        return _HAS_ANSWER if turn.answered else "only words were searched already"
    if action == "without_filters":
        unfiltered = turn.filters == NO_FILTERS
        return "the question has no filters" if unfiltered else _HAS_ANSWER
    return _REASONS.get(action, "there is nothing to do")
