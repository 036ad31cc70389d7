"""EM and F1 as SQuAD defines them, with values worked out by hand."""

import pytest

from qa.evaluation.squad import exact_match, token_f1


@pytest.mark.parametrize(
    ("given", "answers", "exact", "f1"),
    [
        ("April 15", ["april 15"], 1.0, 1.0),
        ("the Bank of Korea.", ["Bank of Korea"], 1.0, 1.0),
        ("$5 million", ["5 million"], 1.0, 1.0),
        ("on April 15", ["April 15"], 0.0, 0.8),
        ("April", ["April 15", "in May"], 0.0, 2 / 3),
        ("June", ["April 15"], 0.0, 0.0),
        ("", ["April"], 0.0, 0.0),
        ("April", [], 0.0, 0.0),
    ],
)
def test_known_values(given: str, answers: list[str], exact: float, f1: float) -> None:
    """Known values."""
    assert exact_match(given, answers) == exact
    assert token_f1(given, answers) == pytest.approx(f1)
