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
from itertools import pairwise
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
    single_line,
    stated_names,
)
from index.readers.charset import decode, normalize_text
from index.readers.cover_note import forwarded_date, forwarded_sender, release_start
from index.readers.html_fragment import html_to_text
from index.readers.plain import PlainReader
from index.structure.headline.detect import read_head
from index.structure.headline.issuer_evidence import Mention
from index.structure.headline.stated_title import clean_title, is_headline_like, is_in_lines
from index.text.dates import parse_date

MAX_PARTS = 5_000
"""Lines that may begin a part; an ordinary message has about ten."""

MAX_CONTAINERS = 100
"""Parts that hold other parts: each line is compared with the ends of all that are open."""

MAX_FIELDS = 200_000
"""Lines that may be a header; each takes a hundred times more memory than a short line."""

MAX_HEADER = 2_000
"""Characters of a header; one with a long file name has a few hundred."""

MAX_HEADERS = 200_000
"""Characters of all headers about content; parsing takes seconds for each hundred thousand."""

MAX_ATTACHMENTS = 50
"""Attachments that are read."""

_HEADER = re.compile(rb"([!-9;-~]+):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")
_MAILBOX_LINE = re.compile(rb"From [^\r\n]*\r?\n")
_CERTAIN_HEADERS = frozenset({b"message-id", b"mime-version", b"received", b"return-path"})
_USUAL_HEADERS = frozenset({b"date", b"subject"})
_CONTENT_HEADER = re.compile(
    rb"^content-[\w-]+:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)
_FIELD_START = re.compile(rb"^[!-9;-~]+:", re.MULTILINE)
_CONTAINER = re.compile(rb"\Acontent-type:.*(?:multipart|message)/", re.IGNORECASE | re.DOTALL)
_REPORT = re.compile(rb"\Acontent-type:.*delivery-status", re.IGNORECASE | re.DOTALL)
_SEVEN_BIT_CHARSET = re.compile(r"iso-2022-|hz\b", re.IGNORECASE)
"""Charsets whose bytes look like ASCII, so that only the message says which it is."""

_TEXT_TYPES = frozenset({"text/plain", "text/markdown"})
"""Content types of plain text that is read, unlike calendars and contact cards."""

_MIN_TITLE_WORDS = 4
"""Words of a subject that stands for the headline without being in the text, at least."""

_SUBJECT_LINE = re.compile(r"(?:subject|objet|betreff|asunto|re) ?:", re.IGNORECASE)
_TITLE_FIELD = re.compile(r"\A\W*(?:title|headline|titre|titel|título|titolo) ?:\s*", re.IGNORECASE)
_MIN_HEADLINE_WORDS = 5
_MIN_SHARED_WORDS = 2
_CONTENT_WORD = 4
"""Letters of a word that a subject and the headline share, at least."""

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
        _check_limits(data)
        with parser_guard("the message"):
            message = message_from_bytes(data[_headers_start(data) :], policy=policy.default)
            attached = [part for part in message.iter_attachments() if _file_name(part)]
            draft = _draft(message)
        yield draft
        for part in attached[:MAX_ATTACHMENTS]:
            yield from _attached_drafts(part, draft, max_bytes, self._reader_for)
        if len(attached) > MAX_ATTACHMENTS:
            yield BadRecord(
                f"attachments {MAX_ATTACHMENTS + 1} to {len(attached)}",
                f"only the first {MAX_ATTACHMENTS} attachments of a message are read",
            )


def _headers_start(data: bytes) -> int:
    """Return where the headers begin; in a mailbox a "From " line stands before them."""
    line = _MAILBOX_LINE.match(data)
    return line.end() if line else 0


def _check_limits(data: bytes) -> None:
    """Refuse what would keep the library busy or fill memory, and cannot be a release.

    The library ends lines at bare CR too, so all line ends are made alike first.

    Raises:
        SourceError: When the message has too many parts or headers, or too long ones.
    """
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    parts = lines.count(b"\n--")
    if parts > MAX_PARTS:
        raise SourceError("a message with too many parts")
    containers = size = 0
    has_report = False
    for field in _CONTENT_HEADER.finditer(lines):
        header = field[0]
        size += len(header)
        if len(header) > MAX_HEADER or size > MAX_HEADERS:
            raise SourceError("a message with a malformed header")
        containers += _CONTAINER.match(header) is not None
        has_report = has_report or _REPORT.match(header) is not None
    if has_report:  # in which each blank line begins a part
        parts += lines.count(b"\n\n")
    if parts > MAX_PARTS or containers > MAX_CONTAINERS:
        raise SourceError("a message with too many parts")
    if sum(1 for _ in _FIELD_START.finditer(lines)) > MAX_FIELDS:
        raise SourceError("a message with too many headers")


def _draft(message: EmailMessage) -> Draft:
    plain, html = (message.get_body((form,)) for form in ("plain", "html"))
    text = _part_text(plain) if plain else ""
    if html is not None:
        full = html_to_text(_part_text(html))
        text = full if len(text) < _MIN_PLAIN_SHARE * len(full) else text
    text = text.strip("\n")
    start = release_start(text)
    release = text[start:]
    head = read_head(release, None)
    return Draft(
        text,
        title=_title(_header_line(message, "Subject"), release, head.headline, noted=start > 0),
        date=head.date if start else None,
        names=(*_sender(message, text), *(head.names if start else ())),
        place_guess=head.place if start else None,
        created=parse_date(forwarded_date(text) or "") or _date(message),
        lang=_header_line(message, "Content-Language"),
    )


def _title(subject: str | None, text: str, headline: str | None, *, noted: bool) -> str | None:
    """Return the headline in a subject; None for one that only hints at the headline of the text.

    "Press statement – sheep fever" is such a subject, and so is a short form of a headline that
    stands in the text. Below a note to the reader, the headline of the release comes first.
    """
    title = clean_title(subject, first_lines(text))
    if title is None or (is_in_lines(title, first_lines(text)) and is_headline_like(title)):
        return title
    fuller = _fuller_line(title, first_lines(text))
    if fuller is not None:
        return fuller
    if noted and headline is not None and is_headline_like(headline):
        return headline
    if headline is None:
        return title
    if title != subject and len(title.split()) < _MIN_TITLE_WORDS:
        return None
    return None if _is_short_form(title, headline) else title


def _fuller_line(subject: str, lines: list[str]) -> str | None:
    """Return the first line of the text that says more of what the subject says."""
    wanted = _content_words(subject)
    for written, below in pairwise([*lines, ""]):
        line = clean_title(_TITLE_FIELD.sub("", written), ()) or written
        shared = wanted & _content_words(line)
        if (
            len(shared) > max(1, len(wanted) // 2)
            and len(line.split()) >= len(subject.split())
            and not (line.endswith((".", ":")) or below or _SUBJECT_LINE.match(line))
            and is_headline_like(line)
        ):
            return line
    return None


def _is_short_form(subject: str, headline: str) -> bool:
    """Whether a subject says in other words what a headline says."""
    if len(headline.split()) < _MIN_HEADLINE_WORDS or not is_headline_like(headline):
        return False
    shared = _content_words(subject) & _content_words(headline)
    return len(shared) >= _MIN_SHARED_WORDS


def _content_words(words: str) -> set[str]:
    """Return the words that carry meaning: all but short ones, save abbreviations."""
    return {
        word.casefold()
        for word in re.findall(r"\w+", words)
        if len(word) >= _CONTENT_WORD or (word.isupper() and len(word) > 1)
    }


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
                    found, member=name, names=(*found.names, *mail.names),
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


def _sender(message: EmailMessage, text: str) -> tuple[Mention, ...]:
    """Return the sender's name: of the message, or of the one that it forwards."""
    forwarded = forwarded_sender(text)
    if forwarded is not None:
        return stated_names(("sender", forwarded))
    addresses = getattr(_parsed_header(message, "From"), "addresses", ())
    return stated_names(("sender", addresses[0].display_name)) if addresses else ()
