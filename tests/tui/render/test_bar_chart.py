"""Bars of characters."""

from tui.render.bar_chart import Column, bar_rows, columns_of, label_row


def test_the_highest_bar_fills_all_rows() -> None:
    """Eighths of a row are drawn; what counts anything can be seen."""
    assert ["".join(row) for row in bar_rows([8, 4, 1, 0, 3], 2)] == ["█    ", "██▂ ▆"]
    assert bar_rows([1000, 1], 1) == [["█", "▁"]]
    assert bar_rows([0, 0], 1) == [[" ", " "]]
    assert bar_rows([], 2) == [[], []]


def test_bars_get_narrower_until_they_fit() -> None:
    """With a gap between them as long as there is room."""
    assert columns_of(3, 60) == [Column(0, 5), Column(6, 5), Column(12, 5)]
    assert columns_of(30, 60) == [Column(2 * place, 1) for place in range(30)]
    assert columns_of(60, 60) == [Column(place, 1) for place in range(60)]
    assert columns_of(0, 60) == []


def test_labels_do_not_touch() -> None:
    """Each begins at its bar; one for which there is no room is left out."""
    columns = columns_of(6, 12)
    assert label_row(["2004", "2005", "2006", "2007", "2008", "2009"], columns, 12) == "2004  2007"
    assert label_row(["2023-11", "", "", "2024", "2025", ""], columns, 12) == "2023-11 2025"
    assert label_row(["", "", "", "", "", "2024"], columns, 12) == ""
