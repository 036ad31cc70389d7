"""Markdown: headings, paragraphs, lists and quotes as plain text; front matter as metadata.

markdown-it-py parses it as CommonMark. The stored text is what a reader sees, without markup and
link targets, so that a citation quotes words.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.readers.base import BadRecord, Draft, read_limited
from index.readers.charset import decode

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<body>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(?P<name>[A-Za-z_][\w-]*)[ \t]*:(?P<value>.*)$", re.MULTILINE)
_FIELD_NAMES = {
    "title": "title", "headline": "title", "date": "date", "published": "date",
    "issuer": "issuer", "author": "issuer", "organization": "issuer", "organisation": "issuer",
    "lang": "lang", "language": "lang", "url": "url", "link": "url", "id": "release_id",
}  # fmt: skip
_HEADING = re.compile(rb"^\s{0,3}#{1,3} \S", re.MULTILINE)


class MarkdownReader:
    """Reads one Markdown file as one release."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the extension, front matter or a heading at the start says it is Markdown."""
        if extension in {".md", ".markdown", ".mdown"}:
            return True
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return start.startswith(b"---\n") or _HEADING.match(start) is not None

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the one release of the file."""
        decoded = decode(read_limited(stream, max_bytes))
        text = decoded.text
        fields: dict[str, str] = {}
        metadata: dict[str, object] = {}
        if front_matter := _FRONT_MATTER.match(text):
            text = text[front_matter.end() :]
            fields, metadata = _parse_front_matter(front_matter["body"])
        blocks = list(_blocks(text))
        heading = next((words for level, words in blocks if level == 1), None)
        if heading:
            fields.setdefault("title", heading)
        body = "\n\n".join(words for _, words in blocks)
        yield Draft(body, metadata=metadata, note=decoded.note, names=(), **fields)


def _parse_front_matter(body: str) -> tuple[dict[str, str], dict[str, object]]:
    """Return the fields of a draft, and all other fields."""
    known: dict[str, str] = {}
    rest: dict[str, object] = {}
    for match in _FIELD.finditer(body):
        name, value = match["name"].lower(), match["value"].strip().strip("\"'")
        if not value:
            continue
        if name in _FIELD_NAMES:
            known.setdefault(_FIELD_NAMES[name], value)
        else:
            rest[name] = value
    return known, rest


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield the words of each block, with its heading level or 0."""
    level = 0
    item = ""
    rows: list[str] = []
    for token in MarkdownIt("commonmark", {"html": False}).enable("table").parse(text):
        if token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "list_item_open":
            item = f"{token.info}{token.markup} " if token.info else "• "
        elif token.type == "tr_close":
            yield 0, " | ".join(rows)
            rows = []
        elif token.type == "inline":
            words = _words(token)
            if words and token.level and token.map is None:
                rows.append(words)
            elif words:
                yield level, item + words
            item = ""
        elif token.type in {"fence", "code_block"} and token.content.strip():
            yield 0, token.content.strip("\n")


def _words(inline: Token) -> str:
    """Return the text of inline markup."""
    pieces: list[str] = []
    for child in inline.children or ():
        if child.type in {"text", "code_inline", "image"}:
            pieces.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            pieces.append(" " if child.type == "softbreak" else "\n")
    return "".join(pieces).strip()
