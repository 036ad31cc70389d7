"""Chooses the reader of a source by its content.

The file's extension decides only where content leaves it open: Markdown is also plain text. A
new format is a new module with a `Reader` and a line in `reader_for`.
"""

import io
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

from index.errors import SourceError
from index.readers.archive import gunzipped
from index.readers.base import HEAD, Holder, Reader

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class _Peeked(io.RawIOBase):
    """A stream from its start again after `head` was read from it; pipes cannot be rewound."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        data = self._head.read(len(view)) or self._rest.read(len(view))
        view[: len(data)] = data
        return len(data)


def open_decompressed(stream: BinaryIO) -> tuple[BinaryIO, bytes]:
    """Return a stream of the content of `stream`, gunzipped if need be, and its head."""
    head = stream.read(HEAD)
    whole_again = io.BufferedReader(_Peeked(head, stream), HEAD)
    if not head.startswith(b"\x1f\x8b"):
        return whole_again, head
    packed = gunzipped(cast("BinaryIO", whole_again))
    try:
        head = packed.read(HEAD)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"a damaged gzip file: {error}") from error
    return io.BufferedReader(_Peeked(head, packed), HEAD), head


def reader_for(head: bytes, extension: str, *, inside: Holder | None = None) -> Reader:
    """Return the reader for a source that begins with `head`.

    Args:
        head: The first `HEAD` bytes, or all when there are fewer.
        extension: Of the source's name, in lower case, with its dot.
        inside: What holds it, if it is no source of its own: an archive may hold mail, and
            neither holds an archive; a mail in a mail is left to be read as text.
    """
    from index.readers.feed import FeedReader
    from index.readers.html import HtmlReader
    from index.readers.jsonl import JsonlReader
    from index.readers.mail import MailReader
    from index.readers.markdown import MarkdownReader
    from index.readers.pdf.reader import PdfReader
    from index.readers.plain import PlainReader
    from index.readers.table import TableReader
    from index.readers.zip import ZipReader

    mail: tuple[Reader, ...] = () if inside == "mail" else (MailReader(reader_for),)
    readers: tuple[Reader, ...] = (
        JsonlReader(), ZipReader(reader_for, inside=inside is not None), PdfReader(), FeedReader(),
        HtmlReader(), *mail, TableReader(), MarkdownReader(), PlainReader(),
    )  # fmt: skip
    return next(reader for reader in readers if reader.matches(head, extension))
