"""Compare the cosines of one encoder with those of another.

What ranks passages was fitted to cosines of the packaged encoder. Those of E5 lie between .7 and .9
whatever is compared (its training divided them by a temperature of .01).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from index.encoders.model import MULTILINGUAL_FINGERPRINT

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Cosine = TypeVar("Cosine", float, "npt.NDArray[np.float64]")


@dataclass(frozen=True, slots=True)
class CosineScale:
    """A line from the cosines of an encoder to those of the packaged one.

    Attributes:
        factor: Its slope.
        offset: Where it meets a cosine of 0.
    """

    factor: float
    offset: float

    def packaged(self, cosine: Cosine) -> Cosine:
        """Return the cosine, or the array of them, that the packaged encoder would give about."""
        return self.factor * cosine + self.offset


SAME = CosineScale(1.0, 0.0)
_MULTILINGUAL = CosineScale(4.5, -3.28)
"""Measured on the hundred passages nearest to each of 120 questions of SQuAD 1.1 and 94 of TREC-QA:
means of .15 and .16 for .77 and .76, largest of .59 and .45 for .87 and .82. In other languages the
packaged encoder has nothing to compare with."""


def scale_of(fingerprint: str | None) -> CosineScale:
    """Return the scale of an encoder; of one that is not known, the packaged one's."""
    return _MULTILINGUAL if fingerprint == MULTILINGUAL_FINGERPRINT else SAME
