"""A conversation as JSON: everything that is kept of it, answers as in the reference."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from qa.serialise import answer_to_json, dumps
from qa.sessions.records import SavedSession, SavedTurn, Transcript

SCHEMA = 1


def session_json(transcript: Transcript) -> Iterator[str]:
    """Yield a conversation as one JSON object."""
    found = summary_json(transcript.session) | {
        "turns": [_turn(transcript, turn) for turn in transcript.turns]
    }
    yield dumps({"schema": SCHEMA, **found}, indent=1) + "\n"


def summary_json(session: SavedSession) -> dict[str, Any]:
    """Return what a list of sessions shows of one."""
    return {
        "name": session.name,
        "created_at": session.created_at,
        "updated_at": session.updated_at,
        "questions": session.turns,
        "first_question": session.first_question,
    }


def _turn(transcript: Transcript, turn: SavedTurn) -> dict[str, Any]:
    grades = ((p.passage_id, transcript.grade(turn, p)) for p in turn.passages)
    return {
        "question": turn.question,
        "asked_as": turn.asked_as,
        "asked_at": turn.asked_at,
        "asking": asdict(turn.asking),
        "state": turn.state,
        "error": turn.error,
        "remarks": [asdict(remark) for remark in turn.remarks],
        "judgements": [
            {"passage_id": place, "grade": grade} for place, grade in grades if grade is not None
        ],
        "answer": None if turn.answer is None else answer_to_json(turn.answer),
    }
