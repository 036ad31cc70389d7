"""Word documents (DOCX): paragraphs, lists and tables in reading order.

python-docx opens the package and reads its properties, styles and numbering. The text is collected
here, since the paragraphs of python-docx leave out content controls, tracked insertions and text
boxes. python-docx is given a copy of the package with the parts that were unpacked under the
limits, and without pictures.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from index.errors import SourceError
from index.readers.archive import Archive
from index.readers.base import (
    BadRecord,
    Draft,
    confirmed_title,
    parser_guard,
    read_limited,
    single_line,
    stated_names,
)
from index.readers.charset import normalize_text
from index.readers.text_blocks import TextBlocks
from index.structure.headline.detect import read_head
from index.structure.headline.issuer_evidence import Place
from index.structure.headline.stated_title import is_headline_like

if TYPE_CHECKING:
    from docx.document import Document

MAX_MEMBERS = 2_000
"""Files in one document; a long one with many pictures has a few hundred."""

CONTENT_TYPES = "[Content_Types].xml"
"""A member that every office document has, and no other archive."""

MAX_STYLES = 20
"""Length of a chain of styles based on each other; a longer one is a loop or an attack."""

MAX_SECTIONS = 3
_MAX_HEADER_LINES = 12
_TITLE_WITHIN = 20
"""Paragraphs from the start, among which the title stands."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _ROW, _CELL = f"{_W}p", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_RUN, _TEXT, _VALUE = f"{_W}r", f"{_W}t", f"{_W}val"
_NOT_SHOWN = frozenset(
    {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}sectPr", f"{_W}rt",
     "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)  # fmt: skip
"""Elements whose text is not shown, or is shown elsewhere as well."""

_CHARACTERS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_OFF = frozenset({"0", "false", "off", "none"})
_LEVELS = frozenset("012345678")
"""The levels of a list; there are no more in a Word document."""

_LETTER_FORMATS = {"lowerLetter": "a", "upperLetter": "A"}
_UNSUPPORTED = {"xl/": "a spreadsheet", "ppt/": "a presentation"}
_TITLE_STYLES = frozenset({"Title", "Heading 1", "Titre", "Titre 1", "heading 1", "title"})


class DocxReader:
    """Reads one Word document as one release."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether it may be one; `index.readers.zip` decides by the archive's directory."""
        del extension
        return head.startswith(b"PK\x03\x04")

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the document's text and what its properties say."""
        data = read_limited(stream, max_bytes)
        archive = Archive(data, max_members=MAX_MEMBERS, max_unpacked=max_bytes)
        for folder, description in _UNSUPPORTED.items():
            if any(member.startswith(folder) for member in archive.names):
                raise SourceError(f"{description}, which is not supported")
        package = _package(archive, max_bytes)
        with parser_guard("the document"):
            yield _draft(package)


def _package(archive: Archive, max_bytes: int) -> io.BytesIO:
    """Return a copy of the package with its XML parts unpacked and all other parts empty."""
    parts = [member for member in archive.members if _is_xml(member.filename)]
    archive.require_space(parts)
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as package:
        for member in archive.members:
            content = archive.read(member, max_bytes) if _is_xml(member.filename) else b""
            if b"<!DOCTYPE" in content:
                raise SourceError("it declares XML entities, which are not allowed")
            package.writestr(member.filename, content)
    return copy


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _draft(package: io.BytesIO) -> Draft:
    import docx

    try:
        document = docx.Document(package)
    except (KeyError, ValueError) as error:
        raise SourceError("an office document of an unsupported kind") from error
    body = _read_body(document)
    properties = document.core_properties
    text = "\n\n".join(body.lines)
    return Draft(
        text,
        title=single_line(body.title) or _stated_title(properties.title, text),
        names=stated_names(("author", properties.author), *_page_headers(document)),
        lang=single_line(properties.language),
        created=properties.created.date().isoformat() if properties.created else None,
    )


def _page_headers(document: "Document") -> Iterator[tuple[Place, str]]:
    """Yield the lines in the margins above and below the pages, and the first ones together."""
    for section in document.sections[:MAX_SECTIONS]:
        for part in (section.first_page_header, section.header, section.footer):
            if part.is_linked_to_previous:
                continue
            lines = [line for paragraph in part.paragraphs for line in paragraph.text.split("\n")]
            lines = [line.strip() for line in lines[:_MAX_HEADER_LINES] if line.strip()]
            for line in (*lines, " ".join(lines[:2])):
                yield "page header", line


def _stated_title(title: object, text: str) -> str | None:
    """Return the title in the properties, when the text begins with it or has no headline.

    Templates leave a label there ("News Release"), with which the text begins as well.
    """
    confirmed = confirmed_title(title, text)
    if confirmed is not None and is_headline_like(confirmed):
        return confirmed
    if read_head(text, None).headline is not None:
        return None
    words = single_line(title)
    return words if words and is_headline_like(words) else None


def _read_body(document: "Document") -> "_BodyText":
    """Return the text of the document; nested tables and boxes are walked without recursion."""
    from lxml import etree

    body = _BodyText(_Styles(document))
    walk = etree.iterwalk(document.element.body, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            body.leave(element)
        elif element.tag in _NOT_SHOWN or (element.tag == _RUN and _is_hidden(element)):
            walk.skip_subtree()
        else:
            body.enter(element)
    return body


class _BodyText:
    """Collects the text of a document while its elements are walked.

    Attributes:
        title: The first paragraph near the start that has the style of a title or a heading,
            and that is not a banner such as “News Release” or the issuer's name.
    """

    def __init__(self, styles: "_Styles") -> None:
        self.title: str | None = None
        self._blocks = TextBlocks()
        self._styles = styles
        self._paragraphs: list[list[str]] = []  # open ones; a text box is inside another

    @property
    def lines(self) -> list[str]:
        """The paragraphs and rows of tables."""
        return self._blocks.lines

    def enter(self, element: Any) -> None:  # noqa: ANN401 - an element of lxml, which is untyped
        """Begin an element."""
        tag = element.tag
        if tag == _PARAGRAPH:
            self._paragraphs.append([])
        elif tag == _TABLE:
            self._blocks.open_table()
        elif tag == _ROW:
            self._blocks.open_row()
        elif tag == _CELL:
            self._blocks.open_cell()
        elif self._paragraphs:
            text = (element.text or "") if tag == _TEXT else _CHARACTERS.get(tag, "")
            self._paragraphs[-1].append(text)

    def leave(self, element: Any) -> None:  # noqa: ANN401 - of lxml
        """End an element."""
        tag = element.tag
        if tag == _PARAGRAPH:
            style, words = self._styles.line(element, "".join(self._paragraphs.pop()))
            styled = style in _TITLE_STYLES and len(self.lines) < _TITLE_WITHIN
            if styled and is_headline_like(words):
                self.title = self.title or words
            self._blocks.add(words)
        elif tag == _TABLE:
            self._blocks.close_table()
        elif tag == _CELL:
            self._blocks.close_cell()


def _is_hidden(run: Any) -> bool:  # noqa: ANN401 - an element of lxml, which is untyped
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(_VALUE, "1") not in _OFF


class _Styles:
    """The styles and the list numbering of a document."""

    def __init__(self, document: "Document") -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE

        self._styles = {style.style_id: style.element for style in document.styles}
        self._formats: dict[str, dict[str, str]] = {}  # of each list: the format by level
        self._counts: dict[str, dict[str, int]] = {}  # of each list: the last number by level
        try:
            numbering: Any = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
        except KeyError:
            return
        formats: dict[str, dict[str, str]] = {}
        for abstract in numbering.element.iter(f"{_W}abstractNum"):
            formats[abstract.get(f"{_W}abstractNumId")] = {
                level.get(f"{_W}ilvl"): _value(level, "numFmt", "decimal")
                for level in abstract.iter(f"{_W}lvl")
                if level.get(f"{_W}ilvl") in _LEVELS
            }
        for number in numbering.element.iter(f"{_W}num"):
            kind = formats.get(_value(number, "abstractNumId"))
            if kind is not None:
                self._formats[number.get(f"{_W}numId")] = kind

    def line(self, paragraph: Any, text: str) -> tuple[str, str]:  # noqa: ANN401 - of lxml
        """Return the name of a paragraph's style, and its words with their list mark, if any."""
        pieces = (" ".join(piece.split()) for piece in normalize_text(text).split("\n"))
        words = "\n".join(piece for piece in pieces if piece)
        properties = paragraph.find(f"{_W}pPr")
        style = self._styles.get("" if properties is None else _value(properties, "pStyle"))
        mark = self._list_mark(properties, style) if words else ""
        return "" if style is None else _value(style, "name"), mark + words

    def _list_mark(self, properties: Any, style: Any) -> str:  # noqa: ANN401 - of lxml
        """Return the number or bullet of a paragraph; empty when it is not in a list."""
        numbering = None if properties is None else properties.find(f"{_W}numPr")
        for _ in range(MAX_STYLES):
            if numbering is not None or style is None:
                break
            numbering = style.find(f"{_W}pPr/{_W}numPr")
            style = self._styles.get(_value(style, "basedOn"))
        if numbering is None:
            return ""
        number, level = _value(numbering, "numId"), _value(numbering, "ilvl", "0")
        number_format = self._formats.get(number, {}).get(level, "none")
        if number_format == "none":
            return ""
        numbers = self._counts.setdefault(number, {})
        numbers[level] = count = numbers.get(level, 0) + 1
        for deeper in [other for other in numbers if other > level]:
            del numbers[deeper]
        if number_format == "decimal":
            return f"{count}. "
        if number_format in _LETTER_FORMATS and count <= 26:  # noqa: PLR2004 - letters
            return f"{chr(ord(_LETTER_FORMATS[number_format]) + count - 1)}) "
        return "• "


def _value(element: Any, name: str, default: str = "") -> str:  # noqa: ANN401 - of lxml
    """Return the value of the child element `name`."""
    found = element.find(f"{_W}{name}")
    return default if found is None else str(found.get(_VALUE, default))
