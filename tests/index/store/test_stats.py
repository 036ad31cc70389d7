"""The values that a collection can be filtered by."""

from pathlib import Path

import pytest

from index.ingest.update import update_collection
from qa import open_collection

LINES = (
    '{"id": "a", "title": "Boat", "text": "Boat\\n\\n“We sail at noon on Sunday,” said Ann Lee.", '
    '"date": "2024-02-01", "issuer": "Harbour Line", "lang": "en"}\n'
    '{"id": "b", "title": "Bridge", "text": "Bridge\\n\\n“It opens for all in May,” said Ann Lee.'
    '", "date": "2023-05-01", "issuer": "Harbour Line", "lang": "en"}\n'
    '{"id": "c", "title": "Pont", "text": "Pont\\n\\nUn pont ouvre.", "lang": "fr"}\n'
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of three releases."""
    here = tmp_path_factory.mktemp("facets")
    (here / "r.jsonl").write_text(LINES, "utf-8")
    update_collection(here / ".releaseqa", [here / "r.jsonl"])
    return here / ".releaseqa"


def test_values_are_counted(folder: Path) -> None:
    """Issuers, years and languages count releases, kinds and speakers passages."""
    with open_collection(folder) as collection:
        facets = collection.facets()
    assert facets["issuer"] == (("Harbour Line", 2),)
    assert facets["since"] == facets["until"] == (("2024", 1), ("2023", 1))
    assert facets["lang"] == (("en", 2), ("fr", 1))
    assert facets["speaker"] == (("Ann Lee", 2),)
    assert dict(facets["kind"])["headline"] == 3
