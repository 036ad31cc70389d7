"""What the doctor says of a collection's languages."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.ingest.update import update_collection
from index.reports import Status
from index.store import stats
from index.store.reader import Store
from qa.cli.doctor import CheckResult, examine

FRENCH = """\
Le ministre annonce un nouveau traversier

HALIFAX, le 5 mai 2023 — Le ministre des Transports a annoncé aujourd'hui la construction d'un
nouveau traversier pour les Îles-de-la-Madeleine, qui entrera en service au printemps.
"""
ENGLISH = """\
Minister announces new ferry

HALIFAX, May 5, 2023 — The Minister of Transport today announced the construction of a new ferry
for the islands, which will enter into service in the spring.
"""


def said(folder: Path) -> list[CheckResult]:
    """What the doctor says of languages."""
    return [found for found in examine({}, folder) if found.name == "languages"]


@pytest.mark.parametrize(("french", "noted"), [(0, False), (1, False), (3, True)])
def test_a_share_in_other_languages_names_a_multilingual_model(
    tmp_path: Path, french: int, *, noted: bool
) -> None:
    """From a fifth on, the model's one language is worth a note with a way out."""
    for number in range(9):
        text = FRENCH if number < french else ENGLISH
        (tmp_path / f"{number}.txt").write_text(f"{text}\nReference number {number}.\n")
    update_collection(tmp_path / "index", [tmp_path])
    found = said(tmp_path / "index")
    assert bool(found) is noted
    if noted:
        assert found[0].verdict == "note"
        assert "3 of 9 releases are in fr" in found[0].detail
        assert "--model multilingual" in (found[0].remedy or "")


def test_another_model_is_not_talked_about(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who named a model knows its languages."""
    (tmp_path / "a.txt").write_text(FRENCH)
    update_collection(tmp_path / "index", [tmp_path])
    assert said(tmp_path / "index")
    own = stats.collection_status

    def other(store: Store) -> Status:
        return replace(own(store), model="another")

    monkeypatch.setattr(stats, "collection_status", other)
    assert not said(tmp_path / "index")
