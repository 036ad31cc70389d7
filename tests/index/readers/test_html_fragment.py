"""HTML that is an article already: its limits, and its text block by block."""

import pytest

from index.errors import SourceError
from index.readers.html_fragment import (
    MAX_ATTRIBUTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    check_html_limits,
    html_to_text,
)


def test_items_of_lists_are_marked_as_they_are_shown() -> None:
    """Numbers count within each list; a list without numbers has bullets."""
    page = (
        "<ol><li>One</li><li>Two<ul><li>A</li><li>B</li></ul></li><li>Three</li></ol>"
        "<ol><li>Again</li></ol>"
    )

    assert "1. One\n\n2. Two\n\n• A\n\n• B\n\n3. Three\n\n1. Again" == html_to_text(page)


@pytest.mark.parametrize(
    ("most", "more", "reason"),
    [
        (
            "<div>" * MAX_DEPTH,
            "<div>" * (MAX_DEPTH + 1),
            "its elements are nested too deeply to be an article",
        ),
        (
            "<b></b>" * MAX_ELEMENTS,
            "<b></b>" * (MAX_ELEMENTS + 1),
            "it has too many elements to be an article",
        ),
        (
            f"<p {'a ' * MAX_ATTRIBUTES}>",
            f"<p {'a ' * (MAX_ATTRIBUTES + 1)}>",
            "an element has too many attributes to be one of an article",
        ),
    ],
    ids=["depth", "elements", "attributes"],
)
def test_a_page_may_reach_a_limit_and_not_exceed_it(most: str, more: str, reason: str) -> None:
    """The limits are what the documentation says, to one."""
    check_html_limits(most)
    with pytest.raises(SourceError, match=reason):
        check_html_limits(more)
