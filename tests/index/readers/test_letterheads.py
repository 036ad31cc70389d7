"""Letterheads of many issuers, each as text, page, document, PDF and mail."""

from collections import Counter

import pytest
from letterheads import ELEMENTS, FORMATS, misses, styles

AT_LEAST = {"title": 0.97, "date": 0.97, "issuer": 0.95, "place": 0.95}
"""Share of the styles, in every format, that is read right."""


@pytest.mark.slow
def test_letterheads_are_read_right() -> None:
    """Title, date, issuer and place are found under the letterheads of at least 25 issuers."""
    found = styles()
    wrong = list(misses(found))
    counts = Counter(miss.element for miss in wrong)
    total = len(found) * len(FORMATS)

    assert len(found) >= 25
    for element in ELEMENTS:
        about = [miss for miss in wrong if miss.element == element]
        assert 1 - counts[element] / total >= AT_LEAST[element], about
