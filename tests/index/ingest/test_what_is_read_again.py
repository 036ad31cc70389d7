"""What makes an update read a source again, or store a release again."""

import json
from pathlib import Path
from typing import Any

import pytest
from index_parts import RELEASE, contents, index_words, put

from index.ingest import sync
from index.ingest.update import remove_releases

RECORD = {
    "id": "a",
    "title": "New footbridge opens",
    "text": RELEASE,
    "date": "2021-03-03",
    "issuer": "Province of Nova Scotia",
    "lang": "en",
    "url": "https://example.com/a",
    "desk": "roads",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "A footbridge opens"), ("text", RELEASE.replace("opened", "shut")),
        ("date", "2021-03-04"), ("issuer", "Province of Ontario"), ("lang", "fr"),
        ("url", "https://example.com/b"), ("desk", "bridges"),
    ],
    ids=lambda value: value[:8],
)  # fmt: skip
def test_a_change_of_any_field_of_a_record_is_stored(name: str, value: str, tmp_path: Path) -> None:
    """Also of a field that is no part of the text, such as the issuer."""

    def stored(record: dict[str, Any], age_s: float) -> Any:
        source = put(tmp_path / "a.jsonl", json.dumps(record), age_s=age_s)
        report = index_words(tmp_path / "c", [source])
        return (report.added, report.updated), contents(tmp_path / "c")["a"][0]

    before, first = stored(RECORD, 60)
    after, second = stored({**RECORD, name: value}, 50)

    assert ((1, 0), (0, 1)) == (before, after)
    assert first != second


def test_what_was_removed_is_added_again_by_the_next_update(tmp_path: Path) -> None:
    """Its source has not changed, and has another release that stays."""
    records = [{**RECORD, "id": name} for name in ("a", "b")]
    source = put(tmp_path / "a.jsonl", "\n".join(map(json.dumps, records)))
    index_words(tmp_path / "c", [source])
    remove_releases(tmp_path / "c", ["a"])
    report = index_words(tmp_path / "c", [source])

    assert (1, 0, 1) == (report.added, report.updated, report.unchanged)
    assert ["a", "b"] == sorted(contents(tmp_path / "c"))


def test_a_new_version_of_the_parser_reads_everything_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that have not changed, too: they can be read in another way now."""
    put(tmp_path / "s" / "a.txt", RELEASE)
    put(tmp_path / "s" / "b.jsonl", json.dumps({**RECORD, "id": "b"}))
    index_words(tmp_path / "c", [tmp_path / "s"])
    monkeypatch.setattr(sync, "PARSER_VERSION", "later")

    assert 2 == index_words(tmp_path / "c", [tmp_path / "s"]).updated
    assert 2 == index_words(tmp_path / "c", [tmp_path / "s"]).unchanged
