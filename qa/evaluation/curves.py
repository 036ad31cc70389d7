"""Curves of an evaluation, as points: what a plot or a table of it shows."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

Point = tuple[float, float]


def risk_at_coverage(cases: Iterable[tuple[float, bool]], steps: int = 10) -> list[Point]:
    """Return how many of the most confident answers are wrong, the more of them are given.

    El-Yaniv and Wiener, "On the foundations of noise-free selective classification", 2010.

    Args:
        cases: Confidence of each question and whether its first release is right.
        steps: Points, evenly spaced over the share of the questions that are answered.

    Returns:
        Coverage and risk, both in [0, 1], coverage rising; none without cases.
    """
    ordered = sorted(cases, key=lambda case: -case[0])
    if not ordered:
        return []
    wrong = list(accumulate(not right for _, right in ordered))
    counts = [max(1, round(len(ordered) * step / steps)) for step in range(1, steps + 1)]
    return [(step / steps, wrong[count - 1] / count) for step, count in enumerate(counts, start=1)]


def recall_curve(
    rankings: Iterable[tuple[Sequence[str], Mapping[str, int]]], depth: int
) -> list[Point]:
    """Return the mean recall of the first k releases, for every k up to a depth.

    Args:
        rankings: Of each question: release ids, best first, and the grades of the relevant ones,
            at least one.
        depth: The last k.

    Returns:
        k and R@k; none without questions.
    """
    gained = [0.0] * (depth + 1)
    questions = 0
    for ranking, relevant in rankings:
        questions += 1
        for rank, release in enumerate(ranking[:depth], start=1):
            if release in relevant:
                gained[rank] += 1 / len(relevant)
    if not questions:
        return []
    found = accumulate(gained)
    return [(float(k), value / questions) for k, value in enumerate(found) if k]
