"""Which machines may encode, and which vectors are stored."""

from typing import Any

import numpy as np
import pytest

from index.distributed.check import LEAST_COSINE, fault, least_cosine, refusal
from index.distributed.worker import Packed, library_versions, probe_passages

DIMENSION = 8
HERE = {"torch": "2.9.0", "numpy": "2.3.0"}
TEXTS = [("One. Two.", [(0, 4), (5, 9)]), ("Three.", [(0, 6)]), ("…", [])]


def _packed(seed: int = 0, angle: float = 0.0) -> list[Packed]:
    """Vectors of `TEXTS`; each is turned by an angle."""
    draw = np.random.default_rng(seed)

    def vectors(count: int) -> bytes:
        made = draw.standard_normal((count, 2, DIMENSION))
        one = made[:, 0] / np.linalg.norm(made[:, 0], axis=1, keepdims=True)
        other = made[:, 1] - (made[:, 1] * one).sum(axis=1, keepdims=True) * one
        other /= np.linalg.norm(other, axis=1, keepdims=True)
        turned: Any = np.cos(angle) * one + np.sin(angle) * other
        return bytes(turned.astype("<f2").tobytes())

    return [(vectors(1), vectors(len(spans))) for _, spans in TEXTS]


def test_a_machine_that_computes_the_same_may_encode() -> None:
    """The same versions and the same vectors, but for rounding."""
    there = {"host": "a", "versions": HERE, "probe": _packed(angle=0.005)}
    assert refusal(HERE, _packed(), there, DIMENSION) is None


@pytest.mark.parametrize(
    ("there", "why"),
    [
        ({"problem": "torch is not installed there"}, "torch is not installed there"),
        ({"problem": "two\nlines" * 999}, "two linestwo lines"),
        ({"problem": "import", "versions": HERE | {"torch": "not installed"}}, "not installed, h"),
        ({"versions": HERE | {"torch": "2.8.0"}}, "torch 2.8.0, here 2.9.0"),
        ({"versions": {"torch": "2.9.0"}}, "numpy None, here 2.3.0"),
        ({"probe": _packed(angle=0.05)}, "a cosine of 0.99"),
        ({"probe": _packed()[:-1]}, "a cosine of -1"),
        ({"probe": []}, "a cosine of -1"),
        ({"probe": [(b"\x00", b"")]}, "a cosine of -1"),
    ],
)
def test_a_machine_that_differs_is_refused(there: dict[str, Any], why: str) -> None:
    """A missing library, another version, other vectors: the reason says which."""
    given = {"host": "a", "versions": HERE, "probe": _packed()} | there
    assert why in (refusal(HERE, _packed(), given, DIMENSION) or "")


def test_the_least_cosine_is_that_of_the_worst_vector() -> None:
    """One vector of many that differs is enough, also that of a sentence, or one that is NaN."""
    good = _packed()
    worse = [(good[0][0], good[0][1][: 2 * DIMENSION] + good[1][0]), *good[1:]]
    nothing = [(np.full(DIMENSION, np.nan).astype("<f2").tobytes(), good[0][1]), *good[1:]]

    assert least_cosine(good, good, DIMENSION) == pytest.approx(1, abs=1e-3)
    assert least_cosine(good, worse, DIMENSION) < LEAST_COSINE
    assert -1 == least_cosine(good, nothing, DIMENSION)


def test_vectors_that_do_not_fit_their_passages_are_not_stored() -> None:
    """A result must have unit vectors, one for each passage and each of its sentences."""
    good = _packed()
    zero = bytes(2 * DIMENSION)

    assert fault(TEXTS, good, DIMENSION) is None
    assert fault(TEXTS, good[:2], DIMENSION) == "2 results for 3 passages"
    for wrong in (
        [good[1], good[0], good[2]],
        [(good[0][0], good[0][1][:-1]), *good[1:]],
        [(good[0][0] + zero, good[0][1]), *good[1:]],
    ):
        assert fault(TEXTS, wrong, DIMENSION) == "vectors of another dimension or number"
    for wrong in (
        [(zero, good[0][1]), *good[1:]],
        [(np.full(DIMENSION, np.nan).astype("<f2").tobytes(), good[0][1]), *good[1:]],
        [(np.full(DIMENSION, np.inf).astype("<f2").tobytes(), good[0][1]), *good[1:]],
    ):
        assert fault(TEXTS, wrong, DIMENSION) == "vectors that are not of length 1"


def test_the_probe_has_passages_of_many_lengths() -> None:
    """Each span of the probe is a sentence of its text, and lengths go up to a window."""
    passages = probe_passages()
    lengths = [len(text.split()) for text, _ in passages]
    assert sorted(lengths) == lengths
    assert lengths[0] < 20
    assert lengths[-1] > 150
    for text, spans in passages:
        assert all(text[end - 1] in ".»?" for _, end in spans)
        assert text == " ".join(text[start:end] for start, end in spans)


def test_versions_leave_out_the_name_of_a_build() -> None:
    """Torch for the CPU and torch for a card compute the same on the CPU."""
    found = library_versions()
    assert "not installed" not in {found["torch"], found["numpy"]}
    assert not [version for version in found.values() if "+" in version]
