"""HTML that is an article already, as feeds and mails carry it: its text, block by block.

Nothing has to be told from menus here, so nothing is left out but what no reader sees. Pages
as a site serves them are for `index.readers.html`.
"""

import re
from typing import Any

from index.errors import SourceError
from index.readers.base import parser_guard
from index.readers.charset import normalize_text
from index.readers.text_blocks import TextBlocks

MAX_DEPTH = 400
"""Elements nested deeper than this are no article; parsers slow down badly with depth."""

MAX_ELEMENTS = 40_000
"""A page of more elements is no article either; telling text from menus would take minutes."""

MAX_PAGE = 10_000_000
"""Characters outside scripts and styles; telling text from menus takes seconds for each million."""

# Where a script begins in a comment or an attribute it is none, nor one that ends at once: what
# stands behind it is looked at.
_SCRIPT = re.compile(
    r"(?P<kept><!--.*?(?:-->|\Z)|=\s*+(?:\"[^\"]*+\"|'[^']*+'))"
    r"|<(script|style)\b(?![^<>]*+(?<=/)>).*?(?:</\2|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*+)[^<>]*+>")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
     "wbr", "dd", "dt", "li", "option", "p", "td", "th", "tr"}
)  # fmt: skip
"""Elements that have no content, and those that end where the next one begins."""

_UNSEEN = frozenset({"script", "style", "head", "template", "title", "noscript", "svg", "object"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
     "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
     "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre",
     "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)  # fmt: skip
_CELLS = frozenset({"td", "th"})
_MARKUP = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>|&(?:#\d+|#x[0-9a-fA-F]+|\w{2,31});")


def check_html_limits(page: str) -> None:
    """Refuse what would keep a parser busy for minutes and is no article.

    Raises:
        SourceError: When the page is too large, has too many elements or nests them too deep.
    """
    page = _SCRIPT.sub(lambda found: found["kept"] or "", page)
    if len(page) > MAX_PAGE:
        raise SourceError("it is too large to be an article")
    depth = 0
    for number, match in enumerate(_TAG.finditer(page)):
        closing, name = match.groups()
        if number > 2 * MAX_ELEMENTS:
            raise SourceError("it has too many elements to be an article")
        if name.lower() in _VOID or match.group().endswith("/>"):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > MAX_DEPTH:
            raise SourceError("its elements are nested too deep to be an article")


def has_markup(text: str) -> bool:
    """Whether `text` has tags or entities, rather than being plain text."""
    return _MARKUP.search(text) is not None


def html_to_text(fragment: str) -> str:
    """Return the text of a piece of HTML, its paragraphs separated by blank lines.

    Raises:
        SourceError: When it is no article, or cannot be parsed.
    """
    check_html_limits(fragment)
    with parser_guard("its HTML"):
        from lxml import etree, html

        if not fragment.strip():
            return ""
        parser = html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
        data = normalize_text(fragment).encode("utf-8")
        root = html.document_fromstring(b"<div>" + data + b"</div>", parser=parser)
        text = _Text()
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if not text.enter(element):
                    walk.skip_subtree()
            else:
                text.leave(element)
        return "\n\n".join(text.finished())


class _Text:
    """The text of a fragment as far as it was walked."""

    def __init__(self) -> None:
        self._blocks = TextBlocks()
        self._words: list[str] = []
        self._lists: list[int | None] = []
        self._mark = ""

    def enter(self, element: Any) -> bool:  # noqa: ANN401 - an element of lxml, which is untyped
        """Take up an element before what is in it; false when nobody sees what is in it."""
        tag = element.tag
        if tag in _UNSEEN or _HIDDEN.search(element.get("style", "")):
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
            self._mark = self._next_mark()
        elif tag == "br":
            self._words.append("\n")
        self._words.append(_flat(element.text, kept=tag == "pre"))
        return True

    def leave(self, element: Any) -> None:  # noqa: ANN401 - of lxml
        """Take up an element after what is in it, and the text behind it."""
        tag = element.tag
        if tag in _UNSEEN or _HIDDEN.search(element.get("style", "")):
            self._words.append(_flat(element.tail))
            return
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag == "table":
            self._blocks.close_table()
        elif tag in _CELLS:
            self._blocks.close_cell()
        elif tag in {"ol", "ul"}:
            self._lists.pop()
        elif tag == "li":
            self._mark = ""
        self._words.append(_flat(element.tail))

    def finished(self) -> list[str]:
        """Return the paragraphs."""
        self._end_paragraph()
        return self._blocks.lines

    def _next_mark(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "• "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "

    def _end_paragraph(self) -> None:
        """End a paragraph; two line breaks in a row end one too, as old pages and mails do it."""
        for piece in re.split(r"\n\s*\n", "".join(self._words)):
            lines = (" ".join(line.split()) for line in piece.split("\n"))
            if words := "\n".join(line for line in lines if line):
                self._blocks.add(self._mark + words)
                self._mark = ""
        self._words.clear()


def _flat(text: str | None, *, kept: bool = False) -> str:
    """Return text with its line ends as spaces, since HTML breaks lines where it likes."""
    if not text or kept:
        return text or ""
    return text.replace("\n", " ").replace("\r", " ")
