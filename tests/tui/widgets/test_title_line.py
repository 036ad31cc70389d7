"""What fits on the first line of the screen."""

import pytest

from tui.widgets.title_line import TitleParts, fit_title

QUESTION = "Who did Minister Joly meet in Seoul?"
CHIPS = ("issuer: Finance Canada", "since 2024")


def width_of(parts: TitleParts) -> int:
    """The cells that a title takes at least."""
    chips = sum(len(chip) + 3 for chip in parts.chips) + 1 if parts.chips else 0
    return len(f"{parts.collection} · {parts.conversation}") + chips


def test_everything_is_shown_where_it_fits() -> None:
    """Names in full and each filter."""
    parts = fit_title("press", "Korea", CHIPS, 80)
    assert parts == TitleParts("press", "Korea", CHIPS)


def test_filters_give_way_before_names() -> None:
    """Filters that do not fit are counted; the names are in full as long as the count fits."""
    assert fit_title("press", QUESTION, CHIPS, 80).chips == ("issuer: Finance Canada", "+1")
    assert fit_title("press", QUESTION, CHIPS, 60) == TitleParts("press", QUESTION, ("2 filters",))
    assert fit_title("press", QUESTION, CHIPS[:1], 60).chips == ("1 filter",)


def test_names_are_cut_at_words() -> None:
    """The count of the filters stays, since no answer may be restricted unnoticed."""
    assert fit_title("press", QUESTION, CHIPS, 45) == TitleParts(
        "press", "Who did Minister Joly…", ("2 filters",)
    )


@pytest.mark.parametrize("width", range(24, 120))
def test_nothing_is_wider_than_the_line(width: int) -> None:
    """Whatever the names and filters are."""
    names = "releases of the ministry of foreign affairs", "x" * 70
    parts = fit_title(*names, (*CHIPS, "speaker: " + "long name " * 9), width)
    assert width_of(parts) <= width
    assert parts.chips
    assert fit_title("a", "b", (), width) == TitleParts("a", "b", ())
