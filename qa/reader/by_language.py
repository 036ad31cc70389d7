"""Reading in two networks: English by the packaged one, everything else by the multilingual one.

The packaged network was trained on far more English and is half as deep, so it is better and faster
there; the other one knows a hundred languages, and reads a question in one language with a passage
in another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.encoders.model import MULTILINGUAL_MODEL
from qa.packaged_data import packaged
from qa.query.question import guess_language
from qa.reader.network import multilingual_network
from qa.reader.onnx_reader import OnnxReader
from qa.reader.prediction import Reader, ReaderInput, ReaderPrediction

ENGLISH = "en"


def reader_for(encoder: str) -> Reader:
    """Return the reader of collections of an encoder family.

    Args:
        encoder: The family (`index.encoders.model.encoder_family`).

    Raises:
        index.errors.ModelRefusedError: When a network or an encoder is not installed.
    """
    if encoder != MULTILINGUAL_MODEL:
        return OnnxReader()
    scale = packaged("reading.json", encoder)["log_odds"]
    return LanguageReader(
        OnnxReader(),
        OnnxReader(multilingual_network()),
        OddsScale(float(scale["factor"]), float(scale["offset"])),
    )


@dataclass(frozen=True, slots=True)
class OddsScale:
    """A line from the log-odds of one network to those of the packaged one.

    Attributes:
        factor: Its slope.
        offset: The packaged network's log-odds where the other's are 0.
    """

    factor: float
    offset: float

    def packaged(self, log_odds: float) -> float:
        """Return the log-odds that mean the same for the packaged network."""
        return self.factor * log_odds + self.offset


@dataclass(frozen=True, slots=True)
class LanguageReader:
    """Reads with the network that knows the languages of the question and of the passage.

    Attributes:
        english: Reads English questions in English passages.
        multilingual: Reads the rest.
        scale: Of the second network's log-odds.
    """

    english: Reader
    multilingual: Reader
    scale: OddsScale

    def read(self, question: str, pages: Sequence[ReaderInput]) -> list[ReaderPrediction]:
        """Return one prediction for each input."""
        asked = guess_language(question)
        own = [asked == page.lang == ENGLISH for page in pages]
        found = iter(self.english.read(question, _where(pages, own, wanted=True)))
        others = iter(self.multilingual.read(question, _where(pages, own, wanted=False)))
        return [next(found) if english else self._scaled(next(others)) for english in own]

    def _scaled(self, prediction: ReaderPrediction) -> ReaderPrediction:
        return replace(prediction, log_odds=self.scale.packaged(prediction.log_odds))


def _where(pages: Sequence[ReaderInput], own: Sequence[bool], *, wanted: bool) -> list[ReaderInput]:
    return [page for page, english in zip(pages, own, strict=True) if english == wanted]
