"""Cosines of one encoder on the scale of another."""

import pytest

from index.encoders.cosines import SAME, scale_of
from index.encoders.model import DEFAULT_FINGERPRINT, MULTILINGUAL_FINGERPRINT


@pytest.mark.parametrize("fingerprint", [None, DEFAULT_FINGERPRINT, "0" * 20])
def test_other_cosines_stay_as_they_are(fingerprint: str | None) -> None:
    """Those of the packaged encoder, and of one that is not known."""
    assert scale_of(fingerprint) == SAME
    assert SAME.packaged(0.37) == 0.37


@pytest.mark.parametrize(
    ("multilingual", "packaged"), [(0.77, 0.15), (0.76, 0.16), (0.87, 0.59), (0.82, 0.45)]
)
def test_those_of_the_multilingual_encoder_are_about_as_measured(
    multilingual: float, packaged: float
) -> None:
    """The means and the largest of two sets of questions."""
    scaled = scale_of(MULTILINGUAL_FINGERPRINT).packaged(multilingual)
    assert scaled == pytest.approx(packaged, abs=0.06)
