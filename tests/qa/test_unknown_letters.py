"""Questions in letters that the packaged model does not know are searched by words alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.encoders.model import DEFAULT_FINGERPRINT, Model
from index.filters import NO_FILTERS
from index.ingest.update import update_collection
from index.text.language import is_latin
from qa.collection import Collection, open_collection
from qa.conversation.types import NO_CONVERSATION
from qa.export.terminal import answer_lines
from qa.types import Answer

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
    asker = collection.per_release()
    latin, other = asker.prepare([("How long is the bridge?", NO_FILTERS), (ASKED, NO_FILTERS)])

    assert other.vector is None
    assert latin.vector is not None
    assert [False, False] == [latin.partial, other.partial]
    again = [(q.asked, NO_FILTERS) for q in (latin, other)]
    assert [True, False] == [q.partial for q in asker.prepare(again, words_only=True)]


def test_follow_ups_too(collection: Collection) -> None:
    """What hangs on an earlier question is searched by its words as well."""
    conversation = NO_CONVERSATION.plus(collection.ask(ASKED))
    answer = collection.ask("А когда началось?", conversation=conversation)

    assert not answer.partial
    assert {False} == _cosines(answer)


def test_a_follow_up_means_what_was_typed_whatever_was_said_before(collection: Collection) -> None:
    """Earlier questions in other letters do not take its meaning from one in Latin letters."""
    conversation = NO_CONVERSATION.plus(collection.ask(ASKED))
    answer = collection.ask("When did it begin?", conversation=conversation)

    assert "When did it begin?" != answer.asked_as
    assert {True} == _cosines(answer)


def test_a_follow_up_completed_in_latin_letters_is_no_whole_answer_by_words(
    collection: Collection,
) -> None:
    """What it was completed by has a meaning that words alone leave out, and nothing is read."""
    conversation = NO_CONVERSATION.plus(collection.ask("How long will the bridge over it be?"))
    by_words = collection.ask("متى؟", conversation=conversation, words_only=True)
    whole = collection.ask("متى؟", conversation=conversation)

    assert is_latin(whole.asked_as)
    assert by_words.partial
    assert by_words.answer is None
    assert not whole.partial
    assert {True} == _cosines(whole)


def test_words_alone_wanted_is_whole_as_well(collection: Collection) -> None:
    """Where meaning would not be searched anyhow, a search by words is no preview."""
    assert not collection.ask(ASKED, words_only=True).partial
    assert collection.ask("How long is the bridge?", words_only=True).partial


def test_no_encoder_is_loaded_for_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the model nor the vectors nor the reader are needed."""

    def refused(*_: object) -> None:
        raise AssertionError

    for name in (
        "index.search.open_indexes.OpenIndexes._open_encoder",
        "index.search.open_indexes.OpenIndexes._open_vectors",
        "qa.reader.onnx_reader.OnnxReader",
    ):
        monkeypatch.setattr(name, refused)
    with open_collection(folder) as opened:
        for words_only in (False, True):
            answer = opened.ask(ASKED, words_only=words_only)
            assert "bridge" == answer.passages[0].release.id


def test_another_model_is_taken_to_know_them(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only of the packaged model is it known what it cannot read."""
    monkeypatch.setattr("index.search.engine.DEFAULT_FINGERPRINT", "0" * 20)

    assert {True} == _cosines(collection.ask(ASKED))


def test_the_packaged_model_is_known_by_its_fingerprint(model: Model) -> None:
    """What is written down of it is what is computed."""
    assert DEFAULT_FINGERPRINT == model.spec.fingerprint


def test_the_footer_says_that_words_alone_were_searched(collection: Collection) -> None:
    """As for a preview: that more passages may be near in meaning is worth knowing."""
    lines = [line.text.plain for line in answer_lines(collection.ask(ASKED), styled=False)]

    assert 1 == sum("searched by words only" in line for line in lines)
