"""Mail saved as messages (.eml): the body is a release, and each attached document another.

Only the message itself is read; pictures and pages it refers to are not fetched. The standard
library parses it. Its time for headers grows faster than their length, so headers longer than any
mail program writes are refused first.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from index.errors import SourceError
from index.readers.base import (
    HEAD,
    BadRecord,
    Draft,
    ReaderFor,
    first_lines,
    parser_guard,
    read_limited,
    sender_name,
    single_line,
)
from index.readers.charset import decode, normalize_text
from index.readers.html_fragment import html_to_text
from index.readers.plain import PlainReader
from index.structure.headline.detect import read_head
from index.structure.headline.stated_title import clean_title

MAX_PARTS = 5_000
"""Lines that may begin a part; an ordinary message has about ten."""

MAX_HEADER = 2_000
"""Characters of a header; one with a long file name has a few hundred."""

MAX_ATTACHMENTS = 50
"""Attachments that are read."""

_HEADER = re.compile(rb"([!-9;-~]+):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")
_MAILBOX_LINE = re.compile(rb"From [^\r\n]*\r?\n")
_CERTAIN_HEADERS = frozenset({b"message-id", b"mime-version", b"received", b"return-path"})
_USUAL_HEADERS = frozenset({b"date", b"subject"})
_CONTENT_HEADER = re.compile(
    rb"^content-[\w-]+:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)
_SEVEN_BIT_CHARSET = re.compile(r"iso-2022-|hz\b", re.IGNORECASE)
"""Charsets whose bytes look like ASCII, so that only the message says which it is."""

_TEXT_TYPES = frozenset({"text/plain", "text/markdown"})
"""Content types of plain text that is read, unlike calendars and contact cards."""

_MIN_TITLE_WORDS = 4
"""Words of a subject that stands for the headline without being in the text, at least."""

_MIN_PLAIN_SHARE = 0.3
"""Length of the plain part relative to the HTML part; a shorter one only refers to the other."""


class MailReader:
    """Reads one message as one release, and the releases attached to it."""

    def __init__(self, reader_for: ReaderFor) -> None:
        """Choose the readers of attachments by `reader_for`."""
        self._reader_for = reader_for

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the source begins with the headers of a message and a blank line."""
        del extension
        place = _headers_start(head)
        names: set[bytes] = set()
        while field := _HEADER.match(head, place):
            names.add(field[1].lower())
            place = field.end()
        blank = head[place : place + 2].startswith((b"\n", b"\r\n")) or place == len(head)
        return (
            blank and b"from" in names and bool(names & _CERTAIN_HEADERS or names >= _USUAL_HEADERS)
        )

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the message's body, then its attachments."""
        data = read_limited(stream, max_bytes)
        if data.count(b"\n--") > MAX_PARTS:
            raise SourceError("a message with too many parts")
        if any(len(field[0]) > MAX_HEADER for field in _CONTENT_HEADER.finditer(data)):
            raise SourceError("a message with a malformed header")
        with parser_guard("the message"):
            message = message_from_bytes(data[_headers_start(data) :], policy=policy.default)
            attached = [part for part in message.iter_attachments() if _file_name(part)]
            draft = _draft(message)
        yield draft
        for part in attached[:MAX_ATTACHMENTS]:
            yield from _attached_drafts(part, draft, max_bytes, self._reader_for)


def _headers_start(data: bytes) -> int:
    """Return where the headers begin; in a mailbox a "From " line stands before them."""
    line = _MAILBOX_LINE.match(data)
    return line.end() if line else 0


def _draft(message: EmailMessage) -> Draft:
    plain, html = (message.get_body((form,)) for form in ("plain", "html"))
    text = _part_text(plain) if plain else ""
    if html is not None:
        full = html_to_text(_part_text(html))
        text = full if len(text) < _MIN_PLAIN_SHARE * len(full) else text
    text = text.strip("\n")
    return Draft(
        text,
        title=_title(_header_line(message, "Subject"), text),
        issuer_guess=_sender(message),
        created=_date(message),
        lang=_header_line(message, "Content-Language"),
    )


def _title(subject: str | None, text: str) -> str | None:
    """Return the headline in a subject; None for one that only hints at the headline of the text.

    "Press statement – sheep fever" is such a subject.
    """
    title = clean_title(subject, first_lines(text))
    if title is None or title == subject or len(title.split()) >= _MIN_TITLE_WORDS:
        return title
    return None if read_head(text, None).headline is not None else title


def _part_text(part: MIMEPart) -> str:
    """Return a part's text; lines that were wrapped for sending (format=flowed) are joined."""
    data = _part_bytes(part)
    charset = part.get_content_charset() or ""
    if _SEVEN_BIT_CHARSET.match(charset):
        text = normalize_text(data.decode(charset, errors="replace"))
    else:
        text = decode(data, charset).text if data.strip() else ""
    if part.get_param("format") != "flowed":
        return text
    joint = "" if part.get_param("delsp") == "yes" else " "
    lines = (line.removeprefix(" ") for line in text.split("\n"))
    pieces = [line[:-1] + joint if line.endswith(" ") and line != "-- " else f"{line}\n"
              for line in lines]  # fmt: skip
    return "".join(pieces)


def _attached_drafts(
    part: MIMEPart, mail: Draft, max_bytes: int, reader_for: ReaderFor
) -> Iterator[Draft | BadRecord]:
    """Yield the releases of an attachment; one in an unsupported format is ignored."""
    name = _file_name(part)
    try:
        with parser_guard("the attachment"):
            data = _part_bytes(part)
        reader = reader_for(data[:HEAD], PurePosixPath(name).suffix.lower(), inside="mail")
        if isinstance(reader, PlainReader) and part.get_content_type() not in _TEXT_TYPES:
            return
        for found in reader.read(BytesIO(data), max_bytes):
            if isinstance(found, BadRecord):
                yield BadRecord(f"{name}: {found.where}", found.reason)
            else:
                yield replace(
                    found, member=name, issuer_guess=found.issuer_guess or mail.issuer_guess,
                    created=mail.created or found.created,
                )  # fmt: skip
    except SourceError as error:
        yield BadRecord(name, str(error))


def _part_bytes(part: MIMEPart) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _file_name(part: MIMEPart) -> str:
    return single_line(part.get_filename()) or ""


def _header_line(message: EmailMessage, name: str) -> str | None:
    value = _parsed_header(message, name)
    return None if value is None else single_line(str(value))


def _parsed_header(message: EmailMessage, name: str) -> object | None:
    """Return a header as parsed by the library; None when it is missing or too long."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return message[name] if len(str(value)) <= MAX_HEADER else None
    return None


def _date(message: EmailMessage) -> str | None:
    """Return the day on which the message was sent, in the sender's time zone."""
    moment = getattr(_parsed_header(message, "Date"), "datetime", None)
    return moment.date().isoformat() if moment else None


def _sender(message: EmailMessage) -> str | None:
    addresses = getattr(_parsed_header(message, "From"), "addresses", ())
    return sender_name(addresses[0].display_name) if addresses else None
