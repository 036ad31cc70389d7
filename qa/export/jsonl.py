"""JSON lines: each outcome as one line, the form of `ask --json`."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from qa.answer_json import Outcome, dumps, outcome_to_json
from qa.types import Answer, Timing

_NO_TIMING = Timing(0.0, 0.0, 0.0)


def json_lines(outcomes: Iterable[Outcome], *, timing: bool = True) -> Iterator[str]:
    """Yield each outcome as one line of JSON.

    Args:
        outcomes: In the order of the lines.
        timing: Write the milliseconds of each answer; False writes zeros, so that two runs give
            the same bytes.
    """
    for outcome in outcomes:
        if isinstance(outcome, Answer) and not timing:
            outcome = replace(outcome, timing=_NO_TIMING)  # noqa: PLW2901
        yield dumps(outcome_to_json(outcome)) + "\n"
