"""Questions in letters that the packaged model does not know are searched by words alone."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.filters import NO_FILTERS
from index.scripts import is_latin
from index.store import MODEL_META, STORE_NAME
from index.update import update_collection
from qa.answer import Answer
from qa.collection import Collection, open_collection
from qa.conversation.turns import NO_CONVERSATION

RELEASES = {
    "bridge": "Строительство моста через реку началось вчера. Длина составит 480 метров.",
    "school": "Новая школа откроется в сентябре. В ней будут учиться 600 детей.",
    "hospital": "Больница получила двенадцать новых машин скорой помощи.",
    "english": "The bridge over the river will be 480 metres long. Work began on Monday.",
}  # fmt: skip
ASKED = "Какой длины будет мост через реку?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection in Russian, with a release in English."""
    home = tmp_path_factory.mktemp("letters")
    lines = [json.dumps({"id": name, "text": text}) for name, text in RELEASES.items()]
    (home / "releases.jsonl").write_text("\n".join(lines), "utf-8")
    update_collection(home / "c", [home / "releases.jsonl"])
    return home / "c"


@pytest.fixture
def collection(folder: Path) -> Iterator[Collection]:
    """It, open for questions."""
    with open_collection(folder) as opened:
        yield opened


def _cosines(answer: Answer) -> set[bool]:
    return {p.scores.dense is not None for p in answer.passages}


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("How long is the bridge?", True),
        ("Đường đi đến Việt Nam ở đâu?", True),
        (ASKED, False),
        ("متى زار الوزير كوريا؟", False),
        ("部長は何を発表しましたか", False),
        ("NASA объявила о запуске", False),
        ("NASA und ESA: η", True),
        ("12 000 ?", True),
    ],
)
def test_latin_is_what_half_of_the_letters_are(text: str, latin: bool) -> None:
    """Names and signs of other scripts do not decide."""
    assert is_latin(text) is latin


def test_words_alone_answer_and_the_answer_is_whole(collection: Collection) -> None:
    """No cosine of letters counts; nothing more is to come, however it is asked."""
    alone = collection.ask(ASKED)
    (among,) = collection.ask_many([ASKED])
    first, *others = collection.ask_many(["How long is the bridge?", ASKED, "Where is it?"])

    assert "bridge" == alone.passages[0].release.id
    for answer in (alone, among, others[0]):
        assert not answer.partial
        assert {False} == _cosines(answer)
        assert [p.scores for p in alone.passages] == [p.scores for p in answer.passages]
    assert {True} == _cosines(first)


def test_within_a_release_too(collection: Collection) -> None:
    """Asked of one release at a time, such a question goes by words as well, and is whole."""
    asker = collection.within()
    latin, other = asker.prepare([("How long is the bridge?", NO_FILTERS), (ASKED, NO_FILTERS)])

    assert other.vector is None
    assert latin.vector is not None
    assert [False, False] == [latin.partial, other.partial]
    assert [True] == [q.partial for q in asker.prepare([(ASKED, NO_FILTERS)], words_only=True)]


def test_follow_ups_too(collection: Collection) -> None:
    """What hangs on an earlier question is searched by its words as well."""
    conversation = NO_CONVERSATION.plus(collection.ask(ASKED))
    answer = collection.ask("А когда началось?", conversation=conversation)

    assert not answer.partial
    assert {False} == _cosines(answer)


def test_another_model_is_taken_to_know_them(folder: Path, tmp_path: Path) -> None:
    """Only of the packaged model is it known what it cannot read."""
    copy = tmp_path / "c"
    shutil.copytree(folder, copy)
    with sqlite3.connect(copy / STORE_NAME) as store:
        store.execute("UPDATE meta SET value = 'multilingual' WHERE name = ?", (MODEL_META,))
    store.close()
    with open_collection(copy) as opened:
        answer = opened.ask(ASKED)

    assert {True} == _cosines(answer)
