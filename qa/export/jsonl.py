"""JSON lines: each outcome as one line, the form of `ask --json`."""

from collections.abc import Iterable, Iterator

from qa.answer_json import Outcome, dumps, outcome_to_json


def json_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield each outcome as one line of JSON."""
    return (dumps(outcome_to_json(outcome)) + "\n" for outcome in outcomes)
