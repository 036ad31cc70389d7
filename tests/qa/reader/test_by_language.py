"""Reading in two networks: which reads what, and what the multilingual one finds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from index.encoders.e5.package import unpacked_folder
from index.encoders.model import MULTILINGUAL_MODEL
from index.errors import ModelRefusedError
from index.text.sentences import sentence_spans
from qa.reader.by_language import LanguageReader, OddsScale, reader_for
from qa.reader.network import _mapped_table, multilingual_network
from qa.reader.onnx_reader import OnnxReader
from qa.reader.prediction import Reader, ReaderInput, ReaderPrediction

FRENCH = """\
Le premier ministre Luc Arsenault inaugurera le nouveau traversier à Cap-aux-Meules le 14 juin 2023.
Le navire a coûté 84 millions de dollars et pourra transporter 320 passagers."""
SPANISH = """\
La ministra Elena Brook anunció que el centro de formación abrirá en Moncton en septiembre.
El año pasado la provincia contrató a 240 enfermeras."""
GERMAN = """\
Die neue Brücke über den Fluss wird am 3. Mai eröffnet. Sie hat 12 Millionen Euro gekostet."""
ARABIC = "أعلن وزير النقل خالد منصور أن الجسر الجديد سيفتتح في مدينة هاليفاكس يوم 5 مايو."
QUOTAS = {
    "fr": "Les quotas de pêche de la saison ont été publiés. Ils valent pour tous les bateaux.",
    "es": "Las cuotas de pesca de la temporada se publicaron hoy. Valen para todos los barcos.",
    "de": "Die Fangquoten der Saison wurden heute veröffentlicht. Sie gelten für alle Boote.",
    "ar": "نُشرت اليوم حصص الصيد للموسم المقبل. وهي تسري على جميع القوارب.",
}
ENGLISH = "The terminal cost $84 million. It will open in Halifax on April 13."
PAGES = {"fr": FRENCH, "es": SPANISH, "de": GERMAN, "ar": ARABIC}
QUESTIONS = (
    ("Combien de passagers le nouveau bateau peut-il transporter ?", "fr", "320"),
    ("Qui inaugurera le traversier ?", "fr", "Luc Arsenault"),
    ("How much did the new ferry cost?", "fr", "84 millions de dollars"),
    ("¿Cuántas enfermeras contrató la provincia?", "es", "240"),
    ("Where will the training centre open?", "es", "Moncton"),
    ("Wie viel hat die Brücke gekostet?", "de", "12 Millionen Euro"),
    ("من هو وزير النقل؟", "ar", "خالد منصور"),
)


def page(text: str, lang: str) -> ReaderInput:
    """A text as the program gives it to the reader."""
    return ReaderInput(text, sentence_spans(text, lang), "", lang)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """The reader of collections with the multilingual encoder."""
    return reader_for(MULTILINGUAL_MODEL)


@pytest.mark.parametrize(("question", "lang", "words"), QUESTIONS)
def test_it_finds_the_words_and_the_passage(
    reader: Reader, question: str, lang: str, words: str
) -> None:
    """The words are found, also across languages, and another passage is said not to answer."""
    found, other = reader.read(question, [page(PAGES[lang], lang), page(QUOTAS[lang], lang)])
    assert found.log_odds > 0 > other.log_odds
    start, end = found.spans[0].span
    given = PAGES[lang][start:end]
    assert words in given or given in words


@dataclass(slots=True)
class Noting:
    """A reader that notes what it is asked to read, and gives each page its own log-odds."""

    odds: float
    seen: list[str] = field(default_factory=list)

    def read(self, question: str, pages: Sequence[ReaderInput]) -> list[ReaderPrediction]:
        """Note the pages."""
        del question
        self.seen += [one.text for one in pages]
        return [ReaderPrediction(self.odds, (), ()) for _ in pages]


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("When will the terminal open?", [ENGLISH]),
        ("Quand le terminal ouvrira-t-il ?", []),
        ("متى يفتتح الجسر؟", []),
    ],
)
def test_each_network_reads_what_it_knows(question: str, english: list[str]) -> None:
    """Only English questions in English passages are read by the packaged one; order is kept."""
    one, other = Noting(2.0), Noting(4.0)
    reader = LanguageReader(one, other, OddsScale(0.5, 1.0))
    found = reader.read(question, [page(FRENCH, "fr"), page(ENGLISH, "en"), page(GERMAN, "de")])
    assert one.seen == english
    assert other.seen == [text for text in (FRENCH, ENGLISH, GERMAN) if text not in english]
    expected = [3.0, 2.0 if english else 3.0, 3.0]
    assert [prediction.log_odds for prediction in found] == expected


def test_other_collections_are_read_as_before() -> None:
    """Without the multilingual encoder the packaged network reads everything."""
    assert isinstance(reader_for(""), OnnxReader)


def test_word_embeddings_are_mapped_as_they_stand_in_the_file() -> None:
    """A token's embedding is the encoder's own."""
    network = multilingual_network()
    table = load_file(unpacked_folder() / "model.safetensors")
    ids = [0, 2, 250_001, 17]
    assert network.embed is not None
    assert np.array_equal(
        network.embed(ids), table["embeddings.word_embeddings.weight"][np.array(ids)]
    )


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:4],
        lambda data: b"\xff" * 8 + data[8:],
        lambda data: data[:8] + b"[]" + data[10:],
        lambda data: data.replace(b"F32", b"F16"),
        lambda data: data.replace(b'"words"', b'"wordy"'),
        lambda data: data.replace(b"[4,2]", b"[9,9]"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    """A file that does not hold the matrix is an error that names it, not a crash."""
    path = tmp_path / "model.safetensors"
    save_file({"words": np.arange(8, dtype=np.float32).reshape(4, 2)}, path)
    assert np.array_equal(_mapped_table(path, "words")[3], [6.0, 7.0])
    whole = path.read_bytes()
    assert damage(whole) != whole
    path.write_bytes(damage(whole))
    with pytest.raises(ModelRefusedError, match="cannot be read"):
        _mapped_table(path, "words")
