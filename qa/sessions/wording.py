"""What is said of a conversation and its turns wherever they are shown to people."""

from datetime import datetime

from qa.sessions.types import SavedSession, SavedTurn

GRADES = ("Judged: does not answer", "Judged: answers")
"""By whether the grade is above 0."""


def when(moment: str, *, local: bool = False) -> str:
    """Return a stored moment as people write it, in UTC or by the clock of this machine."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return "at an unknown time"
    return f"{found.astimezone():%Y-%m-%d %H:%M}" if local else f"{found:%Y-%m-%d %H:%M UTC}"


def question_count(session: SavedSession) -> str:
    """Return how many questions were asked, in words."""
    return f"{session.turns} question" + "s" * (session.turns != 1)


def unanswered(turn: SavedTurn) -> str:
    """Return why a turn has no answer to show."""
    if turn.state == "failed":
        return f"Failed: {turn.error or 'no reason is known'}"
    if turn.state == "cancelled":
        return "Cancelled."
    return "Not answered: the program ended before."
