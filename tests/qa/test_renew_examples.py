"""The example questions of a collection are renewed when they no longer hold."""

from pathlib import Path

import pytest
from checkout import SAMPLES
from index_parts import index_words

from index.ingest.update import remove_releases, update_collection
from index.store.examples import META, ExampleQuestions, load_examples
from index.store.examples import save_examples as save
from index.store.reader import Store
from index.store.writer import StoreWriter
from qa import open_collection
from qa.renew_examples import renew_examples


def stored(folder: Path) -> ExampleQuestions:
    """Read the record."""
    with Store(folder) as store:
        found = load_examples(store)
    assert found is not None
    return found


def shown(folder: Path) -> list[str]:
    """Ask the collection for its examples."""
    with open_collection(folder) as collection:
        return collection.examples()


def forget(folder: Path) -> None:
    """Leave a collection without examples: another test may have indexed what it is a copy of."""
    save(folder, ExampleQuestions((), "none", 0))


def test_examples_are_chosen_once(collection_copy: Path) -> None:
    """A collection has none until they are chosen; while it stays the same they are kept."""
    forget(collection_copy)
    assert shown(collection_copy) == []

    assert renew_examples(collection_copy)

    first = stored(collection_copy)
    assert len(first.questions) >= 3
    assert shown(collection_copy) == [question.text for question in first.questions]
    assert not renew_examples(collection_copy)
    assert first == stored(collection_copy)


def test_an_example_is_lost_with_its_release(collection_copy: Path) -> None:
    """It is no longer shown, the others are, and the next renewal chooses again."""
    renew_examples(collection_copy)
    question = stored(collection_copy).questions[0]
    with Store(collection_copy) as store:
        release = store.releases_by_key([question.release])[question.release].release.release_id

    remove_releases(collection_copy, [release])

    assert question.text not in shown(collection_copy)
    assert stored(collection_copy).lost == 1
    assert renew_examples(collection_copy)
    assert stored(collection_copy).lost == 0


def test_a_changed_release_is_asked_about_anew(tmp_path: Path) -> None:
    """When the text of an example's release changes, its question goes, and a new one comes."""
    folder, source = tmp_path / "index", tmp_path / "grant.txt"
    text = (
        "Airport wins money\n\nBEMIDJI, June 20, 2006 – The Aviation Board has granted {} to {}.\n"
    )
    source.write_text(text.format("$5 million", "Bemidji Regional Airport"))
    update_collection(folder, [source])
    renew_examples(folder)
    assert shown(folder) == ["How much has the Aviation Board granted to Bemidji Regional Airport?"]

    source.write_text(text.format("$7 million", "Erie Airport"))
    update_collection(folder, [source])

    assert shown(folder) == []
    assert renew_examples(folder)
    assert shown(folder) == ["How much has the Aviation Board granted to Erie Airport?"]


def test_a_collection_that_has_grown_gets_new_ones(collection_copy: Path) -> None:
    """A tenth more passages than when they were chosen is enough."""
    renew_examples(collection_copy)
    before = stored(collection_copy)
    fewer = ExampleQuestions(before.questions, before.made_by, int(before.passages / 1.2))
    save(collection_copy, fewer)

    assert renew_examples(collection_copy)
    assert before == stored(collection_copy)


def test_those_of_another_version_are_chosen_again(collection_copy: Path) -> None:
    """Another version of the program, or another encoder, may answer otherwise."""
    renew_examples(collection_copy)
    before = stored(collection_copy)
    save(collection_copy, ExampleQuestions(before.questions, "another", before.passages))

    assert renew_examples(collection_copy)
    assert before == stored(collection_copy)


def test_stopping_changes_nothing(collection_copy: Path) -> None:
    """What was found before the stop is not recorded, so that the next run chooses all."""
    forget(collection_copy)
    assert not renew_examples(collection_copy, lambda: True)

    assert shown(collection_copy) == []


@pytest.mark.parametrize(
    "record",
    [
        "", "null", "[]", "{", "[" * 100_000, '{"questions": 1}',
        '{"questions": [{"text": "Why?", "release": "x"}], "made_by": "", "passages": 1}',
        '{"questions": [{"text": "Why?", "release": 1e999}], "made_by": "", "passages": 1}',
        '{"questions": [["Why?", 1]], "made_by": "", "passages": 1}',
        '{"questions":[{"text": "?", "release": 9999999999999999999}], "made_by":1, "passages":1}',
    ],
)  # fmt: skip
def test_an_unsound_record_counts_as_none(collection_copy: Path, record: str) -> None:
    """A store may be a stranger's: whatever is recorded, the collection opens and shows none."""
    store = StoreWriter(collection_copy)
    with store.transaction():
        store.set_meta(META, record)
    store.close()

    assert shown(collection_copy) == []
    assert renew_examples(collection_copy)
    assert shown(collection_copy)


def test_reading_needs_no_right_to_write(collection_copy: Path) -> None:
    """Showing the examples writes nothing to the folder."""
    renew_examples(collection_copy)
    before = {path: path.read_bytes() for path in collection_copy.rglob("*") if path.is_file()}

    with open_collection(collection_copy) as collection:
        assert collection.examples()
        assert collection.question_about("bemidji-airport-grant")

    after = {path: path.read_bytes() for path in collection_copy.rglob("*") if path.is_file()}
    assert before == after


def test_before_passages_are_encoded_nothing_is_asked(tmp_path: Path) -> None:
    """An update that was stopped after the words leaves the examples to the next one."""
    index_words(tmp_path / "index", [SAMPLES / "releases"])

    assert not renew_examples(tmp_path / "index")
