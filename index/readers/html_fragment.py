"""HTML that is an article already, as in feeds and mails: its text, block by block.

There are no menus to leave out, only what is not shown. Pages as a site serves them are read by
`index.readers.html`.
"""

import re
from collections.abc import Iterator
from typing import Any

from index.errors import SourceError
from index.readers.base import parser_guard
from index.readers.charset import normalize_text
from index.readers.text_blocks import TextBlocks
from index.types import Span

MAX_DEPTH = 400
"""Depth of nested elements; an article has less, and parsers become very slow with depth."""

MAX_ELEMENTS = 40_000
"""Elements of a page; with more, telling the article from menus would take minutes."""

MAX_ATTRIBUTES = 200
"""Attributes of an element; the parser compares each with those before it."""

MAX_PAGE = 10_000_000
"""Characters outside scripts and styles; telling the article from menus takes seconds a million."""

_ATTRIBUTE = r"[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+"
# As in the HTML standard: a quoted value may hold what looks like the end of the tag, or a tag.
_TAG = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(?:[!?]|/[^a-zA-Z>])[^>]*+"
    rf"|<(?P<closing>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<attributes>(?:[\s/]++|{_ATTRIBUTE})*+)(?:>|\Z)",
    re.DOTALL,
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_RAW_TEXT = {
    name: re.compile(rf"</{name}(?=[\s/>])|\Z", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}
"""Elements that hold no elements, and where they end."""

_PROGRAMS = frozenset({"script", "style"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
     "wbr", "dd", "dt", "li", "option", "p", "td", "th", "tr"}
)  # fmt: skip
"""Elements without content, and those whose end tag may be left out."""

_NOT_SHOWN = frozenset(
    {"script", "style", "head", "template", "title", "noscript", "svg", "object"}
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
     "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
     "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre",
     "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)  # fmt: skip
_CELLS = frozenset({"td", "th"})
_MARKUP = re.compile(r"<(?:/?[a-zA-Z][^<>]*>|!--)|&(?:#\d+|#x[0-9a-fA-F]+|\w{2,31});")


def check_html_limits(page: str) -> None:
    """Refuse what would keep a parser busy for minutes and cannot be an article.

    Raises:
        SourceError: When the page is too large, has too many elements or attributes, or nests
            elements too deep.
    """
    size = len(page)
    if size > MAX_PAGE:
        size -= sum(stop - start for start, stop in _programs(page))
        if size > MAX_PAGE:
            raise SourceError("it is too large to be an article")
    _check_elements(page, (0, len(page)), 0)


def _check_elements(page: str, within: Span, depth: int, *, inside_text: bool = False) -> int:
    """Return the number of tags between two places; refuse too many, too deep or too long ones.

    What stands in a title and the like, or in a script that does not end, is no element to some
    parsers, and is to others: both ways of reading it are checked, the second one by a call with
    `inside_text`.
    """
    count = 0
    for tag, content in _tags(page, within, raw=not inside_text):
        name, attributes = tag["name"].lower(), tag["attributes"]
        empty = attributes.endswith("/")
        count += 1
        doubtful = empty or name not in _PROGRAMS or (content or within)[1] == len(page)
        if content is not None and doubtful:
            count += _check_elements(page, content, depth, inside_text=True)
        if count > 2 * MAX_ELEMENTS:
            raise SourceError("it has too many elements to be an article")
        if _has_too_many(attributes):
            raise SourceError("an element has too many attributes to be one of an article")
        if content is not None or name in _RAW_TEXT or name in _VOID or empty:
            continue
        depth = max(0, depth - 1) if tag["closing"] else depth + 1
        if depth > MAX_DEPTH:
            raise SourceError("its elements are nested too deeply to be an article")
    return count


def has_long_tag(markup: str) -> bool:
    """Whether an element has too many attributes, in HTML or in XML."""
    return any(_has_too_many(tag["attributes"]) for tag, _ in _tags(markup, (0, len(markup))))


def _has_too_many(attributes: str) -> bool:
    longer = len(attributes) > 2 * MAX_ATTRIBUTES  # one has two characters with the space
    return longer and sum(1 for _ in _ATTRIBUTES.finditer(attributes)) > MAX_ATTRIBUTES


def _tags(
    page: str, within: Span, *, raw: bool = True
) -> Iterator[tuple[re.Match[str], Span | None]]:
    """Yield the tags between two places, with `raw` also where the content of raw text is."""
    place, stop = within
    while (tag := _TAG.search(page, place, stop)) is not None:
        place = tag.end()
        if tag["name"] is None:  # a comment or a declaration
            continue
        ended = None if tag["closing"] or not raw else _RAW_TEXT.get(tag["name"].lower())
        if ended is None:
            yield tag, None
            continue
        end = ended.search(page, place, stop)
        content = (place, end.start() if end is not None else stop)
        yield tag, content
        place = content[1]


def _programs(page: str) -> Iterator[Span]:
    """Yield where the scripts and styles of a page are; refuse a page of too many elements."""
    for number, (tag, content) in enumerate(_tags(page, (0, len(page)))):
        if number > 2 * MAX_ELEMENTS:  # so that of millions the first thousands are looked at
            raise SourceError("it has too many elements to be an article")
        if content is not None and tag["name"].lower() in _PROGRAMS:
            yield content


def has_markup(text: str) -> bool:
    """Whether `text` has tags or entities, rather than being plain text."""
    return _MARKUP.search(text) is not None


def parse_html(text: str) -> Any:  # noqa: ANN401 - lxml is untyped
    """Return the root element of `text`, which is HTML and is wrapped in a `div`."""
    from lxml import html

    parser = html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    data = normalize_text(text).encode("utf-8")
    return html.document_fromstring(b"<div>" + data + b"</div>", parser=parser)


def html_to_text(fragment: str) -> str:
    """Return the text of a piece of HTML, its paragraphs separated by blank lines.

    Raises:
        SourceError: When it cannot be an article, or cannot be parsed.
    """
    check_html_limits(fragment)
    if not fragment.strip():
        return ""
    with parser_guard("its HTML"):
        from lxml import etree

        text = _FragmentText()
        walk = etree.iterwalk(parse_html(fragment), events=("start", "end"))
        for event, element in walk:
            if event == "end":
                text.leave(element)
            elif not text.enter(element):
                walk.skip_subtree()
        return "\n\n".join(text.paragraphs())


class _FragmentText:
    """Collects the text of a fragment while its elements are walked."""

    def __init__(self) -> None:
        self._blocks = TextBlocks()
        self._words: list[str] = []
        self._lists: list[int | None] = []
        self._item_mark = ""

    def enter(self, element: Any) -> bool:  # noqa: ANN401 - an element of lxml, which is untyped
        """Begin an element; return whether its content is shown."""
        tag = element.tag
        if _is_hidden(element):
            return False
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag == "table":
            self._blocks.open_table()
        elif tag == "tr":
            self._blocks.open_row()
        elif tag in _CELLS:
            self._blocks.open_cell()
        elif tag in {"ol", "ul"}:
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._item_mark = self._next_item_mark()
        elif tag == "br":
            self._words.append("\n")
        self._words.append(element.text or "" if tag == "pre" else _unwrap(element.text))
        return True

    def leave(self, element: Any) -> None:  # noqa: ANN401 - of lxml
        """End an element and take the text after it."""
        tag = element.tag
        if not _is_hidden(element):
            if tag in _BLOCKS:
                self._end_paragraph()
            if tag == "table":
                self._blocks.close_table()
            elif tag in _CELLS:
                self._blocks.close_cell()
            elif tag in {"ol", "ul"}:
                self._lists.pop()
            elif tag == "li":
                self._item_mark = ""
        self._words.append(_unwrap(element.tail))

    def paragraphs(self) -> list[str]:
        """Return the paragraphs, after the last element."""
        self._end_paragraph()
        return self._blocks.lines

    def _next_item_mark(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "• "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "

    def _end_paragraph(self) -> None:
        """End a paragraph; two line breaks in a row end one too, as in old pages and mails."""
        for piece in re.split(r"\n\s*\n", "".join(self._words)):
            lines = (" ".join(line.split()) for line in piece.split("\n"))
            if words := "\n".join(line for line in lines if line):
                self._blocks.add(self._item_mark + words)
                self._item_mark = ""
        self._words.clear()


def _is_hidden(element: Any) -> bool:  # noqa: ANN401 - of lxml
    return element.tag in _NOT_SHOWN or _HIDDEN.search(element.get("style", "")) is not None


def _unwrap(text: str | None) -> str:
    """Return text with spaces for line ends, since HTML may break lines anywhere."""
    return (text or "").replace("\n", " ").replace("\r", " ")
