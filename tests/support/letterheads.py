"""Releases under the letterheads of many issuers, as files of five formats, and how they are read.

Each file of tests/data/letterheads describes one style: what is right (title, date, issuer, place)
and the page as it looks. In the page, `# ` marks the headline, `## ` a subheadline and `~ ` a line
of the site around the release, which only copies of web pages have. Issuers and facts are invented.
"""

import datetime as dt
import html
import io
import re
import textwrap
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import docx
from checkout import ROOT
from fpdf import FPDF

from index.ingest.parse import ParsedRelease, read_stream
from index.structure.passages import EncoderWindow
from index.types import Release

FOLDER = ROOT / "tests" / "data" / "letterheads"
ELEMENTS = ("title", "date", "issuer", "place")
_WRAP = 74
_WORDS = re.compile(r"\w+|[^\w\s]")
_WINDOW = EncoderWindow(256, lambda text: [word.start() for word in _WORDS.finditer(text)])


@dataclass(frozen=True)
class Line:
    """A line of the page: its words, and whether it is a headline, of the site, or neither."""

    words: str
    role: str


@dataclass(frozen=True)
class Style:
    """One style: what is right, the blocks of lines of its page, and settings of the formats."""

    name: str
    right: dict[str, tuple[str, ...]]
    lang: str
    blocks: tuple[tuple[Line, ...], ...]
    settings: dict[str, Any]

    @property
    def title(self) -> str:
        """The right title."""
        return self.right["title"][0]

    def fill(self, value: Any) -> Any:
        """Put the title into a setting that has a place for it."""
        return value.replace("{title}", self.title) if isinstance(value, str) else value

    def setting(self, format_name: str, key: str, default: Any = None) -> Any:
        """Return a setting of a format."""
        return self.fill(self.settings.get(format_name, {}).get(key, default))


def styles(folder: Path = FOLDER) -> list[Style]:
    """Return all styles, by name."""
    return [_style(path) for path in sorted(folder.glob("*.toml"))]


def _style(path: Path) -> Style:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    right = {}
    for element in ELEMENTS:
        value = content.get(element, [])
        right[element] = tuple([value] if isinstance(value, str) else value)
    blocks = [
        tuple(_line(line) for line in block.split("\n"))
        for block in re.split(r"\n\s*\n", content["page"].strip("\n"))
    ]
    return Style(path.stem, right, content.get("lang", "en"), tuple(blocks), content)


def _line(words: str) -> Line:
    for mark, role in (("# ", "title"), ("## ", "subheadline"), ("~ ", "site")):
        if words.startswith(mark):
            return Line(words.removeprefix(mark), role)
    return Line(words, "text")


def _blocks(style: Style, *, site: bool = False) -> Iterator[list[Line]]:
    for block in style.blocks:
        if lines := [line for line in block if site or line.role != "site"]:
            yield lines


def _plain(style: Style, *, site: bool, wrapped: bool) -> str:
    def written(line: Line) -> str:
        return textwrap.fill(line.words, _WRAP, break_on_hyphens=False) if wrapped else line.words

    blocks = ("\n".join(map(written, block)) for block in _blocks(style, site=site))
    return "\n\n".join(blocks) + "\n"


def _as_text(style: Style) -> bytes:
    wrapped = "txt" in style.settings.get("wrapped", ())
    return _plain(style, site=True, wrapped=wrapped).encode()


def _as_html(style: Style) -> bytes:
    head = [f"<title>{html.escape(style.setting('html', 'title', '{title}'))}</title>"]
    for name, content in style.settings.get("html", {}).get("meta", {}).items():
        attribute = "property" if name.partition(":")[0] in {"og", "article"} else "name"
        value = html.escape(style.fill(content), quote=True)
        head.append(f'<meta {attribute}="{name}" content="{value}">')
    if data := style.setting("html", "ld"):
        head.append(f'<script type="application/ld+json">{data}</script>')
    tag = style.setting("html", "heading", "h1")
    site = [line.words for block in style.blocks for line in block if line.role == "site"]
    above: list[str] = []
    article: list[str] = []
    below_title = style.setting("html", "letterhead") != "header"
    for block in _blocks(style):
        below_title = below_title or any(line.role == "title" for line in block)
        (article if below_title else above).extend(_html_block(block, tag))
    links = "".join(f'<li><a href="/">{html.escape(words)}</a></li>' for words in site)
    return (
        f'<!DOCTYPE html><html lang="{style.lang}"><head><meta charset="utf-8">{"".join(head)}'
        f"</head><body><header><nav><ul>{links}</ul></nav>{''.join(above)}</header>"
        f"<main><article>{''.join(article)}</article></main>"
        "<footer><p>Privacy</p><p>Terms of use</p></footer></body></html>"
    ).encode()


def _html_block(block: Iterable[Line], tag: str) -> Iterator[str]:
    open_lines: list[str] = []
    for line in block:
        words = html.escape(line.words)
        if line.role == "text":
            open_lines.append(words)
            continue
        if open_lines:
            yield f"<p>{'<br>'.join(open_lines)}</p>"
            open_lines = []
        yield f"<{tag}>{words}</{tag}>" if line.role == "title" else f"<h3>{words}</h3>"
    if open_lines:
        yield f"<p>{'<br>'.join(open_lines)}</p>"


def _day_before(style: Style) -> dt.datetime:
    day = dt.datetime.fromisoformat(style.right["date"][0]).replace(hour=9, tzinfo=dt.UTC)
    return day - dt.timedelta(days=3)


def _as_docx(style: Style) -> bytes:
    document = docx.Document()
    heading = style.setting("docx", "heading", "plain")
    for block in _blocks(style):
        for line in block:
            paragraph = document.add_paragraph()
            run = paragraph.add_run(line.words)
            if line.role == "title" and heading == "bold":
                run.bold = True
            elif line.role == "title" and heading != "plain":
                paragraph.style = document.styles[heading]
    properties = document.core_properties
    properties.author = style.setting("docx", "author", "jsmith")
    properties.title = style.setting("docx", "title", "")
    properties.created = _day_before(style)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _as_pdf(style: Style) -> bytes:
    document = FPDF()
    document.core_fonts_encoding = "windows-1252"
    document.set_creation_date(_day_before(style))
    document.add_page()
    size = style.setting("pdf", "size", 11)
    align = style.setting("pdf", "align", "L")
    before_text = True
    for block in _blocks(style):
        for line in block:
            is_title = line.role == "title"
            before_text = (before_text and len(line.words) < _WRAP) or is_title
            document.set_font(
                "Helvetica", style="B" if is_title else "", size=size if is_title else 11
            )
            document.multi_cell(
                0, size * 0.45 if is_title else 5, line.words, new_x="LMARGIN", new_y="NEXT",
                align=align if before_text else "L",
            )  # fmt: skip
        document.ln(4)
    return bytes(document.output())


def _as_mail(style: Style) -> bytes:
    message = EmailMessage()
    message["From"] = style.setting("mail", "from")
    message["To"] = "desk@paper.example"
    message["Subject"] = style.setting("mail", "subject")
    sent = style.setting("mail", "sent") or f"{style.right['date'][0]}T09:30:00+00:00"
    message["Date"] = format_datetime(dt.datetime.fromisoformat(sent))
    message["Message-ID"] = f"<{style.name}@mail.example>"
    wrapped = "mail" in style.settings.get("wrapped", ())
    if style.setting("mail", "form") == "html":
        blocks = (_html_block(block, "h2") for block in _blocks(style))
        message.set_content("".join(part for block in blocks for part in block), subtype="html")
    else:
        message.set_content(_plain(style, site=False, wrapped=wrapped))
    return message.as_bytes()


FORMATS: dict[str, Callable[[Style], bytes]] = {
    "txt": _as_text, "html": _as_html, "docx": _as_docx, "pdf": _as_pdf, "eml": _as_mail,
}  # fmt: skip


@dataclass(frozen=True)
class Miss:
    """An element that was not read right."""

    style: str
    format_name: str
    element: str
    found: str | None
    right: tuple[str, ...]


def read_style(style: Style, format_name: str) -> Release:
    """Return a style in a format as the program reads it."""
    data = FORMATS[format_name](style)
    name = f"{style.settings.get('name', 'release')}.{format_name}"
    (parsed,) = read_stream(io.BytesIO(data), name, _WINDOW)
    assert isinstance(parsed, ParsedRelease)
    return parsed.release


def misses(found: Iterable[Style]) -> Iterator[Miss]:
    """Yield what is not read right of the styles, in all formats."""
    for style in found:
        for format_name in FORMATS:
            release = read_style(style, format_name)
            for element in ELEMENTS:
                value = value_of(release, element)
                right = style.right[element]
                if (value is None) if not right else (_folded(value) in map(_folded, right)):
                    continue
                yield Miss(style.name, format_name, element, value, right)


def value_of(release: Release, element: str) -> str | None:
    """Return an element of a release; None when it has none."""
    if element == "place":
        place = release.metadata.get("@place")
        return None if place is None else str(place)
    value = getattr(release, element)
    return value or None


def _folded(value: str | None) -> str:
    letters = unicodedata.normalize("NFKC", value or "").casefold().replace("’", "'")
    return " ".join(letters.split()).strip(" .")
