"""Tables: rows are releases when a column has their text; other tables are refused."""

from pathlib import Path

import pytest
from index_parts import RELEASE, look, put, text_of

from index.structure.passages import EncoderWindow


@pytest.mark.parametrize("divider", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_a_row_is_a_release(divider: str, name: str, tmp_path: Path, window: EncoderWindow) -> None:
    """Columns are named like fields of JSON Lines; cells may contain lines; a bad row is named."""
    rows = [
        ["ID", "Title", "Text", "Date", "Topic"],
        [
            "r1",
            "Bridge opens",
            '"The bridge\n\nis ""open""; all, may walk."',
            "2023-04-17",
            "Roads",
        ],
        ["r2", "No text", "", "", ""],
    ]
    table = "\ufeff" + "\r\n".join(map(divider.join, rows)) + "\r\n"
    from index.ingest.discover import SourceFile, scan
    from index.ingest.parse import read_source
    from index.readers.base import BadRecord

    path = put(tmp_path / name, table)
    (file,) = (f for f in scan([path], tmp_path) if isinstance(f, SourceFile))
    good, bad = read_source(file, window)

    assert not isinstance(good, BadRecord)
    release = good.release
    assert ("r1", "Bridge opens", "2023-04-17", {"topic": "Roads"}) == (
        release.release_id, release.title, release.date, release.metadata,
    )  # fmt: skip
    assert 'The bridge\n\nis "open"; all, may walk.' == release.text
    assert BadRecord("row 3", 'has no "text"') == bad


@pytest.mark.parametrize("content", ["id,body,text\na,B,A\n", '{"body": "B", "text": "A"}\n'])
def test_of_several_fields_with_a_text_the_usual_one_counts(
    content: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """`text` comes before `body`, wherever it stands; the other stays with the metadata."""
    looked = look(window, put(tmp_path / "a", content))

    assert "A" == text_of(looked)
    assert [{"body": "B"}] == [found.release.metadata for found in looked.releases.values()]


def test_a_table_without_text_is_refused(tmp_path: Path, window: EncoderWindow) -> None:
    """A table without a text column is skipped; prose is read as prose, also in a .csv file."""
    looked = look(window, put(tmp_path / "a.csv", "name,price\nbridge,4\n"))

    assert {"a.csv": "a table without a column named text, body or content"} == looked.skipped
    headline = "Content, Community and Commerce\n\nThe fair opens today."
    assert headline == text_of(look(window, put(tmp_path / "c.txt", headline)))
    assert RELEASE.strip() == text_of(look(window, put(tmp_path / "b.csv", RELEASE)))
