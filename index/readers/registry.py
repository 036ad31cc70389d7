"""Readers: the bytes of one source to the releases in it.

Each reader is a file of its own and knows one form; `reader_for` tells the form by content,
the file's extension only where content leaves it open (Markdown is also plain text). A new
form is a new file with a `Reader` and a line in `reader_for`.
"""

import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol, cast

from index.decoding import tidy
from index.errors import SourceError
from index.gunzip import gunzipped

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SLUG = re.compile(r"[^\w.]+")

_LOGIN = re.compile(r"[a-z0-9._-]*")
"""A name like this is that of an account, or of a program, and not of who issued a release."""

HEAD = 65_536
"""Bytes looked at to tell a form."""


@dataclass(frozen=True, slots=True)
class Draft:
    r"""A release as its source has it, before structure and language are worked out.

    Attributes:
        text: Paragraphs separated by newlines, `\n` for every line end.
        release_id: The source's own id, or None.
        title, date, issuer, lang, url: As far as the source names them.
        metadata: Other fields, kept as they came.
        part: The member or attachment it was found in, where the source holds several.
        made: When its file was made: its date where neither the source nor the text names one.
        note: Something a user may want to know, such as a guessed encoding.
    """

    text: str
    release_id: str | None = None
    title: str | None = None
    date: str | None = None
    issuer: str | None = None
    lang: str | None = None
    url: str | None = None
    metadata: dict[str, object] = field(default_factory=dict)
    part: str | None = None
    made: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record of a source that could not be read: which, and why."""

    where: str
    reason: str


class Reader(Protocol):
    """One form of source."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether a source that begins with `head` is of this form."""

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the releases of `stream`.

        Raises:
            SourceError: When the source as a whole cannot be read.
        """


def whole(stream: BinaryIO, max_bytes: int) -> bytes:
    """Return all of `stream`, or refuse more than `max_bytes` without reading it all.

    Raises:
        SourceError: When there is more, or the compression is damaged.
    """
    try:
        data = stream.read(max_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"cannot be read: {error}") from error
    if len(data) > max_bytes:
        raise SourceError(f"larger than {max_bytes // 1_000_000} MB; raise --max-mb to read it")
    return data


@contextmanager
def parsing(what: str) -> Iterator[None]:
    """Turn whatever a parser raises on bytes that nobody vouches for into a reason.

    Args:
        what: Named in the reason, such as "the page".

    Raises:
        SourceError: In place of every other exception.
    """
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        raise SourceError(f"{what} cannot be parsed") from error


def slug(name: str) -> str:
    """Return a file's stem as an id: lower case, no white space, never empty."""
    clean = name.encode("utf-8", errors="replace").decode("utf-8").casefold()
    return _SLUG.sub("-", clean).strip("-.") or "release"


def issuer_name(author: object) -> str | None:
    """Return an author's name as an issuer's, unless it is an account such as `jsmith2`."""
    name = " ".join(tidy(author).split()) if isinstance(author, str) else ""
    return None if "@" in name or _LOGIN.fullmatch(name) else name


def web_address(value: object) -> str | None:
    """Return `value` if it is an address on the web; others are never opened, so never kept."""
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return value
    return None


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


def unpacked(stream: BinaryIO) -> tuple[BinaryIO, bytes]:
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


def reader_for(
    head: bytes, extension: str, *, inside: Literal["archive", "mail"] | None = None
) -> Reader:
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
    from index.readers.pdf import PdfReader
    from index.readers.plain import PlainReader
    from index.readers.table import TableReader
    from index.readers.zipped import ZipReader

    mail: tuple[Reader, ...] = () if inside == "mail" else (MailReader(),)
    readers: tuple[Reader, ...] = (
        JsonlReader(), ZipReader(inside=inside is not None), PdfReader(), FeedReader(),
        HtmlReader(), *mail, TableReader(), MarkdownReader(), PlainReader(),
    )  # fmt: skip
    return next(reader for reader in readers if reader.matches(head, extension))
