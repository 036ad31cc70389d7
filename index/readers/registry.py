"""Chooses the reader of a source by its content.

The extension decides only where the content does not: Markdown is also plain text.
"""

from index.readers.base import Container, Reader, ReaderFor
from index.readers.feed import FeedReader
from index.readers.html import HtmlReader
from index.readers.jsonl import JsonlReader
from index.readers.mail import MailReader
from index.readers.markdown import MarkdownReader
from index.readers.pdf.reader import PdfReader
from index.readers.plain import PlainReader
from index.readers.scan.process import PageProgress, no_pages
from index.readers.scan.reader import PictureReader
from index.readers.table import TableReader
from index.readers.wide import WideReader, as_utf8
from index.readers.zip import ZipReader


def reader_for(
    head: bytes,
    extension: str,
    *,
    inside: Container | None = None,
    members: ReaderFor | None = None,
    on_page: PageProgress = no_pages,
) -> Reader:
    """Return the reader for a source that begins with `head`.

    Args:
        head: The first `index.readers.base.HEAD` bytes, or all of a shorter source.
        extension: Of the source's name, in lower case, with its dot.
        inside: What contains the source, if anything. An archive may contain mail, but neither
            may contain an archive, and mail inside mail is read as plain text.
        members: Chooses the readers of what the source contains; default: this function.
        on_page: Told of each page of a scan.
    """
    members = members or reader_for
    narrow = as_utf8(head)
    if narrow != head:
        found = reader_for(narrow, extension, inside=inside, members=members, on_page=on_page)
        return found if isinstance(found, MarkdownReader | PlainReader) else WideReader(found)
    readers: list[Reader] = [
        JsonlReader(),
        ZipReader(members, inside=inside is not None),
        PdfReader(on_page),
        # The pictures in a message are mostly logos and signatures.
        *([] if inside == "mail" else [PictureReader(on_page)]),
        FeedReader(),
        HtmlReader(),
        *([] if inside == "mail" else [MailReader(members)]),
        TableReader(),
        MarkdownReader(),
        PlainReader(),  # last: it takes everything
    ]
    return next(reader for reader in readers if reader.matches(head, extension))
