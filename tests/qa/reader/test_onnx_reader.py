"""The packaged reader on real paragraphs: it finds words, and does not depend on company."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.errors import ModelRefusedError
from index.text.sentences import sentence_spans
from qa.reader.onnx_reader import OnnxReader
from qa.reader.prediction import ReaderInput
from qa.reader.weights import check_reader, reader_bytes

FERRY = """\
Minister Ravi Anand will visit Halifax from April 13 to 15, 2023, to open the new ferry terminal.
The terminal cost $84 million and took four years to build."""
NURSES = """\
The province hired 240 nurses last year. Health Minister Lena Brook said that the training centre
in Moncton will open in September."""
QUOTAS = "Fishing quotas for the coming season were published today. They apply to all vessels."
TEXTS = (FERRY, NURSES, QUOTAS)
QUESTIONS = (
    ("When will the minister visit Halifax?", 0, "April 13 to 15"),
    ("How much did the terminal cost?", 0, "$84 million"),
    ("Who is the health minister?", 1, "Lena Brook"),
    ("How many nurses were hired?", 1, "240"),
    ("Where will the training centre open?", 1, "Moncton"),
)


@pytest.fixture(scope="module")
def reader() -> Iterator[OnnxReader]:
    """The packaged reader."""
    return OnnxReader()


def passages(*texts: str) -> list[ReaderInput]:
    """Texts with the sentences the program finds."""
    return [ReaderInput(text, sentence_spans(text, "en")) for text in texts]


@pytest.mark.parametrize(("question", "place", "words"), QUESTIONS)
def test_it_finds_the_words_and_the_passage(
    reader: OnnxReader, question: str, place: int, words: str
) -> None:
    """It finds the words and the passage."""
    found = reader.read(question, passages(*TEXTS))
    assert max(range(3), key=lambda i: found[i].log_odds) == place
    start, end = found[place].spans[0].span
    given = TEXTS[place][start:end]
    assert words in given or given in words
    sentences = sentence_spans(TEXTS[place], "en")
    holding = next(i for i, (a, b) in enumerate(sentences) if words in TEXTS[place][a:b])
    assert (
        max(range(len(sentences)), key=lambda i: found[place].sentence_probabilities[i]) == holding
    )


def test_a_reading_does_not_depend_on_what_is_read_with_it(reader: OnnxReader) -> None:
    """A reading does not depend on what is read with it."""
    together = reader.read(QUESTIONS[0][0], passages(*TEXTS))
    assert together == [reader.read(QUESTIONS[0][0], passages(text))[0] for text in TEXTS]


def test_threads_may_share_it(reader: OnnxReader) -> None:
    """Threads may share it."""
    alone = [reader.read(question, passages(*TEXTS)) for question, _, _ in QUESTIONS]
    with ThreadPoolExecutor(4) as pool:
        shared = list(pool.map(lambda q: reader.read(q[0], passages(*TEXTS)), QUESTIONS))
    assert shared == alone


def test_a_long_passage_is_read_in_windows(reader: OnnxReader) -> None:
    """A long passage is read in windows."""
    filler = " ".join(["The committee met to review the minutes of the last meeting."] * 40)
    found = reader.read(QUESTIONS[1][0], passages(f"{filler} {TEXTS[0]}"))[0]
    assert "$84 million" in f"{filler} {TEXTS[0]}"[slice(*found.spans[0].span)]


def test_of_a_long_question_the_end_is_read(reader: OnnxReader) -> None:
    """What is asked comes after what it is about, or before a note that asks nothing."""
    about = "I am writing on ferries and have read every notice of the province on quays. " * 4
    asked = QUESTIONS[1][0]

    dated = "When will it visit? The minister, Halifax."
    both = [
        reader.read(text, passages(FERRY))[0].log_odds for text in (dated, "When will it visit?")
    ]
    assert both[0] != both[1]  # of a short one all is read
    for question in (about + asked, f"{about}{asked} {about}"):
        found = reader.read(question, passages(*TEXTS))
        assert "$84 million" == TEXTS[0][slice(*found[0].spans[0].span)]
        assert found[0].log_odds > max(found[1].log_odds, found[2].log_odds)


def test_a_headline_says_what_a_passage_is_about(reader: OnnxReader) -> None:
    """The words are found in the passage alone, which is the likelier the better it is headed."""
    text = "The work cost $4 million, and the two governments shared the bill."
    question = "How much did the path across the Hillsborough Bridge cost?"
    heads = ("Path opens on Hillsborough Bridge", "", "Wheat harvest breaks $9 million record")
    headed, plain, other = reader.read(question, [ReaderInput(text, (), head) for head in heads])
    assert headed.log_odds > plain.log_odds > other.log_odds
    for reading in (headed, plain, other):
        assert text[slice(*reading.spans[0].span)] == "$4 million"


def test_a_long_headline_leaves_room_for_the_passage(reader: OnnxReader) -> None:
    """However long it is, all of the passage is read."""
    filler = " ".join(["The committee met to review the minutes of the last meeting."] * 40)
    text = f"{filler} {TEXTS[0]}"
    found = reader.read(QUESTIONS[1][0], [ReaderInput(text, (), "A headline of many words " * 99)])[
        0
    ]
    assert "$84 million" in text[slice(*found.spans[0].span)]


def test_spans_are_code_points_whatever_the_script(reader: OnnxReader) -> None:
    """Spans are code points whatever the script."""
    text = "🛳️ Le ministre Anand visitera l’Île-du-Prince-Édouard le 5 mai. " + TEXTS[0]
    for question, _, words in QUESTIONS[:2]:
        found = reader.read(question, passages(text))[0]
        given = text[slice(*found.spans[0].span)]
        assert words in given or given in words


@pytest.mark.parametrize("text", ["", "…", "\u200b"])
def test_a_passage_without_words_is_no_error(reader: OnnxReader, text: str) -> None:
    """A passage without words is no error."""
    found = reader.read(QUESTIONS[0][0], [ReaderInput(text, [(0, len(text))])])[0]
    assert found.log_odds < 0 or found.spans


def test_a_question_of_any_length_is_read(reader: OnnxReader) -> None:
    """A question of any length is read."""
    found = reader.read("When will the minister visit Halifax? " * 60, passages(TEXTS[0]))
    assert len(found) == 1


def test_a_missing_network_names_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing network names the way out."""
    monkeypatch.setattr("qa.reader.weights.files", lambda _: tmp_path)
    with pytest.raises(ModelRefusedError, match="--no-reader"):
        OnnxReader()
    with pytest.raises(ModelRefusedError, match="--no-reader"):
        check_reader()


def test_the_file_is_small_enough_to_ship() -> None:
    """The file is small enough to ship."""
    assert len(reader_bytes()) < 25_000_000


def test_another_file_than_the_shipped_one_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hash is checked before it is loaded."""
    assert "matches the packaged hash" in check_reader()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "reader.onnx").write_bytes(reader_bytes()[:-1] + b"!")
    monkeypatch.setattr("qa.reader.weights.files", lambda _: tmp_path)
    for refusing in (check_reader, OnnxReader):
        with pytest.raises(ModelRefusedError, match="differs from the packaged file"):
            refusing()
