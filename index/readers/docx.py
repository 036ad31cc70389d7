"""Word documents (DOCX): paragraphs, lists and tables in the order they are read.

python-docx opens the package and knows its properties, styles and numbering; the text is
collected here, because content controls, tracked insertions and text boxes hold words that
its paragraphs leave out. It is given a copy of the package that holds what was unpacked under
the limits and no pictures.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from index.errors import SourceError
from index.readers.archive import Archive
from index.readers.base import BadRecord, Draft, issuer_name, parser_guard, read_limited
from index.readers.charset import normalize_text
from index.readers.text_blocks import TextBlocks

if TYPE_CHECKING:
    from docx.document import Document

MAX_MEMBERS = 2_000
"""Files in one document; a long one with many pictures has some hundreds."""

CONTENT_TYPES = "[Content_Types].xml"
"""The part that every office document has, and no other archive."""

MAX_STYLES = 20
"""Styles a style may be based on in turn; a longer chain is a loop or a trap."""

_TITLE_WITHIN = 20
"""Paragraphs from the start among which the title stands."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _ROW, _CELL = f"{_W}p", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_RUN, _TEXT, _VALUE = f"{_W}r", f"{_W}t", f"{_W}val"
_UNSEEN = frozenset(
    {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}sectPr", f"{_W}rt",
     "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)  # fmt: skip
"""Elements whose text no reader of the document sees, or sees a second time."""

_SIGNS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_OFF = frozenset({"0", "false", "off", "none"})
_LETTERS = {"lowerLetter": "a", "upperLetter": "A"}
_OTHERS = {"xl/": "a spreadsheet", "ppt/": "a presentation"}
_TITLE = "Title"


class DocxReader:
    """Reads one Word document as one release."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether it may be one: `index.readers.zip` tells by the archive's directory."""
        del extension
        return head.startswith(b"PK\x03\x04")

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the document's text and what its properties say."""
        data = read_limited(stream, max_bytes)
        archive = Archive(data, max_members=MAX_MEMBERS, max_unpacked=max_bytes)
        for folder, name in _OTHERS.items():
            if any(member.startswith(folder) for member in archive.names):
                raise SourceError(f"{name}, which is not supported")
        package = _package(archive, max_bytes)
        with parser_guard("the document"):
            yield _draft(package)


def _package(archive: Archive, max_bytes: int) -> io.BytesIO:
    """Return the package with its XML parts unpacked and everything else empty."""
    parts = [member for member in archive.members if _is_xml(member.filename)]
    archive.require_space(parts)
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as package:
        for member in archive.members:
            content = archive.read(member, max_bytes) if _is_xml(member.filename) else b""
            if b"<!DOCTYPE" in content:
                raise SourceError("it declares entities, which no office document does")
            package.writestr(member.filename, content)
    return copy


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _draft(package: io.BytesIO) -> Draft:
    import docx

    try:
        document = docx.Document(package)
    except (KeyError, ValueError) as error:
        raise SourceError("an office document of a kind that is not supported") from error
    body = _walked(document)
    properties = document.core_properties
    return Draft(
        "\n\n".join(body.lines),
        title=_clean(body.title) or _clean(properties.title),
        issuer=issuer_name(properties.author),
        lang=_clean(properties.language),
        created=properties.created.date().isoformat() if properties.created else None,
    )


def _clean(value: str | None) -> str | None:
    return " ".join(normalize_text(value).split()) or None if value else None


def _walked(document: "Document") -> "_Body":
    """Return what the document says, in order; nested tables and boxes without recursion."""
    from lxml import etree

    body = _Body(_Styles(document))
    walk = etree.iterwalk(document.element.body, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            body.leave(element)
        elif element.tag in _UNSEEN or (element.tag == _RUN and _hidden(element)):
            walk.skip_subtree()
        else:
            body.enter(element)
    return body


class _Body(TextBlocks):
    """What has been read of a document.

    Attributes:
        title: The words of the first paragraph near the start that is styled as a title.
    """

    def __init__(self, styles: "_Styles") -> None:
        super().__init__()
        self.title: str | None = None
        self._styles = styles
        self._words: list[list[str]] = []

    def enter(self, element: Any) -> None:  # noqa: ANN401 - an element of lxml, which is untyped
        """Take up an element before what is in it."""
        tag = element.tag
        if tag == _PARAGRAPH:
            self._words.append([])
        elif tag == _TABLE:
            self.open_table()
        elif tag == _ROW:
            self.open_row()
        elif tag == _CELL:
            self.open_cell()
        elif self._words:
            self._words[-1].append((element.text or "") if tag == _TEXT else _SIGNS.get(tag, ""))

    def leave(self, element: Any) -> None:  # noqa: ANN401 - of lxml
        """Take up an element after what is in it."""
        tag = element.tag
        if tag == _PARAGRAPH:
            style, words = self._styles.line(element, "".join(self._words.pop()))
            if words and style == _TITLE and len(self.lines) < _TITLE_WITHIN:
                self.title = self.title or words
            self.add(words)
        elif tag == _TABLE:
            self.close_table()
        elif tag == _CELL:
            self.close_cell()


def _hidden(run: Any) -> bool:  # noqa: ANN401 - an element of lxml, which is untyped
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(_VALUE, "1") not in _OFF


class _Styles:
    """What a document's styles and numbering make of a paragraph."""

    def __init__(self, document: "Document") -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE

        self._styles = {style.style_id: style.element for style in document.styles}
        self._levels: dict[tuple[str, str], str] = {}
        self._counts: dict[tuple[str, str], int] = {}
        try:
            numbering: Any = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
        except KeyError:
            return
        formats: dict[str, list[tuple[str, str]]] = {}
        for abstract in numbering.element.iter(f"{_W}abstractNum"):
            formats[abstract.get(f"{_W}abstractNumId")] = [
                (level.get(f"{_W}ilvl"), _value(level, "numFmt", "decimal"))
                for level in abstract.iter(f"{_W}lvl")
            ]
        for number in numbering.element.iter(f"{_W}num"):
            for level, form in formats.get(_value(number, "abstractNumId"), ()):
                self._levels[number.get(f"{_W}numId"), level] = form

    def line(self, paragraph: Any, text: str) -> tuple[str, str]:  # noqa: ANN401 - of lxml
        """Return a paragraph's style, and its words with its list's mark; empty without words."""
        pieces = (" ".join(piece.split()) for piece in normalize_text(text).split("\n"))
        words = "\n".join(piece for piece in pieces if piece)
        properties = paragraph.find(f"{_W}pPr")
        style = self._styles.get("" if properties is None else _value(properties, "pStyle"))
        mark = self._mark(properties, style) if words else ""
        return "" if style is None else _value(style, "name"), mark + words

    def _mark(self, properties: Any, style: Any) -> str:  # noqa: ANN401 - of lxml
        place = None if properties is None else properties.find(f"{_W}numPr")
        for _ in range(MAX_STYLES):
            if place is not None or style is None:
                break
            place = style.find(f"{_W}pPr/{_W}numPr")
            style = self._styles.get(_value(style, "basedOn"))
        if place is None:
            return ""
        key = (_value(place, "numId"), _value(place, "ilvl", "0"))
        form = self._levels.get(key, "none")
        if form == "none":
            return ""
        self._counts[key] = count = self._counts.get(key, 0) + 1
        for other in [o for o in self._counts if o[0] == key[0] and o[1] > key[1]]:
            del self._counts[other]
        if form == "decimal":
            return f"{count}. "
        if form in _LETTERS and count <= 26:  # noqa: PLR2004 - letters
            return f"{chr(ord(_LETTERS[form]) + count - 1)}) "
        return "• "


def _value(element: Any, name: str, default: str = "") -> str:  # noqa: ANN401 - of lxml
    found = element.find(f"{_W}{name}")
    return default if found is None else str(found.get(_VALUE, default))
