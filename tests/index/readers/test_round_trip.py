"""Real releases written in each format and read back: nearly all paragraphs are the same.

`python tests/index/readers/test_round_trip.py` prints the shares for each form.
"""

import gzip
import html
import io
import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from fpdf import FPDF

from index.readers.base import BadRecord
from index.readers.registry import reader_for

RELEASES = 50
SHARE = 0.98
"""Least share of paragraphs that have to come back unchanged, white space aside."""


@dataclass(frozen=True)
class Written:
    """A release to be written: its headline and its paragraphs."""

    title: str
    date: str
    paragraphs: tuple[str, ...]


def releases(shared: Path) -> list[Written]:
    """The first releases of whole paragraphs that the PDF's built-in fonts can write.

    Where a paragraph begins in the middle of a sentence, the archive broke lines in two.
    """
    found: list[Written] = []
    with gzip.open(shared / "data" / "press" / "us-congress" / "corpus.jsonl.gz", "rt") as lines:
        for line in lines:
            record = json.loads(line)
            paragraphs = tuple(filter(None, map(flat, record["text"].split("\n"))))
            try:
                "".join((record["title"], *paragraphs)).encode("cp1252")
            except UnicodeEncodeError:
                continue
            if len(paragraphs) >= 6 and not any(words[0].islower() for words in paragraphs):
                found.append(Written(flat(record["title"]), record["date"], paragraphs))
            if len(found) == RELEASES:
                break
    return found


def flat(text: str) -> str:
    """Return a text with single spaces."""
    return " ".join(text.split())


def as_docx(release: Written) -> bytes:
    """A Word document with the headline as its title."""
    document = docx.Document()
    for paragraph in release.paragraphs:
        document.add_paragraph(paragraph)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class Letter(FPDF):
    """Pages with a running header and numbers."""

    core_fonts_encoding = "cp1252"

    def header(self) -> None:
        """Write the issuer's name on every page."""
        self.set_font("Helvetica", size=9)
        self.cell(0, 8, "Office of the Representative", align="C")
        self.ln(12)
        self.set_font("Times", size=11)

    def footer(self) -> None:
        """Write the page's number below it."""
        self.set_y(-15)
        self.set_font("Helvetica", size=9)
        self.cell(0, 8, f"Page {self.page_no()}", align="C")


def as_pdf(release: Written) -> bytes:
    """A PDF of justified paragraphs with a little room between them."""
    document = Letter()
    document.core_fonts_encoding = "cp1252"
    document.add_page()
    for paragraph in release.paragraphs:
        document.multi_cell(0, 5, paragraph, new_x="LMARGIN", new_y="NEXT")
        document.ln(2.5)
    return bytes(document.output())


def as_page(release: Written) -> bytes:
    """A newsroom's page: menu, article, footer."""
    menu = "".join(f"<li><a href='/{n}'>Topic {n}</a></li>" for n in range(9))
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{html.escape(release.title)}</title>"
        f"<meta property='article:published_time' content='{release.date}'></head><body>"
        f"<header><nav><ul>{menu}</ul></nav></header><main><article>"
        f"<h1>{html.escape(release.title)}</h1>{_tagged(release)}</article></main>"
        "<footer><p>Contact us</p></footer></body></html>"
    ).encode()


def as_feed(release: Written) -> bytes:
    """A feed of one entry."""
    return (
        '<?xml version="1.0"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>'
        f"<item><title>{html.escape(release.title)}</title><pubDate>{release.date}</pubDate>"
        f"<content:encoded>{html.escape(_tagged(release))}</content:encoded></item></channel></rss>"
    ).encode()


def _tagged(release: Written) -> str:
    return "".join(f"<p>{html.escape(paragraph)}</p>\n" for paragraph in release.paragraphs)


FORMS: dict[str, Callable[[Written], bytes]] = {
    "docx": as_docx, "pdf": as_pdf, "html": as_page, "feed": as_feed,
}  # fmt: skip


def read_back(data: bytes) -> list[str]:
    """Return the paragraphs that the reader of this format finds."""
    (draft,) = reader_for(data[:65_536], "").read(io.BytesIO(data), 64_000_000)
    assert not isinstance(draft, BadRecord)
    return list(filter(None, map(flat, draft.text.split("\n"))))


def unchanged(form: str, release: Written) -> tuple[int, list[str]]:
    """Return how many paragraphs came back unchanged, and those that did not."""
    left = Counter(read_back(FORMS[form](release)))
    lost: list[str] = []
    for paragraph in release.paragraphs:
        if left[paragraph]:
            left[paragraph] -= 1
        else:
            lost.append(paragraph)
    return len(release.paragraphs) - len(lost), lost


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_releases_come_back_with_their_paragraphs(form: str, shared: Path) -> None:
    """Nearly every paragraph of fifty releases is read as it was written."""
    written = releases(shared)
    kept = sum(unchanged(form, release)[0] for release in written)

    assert RELEASES == len(written)
    assert kept / sum(len(release.paragraphs) for release in written) >= SHARE


if __name__ == "__main__":
    chosen = releases(Path(__file__).resolve().parents[4] / "shared")
    total = sum(len(release.paragraphs) for release in chosen)
    for name in sys.argv[1:] or FORMS:
        results = [unchanged(name, release) for release in chosen]
        kept = sum(number for number, _ in results)
        print(f"{name}: {kept} of {total} paragraphs, {kept / total:.2%}")  # noqa: T201
