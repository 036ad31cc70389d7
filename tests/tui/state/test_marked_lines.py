"""Which rows of a command's output are about a release."""

from rich.cells import cell_len
from textual.content import Content

from qa.types import ReleaseRef
from tui.state.marked_lines import Stop, fold, stops

FERRY = ReleaseRef("a-ferry", "A ferry", "2024-03-12", None, "en", "a.txt", None)
MILL = ReleaseRef("mill", "The mill", None, None, "en", "mill.txt", None)
KNOWN = {release.id: release for release in (FERRY, MILL)}


def test_a_release_is_found_by_its_id_among_the_facts() -> None:
    """Its rows begin after an empty one or the release before; its id in a sentence is a word."""
    rows = [
        "2 passages in 2 releases", "",
        "A headline", "of two rows", "2024-03-12 · Harbour Line ·", "a-ferry", "   The mill", "",
        "Another", "undated · mill", "   a-ferry that the mill bought",
    ]  # fmt: skip
    assert stops(rows, KNOWN) == [Stop(FERRY, 2, 5), Stop(MILL, 8, 9)]
    listed = ["A ferry    2024-03-12", "  a-ferry", "The mill", "  mill"]
    assert stops(listed, KNOWN) == [Stop(FERRY, 0, 1), Stop(MILL, 2, 3)]
    columns = ["A ferry  2024-03-12  a-ferry", "The mill  undated  mill"]
    assert stops(columns, KNOWN) == [Stop(FERRY, 0, 0), Stop(MILL, 1, 1)]
    assert stops(rows, {}) == []


def test_a_long_line_is_broken_where_it_can_be_read() -> None:
    """At a space, else within a name at a hyphen or a dot; all of it stays, with its styles."""
    cases = {
        "short": ["short"],
        "one two three four": ["one two ", "three four"],
        "  2024-03-12-human-trafficking.txt": ["  2024-03-", "12-human-", "trafficking.", "txt"],
        "abcdefghijklmnop": ["abcdefghijkl", "mnop"],
        "日本語日本語日本語": ["日本語日本語", "日本語"],
    }
    for line, expected in cases.items():
        rows = [row.plain for row in fold(Content.styled(line, "bold"), 12)]
        assert rows == expected, line
        assert max(map(cell_len, rows)) <= 12
