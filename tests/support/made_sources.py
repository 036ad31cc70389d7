"""Word documents, feeds and messages made by hand, for the tests of readers."""

import io
from email.message import EmailMessage

import docx
from docx.document import Document
from index_parts import RELEASE

PARAGRAPHS = [" ".join(paragraph.split()) for paragraph in RELEASE.split("\n\n")]
HEADLINE = PARAGRAPHS[0]
XML_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
FEED_BODY = "The province has opened a footbridge across the harbour."
MAIL_BODY = "The province has opened a footbridge across the harbour.\n\nIt cost $4.2 million."


def document_bytes(document: Document) -> bytes:
    """A document as its file's bytes."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def made_document(*paragraphs: str) -> Document:
    """A document of plain paragraphs."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return document


GOOD_DOCX = document_bytes(made_document(*PARAGRAPHS))


def rss(*items: str, head: str = XML_HEAD, channel: str = "<title>Province News</title>") -> str:
    """A feed of these items."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    modules = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    modules += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f'{head}<rss version="2.0" {modules}><channel>{channel}{inside}</channel></rss>'


def item(guid: str = "1", text: str = FEED_BODY, more: str = "") -> str:
    """An item with a title."""
    return f"<title>Bridge {guid}</title><guid>{guid}</guid><description>{text}</description>{more}"


def mail(body: str = MAIL_BODY, **headers: str) -> EmailMessage:
    """A message with the usual headers."""
    message = EmailMessage()
    message["Subject"] = "New footbridge opens in Québec"
    message["From"] = '"Ministère, Québec" <press@example.org>'
    message["To"] = "news@example.com"
    message["Date"] = "Mon, 17 Apr 2023 22:00:00 -0400"
    message.set_content(body)
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message
