"""The headline of a document with pages: larger than its text, near the start."""

from index.readers.pdf.layout import DocumentText
from index.structure.headline.choose_headline import is_recurring_name
from index.structure.headline.stated_title import is_headline_like

_HEADLINE_SIZE = 1.15
"""Font size of a headline relative to the text, at least."""

_HEADLINE_WORDS = 3
"""Words of a headline, at least; a banner such as “News Release” has fewer."""


def headline(text: DocumentText) -> str | None:
    """Return the first of the largest paragraphs near the start, if larger than the text."""
    found = [
        paragraph for paragraph in text.paragraphs[:8]
        if paragraph.size >= _HEADLINE_SIZE * text.size
        and len(paragraph.words.split()) >= _HEADLINE_WORDS
        and is_headline_like(paragraph.words)
        and not is_recurring_name(paragraph.words, text.text)
    ]  # fmt: skip
    return max(found, key=lambda paragraph: paragraph.size).words if found else None
