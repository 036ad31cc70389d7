"""Choosing example questions by asking them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.text.analyzer import fold
from qa import open_collection
from qa.collection import Collection
from qa.examples.candidates import Candidate
from qa.examples.choose import SHOWN, Made, about_release, choose, is_right, mixed


@pytest.fixture(scope="module")
def collection(sample_collection: Path) -> Iterator[Collection]:
    """The sample releases, open."""
    with open_collection(sample_collection) as opened:
        yield opened


def never() -> bool:
    """Let it go on."""
    return False


def test_the_questions_are_answered_by_the_facts_they_were_made_of(collection: Collection) -> None:
    """Asked again as a user asks them, the exact words are the fact, found in the release."""
    found = choose(collection.releases(), collection.document, collection.ask, never)

    assert 3 <= len(found) <= SHOWN
    for made in found:
        answer = collection.ask(made.candidate.question)
        assert answer.answered
        assert answer.answer is not None
        assert made.candidate.fact in fold(answer.answer.text)
        assert made.release.id == answer.passages[0].release.id


def test_they_are_about_different_releases_and_of_several_kinds(collection: Collection) -> None:
    """No release and no question comes twice, and not all ask for the same kind of fact."""
    releases = collection.releases()

    found = choose([*releases, *releases], collection.document, collection.ask, never)

    assert len({made.release.id for made in found}) == len(found)
    assert len({made.candidate.question for made in found}) == len(found)
    assert len({made.candidate.kind for made in found}) > 1


def test_a_release_that_was_corrected_is_not_asked_about(collection: Collection) -> None:
    """Its facts may be the wrong ones."""
    replaced = [replace(release, replaced_by="x") for release in collection.releases()]

    assert not choose(replaced, collection.document, collection.ask, never)


def test_it_can_be_stopped(collection: Collection) -> None:
    """Once stopped nothing more is read or asked."""
    asked = []

    def ask(*arguments: object) -> None:
        asked.append(arguments)

    assert not choose(collection.releases(), collection.document, ask, lambda: True)  # type: ignore[arg-type]
    assert not asked


def test_a_question_about_a_release(collection: Collection) -> None:
    """It is answered from the release, and there is none if nothing can be made of it."""
    question = about_release(collection.document("bemidji-airport-grant"), collection.ask)

    assert question == "How much was granted to Bemidji Regional Airport?"
    assert about_release(collection.document("tirage-orignal-2020"), collection.ask) is None


@pytest.mark.parametrize(
    "change",
    [
        {"answered": False},
        {"confidence": 0.85},
        {"answer": None},
        {"alternatives": "the answer itself"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_doubt_is_enough_to_drop_a_question(
    collection: Collection, change: dict[str, object]
) -> None:
    """It is dropped if it is not answered, not surely, without exact words, or with others."""
    question = "How much was granted to Bemidji Regional Airport?"
    answer = collection.ask(question)
    made = Made(Candidate("amount", question, "$5 million"), answer.passages[0].release)
    if "alternatives" in change:
        change = {"alternatives": (answer.answer,)}

    assert is_right(answer, made)
    assert not is_right(replace(answer, **change), made)


def test_another_fact_or_another_release_is_wrong(collection: Collection) -> None:
    """Exact words that are not the fact do not do, nor does a release with the same words."""
    question = "How much was granted to Bemidji Regional Airport?"
    answer = collection.ask(question)
    release = answer.passages[0].release

    assert not is_right(answer, Made(Candidate("amount", question, "$6 million"), release))
    other = replace(release, id="another")
    assert not is_right(answer, Made(Candidate("amount", question, "$5 million"), other))


def test_the_newest_of_each_issuer_come_first(collection: Collection) -> None:
    """Then the others, in their order."""
    first = collection.releases()[0]
    refs = [replace(first, id=str(n), issuer=name) for n, name in enumerate("AABA")]

    assert [ref.id for ref in mixed(refs)] == ["0", "2", "1", "3"]
