"""The thresholds of a risk, as the fits choose them."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the fits need the extra `train`")
pytest.importorskip("scipy", reason="the fits need the extra `train`")
from fit_confidence import NEVER, RISKS, strictest, tables, thresholds
from verdicts import Verdict

Verdicts = tuple[list[Verdict], "np.ndarray[tuple[int], np.dtype[np.float64]]"]


def drawn(name: str, hard: float, *, foreign: bool = False, seed: int = 1) -> Verdicts:
    """Verdicts of one set, right as often as their confidence, less what is hard about them."""
    draw = np.random.default_rng(seed)
    p = draw.random(400)
    values = {"read foreign": float(foreign)}
    found = [
        Verdict(name, "", "all", values, bool(draw.random() < c - hard), bool(draw.random() < 0.1))
        for c in p
    ]
    return found, p


def test_a_threshold_is_the_least_that_keeps_to_the_risk() -> None:
    """As by trying every one, where all verdicts count the same."""
    data, p = drawn("squad1.1-dev", 0.1)
    wrong = np.array([not (v.right or v.told) for v in data])

    for risk, least in thresholds(data, p):
        shares = {t: wrong[p >= t].mean() for t in p}
        assert all(share > risk - 1e-9 for t, share in shares.items() if t < least - 1e-4)
        given = wrong[p >= least - 1e-4]
        assert least == NEVER or given.mean() <= risk + 1 / len(given)


def test_other_languages_keep_to_a_risk_set_by_set_and_never_below_english() -> None:
    """The harder of two sets decides, unless English asks for more."""
    parts = [
        drawn("squad1.1-dev", 0.1),
        drawn("xquad-es", 0.0, foreign=True, seed=2),
        drawn("piaf1.1", 0.2, foreign=True, seed=3),
    ]
    data = [v for verdicts, _ in parts for v in verdicts]
    p = np.concatenate([confidences for _, confidences in parts])

    english, foreign = tables(data, p)
    alone = [thresholds(*part) for part in parts]
    both = strictest(parts[1][0] + parts[2][0], np.concatenate([parts[1][1], parts[2][1]]))

    assert english == alone[0]
    for at, risk in enumerate(RISKS):
        assert both[at] == [risk, max(alone[1][at][1], alone[2][at][1])]
        assert foreign[at] == [risk, max(english[at][1], both[at][1])]
