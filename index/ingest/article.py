"""Read one document that is not added to the collection: an article to compare with it.

It is parsed as releases are, by the same readers in the same isolated process, so that it can be
of any format and need not be trusted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from index.errors import SourceError
from index.ingest.parse import ParsedRelease, UnchangedRecord, read_stream
from index.readers.base import BadRecord
from index.readers.isolated import IsolatedReaders
from index.readers.reading_process import ReadingProcess
from index.structure.passages import EncoderWindow
from index.types import Passage, Span

MAX_SENTENCES = 1_000
"""Sentences of an article, at most. Of ten thousand releases none has more."""

_WORD = re.compile(r"\w+")
_WINDOW = EncoderWindow(1_000, lambda text: [word.start() for word in _WORD.finditer(text)])
"""An article is compared sentence by sentence, so its passages need fit no encoder."""


@dataclass(frozen=True, slots=True)
class Article:
    """A document that is not in the collection.

    Attributes:
        title: Its headline; empty when it has none.
        text: All of it.
        date: Its ISO date, or None.
        lang: ISO 639-1 code, or None.
        passages: Its paragraphs, with their kinds and speakers.
    """

    title: str
    text: str
    date: str | None
    lang: str | None
    passages: tuple[Passage, ...]

    @property
    def sentences(self) -> tuple[Span, ...]:
        """The spans of its sentences, into `text`, without the headline and the dateline."""
        return tuple(span for passage in self.passages for span in passage.sentence_spans)


def read_article(stream: BinaryIO, name: str, max_bytes: int) -> Article:
    """Read the article in an open seekable stream.

    Args:
        stream: A document of any format that releases are read from.
        name: The name of its file, whose ending can tell the format.
        max_bytes: The size of the largest one that is read.

    Raises:
        SourceError: When it cannot be read, has no text, is several documents, or is too long.
    """
    with ReadingProcess() as process:
        records = read_stream(stream, name, _WINDOW, max_bytes, readers=IsolatedReaders(process))
        article = _only(records)
    sentences = len(article.sentences)
    if not sentences:
        raise SourceError("no text")
    if sentences > MAX_SENTENCES:
        raise SourceError(
            f"it has {sentences:,} sentences, and an article {MAX_SENTENCES:,} at most; "
            "give a part of it"
        )
    return article


def _only(records: Iterator[ParsedRelease | UnchangedRecord | BadRecord]) -> Article:
    """Return the only document of a source.

    Raises:
        SourceError: When it cannot be read, or there is another one.
    """
    found: Article | None = None
    for record in records:
        if isinstance(record, BadRecord):
            raise SourceError(record.reason)
        if found is not None:
            raise SourceError("it has several documents; give the article alone")
        if isinstance(record, ParsedRelease):
            release = record.release
            found = Article(
                release.title, release.text, release.date, release.lang, record.passages
            )
    if found is None:
        raise SourceError("no text")
    return found
